
export type FileIntake = { ticket: string, items: Array<string> | null, patient: string | null, };
