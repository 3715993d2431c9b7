
export type TrackPoint = { at_s: number, value: number, };
