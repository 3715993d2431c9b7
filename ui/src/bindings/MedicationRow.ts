import type { MedicationSource } from "./MedicationSource";
import type { MedicationStatus } from "./MedicationStatus";

export type MedicationRow = { id: string, name: string, dosage: string | null, status: MedicationStatus, source: MedicationSource, started_on: string | null, ended_on: string | null, reason: string | null, prescriber: string | null, origin: string | null, waiting: boolean, };
