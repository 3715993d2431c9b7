import { useLingui } from "@lingui/react/macro";
import type { PathPoint } from "../../bindings/PathPoint";
import type { PictureView } from "../../bindings/PictureView";
import { Measured } from "../../parts/Measured";
import { formatNumber } from "../../parts/NumberText";
import { ticks } from "../../parts/scale";
import css from "./Checks.module.css";

const PAD = 26;

/** Half the side of the square shown, in steps of half a centimetre. */
export function reachOf(points: readonly PathPoint[]): number {
  const far = points.reduce((most, point) => Math.max(most, Math.abs(point.ml), Math.abs(point.ap)), 0.5);
  return Math.ceil(far * 2) / 2;
}

/** The way of the pressure centre seen from above: both axes at one scale, with its 95 % ellipse. */
export function Stabilogram({ picture, side = 260 }: { picture: PictureView; side?: number }) {
  const { t } = useLingui();
  const reach = reachOf([...picture.path, ...picture.ellipse]);
  const scale = (side / 2 - PAD) / reach;
  const x = (point: PathPoint) => side / 2 + point.ml * scale;
  const y = (point: PathPoint) => side / 2 - point.ap * scale;
  const line = (points: readonly PathPoint[]) => points.map((point, at) => `${at === 0 ? "M" : "L"}${x(point).toFixed(1)} ${y(point).toFixed(1)}`).join("");
  const label = t`Sway seen from above over ${formatNumber(picture.duration_s)} seconds, ${range(picture.path, "ml")} sideways and ${range(picture.path, "ap")} forward and back, with the ellipse that holds 95 % of it.`;
  return (
    <svg width={side} height={side} className={css.plot} role="img" aria-label={label}>
      <line x1={PAD} x2={side - PAD} y1={side / 2} y2={side / 2} className={css.grid} />
      <line y1={PAD} y2={side - PAD} x1={side / 2} x2={side / 2} className={css.grid} />
      <rect x={PAD} y={PAD} width={side - 2 * PAD} height={side - 2 * PAD} fill="none" className={css.axis} />
      <path d={line(picture.path)} className={css.path} />
      <path d={line(picture.ellipse)} className={css.ellipse} />
      <text x={side / 2} y={PAD - 8} textAnchor="middle" className={css.text}>{t`forward`}</text>
      <text x={side - PAD} y={side - 8} textAnchor="end" className={css.text}>{t`right`}</text>
      <text x={PAD} y={side - 8} className={css.text}>{`± ${formatNumber(reach, 1)} cm`}</text>
    </svg>
  );
}

function range(path: readonly PathPoint[], axis: "ml" | "ap"): string {
  const values = path.map((point) => point[axis]);
  return `${formatNumber(values.length > 0 ? Math.max(...values) - Math.min(...values) : 0, 1)} cm`;
}

const LEFT = 40;
const EACH = 110;

/** Sideways and forward against time, both at one scale. */
export function SwayInTime({ picture }: { picture: PictureView }) {
  const { t } = useLingui();
  const reach = reachOf(picture.path);
  const label = t`Sideways and forward sway against time, at most ${formatNumber(reach, 1)} cm from the middle.`;
  return (
    <Measured height={EACH * 2 + 24}>
      {(width) => (
        <svg width={width} height={EACH * 2 + 24} className={css.plot} role="img" aria-label={label}>
          <Trace picture={picture} axis="ml" top={0} width={width} reach={reach} title={t`Sideways, cm`} />
          <Trace picture={picture} axis="ap" top={EACH} width={width} reach={reach} title={t`Forward, cm`} />
          {ticks(0, picture.duration_s, 6).map((at) => (
            <text key={at} x={LEFT + (at / picture.duration_s) * (width - LEFT - 14)} y={EACH * 2 + 18} textAnchor="middle" className={css.text}>
              {`${formatNumber(at)} s`}
            </text>
          ))}
        </svg>
      )}
    </Measured>
  );
}

interface TraceProps {
  picture: PictureView;
  axis: "ml" | "ap";
  top: number;
  width: number;
  reach: number;
  title: string;
}

function Trace({ picture, axis, top, width, reach, title }: TraceProps) {
  const y = (value: number) => top + EACH / 2 - (value / reach) * (EACH / 2 - 8);
  const x = (at: number) => LEFT + (at / Math.max(0.001, picture.duration_s)) * (width - LEFT - 14);
  return (
    <g>
      {[-reach, 0, reach].map((value) => (
        <g key={value}>
          <line x1={LEFT} x2={width - 14} y1={y(value)} y2={y(value)} className={css.grid} />
          <text x={LEFT - 6} y={y(value) + 4} textAnchor="end" className={css.text}>
            {formatNumber(value, 1)}
          </text>
        </g>
      ))}
      <path d={picture.path.map((point, at) => `${at === 0 ? "M" : "L"}${x(point.at_s).toFixed(1)} ${y(point[axis]).toFixed(1)}`).join("")} className={axis === "ml" ? css.path : css.forward} />
      <text x={LEFT + 4} y={top + 14} className={css.text}>
        {title}
      </text>
    </g>
  );
}
