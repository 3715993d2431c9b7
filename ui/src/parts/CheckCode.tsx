import css from "./CheckCode.module.css";

/** Cuts sixteen characters into four groups; spaces and dashes of the original do not matter. */
export function fourByFour(text: string): string[] {
  const bare = text.replace(/[\s-]/g, "");
  return bare.match(/.{1,4}/g) ?? [];
}

/** Characters to be read aloud, in groups of four. */
export function CheckCode({ code, label }: { code: string; label: string }) {
  const groups = fourByFour(code);
  return (
    <p className={css.code} role="img" aria-label={`${label}: ${groups.map((group) => group.split("").join(" ")).join(", ")}`}>
      {groups.map((group, at) => (
        <span key={at} className={`${css.group} mono`}>
          {group}
        </span>
      ))}
    </p>
  );
}
