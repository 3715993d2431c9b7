import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal, Radio, TextInput } from "@mantine/core";
import { useState } from "react";
import type { MedicationSource } from "../../bindings/MedicationSource";
import { useTell } from "../../app/queries";
import { useMe } from "../../app/session";
import { Failed } from "../../parts/DataState";
import { DateField, FieldError, Fields, FormButtons } from "../../parts/fields";
import { onSubmitKey } from "../../parts/submit-key";

interface Props {
  opened: boolean;
  patient: string;
  onClose: () => void;
}

/** Adds a medicine: ordered by the person at work, or taken as someone tells. */
export function AddMedicationDialog({ opened, patient, onClose }: Props) {
  const { t } = useLingui();
  return (
    <Modal opened={opened} onClose={onClose} title={t`Add a medicine`} closeButtonProps={{ "aria-label": t`Close` }}>
      {opened ? <Form patient={patient} onClose={onClose} /> : null}
    </Modal>
  );
}

function Form({ patient, onClose }: Omit<Props, "opened">) {
  const { t } = useLingui();
  const me = useMe();
  const add = useTell("medications.add");
  const [name, setName] = useState("");
  const [dosage, setDosage] = useState("");
  const [reason, setReason] = useState("");
  const [started, setStarted] = useState("");
  const [source, setSource] = useState<MedicationSource>(me.clinical ? "prescribed" : "taken");
  const [tried, setTried] = useState(false);
  const submit = () => {
    setTried(true);
    if (!name.trim()) return;
    const input = { patient, name: name.trim(), dosage: dosage.trim() || null, source, started_on: started || null, reason: reason.trim() || null };
    add.mutate(input, { onSuccess: onClose });
  };
  return (
    <div onKeyDown={onSubmitKey(submit)}>
      <Fields>
        <TextInput
          label={t`Medicine and strength`}
          placeholder={t`Apixaban 5 mg`}
          required
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={tried && !name.trim() ? <FieldError>{t`Write the name of the medicine.`}</FieldError> : undefined}
        />
        <TextInput label={t`How much and how often`} placeholder={t`1 tablet twice a day`} value={dosage} onChange={(event) => setDosage(event.currentTarget.value)} />
        <TextInput label={t`What for`} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
        <DateField label={t`Since`} value={started} onChange={setStarted} />
        {me.clinical ? (
          <Radio.Group label={t`How it came here`} value={source} onChange={(value) => setSource(value as MedicationSource)}>
            <Fields>
              <Radio value="prescribed" label={t`Prescribed by me`} />
              <Radio value="taken" label={t`Taken, as the patient tells`} />
            </Fields>
          </Radio.Group>
        ) : null}
        {add.error ? <Failed problem={add.error} /> : null}
        <FormButtons>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button onClick={submit} loading={add.isPending}>
            <Trans>Add</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </div>
  );
}
