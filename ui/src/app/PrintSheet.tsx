import type { ReactNode } from "react";
import { createPortal } from "react-dom";
import type { MeView } from "../bindings/MeView";
import { day } from "../words/dates";

interface Props {
  /** What the sheet is; above whose it is and the day. Without it, only the content is printed. */
  title?: ReactNode;
  me?: MeView;
  children: ReactNode;
}

/** What the printer gets instead of the window. */
export function PrintSheet({ title, me, children }: Props) {
  return createPortal(
    <div data-print-sheet aria-hidden>
      {title ? <h1>{title}</h1> : null}
      {me ? (
        <p>
          {me.name} · {me.realm_name} · {day(new Date())}
        </p>
      ) : null}
      {children}
    </div>,
    document.body,
  );
}
