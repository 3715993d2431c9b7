
export type Admit = { request: string, typed_check: string, };
