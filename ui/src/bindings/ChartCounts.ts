
export type ChartCounts = { records: number, medications: number, checks: number, unreviewed_checks: number, notes: number, shares: number, conflicts: number, };
