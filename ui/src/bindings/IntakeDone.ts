
export type IntakeDone = { patient: string, filed: number, skipped: number, };
