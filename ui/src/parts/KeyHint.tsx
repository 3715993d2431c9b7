import css from "./KeyHint.module.css";

/** Shows a key or a sequence as caps: `Ctrl+k` becomes one cap "Ctrl K", `g t` two caps. */
export function KeyHint({ keys, quiet }: { keys: string; quiet?: boolean }) {
  const caps = keys.split(" ").map((one) => (one.length > 1 ? one.replace("+", " ") : one));
  return (
    <span className={css.keys} aria-hidden={quiet || undefined}>
      {caps.map((cap, at) => (
        <kbd key={at} className={css.cap}>
          {cap.replace(/(^| )(\w)$/, (_, before: string, letter: string) => before + letter.toUpperCase())}
        </kbd>
      ))}
    </span>
  );
}
