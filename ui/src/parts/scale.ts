/** Lowest and highest value with a little room, never equal; the room does not go below zero where no value does. */
export function bounds(values: readonly number[]): [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = high > low ? (high - low) * 0.12 : Math.max(Math.abs(high) * 0.05, 1);
  return [low >= 0 ? Math.max(0, low - room) : low - room, high + room];
}

/** Round numbers between `low` and `high`, about `count` of them (steps of 1, 2 or 5 times a power of ten). */
export function ticks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? rough;
  const list: number[] = [];
  for (let value = Math.ceil(low / step) * step; value <= high; value += step) list.push(Number(value.toPrecision(12)));
  return list;
}
