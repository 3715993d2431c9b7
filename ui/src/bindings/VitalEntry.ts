
export type VitalEntry = { code: string, value: number, unit: string, };
