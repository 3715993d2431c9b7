
export type Span = { from_s: number, to_s: number, };
