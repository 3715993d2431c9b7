
export type ById = { id: string, };
