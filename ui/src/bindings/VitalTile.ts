import type { Level } from "./Level";

export type VitalTile = { code: string, value: number, second: number | null, unit: string, observed_at: string, delta: number | null, delta_since: string | null, level: Level, };
