import { Plural, Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconArrowUpRight, IconPill, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { BannerView } from "../../bindings/BannerView";
import type { NoteRow } from "../../bindings/NoteRow";
import type { SummaryView } from "../../bindings/SummaryView";
import { useAsk } from "../../app/queries";
import { useMe } from "../../app/session";
import { Card, Row } from "../../parts/Card";
import { DataState, Empty } from "../../parts/DataState";
import { DateText } from "../../parts/DateText";
import { Columns, Stack } from "../../parts/Page";
import { StrokeCard } from "../checks";
import { AddMedicationDialog } from "../medications";
import { RecordDetailLine, RecordMarks, TypeBox } from "../records";
import { BmiCard } from "./BmiCard";
import type { ChartDialog, ChartTab } from "./dialogs";
import css from "./Summary.module.css";

interface Props {
  banner: BannerView;
  onOpen: (dialog: ChartDialog) => void;
  onTab: (tab: ChartTab) => void;
  onRecord: (id: string) => void;
}

/** One screen before the visit. */
export function Summary({ banner, onOpen, onTab, onRecord }: Props) {
  const summary = useAsk("summary.view", { patient: banner.id });
  return (
    <DataState query={summary} rows={6}>
      {(view) => (
        <Columns>
          <Stack>
            <StrokeCard
              latest={view.latest_check}
              earlier={view.checks}
              contacts={banner.contacts}
              emergencyNumber={view.emergency_number}
              onStart={() => onOpen("check")}
              onAddContact={() => onOpen("contacts")}
              onAll={() => onTab("checks")}
            />
            <BmiCard view={view} onMeasure={() => onOpen("measure")} onVitals={() => onTab("vitals")} />
          </Stack>
          <Stack>
            <MedicationsCard view={view} patient={banner.id} onAll={() => onTab("medications")} />
            <RecordsCard view={view} onAdd={() => onOpen("record")} onRecord={onRecord} onAll={() => onTab("records")} total={banner.counts.records} />
            <NotesCard notes={view.notes} onWrite={() => onOpen("note")} onAll={() => onTab("notes")} />
          </Stack>
        </Columns>
      )}
    </DataState>
  );
}

/** Medicines named on the summary; the rest on their tab. */
const MEDICINES = 6;

function MedicationsCard({ view, patient, onAll }: { view: SummaryView; patient: string; onAll: () => void }) {
  const [adding, setAdding] = useState(false);
  const add = (
    <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size="1rem" aria-hidden />} onClick={() => setAdding(true)}>
      <Trans>Add</Trans>
    </Button>
  );
  return (
    <Card
      title={<Trans>Medications</Trans>}
      note={view.medications.length > 0 ? <Trans>{view.medications.length} in use</Trans> : undefined}
      actions={
        <>
          {add}
          <Button variant="subtle" size="compact-sm" leftSection={<IconArrowUpRight size="1rem" aria-hidden />} onClick={onAll}>
            <Trans>All</Trans>
          </Button>
        </>
      }
      padded={false}
    >
      {view.medications.length === 0 ? (
        <Empty>
          <Trans>No medicine is recorded.</Trans>
        </Empty>
      ) : null}
      {view.medications.slice(0, MEDICINES).map((row) => (
        <p key={row.id} className={css.medicine}>
          <IconPill size="1.125rem" stroke={1.6} aria-hidden />
          <span>
            <strong>{row.name}</strong> <span className="secondary">{row.dosage ?? <Trans>dosage not recorded</Trans>}</span>
          </span>
        </p>
      ))}
      {view.medications.length > MEDICINES ? <Row title={<Plural value={view.medications.length - MEDICINES} one="# more" other="# more" />} onOpen={onAll} /> : null}
      <AddMedicationDialog opened={adding} patient={patient} onClose={() => setAdding(false)} />
    </Card>
  );
}

interface RecordsProps {
  view: SummaryView;
  total: number;
  onAdd: () => void;
  onAll: () => void;
  onRecord: (id: string) => void;
}

function RecordsCard({ view, total, onAdd, onAll, onRecord }: RecordsProps) {
  const add = (
    <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size="1rem" aria-hidden />} onClick={onAdd}>
      <Trans>Add</Trans>
    </Button>
  );
  return (
    <Card
      title={<Trans>Latest records</Trans>}
      actions={
        <>
          {add}
          {total > view.records.length ? (
            <Button variant="subtle" size="compact-sm" leftSection={<IconArrowUpRight size="1rem" aria-hidden />} onClick={onAll}>
              <Trans>All</Trans>
            </Button>
          ) : null}
        </>
      }
      padded={false}
    >
      {view.records.length === 0 ? (
        <Empty>
          <Trans>No record yet. Add a PDF or a picture, or press R.</Trans>
        </Empty>
      ) : null}
      {view.records.map((row) => (
        <Row key={row.id} lead={<TypeBox row={row} />} title={row.title} detail={<RecordDetailLine row={row} />} end={<RecordMarks row={row} few />} onOpen={() => onRecord(row.id)} />
      ))}
    </Card>
  );
}

function NotesCard({ notes, onWrite, onAll }: { notes: readonly NoteRow[]; onWrite: () => void; onAll: () => void }) {
  const me = useMe();
  return (
    <Card
      title={<Trans>Notes</Trans>}
      actions={
        me.clinical ? (
          <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size="1rem" aria-hidden />} onClick={onWrite}>
            <Trans>New note</Trans>
          </Button>
        ) : undefined
      }
      padded={false}
    >
      {notes.length === 0 ? (
        <Empty>
          <Trans>No note yet.</Trans>
        </Empty>
      ) : null}
      {notes.map((note) => (
        <Row
          key={note.id}
          title={<span className={css.noteText}>{note.text}</span>}
          detail={
            <>
              {note.author} · <DateText at={note.created_at} />
            </>
          }
          onOpen={onAll}
        />
      ))}
    </Card>
  );
}
