import type { ScorePart } from "./ScorePart";

export type ScoreView = { total: number, threshold: number, healthy_share: number | null, parts: Array<ScorePart>, };
