
export type KeepDraft = { patient: string, text: string, };
