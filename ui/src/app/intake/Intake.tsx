import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useState } from "react";
import type { IntakeDone } from "../../bindings/IntakeDone";
import type { IntakeView } from "../../bindings/IntakeView";
import { Card } from "../../parts/Card";
import { Failed } from "../../parts/DataState";
import { Stack } from "../../parts/Page";
import { ProgressBar } from "../../parts/ProgressBar";
import { useTell } from "../queries";
import { useProgress } from "../useProgress";
import { Counts } from "./Counts";
import css from "./Intake.module.css";
import { Items } from "./Items";
import { Leftovers } from "./Leftovers";
import { Target, type TargetValue } from "./Target";

interface Props {
  intake: IntakeView;
  /** The chart this was begun for, if any. */
  patient?: string;
  onDone: (done: IntakeDone) => void;
  onDiscarded: () => void;
}

/** Ids ticked at first: everything that would change something. */
export function tickedAtFirst(intake: IntakeView): ReadonlySet<string> {
  return new Set(intake.items.filter((item) => item.state !== "same").map((item) => item.id));
}

/** What came in, before anything is stored: what is new, the same, different, and what could not be read. Nothing is filed by itself. */
export function Intake({ intake: first, patient, onDone, onDiscarded }: Props) {
  const [intake, setIntake] = useState(first);
  const [target, setTarget] = useState<TargetValue>({ chart: patient ?? null, chosen: Boolean(patient) || first.matches.length === 0 });
  const [ticked, setTicked] = useState(() => tickedAtFirst(first));
  const choose = useTell("intake.choose");

  const again = (index: number, chart: string | null) =>
    choose.mutate(
      { ticket: intake.ticket, index, patient: chart },
      {
        onSuccess: (next) => {
          setIntake(next);
          setTicked(tickedAtFirst(next));
        },
      },
    );
  const changeTarget = (next: TargetValue) => {
    setTarget(next);
    again(intake.chosen, next.chart);
  };
  return (
    <Stack>
      <Counts intake={intake} />
      <Target intake={intake} value={target} fixed={Boolean(patient)} onChange={changeTarget} onPerson={(index) => again(index, target.chart)} busy={choose.isPending} />
      {choose.error ? <Failed problem={choose.error} /> : null}
      <Items items={intake.items} ticked={ticked} onChange={setTicked} />
      <Leftovers intake={intake} />
      <FileBar intake={intake} target={target} ticked={ticked} onDone={onDone} onDiscarded={onDiscarded} />
    </Stack>
  );
}

interface FileProps {
  intake: IntakeView;
  target: TargetValue;
  ticked: ReadonlySet<string>;
  onDone: (done: IntakeDone) => void;
  onDiscarded: () => void;
}

function FileBar({ intake, target, ticked, onDone, onDiscarded }: FileProps) {
  const { t } = useLingui();
  const file = useTell("intake.file");
  const discard = useTell("intake.discard");
  const cancel = useTell("intake.cancel");
  const progress = useProgress("import", file.isPending);
  const count = ticked.size;
  const run = () => {
    cancel.reset();
    file.mutate({ ticket: intake.ticket, items: [...ticked], patient: target.chart }, { onSuccess: onDone });
  };
  return (
    <Card>
      <div className={css.fileBar}>
        <div className={css.fileWords}>
          <p>
            <Plural value={count} one="# entry is ticked." other="# entries are ticked." />{" "}
            {target.chosen ? (
              target.chart ? <Trans>They go into the chart chosen above.</Trans> : <Trans>A new chart is opened for them.</Trans>
            ) : (
              <Trans>Choose above whose chart they belong to.</Trans>
            )}
          </p>
          <p className="secondary">
            <Trans>Each entry keeps a mark of where it came from. The original file is kept with them.</Trans>
          </p>
        </div>
        {file.isPending ? (
          <Button variant="default" onClick={() => cancel.mutate({ id: intake.ticket })} loading={cancel.isPending || cancel.isSuccess}>
            <Trans>Stop filing</Trans>
          </Button>
        ) : (
          <Button variant="default" onClick={() => discard.mutate({ id: intake.ticket }, { onSuccess: onDiscarded })} loading={discard.isPending}>
            <Trans>Keep none</Trans>
          </Button>
        )}
        <Button onClick={run} loading={file.isPending} disabled={count === 0 || !target.chosen}>
          <Plural value={count} one="File # entry" other="File # entries" />
        </Button>
      </div>
      {file.isPending ? <ProgressBar label={t`Filing`} done={progress?.done ?? null} total={progress?.total ?? count} /> : null}
      {file.error ? <Failed problem={file.error} onRetry={run} /> : null}
      {cancel.error ? <Failed problem={cancel.error} /> : null}
      {discard.error ? <Failed problem={discard.error} /> : null}
    </Card>
  );
}
