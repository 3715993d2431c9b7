
export type DraftView = { text: string, at: string | null, };
