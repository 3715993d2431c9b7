
export type MicrophoneView = { name: string | null, };
