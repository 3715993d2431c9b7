import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useId, useState } from "react";
import { day } from "../words/dates";
import css from "./TrendChart.module.css";
import { formatNumber } from "./NumberText";
import { bounds, ticks } from "./scale";

export interface Point {
  /** Instant in milliseconds. */
  at: number;
  value: number;
}

/** A level with a name, such as "Obesity from 30". */
export interface Level {
  value: number;
  label: string;
  tone: "crit" | "warn" | "ok" | "info";
}

interface Props {
  points: readonly Point[];
  levels?: readonly Level[];
  unit: string;
  digits?: number;
  /** One sentence that says what the line shows. */
  summary: string;
  /** Name of the value, for the table. */
  name: string;
  height?: number;
}

const WIDTH = 640;
const PAD = { left: 40, right: 12, top: 12, bottom: 26 };

/** A small series as a line with levels; the same numbers stand in a table behind "Show as table". */
export function TrendChart(props: Props) {
  const { points, unit, digits = 1, name } = props;
  const [table, setTable] = useState(false);
  const { t } = useLingui();
  const toggle = (
    <Button variant="subtle" size="compact-xs" onClick={() => setTable(!table)} aria-pressed={table}>
      {table ? <Trans>Show as chart</Trans> : <Trans>Show as table</Trans>}
    </Button>
  );
  return (
    <div>
      {table ? (
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t`Date`}</th>
              <th scope="col" className="right">{name}</th>
            </tr>
          </thead>
          <tbody>
            {points.map((point) => (
              <tr key={point.at}>
                <td>{day(new Date(point.at))}</td>
                <td className="right">
                  {formatNumber(point.value, digits)} <span className="unit">{unit}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <Line {...props} />
      )}
      <div className={css.foot}>{toggle}</div>
    </div>
  );
}

function Line({ points, levels = [], digits = 1, summary, height = 190 }: Props) {
  const id = useId();
  if (points.length === 0) return null;
  const shownLevels = nearLevels(points, levels);
  const [low, high] = bounds([...points.map((point) => point.value), ...shownLevels.map((level) => level.value)]);
  const first = points[0]?.at ?? 0;
  const spanMs = Math.max(1, (points.at(-1)?.at ?? first) - first);
  const x = (at: number) => PAD.left + ((at - first) / spanMs) * (WIDTH - PAD.left - PAD.right);
  const y = (value: number) => PAD.top + (1 - (value - low) / (high - low)) * (height - PAD.top - PAD.bottom);
  const path = points.map((point, at) => `${at === 0 ? "M" : "L"}${x(point.at).toFixed(1)} ${y(point.value).toFixed(1)}`).join("");
  return (
    <svg viewBox={`0 0 ${WIDTH} ${height}`} className={css.chart} role="img" aria-labelledby={id}>
      <title id={id}>{summary}</title>
      {ticks(low, high, 4).map((value) => (
        <g key={value}>
          <line x1={PAD.left} x2={WIDTH - PAD.right} y1={y(value)} y2={y(value)} className={css.grid} />
          <text x={PAD.left - 8} y={y(value) + 4} className={css.axis} textAnchor="end">
            {formatNumber(value, high - low < 5 ? digits : 0)}
          </text>
        </g>
      ))}
      {shownLevels.map((level) => (
        <g key={level.label} style={{ color: `var(--${level.tone})` }}>
          <line x1={PAD.left} x2={WIDTH - PAD.right} y1={y(level.value)} y2={y(level.value)} className={css.level} />
          <text x={WIDTH - PAD.right - 4} y={y(level.value) - 5} className={css.levelText} textAnchor="end">
            {level.label}
          </text>
        </g>
      ))}
      <path d={path} className={css.line} />
      {points.map((point) => (
        <circle key={point.at} cx={x(point.at)} cy={y(point.value)} r={3.2} className={css.dot}>
          <title>{`${day(new Date(point.at))}: ${formatNumber(point.value, digits)}`}</title>
        </circle>
      ))}
      {dateTicks(points).map((at) => (
        <text key={at} x={x(at)} y={height - 6} className={css.axis} textAnchor={at === first ? "start" : at === points.at(-1)?.at && points.length > 1 ? "end" : "middle"}>
          {day(new Date(at))}
        </text>
      ))}
    </svg>
  );
}

/** Levels far outside the measured range would flatten the line; they are left out. */
function nearLevels(points: readonly Point[], levels: readonly Level[]): Level[] {
  const values = points.map((point) => point.value);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = Math.max((high - low) * 1.5, Math.abs(high) * 0.12, 1);
  return levels.filter((level) => level.value > low - room && level.value < high + room);
}

/** First, middle and last date; fewer when there are fewer points. */
function dateTicks(points: readonly Point[]): number[] {
  const picked = [points[0], points[Math.floor(points.length / 2)], points.at(-1)];
  return [...new Set(picked.flatMap((point) => (point ? [point.at] : [])))].filter((_, at, all) => all.length !== 2 || at < 2);
}
