
export type FindPatients = { text: string, offset: number, limit: number, archived: boolean, };
