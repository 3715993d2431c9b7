
export type MinMax = { min: number, max: number, };
