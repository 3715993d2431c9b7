
export type StartRecording = { patient: string, task: string, };
