
export type ConflictView = { id: string, collection: string, document: string, patient: string | null, patient_name: string | null, field: string, base: string | null, shown: string | null, displaced: string | null, shown_by: string | null, displaced_by: string | null, shown_at: string, displaced_at: string, };
