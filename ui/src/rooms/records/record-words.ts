import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { IconClipboardText, IconFile, IconFlask, IconPrescription, IconScan, IconStethoscope, type Icon } from "@tabler/icons-react";
import type { DocumentType } from "../../bindings/DocumentType";
import type { RecordRow } from "../../bindings/RecordRow";
import { formatBytes } from "../../parts/NumberText";
import { calendarDay } from "../../words/dates";

/** All types, in the order of the filter. */
export const TYPES: readonly DocumentType[] = ["LAB_REPORT", "SCAN", "PRESCRIPTION", "VISIT", "OTHER"];

const WORDS: Record<DocumentType, MessageDescriptor> = {
  LAB_REPORT: msg`Lab report`,
  SCAN: msg`Scan`,
  PRESCRIPTION: msg`Prescription`,
  VISIT: msg`Visit`,
  OTHER: msg`Other`,
};

/** What a document is. */
export const typeWord = (type: DocumentType): MessageDescriptor => WORDS[type];

const ICONS: Record<DocumentType, Icon> = { LAB_REPORT: IconFlask, SCAN: IconScan, PRESCRIPTION: IconPrescription, VISIT: IconStethoscope, OTHER: IconFile };

/** The icon of a type. */
export const typeIcon = (type: DocumentType): Icon => ICONS[type] ?? IconClipboardText;

const FORMATS: Record<string, string> = { "application/pdf": "PDF", "image/jpeg": "JPG", "image/png": "PNG", "application/dicom": "DICOM", "text/plain": "TXT", "application/fhir+json": "FHIR" };

/** "PDF 212 kB", or nothing where a document is words alone. */
export function fileText(row: Pick<RecordRow, "files">): string | null {
  const [first] = row.files;
  if (!first) return null;
  const more = row.files.length > 1 ? ` +${row.files.length - 1}` : "";
  return `${formatOf(first.media_type)} ${formatBytes(first.size)}${more}`;
}

/** Short name of a media type. */
export function formatOf(mediaType: string): string {
  return FORMATS[mediaType] ?? (mediaType.split("/").pop() ?? mediaType).toUpperCase();
}

/** The day a document speaks of, or null. */
export const recordDay = (row: Pick<RecordRow, "date_of_record">): string | null => (row.date_of_record ? calendarDay(row.date_of_record) : null);
