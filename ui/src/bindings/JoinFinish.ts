
export type JoinFinish = { answer: string, };
