import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconEye, IconEyeOff, IconNotes, IconPencil } from "@tabler/icons-react";
import type { NoteRow } from "../../bindings/NoteRow";
import { useAsk } from "../../app/queries";
import { useMe } from "../../app/session";
import { WaitingChip } from "../../app/WaitingChip";
import { Avatar } from "../../parts/Avatar";
import { Card } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { DataState, Empty } from "../../parts/DataState";
import { DateText } from "../../parts/DateText";
import css from "./Notes.module.css";

export { NoteEditor } from "./NoteEditor";

interface Props {
  patient: string;
  /** Opens the editor, for a new note or to amend one. */
  onWrite: (amends: NoteRow | null) => void;
}

/** Signed notes, newest first. */
export function NotesRoom({ patient, onWrite }: Props) {
  const me = useMe();
  const notes = useAsk("notes.list", { patient });
  const write = me.clinical ? (
    <Button variant="default" leftSection={<IconNotes size="1.1rem" aria-hidden />} onClick={() => onWrite(null)}>
      <Trans>New note</Trans>
    </Button>
  ) : undefined;
  return (
    <Card title={<Trans>Notes</Trans>} note={<Trans>newest first</Trans>} actions={write} padded={false}>
      <DataState
        query={notes}
        empty={
          <Empty action={write}>
            <Trans>No note yet.</Trans>
          </Empty>
        }
      >
        {(rows) => (
          <>
            {rows.map((row) => (
              <Note key={row.id} row={row} rows={rows} onAmend={me.clinical ? () => onWrite(row) : undefined} />
            ))}
          </>
        )}
      </DataState>
    </Card>
  );
}

function Note({ row, rows, onAmend }: { row: NoteRow; rows: readonly NoteRow[]; onAmend?: () => void }) {
  const { t } = useLingui();
  const later = rows.find((one) => one.id === row.amended_by);
  const earlier = rows.find((one) => one.id === row.amends);
  return (
    <article className={`${css.note} ${row.amended_by ? css.amended : ""}`} aria-label={t`Note of ${row.author}`}>
      <header className={css.head}>
        <Avatar name={row.author} size={1.75} />
        <strong>{row.mine ? <Trans>{row.author} (you)</Trans> : row.author}</strong>
        <span className="secondary">
          <DateText at={row.created_at} />
        </span>
        {row.amends ? (
          <Chip icon={IconPencil}>{earlier ? <Trans>Amends the note of <DateText at={earlier.created_at} /></Trans> : <Trans>Amends an earlier note</Trans>}</Chip>
        ) : null}
        {row.amended_by ? (
          <Chip tone="warn" icon={IconPencil}>
            {later ? <Trans>Amended <DateText at={later.created_at} /></Trans> : <Trans>Amended</Trans>}
          </Chip>
        ) : null}
        <span className={css.grow} />
        <WaitingChip waiting={row.waiting} />
        {row.shared_with_patient ? (
          <Chip tone="info" icon={IconEye}>
            <Trans>Patient may read</Trans>
          </Chip>
        ) : (
          <Chip icon={IconEyeOff}>
            <Trans>Care team only</Trans>
          </Chip>
        )}
        {onAmend && !row.amended_by ? (
          <Button variant="subtle" size="compact-sm" onClick={onAmend}>
            <Trans>Amend</Trans>
          </Button>
        ) : null}
      </header>
      <p className={css.words}>{row.text}</p>
    </article>
  );
}
