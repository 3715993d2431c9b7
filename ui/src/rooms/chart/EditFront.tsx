import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import type { BannerView } from "../../bindings/BannerView";
import type { BloodGroup } from "../../bindings/BloodGroup";
import type { ChangePatient } from "../../bindings/ChangePatient";
import type { FrontField } from "../../bindings/FrontField";
import type { Gender } from "../../bindings/Gender";
import { GenderField } from "../../app/GenderField";
import { useTell } from "../../app/queries";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Failed } from "../../parts/DataState";
import { DateField, FieldError, Fields, FormButtons } from "../../parts/fields";
import { onSubmitKey } from "../../parts/submit-key";
import { PhotoField } from "./PhotoField";

const BLOOD_GROUPS: BloodGroup[] = ["O+", "O-", "A+", "A-", "B+", "B-", "AB+", "AB-"];

interface Props {
  opened: boolean;
  banner: BannerView;
  onClose: () => void;
}

/** Who the patient is and how to reach them. Only what was changed is sent, so that it meets no other device's change. */
export function FrontPageDialog({ opened, banner, onClose }: Props) {
  const { t } = useLingui();
  return (
    <Modal opened={opened} onClose={onClose} title={t`Edit the front page`} size="lg" closeButtonProps={{ "aria-label": t`Close` }}>
      {opened ? <Form banner={banner} onClose={onClose} /> : null}
    </Modal>
  );
}

const NOTHING: Omit<ChangePatient, "patient"> = {
  name: null,
  date_of_birth: null,
  gender: null,
  phone: null,
  email: null,
  address: null,
  preferred_language: null,
  blood_group: null,
  is_archived: null,
  cleared: [],
};

/** What was typed, where it differs from what was there; null stays as it is. */
const changed = (typed: string, before: string | null) => (typed.trim() !== "" && typed.trim() !== before ? typed.trim() : null);

/** The fields that held something and are empty now. */
function emptied(now: Record<FrontField, string | null>, banner: BannerView): FrontField[] {
  return (Object.keys(now) as FrontField[]).filter((field) => banner[field] !== null && !now[field]?.trim());
}

function Form({ banner, onClose }: Omit<Props, "opened">) {
  const { t } = useLingui();
  const change = useTell("patients.change");
  const [name, setName] = useState(banner.name);
  const [born, setBorn] = useState(banner.date_of_birth ?? "");
  const [bornUnreadable, setBornUnreadable] = useState(false);
  const [gender, setGender] = useState<Gender | null>(banner.gender);
  const [phone, setPhone] = useState(banner.phone ?? "");
  const [email, setEmail] = useState(banner.email ?? "");
  const [address, setAddress] = useState(banner.address ?? "");
  const [language, setLanguage] = useState(banner.preferred_language ?? "");
  const [blood, setBlood] = useState<BloodGroup | null>(banner.blood_group);
  const input: ChangePatient = {
    ...NOTHING,
    patient: banner.id,
    name: changed(name, banner.name),
    date_of_birth: changed(born, banner.date_of_birth),
    gender: gender === banner.gender ? null : gender,
    phone: changed(phone, banner.phone),
    email: changed(email, banner.email),
    address: changed(address, banner.address),
    preferred_language: changed(language, banner.preferred_language),
    blood_group: blood === banner.blood_group ? null : blood,
    // A date that cannot be read is a slip, not a wish to have none.
    cleared: emptied({ date_of_birth: bornUnreadable ? banner.date_of_birth : born, gender, phone, email, address, preferred_language: language, blood_group: blood }, banner),
  };
  const nothing = input.cleared.length === 0 && Object.entries(input).every(([key, value]) => key === "patient" || key === "cleared" || value === null);
  const submit = () => {
    if (!name.trim() || bornUnreadable) return;
    if (nothing) onClose();
    else change.mutate(input, { onSuccess: onClose });
  };
  return (
    <div onKeyDown={onSubmitKey(submit)}>
      <Fields>
        <PhotoField banner={banner} />
        <TextInput label={t`Name`} required data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} error={name.trim() ? undefined : <FieldError>{t`A chart needs a name.`}</FieldError>} />
        <DateField label={t`Date of birth`} value={born} onChange={setBorn} onUnreadable={setBornUnreadable} birth />
        <GenderField value={gender} onChange={setGender} />
        <TextInput label={t`Telephone`} type="tel" value={phone} onChange={(event) => setPhone(event.currentTarget.value)} />
        <TextInput label={t`E-mail`} type="email" value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
        <TextInput label={t`Address`} value={address} onChange={(event) => setAddress(event.currentTarget.value)} />
        <TextInput label={t`Language`} value={language} onChange={(event) => setLanguage(event.currentTarget.value)} />
        <Select
          label={t`Blood group`}
          data={[{ value: "", label: t`Not recorded` }, ...BLOOD_GROUPS.map((group) => ({ value: group, label: group }))]}
          value={blood ?? ""}
          onChange={(picked) => setBlood(BLOOD_GROUPS.find((group) => group === picked) ?? null)}
        />
        {input.cleared.length > 0 ? (
          <p className="secondary" role="status">
            <Plural value={input.cleared.length} one="# field is emptied when you save." other="# fields are emptied when you save." /> <Trans>The history keeps what they said.</Trans>
          </p>
        ) : null}
        {change.error ? <Failed problem={change.error} /> : null}
        <FormButtons>
          <ArchiveChart banner={banner} onDone={onClose} />
          <span style={{ flex: 1 }} />
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button onClick={submit} loading={change.isPending}>
            <Trans>Save</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </div>
  );
}

function ArchiveChart({ banner, onDone }: { banner: BannerView; onDone: () => void }) {
  const { t } = useLingui();
  const change = useTell("patients.change");
  const [asking, setAsking] = useState(false);
  const set = (is_archived: boolean) => change.mutate({ ...NOTHING, patient: banner.id, is_archived }, { onSuccess: () => (setAsking(false), onDone()) });
  if (banner.is_archived) {
    return (
      <Button variant="subtle" loading={change.isPending} onClick={() => set(false)}>
        <Trans>Take the chart back into the list</Trans>
      </Button>
    );
  }
  return (
    <>
      <Button variant="subtle" onClick={() => setAsking(true)}>
        <Trans>Archive the chart</Trans>
      </Button>
      <ConfirmDialog opened={asking} onClose={() => setAsking(false)} title={t`Archive the chart of ${banner.name}?`} confirm={<Trans>Archive</Trans>} busy={change.isPending} onConfirm={() => set(true)}>
        <Trans>It leaves the patient list and can be found under “Only archived”. Nothing is deleted; it can be taken back at any time.</Trans>
      </ConfirmDialog>
    </>
  );
}
