import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTell } from "../../app/queries";
import { Failed } from "../../parts/DataState";
import { DateField, FieldError, Fields, FormButtons } from "../../parts/fields";
import { onSubmitKey } from "../../parts/submit-key";

interface Props {
  opened: boolean;
  patient: string;
  onClose: () => void;
  onFiled: (id: string) => void;
}

/** An entry about a visit, in words, without a file. */
export function VisitDialog({ opened, patient, onClose, onFiled }: Props) {
  const { t } = useLingui();
  return (
    <Modal opened={opened} onClose={onClose} title={t`Write a visit entry`} size="lg" closeButtonProps={{ "aria-label": t`Close` }}>
      {opened ? <Form patient={patient} onClose={onClose} onFiled={onFiled} /> : null}
    </Modal>
  );
}

function Form({ patient, onClose, onFiled }: Omit<Props, "opened">) {
  const { t } = useLingui();
  const write = useTell("records.write_visit");
  const [title, setTitle] = useState("");
  const [description, setDescription] = useState("");
  const [date, setDate] = useState("");
  const [tried, setTried] = useState(false);
  const submit = () => {
    setTried(true);
    if (!title.trim()) return;
    const input = { patient, title: title.trim(), description: description.trim(), date_of_record: date || null };
    write.mutate(input, { onSuccess: (filed) => (onFiled(filed.id), onClose()) });
  };
  return (
    <div onKeyDown={onSubmitKey(submit)}>
      <Fields>
        <TextInput
          label={t`Title`}
          required
          data-autofocus
          placeholder={t`Blood pressure review`}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          error={tried && !title.trim() ? <FieldError>{t`An entry needs a title.`}</FieldError> : undefined}
        />
        <DateField label={t`Date of the visit`} value={date} onChange={setDate} />
        <Textarea label={t`What happened`} minRows={6} value={description} onChange={(event) => setDescription(event.currentTarget.value)} />
        {write.error ? <Failed problem={write.error} /> : null}
        <FormButtons>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button onClick={submit} loading={write.isPending}>
            <Trans>Save the entry</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </div>
  );
}
