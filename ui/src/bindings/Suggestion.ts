
export type Suggestion = { passphrase: string, };
