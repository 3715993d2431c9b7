import { IconChevronRight, type Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import css from "./Choice.module.css";

interface Props {
  icon: Icon;
  title: ReactNode;
  children: ReactNode;
  onChoose: () => void;
}

/** One way to go on: an icon, a name, a sentence. */
export function Choice({ icon: Shown, title, children, onChoose }: Props) {
  return (
    <button type="button" className={css.choice} onClick={onChoose}>
      <span className={css.icon}>
        <Shown size="1.375rem" stroke={1.6} aria-hidden />
      </span>
      <span className={css.text}>
        <span className={css.title}>{title}</span>
        <span className="secondary">{children}</span>
      </span>
      <IconChevronRight size="1.125rem" aria-hidden />
    </button>
  );
}
