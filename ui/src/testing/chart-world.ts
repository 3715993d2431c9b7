import type { BannerView } from "../bindings/BannerView";
import type { CheckRow } from "../bindings/CheckRow";
import type { CheckView } from "../bindings/CheckView";
import type { ConflictView } from "../bindings/ConflictView";
import type { NoteRow } from "../bindings/NoteRow";
import type { PictureView } from "../bindings/PictureView";
import type { RecordRow } from "../bindings/RecordRow";
import type { ShareRow } from "../bindings/ShareRow";
import type { SummaryView } from "../bindings/SummaryView";
import type { Answers } from "../host/memory";
import { id } from "./world";

/** A chart that tests begin with. Nothing outside tests imports this file; the person is invented. */
export const patient = id(1000);

export const banner: BannerView = {
  id: patient,
  name: "Maria Okafor",
  initials: "MO",
  date_of_birth: "1967-08-14",
  age: 58,
  gender: "female",
  gender_as_entered: null,
  blood_group: "O+",
  patient_number: "P-204 881",
  phone: "+44 7700 900 142",
  email: null,
  address: null,
  preferred_language: "English",
  allergies_asked: "some",
  allergies_asked_at: "2026-01-05T09:00:00Z",
  allergies_asked_by: "Dr Wei Chen",
  allergies: [
    { id: id(11), substance: "Penicillin", reaction: "anaphylaxis", severity: "severe", confirmed: true, origin: null },
    { id: id(12), substance: "Latex", reaction: "rash", severity: "mild", confirmed: true, origin: null },
  ],
  conditions: ["Hypertension", "Atrial fibrillation", "Type 2 diabetes", "Migraine", "Hypothyroidism"].map((name, n) => ({
    id: id(20 + n),
    name,
    code: null,
    since: `${2020 - n}-03`,
    until: null,
    status: "active",
    origin: null,
  })),
  past_conditions: [],
  contacts: [{ id: id(31), name: "James Okafor", relation: "Husband", phone: "+44 7700 900 310" }],
  counts: { records: 1, medications: 0, checks: 2, unreviewed_checks: 1, notes: 0, shares: 0, conflicts: 0 },
  is_archived: false,
  waiting: false,
  origin: null,
  photo: null,
  photo_here: false,
  newer: 0,
  pinned: false,
  saved: null,
};

export function checkRow(more: Partial<CheckRow> = {}): CheckRow {
  return {
    id: id(2000),
    patient,
    patient_name: "Maria Okafor",
    detected_at: "2026-03-13T08:42:00Z",
    input_type: "voice",
    task: "vowel",
    status: "completed",
    result: "normal",
    inability: null,
    confidence: 0.93,
    model_version: "aidpost-screen 1.0.0",
    reviewed_by: null,
    reviewed_at: null,
    waiting: false,
    ...more,
  };
}

export function checkView(row: Partial<CheckRow> = {}, more: Partial<CheckView> = {}): CheckView {
  return {
    row: checkRow(row),
    measures: [
      { name: "hnr", value: 17.3, unit: "dB", norm_mean: 20.4, norm_sd: 3.1, z: 1, absent: null },
      { name: "cpps", value: null, unit: "dB", norm_mean: null, norm_sd: null, z: null, absent: "sample_rate_below_16k" },
    ],
    quality: [
      { code: "snr", value: 17.4, unit: "dB", limit: 20, verdict: "warn" },
      { code: "level", value: -8, unit: "dBFS", limit: -40, verdict: "accept" },
    ],
    quality_verdict: "warn",
    score: { total: 0, threshold: 4, healthy_share: 0.41, parts: [{ name: "C", z: 0.6, points: 0, basis: "norm_provisional" }] },
    notes: null,
    review: null,
    performed_by: null,
    duration_s: 6,
    device: "phone-headset",
    has_recording: true,
    only_supports: true,
    ...more,
  };
}

/** A spectrogram of two columns and five rows, one a kilohertz: the first loudest at the bottom, the second silent. */
export function spectrogramBytes(columns = 2, rows = 5, cells = [0, 40, 80, 120, 160, 255, 255, 255, 255, 255]): Uint8Array {
  const bytes = new Uint8Array(16 + cells.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, columns, true);
  view.setUint16(2, rows, true);
  [6, 5000, 0.25].forEach((value, at) => view.setFloat32(4 + at * 4, value, true));
  bytes.set(cells, 16);
  return bytes;
}

