import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconFileImport, IconPill, IconPillOff, IconPlus } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import type { MedicationRow } from "../../bindings/MedicationRow";
import { useAsk, useTell } from "../../app/queries";
import { WaitingChip } from "../../app/WaitingChip";
import { Card, Row } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { DataState, Empty, Failed } from "../../parts/DataState";
import { DateField } from "../../parts/fields";
import { Stack } from "../../parts/Page";
import { calendarDay } from "../../words/dates";
import { AddMedicationDialog } from "./AddMedication";
import { sourceWord, statusWord } from "./medication-words";

export { AddMedicationDialog } from "./AddMedication";

/** Medicines in use, and those that are over. */
export function MedicationsRoom({ patient }: { patient: string }) {
  const rows = useAsk("medications.list", { patient });
  const [adding, setAdding] = useState(false);
  const [stopping, setStopping] = useState<MedicationRow | null>(null);
  const add = (
    <Button variant="default" leftSection={<IconPlus size="1.1rem" aria-hidden />} onClick={() => setAdding(true)}>
      <Trans>Add a medicine</Trans>
    </Button>
  );
  return (
    <>
      <DataState query={rows} isEmpty={() => false}>
        {(list) => <Lists rows={list} add={add} onStop={setStopping} />}
      </DataState>
      <AddMedicationDialog opened={adding} patient={patient} onClose={() => setAdding(false)} />
      <StopDialog row={stopping} onClose={() => setStopping(null)} />
    </>
  );
}

function Lists({ rows, add, onStop }: { rows: readonly MedicationRow[]; add: ReactNode; onStop: (row: MedicationRow) => void }) {
  const used = rows.filter((row) => row.status === "active" || row.status === "on_hold");
  const over = rows.filter((row) => !used.includes(row));
  return (
    <Stack>
      <Card title={<Trans>In use</Trans>} note={<Plural value={used.length} one="# medicine" other="# medicines" />} actions={add} padded={false}>
        {used.length === 0 ? (
          <Empty action={add}>
            <Trans>No medicine is recorded. That is not the same as none taken: ask, and write down what is.</Trans>
          </Empty>
        ) : null}
        {used.map((row) => (
          <MedicationLine key={row.id} row={row} onStop={() => onStop(row)} />
        ))}
      </Card>
      {over.length > 0 ? (
        <Card title={<Trans>No longer in use</Trans>} padded={false}>
          {over.map((row) => (
            <MedicationLine key={row.id} row={row} />
          ))}
        </Card>
      ) : null}
    </Stack>
  );
}

function MedicationLine({ row, onStop }: { row: MedicationRow; onStop?: () => void }) {
  const { t, i18n } = useLingui();
  const since = row.started_on ? t`since ${calendarDay(row.started_on)}` : t`start not recorded`;
  const until = row.ended_on ? t`until ${calendarDay(row.ended_on)}` : null;
  const by = row.prescriber ? t`by ${row.prescriber}` : null;
  const detail = [row.dosage ?? t`dosage not recorded`, since, until, row.reason, by].filter(Boolean).join(" · ");
  const Icon = onStop ? IconPill : IconPillOff;
  return (
    <Row
      lead={<Icon size="1.25rem" stroke={1.6} aria-hidden />}
      title={row.name}
      detail={detail}
      end={
        <>
          {row.origin ? (
            <Chip icon={IconFileImport} title={t`Imported from ${row.origin}`}>
              <Trans>Imported</Trans>
            </Chip>
          ) : null}
          <WaitingChip waiting={row.waiting} />
          <Chip>{i18n._(sourceWord(row.source))}</Chip>
          {row.status === "active" ? null : <Chip tone={row.status === "on_hold" ? "warn" : "neutral"}>{i18n._(statusWord(row.status))}</Chip>}
          {onStop ? (
            <Button variant="default" size="compact-sm" onClick={onStop} aria-label={t`Stop ${row.name}`}>
              <Trans>Stop</Trans>
            </Button>
          ) : null}
        </>
      }
    />
  );
}

function StopDialog({ row, onClose }: { row: MedicationRow | null; onClose: () => void }) {
  const { t } = useLingui();
  const stop = useTell("medications.stop");
  const [ended, setEnded] = useState("");
  const confirm = () => row && stop.mutate({ id: row.id, ended_on: ended || null }, { onSuccess: () => (setEnded(""), onClose()) });
  return (
    <ConfirmDialog opened={row !== null} onClose={onClose} title={t`Stop ${row?.name ?? ""}?`} confirm={<Trans>Mark as stopped</Trans>} busy={stop.isPending} onConfirm={confirm}>
      <p style={{ marginBottom: "0.75rem" }}>
        <Trans>It stays in the list as stopped. Tell the patient too: this changes the record, not the box at home.</Trans>
      </p>
      {row ? <DateField label={t`Last day`} value={ended} onChange={setEnded} description={t`Today if left empty`} /> : null}
      {stop.error ? <Failed problem={stop.error} /> : null}
    </ConfirmDialog>
  );
}
