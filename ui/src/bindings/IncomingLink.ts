
export type IncomingLink = { text: string, label: string | null, host: string, expires_at: string | null, expired: boolean, needs_passcode: boolean, long_term: boolean, local_network: boolean, };
