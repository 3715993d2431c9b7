import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal, Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState, type FormEvent } from "react";
import type { BloodGroup } from "../../bindings/BloodGroup";
import type { Gender } from "../../bindings/Gender";
import { GenderField } from "../../app/GenderField";
import { useTell } from "../../app/queries";
import { Failed } from "../../parts/DataState";
import { DateField, FieldError, Fields, FormButtons, useSubmitKey } from "../../parts/fields";
import css from "./Register.module.css";
import { Similar } from "./Similar";

const BLOOD_GROUPS: BloodGroup[] = ["O+", "O-", "A+", "A-", "B+", "B-", "AB+", "AB-"];

interface Props {
  opened: boolean;
  /** What was typed into the search, as a first name to begin with. */
  name: string;
  onClose: () => void;
  onRegistered: (id: string) => void;
}

/** Opens a chart. Charts of the same person are shown while one types, before a second one is made. */
export function RegisterDialog({ opened, name, onClose, onRegistered }: Props) {
  const { t } = useLingui();
  return (
    <Modal opened={opened} onClose={onClose} title={t`Register a patient`} size="lg" closeButtonProps={{ "aria-label": t`Close` }}>
      {opened ? <Form name={name} onClose={onClose} onRegistered={onRegistered} /> : null}
    </Modal>
  );
}

const orNull = (text: string) => text.trim() || null;
/** A search by number or phone is no name to begin with. */
const nameFrom = (text: string) => (/\d/.test(text) ? "" : text.trim());

function Form({ name: searched, onClose, onRegistered }: Omit<Props, "opened">) {
  const { t } = useLingui();
  const register = useTell("patients.register");
  const [name, setName] = useState(() => nameFrom(searched));
  const [born, setBorn] = useState("");
  const [gender, setGender] = useState<Gender | null>(null);
  const [phone, setPhone] = useState("");
  const [email, setEmail] = useState("");
  const [address, setAddress] = useState("");
  const [language, setLanguage] = useState("");
  const [blood, setBlood] = useState<BloodGroup | null>(null);
  const [tried, setTried] = useState(false);
  const [asked] = useDebouncedValue(name.trim(), 250);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!name.trim()) return;
    const input = {
      name: name.trim(),
      date_of_birth: born || null,
      gender,
      phone: orNull(phone),
      email: orNull(email),
      address: orNull(address),
      preferred_language: orNull(language),
      blood_group: blood,
    };
    register.mutate(input, { onSuccess: (banner) => onRegistered(banner.id) });
  };
  useSubmitKey(submit);
  return (
    <form onSubmit={submit} noValidate>
      <Fields>
        <TextInput
          label={t`Name`}
          required
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={tried && !name.trim() ? <FieldError>{t`A chart needs a name.`}</FieldError> : undefined}
        />
        <div className={css.pair}>
          <DateField label={t`Date of birth`} value={born} onChange={setBorn} birth />
          <GenderField value={gender} onChange={setGender} />
        </div>
        <Similar name={asked} born={born} onOpen={onRegistered} />
        <div className={css.pair}>
          <TextInput label={t`Telephone`} type="tel" value={phone} onChange={(event) => setPhone(event.currentTarget.value)} />
          <TextInput label={t`E-mail`} type="email" value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
        </div>
        <TextInput label={t`Address`} value={address} onChange={(event) => setAddress(event.currentTarget.value)} />
        <div className={css.pair}>
          <TextInput label={t`Language`} value={language} onChange={(event) => setLanguage(event.currentTarget.value)} />
          <Select
            label={t`Blood group`}
            data={[{ value: "", label: t`Not recorded` }, ...BLOOD_GROUPS]}
            value={blood ?? ""}
            onChange={(picked) => setBlood(BLOOD_GROUPS.find((group) => group === picked) ?? null)}
          />
        </div>
        {register.error ? <Failed problem={register.error} /> : null}
        <FormButtons>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={register.isPending}>
            <Trans>Open the chart</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </form>
  );
}
