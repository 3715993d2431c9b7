import type { Severity } from "./Severity";

export type AllergyView = { id: string, substance: string, reaction: string | null, severity: Severity | null, confirmed: boolean, origin: string | null, };
