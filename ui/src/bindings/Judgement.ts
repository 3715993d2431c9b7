
export type Judgement = { ok: boolean, score: number, reason: string | null, };
