import { Trans } from "@lingui/react/macro";
import { useElementSize } from "@mantine/hooks";
import { useId, type ReactNode } from "react";
import { exactly, locale } from "../words/dates";
import { formatNumber } from "./NumberText";
import { bounds, ticks } from "./scale";
import css from "./SeriesChart.module.css";

/** One measured value; `second` is the lower number of a pair such as a blood pressure. */
export interface SeriesPoint {
  /** Instant in milliseconds. */
  at: number;
  value: number;
  second?: number | null;
  tone?: "warn" | "crit" | null;
}

/** A line across the chart with a name, such as "Obesity from 30". */
export interface NamedLevel {
  value: number;
  label: string;
  tone: "crit" | "warn" | "ok" | "info";
}

interface Props {
  points: readonly SeriesPoint[];
  /** The usual range, shaded. */
  band?: { low: number; high: number } | null;
  levels?: readonly NamedLevel[];
  digits?: number;
  /** One sentence that says what the line shows. */
  summary: string;
  height?: number;
  /** Names of the two lines, where there are two. */
  names?: readonly [string, string];
}

const PAD = { left: 36, right: 14, top: 12, bottom: 28 };
const DAY = 86_400_000;

/** Values over time, drawn at the size of its place so that text keeps its size; usual range shaded, named levels as lines. */
export function SeriesChart(props: Props) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const { band, names, points } = props;
  const paired = names && points.some((point) => point.second !== undefined && point.second !== null);
  return (
    <div>
      <div ref={ref} className={css.frame} style={{ height: props.height ?? 190 }}>
        <Drawing {...props} width={width > 0 ? width : 640} />
      </div>
      {paired || band ? (
        <div className={`${css.key} secondary`}>
          {paired ? <Key kind="line">{names[0]}</Key> : null}
          {paired ? <Key kind="second">{names[1]}</Key> : null}
          {band ? (
            <Key kind="band">
              <Trans>
                Usual range {formatNumber(band.low, 1).replace(/[.,]0$/, "")}–{formatNumber(band.high, 1).replace(/[.,]0$/, "")}
              </Trans>
            </Key>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}

function Key({ kind, children }: { kind: "line" | "second" | "band"; children: ReactNode }) {
  const look = { line: "", second: css.swatchSecond, band: css.swatchBand }[kind];
  return (
    <span>
      <span className={`${css.swatch} ${look}`} aria-hidden /> {children}
    </span>
  );
}

function Drawing({ points, band, levels = [], digits = 0, summary, height = 190, width }: Props & { width: number }) {
  const id = useId();
  if (points.length === 0) return null;
  const values = points.flatMap((point) => (typeof point.second === "number" ? [point.value, point.second] : [point.value]));
  const shown = near(values, levels);
  const [low, high] = bounds([...values, ...shown.map((level) => level.value), ...bandEdges(values, band)]);
  const [first, last] = timeBounds(points);
  const x = (at: number) => PAD.left + ((at - first) / Math.max(1, last - first)) * (width - PAD.left - PAD.right);
  const y = (value: number) => PAD.top + (1 - (value - low) / (high - low)) * (height - PAD.top - PAD.bottom);
  const clamped = (value: number) => y(Math.min(high, Math.max(low, value)));
  const second = points.flatMap((point) => (typeof point.second === "number" ? [{ at: point.at, value: point.second }] : []));
  return (
    <svg width={width} height={height} className={css.chart} role="img" aria-labelledby={id}>
      <title id={id}>{summary}</title>
      {band ? <rect x={PAD.left} width={width - PAD.left - PAD.right} y={clamped(band.high)} height={Math.max(0, clamped(band.low) - clamped(band.high))} className={css.band} /> : null}
      {ticks(low, high, Math.max(3, Math.floor(height / 48))).map((value) => (
        <g key={value}>
          <line x1={PAD.left} x2={width - PAD.right} y1={y(value)} y2={y(value)} className={css.grid} />
          <text x={PAD.left - 8} y={y(value) + 4} className={css.axis} textAnchor="end">
            {formatNumber(value, high - low < 5 ? Math.max(1, digits) : 0)}
          </text>
        </g>
      ))}
      {shown.map((level) => (
        <g key={level.label} style={{ color: `var(--${level.tone})` }}>
          <line x1={PAD.left} x2={width - PAD.right} y1={y(level.value)} y2={y(level.value)} className={css.level} />
          <text x={width - PAD.right - 4} y={y(level.value) + 14} className={css.levelText} textAnchor="end">
            {level.label}
          </text>
        </g>
      ))}
      {second.length > 0 ? <path d={curve(second.map((point) => [x(point.at), y(point.value)]))} className={`${css.line} ${css.second}`} /> : null}
      <path d={curve(points.map((point) => [x(point.at), y(point.value)]))} className={css.line} />
      {points.map((point, at) => (
        <Dot key={`${point.at}-${at}`} point={point} x={x(point.at)} y={y(point.value)} lower={typeof point.second === "number" ? y(point.second) : null} digits={digits} />
      ))}
      {dateTicks(first, last, width).map(({ at, label }) => (
        <text key={at} x={x(at)} y={height - 8} className={css.axis} textAnchor={x(at) > width - 40 ? "end" : x(at) < PAD.left + 10 ? "start" : "middle"}>
          {label}
        </text>
      ))}
    </svg>
  );
}

function Dot({ point, x, y, lower, digits }: { point: SeriesPoint; x: number; y: number; lower: number | null; digits: number }) {
  const tone = point.tone === "crit" ? css.bad : point.tone === "warn" ? css.odd : "";
  const value = typeof point.second === "number" ? `${formatNumber(point.value, digits)}/${formatNumber(point.second, digits)}` : formatNumber(point.value, digits);
  return (
    <g>
      <circle cx={x} cy={y} r={3.6} className={`${css.dot} ${tone}`} />
      {lower === null ? null : <circle cx={x} cy={lower} r={3} className={css.dot} />}
      <circle cx={x} cy={y} r={12} className={css.hit}>
        <title>{`${exactly(new Date(point.at))}: ${value}`}</title>
      </circle>
    </g>
  );
}

/** A calm curve through the points that never rises above or falls below its neighbours (monotone between points). */
function curve(points: readonly (readonly [number, number])[]): string {
  const start = points[0];
  if (!start) return "";
  let path = `M${start[0].toFixed(1)} ${start[1].toFixed(1)}`;
  for (let at = 1; at < points.length; at += 1) {
    const [x0, y0] = points[at - 1] as readonly [number, number];
    const [x1, y1] = points[at] as readonly [number, number];
    const third = (x1 - x0) / 3;
    const [before, after] = [slope(points, at - 1), slope(points, at)];
    path += `C${(x0 + third).toFixed(1)} ${(y0 + before * third).toFixed(1)} ${(x1 - third).toFixed(1)} ${(y1 - after * third).toFixed(1)} ${x1.toFixed(1)} ${y1.toFixed(1)}`;
  }
  return path;
}

/** Slope at a point: flat at turning points, else the gentler of the two neighbours' (Fritsch and Carlson's condition). */
function slope(points: readonly (readonly [number, number])[], at: number): number {
  const [before, here, after] = [points[at - 1], points[at], points[at + 1]];
  if (!before || !here || !after || here[0] === before[0] || after[0] === here[0]) return 0;
  const left = (here[1] - before[1]) / (here[0] - before[0]);
  const right = (after[1] - here[1]) / (after[0] - here[0]);
  if (left * right <= 0) return 0;
  return Math.sign(left) * Math.min(Math.abs(left), Math.abs(right), (Math.abs(left) + Math.abs(right)) / 2);
}

/** Levels far outside the measured range would flatten the line; they are left out. */
function near(values: readonly number[], levels: readonly NamedLevel[]): NamedLevel[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max((high - low) * 1.5, Math.abs(high) * 0.12, 1);
  return levels.filter((level) => level.value > low - room && level.value < high + room);
}

/** The usual range belongs in sight, unless that would flatten the line. */
function bandEdges(values: readonly number[], band: Props["band"]): number[] {
  if (!band) return [];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max((high - low) * 2, (band.high - band.low) * 1.5);
  return [band.low, band.high].filter((edge) => edge > low - room && edge < high + room);
}

function timeBounds(points: readonly SeriesPoint[]): [number, number] {
  const first = Math.min(...points.map((point) => point.at));
  const last = Math.max(...points.map((point) => point.at));
  return last > first ? [first, last] : [first - DAY, last + DAY];
}

/** Round dates with room between them: days, months or quarters, by how much time is shown. */
function dateTicks(first: number, last: number, width: number): { at: number; label: string }[] {
  const most = Math.max(2, Math.floor(width / 92));
  const days = (last - first) / DAY;
  if (days <= 92) {
    const step = Math.max(1, Math.ceil(days / most));
    return starts(first, last, (start, at) => new Date(start.getFullYear(), start.getMonth(), start.getDate() + 1 + at * step), { day: "numeric", month: "short" });
  }
  const months = days / 30.4;
  const step = [1, 2, 3, 6, 12, 24, 60].find((candidate) => months / candidate <= most) ?? 120;
  const format: Intl.DateTimeFormatOptions = step >= 12 ? { year: "numeric" } : { month: "short", year: "2-digit" };
  return starts(first, last, (start, at) => new Date(start.getFullYear(), Math.ceil((start.getMonth() + 0.5) / Math.min(step, 12)) * Math.min(step, 12) + at * step, 1), format);
}

function starts(first: number, last: number, nth: (start: Date, at: number) => Date, format: Intl.DateTimeFormatOptions) {
  const list: { at: number; label: string }[] = [];
  for (let at = 0; at < 400; at += 1) {
    const tick = nth(new Date(first), at);
    if (tick.getTime() > last) break;
    if (tick.getTime() >= first) list.push({ at: tick.getTime(), label: tick.toLocaleDateString(locale(), format) });
  }
  return list.length > 0 ? list : [{ at: first, label: new Date(first).toLocaleDateString(locale(), { day: "numeric", month: "short", year: "2-digit" }) }];
}
