
export type PatientChoice = { index: number, name: string, date_of_birth: string | null, };
