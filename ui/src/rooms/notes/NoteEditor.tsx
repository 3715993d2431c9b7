import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Switch } from "@mantine/core";
import { IconAlertTriangle, IconDeviceFloppy } from "@tabler/icons-react";
import { useEffect, useId, useRef, useState } from "react";
import type { DraftView } from "../../bindings/DraftView";
import type { NoteRow } from "../../bindings/NoteRow";
import { useAsk, useTell } from "../../app/queries";
import { Banner } from "../../parts/Banner";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { DataState, Failed } from "../../parts/DataState";
import { DateText } from "../../parts/DateText";
import { KeyHint } from "../../parts/KeyHint";
import { onSubmitKey } from "../../parts/submit-key";
import { locale } from "../../words/dates";
import css from "./Notes.module.css";
import { useDraft, type DraftState } from "./useDraft";

interface Props {
  patient: string;
  /** The note that this one amends. */
  amends: NoteRow | null;
  onDone: () => void;
}

/** Writes a note beside the chart. A draft that was kept is offered first, never put in silently. */
export function NoteEditor(props: Props) {
  const draft = useAsk("notes.draft", { patient: props.patient }, { forget: true });
  return <DataState query={draft}>{(found) => <Editor {...props} found={found} />}</DataState>;
}

function Editor({ patient, amends, onDone, found }: Props & { found: DraftView }) {
  const { t } = useLingui();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [offered, setOffered] = useState(found.text.trim() !== "");
  const [text, setText] = useState("");
  const [shared, setShared] = useState(amends?.shared_with_patient ?? false);
  const [leaving, setLeaving] = useState(false);
  const save = useTell("notes.save");
  // While an older draft waits for a decision nothing may be kept over it.
  const draft = useDraft(patient, text, !offered);
  const keep = useTell("notes.keep_draft");
  useEffect(() => {
    if (!offered) field.current?.focus();
  }, [offered]);
  const sign = () => {
    if (text.trim() === "") return;
    save.mutate({ patient, text, shared_with_patient: shared, amends: amends?.id ?? null }, { onSuccess: () => (draft.end(), onDone()) });
  };
  const throwAway = () => {
    draft.end();
    keep.mutate({ patient, text: "" }, { onSuccess: onDone });
  };
  return (
    <div className={css.editor} onKeyDown={onSubmitKey(sign)}>
      {offered ? <OfferedDraft found={found} onUse={() => (setText(found.text), setOffered(false))} onLeave={() => keep.mutate({ patient, text: "" }, { onSuccess: () => setOffered(false) })} /> : null}
      {amends ? (
        <div>
          <p className="label">
            <Trans>Amends the note of {amends.author}</Trans>
          </p>
          <blockquote className={css.quote} style={{ margin: 0 }}>
            {amends.text}
          </blockquote>
        </div>
      ) : null}
      <div className={css.area}>
        <label className="label" htmlFor={id}>
          {amends ? <Trans>What is to be added or corrected</Trans> : <Trans>Note</Trans>}
        </label>
        <textarea id={id} ref={field} className={css.text} value={text} disabled={offered} onChange={(event) => setText(event.currentTarget.value)} />
      </div>
      <Saved draft={draft} text={text} />
      <Switch
        checked={shared}
        onChange={(event) => setShared(event.currentTarget.checked)}
        label={t`The patient may read it`}
        description={shared ? t`It is sealed for the patient and the care team.` : t`It is sealed for the care team alone: the patient's devices cannot open it.`}
      />
      {save.error ? <Failed problem={save.error} onRetry={sign} /> : null}
      <div className={css.foot}>
        {text.trim() ? (
          <Button variant="subtle" onClick={() => setLeaving(true)}>
            <Trans>Throw away</Trans>
          </Button>
        ) : null}
        <span className={css.grow} />
        <Button variant="default" onClick={onDone}>
          {text.trim() ? <Trans>Keep as draft</Trans> : <Trans>Close</Trans>}
        </Button>
        <Button onClick={sign} loading={save.isPending} disabled={text.trim() === ""} rightSection={<KeyHint keys="Ctrl+Enter" quiet />}>
          <Trans>Sign</Trans>
        </Button>
      </div>
      <p className="secondary">
        <Trans>A signed note carries your name and time. It can be amended, never changed.</Trans>
      </p>
      <ConfirmDialog opened={leaving} onClose={() => setLeaving(false)} title={t`Throw this draft away?`} confirm={<Trans>Throw away</Trans>} danger onConfirm={throwAway}>
        <Trans>What is written here is not signed and will be gone.</Trans>
      </ConfirmDialog>
    </div>
  );
}

function OfferedDraft({ found, onUse, onLeave }: { found: DraftView; onUse: () => void; onLeave: () => void }) {
  return (
    <Banner
      tone="info"
      title={
        <Trans>
          A draft was kept <DateText at={found.at} />.
        </Trans>
      }
      action={
        <>
          <Button variant="default" size="compact-sm" onClick={onLeave}>
            <Trans>Throw it away</Trans>
          </Button>
          <Button size="compact-sm" onClick={onUse} data-autofocus>
            <Trans>Go on writing</Trans>
          </Button>
        </>
      }
    >
      “{found.text.slice(0, 140)}
      {found.text.length > 140 ? "…" : ""}”
    </Banner>
  );
}

function Saved({ draft, text }: { draft: DraftState; text: string }) {
  if (draft.problem) {
    return (
      <p className={`${css.unsaved} secondary`} role="alert">
        <IconAlertTriangle size="0.9rem" aria-hidden /> <Trans>This draft could not be kept. Copy the text before you close the window.</Trans>
      </p>
    );
  }
  if (!draft.savedAt) {
    return (
      <p className="secondary">
        {text.trim() ? <Trans>Kept on this device every two seconds</Trans> : <Trans>What you write is kept on this device as you go</Trans>}
      </p>
    );
  }
  const time = draft.savedAt.toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  return (
    <p className={`${css.saved} secondary numbers`}>
      <IconDeviceFloppy size="0.9rem" aria-hidden /> <Trans>Saved on this device {time}</Trans>
    </p>
  );
}
