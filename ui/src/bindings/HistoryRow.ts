
export type HistoryRow = { key: string, value: string, at: string, device: string | null, displaced: boolean, };
