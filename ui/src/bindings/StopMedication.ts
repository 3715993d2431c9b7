
export type StopMedication = { id: string, ended_on: string | null, };
