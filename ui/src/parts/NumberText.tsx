import { useLingui } from "@lingui/react/macro";
import { locale } from "../words/dates";

interface Props {
  value: number | null | undefined;
  /** Unit as people write it, shown smaller than the number. */
  unit?: string;
  /** Digits after the decimal mark. */
  digits?: number;
}

/** A number in the person's format with its unit; missing is "Not recorded", never 0 or a dash. */
export function NumberText({ value, unit, digits = 0 }: Props) {
  const { t } = useLingui();
  if (value === null || value === undefined || Number.isNaN(value)) return <span className="secondary">{t`Not recorded`}</span>;
  return (
    <span className="numbers nowrap">
      {formatNumber(value, digits)}
      {unit ? <span className="unit"> {unit}</span> : null}
    </span>
  );
}

/** A number in the person's format. */
export function formatNumber(value: number, digits = 0): string {
  return value.toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

const STEPS = ["B", "kB", "MB", "GB"] as const;
const STEPS_FRENCH = ["o", "ko", "Mo", "Go"] as const;

/** A size in bytes: "212 kB", "1.8 MB" (decimal steps, as file managers show). */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let step = 0;
  while (value >= 1000 && step < STEPS.length - 1) {
    value /= 1000;
    step += 1;
  }
  return `${formatNumber(value, step > 1 && value < 100 ? 1 : 0)} ${(locale() === "fr-FR" ? STEPS_FRENCH : STEPS)[step]}`;
}
