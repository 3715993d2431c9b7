
export type TypeCount = { resource_type: string, total: number, mapped: number, ignored: number, kept: number, };
