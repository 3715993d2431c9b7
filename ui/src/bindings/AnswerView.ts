
export type AnswerView = { answer: string, };
