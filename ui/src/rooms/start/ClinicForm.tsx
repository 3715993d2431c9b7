import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import type { Made } from "../../bindings/Made";
import { Outside } from "../../app/Outside";
import { agree, PassphraseFields } from "../../app/PassphraseFields";
import { preferences } from "../../app/preferences";
import { useTell } from "../../app/queries";
import { Failed } from "../../parts/DataState";
import { FieldError, Fields, FormButtons } from "../../parts/fields";

export interface WayProps {
  back: ReactNode;
  onBegin: () => void;
  onMade: (made: Made) => void;
}

const orNull = (text: string) => text.trim() || null;

/** A clinic and its first clinician. */
export function ClinicForm({ back, onBegin, onMade }: WayProps) {
  const { t } = useLingui();
  const make = useTell("session.make_clinic");
  const [clinic, setClinic] = useState("");
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [specialization, setSpecialization] = useState("");
  const [pass, setPass] = useState({ passphrase: "", repeated: "" });
  const [tried, setTried] = useState(false);
  const needed = (text: string, sentence: string) => (tried && !text.trim() ? <FieldError>{sentence}</FieldError> : undefined);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!clinic.trim() || !name.trim() || !agree(pass)) return;
    onBegin();
    const input = {
      clinic_name: clinic.trim(),
      name: name.trim(),
      email: orNull(email),
      specialization: orNull(specialization),
      passphrase: pass.passphrase,
      language: preferences().language,
    };
    make.mutate(input, { onSuccess: onMade });
  };
  return (
    <Outside title={<Trans>Make a clinic</Trans>} note={<Trans>Colleagues and other devices are invited later, from inside.</Trans>}>
      <form onSubmit={submit} noValidate>
        <Fields>
          <TextInput label={t`Name of the clinic`} required value={clinic} onChange={(event) => setClinic(event.currentTarget.value)} error={needed(clinic, t`Give the clinic a name.`)} />
          <TextInput label={t`Your name`} required autoComplete="name" value={name} onChange={(event) => setName(event.currentTarget.value)} error={needed(name, t`Write your name as patients know it.`)} />
          <TextInput label={t`Field of medicine (optional)`} value={specialization} onChange={(event) => setSpecialization(event.currentTarget.value)} />
          <TextInput label={t`E-mail (optional)`} type="email" autoComplete="email" value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
          <PassphraseFields value={pass} onChange={setPass} context={[clinic, name, email]} tried={tried} />
          {make.error ? <Failed problem={make.error} /> : null}
          <FormButtons>
            {back}
            <Button type="submit" loading={make.isPending}>
              <Trans>Make the clinic</Trans>
            </Button>
          </FormButtons>
        </Fields>
      </form>
    </Outside>
  );
}
