
export type ReviewCheck = { id: string, review: string, };
