
export type ReadRequest = { request: string, };
