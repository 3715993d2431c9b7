import type { Level } from "./Level";

export type Point = { id: string, at: string, value: number, second: number | null, level: Level, by: string | null, };
