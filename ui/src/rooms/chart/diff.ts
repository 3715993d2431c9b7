/** A piece of a text, and whether the other text lacks it. */
export interface Piece {
  text: string;
  differs: boolean;
}

/** Beyond this the comparison would take too long; the whole text is marked. */
const MOST_WORDS = 1_500;

/** `text` cut into pieces, those marked that `other` does not have at that place (longest common run of words). */
export function marked(text: string, other: string): Piece[] {
  const [a, b] = [words(text), words(other)];
  if (a.length > MOST_WORDS || b.length > MOST_WORDS) return [{ text, differs: text !== other }];
  const common = commonLengths(a, b);
  const pieces: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < a.length) {
    if (j < b.length && a[i] === b[j]) {
      push(pieces, a[i] ?? "", false);
      i += 1;
      j += 1;
    } else if (j < b.length && (common[i]?.[j + 1] ?? 0) > (common[i + 1]?.[j] ?? 0)) {
      j += 1;
    } else {
      push(pieces, a[i] ?? "", true);
      i += 1;
    }
  }
  return pieces;
}

const words = (text: string) => text.match(/\s+|[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? [];

/** Length of the longest common run from each pair of places on. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint16Array[] {
  const rows = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const [here, below] = [rows[i] as Uint16Array, rows[i + 1] as Uint16Array];
      here[j] = a[i] === b[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, here[j + 1] ?? 0);
    }
  }
  return rows;
}

function push(pieces: Piece[], text: string, differs: boolean): void {
  const last = pieces.at(-1);
  if (last && last.differs === differs) last.text += text;
  else pieces.push({ text, differs });
}
