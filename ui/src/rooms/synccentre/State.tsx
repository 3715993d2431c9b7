import { Plural, Trans, useLingui } from "@lingui/react/macro";
import type { FirstSyncView } from "../../bindings/FirstSyncView";
import type { SyncView } from "../../bindings/SyncView";
import { firstWords, syncFace, unsent } from "../../app/sync-face";
import { Card } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { Failed } from "../../parts/DataState";
import { DateText } from "../../parts/DateText";
import { formatBytes } from "../../parts/NumberText";
import { ProgressBar } from "../../parts/ProgressBar";
import { StatStrip, StatTile } from "../../parts/StatTile";
import { Problem } from "../../host/problem";
import { span } from "../../words/dates";
import css from "./Sync.module.css";

/** From here on a clock is worth a word: five minutes, the bound of the engine. */
const CLOCK_BOUND_MS = 5 * 60_000;

/** The state in full: the numbers, the oldest unsent change, the last success, and what is wrong. */
export function State({ state }: { state: SyncView }) {
  const { i18n, t } = useLingui();
  const face = syncFace(state);
  const waiting = unsent(state);
  return (
    <Card
      title={<Trans>State</Trans>}
      actions={
        <Chip tone={face.tone} icon={face.icon}>
          {i18n._(face.words)}
        </Chip>
      }
    >
      <div className={css.state}>
        <StatStrip>
          <StatTile label={t`To send`} value={waiting} tone={waiting > 0 ? "warn" : undefined} note={waiting > 0 ? formatBytes(state.to_send_bytes) : t`nothing waits`} />
          <StatTile label={t`To fetch`} value={state.to_fetch + state.files_to_fetch} note={state.files_to_fetch > 0 ? <Plural value={state.files_to_fetch} one="of them # file" other="of them # files" /> : t`as far as known`} />
          <StatTile label={t`Oldest unsent`} value={<Small>{waiting > 0 ? <DateText at={state.oldest_unsent} /> : t`None`}</Small>} note={t`change of this device`} />
          <StatTile label={t`Last success`} value={<Small>{state.last_success ? <DateText at={state.last_success} /> : t`Never`}</Small>} note={t`both sides agreed`} />
        </StatStrip>
        {state.first ? <First first={state.first} /> : null}
        {state.file_bytes_total > 0 ? (
          <ProgressBar label={t`File under way: ${formatBytes(state.file_bytes_done)} of ${formatBytes(state.file_bytes_total)}`} done={Math.round((state.file_bytes_done / state.file_bytes_total) * 100)} total={100} />
        ) : null}
        {state.offline_since ? (
          <p className="secondary">
            <Trans>
              Working offline since <DateText at={state.offline_since} inline />. Everything can be used; changes are sent when the network is back.
            </Trans>
          </p>
        ) : null}
        {state.problem && state.phase !== "no_remote" ? <Failed problem={new Problem({ code: state.problem, detail: state.detail, retry: false })} /> : null}
        {state.clock_off_ms !== null && Math.abs(state.clock_off_ms) > CLOCK_BOUND_MS ? <ClockOff off={state.clock_off_ms} /> : null}
      </div>
    </Card>
  );
}

/** Much is fetched, as on a new device. */
function First({ first }: { first: FirstSyncView }) {
  const { i18n } = useLingui();
  return (
    <div>
      <ProgressBar label={i18n._(firstWords(first))} done={first.done} total={first.total} />
      <p className="secondary">
        {first.usable ? (
          <Trans>You can work already: the charts of today's appointments and those changed lately are here. The others follow; closing the program only interrupts it.</Trans>
        ) : (
          <Trans>The charts of today's appointments and those changed lately come first.</Trans>
        )}
      </p>
    </div>
  );
}

function Small({ children }: { children: React.ReactNode }) {
  return <span className={css.small}>{children}</span>;
}

function ClockOff({ off }: { off: number }) {
  const by = span(Math.abs(off));
  return (
    <p className="secondary">
      {off > 0 ? <Trans>The clock of this computer is {by} ahead of the remote.</Trans> : <Trans>The clock of this computer is {by} behind the remote.</Trans>}{" "}
      <Trans>Set it right, so that newer changes win over older ones.</Trans>
    </p>
  );
}
