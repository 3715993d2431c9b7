
export type MakeShare = { patient: string, choices: Array<string>, kinds: Array<string>, label: string, minutes: number | null, max_uses: number | null, passcode: string | null, direct: boolean, };
