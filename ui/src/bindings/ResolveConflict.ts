
export type ResolveConflict = { id: string, keep_displaced: boolean, };
