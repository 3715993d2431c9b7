
export type IntakeProblem = { resource: string, element: string, sentence: string, };
