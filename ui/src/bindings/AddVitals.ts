import type { VitalEntry } from "./VitalEntry";

export type AddVitals = { patient: string, observed_at: string | null, entries: Array<VitalEntry>, };
