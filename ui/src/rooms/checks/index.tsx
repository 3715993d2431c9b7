import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconArrowLeft, IconCheck, IconMicrophone, IconPlus, IconStretching } from "@tabler/icons-react";
import { useState } from "react";
import type { CheckRow } from "../../bindings/CheckRow";
import { useAsk } from "../../app/queries";
import { useMe } from "../../app/session";
import { WaitingChip } from "../../app/WaitingChip";
import { Card, Row } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { DataState, Empty } from "../../parts/DataState";
import { DateText } from "../../parts/DateText";
import { checkFace, confidenceWord, inputWord } from "../../words/checks";
import { CheckDetail } from "./CheckDetail";
import { PrintCheck } from "./CheckSheet";
import { taskWord } from "./check-words";
import css from "./Checks.module.css";
import { ReviewDialog } from "./ReviewDialog";
import { Said } from "./Said";
import { Trends } from "./Trends";

export { NewCheckDialog } from "./NewCheck";
export { StrokeCard } from "./StrokeCard";

interface Props {
  patient: string;
  /** The check to open first, when one was just kept. */
  open: string | null;
  onOpen: (id: string | null) => void;
  onStart: () => void;
}

/** All stroke checks of a chart, and one of them in full. */
export function ChecksRoom({ patient, open, onOpen, onStart }: Props) {
  if (open) return <One id={open} onBack={() => onOpen(null)} />;
  return <List patient={patient} onOpen={onOpen} onStart={onStart} />;
}

function List({ patient, onOpen, onStart }: Omit<Props, "open">) {
  const rows = useAsk("checks.list", { patient });
  const start = (
    <Button leftSection={<IconPlus size="1.1rem" aria-hidden />} variant="default" onClick={onStart}>
      <Trans>Start stroke check</Trans>
    </Button>
  );
  return (
    <div className={css.rows}>
      <Card title={<Trans>Stroke checks</Trans>} note={<Trans>newest first</Trans>} actions={start} padded={false}>
        <DataState
          query={rows}
          empty={
            <Empty action={start}>
              <Trans>No stroke check yet. A first one while well is the reference for later ones.</Trans>
            </Empty>
          }
        >
          {(list) => (
            <>
              {list.map((row) => (
                <CheckLine key={row.id} row={row} onOpen={() => onOpen(row.id)} />
              ))}
            </>
          )}
        </DataState>
      </Card>
      <Trends patient={patient} />
    </div>
  );
}

function CheckLine({ row, onOpen }: { row: CheckRow; onOpen: () => void }) {
  const { i18n } = useLingui();
  const Icon = row.input_type === "voice" ? IconMicrophone : IconStretching;
  return (
    <Row
      lead={<Icon size="1.25rem" stroke={1.6} aria-hidden />}
      title={
        <>
          <Said word={taskWord(row.task)} /> · <DateText at={row.detected_at} />
        </>
      }
      detail={
        <>
          <Said word={inputWord(row.input_type)} />
          {row.confidence === null ? null : (
            <>
              {" · "}
              <Trans>same on repeat: {i18n._(confidenceWord(row.confidence))}</Trans>
            </>
          )}
          {" · "}
          {row.reviewed_by ? <Trans>reviewed by {row.reviewed_by}</Trans> : <Trans>Unconfirmed, needs a clinician</Trans>}
        </>
      }
      end={
        <>
          <WaitingChip waiting={row.waiting} />
          {row.inability ? null : <Chip tone="device">{row.model_version}</Chip>}
          <Chip tone={checkFace(row).tone}>
            <Said word={checkFace(row).short} />
          </Chip>
        </>
      }
      onOpen={onOpen}
    />
  );
}

function One({ id, onBack }: { id: string; onBack: () => void }) {
  const me = useMe();
  const view = useAsk("checks.view", { id });
  const picture = useAsk("checks.picture", { id }, { enabled: view.data?.has_recording === true });
  const settings = useAsk("settings.get", {});
  const [reviewing, setReviewing] = useState<CheckRow | null>(null);
  return (
    <div className={css.rows}>
      <div className={css.verdict}>
        <Button variant="subtle" leftSection={<IconArrowLeft size="1.1rem" aria-hidden />} onClick={onBack}>
          <Trans>All checks</Trans>
        </Button>
        <span className={css.grow} />
        {view.data ? <PrintCheck view={view.data} picture={picture.data} emergencyNumber={settings.data?.emergency_number ?? "112"} /> : null}
        {view.data && me.clinical && !view.data.row.reviewed_at ? (
          <Button leftSection={<IconCheck size="1.1rem" aria-hidden />} onClick={() => setReviewing(view.data.row)}>
            <Trans>Review and record</Trans>
          </Button>
        ) : null}
      </div>
      <DataState query={view}>{(one) => <CheckDetail view={one} picture={picture.data} emergencyNumber={settings.data?.emergency_number ?? "112"} />}</DataState>
      <ReviewDialog row={reviewing} onClose={() => setReviewing(null)} />
    </div>
  );
}
