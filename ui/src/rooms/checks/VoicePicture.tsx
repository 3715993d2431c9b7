import { useLingui } from "@lingui/react/macro";
import type { MinMax } from "../../bindings/MinMax";
import type { PictureView } from "../../bindings/PictureView";
import type { Span } from "../../bindings/Span";
import { Measured } from "../../parts/Measured";
import { formatNumber } from "../../parts/NumberText";
import { ticks } from "../../parts/scale";
import { minutesSeconds } from "../../parts/Waveform";
import css from "./Checks.module.css";

/** Joins neighbouring stretches until there are at most `count`: the extremes of each group stay. */
export function thinned(waveform: readonly MinMax[], count: number): MinMax[] {
  const size = Math.max(1, Math.ceil(waveform.length / Math.max(1, count)));
  const groups: MinMax[] = [];
  for (let at = 0; at < waveform.length; at += size) {
    const group = waveform.slice(at, at + size);
    groups.push({ min: Math.min(...group.map((one) => one.min)), max: Math.max(...group.map((one) => one.max)) });
  }
  return groups;
}

interface WaveProps {
  waveform: readonly MinMax[];
  seconds: number;
  marked: readonly Span[];
  width: number;
  height: number;
}

export function Bars({ waveform, seconds, marked, width, height }: WaveProps) {
  const bars = thinned(waveform, Math.floor(width / 6));
  const loudest = Math.max(0.02, ...bars.map((bar) => Math.max(Math.abs(bar.min), Math.abs(bar.max))));
  const step = width / Math.max(1, bars.length);
  const isMarked = (at: number) => marked.length === 0 || marked.some((span) => at >= span.from_s && at <= span.to_s);
  return (
    <>
      {bars.map((bar, at) => {
        const top = (1 - bar.max / loudest) * (height / 2);
        const bottom = (1 - bar.min / loudest) * (height / 2);
        const inside = isMarked(((at + 0.5) / bars.length) * seconds);
        return <rect key={at} x={at * step + 1} y={Math.min(top, height / 2 - 1)} width={Math.max(1, step - 2)} height={Math.max(2, bottom - top)} rx={1.5} className={inside ? css.wave : css.waveOut} />;
      })}
    </>
  );
}

function useSpanWords(picture: PictureView): string {
  const { t } = useLingui();
  const spans = picture.marked.map((span) => `${minutesSeconds(span.from_s)}–${minutesSeconds(span.to_s)}`).join(", ");
  return spans ? t`Analysed ${spans}` : "";
}

/** The recording as bars, the analysed stretch in the device colour and in words. */
export function WaveStrip({ picture }: { picture: PictureView }) {
  const { t } = useLingui();
  const words = useSpanWords(picture);
  return (
    <figure className={css.figure}>
      <Measured height={48}>
        {(width) => (
          <svg width={width} height={48} className={css.plot} role="img" aria-label={t`Voice recording of ${formatNumber(picture.duration_s, 1)} seconds. ${words}`}>
            <Bars waveform={picture.waveform} seconds={picture.duration_s} marked={picture.marked} width={width} height={48} />
          </svg>
        )}
      </Measured>
      <figcaption className={`${css.caption} secondary numbers`}>
        <span>0:00</span>
        <span>{words}</span>
        <span>{minutesSeconds(picture.duration_s)}</span>
      </figcaption>
    </figure>
  );
}

export const AXIS = { left: 44, right: 8 };
const WAVE = 90;
const PITCH = 120;

/** Waveform above, pitch track below, on one time axis; the analysed stretch shaded through both. */
export function VoicePicture({ picture }: { picture: PictureView }) {
  const { t } = useLingui();
  const words = useSpanWords(picture);
  const voiced = picture.f0.map((point) => point.value);
  const range = voiced.length > 0 ? t`Pitch between ${formatNumber(Math.min(...voiced))} and ${formatNumber(Math.max(...voiced))} Hz.` : t`No pitch was found.`;
  const label = t`Voice recording of ${formatNumber(picture.duration_s, 1)} seconds. ${words}. ${range}`;
  const height = WAVE + PITCH + 34;
  return (
    <Measured height={height}>
      {(width) => (
        <svg width={width} height={height} className={css.plot} role="img" aria-label={label}>
          <Shading picture={picture} width={width} />
          <svg x={AXIS.left} y={6} width={width - AXIS.left - AXIS.right} height={WAVE}>
            <Bars waveform={picture.waveform} seconds={picture.duration_s} marked={picture.marked} width={width - AXIS.left - AXIS.right} height={WAVE} />
          </svg>
          <PitchTrack picture={picture} width={width} title={t`Pitch, Hz`} />
          <TimeAxis seconds={picture.duration_s} width={width} y={height - 6} />
        </svg>
      )}
    </Measured>
  );
}

export const across = (seconds: number, total: number, width: number) => AXIS.left + (seconds / Math.max(0.001, total)) * (width - AXIS.left - AXIS.right);

function Shading({ picture, width }: { picture: PictureView; width: number }) {
  return (
    <>
      {picture.marked.map((span) => {
        const left = across(span.from_s, picture.duration_s, width);
        return <rect key={span.from_s} x={left} y={2} width={across(span.to_s, picture.duration_s, width) - left} height={WAVE + PITCH + 10} rx={4} className={css.markArea} />;
      })}
    </>
  );
}

function PitchTrack({ picture, width, title }: { picture: PictureView; width: number; title: string }) {
  const top = WAVE + 14;
  const values = picture.f0.map((point) => point.value);
  if (values.length === 0) return null;
  const room = Math.max(10, (Math.max(...values) - Math.min(...values)) * 0.2);
  const [low, high] = [Math.max(0, Math.min(...values) - room), Math.max(...values) + room];
  const y = (value: number) => top + (1 - (value - low) / (high - low)) * PITCH;
  return (
    <>
      {ticks(low, high, 3).map((value) => (
        <g key={value}>
          <line x1={AXIS.left} x2={width - AXIS.right} y1={y(value)} y2={y(value)} className={css.grid} />
          <text x={AXIS.left - 6} y={y(value) + 4} textAnchor="end" className={css.text}>
            {formatNumber(value)}
          </text>
        </g>
      ))}
      <text x={AXIS.left + 4} y={top + 12} className={css.text}>
        {title}
      </text>
      {runs(picture).map((run) => (
        <path key={run[0]?.at_s} d={run.map((point, at) => `${at === 0 ? "M" : "L"}${across(point.at_s, picture.duration_s, width).toFixed(1)} ${y(point.value).toFixed(1)}`).join("")} className={css.f0} />
      ))}
    </>
  );
}

/** Stretches of pitch without a pause: a line drawn through a pause would be a pitch nobody made. */
function runs(picture: PictureView): PictureView["f0"][] {
  const gaps = picture.f0.slice(1).map((point, at) => point.at_s - (picture.f0[at]?.at_s ?? 0));
  const usual = [...gaps].sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0.01;
  const list: PictureView["f0"][] = [];
  for (const point of picture.f0) {
    const last = list.at(-1)?.at(-1);
    if (last && point.at_s - last.at_s <= usual * 2.5) list.at(-1)?.push(point);
    else list.push([point]);
  }
  return list;
}

export function TimeAxis({ seconds, width, y }: { seconds: number; width: number; y: number }) {
  return (
    <>
      {ticks(0, seconds, 6).map((at) => (
        <text key={at} x={across(at, seconds, width)} y={y} textAnchor="middle" className={css.text}>
          {`${formatNumber(at, seconds < 4 ? 1 : 0)} s`}
        </text>
      ))}
    </>
  );
}
