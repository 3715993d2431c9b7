
export type RemoveEntry = { patient: string, id: string, };
