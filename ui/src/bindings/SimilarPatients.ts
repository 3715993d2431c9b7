
export type SimilarPatients = { name: string, date_of_birth: string | null, };
