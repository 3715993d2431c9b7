import { IconAlertCircle, IconAlertTriangle, IconCircleCheck, IconInfoCircle, type Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import css from "./Banner.module.css";

type BannerTone = "crit" | "warn" | "info" | "ok";

const ICONS: Record<BannerTone, Icon> = { crit: IconAlertTriangle, warn: IconAlertCircle, info: IconInfoCircle, ok: IconCircleCheck };

interface Props {
  tone: BannerTone;
  title: ReactNode;
  icon?: Icon;
  action?: ReactNode;
  /** Read out at once (stroke signs) or when there is a pause. */
  urgent?: boolean;
  children?: ReactNode;
}

/** The alert bar above the content: one sentence, what it means, one action. */
export function Banner({ tone, title, icon, action, urgent, children }: Props) {
  const Shown = icon ?? ICONS[tone];
  return (
    <div className={`${css.banner} ${css[tone]}`} role={urgent ? "alert" : "status"}>
      <Shown size="1.25rem" className={css.icon} aria-hidden />
      <p className={css.text}>
        <strong>{title}</strong> {children}
      </p>
      {action ? <div className={css.action}>{action}</div> : null}
    </div>
  );
}
