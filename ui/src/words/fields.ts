import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

const COLLECTIONS: Record<string, MessageDescriptor> = {
  patients: msg`Patient`,
  users: msg`Account`,
  doctors: msg`Clinician`,
  clinics: msg`Clinic`,
  medical_records: msg({ message: "Record", context: "document" }),
  medications: msg`Medication`,
  doctor_notes: msg`Note`,
  observations: msg`Value`,
  detections: msg`Stroke check`,
  share_tokens: msg({ message: "Share", context: "noun" }),
  access_logs: msg`Access`,
  conflicts: msg`Conflict`,
  notifications: msg`Notification`,
  amendments: msg`Amendment`,
  appointments: msg`Appointment`,
  journal: msg`Journal of a device`,
  certs: msg`Certificate`,
  scope_keys: msg({ message: "Key", context: "of a chart" }),
  grants: msg({ message: "Key", context: "of a chart" }),
};

const FIELDS: Record<string, MessageDescriptor> = {
  name: msg`Name`,
  date_of_birth: msg`Date of birth`,
  gender: msg`Gender`,
  phone: msg`Telephone`,
  mobile_number: msg`Telephone`,
  email: msg`E-mail`,
  address: msg`Address`,
  blood_group: msg`Blood group`,
  preferred_language: msg`Language`,
  allergies: msg`Allergies`,
  chronic_conditions: msg`Conditions`,
  medical_history: msg`History`,
  emergency_contacts: msg`Contacts`,
  bmi: msg`Height and weight`,
  title: msg`Title`,
  notes: msg`Notes`,
  note_text: msg`Text`,
  description: msg`Text`,
  dosage: msg`Dosage`,
  status: msg`Status`,
  document_type: msg`Kind of document`,
  date_of_record: msg`Date of the record`,
  source_doctor: msg`Source`,
  is_archived: msg`Archived`,
  is_deleted: msg`Deleted`,
};

const spaced = (name: string) => name.replaceAll("_", " ");

/** A collection as a person calls it; one without words keeps its name. */
export function collectionWord(name: string): string {
  const words = COLLECTIONS[name];
  return words ? i18n._(words) : spaced(name);
}

/** A field as a person calls it; of a list the entry's own field is named too: "Allergies: severity". */
export function fieldWord(key: string): string {
  const [first = "", ...rest] = key.split(/[./]/);
  const words = FIELDS[first];
  const head = words ? i18n._(words) : spaced(first);
  const tail = rest.filter((part) => !/^[0-9a-f-]{36}$/i.test(part));
  return tail.length > 0 ? `${head}: ${tail.map(spaced).join(" ")}` : head;
}
