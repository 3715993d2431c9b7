import { Trans, useLingui } from "@lingui/react/macro";
import { Measured } from "../../parts/Measured";
import { formatNumber } from "../../parts/NumberText";
import { ticks } from "../../parts/scale";
import css from "./Checks.module.css";
import { AXIS, across } from "./VoicePicture";

const HEIGHT = 110;
const TOP = 8;
/** From so many medians on an interval is an interruption and leaves the statistics, as in the analysis. */
const INTERRUPTION = 2.5;

/** Times from each syllable to the next, and their median. */
export function intervalsOf(onsets: readonly number[]): { list: { at: number; seconds: number }[]; median: number } {
  const list = onsets.slice(1).map((next, n) => ({ at: onsets[n] ?? 0, seconds: next - (onsets[n] ?? 0) }));
  const sorted = list.map((one) => one.seconds).sort((a, b) => a - b);
  const half = sorted.length / 2;
  const median = sorted.length === 0 ? 0 : ((sorted[Math.ceil(half) - 1] ?? 0) + (sorted[Math.floor(half)] ?? sorted.at(-1) ?? 0)) / 2;
  return { list, median };
}

/** How regular the syllables are: each point is the time to the next syllable. Even syllables lie on the line of the median. */
export function IntervalPlot({ onsets, seconds }: { onsets: readonly number[]; seconds: number }) {
  const { t } = useLingui();
  const { list, median } = intervalsOf(onsets);
  if (list.length === 0) return null;
  const shown = list.map((one) => one.seconds);
  const high = Math.max(...shown) * 1.15;
  const y = (value: number) => TOP + (1 - value / high) * HEIGHT;
  const milliseconds = (value: number) => formatNumber(value * 1000);
  const label = t`Regularity of ${list.length} intervals between syllables: median ${milliseconds(median)} ms, from ${milliseconds(Math.min(...shown))} to ${milliseconds(Math.max(...shown))} ms.`;
  return (
    <figure className={css.figure}>
      <Measured height={HEIGHT + TOP + 6}>
        {(width) => (
          <svg width={width} height={HEIGHT + TOP + 6} className={css.plot} role="img" aria-label={label}>
            {ticks(0, high * 1000, 3).map((value) => (
              <g key={value}>
                <line x1={AXIS.left} x2={width - AXIS.right} y1={y(value / 1000)} y2={y(value / 1000)} className={css.grid} />
                <text x={AXIS.left - 6} y={y(value / 1000) + 4} textAnchor="end" className={css.text}>
                  {formatNumber(value)}
                </text>
              </g>
            ))}
            <line x1={AXIS.left} x2={width - AXIS.right} y1={y(median)} y2={y(median)} className={css.median} />
            {list.map((one) => (
              <circle key={one.at} cx={across(one.at, seconds, width)} cy={y(one.seconds)} r={3.4} className={one.seconds > INTERRUPTION * median ? css.interruption : css.interval} />
            ))}
          </svg>
        )}
      </Measured>
      <figcaption className="secondary">
        <Trans>Time from each syllable to the next, ms; dashed: the median. Open: an interruption, not counted.</Trans>
      </figcaption>
    </figure>
  );
}
