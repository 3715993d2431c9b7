import type { DocumentType } from "./DocumentType";

export type ListRecords = { patient: string, text: string, document_type: DocumentType | null, offset: number, limit: number, archived: boolean, };
