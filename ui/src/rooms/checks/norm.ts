import type { MeasureView } from "../../bindings/MeasureView";

/** Two standard deviations either side: about 95 of 100 people of the reference lie within. */
const SPREAD = 2;

/** Where a value stands on the strip, from 0 (far on the good side) to 1 (far on the side of concern). */
export function stripPosition(z: number): number {
  const edge = 4;
  return (Math.max(-edge, Math.min(edge, z)) + edge) / (2 * edge);
}

/** Share of the strip that is the usual range. */
export const BAND = { from: stripPosition(-SPREAD), to: stripPosition(SPREAD) };

/**
 * The usual range in the measure's own unit. Norms of skewed measures are kept as logarithms; which of the two it is shows in
 * the distance that came with it. Null when neither explains it, rather than a range that is wrong.
 */
export function usualRange(measure: Pick<MeasureView, "value" | "norm_mean" | "norm_sd" | "z">): [number, number] | null {
  const { value, norm_mean: mean, norm_sd: sd, z } = measure;
  if (value === null || mean === null || sd === null || z === null || sd <= 0) return null;
  const fits = (scaled: number) => Math.abs(Math.abs((scaled - mean) / sd) - Math.abs(z)) < 0.02 * Math.max(1, Math.abs(z));
  if (value > 0 && fits(Math.log(value))) return [Math.exp(mean - SPREAD * sd), Math.exp(mean + SPREAD * sd)];
  return fits(value) ? [mean - SPREAD * sd, mean + SPREAD * sd] : null;
}
