import { Progress } from "@mantine/core";
import { locale } from "../words/dates";

interface Props {
  label: string;
  /** Null while the size is not known. */
  done: number | null;
  total: number;
  /** Says the share instead of the two numbers, where they count nothing that a person knows. */
  percent?: boolean;
}

/** A thin bar with its numbers in words. */
export function ProgressBar({ label, done, total, percent }: Props) {
  const share = done === null || total === 0 ? 100 : (done / total) * 100;
  const numbers = percent ? new Intl.NumberFormat(locale(), { style: "percent" }).format(share / 100) : `${done} / ${total}`;
  return (
    <div role="status">
      <p className="secondary numbers">
        {label}
        {done === null ? "" : ` · ${numbers}`}
      </p>
      <Progress value={share} animated={done === null} aria-label={label} size="sm" mt="xs" />
    </div>
  );
}
