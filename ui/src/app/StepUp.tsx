import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal, PasswordInput, TextInput } from "@mantine/core";
import { useCallback, useEffect, useRef, useState, type FormEvent, type KeyboardEvent, type ReactNode } from "react";
import { useHost } from "../host/HostContext";
import type { Problem } from "../host/problem";
import { Fields, FormButtons } from "../parts/fields";
import { useTell } from "./queries";
import { StepUpOutside } from "./StepUpOutside";
import { StepUpContext, type Prove } from "./step-up";
import css from "./StepUp.module.css";
import { useSecondsLeft, waitOf, WrongEntry } from "./WrongEntries";

/** Above the dialog that the question interrupts. */
const ABOVE = 300;
/** Keeps Esc from reaching the dialog below: here it gives up this question alone. */
const OWN_ESCAPE = { "data-mantine-stop-propagation": "true" } as object;

interface Asked {
  withCode: boolean;
  answer: (proved: boolean) => void;
}

/** The one place that asks who is there, for whatever request wants to know. */
export function StepUpProvider({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const open = useRef<Promise<boolean> | null>(null);
  const prove = useCallback<Prove>((withCode) => {
    // Two requests at once are one question.
    open.current ??= new Promise<boolean>((answer) => setAsked({ withCode, answer })).finally(() => {
      open.current = null;
      setAsked(null);
    });
    return open.current;
  }, []);
  useGiveUpOnLock(asked);
  return (
    <StepUpContext value={prove}>
      {children}
      {asked ? <StepUpDialog asked={asked} /> : null}
    </StepUpContext>
  );
}

function useGiveUpOnLock(asked: Asked | null) {
  const host = useHost();
  useEffect(() => host.on("session", (event) => event.stage !== "open" && asked?.answer(false)), [host, asked]);
}

function StepUpDialog({ asked }: { asked: Asked }) {
  const { t } = useLingui();
  const giveUp = () => asked.answer(false);
  const hear = (event: KeyboardEvent) => {
    // What happens in this dialog is none of the business of the form that it interrupts.
    event.stopPropagation();
    if (event.key === "Escape") giveUp();
  };
  // Not the head of other dialogs: two of them at once would be two banners of one page.
  return (
    <Modal.Root opened onClose={giveUp} onKeyDown={hear} closeOnClickOutside={false} zIndex={ABOVE} size="sm" centered>
      <Modal.Overlay backgroundOpacity={0.35} />
      <Modal.Content>
        <div className={css.head}>
          <Modal.Title>
            <Trans>Is it still you?</Trans>
          </Modal.Title>
          <Modal.CloseButton aria-label={t`Close`} {...OWN_ESCAPE} />
        </div>
        <Modal.Body>
          <StepUpForm asked={asked} onGiveUp={giveUp} />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function StepUpForm({ asked, onGiveUp }: { asked: Asked; onGiveUp: () => void }) {
  const { t } = useLingui();
  const stepUp = useTell("session.step_up");
  const [passphrase, setPassphrase] = useState("");
  const [code, setCode] = useState("");
  const [visit, setVisit] = useState<string | null>(null);
  const left = useSecondsLeft(waitOf(stepUp.error) ?? 0, stepUp.error);
  const withCode = asked.withCode || stepUp.error?.code === "code_needed" || code !== "";
  const missing = passphrase === "" || (withCode && !visit && code.trim() === "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (missing || left > 0) return;
    const proof = visit ? { code: null, outside: visit } : { code: withCode ? code.trim() : null, outside: null };
    const hearProblem = (problem: Problem) => problem.code === "oidc.over" && setVisit(null);
    stepUp.mutate({ passphrase, ...proof }, { onSuccess: () => asked.answer(true), onError: hearProblem });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Fields>
        <p>
          {withCode ? (
            <Trans>This step matters, so it asks again who is here: with your passphrase, and a code of your second factor.</Trans>
          ) : (
            <Trans>This step matters, and some minutes have passed since you gave your passphrase.</Trans>
          )}
        </p>
        <PasswordInput
          label={t`Your passphrase`}
          autoComplete="current-password"
          data-autofocus
          value={passphrase}
          visibilityToggleButtonProps={{ "aria-label": t`Show or hide the passphrase`, ...OWN_ESCAPE }}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
          {...OWN_ESCAPE}
        />
        {withCode && !visit ? (
          <TextInput
            label={t`Code`}
            description={t`The six digits that your app shows now, or one of your backup codes.`}
            autoComplete="one-time-code"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={32}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            {...OWN_ESCAPE}
          />
        ) : null}
        {withCode ? <StepUpOutside shown={visit} onShown={setVisit} /> : null}
        <WrongEntry problem={stepUp.error} left={left} />
        <FormButtons>
          <Button variant="default" onClick={onGiveUp} {...OWN_ESCAPE}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={stepUp.isPending} disabled={missing || left > 0} {...OWN_ESCAPE}>
            <Trans>Go on</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </form>
  );
}
