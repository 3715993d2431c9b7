import { Trans, useLingui } from "@lingui/react/macro";
import type { PictureView } from "../../bindings/PictureView";
import { Measured } from "../../parts/Measured";
import { formatNumber } from "../../parts/NumberText";
import css from "./Checks.module.css";
import { AXIS, Bars, TimeAxis, across } from "./VoicePicture";

const WAVE = 90;
const LEVEL = 110;

interface Props {
  picture: PictureView;
  /** Syllables: lines at their starts. Reading: stretches of speech shaded, marks at the syllables heard. */
  kind: "syllables" | "reading";
}

/** A train of syllables with their starts, or a text with its speech and pauses; a table says the same in numbers. */
export function SpeechPicture({ picture, kind }: Props) {
  const { t } = useLingui();
  const seconds = formatNumber(picture.duration_s, 1);
  const label =
    kind === "syllables"
      ? t`Recording of ${seconds} seconds with ${picture.onsets.length} syllables.`
      : t`Recording of ${seconds} seconds with ${picture.marked.length} stretches of speech.`;
  const height = WAVE + LEVEL + 34;
  return (
    <>
      <Measured height={height}>
        {(width) => (
          <svg width={width} height={height} className={css.plot} role="img" aria-label={label}>
            {picture.marked.map((span) => {
              const left = across(span.from_s, picture.duration_s, width);
              return <rect key={span.from_s} x={left} y={2} width={across(span.to_s, picture.duration_s, width) - left} height={WAVE + LEVEL + 10} rx={4} className={css.markArea} />;
            })}
            <svg x={AXIS.left} y={6} width={width - AXIS.left - AXIS.right} height={WAVE}>
              <Bars waveform={picture.waveform} seconds={picture.duration_s} marked={picture.marked} width={width - AXIS.left - AXIS.right} height={WAVE} />
            </svg>
            <Level picture={picture} width={width} />
            {picture.onsets.map((at) => (
              <line key={at} x1={across(at, picture.duration_s, width)} x2={across(at, picture.duration_s, width)} y1={kind === "syllables" ? 4 : WAVE + LEVEL + 4} y2={WAVE + LEVEL + 12} className={css.onset} />
            ))}
            <TimeAxis seconds={picture.duration_s} width={width} y={height - 6} />
          </svg>
        )}
      </Measured>
      <details>
        <summary>
          <Trans>As a table</Trans>
        </summary>
        {kind === "syllables" ? <Onsets picture={picture} /> : <Stretches picture={picture} />}
      </details>
    </>
  );
}

function Level({ picture, width }: { picture: PictureView; width: number }) {
  const values = picture.level.map((point) => point.value);
  if (values.length === 0) return null;
  const high = Math.max(...values);
  // Forty decibels below the loudest; what is quieter lies on the floor of the picture.
  const y = (value: number) => WAVE + 14 + Math.min(1, (high - value) / 40) * (LEVEL - 8);
  const path = picture.level.map((point, at) => `${at === 0 ? "M" : "L"}${across(point.at_s, picture.duration_s, width).toFixed(1)} ${y(point.value).toFixed(1)}`);
  return <path d={path.join("")} className={css.f0} />;
}

function Onsets({ picture }: { picture: PictureView }) {
  return (
    <table className="dense numbers">
      <thead>
        <tr>
          <th scope="col">
            <Trans>Syllable</Trans>
          </th>
          <th scope="col">
            <Trans>Start, s</Trans>
          </th>
          <th scope="col">
            <Trans>To the next, s</Trans>
          </th>
        </tr>
      </thead>
      <tbody>
        {picture.onsets.map((at, index) => {
          const next = picture.onsets[index + 1];
          return (
            <tr key={at}>
              <td>{index + 1}</td>
              <td>{formatNumber(at, 2)}</td>
              <td>{next === undefined ? "–" : formatNumber(next - at, 3)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Stretches({ picture }: { picture: PictureView }) {
  return (
    <table className="dense numbers">
      <thead>
        <tr>
          <th scope="col">
            <Trans>Speech from, s</Trans>
          </th>
          <th scope="col">
            <Trans>to, s</Trans>
          </th>
          <th scope="col">
            <Trans>Pause after it, s</Trans>
          </th>
        </tr>
      </thead>
      <tbody>
        {picture.marked.map((span, index) => {
          const next = picture.marked[index + 1];
          return (
            <tr key={span.from_s}>
              <td>{formatNumber(span.from_s, 2)}</td>
              <td>{formatNumber(span.to_s, 2)}</td>
              <td>{next === undefined ? "–" : formatNumber(next.from_s - span.to_s, 2)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
