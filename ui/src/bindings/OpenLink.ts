
export type OpenLink = { text: string, recipient: string, passcode: string | null, allow_local: boolean, };
