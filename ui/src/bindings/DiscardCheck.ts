
export type DiscardCheck = { draft: string, };
