import type { DocumentType } from "./DocumentType";
import type { FileRow } from "./FileRow";

export type RecordRow = { id: string, title: string, document_type: DocumentType, date_of_record: string | null, source_doctor: string | null, description: string | null, notes: string | null, files: Array<FileRow>, shared: number, author: string | null, origin: string | null, created_at: string, is_archived: boolean, waiting: boolean, };
