
export type ShareChoice = { id: string, kind: string, title: string, date: string | null, detail: string | null, };
