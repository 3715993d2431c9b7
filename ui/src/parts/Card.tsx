import { useId, type ReactNode } from "react";
import css from "./Card.module.css";

interface Props {
  title?: ReactNode;
  /** Beside the title, quieter: a count, a source, a date. */
  note?: ReactNode;
  /** Right end of the head: one or two actions. */
  actions?: ReactNode;
  /** False when the content brings its own edges (rows, tables). */
  padded?: boolean;
  children: ReactNode;
}

/** A surface with a head. The head names the region for screen readers. */
export function Card({ title, note, actions, padded = true, children }: Props) {
  const id = useId();
  return (
    <section className={css.card} aria-labelledby={title ? id : undefined}>
      {title ? (
        <header className={css.head}>
          <h2 id={id}>{title}</h2>
          {note ? <span className="secondary">{note}</span> : null}
          {actions ? <div className={css.actions}>{actions}</div> : null}
        </header>
      ) : null}
      <div className={padded ? css.body : undefined}>{children}</div>
    </section>
  );
}

/** One row of a card's list: picture or icon, two lines, and what belongs to the right. */
export function Row({ lead, title, detail, end, onOpen }: { lead?: ReactNode; title: ReactNode; detail?: ReactNode; end?: ReactNode; onOpen?: () => void }) {
  const text = (
    <>
      {lead ? <span className={css.lead}>{lead}</span> : null}
      <span className={css.text}>
        <span className={css.title}>{title}</span>
        {detail ? <span className={`${css.detail} secondary`}>{detail}</span> : null}
      </span>
    </>
  );
  return (
    <div className={css.row}>
      {onOpen ? (
        <button type="button" className={css.open} onClick={onOpen}>
          {text}
        </button>
      ) : (
        <span className={css.still}>{text}</span>
      )}
      {end ? <span className={css.end}>{end}</span> : null}
    </div>
  );
}
