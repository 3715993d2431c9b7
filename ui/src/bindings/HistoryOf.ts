
export type HistoryOf = { collection: string, id: string, };
