import css from "./Avatar.module.css";

/** Up to two initials of a name, from its first and last word. */
export function initials(name: string): string {
  const words = name.replace(/^(Dr|Prof|Mr|Mrs|Ms|M\.|Mme)\.?\s+/i, "").trim().split(/\s+/);
  const first = words[0]?.[0] ?? "";
  const last = words.length > 1 ? (words.at(-1)?.[0] ?? "") : "";
  return (first + last).toUpperCase();
}

interface Props {
  name: string;
  /** In rem. */
  size?: number;
  square?: boolean;
  /** Address of a picture; initials without one. */
  src?: string;
}

/** A person's picture, or initials where there is none. Decorative: the name stands beside it. */
export function Avatar({ name, size = 2, square, src }: Props) {
  if (src) return <img className={`${css.picture} ${square ? css.square : ""}`} style={{ width: `${size}rem`, height: `${size}rem` }} src={src} alt="" />;
  return (
    <span className={`${css.avatar} ${square ? css.square : ""}`} style={{ width: `${size}rem`, height: `${size}rem`, fontSize: `${size * 0.36}rem` }} aria-hidden>
      {initials(name)}
    </span>
  );
}
