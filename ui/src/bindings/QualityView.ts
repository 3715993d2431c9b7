
export type QualityView = { code: string, value: number | null, unit: string, limit: number | null, verdict: string, };
