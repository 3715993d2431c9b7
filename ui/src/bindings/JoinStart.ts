
export type JoinStart = { invitation: string, name: string, passphrase: string, };
