import { Trans, useLingui } from "@lingui/react/macro";
import { Button, PasswordInput } from "@mantine/core";
import { CodeField } from "./CodeField";
import { useState, type FormEvent, type ReactNode } from "react";
import type { ProfileView } from "../../bindings/ProfileView";
import { useTell } from "../../app/queries";
import { Line, useSecondsLeft, waitOf, WrongEntry } from "../../app/WrongEntries";
import type { Problem } from "../../host/problem";
import { Banner } from "../../parts/Banner";
import { DateText } from "../../parts/DateText";
import { Fields, FormButtons } from "../../parts/fields";

interface Props {
  profile: ProfileView;
  onUnlocked: () => void;
  onForgotten: () => void;
  /** What another way of opening came to, shown until this one is tried. */
  said: Problem | null;
  back: ReactNode;
}

/** Opens a record with its passphrase. */
export function PassphraseForm({ profile, onUnlocked, onForgotten, said, back }: Props) {
  const { t } = useLingui();
  const unlock = useTell("session.unlock");
  const [passphrase, setPassphrase] = useState("");
  const [code, setCode] = useState("");
  // On a shared computer the program asks for it once the passphrase is right.
  const [withCode, setWithCode] = useState(false);
  const left = useSecondsLeft(waitOf(unlock.error) ?? profile.wait_seconds, unlock.error);
  const missing = passphrase === "" || (withCode && code.trim() === "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (missing || left > 0) return;
    // A wrong passphrase stays in the field, so that a slip of one letter need not be typed anew.
    const hearProblem = ({ code }: Problem) => setWithCode(withCode || code === "code_needed");
    unlock.mutate({ profile: profile.id, passphrase, code: withCode ? code.trim() : null }, { onSuccess: onUnlocked, onError: hearProblem });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Fields>
        {profile.problem ? <Line code={profile.problem} /> : null}
        {profile.ended_at ? <WasEnded at={profile.ended_at} /> : null}
        <PasswordInput
          label={t`Passphrase`}
          autoFocus
          autoComplete="current-password"
          value={passphrase}
          visibilityToggleButtonProps={{ "aria-label": t`Show or hide the passphrase` }}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
        />
        {withCode ? <CodeField value={code} onChange={setCode} /> : null}
        <WrongEntry problem={unlock.error?.code === "code_needed" ? null : (unlock.error ?? said)} left={left} />
        <div>
          <Button variant="subtle" size="compact-sm" onClick={onForgotten}>
            <Trans>I forgot the passphrase</Trans>
          </Button>
        </div>
        <FormButtons>
          {back}
          <Button type="submit" loading={unlock.isPending} disabled={missing || left > 0}>
            <Trans>Unlock</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </form>
  );
}

/** Why it is locked, and what to do where one did not do it oneself. */
function WasEnded({ at }: { at: string }) {
  return (
    <Banner tone="info" title={<Trans>The session on this computer was ended from another of your devices.</Trans>}>
      <DateText at={at} inline />. <Trans>Your passphrase begins a new one. If it was not you, look at your devices on the Security page, and change the passphrase.</Trans>
    </Banner>
  );
}
