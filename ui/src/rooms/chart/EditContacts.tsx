import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal, TextInput } from "@mantine/core";
import { useState } from "react";
import type { BannerView } from "../../bindings/BannerView";
import { useTell } from "../../app/queries";
import { Failed } from "../../parts/DataState";
import { FieldError, Fields, FormButtons } from "../../parts/fields";
import { onSubmitKey } from "../../parts/submit-key";
import { EntryList } from "./EntryList";
import css from "./EntryList.module.css";

interface Props {
  opened: boolean;
  banner: BannerView;
  onClose: () => void;
}

/** Whom to call, in order. */
export function ContactsDialog({ opened, banner, onClose }: Props) {
  const { t } = useLingui();
  const entries = banner.contacts.map((one) => ({ id: one.id, title: one.name, detail: [one.relation ?? t`relation not recorded`, one.phone].join(" · ") }));
  return (
    <Modal opened={opened} onClose={onClose} title={t`Emergency contacts`} size="lg" closeButtonProps={{ "aria-label": t`Close` }}>
      <Fields>
        <EntryList patient={banner.id} entries={entries} empty={<Trans>Nobody is recorded yet.</Trans>} label={t`Emergency contacts`} />
        {opened ? <Add patient={banner.id} /> : null}
        <FormButtons>
          <Button variant="default" onClick={onClose}>
            <Trans>Done</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </Modal>
  );
}

function Add({ patient }: { patient: string }) {
  const { t } = useLingui();
  const add = useTell("patients.add_contact");
  const [name, setName] = useState("");
  const [relation, setRelation] = useState("");
  const [phone, setPhone] = useState("");
  const [tried, setTried] = useState(false);
  const submit = () => {
    setTried(true);
    if (!name.trim() || !phone.trim()) return;
    const clear = () => {
      setName("");
      setRelation("");
      setPhone("");
      setTried(false);
    };
    add.mutate({ patient, name: name.trim(), relation: relation.trim() || null, phone: phone.trim() }, { onSuccess: clear });
  };
  return (
    <div className={css.add} onKeyDown={onSubmitKey(submit)} role="group" aria-label={t`Add a contact`}>
      <TextInput label={t`Name`} value={name} onChange={(event) => setName(event.currentTarget.value)} error={tried && !name.trim() ? <FieldError>{t`Write whom to call.`}</FieldError> : undefined} />
      <TextInput label={t`What they are to the patient`} placeholder={t`daughter, neighbour`} value={relation} onChange={(event) => setRelation(event.currentTarget.value)} />
      <TextInput label={t`Telephone`} type="tel" value={phone} onChange={(event) => setPhone(event.currentTarget.value)} error={tried && !phone.trim() ? <FieldError>{t`A contact needs a number.`}</FieldError> : undefined} />
      {add.error ? <Failed problem={add.error} /> : null}
      <FormButtons>
        <Button onClick={submit} loading={add.isPending}>
          <Trans>Add the contact</Trans>
        </Button>
      </FormButtons>
    </div>
  );
}
