
export type SetRemote = { address: string | null, };
