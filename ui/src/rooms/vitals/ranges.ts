/** How far back a trend looks. */
export type Reach = "6m" | "2y" | "all";

const DAYS: Record<Reach, number> = { "6m": 183, "2y": 731, all: Number.POSITIVE_INFINITY };

/** Points not older than the reach, counted from `now`. */
export function within<P extends { at: string }>(points: readonly P[], reach: Reach, now: Date): P[] {
  const oldest = now.getTime() - DAYS[reach] * 86_400_000;
  return points.filter((point) => new Date(point.at).getTime() >= oldest);
}
