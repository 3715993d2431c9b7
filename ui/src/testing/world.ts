import type { AddressView } from "../bindings/AddressView";
import type { BackupsView } from "../bindings/BackupsView";
import type { ContactsView } from "../bindings/ContactsView";
import type { DeletionView } from "../bindings/DeletionView";
import type { MeView } from "../bindings/MeView";
import type { PatientRow } from "../bindings/PatientRow";
import type { RetentionView } from "../bindings/RetentionView";
import type { SettingsView } from "../bindings/SettingsView";
import type { SyncView } from "../bindings/SyncView";
import type { TodayView } from "../bindings/TodayView";
import type { Answers } from "../host/memory";

/** Values that tests begin with. Never part of the shipped program: nothing outside tests imports this file. */
export const id = (n: number): string => `01920000-0000-7000-8000-${String(n).padStart(12, "0")}`;

export const me: MeView = {
  user: id(1),
  name: "Dr Amina Rahman",
  initials: "AR",
  role: "doctor",
  clinical: true,
  realm_name: "Harbour Clinic",
  alone: false,
  device: id(2),
  chart: null,
  read_only: false,
  clinic_recovers: false,
};

export const settings: SettingsView = {
  language: "en",
  theme: "light",
  text_size: 100,
  emergency_number: "112",
  single_keys: true,
  lock_minutes: 15,
  shared: false,
};

export const synced: SyncView = {
  phase: "live",
  problem: null,
  detail: null,
  to_send: 0,
  to_send_bytes: 0,
  to_fetch: 0,
  first: null,
  files_to_send: 0,
  files_to_fetch: 0,
  file_bytes_done: 0,
  file_bytes_total: 0,
  oldest_unsent: null,
  last_success: "2026-03-13T08:11:00Z",
  offline_since: null,
  conflicts: 0,
  quarantined: 0,
  clock_off_ms: null,
  remote: "db.harbour.example / harbour",
};

export const quietDay: TodayView = { patients: [], unreviewed: [], shares: [], notifications: [], conflicts: 0, total_patients: 0 };

export const noRetention: RetentionView = { custodian: null, custodian_name: null, years: null, may_name: false, choices: [], waiting: [], kept: [] };

export const noWish: DeletionView = { stage: null, requested_at: null, ends_at: null, code_by: null, retention_years: null, alone: false, removed: false, cut_off: false };

const nowhere: AddressView = { address: null, verified: false, can_send: false, taken: false };
export const noContacts: ContactsView = { email: nowhere, phone: nowhere };

/** A row of the list; what a test cares about is given. */
export function patientRow(n: number, more: Partial<PatientRow> = {}): PatientRow {
  return {
    id: id(1000 + n),
    name: `Patient ${n}`,
    date_of_birth: "1967-08-14",
    age: 58,
    gender: "female",
    patient_number: `P-${n}`,
    phone: null,
    severe_allergies: [],
    updated_at: "2026-03-12T19:05:00Z",
    waiting: false,
    ...more,
  };
}

/** A device on which no backup was ever made. */
export const noBackups: BackupsView = { plan: { folder: null, rhythm: "by_hand", keep: 7 }, last: null, trouble: null, running: false, places: [] };

/** Answers of an open vault in which nothing has happened yet. */
export function openVault(): Answers {
  return {
    "session.state": { stage: "open", profiles: [], me, locked: null, joining: null, version: "0.1.0", erased: [] },
    "sync.state": synced,
    "today.view": quietDay,
    "settings.get": settings,
    "patients.find": { total: 0, rows: [] },
    "mail.settings": { smtp: null, sms: null, may_change: false },
    "session.touch": {},
    "sessions.list": [],
    "deletion.view": noWish,
    "shares.host": { address: null, may_change: false },
    "contacts.view": noContacts,
    "appointments.double_booked": [],
    "backups.view": noBackups,
    "keys.view": { version: 1, since: null, known_elsewhere: false, by_root: false, asked: null },
    "people.key_requests": [],
    "people.returning": [],
    "recovery.view": { offered: false, since: null },
    "retention.view": noRetention,
    "realm.logins_to_end": [],
  };
}