export const picture: PictureView = {
  waveform: Array.from({ length: 200 }, (_, n) => ({ min: -0.4 - (n % 7) / 50, max: 0.4 + (n % 5) / 50 })),
  duration_s: 6,
  marked: [{ from_s: 0.5, to_s: 5.5 }],
  f0: Array.from({ length: 50 }, (_, n) => ({ at_s: 0.5 + n * 0.1, value: 196 + (n % 4) })),
  level: [],
  onsets: [],
  path: [],
  ellipse: [],
};

export const balancePicture: PictureView = {
  waveform: [],
  duration_s: 60,
  marked: [],
  f0: [],
  level: [],
  onsets: [],
  path: Array.from({ length: 300 }, (_, n) => ({ at_s: n / 5, ml: Math.sin(n / 9), ap: Math.cos(n / 13) * 1.5 })),
  ellipse: Array.from({ length: 73 }, (_, n) => ({ at_s: 0, ml: 1.2 * Math.cos((n / 72) * 2 * Math.PI), ap: 1.8 * Math.sin((n / 72) * 2 * Math.PI) })),
};

export function recordRow(n: number, more: Partial<RecordRow> = {}): RecordRow {
  return {
    id: id(5000 + n),
    title: `Record ${n}`,
    document_type: "LAB_REPORT",
    date_of_record: "2026-03-03",
    source_doctor: null,
    description: null,
    notes: null,
    files: [{ id: id(5500 + n), name: `record-${n}.txt`, media_type: "text/plain", size: 1200, here: true, coming: false, thumbnail: false, sha256: "ab".repeat(32) }],
    shared: 0,
    author: "Dr Amina Rahman",
    origin: null,
    created_at: "2026-03-04T10:00:00Z",
    is_archived: false,
    waiting: false,
    ...more,
  };
}

export function noteRow(n: number, more: Partial<NoteRow> = {}): NoteRow {
  return { id: id(7000 + n), text: `Note ${n}`, author: "Dr Wei Chen", mine: false, created_at: "2026-03-01T10:00:00Z", shared_with_patient: false, amends: null, amended_by: null, waiting: false, ...more };
}

export function shareRow(n: number, more: Partial<ShareRow> = {}): ShareRow {
  return {
    id: id(3000 + n),
    patient,
    patient_name: "Maria Okafor",
    label: `Share ${n}`,
    created_at: "2026-03-13T08:00:00Z",
    expires_at: null,
    state: "active",
    uses: 1,
    max_uses: 3,
    method: "QR_CODE",
    long_term: true,
    content_at: null,
    end_in_code: false,
    over: more.state === "revoked",
    has_passcode: false,
    records: 2,
    ...more,
  };
}

export const conflict: ConflictView = {
  id: id(9001),
  collection: "patients",
  document: patient,
  patient,
  patient_name: "Maria Okafor",
  field: "phone",
  weight: "identity",
  deletion: false,
  can_keep_both: false,
  base: null,
  shown: "+44 7700 900 142",
  displaced: "+44 7700 900 124",
  shown_by: "This device",
  displaced_by: "Front desk",
  shown_at: "2026-03-13T08:00:00Z",
  displaced_at: "2026-03-13T07:00:00Z",
};

export const emptySummary: SummaryView = { latest_check: null, checks: [], vitals: [], bmi: null, height_cm: null, medications: [], records: [], notes: [], conflicts: [], emergency_number: "112" };

/** Answers of an open chart in which every room can be shown. */
export function openChart(more: Answers = {}): Answers {
  return {
    "patients.banner": banner,
    "summary.view": emptySummary,
    "sync.conflicts": [],
    "records.list": { total: 0, rows: [] },
    "vitals.view": { tiles: [], series: [] },
    "medications.list": [],
    "checks.list": [],
    "checks.trends": [],
    "checks.picture": picture,
    "checks.microphone": { name: "Built-in microphone" },
    "notes.list": [],
    "notes.draft": { text: "", at: null },
    "notes.keep_draft": (input) => ({ text: input.text, at: input.text ? "2026-03-13T10:42:05Z" : null }),
    "access.view": { shares: [], accesses: [] },
    "access.glass": { name: "Maria Okafor", restricted: false, closed: false, may_break: true, allowed: [] },
    "shares.choices": [],
    ...more,
  };
}

/** The address of a chart's tab. */
export const at = (tab: string): string => `/patients/${patient}/${tab}`;
