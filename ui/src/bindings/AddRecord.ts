import type { DocumentType } from "./DocumentType";

export type AddRecord = { patient: string, title: string, document_type: DocumentType, date_of_record: string | null, source_doctor: string | null, notes: string | null, file_name: string, };
