const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Words of four letters or more that appear in both: the label is read before anything is opened, by whoever holds the code. */
export function clinicalWords(label: string, facts: readonly string[]): string[] {
  const told = new Set(facts.flatMap((fact) => plain(fact).match(/[a-z0-9]{4,}/g) ?? []));
  const common = new Set(["report", "record", "records", "summary", "letter", "panel", "visit", "date", "test", "health"]);
  const words = label.match(/[\p{L}\p{N}]{4,}/gu) ?? [];
  return words.filter((word) => told.has(plain(word)) && !common.has(plain(word)));
}
