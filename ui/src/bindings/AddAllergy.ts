import type { Severity } from "./Severity";

export type AddAllergy = { patient: string, substance: string, reaction: string | null, severity: Severity | null, };
