
export type ScorePart = { name: string, z: number, points: number, basis: string, };
