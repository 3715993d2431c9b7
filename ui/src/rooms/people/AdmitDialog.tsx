import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal, Textarea, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import type { RequestView } from "../../bindings/RequestView";
import { useTell } from "../../app/queries";
import { isRootKit, RootKitField } from "../../app/RootKitField";
import type { Problem } from "../../host/problem";
import { Banner } from "../../parts/Banner";
import { CopyText } from "../../parts/CopyText";
import { Failed } from "../../parts/DataState";
import { Fields, FormButtons } from "../../parts/fields";
import { TextFileButton } from "../../parts/TextFileButton";
import { CarriedProof } from "./CarriedProof";
import { ResetCheck } from "./ResetCheck";
import { RoleWord } from "./RoleWord";

/** Sixteen characters, whatever spaces and dashes stand between them. */
export function isWholeCheck(typed: string): boolean {
  return typed.replace(/[\s-]/g, "").length === 16;
}

/** Lets in whoever sent a request: looked at first, then proven by characters read aloud and typed here. */
export function AdmitDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useLingui();
  return (
    <Modal opened={opened} onClose={onClose} size="lg" title={t`Answer a request`} closeButtonProps={{ "aria-label": t`Close` }}>
      {opened ? <Body onClose={onClose} /> : null}
    </Modal>
  );
}

function Body({ onClose }: { onClose: () => void }) {
  const read = useTell("people.read_request");
  const admit = useTell("people.admit");
  const [request, setRequest] = useState("");
  const again = useTell("people.admit_again");
  const letIn = admit.data ?? again.data;
  if (letIn) return <Answer answer={letIn.answer} onClose={onClose} />;
  if (read.data) {
    const send = (typed: string, root: string) => {
      if (read.data.returning === null) admit.mutate({ request: request.trim(), typed_check: typed });
      else again.mutate({ request: request.trim(), typed_check: typed, root_kit: root });
    };
    return <Prove request={request.trim()} view={read.data} onSend={send} busy={admit.isPending || again.isPending} problem={admit.error ?? again.error} onBack={read.reset} />;
  }
  return <Paste request={request} onRequest={setRequest} read={read} />;
}

function Paste({ request, onRequest, read }: { request: string; onRequest: (text: string) => void; read: ReturnType<typeof useTell<"people.read_request">> }) {
  const { t } = useLingui();
  const look = (event: FormEvent) => {
    event.preventDefault();
    if (request.trim()) read.mutate({ request: request.trim() });
  };
  return (
    <form onSubmit={look}>
      <Fields>
        <div>
          <Textarea label={t`Their request`} data-autofocus value={request} onChange={(event) => onRequest(event.currentTarget.value)} classNames={{ input: "mono" }} />
          <TextFileButton onText={onRequest} />
        </div>
        {read.error ? <Failed problem={read.error} /> : null}
        <FormButtons>
          <Button type="submit" loading={read.isPending} disabled={!request.trim()}>
            <Trans>Look at it</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </form>
  );
}

interface Proving {
  request: string;
  view: RequestView;
  onSend: (typed: string, root: string) => void;
  busy: boolean;
  problem: Problem | null;
  onBack: () => void;
}

function Prove({ request, view, onSend, busy, problem, onBack }: Proving) {
  const { t } = useLingui();
  const [typed, setTyped] = useState("");
  const [root, setRoot] = useState("");
  const [tried, setTried] = useState(false);
  const returns = view.returning !== null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isWholeCheck(typed) && (!returns || isRootKit(root))) onSend(typed.trim(), root.trim());
  };
  return (
    <form onSubmit={submit} noValidate>
      <Fields>
        <Asking view={view} />
        {view.another ? (
          <Banner tone="warn" title={t`Another request answered this invitation before.`}>
            <Trans>If they began twice, all is well: compare the characters. If they asked once, somebody else has seen the invitation: let nobody in, and make a new one.</Trans>
          </Banner>
        ) : null}
        {view.outside ? <CarriedProof request={request} outside={view.outside} /> : null}
        {view.own_device || returns ? null : <ResetCheck />}
        <TextInput
          label={t`The sixteen characters on their screen`}
          description={t`Let them read the characters to you, in person or by a voice you know. Do not copy them from a message.`}
          autoComplete="off"
          autoFocus
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          classNames={{ input: "mono" }}
        />
        {returns ? <RootKitField value={root} onChange={setRoot} tried={tried} /> : null}
        {problem ? <Failed problem={problem} /> : null}
        <FormButtons>
          <Button variant="default" onClick={onBack}>
            <Trans>Back</Trans>
          </Button>
          <Button type="submit" loading={busy} disabled={!isWholeCheck(typed)}>
            <Trans>Let in</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </form>
  );
}

function Asking({ view }: { view: RequestView }) {
  return (
    <div>
      <p className="label">
        <Trans>Who asks</Trans>
      </p>
      <p>
        {view.own_device ? (
          <Trans>A second device of yours</Trans>
        ) : view.returning !== null ? (
          <Trans>{view.returning}, who lost everything and comes back</Trans>
        ) : (
          <>
            <Trans>Someone new</Trans>
            {view.role ? (
              <>
                {" · "}
                <RoleWord role={view.role} />
              </>
            ) : null}
          </>
        )}
      </p>
    </div>
  );
}

function Answer({ answer, onClose }: { answer: string; onClose: () => void }) {
  const { t } = useLingui();
  return (
    <Fields>
      <Banner tone="ok" title={t`They are let in.`}>
        <Trans>Carry this answer back. It opens nothing on any other device.</Trans>
      </Banner>
      <CopyText text={answer} label={t`Answer`} fileName="aidpost-answer.txt" />
      <FormButtons>
        <Button onClick={onClose}>
          <Trans>Done</Trans>
        </Button>
      </FormButtons>
    </Fields>
  );
}
