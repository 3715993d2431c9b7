import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle, IconStethoscope, IconTool } from "@tabler/icons-react";
import type { ExaminationView } from "../../bindings/ExaminationView";
import type { Finding } from "../../bindings/Finding";
import type { Verdict } from "../../bindings/Verdict";
import { useTell } from "../../app/queries";
import { useProgress } from "../../app/useProgress";
import { Problem } from "../../host/problem";
import { Card } from "../../parts/Card";
import { Chip, type Tone } from "../../parts/Chip";
import { Failed } from "../../parts/DataState";
import { formatNumber } from "../../parts/NumberText";
import { ProgressBar } from "../../parts/ProgressBar";
import { explain } from "../../words/problems";
import css from "./Sync.module.css";

/** What each finding says; where it counts something, the number stands behind it. */
const SAID: Record<string, MessageDescriptor> = {
  record_good: msg`The record agrees with itself: every page, row and index.`,
  record_damaged: msg`The record does not agree with itself.`,
  files_good: msg`Files that are here and as they were`,
  files_fetched_again: msg`Damaged or missing files that are fetched from the remote again`,
  files_left_over: msg`Left-over files of unfinished work, now removed`,
  files_lost: msg`Files that are damaged or gone, and are nowhere else. Look for them in a backup.`,
  waiting: msg`Changes that came and wait for something that has not come yet`,
  set_aside: msg`Documents that were set aside: see “Set aside”`,
  no_remote: msg`No database is set: everything is on this device alone.`,
  remote_silent: msg`The database was not reached.`,
  remote_good: msg`The database answers, and everything was exchanged.`,
  sides_same: msg`Documents that are the same on both sides`,
  sides_differ: msg`Documents at another version on one side. They are looked at again by themselves; compare once more in some minutes.`,
  not_compared: msg`Both sides were not compared.`,
  clock_unknown: msg`The clock was not compared with the database's.`,
  clock_good: msg`The clock is right.`,
  clock_off: msg`The clock of this computer is far off. Set it right.`,
  no_backup: msg`No backup was made on this computer yet.`,
  backup_old: msg`The last backup is older than two weeks.`,
  backup_failed: msg`The last backup failed.`,
  backup_good: msg`The last backup was opened and counted.`,
};

const FACES: Record<Verdict, { tone: Tone; icon: typeof IconTool; words: MessageDescriptor }> = {
  good: { tone: "ok", icon: IconCircleCheck, words: msg`Good` },
  mended: { tone: "ok", icon: IconTool, words: msg`Mended` },
  note: { tone: "info", icon: IconInfoCircle, words: msg`To know` },
  wrong: { tone: "warn", icon: IconAlertTriangle, words: msg`Look here` },
};

/** A look through this device: what is good, what was mended, and what a person must look at. */
export function Doctor() {
  const { t } = useLingui();
  const look = useTell("doctor.look");
  const stop = useTell("doctor.stop");
  const progress = useProgress("doctor", look.isPending);
  return (
    <Card
      title={<Trans>Check this device</Trans>}
      actions={
        look.isPending ? (
          <Button variant="default" size="xs" onClick={() => stop.mutate({})}>
            <Trans>Stop</Trans>
          </Button>
        ) : (
          <Button variant="default" size="xs" leftSection={<IconStethoscope size="1rem" aria-hidden />} onClick={() => look.mutate({})}>
            <Trans>Check</Trans>
          </Button>
        )
      }
    >
      <div className={css.state}>
        <p className="secondary">
          <Trans>The record, its files, the database, the clock and the backups. What can be mended without losing anything is mended.</Trans>
        </p>
        {look.isPending ? <ProgressBar percent label={t`Looking through the files`} done={progress?.done ?? null} total={progress?.total ?? 0} /> : null}
        {look.error ? <Failed problem={look.error} onRetry={() => look.mutate({})} /> : null}
        {look.data ? <Findings look={look.data} /> : null}
      </div>
    </Card>
  );
}

function Findings({ look }: { look: ExaminationView }) {
  const wrong = look.findings.filter((one) => one.verdict === "wrong").length;
  return (
    <div role="status">
      <p>{look.sound ? <Trans>Nothing is wrong.</Trans> : <Plural value={wrong} one="# thing needs you." other="# things need you." />}</p>
      <ul className={css.findings}>
        {look.findings.map((one) => (
          <li key={one.code}>
            <FindingLine finding={one} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function FindingLine({ finding }: { finding: Finding }) {
  const { i18n } = useLingui();
  const face = FACES[finding.verdict];
  const said = SAID[finding.code];
  return (
    <div className={css.finding}>
      <Chip tone={face.tone} icon={face.icon}>
        {i18n._(face.words)}
      </Chip>
      <div>
        {said ? i18n._(said) : finding.code}
        {finding.count > 0 ? `: ${formatNumber(finding.count, 0)}` : ""}
        {finding.problem ? <Met code={finding.problem} verdict={finding.verdict} /> : null}
      </div>
    </div>
  );
}

/** Only what needs somebody is an alert: being offline is a state. */
function Met({ code, verdict }: { code: string; verdict: Verdict }) {
  const { i18n } = useLingui();
  if (verdict === "wrong") return <Failed problem={new Problem({ code, detail: null, retry: false })} />;
  const { what, next } = explain(code);
  return (
    <p className="secondary">
      {i18n._(what)} {i18n._(next)}
    </p>
  );
}
