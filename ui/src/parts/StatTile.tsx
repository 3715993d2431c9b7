import { IconTrendingDown, IconTrendingUp, IconMinus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Tone } from "./Chip";
import css from "./StatTile.module.css";

export interface Trend {
  direction: "up" | "down" | "same";
  /** Size of the change, already formatted: "0.4 kg". */
  size: string;
  /** Since when: "since January". */
  since: string;
  /** Whether the change is good, bad or neither. */
  tone?: Tone;
}

interface Props {
  label: ReactNode;
  value: ReactNode;
  unit?: string;
  trend?: Trend;
  /** Instead of a trend: source or date. */
  note?: ReactNode;
  tone?: Tone;
}

const ARROWS = { up: IconTrendingUp, down: IconTrendingDown, same: IconMinus };

/** One figure with its unit and, where there is one, its trend: direction, size and since when. */
export function StatTile({ label, value, unit, trend, note, tone }: Props) {
  const Arrow = trend ? ARROWS[trend.direction] : null;
  return (
    <div className={css.tile}>
      <div className="secondary">{label}</div>
      <div className="value" style={tone ? { color: `var(--${tone === "neutral" ? "ink" : tone})` } : undefined}>
        {value}
        {unit ? <span className="unit"> {unit}</span> : null}
      </div>
      {trend && Arrow ? (
        <div className="secondary">
          <span className={css.trend} style={{ color: trend.tone && trend.tone !== "neutral" ? `var(--${trend.tone})` : undefined }}>
            <Arrow size="0.9rem" aria-hidden /> {trend.size}
          </span>{" "}
          {trend.since}
        </div>
      ) : (
        <div className="secondary">{note}</div>
      )}
    </div>
  );
}

/** Tiles side by side with hairlines between; they wrap as wholes. */
export function StatStrip({ children }: { children: ReactNode }) {
  return <div className={css.strip}>{children}</div>;
}
