import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal } from "@mantine/core";
import { IconId, IconPrinter } from "@tabler/icons-react";
import { useState } from "react";
import type { BannerView } from "../../bindings/BannerView";
import type { MedicationRow } from "../../bindings/MedicationRow";
import { PrintSheet } from "../../app/PrintSheet";
import { useAsk } from "../../app/queries";
import { Card } from "../../parts/Card";
import { DataState } from "../../parts/DataState";
import { Fields, FormButtons } from "../../parts/fields";
import { calendarDay, day } from "../../words/dates";
import css from "./EmergencyCard.module.css";

/** A card for the wallet: what a stranger who helps must know, readable without a computer. */
export function EmergencyCard({ patient }: { patient: string }) {
  const { t } = useLingui();
  const [opened, setOpened] = useState(false);
  return (
    <Card
      title={<Trans>Emergency card</Trans>}
      actions={
        <Button variant="default" size="compact-md" leftSection={<IconId size="1rem" aria-hidden />} onClick={() => setOpened(true)}>
          <Trans>Show the card</Trans>
        </Button>
      }
    >
      <p>
        <Trans>On paper for the wallet: allergies, conditions, medicines and whom to call. Whoever finds it can read it, so it is printed by the patient's wish only.</Trans>
      </p>
      <Modal opened={opened} onClose={() => setOpened(false)} size="lg" title={t`Emergency card`} closeButtonProps={{ "aria-label": t`Close` }}>
        {opened ? <Body patient={patient} onClose={() => setOpened(false)} /> : null}
      </Modal>
    </Card>
  );
}

function Body({ patient, onClose }: { patient: string; onClose: () => void }) {
  const banner = useAsk("patients.banner", { patient });
  const medicines = useAsk("medications.list", { patient });
  return (
    <DataState query={banner} rows={4}>
      {(person) => (
        <DataState query={medicines} rows={2}>
          {(list) => <Show person={person} medicines={list.filter((one) => one.status === "active")} onClose={onClose} />}
        </DataState>
      )}
    </DataState>
  );
}

interface Content {
  person: BannerView;
  medicines: MedicationRow[];
}

function Show({ person, medicines, onClose }: Content & { onClose: () => void }) {
  return (
    <Fields>
      <Face person={person} medicines={medicines} />
      <FormButtons>
        <Button variant="default" onClick={onClose}>
          <Trans>Close</Trans>
        </Button>
        <Button leftSection={<IconPrinter size="1rem" aria-hidden />} onClick={() => window.print()} data-autofocus>
          <Trans>Print</Trans>
        </Button>
      </FormButtons>
      <PrintSheet>
        <Face person={person} medicines={medicines} />
      </PrintSheet>
    </Fields>
  );
}

function Face({ person, medicines }: Content) {
  const { t } = useLingui();
  const conditions = person.conditions.map((one) => one.name);
  const contacts = person.contacts.map((one) => [one.name, one.relation, one.phone].filter(Boolean).join(", "));
  return (
    <div className={css.face}>
      <h3>
        {person.name}
        {person.date_of_birth ? <span> · {calendarDay(person.date_of_birth)}</span> : null}
        {person.blood_group ? <span> · {person.blood_group}</span> : null}
      </h3>
      <dl>
        <Line label={t`Allergies`} words={allergies(person)} none={allergyAnswer(person, t`No known allergies`, t`Not asked`)} />
        <Line label={t`Conditions`} words={conditions} none={t`None recorded; this does not mean that there are none`} />
        <Line label={t`Medicines`} words={medicines.map((one) => [one.name, one.dosage].filter(Boolean).join(" "))} none={t`None recorded; this does not mean that there are none`} />
        <Line label={t`In an emergency call`} words={contacts} none={t`Nobody recorded`} />
      </dl>
      <p className="secondary">
        <Trans>As recorded on {day(new Date())}. It may have changed since.</Trans>
      </p>
    </div>
  );
}

function allergies(person: BannerView): string[] {
  return person.allergies.map((one) => [one.substance, one.reaction].filter(Boolean).join(": "));
}

/** "None" is an answer, and an answer that was not given is not one. */
function allergyAnswer(person: BannerView, none: string, notAsked: string): string {
  return person.allergies_asked === "none_known" ? none : notAsked;
}

function Line({ label, words, none }: { label: string; words: string[]; none: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{words.length > 0 ? words.join(" · ") : <em>{none}</em>}</dd>
    </>
  );
}
