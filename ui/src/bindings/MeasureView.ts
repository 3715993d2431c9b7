
export type MeasureView = { name: string, value: number | null, unit: string, norm_mean: number | null, norm_sd: number | null, z: number | null, absent: string | null, };
