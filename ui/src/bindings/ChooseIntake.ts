
export type ChooseIntake = { ticket: string, index: number, patient: string | null, };
