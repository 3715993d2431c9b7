import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal, TextInput } from "@mantine/core";
import { useState } from "react";
import type { SendingByCodes } from "../../bindings/SendingByCodes";
import type { ShareChoice } from "../../bindings/ShareChoice";
import { useAsk, useTell } from "../../app/queries";
import { DataState, Failed } from "../../parts/DataState";
import { ErrorSummary, Fields, FormButtons } from "../../parts/fields";
import { FrameShow } from "./FrameShow";
import { ReceiverField } from "./ReceiverField";
import { PartChoices, ShareChoices } from "./ShareChoices";

interface Props {
  opened: boolean;
  patient: string;
  onClose: () => void;
}

/** Sends records from this screen to a camera: what, to whom, for which code; then the series of codes. */
export function SendByCodesDialog({ opened, patient, onClose }: Props) {
  const { t } = useLingui();
  const choices = useAsk("shares.choices", { patient }, { enabled: opened });
  const stop = useTell("transfer.stop");
  const [sending, setSending] = useState<SendingByCodes | null>(null);
  const close = () => {
    if (sending) stop.mutate({ id: sending.ticket });
    setSending(null);
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={t`Send without a network`} size="xl" closeButtonProps={{ "aria-label": t`Close` }}>
      {!opened ? null : sending ? (
        <FrameShow sending={sending} onClose={close} />
      ) : (
        <DataState query={choices} isEmpty={() => false}>
          {(list) => <Form patient={patient} choices={list} onClose={close} onSealed={setSending} />}
        </DataState>
      )}
    </Modal>
  );
}

interface FormProps extends Omit<Props, "opened"> {
  choices: readonly ShareChoice[];
  onSealed: (sending: SendingByCodes) => void;
}

function Form({ patient, choices, onClose, onSealed }: FormProps) {
  const { t } = useLingui();
  const send = useTell("transfer.send");
  const [records, setRecords] = useState<string[]>([]);
  const [kinds, setKinds] = useState<string[]>(["allergies", "conditions", "medications"]);
  const [recipient, setRecipient] = useState("");
  const [receiver, setReceiver] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const errors = [
    ...(records.length + kinds.length === 0 ? [t`Choose at least one record or part.`] : []),
    ...(recipient.trim() === "" ? [t`Say who receives it: it is kept in the list of who looked.`] : []),
    ...(receiver === null ? [t`The receiver's code is missing.`] : []),
  ];
  const submit = () => {
    setTried(true);
    if (errors.length > 0 || receiver === null) return;
    send.mutate({ patient, choices: records, kinds, receiver, recipient: recipient.trim() }, { onSuccess: onSealed });
  };
  return (
    <Fields>
      {tried ? <ErrorSummary errors={errors} /> : null}
      <p className="secondary">
        <Trans>The other screen shows a code under “Receive a share”. What you choose is sealed for that screen alone and shown as a series of codes.</Trans>
      </p>
      <ReceiverField onReceiver={setReceiver} />
      <TextInput label={t`Who receives it`} description={t`Kept in the list of who looked.`} maxLength={80} value={recipient} onChange={(event) => setRecipient(event.currentTarget.value)} />
      <PartChoices choices={choices} chosen={kinds} onChange={setKinds} />
      <ShareChoices choices={choices.filter((one) => one.kind === "record")} chosen={records} onChange={setRecords} />
      {send.error ? <Failed problem={send.error} onRetry={submit} /> : null}
      <FormButtons>
        <Button variant="default" onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button onClick={submit} loading={send.isPending}>
          <Trans>Show the codes</Trans>
        </Button>
      </FormButtons>
    </Fields>
  );
}
