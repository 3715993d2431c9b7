
export type ArchiveRecord = { id: string, is_archived: boolean, };
