
export type ReadFile = { record: string, file: string, };
