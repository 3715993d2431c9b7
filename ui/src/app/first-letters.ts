const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** True when `typed` is part of `label`, or its letters begin the words of `label` in order ("sc" finds "Sync centre"). */
export function byFirstLetters(typed: string, label: string): boolean {
  const wanted = plain(typed.trim());
  if (wanted === "") return true;
  const text = plain(label);
  if (text.includes(wanted)) return true;
  const initials = text
    .split(/[\s-]+/)
    .map((word) => word[0] ?? "")
    .join("");
  return initials.startsWith(wanted.replace(/\s+/g, ""));
}
