
export type AddContact = { patient: string, name: string, relation: string | null, phone: string, };
