
export type Unlock = { profile: string, passphrase: string, };
