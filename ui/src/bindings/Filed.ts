
export type Filed = { id: string, };
