
export type OfPatient = { patient: string, };
