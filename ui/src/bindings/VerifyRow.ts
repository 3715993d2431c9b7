
export type VerifyRow = { collection: string, equal: number, only_here: number, only_there: number, different: number, };
