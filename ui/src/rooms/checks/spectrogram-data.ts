/** Where the energy of a voice lies, as the program sends it. */
export interface SpectrogramData {
  columns: number;
  rows: number;
  seconds: number;
  /** Frequency of the upper edge, hertz; the lower is 0. */
  top: number;
  /** Decibels of one step of a cell. */
  step: number;
  /** Column by column, lowest frequency first: steps below the loudest cell. */
  cells: Uint8Array;
}

const HEAD = 16;
/** What lies further below the loudest is not shown apart from silence. */
export const RANGE_DB = 40;

/** Null where the bytes are not such a picture. */
export function readSpectrogram(bytes: Uint8Array): SpectrogramData | null {
  if (bytes.length < HEAD) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [columns, rows] = [view.getUint16(0, true), view.getUint16(2, true)];
  const cells = bytes.subarray(HEAD);
  if (cells.length !== columns * rows) return null;
  return { columns, rows, seconds: view.getFloat32(4, true), top: view.getFloat32(8, true), step: view.getFloat32(12, true), cells };
}

/** A stretch of time in numbers: where most energy lies, and the level of each kilohertz, dB below the loudest. */
export interface Stretch {
  from: number;
  to: number;
  /** Hertz; null where nothing is within the range that is shown. */
  strongest: number | null;
  levels: (number | null)[];
}

/** The picture as a table of at most `count` stretches: the means of power of their cells. */
export function stretchesOf(data: SpectrogramData, count = 12): Stretch[] {
  const bands = Math.max(1, Math.round(data.top / 1000));
  return Array.from({ length: Math.min(count, data.columns) }, (_, n, total = Math.min(count, data.columns)) => {
    const [from, to] = [Math.floor((n * data.columns) / total), Math.floor(((n + 1) * data.columns) / total)];
    const power = Array.from({ length: data.rows }, (_, row) => meanPower(data, from, to, row));
    const best = power.indexOf(Math.max(...power));
    const level = (list: number[]) => audible(10 * Math.log10(list.reduce((sum, one) => sum + one, 0) / Math.max(1, list.length)));
    return {
      from: (from / data.columns) * data.seconds,
      to: (to / data.columns) * data.seconds,
      strongest: level([power[best] ?? 0]) === null ? null : ((best + 0.5) / data.rows) * data.top,
      levels: Array.from({ length: bands }, (_, band) => level(power.slice(Math.floor((band * data.rows) / bands), Math.floor(((band + 1) * data.rows) / bands)))),
    };
  });
}

const audible = (db: number) => (db > -RANGE_DB ? db : null);

function meanPower(data: SpectrogramData, from: number, to: number, row: number): number {
  let sum = 0;
  for (let column = from; column < to; column += 1) sum += 10 ** ((-(data.cells[column * data.rows + row] ?? 255) * data.step) / 10);
  return sum / Math.max(1, to - from);
}
