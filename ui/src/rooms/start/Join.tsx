import { Trans, useLingui } from "@lingui/react/macro";
import { Button, PasswordInput, Textarea, TextInput } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import type { JoiningView } from "../../bindings/JoiningView";
import { Outside } from "../../app/Outside";
import { PictureTextButton } from "../../app/PictureTextButton";
import { useTell } from "../../app/queries";
import type { Problem } from "../../host/problem";
import { CheckCode } from "../../parts/CheckCode";
import { CopyText } from "../../parts/CopyText";
import { Failed } from "../../parts/DataState";
import { FieldError, Fields, FormButtons } from "../../parts/fields";
import { TextFileButton } from "../../parts/TextFileButton";
import type { WayProps } from "./ClinicForm";
import css from "./Join.module.css";
import { JoinSignIn } from "./JoinSignIn";

interface Props extends WayProps {
  /** A request that already waits, after a restart. */
  joining: JoiningView | null;
  onCancelled: () => void;
}

/** Joining in two steps: our request out, their answer in. */
export function Join({ joining, back, onBegin, onMade, onCancelled }: Props) {
  const [request, setRequest] = useState(joining);
  const [skipped, setSkipped] = useState(false);
  if (request?.outside && request.outside.person === null && !skipped) {
    return <JoinSignIn outside={request.outside} onRequest={setRequest} onSkip={() => setSkipped(true)} />;
  }
  if (request) return <Carry request={request} onBegin={onBegin} onMade={onMade} onCancelled={onCancelled} />;
  return <Invitation back={back} onBegin={onBegin} onRequest={setRequest} />;
}

function Invitation({ back, onBegin, onRequest }: { back: ReactNode; onBegin: () => void; onRequest: (request: JoiningView) => void }) {
  const { t } = useLingui();
  const join = useTell("session.join");
  const [invitation, setInvitation] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [name, setName] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const [tried, setTried] = useState(false);
  const needed = (text: string, sentence: string) => (tried && !text.trim() ? <FieldError>{sentence}</FieldError> : undefined);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!invitation.trim() || !name.trim() || passphrase === "") return;
    onBegin();
    join.mutate({ invitation: invitation.trim(), name: name.trim(), passphrase }, { onSuccess: onRequest });
  };
  return (
    <Outside title={<Trans>Join with an invitation</Trans>} note={<Trans>An invitation is good for ten minutes and for one use. The one who invited you should be within reach, in the room or on the phone.</Trans>}>
      <form onSubmit={submit} noValidate>
        <Fields>
          <div>
            <Textarea label={t`Invitation`} required value={invitation} placeholder="INV1:…" onChange={(event) => setInvitation(event.currentTarget.value)} error={needed(invitation, t`Paste the text that begins with INV1.`)} classNames={{ input: "mono" }} />
            <TextFileButton onText={setInvitation} />
            <PictureTextButton begins="INV1:" onText={setInvitation} onProblem={setProblem} />
            {problem ? <Failed problem={problem} /> : null}
          </div>
          <TextInput label={t`Your name`} required autoComplete="name" value={name} onChange={(event) => setName(event.currentTarget.value)} error={needed(name, t`Write your name.`)} />
          <PasswordInput
            label={t`Passphrase`}
            description={t`A new one of at least 12 characters; for your second device, the one you already use.`}
            required
            value={passphrase}
            visibilityToggleButtonProps={{ "aria-label": t`Show or hide the passphrase` }}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
            error={needed(passphrase, t`Choose a passphrase.`)}
          />
          {join.error ? <Failed problem={join.error} /> : null}
          <FormButtons>
            {back}
            <Button type="submit" loading={join.isPending}>
              <Trans>Make my request</Trans>
            </Button>
          </FormButtons>
        </Fields>
      </form>
    </Outside>
  );
}

function Carry({ request, onBegin, onMade, onCancelled }: { request: JoiningView } & Omit<Props, "joining" | "back">) {
  const { t } = useLingui();
  const finish = useTell("session.join_finish");
  const cancel = useTell("session.join_cancel");
  const [answer, setAnswer] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!answer.trim()) return;
    onBegin();
    finish.mutate({ answer: answer.trim() }, { onSuccess: onMade });
  };
  return (
    <Outside wide title={request.own_device ? <Trans>Add this device</Trans> : <Trans>Ask to be let in</Trans>} note={<Trans>You can close the window in between: the request is kept.</Trans>}>
      <form onSubmit={submit} noValidate>
        <ol className={css.steps}>
          <li>
            <h2>
              <Trans>Carry this request over</Trans>
            </h2>
            <p className="secondary">
              <Trans>By message, mail or memory stick. It opens nothing by itself.</Trans> <Trans>It is too long for a QR code.</Trans>
            </p>
            {request.outside?.person ? <SignedIn provider={request.outside.provider} person={request.outside.person} /> : null}
            <CopyText text={request.request} label={t`Request`} fileName="aidpost-request.txt" />
          </li>
          <li>
            <h2>
              <Trans>Read these sixteen characters aloud</Trans>
            </h2>
            <p className="secondary">
              <Trans>They type them on their side. This proves that nobody changed the request on the way.</Trans>
            </p>
            <CheckCode code={request.check_words} label={t`Check characters`} />
          </li>
          <li>
            <h2>
              <Trans>Paste their answer</Trans>
            </h2>
            <Textarea aria-label={t`Answer`} value={answer} onChange={(event) => setAnswer(event.currentTarget.value)} classNames={{ input: "mono" }} />
            <TextFileButton onText={setAnswer} />
          </li>
        </ol>
        {finish.error ? <Failed problem={finish.error} /> : null}
        {cancel.error ? <Failed problem={cancel.error} /> : null}
        <FormButtons>
          <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate({}, { onSuccess: onCancelled })}>
            <Trans>Give up joining</Trans>
          </Button>
          <Button type="submit" loading={finish.isPending} disabled={!answer.trim()}>
            <Trans>Finish joining</Trans>
          </Button>
        </FormButtons>
      </form>
    </Outside>
  );
}

function SignedIn({ provider, person }: { provider: string; person: string }) {
  return (
    <p role="status">
      <Trans>
        You signed in at {provider} as {person}. The proof is in this request, and good for no other.
      </Trans>
    </p>
  );
}
