const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Marks the first place where the first word of `part` stands in `text`, whatever its accents and case. */
export function Highlight({ text, part }: { text: string; part: string }) {
  const wanted = plain(part.trim().split(/\s+/)[0] ?? "");
  // Accents are dropped letter by letter, so a place in the plain text is the same place in the text.
  const at = wanted ? Array.from(text, (letter) => plain(letter)[0] ?? letter).join("").indexOf(wanted) : -1;
  if (at < 0) return <>{text}</>;
  const letters = Array.from(text);
  const end = at + wanted.length;
  return (
    <>
      {letters.slice(0, at).join("")}
      <mark style={{ background: "var(--accent-soft)", color: "inherit", fontWeight: 650 }}>{letters.slice(at, end).join("")}</mark>
      {letters.slice(end).join("")}
    </>
  );
}
