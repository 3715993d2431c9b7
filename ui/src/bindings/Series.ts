import type { Point } from "./Point";

export type Series = { code: string, unit: string, points: Array<Point>, low: number | null, high: number | null, };
