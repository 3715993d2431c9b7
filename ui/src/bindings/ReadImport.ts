
export type ReadImport = { file_name: string, patient: string | null, };
