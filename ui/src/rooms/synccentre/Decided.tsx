import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import type { DecidedView } from "../../bindings/DecidedView";
import { useAsk, useTell } from "../../app/queries";
import { Card } from "../../parts/Card";
import { Failed } from "../../parts/DataState";
import { DateText } from "../../parts/DateText";
import { collectionWord, fieldWord } from "../../words/fields";
import css from "./Sync.module.css";

/** What was decided in the last thirty days, each with the way back. Nothing is shown while there is none. */
export function Decided() {
  const decided = useAsk("sync.decided", {});
  if (!decided.data?.length) return null;
  return (
    <Card title={<Trans>Decided lately</Trans>} note={String(decided.data.length)} padded={false}>
      <ul>
        {decided.data.map((row) => (
          <li key={row.conflict.id}>
            <Decision row={row} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Decision({ row }: { row: DecidedView }) {
  const undo = useTell("sync.undo");
  const { conflict } = row;
  const heading = `${collectionWord(conflict.collection)} · ${fieldWord(conflict.field)}`;
  return (
    <section className={css.conflict} aria-label={`${conflict.patient_name ?? ""} ${heading}`}>
      <div className={css.conflictHead}>
        <h3>{heading}</h3>
        <span className="secondary">{conflict.patient_name}</span>
      </div>
      <p style={{ overflowWrap: "anywhere" }}>
        <Kept row={row} />
      </p>
      <div className={css.conflictHead}>
        <span className="secondary">
          {row.by ?? <Trans>Unknown device</Trans>} · <DateText at={row.at} />
        </span>
        <Button variant="subtle" size="compact-sm" leftSection={<IconArrowBackUp size="1rem" aria-hidden />} loading={undo.isPending} onClick={() => undo.mutate({ id: conflict.id })}>
          <Trans>Take this back</Trans>
        </Button>
      </div>
      {undo.error ? <Failed problem={undo.error} /> : null}
    </section>
  );
}

function Kept({ row: { kept, conflict } }: { row: DecidedView }) {
  const [shown, displaced] = [conflict.shown ?? "", conflict.displaced ?? ""];
  if (kept === "both") return <Trans>Both were kept.</Trans>;
  return kept === "shown" ? (
    <Trans>
      Kept: {shown}. Set aside: {displaced}.
    </Trans>
  ) : (
    <Trans>
      Kept: {displaced}. Set aside: {shown}.
    </Trans>
  );
}
