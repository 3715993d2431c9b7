import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useState } from "react";
import type { LateEntryView } from "../../bindings/LateEntryView";
import { useAsk, useTell } from "../../app/queries";
import { say } from "../../app/say";
import { Card } from "../../parts/Card";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Failed } from "../../parts/DataState";
import { DateText } from "../../parts/DateText";
import { collectionWord } from "../../words/fields";
import css from "./Sync.module.css";

/** What removed devices wrote after their removal. Whoever may remove their person lets it in, up to an entry. */
export function LateEntries() {
  const late = useAsk("sync.late_entries", {});
  const [chosen, setChosen] = useState<LateEntryView>();
  if (late.error) return <Failed problem={late.error} />;
  const rows = late.data ?? [];
  if (rows.length === 0) return null;
  return (
    <Card title={<Trans>Written after a removal</Trans>} note={String(rows.length)} padded={false}>
      <p className={css.note}>
        <Trans>A device that was removed has written all the same. Nobody sees it, whatever time it claims. If the device was in its owner's hands then, it can be let in.</Trans>
      </p>
      <ul>
        {rows.map((row) => (
          <li key={`${row.device} ${row.n}`}>
            <Entry row={row} onChoose={() => setChosen(row)} />
          </li>
        ))}
      </ul>
      {chosen ? <Readmit row={chosen} onClose={() => setChosen(undefined)} /> : null}
    </Card>
  );
}

function Entry({ row, onChoose }: { row: LateEntryView; onChoose: () => void }) {
  const { t } = useLingui();
  const owner = row.owner ?? t`Unknown person`;
  return (
    <section className={css.conflict} aria-label={`${owner} ${row.n}`}>
      <div className={css.conflictHead}>
        <h3>
          {owner} · <DateText at={row.at} />
        </h3>
        <span className="secondary">{row.device_name}</span>
      </div>
      <p>
        <Contents row={row} />
      </p>
      {row.may ? (
        <div className={css.conflictHead}>
          <span className="secondary">{row.charts.join(", ")}</span>
          <Button variant="subtle" size="compact-sm" onClick={onChoose}>
            <Trans>Let in up to here…</Trans>
          </Button>
        </div>
      ) : (
        <p className="secondary">
          <Trans>Only someone who may remove this person can let it in.</Trans>
        </p>
      )}
    </section>
  );
}

function Contents({ row }: { row: LateEntryView }) {
  if (row.writes.length === 0) return <Trans>No documents.</Trans>;
  return row.writes.map((one) => `${collectionWord(one.collection)}: ${one.count}`).join(" · ");
}

function Readmit({ row, onClose }: { row: LateEntryView; onClose: () => void }) {
  const { t } = useLingui();
  const readmit = useTell("sync.readmit");
  const owner = row.owner ?? t`Unknown person`;
  const done = () => (say(t`Let in.`), onClose());
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={t`Let in what ${owner} wrote on the removed device?`}
      confirm={<Trans context="entries">Let in</Trans>}
      danger
      busy={readmit.isPending}
      onConfirm={() => readmit.mutate({ device: row.device, n: row.n }, { onSuccess: done })}
    >
      <ul className="points">
        <li>
          <Trans>Ask {owner} in person first: whoever held the device may have written it.</Trans>
        </li>
        <li>
          <Trans>Everything it wrote up to this entry counts from now on, on every device of the clinic, in {owner}'s name.</Trans>
        </li>
        <li>
          <Trans>It cannot be taken back, but each entry can be amended.</Trans>
        </li>
        <li>
          <Trans>The device stays removed, and what it writes after this entry stays out.</Trans>
        </li>
      </ul>
      {readmit.error ? <Failed problem={readmit.error} /> : null}
    </ConfirmDialog>
  );
}
