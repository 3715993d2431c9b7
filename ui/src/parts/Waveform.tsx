import { useId } from "react";
import css from "./Waveform.module.css";

/** One column of the picture: the lowest and highest sample in its stretch of time, between -1 and 1. */
export type Peak = readonly [number, number];

export interface Span {
  /** Seconds from the beginning. */
  from: number;
  to: number;
  label: string;
  tone?: "crit" | "warn" | "device";
}

interface Props {
  peaks: readonly Peak[];
  /** Length of the recording in seconds. */
  seconds: number;
  spans?: readonly Span[];
  /** What the recording is, read instead of the picture. */
  label: string;
  height?: number;
}

/** "0:09". */
export function minutesSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** A recording as bars, marked spans in colour and in words below. */
export function Waveform({ peaks, seconds, spans = [], label, height = 48 }: Props) {
  const id = useId();
  const width = Math.max(1, peaks.length) * 4;
  const middle = height / 2;
  const toneAt = (index: number) => {
    const time = ((index + 0.5) / peaks.length) * seconds;
    const span = spans.find((one) => time >= one.from && time <= one.to);
    return span ? (span.tone ?? "crit") : null;
  };
  return (
    <figure className={css.figure}>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" className={css.wave} style={{ height: `${height / 16}rem` }} role="img" aria-labelledby={id}>
        <title id={id}>{label}</title>
        {peaks.map(([low, high], at) => {
          const top = middle - Math.max(0.03, high) * middle;
          const bottom = middle - Math.min(-0.03, low) * middle;
          const tone = toneAt(at);
          return <rect key={at} x={at * 4} y={top} width={2.6} height={bottom - top} rx={1} style={{ fill: `var(--${tone ?? "device"})` }} />;
        })}
      </svg>
      <figcaption className={`${css.caption} secondary numbers`}>
        <span>0:00</span>
        <span>{spans.map((span) => `${span.label} ${minutesSeconds(span.from)}–${minutesSeconds(span.to)}`).join(" · ")}</span>
        <span>{minutesSeconds(seconds)}</span>
      </figcaption>
    </figure>
  );
}
