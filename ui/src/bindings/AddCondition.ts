
export type AddCondition = { patient: string, name: string, since: string | null, };
