
export type WriteVisit = { patient: string, title: string, description: string, date_of_record: string | null, };
