import type { CheckRow } from "./CheckRow";
import type { MeasureView } from "./MeasureView";
import type { QualityView } from "./QualityView";
import type { ScoreView } from "./ScoreView";

export type CheckView = { row: CheckRow, measures: Array<MeasureView>, quality: Array<QualityView>, quality_verdict: string, score: ScoreView | null, notes: string | null, review: string | null, performed_by: string | null, duration_s: number | null, has_recording: boolean, vowel_alone: boolean, };
