
export type KeepCheck = { draft: string, notes: string | null, };
