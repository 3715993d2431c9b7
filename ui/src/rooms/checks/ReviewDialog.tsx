import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal, Radio, Textarea } from "@mantine/core";
import { useState } from "react";
import type { CheckRow } from "../../bindings/CheckRow";
import { useTell } from "../../app/queries";
import { Failed } from "../../parts/DataState";
import { Fields, FieldError, FormButtons } from "../../parts/fields";
import { onSubmitKey } from "../../parts/submit-key";
import { hasSigns, isUndecided } from "./check-words";
import { ResultChip } from "./ResultWords";

interface Props {
  row: CheckRow | null;
  onClose: () => void;
}

/** A clinician's finding, in their own words, signed with their name. */
export function ReviewDialog({ row, onClose }: Props) {
  const { t } = useLingui();
  return (
    <Modal opened={row !== null} onClose={onClose} title={t`Review and record`} closeButtonProps={{ "aria-label": t`Close` }} size="lg">
      {row ? <Form key={row.id} row={row} onClose={onClose} /> : null}
    </Modal>
  );
}

function Form({ row, onClose }: { row: CheckRow; onClose: () => void }) {
  const { t } = useLingui();
  const review = useTell("checks.review");
  const choices = hasSigns(row)
    ? [t`Signs confirmed by examination`, t`Examined: signs not confirmed`, t`Recording not reliable, repeat`]
    : isUndecided(row)
      ? [t`Examined without a usable recording`, t`To be repeated`]
      : [t`Examined: nothing unusual found`, t`Examined: findings in spite of this result`];
  const [choice, setChoice] = useState("");
  const [words, setWords] = useState("");
  const [seen, setSeen] = useState("");
  const [tried, setTried] = useState(false);
  const lastSeen = seen.trim() ? t`Last seen well: ${seen.trim()}` : "";
  const text = [choice, words.trim(), lastSeen].filter(Boolean).join(". ");
  const ready = choice !== "" || words.trim() !== "";
  const submit = () => {
    setTried(true);
    if (ready) review.mutate({ id: row.id, review: text }, { onSuccess: onClose });
  };
  return (
    <div onKeyDown={onSubmitKey(submit)}>
      <Fields>
        <ResultChip row={row} />
        {hasSigns(row) ? <LastSeenWell value={seen} onChange={setSeen} /> : null}
        <Radio.Group label={t`Finding`} value={choice} onChange={setChoice}>
          <Fields>
            {choices.map((one) => (
              <Radio key={one} value={one} label={one} />
            ))}
          </Fields>
        </Radio.Group>
        <Textarea
          label={t`In your words`}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
          error={tried && !ready ? <FieldError>{t`Choose a finding or write one.`}</FieldError> : undefined}
        />
        {review.error ? <Failed problem={review.error} /> : null}
        <FormButtons>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button onClick={submit} loading={review.isPending}>
            <Trans>Record with my name</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </div>
  );
}

/** Asked first whenever signs are found: what can still be done depends on it. */
export function LastSeenWell({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useLingui();
  return (
    <Textarea
      label={t`When was the person last seen well?`}
      description={t`Day and time, as exactly as anyone knows. It decides which treatment is still possible.`}
      minRows={1}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data-autofocus
    />
  );
}
