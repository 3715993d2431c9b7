
export type PathPoint = { at_s: number, ml: number, ap: number, };
