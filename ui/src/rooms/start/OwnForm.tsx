import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import type { Gender } from "../../bindings/Gender";
import { GenderField } from "../../app/GenderField";
import { Outside } from "../../app/Outside";
import { agree, PassphraseFields } from "../../app/PassphraseFields";
import { preferences } from "../../app/preferences";
import { useTell } from "../../app/queries";
import { Failed } from "../../parts/DataState";
import { DateField, FieldError, Fields, FormButtons } from "../../parts/fields";
import type { WayProps } from "./ClinicForm";

/** One person's own record. */
export function OwnForm({ back, onBegin, onMade }: WayProps) {
  const { t } = useLingui();
  const make = useTell("session.keep_own");
  const [name, setName] = useState("");
  const [born, setBorn] = useState("");
  const [gender, setGender] = useState<Gender | null>(null);
  const [pass, setPass] = useState({ passphrase: "", repeated: "" });
  const [tried, setTried] = useState(false);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!name.trim() || !agree(pass)) return;
    onBegin();
    const input = { name: name.trim(), date_of_birth: born || null, gender, passphrase: pass.passphrase, language: preferences().language };
    make.mutate(input, { onSuccess: onMade });
  };
  return (
    <Outside title={<Trans>Keep my own records</Trans>} note={<Trans>Only your name is needed now. The rest can be added when you like.</Trans>}>
      <form onSubmit={submit} noValidate>
        <Fields>
          <TextInput
            label={t`Your name`}
            required
            autoComplete="name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={tried && !name.trim() ? <FieldError>{t`Write your name.`}</FieldError> : undefined}
          />
          <DateField label={t`Date of birth (optional)`} value={born} onChange={setBorn} birth />
          <GenderField value={gender} onChange={setGender} />
          <PassphraseFields value={pass} onChange={setPass} context={[name]} tried={tried} />
          {make.error ? <Failed problem={make.error} /> : null}
          <FormButtons>
            {back}
            <Button type="submit" loading={make.isPending}>
              <Trans>Make my record</Trans>
            </Button>
          </FormButtons>
        </Fields>
      </form>
    </Outside>
  );
}
