
export type Problem = { code: string, detail: string | null, retry: boolean, };
