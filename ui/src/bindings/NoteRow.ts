
export type NoteRow = { id: string, text: string, author: string, mine: boolean, created_at: string, shared_with_patient: boolean, amends: string | null, amended_by: string | null, waiting: boolean, };
