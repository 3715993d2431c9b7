
export type JudgePassphrase = { passphrase: string, context: Array<string>, };
