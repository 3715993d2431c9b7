import type { Gender } from "./Gender";

export type PatientRow = { id: string, name: string, date_of_birth: string | null, age: number | null, gender: Gender | null, patient_number: string | null, phone: string | null, severe_allergies: Array<string>, updated_at: string, waiting: boolean, };
