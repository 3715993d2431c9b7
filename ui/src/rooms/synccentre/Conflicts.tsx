import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconArrowsExchange } from "@tabler/icons-react";
import { useState } from "react";
import type { ConflictView } from "../../bindings/ConflictView";
import type { KeptVersion } from "../../bindings/KeptVersion";
import { HistoryButton } from "../../app/HistoryDialog";
import { LinkButton } from "../../app/LinkButton";
import { useAsk, useTell } from "../../app/queries";
import { WeightChip } from "../../app/WeightChip";
import { Card } from "../../parts/Card";
import { DataState, Empty, Failed } from "../../parts/DataState";
import { DateText } from "../../parts/DateText";
import { collectionWord, fieldWord } from "../../words/fields";
import css from "./Sync.module.css";

/** Versions that wait for a person: both are shown, one is chosen, the other stays in the history. */
export function Conflicts() {
  const conflicts = useAsk("sync.conflicts", {});
  return (
    <Card title={<Trans>Two versions</Trans>} note={conflicts.data?.length ? String(conflicts.data.length) : undefined} padded={false}>
      <DataState
        query={conflicts}
        empty={
          <Empty icon={<IconArrowsExchange size="1.5rem" stroke={1.5} aria-hidden />}>
            <Trans>No entry has two versions.</Trans>
          </Empty>
        }
      >
        {(rows) => (
          <ul>
            {rows.map((row) => (
              <li key={row.id}>
                <Conflict row={row} />
              </li>
            ))}
          </ul>
        )}
      </DataState>
    </Card>
  );
}

function Conflict({ row }: { row: ConflictView }) {
  const { t } = useLingui();
  const resolve = useTell("sync.resolve");
  const [chosen, setChosen] = useState<KeptVersion | null>(null);
  const choose = (keep: KeptVersion) => {
    setChosen(keep);
    resolve.mutate({ id: row.id, keep });
  };
  const heading = `${collectionWord(row.collection)} · ${fieldWord(row.field)}`;
  return (
    <section className={css.conflict} aria-label={`${row.patient_name ?? ""} ${heading}`}>
      <div className={css.conflictHead}>
        <h3>
          {heading} <WeightChip weight={row.weight} />
        </h3>
        {row.patient && row.patient_name ? (
          <LinkButton to="/patients/$patient" params={{ patient: row.patient }} variant="subtle" size="compact-sm">
            {row.patient_name}
          </LinkButton>
        ) : null}
      </div>
      <p className="secondary">{row.deletion ? <Trans>It was deleted on one side and changed on the other. Nothing comes back by itself.</Trans> : row.base === null ? <Trans>Both sides added it apart.</Trans> : <Trans>Before, both sides had: {row.base}</Trans>}</p>
      <div className={css.sides}>
        <Side title={t`Shown now`} value={row.shown} by={row.shown_by} at={row.shown_at} other={row.displaced} onChoose={() => choose("shown")} busy={resolve.isPending && chosen === "shown"} verb={<Trans>Keep this</Trans>} />
        <Side title={t`The other version`} value={row.displaced} by={row.displaced_by} at={row.displaced_at} other={row.shown} onChoose={() => choose("displaced")} busy={resolve.isPending && chosen === "displaced"} verb={<Trans>Use this instead</Trans>} />
      </div>
      <div className={css.conflictHead}>
        <HistoryButton collection={row.collection} id={row.document} field={row.field} />
        {row.can_keep_both ? (
          <Button variant="default" size="xs" loading={resolve.isPending && chosen === "both"} onClick={() => choose("both")}>
            <Trans>Keep both</Trans>
          </Button>
        ) : null}
      </div>
      {resolve.error ? <Failed problem={resolve.error} /> : null}
    </section>
  );
}

interface SideProps {
  title: string;
  value: string | null;
  by: string | null;
  at: string;
  other: string | null;
  busy: boolean;
  verb: React.ReactNode;
  onChoose: () => void;
}

function Side({ title, value, by, at, other, busy, verb, onChoose }: SideProps) {
  return (
    <div className={css.side}>
      <p className="label">{title}</p>
      <p className={css.sideValue}>{value === null || value === "" ? <Trans>Nothing (removed)</Trans> : <Marked text={value} other={other ?? ""} />}</p>
      <p className="secondary">
        {by ?? <Trans>Unknown device</Trans>} · <DateText at={at} />
      </p>
      <Button variant="default" size="xs" loading={busy} onClick={onChoose}>
        {verb}
      </Button>
    </div>
  );
}

/** The middle part in which two texts differ: `[same beginning, different, same end]`. */
export function difference(text: string, other: string): [string, string, string] {
  let from = 0;
  while (from < text.length && from < other.length && text[from] === other[from]) from += 1;
  let end = 0;
  while (end < text.length - from && end < other.length - from && text[text.length - 1 - end] === other[other.length - 1 - end]) end += 1;
  return [text.slice(0, from), text.slice(from, text.length - end), text.slice(text.length - end)];
}

function Marked({ text, other }: { text: string; other: string }) {
  const [start, middle, end] = difference(text, other);
  return (
    <>
      {start}
      {middle ? <mark className={css.mark}>{middle}</mark> : null}
      {end}
    </>
  );
}
