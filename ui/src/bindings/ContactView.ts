
export type ContactView = { id: string, name: string, relation: string | null, phone: string, };
