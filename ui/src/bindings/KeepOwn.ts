import type { Gender } from "./Gender";

export type KeepOwn = { name: string, date_of_birth: string | null, gender: Gender | null, passphrase: string, language: string, };
