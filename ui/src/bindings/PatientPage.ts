import type { PatientRow } from "./PatientRow";

export type PatientPage = { total: number, rows: Array<PatientRow>, };
