import { Trans, useLingui } from "@lingui/react/macro";
import type { TrendMark } from "../../bindings/TrendMark";
import type { TrendView } from "../../bindings/TrendView";
import { Measured } from "../../parts/Measured";
import { formatNumber } from "../../parts/NumberText";
import { bounds, ticks } from "../../parts/scale";
import { day } from "../../words/dates";
import css from "./Checks.module.css";
import { unitText } from "./check-words";
import { measureWords } from "./measure-words";
import { Said } from "./Said";
import { deviceChanges, runsOf } from "./trend-data";
import { TrendTable } from "./TrendTable";

const HEIGHT = 170;
const PAD = { left: 52, right: 14, top: 12, bottom: 26 };

interface Scale {
  x: (at: string) => number;
  y: (value: number) => number;
}

/** One measure over the months, with the own band each value was compared with; the same numbers stand in a table behind it. */
export function OwnTrend({ trend }: { trend: TrendView }) {
  const { t } = useLingui();
  const words = measureWords(trend.measure);
  const factor = words?.share ? 100 : 1;
  const digits = words?.digits ?? 2;
  const unit = words?.share ? "%" : unitText(trend.unit);
  const values = trend.points.flatMap((point) => (point.value === null ? [] : [point.value * factor]));
  const text = (value: number) => formatNumber(value, digits);
  const [first, last] = [trend.points[0], trend.points.at(-1)];
  if (!first || !last || values.length === 0) return null;
  const label = t`${values.length} values from ${day(new Date(first.at))} to ${day(new Date(last.at))}, between ${text(Math.min(...values))} and ${text(Math.max(...values))} ${unit}.`;
  const ends = trend.points.flatMap((point) => (point.own ? [point.own.low * factor, point.own.high * factor] : []));
  const [low, high] = bounds([...values, ...ends]);
  const [from, to] = [Date.parse(first.at), Date.parse(last.at)];
  const y = (value: number) => PAD.top + (1 - (value * factor - low) / (high - low)) * (HEIGHT - PAD.top - PAD.bottom);
  return (
    <figure className={`${css.figure} ${css.trend}`}>
      <h3>
        {words ? <Said word={words.name} /> : trend.measure}
        {unit ? <span className="unit">, {unit}</span> : null}
      </h3>
      <Measured height={HEIGHT}>
        {(width) => {
          const inner = width - PAD.left - PAD.right;
          // A single check stands in the middle: one point has no span of time.
          const x = (at: string) => PAD.left + (to > from ? (Date.parse(at) - from) / (to - from) : 0.5) * inner;
          return (
            <svg width={width} height={HEIGHT} className={css.plot} role="img" aria-label={label}>
              {ticks(low, high, 4).map((value) => (
                <g key={value}>
                  <line x1={PAD.left} x2={width - PAD.right} y1={y(value / factor)} y2={y(value / factor)} className={css.grid} />
                  <text x={PAD.left - 6} y={y(value / factor) + 4} textAnchor="end" className={css.text}>
                    {formatNumber(value, high - low < 5 ? digits : 0)}
                  </text>
                </g>
              ))}
              <Marks points={trend.points} scale={{ x, y }} />
              <text x={x(first.at)} y={HEIGHT - 4} textAnchor={to > from ? "start" : "middle"} className={css.text}>
                {day(new Date(first.at))}
              </text>
              {to > from ? (
                <text x={x(last.at)} y={HEIGHT - 4} textAnchor="end" className={css.text}>
                  {day(new Date(last.at))}
                </text>
              ) : null}
            </svg>
          );
        }}
      </Measured>
      <details>
        <summary>
          <Trans>As a table</Trans>
        </summary>
        <TrendTable trend={trend} text={(value) => text(value * factor)} />
      </details>
    </figure>
  );
}

function Marks({ points, scale }: { points: readonly TrendMark[]; scale: Scale }) {
  const { x, y } = scale;
  const runs = runsOf(points);
  const floor = HEIGHT - PAD.bottom;
  return (
    <>
      {runs.map((run) => (
        <Band key={run[0]?.id} run={run} scale={scale} />
      ))}
      {deviceChanges(points).map((point) => (
        <line key={point.id} x1={x(point.at) - 7} x2={x(point.at) - 7} y1={PAD.top} y2={floor} className={css.deviceChange} />
      ))}
      {runs.map((run) => (
        <path key={run[0]?.id} d={run.map((point, at) => `${at === 0 ? "M" : "L"}${x(point.at).toFixed(1)} ${y(point.value ?? 0).toFixed(1)}`).join("")} className={css.trendLine} />
      ))}
      {points.map((point) => (point.value === null ? <Gap key={point.id} x={x(point.at)} y={floor - 6} /> : <Mark key={point.id} point={point} x={x(point.at)} y={y(point.value)} />))}
    </>
  );
}

/** The own band along a run; where only one value has it, a short upright bar. */
function Band({ run, scale: { x, y } }: { run: readonly TrendMark[]; scale: Scale }) {
  const with_band = run.flatMap((point) => (point.own ? [{ at: x(point.at), low: y(point.own.low), high: y(point.own.high) }] : []));
  const [first, last] = [with_band[0], with_band.at(-1)];
  if (!first || !last) return null;
  const wide = with_band.length > 1 ? with_band : [{ ...first, at: first.at - 6 }, { ...first, at: first.at + 6 }];
  const corners = [...wide.map((one) => [one.at, one.high]), ...wide.toReversed().map((one) => [one.at, one.low])];
  return <polygon points={corners.map((corner) => corner.map((value) => value?.toFixed(1)).join(",")).join(" ")} className={css.ownBand} />;
}

/** An attempt without a value: a small cross on the ground, and no line through it. */
function Gap({ x, y }: { x: number; y: number }) {
  return <path d={`M${x - 4} ${y - 4}L${x + 4} ${y + 4}M${x - 4} ${y + 4}L${x + 4} ${y - 4}`} className={css.gap} />;
}

/** Signs are a square, everything else a circle, undecided ones open; a result unlike the one before has a ring. */
function Mark({ point, x, y }: { point: TrendMark; x: number; y: number }) {
  const signs = point.result === "stroke_detected";
  return (
    <g>
      {point.changed ? <circle cx={x} cy={y} r={8.5} className={css.ring} /> : null}
      {signs ? <rect x={x - 4.5} y={y - 4.5} width={9} height={9} className={css.markSigns} /> : <circle cx={x} cy={y} r={3.8} className={point.result === null ? css.mark : css.markJudged} />}
    </g>
  );
}
