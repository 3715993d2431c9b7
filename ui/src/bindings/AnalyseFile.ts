
export type AnalyseFile = { patient: string, task: string, file_name: string, };
