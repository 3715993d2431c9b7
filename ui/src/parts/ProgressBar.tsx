import { Progress } from "@mantine/core";

interface Props {
  label: string;
  /** Null while the size is not known. */
  done: number | null;
  total: number;
}

/** A thin bar with its numbers in words. */
export function ProgressBar({ label, done, total }: Props) {
  const share = done === null || total === 0 ? 100 : (done / total) * 100;
  return (
    <div role="status">
      <p className="secondary numbers">
        {label}
        {done === null ? "" : ` · ${done} / ${total}`}
      </p>
      <Progress value={share} animated={done === null} aria-label={label} size="sm" mt="xs" />
    </div>
  );
}
