import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal, NativeSelect, NumberInput } from "@mantine/core";
import { useState } from "react";
import type { ShareRow } from "../../bindings/ShareRow";
import { useTell } from "../../app/queries";
import { Failed } from "../../parts/DataState";
import { Fields, FormButtons } from "../../parts/fields";
import { onSubmitKey } from "../../parts/submit-key";
import { KEEP_MINUTES, useMinutesWord } from "./limits";

interface Props {
  row: ShareRow;
  opened: boolean;
  onClose: () => void;
}

/** Can a share be given more? Not what is over for good, nor a code that says itself that its time is over. */
export const canExtend = (row: ShareRow): boolean => !row.over && !(row.end_in_code && row.state === "expired");

/** More time, more openings, or both, under the same code. */
export function ExtendDialog({ row, opened, onClose }: Props) {
  const { t } = useLingui();
  return (
    <Modal opened={opened} onClose={onClose} title={t`Extend “${row.label}”`} closeButtonProps={{ "aria-label": t`Close` }}>
      {opened ? <Form row={row} onClose={onClose} /> : null}
    </Modal>
  );
}

const LENGTHS = [15, 60, ...KEEP_MINUTES.filter((minutes) => minutes !== null)];

function Form({ row, onClose }: Omit<Props, "opened">) {
  const { t } = useLingui();
  const word = useMinutesWord();
  const extend = useTell("shares.extend");
  const timed = row.expires_at !== null && !row.end_in_code;
  const [minutes, setMinutes] = useState<number | null>(timed ? 60 : null);
  const [uses, setUses] = useState<number | null>(row.max_uses === null ? null : 3);
  const submit = () => {
    if (minutes !== null || uses !== null) extend.mutate({ id: row.id, minutes, uses }, { onSuccess: onClose });
  };
  return (
    <div onKeyDown={onSubmitKey(submit)}>
      <Fields>
        <p>
          <Trans>The code stays the same: whoever has it can open the share again.</Trans>
        </p>
        {timed ? (
          <NativeSelect
            label={t`How long from now`}
            value={String(minutes)}
            onChange={(event) => setMinutes(event.currentTarget.value === "null" ? null : Number(event.currentTarget.value))}
            data={[{ value: "null", label: t`As it is` }, ...LENGTHS.map((one) => ({ value: String(one), label: word(one) }))]}
            data-autofocus
          />
        ) : null}
        {row.end_in_code ? (
          <p className="secondary">
            <Trans>Its end is written in the code and cannot be moved. For more time, make a new share.</Trans>
          </p>
        ) : null}
        {row.max_uses === null ? null : (
          <NumberInput
            label={t`More openings from now`}
            placeholder={t`as many as before`}
            min={1}
            max={1000}
            allowDecimal={false}
            value={uses ?? ""}
            onChange={(value) => setUses(typeof value === "number" && value >= 1 ? value : null)}
            hideControls
            data-autofocus={!timed || undefined}
          />
        )}
        {extend.error ? <Failed problem={extend.error} onRetry={submit} /> : null}
        <FormButtons>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button onClick={submit} loading={extend.isPending} disabled={minutes === null && uses === null}>
            <Trans>Extend</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </div>
  );
}
