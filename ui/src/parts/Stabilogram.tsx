import { Trans, useLingui } from "@lingui/react/macro";
import { useId } from "react";
import css from "./Stabilogram.module.css";

/** The 95 % ellipse of the sway path, in millimetres; the angle is that of the long axis, in radians from the x axis. */
export interface Ellipse {
  centreX: number;
  centreY: number;
  semiMajor: number;
  semiMinor: number;
  angle: number;
}

interface Props {
  /** Points of the sway path, in millimetres: x to the right, y forward. */
  path: readonly (readonly [number, number])[];
  ellipse?: Ellipse;
  /** One sentence that says what is seen. */
  summary: string;
  size?: number;
}

const SIDE = 240;
const PAD = 24;

/** The sway path seen from above, both axes at the same scale, with its ellipse. */
export function Stabilogram({ path, ellipse, summary, size = 15 }: Props) {
  const { t } = useLingui();
  const id = useId();
  const reach = reachOf(path, ellipse);
  const scale = (SIDE / 2 - PAD) / reach;
  const x = (value: number) => SIDE / 2 + value * scale;
  const y = (value: number) => SIDE / 2 - value * scale;
  const line = path.map(([px, py], at) => `${at === 0 ? "M" : "L"}${x(px).toFixed(1)} ${y(py).toFixed(1)}`).join("");
  return (
    <figure className={css.figure} style={{ maxWidth: `${size}rem` }}>
      <svg viewBox={`0 0 ${SIDE} ${SIDE}`} className={css.plot} role="img" aria-labelledby={id}>
        <title id={id}>{summary}</title>
        <line x1={PAD} x2={SIDE - PAD} y1={SIDE / 2} y2={SIDE / 2} className={css.axis} />
        <line y1={PAD} y2={SIDE - PAD} x1={SIDE / 2} x2={SIDE / 2} className={css.axis} />
        <path d={line} className={css.path} />
        {ellipse ? (
          <ellipse
            cx={x(ellipse.centreX)}
            cy={y(ellipse.centreY)}
            rx={ellipse.semiMajor * scale}
            ry={ellipse.semiMinor * scale}
            transform={`rotate(${(-ellipse.angle * 180) / Math.PI} ${x(ellipse.centreX)} ${y(ellipse.centreY)})`}
            className={css.ellipse}
          />
        ) : null}
        <text x={SIDE / 2} y={PAD - 9} textAnchor="middle" className={css.text}>{t`forward`}</text>
        <text x={SIDE - PAD + 2} y={SIDE / 2 - 5} textAnchor="end" className={css.text}>{t`right`}</text>
        <text x={SIDE - PAD} y={SIDE - 6} textAnchor="end" className={css.text}>{`± ${reach} mm`}</text>
      </svg>
      <figcaption className="secondary">
        <Trans>Sway seen from above</Trans>
      </figcaption>
    </figure>
  );
}

/** Half the side of the square shown, in whole steps of 5 mm. */
function reachOf(path: Props["path"], ellipse?: Ellipse): number {
  let reach = 5;
  for (const [px, py] of path) reach = Math.max(reach, Math.abs(px), Math.abs(py));
  if (ellipse) reach = Math.max(reach, Math.hypot(ellipse.centreX, ellipse.centreY) + ellipse.semiMajor);
  return Math.ceil(reach / 5) * 5;
}
