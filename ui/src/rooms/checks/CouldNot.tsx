import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect, Radio, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTell } from "../../app/queries";
import { Failed } from "../../parts/DataState";
import { FieldError, Fields, FormButtons } from "../../parts/fields";
import css from "./Checks.module.css";
import { TASK_NAMES, taskWord } from "./check-words";
import { INABILITIES, reasonsOf } from "./inabilities";
import { EmergencyButton } from "./ResultWords";

interface Props {
  patient: string;
  number: string;
  /** The task that was tried. */
  task: string;
  onKept: (id: string) => void;
}

/** A task that could not be done: the emergency comes first, then the attempt is kept with its reason. */
export function CouldNot({ patient, number, task: first, onKept }: Props) {
  const { t, i18n } = useLingui();
  const keep = useTell("checks.could_not_do");
  const [task, setTask] = useState(first);
  const [reason, setReason] = useState<string | null>(null);
  const [isNew, setNew] = useState<string | null>(null);
  const [remarks, setRemarks] = useState("");
  const [tried, setTried] = useState(false);
  const fits = reason !== null && reasonsOf(task).includes(reason);
  const submit = () => {
    setTried(true);
    if (!fits || isNew === null) return;
    keep.mutate({ patient, task, reason, is_new: isNew === "yes", notes: remarks.trim() || null }, { onSuccess: (view) => onKept(view.row.id) });
  };
  return (
    <>
      <Urgent number={number} />
      <Fields>
        <NativeSelect label={t`What was tried`} data={TASK_NAMES.map((value) => ({ value, label: i18n._(taskWord(value) as never) }))} value={task} onChange={(event) => setTask(event.currentTarget.value)} />
        <Radio.Group label={t`Why it could not be done`} value={fits ? reason : null} onChange={setReason} error={tried && !fits ? <FieldError>{t`Choose a reason.`}</FieldError> : undefined}>
          <div className={css.ticks} style={{ marginTop: "0.5rem" }}>
            {reasonsOf(task).map((value) => (
              <Radio key={value} value={value} label={i18n._(INABILITIES[value] as never)} />
            ))}
          </div>
        </Radio.Group>
        <Radio.Group label={t`Is it new?`} description={t`New: until recently the person could do it.`} value={isNew} onChange={setNew} error={tried && isNew === null ? <FieldError>{t`Say whether it is new.`}</FieldError> : undefined}>
          <div className={css.ticks} style={{ marginTop: "0.5rem" }}>
            <Radio value="yes" label={t`New: a sign in itself`} />
            <Radio value="no" label={t`Not new: kept without a result`} />
          </div>
        </Radio.Group>
        <Textarea label={t`Remarks`} minRows={2} value={remarks} onChange={(event) => setRemarks(event.currentTarget.value)} />
        {keep.error ? <Failed problem={keep.error} onRetry={submit} /> : null}
        <FormButtons>
          <Button onClick={submit} loading={keep.isPending}>
            <Trans>Keep the attempt in the chart</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </>
  );
}

function Urgent({ number }: { number: string }) {
  return (
    <div className={css.urgent} role="alert">
      <p className={css.grow}>
        <strong>
          <Trans>Not able to speak or to stand unaided, and new today: that is a sign in itself.</Trans>
        </strong>{" "}
        <Trans>No measurement is needed. Call {number} now and note the time it started. The attempt can be kept below afterwards.</Trans>
      </p>
      <EmergencyButton number={number} />
    </div>
  );
}
