import type { ClinicalStatus } from "./ClinicalStatus";

export type ConditionView = { id: string, name: string, code: string | null, since: string | null, until: string | null, status: ClinicalStatus, origin: string | null, };
