import type { MedicationSource } from "./MedicationSource";

export type AddMedication = { patient: string, name: string, dosage: string | null, source: MedicationSource, started_on: string | null, reason: string | null, };
