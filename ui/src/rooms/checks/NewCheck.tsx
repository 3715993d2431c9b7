import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, Modal, Textarea } from "@mantine/core";
import { IconHandStop, IconMicrophone, IconStretching } from "@tabler/icons-react";
import { useState } from "react";
import type { CheckDraft } from "../../bindings/CheckDraft";
import { useAsk, useTell } from "../../app/queries";
import { Banner } from "../../parts/Banner";
import { Choice } from "../../parts/Choice";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Failed } from "../../parts/DataState";
import { FormButtons } from "../../parts/fields";
import { BalanceStep } from "./BalanceStep";
import { CheckDetail } from "./CheckDetail";
import { CIRCUMSTANCES, hasSigns } from "./check-words";
import css from "./Checks.module.css";
import { CouldNot } from "./CouldNot";
import { EmergencyButton } from "./ResultWords";
import { LastSeenWell } from "./ReviewDialog";
import { VoiceStep } from "./VoiceStep";

type Step = { at: "choose" } | { at: "voice" } | { at: "balance" } | { at: "could_not"; task: string } | { at: "result"; draft: CheckDraft };

interface Props {
  opened: boolean;
  patient: string;
  name: string;
  onClose: () => void;
  onKept: (id: string) => void;
}

/** A new stroke check, the whole window for itself: choose, record, look, keep or discard. */
export function NewCheckDialog({ opened, patient, name, onClose, onKept }: Props) {
  const { t } = useLingui();
  const [step, setStep] = useState<Step>({ at: "choose" });
  const [leaving, setLeaving] = useState(false);
  const settings = useAsk("settings.get", {}, { enabled: opened });
  const discard = useTell("checks.discard");
  const number = settings.data?.emergency_number ?? "112";
  const close = () => {
    setStep({ at: "choose" });
    setLeaving(false);
    onClose();
  };
  const leave = () => (step.at === "result" ? setLeaving(true) : close());
  const throwAway = () => {
    if (step.at === "result") discard.mutate({ draft: step.draft.draft });
    close();
  };
  const finish = (draft: CheckDraft) => setStep({ at: "result", draft });
  return (
    <Modal opened={opened} onClose={leave} fullScreen title={t`Stroke check: ${name}`} closeButtonProps={{ "aria-label": t`Close` }} closeOnEscape={step.at !== "result"}>
      <div className={css.rows} style={{ maxWidth: step.at === "result" ? "76rem" : "46rem", marginInline: "auto" }}>
        {step.at === "result" ? null : <SignsByEye number={number} />}
        {step.at === "choose" ? <Choose onChoose={(at) => setStep(at === "could_not" ? { at, task: "vowel" } : { at })} /> : null}
        {step.at === "voice" ? <VoiceStep patient={patient} onDraft={finish} /> : null}
        {step.at === "balance" ? <BalanceStep patient={patient} onDraft={finish} /> : null}
        {step.at === "could_not" ? <CouldNot patient={patient} number={number} task={step.task} onKept={(id) => (close(), onKept(id))} /> : null}
        {step.at === "result" ? <Result draft={step.draft} number={number} onKept={(id) => (close(), onKept(id))} onDiscard={() => setLeaving(true)} /> : null}
        {step.at === "choose" || step.at === "result" ? null : (
          <FormButtons>
            {step.at === "could_not" ? null : (
              <Button variant="subtle" leftSection={<IconHandStop size="1.1rem" aria-hidden />} onClick={() => setStep({ at: "could_not", task: step.at === "balance" ? "stance_eyes_open" : "vowel" })}>
                <Trans>Could not do it</Trans>
              </Button>
            )}
            <Button variant="default" onClick={() => setStep({ at: "choose" })}>
              <Trans>Back</Trans>
            </Button>
          </FormButtons>
        )}
      </div>
      <ConfirmDialog opened={leaving} onClose={() => setLeaving(false)} title={t`Discard this check?`} confirm={<Trans>Discard the check</Trans>} danger onConfirm={throwAway}>
        <Trans>The recording and its result are thrown away and cannot be brought back. If signs were found, act on them all the same.</Trans>
      </ConfirmDialog>
    </Modal>
  );
}

/** Signs that can be seen need no measurement: said before any begins. */
function SignsByEye({ number }: { number: string }) {
  return (
    <Banner tone="crit" title={<Trans>Face drooping, arm weak, speech strange?</Trans>} action={<EmergencyButton number={number} />}>
      <Trans>Do not measure. Call {number} now.</Trans>
    </Banner>
  );
}

function Choose({ onChoose }: { onChoose: (at: "voice" | "balance" | "could_not") => void }) {
  return (
    <div className={css.rows}>
      <Choice icon={IconMicrophone} title={<Trans>Voice</Trans>} onChoose={() => onChoose("voice")}>
        <Trans>“aaah”, “pa-ta-ka” and a text read aloud, from the microphone or a file. About three minutes.</Trans>
      </Choice>
      <Choice icon={IconStretching} title={<Trans>Balance</Trans>} onChoose={() => onChoose("balance")}>
        <Trans>Quiet standing on a force plate, or with an accelerometer at the small of the back, from a CSV file. About three minutes.</Trans>
      </Choice>
      <Choice icon={IconHandStop} title={<Trans>Could not do it</Trans>} onChoose={() => onChoose("could_not")}>
        <Trans>Cannot speak, cannot stand, needs support, or it would not be safe.</Trans>
      </Choice>
    </div>
  );
}

interface ResultProps {
  draft: CheckDraft;
  number: string;
  onKept: (id: string) => void;
  onDiscard: () => void;
}

function Result({ draft, number, onKept, onDiscard }: ResultProps) {
  const { t, i18n } = useLingui();
  const keep = useTell("checks.keep");
  const [ticks, setTicks] = useState<string[]>([]);
  const [remarks, setRemarks] = useState("");
  const [seen, setSeen] = useState("");
  const circumstances = ticks.length > 0 ? t`Circumstances: ${ticks.join(", ")}` : "";
  const lastSeen = seen.trim() ? t`Last seen well: ${seen.trim()}` : "";
  const notes = [lastSeen, circumstances, remarks.trim()].filter(Boolean).join(". ") || null;
  const submit = () => keep.mutate({ draft: draft.draft, notes }, { onSuccess: (view) => onKept(view.row.id) });
  return (
    <>
      {hasSigns(draft.view.row) ? <LastSeenWell value={seen} onChange={setSeen} /> : null}
      <CheckDetail view={draft.view} picture={draft.picture} emergencyNumber={number} />
      <Checkbox.Group label={t`Could have affected it (kept with the check, never counted)`} value={ticks} onChange={setTicks}>
        <div className={css.ticks} style={{ marginTop: "0.5rem" }}>
          {CIRCUMSTANCES.map((word) => (
            <Checkbox key={word.id} value={i18n._(word)} label={i18n._(word)} />
          ))}
        </div>
      </Checkbox.Group>
      <Textarea label={t`Remarks`} minRows={2} value={remarks} onChange={(event) => setRemarks(event.currentTarget.value)} />
      {keep.error ? <Failed problem={keep.error} onRetry={submit} /> : null}
      <FormButtons>
        <Button variant="default" onClick={onDiscard}>
          <Trans>Discard</Trans>
        </Button>
        <Button onClick={submit} loading={keep.isPending}>
          <Trans>Keep in the chart</Trans>
        </Button>
      </FormButtons>
    </>
  );
}
