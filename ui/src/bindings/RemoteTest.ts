
export type RemoteTest = { ok: boolean, problem: string | null, sentence: string | null, host: string | null, };
