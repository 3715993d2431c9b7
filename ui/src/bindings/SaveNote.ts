
export type SaveNote = { patient: string, text: string, shared_with_patient: boolean, amends: string | null, };
