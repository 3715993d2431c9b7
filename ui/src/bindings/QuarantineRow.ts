
export type QuarantineRow = { collection: string, id: string, reason: string, at: string, };
