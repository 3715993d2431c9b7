
export type FileRow = { id: string, name: string, media_type: string, size: number, here: boolean, sha256: string, };
