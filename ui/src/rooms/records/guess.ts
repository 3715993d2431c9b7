import type { DocumentType } from "../../bindings/DocumentType";

/** What a file's name suggests. A proposal that a person confirms; never taken by itself. */
export interface Guess {
  title: string;
  type: DocumentType | null;
  /** "2026-03-03", or null. */
  date: string | null;
}

const HINTS: readonly [DocumentType, RegExp][] = [
  ["LAB_REPORT", /\b(lab|labs|laboratory|labo|analyse|analysis|blood|sang|lipid|hba1c|urine|cbc|nfs|panel|bilan|biologie)\b/],
  ["SCAN", /\b(x ?ray|xray|radio|radiograph|mri|irm|ct|scan|scanner|echo|ultrasound|dicom|dcm|ecg|ekg)\b/],
  ["PRESCRIPTION", /\b(prescription|rx|ordonnance|recipe|medication plan)\b/],
  ["VISIT", /\b(visit|consultation|discharge|letter|courrier|lettre|compte rendu|sortie)\b/],
];

const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Reads title, type and date out of a file's name. `today` bounds the date: a document cannot speak of tomorrow. */
export function guess(fileName: string, today: string): Guess {
  const bare = fileName.replace(/\.[A-Za-z0-9]{1,5}$/, "");
  const spaced = bare.replace(/[_+]+/g, " ").replace(/([a-z])([A-Z])/g, "$1 $2");
  const words = plain(spaced).replace(/[^a-z0-9]+/g, " ");
  const type = HINTS.find(([, hint]) => hint.test(words))?.[0] ?? (/\.dcm$/i.test(fileName) ? "SCAN" : null);
  const found = findDate(spaced);
  const date = found && found.date <= today ? found : null;
  const title = (date ? spaced.replace(date.text, " ") : spaced).replace(/[-\s]+/g, " ").trim();
  return { title: title ? title[0]?.toUpperCase() + title.slice(1) : bare, type, date: date?.date ?? null };
}

/** Year first is read as it stands; day first only where the middle number can be a month. */
function findDate(text: string): { text: string; date: string } | null {
  const iso = /(?<!\d)((?:19|20)\d{2})[-. ]?(\d{2})[-. ]?(\d{2})(?!\d)/.exec(text);
  if (iso) return dated(iso[0], iso[1], iso[2], iso[3]);
  const dayFirst = /(?<!\d)(\d{2})[-. ](\d{2})[-. ]((?:19|20)\d{2})(?!\d)/.exec(text);
  return dayFirst ? dated(dayFirst[0], dayFirst[3], dayFirst[2], dayFirst[1]) : null;
}

function dated(text: string, year = "", month = "", day = ""): { text: string; date: string } | null {
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (at.getUTCMonth() !== Number(month) - 1 || at.getUTCDate() !== Number(day)) return null;
  return { text, date: `${year}-${month}-${day}` };
}
