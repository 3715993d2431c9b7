import type { TrendMark } from "../../bindings/TrendMark";

const DAY_MS = 86_400_000;
/** After so many days without a value nobody knows how it went in between: no line is drawn. */
export const LONGEST_DAYS = 90;

/** Runs of values that a line may join: the same kind of device, no attempt without a value and no long silence between them. */
export function runsOf(points: readonly TrendMark[]): TrendMark[][] {
  const runs: TrendMark[][] = [];
  let last: TrendMark | null = null;
  for (const point of points) {
    if (point.value === null) {
      last = null;
      continue;
    }
    const near = last !== null && Date.parse(point.at) - Date.parse(last.at) <= LONGEST_DAYS * DAY_MS;
    if (last !== null && near && last.device === point.device) runs.at(-1)?.push(point);
    else runs.push([point]);
    last = point;
  }
  return runs;
}

/** Where the kind of device changes: values before and after are not comparable. */
export function deviceChanges(points: readonly TrendMark[]): TrendMark[] {
  const measured = points.filter((point) => point.value !== null);
  return measured.filter((point, at) => at > 0 && measured[at - 1]?.device !== point.device);
}
