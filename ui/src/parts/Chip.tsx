import {
  IconAlertCircle,
  IconAlertTriangle,
  IconCircleCheck,
  IconCpu,
  IconInfoCircle,
  IconPoint,
  type Icon,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import css from "./Chip.module.css";

export type Tone = "crit" | "warn" | "ok" | "info" | "device" | "neutral";

const ICONS: Record<Tone, Icon> = {
  crit: IconAlertTriangle,
  warn: IconAlertCircle,
  ok: IconCircleCheck,
  info: IconInfoCircle,
  device: IconCpu,
  neutral: IconPoint,
};

interface Props {
  tone?: Tone;
  /** Icon that fits better than the tone's own. Null for none, which only neutral chips may have. */
  icon?: Icon | null;
  /** Quieter second word, such as a reaction or a year. */
  extra?: ReactNode;
  /** Rounded, for the top bar. */
  pill?: boolean;
  title?: string;
  children: ReactNode;
}

/** A state in colour, icon and word: never in colour alone. */
export function Chip({ tone = "neutral", icon, extra, pill, title, children }: Props) {
  const Shown = icon === undefined ? (tone === "neutral" ? null : ICONS[tone]) : icon;
  return (
    <span className={`${css.chip} ${css[tone]} ${pill ? css.pill : ""}`} title={title}>
      {Shown ? <Shown size="1rem" stroke={1.8} aria-hidden /> : null}
      <span className={css.word}>{children}</span>
      {extra ? <span className={css.extra}>{extra}</span> : null}
    </span>
  );
}
