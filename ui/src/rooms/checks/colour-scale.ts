type Colour = readonly [number, number, number];

/**
 * A scale from little to much whose lightness rises evenly from blue to yellow, so that it reads the same with any colour
 * vision and in grey: five points of the published cividis map (Nuñez, Anderton & Renslow 2018), joined by straight lines.
 */
const DARK: readonly Colour[] = [
  [0, 32, 77],
  [65, 77, 107],
  [124, 123, 120],
  [188, 175, 111],
  [255, 234, 70],
];

/** On a light page the same the other way round, from near white: a yellow ground would outshine everything else. */
const LIGHT: readonly Colour[] = [[255, 253, 240], ...DARK.slice(0, -1).toReversed()];

/** Red, green and blue of a share from 0 (little) to 1 (much). On a light page little is light, on a dark one dark. */
export function colourAt(share: number, light: boolean): [number, number, number] {
  const bounded = Math.max(0, Math.min(1, share));
  const points = light ? LIGHT : DARK;
  const place = bounded * (points.length - 1);
  const at = Math.min(points.length - 2, Math.floor(place));
  const mix = (channel: 0 | 1 | 2) => Math.round((points[at]?.[channel] ?? 0) * (1 - (place - at)) + (points[at + 1]?.[channel] ?? 0) * (place - at));
  return [mix(0), mix(1), mix(2)];
}
