import type { ReactNode } from "react";
import css from "./Page.module.css";

interface Props {
  title: ReactNode;
  note?: ReactNode;
  actions?: ReactNode;
  /** Uses the whole height; the content scrolls inside (long lists). */
  filled?: boolean;
  /** Reading width, for forms and settings. */
  narrow?: boolean;
  children: ReactNode;
}

/** A screen: its title, its actions, its content. */
export function Page({ title, note, actions, filled, narrow, children }: Props) {
  return (
    <div className={`${css.page} ${filled ? css.filled : ""} ${narrow ? css.narrow : ""}`}>
      <header className={css.head}>
        <div>
          <h1>{title}</h1>
          {note ? <p className="secondary">{note}</p> : null}
        </div>
        {actions ? <div className={css.actions}>{actions}</div> : null}
      </header>
      <div className={css.content}>{children}</div>
    </div>
  );
}

/** Two columns 1.62 : 1 above 1180 px, one below. */
export function Columns({ children }: { children: ReactNode }) {
  return <div className={css.columns}>{children}</div>;
}

/** Cards under each other with the gap of the house. */
export function Stack({ children }: { children: ReactNode }) {
  return <div className={css.stack}>{children}</div>;
}
