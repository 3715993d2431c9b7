import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import { useHost } from "../../host/HostContext";
import css from "./Checks.module.css";

/** What the microphone hears now. */
export interface Heard {
  peakDb: number;
  seconds: number;
}

/** Follows the level of a running recording. */
export function useLevel(): Heard | null {
  const host = useHost();
  const [heard, setHeard] = useState<Heard | null>(null);
  useEffect(() => host.on("level", (event) => setHeard({ peakDb: event.peak_db, seconds: event.seconds })), [host]);
  return heard;
}

/** Quietest level shown; levels usable for measuring lie between the two limits (detect, "Quality gates"). */
const FLOOR = -60;
const GOOD: readonly [number, number] = [-30, -3];

const share = (db: number) => Math.max(0, Math.min(1, (db - FLOOR) / -FLOOR));

/** The level as a bar with the range to aim for, and a word that says what to do. */
export function LevelMeter({ heard }: { heard: Heard | null }) {
  const { t } = useLingui();
  const db = heard?.peakDb ?? FLOOR;
  const word = db < -40 ? t`Too quiet: come closer` : db < GOOD[0] ? t`A little louder` : db > GOOD[1] ? t`Too loud: move back` : t`Good level`;
  return (
    <div className={css.meter}>
      <div className={css.meterTrack} role="meter" aria-label={t`Level of the microphone`} aria-valuemin={FLOOR} aria-valuemax={0} aria-valuenow={Math.round(db)} aria-valuetext={word}>
        <span className={css.meterGood} style={{ insetInlineStart: `${share(GOOD[0]) * 100}%`, inlineSize: `${(share(GOOD[1]) - share(GOOD[0])) * 100}%` }} />
        <span className={css.meterFill} style={{ inlineSize: `${share(db) * 100}%` }} />
      </div>
      <div className={`${css.meterWords} secondary`}>
        <span>{heard ? word : <Trans>Waiting for the microphone</Trans>}</span>
        <span className="numbers">{heard ? `${Math.round(db)} dB` : null}</span>
      </div>
    </div>
  );
}
