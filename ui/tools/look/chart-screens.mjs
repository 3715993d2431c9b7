// The screens of a chart, with the answers behind them. The person, the values and the recordings are invented.
import { readFileSync } from "node:fs";
import { open as base } from "./screens.mjs";
import { madeCode } from "./made-code.mjs";

const id = (n) => `01920000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ago = (milliseconds) => new Date(Date.now() - milliseconds).toISOString();
const dayAgo = (days) => ago(days * DAY).slice(0, 10);
const patient = id(1000);
const model = "aidpost-screen 1.0.0";

const banner = {
  id: patient, name: "Maria Okafor", initials: "MO", date_of_birth: "1967-08-14", age: 58, gender: "female", gender_as_entered: null, blood_group: "O+", patient_number: "P-204 881", phone: "+44 7700 900 142",
  email: null, address: null, preferred_language: "English, French", allergies_asked: "some", allergies_asked_at: ago(90 * DAY), allergies_asked_by: "Dr Wei Chen",
  allergies: [
    { id: id(11), substance: "Penicillin", reaction: "anaphylaxis", severity: "severe", confirmed: true, origin: null },
    { id: id(12), substance: "Latex", reaction: "rash", severity: "mild", confirmed: false, origin: "City Hospital" },
  ],
  conditions: [["Atrial fibrillation", "2023"], ["Hypertension", "2020-03"], ["Type 2 diabetes", "2018"], ["Migraine with aura", "2011"], ["Hypothyroidism", "2009"]].map(([name, since], n) => ({ id: id(20 + n), name, code: null, since, until: null, status: "active", origin: null })),
  past_conditions: [{ id: id(29), name: "Pneumonia", code: null, since: "2016-01", until: "2016-02", status: "resolved", origin: null }],
  contacts: [
    { id: id(31), name: "James Okafor", relation: "Husband", phone: "+44 7700 900 310" },
    { id: id(32), name: "Ngozi Okafor", relation: "Daughter", phone: "+44 7700 900 764" },
  ],
  counts: { records: 23, medications: 5, checks: 4, unreviewed_checks: 1, notes: 3, shares: 2, conflicts: 1 }, is_archived: false, waiting: false, origin: null, photo: null, photo_here: false, newer: 0, pinned: false, saved: null,
};

const check = (n, more) => ({ id: id(2000 + n), patient, patient_name: "Maria Okafor", detected_at: ago(0.7 * HOUR + n * 2 * DAY), input_type: "balance", task: "stance_eyes_open", status: "completed", result: "normal", inability: null, confidence: 0.97, model_version: model, reviewed_by: "Dr Wei Chen", reviewed_at: ago(n * 2 * DAY), waiting: false, ...more });
const signs = check(0, { result: "stroke_detected", confidence: 0.92, reviewed_by: null, reviewed_at: null, waiting: true });
const earlier = [check(1, { input_type: "voice", task: "vowel", confidence: 0.88 }), check(2, {}), check(3, { status: "insufficient_quality", result: null, confidence: null, input_type: "voice", task: "vowel" })];
const gate = (code, value, unit, limit, verdict = "accept") => ({ code, value, unit, limit, verdict });
const measure = (name, value, unit, mean = null, sd = null, z = null) => ({ name, value, unit, norm_mean: mean, norm_sd: sd, z, absent: null });

const balanceView = {
  row: signs,
  measures: [
    measure("ellipse_area", 11.8, "cm2", 0.69275, 0.71561, 2.48), measure("mean_velocity", 1.9, "cm/s", -0.16482, 0.31424, 2.57),
    measure("path_length", 114, "cm"), measure("rms_distance", 1.24, "cm"), measure("range_ml", 5.1, "cm"), measure("range_ap", 6.2, "cm"), measure("mean_frequency", 0.41, "Hz"),
    { name: "romberg_area", value: null, unit: "", norm_mean: null, norm_sd: null, z: null, absent: "other_eyes_condition_missing" },
  ],
  quality: [gate("cop_time_base", 100, "Hz", 50), gate("cop_gaps", 0, "", 0.01), gate("cop_range", 6.2, "cm", 30), gate("stance_jump", 2.1, "cm", 5), gate("duration", 60, "s", 55)],
  quality_verdict: "accept",
  score: { total: 2.4, threshold: 1.53, healthy_share: 0.02, parts: [["ellipse_area_eyes_open", 2.48], ["mean_velocity_eyes_open", 2.57], ["ellipse_area_eyes_closed", 2.15], ["mean_velocity_eyes_closed", 2.4]].map(([name, z]) => ({ name, z, points: z / 4, basis: "norm" })) },
  notes: null, review: null, performed_by: "Dr Amina Rahman", device: "force-plate", duration_s: 60, has_recording: true, only_supports: false,
};
const sway = Array.from({ length: 1500 }, (_, n) => ({ at_s: (n / 1500) * 60, ml: 0.8 * Math.sin(n / 31) + 0.7 * Math.sin(n / 11.3 + 1) + 0.25 * Math.sin(n / 3.7), ap: 1.1 * Math.cos(n / 47) + 0.7 * Math.sin(n / 13.1) + 0.3 * Math.cos(n / 4.1) }));
const ellipse = Array.from({ length: 73 }, (_, n) => {
  const [a, b, turn, angle] = [2.4, 1.6, 1.1, (n / 72) * 2 * Math.PI];
  return { at_s: 0, ml: a * Math.cos(angle) * Math.cos(turn) - b * Math.sin(angle) * Math.sin(turn), ap: a * Math.cos(angle) * Math.sin(turn) + b * Math.sin(angle) * Math.cos(turn) };
});
const balancePicture = { waveform: [], duration_s: 60, marked: [{ from_s: 0, to_s: 60 }], f0: [], path: sway, ellipse };

const voiceView = {
  row: check(1, { input_type: "voice", task: "vowel", confidence: 0.8, reviewed_by: null, reviewed_at: null }),
  measures: [
    measure("jitter_ppq5", 0.0031, "", -6.2063, 0.68792, 0.62), measure("shimmer_apq11", 0.041, "", -3.3931, 0.82543, 0.24), measure("hnr", 17.2, "dB", 20.4, 3.1, 1.03), measure("cpps", 13.1, "dB", 14.2, 1.9, 0.58), measure("f0_cv", 0.012, "", -4.6, 0.5, 0.35),
    measure("f0_mean", 196.4, "Hz"), measure("f0_sd", 2.4, "Hz"), measure("jitter_local", 0.0058, ""), measure("shimmer_local", 0.046, ""), measure("voiced_fraction", 0.99, ""), measure("phonation_time", 6.1, "s"), measure("intensity_sd", 2.3, "dB"),
  ],
  quality: [gate("sample_rate", 48000, "Hz", 16000), gate("clipping", 0.00001, "", 0.00005), gate("level", -8.2, "dBFS", -40), gate("snr", 17.4, "dB", 20, "warn"), gate("dropout", 0, "", 0), gate("voiced_time", 5, "s", 2.5), gate("voiced_fraction", 0.99, "", 0.8), gate("pitch_doubt", 0.01, "", 0.2)],
  quality_verdict: "warn",
  score: { total: 0, threshold: 4, healthy_share: 1, parts: [{ name: "C", z: 0.62, points: 0, basis: "norm_provisional" }] },
  notes: "Circumstances: tired", review: null, performed_by: "Dr Amina Rahman", device: "computer-headset", duration_s: 7.4, has_recording: true, only_supports: true,
};
const loud = (at) => (at < 1 ? 0.015 : at < 1.2 ? (at - 1) * 3 : at > 6.9 ? Math.max(0.01, (7.3 - at) * 1.4) : 0.62 + 0.08 * Math.sin(at * 9) + 0.05 * Math.sin(at * 31));
const voicePicture = {
  waveform: Array.from({ length: 1200 }, (_, n) => { const size = loud((n / 1200) * 7.4) * (0.85 + 0.15 * Math.sin(n * 1.7)); return { min: -size * 0.9, max: size }; }),
  duration_s: 7.4, marked: [{ from_s: 1.35, to_s: 6.35 }],
  f0: Array.from({ length: 520 }, (_, n) => ({ at_s: 1.15 + n * 0.011, value: 196 + 3 * Math.sin(n / 17) + 2 * Math.sin(n / 5.1) - n / 130 })),
  level: [], onsets: [], path: [], ellipse: [],
};
const spokenPicture = {
  ...voicePicture, f0: [], marked: [{ from_s: 1.0, to_s: 6.0 }],
  level: Array.from({ length: 400 }, (_, n) => ({ at_s: n * 0.0185, value: -18 - 14 * Math.cos((n * 0.0185 * 2 * Math.PI) / 0.19) })),
  onsets: Array.from({ length: 26 }, (_, n) => 1.05 + n * 0.19),
};
const rejected = { ...voiceView, row: earlier[2], measures: [], score: null, quality_verdict: "reject", only_supports: false, notes: null, has_recording: false, quality: [gate("snr", 6.1, "dB", 10, "reject"), gate("level", -44, "dBFS", -40, "warn"), gate("sample_rate", 48000, "Hz", 16000)] };

const record = (n, title, document_type, media_type, size, days, more = {}) => ({
  id: id(5000 + n), title, document_type, date_of_record: days === null ? null : dayAgo(days), source_doctor: "Dr Wei Chen", description: null, notes: null,
  files: media_type ? [{ id: id(5500 + n), name: `${title.toLowerCase().replaceAll(" ", "-")}.${media_type === "application/pdf" ? "pdf" : "png"}`, media_type, size, here: true, coming: false, thumbnail: false, sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" }] : [],
  shared: 0, author: "Dr Amina Rahman", origin: null, created_at: ago(days === null ? DAY : days * DAY), is_archived: false, waiting: false, ...more,
});
const records = [
  record(1, "Lipid panel", "LAB_REPORT", "application/pdf", 212_000, 10, { shared: 1 }),
  record(2, "Chest X-ray, PA", "SCAN", "image/png", 1_800_000, 23, { waiting: true }),
  record(3, "Blood pressure review", "VISIT", null, 0, 40, { description: "148/92 seated, twice. No headache, no palpitations.\nRamipril raised to 5 mg. Home readings for two weeks." }),
  record(4, "Discharge letter", "OTHER", "application/pdf", 96_000, 61, { origin: "City Hospital (FHIR)" }),
  record(5, "Prescription apixaban", "PRESCRIPTION", "image/png", 640_000, 130),
  ...Array.from({ length: 18 }, (_, n) => record(6 + n, `Home readings ${n + 1}`, "OTHER", "application/pdf", 40_000 + n * 900, 140 + n * 20)),
];
records[3].files[0].here = false;
[records[1], records[4]].forEach((one) => (one.files[0].thumbnail = true));

const repository = new URL("../../../", import.meta.url);
const files = { "application/pdf": new URL("crates/cli/samples/lab-report.pdf", repository), "image/png": new URL("docs/pictures/chart.png", repository) };

/** The bytes behind a file of these records: a report, or a picture. */
export const bytesOf = ({ file }) => {
  const known = records.flatMap((one) => one.files).find((one) => one.id === file);
  return readFileSync(files[known?.media_type] ?? files["image/png"]);
};

/** A spectrogram of a voice at 196 Hz with four formants, as the program sends it: 16 bytes of head, then columns of rows. */
export const spectrogram = () => {
  const [columns, rows] = [600, 256];
  const bytes = Buffer.alloc(16 + columns * rows);
  bytes.writeUInt16LE(columns, 0), bytes.writeUInt16LE(rows, 2);
  [7.4, 5000, 0.25].forEach((value, at) => bytes.writeFloatLE(value, 4 + at * 4));
  for (let column = 0; column < columns; column += 1)
    for (let row = 0; row < rows; row += 1) {
      const [at, hertz] = [(column / columns) * 7.4, ((row + 0.5) / rows) * 5000];
      const formants = [[700, 130], [1220, 150], [2600, 200], [3500, 260]].reduce((sum, [middle, wide]) => sum + Math.exp(-(((hertz - middle) / wide) ** 2)), 0.02);
      const db = 20 * Math.log10(loud(at) / 0.7) + 10 * Math.log10(formants) + 5 * Math.cos((2 * Math.PI * hertz) / 196) - 5 - hertz / 500;
      bytes[16 + column * rows + row] = Math.max(0, Math.min(255, Math.round(-db / 0.25)));
    }
  return bytes;
};
const trendOf = (task, measure, unit, values, low, high) => ({
  task, measure, unit,
  points: values.map((value, n) => ({
    id: id(9700 + n), at: ago((values.length - n) * 21 * DAY), value, device: n < 2 ? "phone-builtin" : "computer-headset", status: value === null ? "no_reference" : "completed",
    result: value === null || n < 4 ? null : n === 9 ? "stroke_detected" : "normal", changed: n === 9 || n === 10, own: n > 5 ? { low: low - n / 100 * low, high: high + n / 100 * high, sessions: n - 3 } : null,
  })),
});
const trends = [
  trendOf("ddk_pataka", "ddk_rate", "syll/s", [5.9, 6.2, 6.0, 6.3, 6.1, null, 6.2, 5.8, 6.0, 4.1, 5.7, 6.1], 5.3, 6.9),
  trendOf("ddk_pataka", "ddk_cv", "", [0.05, 0.06, 0.055, 0.05, 0.07, null, 0.06, 0.052, 0.06, 0.14, 0.07, 0.06], 0.03, 0.085),
  trendOf("vowel", "hnr", "dB", [21.3], 18, 25),
];

const medicine = (n, name, dosage, more = {}) => ({ id: id(6500 + n), name, dosage, status: "active", source: "prescribed", started_on: dayAgo(200 + n * 90), ended_on: null, reason: null, prescriber: "Dr Wei Chen", origin: null, waiting: false, ...more });
const medicines = [
  medicine(1, "Apixaban 5 mg", "1 tablet twice a day", { reason: "atrial fibrillation" }), medicine(2, "Ramipril 5 mg", "1 capsule in the morning"), medicine(3, "Metformin 500 mg", "2 tablets with meals"),
  medicine(4, "Levothyroxine 75 µg", "1 tablet before breakfast"), medicine(5, "Ibuprofen 200 mg", null, { source: "taken", prescriber: null, started_on: null }), medicine(6, "Bisoprolol 2.5 mg", "1 tablet in the morning", { status: "stopped", ended_on: dayAgo(80) }),
];
const notes = [
  { id: id(7001), text: "Follow-up after the March check. Walks unaided, speech clear. Blood pressure still high at home: ramipril to 5 mg, home readings twice a day for two weeks.\n\nNext: anticoagulation clinic in four weeks.", author: "Dr Amina Rahman", mine: true, created_at: ago(3 * DAY), shared_with_patient: true, amends: null, amended_by: null, waiting: true },
  { id: id(7002), text: "Correction: the dose before was 2.5 mg, not 5 mg.", author: "Dr Wei Chen", mine: false, created_at: ago(41 * DAY), shared_with_patient: false, amends: id(7003), amended_by: null, waiting: false },
  { id: id(7003), text: "Ramipril 5 mg since 2020, well tolerated.", author: "Dr Wei Chen", mine: false, created_at: ago(42 * DAY), shared_with_patient: false, amends: null, amended_by: id(7002), waiting: false },
];
const series = (code, unit, values, low, high, level = () => "normal") => ({ code, unit, low, high, points: values.map(([days, value, second = null], n) => ({ id: id(8000 + n), at: ago(days * DAY), value, second, level: level(value), by: "Dr Amina Rahman" })) });
const weights = [[790, 74.0], [710, 75.9], [620, 77.8], [530, 80.0], [440, 81.1], [350, 79.2], [260, 78.1], [170, 76.2], [80, 75.1], [2, 74.1]];
const allSeries = [
  series("29463-7", "kg", weights, null, null, () => "unrated"),
  series("8302-2", "cm", [[790, 165]], null, null, () => "unrated"),
  series("39156-5", "kg/m2", weights.map(([days, kg]) => [days, Math.round((kg / (1.65 * 1.65)) * 10) / 10]), 18.5, 24.9, (value) => (value > 24.9 ? "high" : "normal")),
  series("85354-9", "mm[Hg]", [[400, 152, 95], [330, 149, 93], [280, 158, 97], [210, 141, 88], [150, 138, 86], [90, 144, 90], [40, 151, 94], [0.3, 148, 92]], 100, 139, (value) => (value > 139 ? "high" : "normal")),
  series("8867-4", "/min", [[90, 84], [40, 77], [0.3, 72]], 51, 90),
  series("59408-5", "%", [[90, 96], [0.3, 97]], 96, 100),
  series("8310-5", "Cel", [[90, 36.9], [0.3, 38.6]], 36.1, 38, (value) => (value > 38 ? "high" : "normal")),
];
const tiles = allSeries.map((one) => {
  const [before, last] = one.points.slice(-2).length === 2 ? one.points.slice(-2) : [null, one.points.at(-1)];
  return { code: one.code, value: last.value, second: last.second, unit: one.unit, observed_at: last.at, delta: before ? last.value - before.value : null, delta_since: before?.at ?? null, level: last.level };
});
const conflict = { id: id(9001), collection: "patients", document: patient, patient, patient_name: "Maria Okafor", field: "phone", base: "+44 7700 900 100", shown: "+44 7700 900 142", displaced: "+44 7700 900 124", shown_by: "This device", displaced_by: "Front desk", shown_at: ago(5 * HOUR), displaced_at: ago(6 * HOUR) };
const share = (n, label, more) => ({ id: id(3000 + n), patient, patient_name: "Maria Okafor", label, created_at: ago(HOUR * (n + 1)), expires_at: null, state: "active", uses: 0, max_uses: null, method: "QR_CODE", long_term: true, content_at: ago(HOUR), end_in_code: false, over: more.state === "revoked", has_passcode: false, records: 4, ...more });
const shares = [
  share(0, "Health records, 13 Mar 2026", { expires_at: ago(-11.4 * 60_000), uses: 1, max_uses: 3, long_term: false, end_in_code: true, records: 1 }), share(1, "For the clinic by the harbour", { has_passcode: true, uses: 4, created_at: ago(30 * DAY) }),
  share(2, "For the pharmacy", { state: "paused", uses: 2, records: 0, created_at: ago(60 * DAY) }), share(4, "For the physiotherapist", { state: "used_up", uses: 5, max_uses: 5, long_term: false, expires_at: ago(-3 * DAY) }), share(3, "Second opinion", { state: "revoked", uses: 7, max_uses: 5, created_at: ago(200 * DAY) }),
];
const access = (n, more) => ({ id: id(3500 + n), at: ago(n * 9 * HOUR + 12 * 60_000), recipient: "City Hospital, admissions", member: null, place: "this_device", outcome: "granted", records: 4, ip_address: "192.168.1.44", share_label: "For the clinic by the harbour", ...more });
const accesses = [access(0, {}), access(1, { outcome: "wrong_passcode", records: 0, recipient: null }), access(2, { member: "Dr Wei Chen", recipient: null, place: "offline_scan", ip_address: null }), access(3, { outcome: "revoked", records: 0, share_label: "Second opinion" })];
const qr = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 73 73" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h73v73H0z"/><path d="M4 4h7v7h-7zM62 4h7v7h-7zM4 62h7v7h-7z${Array.from({ length: 1100 }, (_, n) => `M${4 + ((n * 37) % 65)} ${13 + ((n * 53 + Math.floor(n / 7)) % 48)}h1v1h-1z`).join("")}"/></svg>`;
const link = `shlink:/${"eyJ1cmwiOiJodHRwOi8vMTkyLjE2OC4xLjIwOjg0NDMvc2hsL3dCcW".repeat(4)}`;
const shareView = { row: shares[0], link, qr, address: "192.168.1.20:8443", reachable: "lan", titles: ["Lipid panel"] };

/** Answers of an open chart. */
export const chart = {
  ...base,
  "patients.banner": banner, "patients.change": banner, "patients.add_allergy": banner,
  "summary.view": { latest_check: balanceView, checks: earlier, vitals: tiles, bmi: allSeries[2], height_cm: 165, medications: medicines.filter((one) => one.status === "active"), records: records.slice(0, 5), notes, conflicts: [conflict], emergency_number: "999" },
  "sync.conflicts": [conflict], "sync.resolve": {},
  "records.list": ({ offset, limit, text, document_type }) => { const fit = records.filter((one) => one.title.toLowerCase().includes(text.toLowerCase()) && (!document_type || one.document_type === document_type)); return { total: fit.length, rows: fit.slice(offset, offset + limit) }; },
  "records.view": ({ id: wanted }) => records.find((one) => one.id === wanted),
  "vitals.view": { tiles, series: allSeries },
  "medications.list": medicines,
  "checks.list": [signs, ...earlier],
  "checks.trends": trends,
  "checks.view": ({ id: wanted }) => (wanted === signs.id ? balanceView : wanted === earlier[2].id ? rejected : voiceView),
  "checks.picture": ({ id: wanted }) => (wanted === earlier[0].id ? voicePicture : balancePicture),
  "checks.microphone": { name: "Built-in microphone" }, "checks.start_recording": {}, "checks.stop_recording": { draft: id(9500), view: voiceView, picture: voicePicture }, "checks.discard": {},
  "notes.list": notes, "notes.draft": { text: "", at: null }, "notes.keep_draft": ({ text }) => ({ text, at: text ? new Date().toISOString() : null }),
  "shares.choices": [["allergies", 2], ["conditions", 6], ["medications", 6], ["vitals", 31]].map(([kind, count]) => ({ id: patient, kind, title: "", date: null, detail: String(count) })).concat(records.map((one) => ({ id: one.id, kind: "record", title: one.title, date: one.date_of_record, detail: "" }))),
  "access.verify": { entries: 4, hold: 4, unsent: 1, broken: [], journal_entries: 128, journal_broken: [] },
  "transfer.read_receiver": { code: "TAKE1:ABC", comparison: "K7QF 2M3X" }, "transfer.send": { ticket: id(7100), parts: 42, bytes: 20_600 }, "transfer.stop": {},
  "transfer.frames": ({ count }) => Array.from({ length: count }, (_, n) => ({ number: n + 1, text: "UR:BYTES/1-42/", picture: madeCode(89, n) })),
  "access.glass": { name: "Maria Okafor", restricted: false, closed: false, may_break: false, allowed: [] }, "shares.make": shareView, "shares.view": shareView, "access.view": { shares, accesses },
};
const quiet = { ...banner, allergies: [], conditions: banner.conditions.slice(0, 1), contacts: [], phone: null, blood_group: null, preferred_language: null, counts: { records: 0, medications: 0, checks: 0, unreviewed_checks: 0, notes: 0, shares: 0, conflicts: 0 } };
const nothing = { ...chart["summary.view"], latest_check: null, checks: [], vitals: [], bmi: null, height_cm: null, medications: [], records: [], notes: [], conflicts: [] };
const press = (name) => async (page) => page.getByRole("button", { name, exact: true }).first().click();
const at = (tab) => `/patients/${patient}/${tab}`;

const sendByCodes = async (page) => {
  await page.getByRole("button", { name: /^(Send without a network|Envoyer sans réseau)$/ }).click();
  await page.getByRole("textbox", { name: /^(Code of the receiver|Code du destinataire)$/ }).fill("TAKE1:ABC");
  await page.getByRole("textbox", { name: /^(Who receives it|Qui reçoit)$/ }).fill("Dr Ann, City Hospital");
};

export const chartScreens = [
  { name: "chart-summary", at: at("summary"), answers: chart },
  { name: "chart-voice", at: at("summary"), answers: { ...chart, "summary.view": { ...chart["summary.view"], latest_check: voiceView } }, french: false },
  { name: "chart-none-known", at: at("summary"), answers: { ...chart, "patients.banner": { ...quiet, allergies_asked: "none_known" }, "summary.view": nothing }, french: false },
  { name: "chart-not-asked", at: at("summary"), answers: { ...chart, "patients.banner": { ...quiet, allergies_asked: null, allergies_asked_at: null, allergies_asked_by: null }, "summary.view": nothing } },
  { name: "chart-conflict", at: at("summary"), answers: chart, then: press("Compare and choose"), french: false },
  { name: "chart-allergies", at: at("summary"), answers: chart, then: press("Edit allergies"), french: false },
  { name: "chart-records", at: at("records"), answers: chart },
  { name: "chart-record", at: at("records"), answers: chart, then: async (page) => page.getByRole("option").first().click(), french: false, wait: 2500 },
  { name: "chart-away", at: at("records"), answers: { ...chart, "records.want_file": records[3] }, then: async (page) => page.getByRole("option").nth(3).click() },
  { name: "chart-coming", at: at("records"), answers: { ...chart, "sync.state": { ...base["sync.state"], file_bytes_done: 4_200_000, file_bytes_total: 12_000_000 }, "records.view": { ...records[3], files: [{ ...records[3].files[0], coming: true }] } }, then: async (page) => page.getByRole("option").nth(3).click() },
  { name: "chart-newer", at: at("summary"), answers: { ...chart, "patients.banner": { ...banner, newer: 2 } } },
  { name: "chart-picture", at: at("records"), answers: chart, then: async (page) => page.getByRole("option").nth(1).click(), french: false },
  { name: "chart-add", at: at("records"), answers: chart, then: async (page) => { await press("Add records")(page); await page.getByTestId("file-input").setInputFiles({ name: "labo_lipid_2026-03-03.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4") }); }, french: false },
  { name: "chart-vitals", at: at("vitals"), answers: chart },
  { name: "chart-vitals-table", at: at("vitals"), answers: chart, then: async (page) => page.getByText("Table", { exact: true }).click(), french: false },
  { name: "chart-measure", at: at("vitals"), answers: chart, then: async (page) => { await press("Measure")(page); await page.getByLabel("Blood pressure, upper").fill("148"); await page.getByLabel("Blood pressure, lower").fill("92"); await page.getByLabel("Temperature", { exact: true }).fill("47"); await page.getByLabel("Weight", { exact: true }).fill("74,1"); await page.getByLabel("Height", { exact: true }).fill("165"); } , french: false },
  { name: "chart-medications", at: at("medications"), answers: chart },
  { name: "chart-checks", at: at("checks"), answers: chart },
  { name: "chart-check-balance", at: at("checks"), answers: chart, then: async (page) => page.getByRole("button", { name: /Standing, eyes open/ }).first().click(), french: false },
  { name: "chart-check-voice", at: at("checks"), answers: chart, then: async (page) => page.getByRole("button", { name: /Sustained vowel/ }).first().click(), french: false },
  { name: "chart-check-syllables", at: at("checks"), answers: { ...chart, "checks.view": { ...voiceView, row: { ...voiceView.row, task: "ddk_pataka" } }, "checks.picture": spokenPicture }, then: async (page) => page.getByRole("button", { name: /Sustained vowel|Voyelle tenue/ }).first().click() },
  { name: "chart-check-reading", at: at("checks"), answers: { ...chart, "checks.view": { ...voiceView, row: { ...voiceView.row, task: "reading" } }, "checks.picture": { ...spokenPicture, marked: [{ from_s: 0.8, to_s: 2.9 }, { from_s: 3.4, to_s: 6.8 }] } }, then: async (page) => page.getByRole("button", { name: /Sustained vowel|Voyelle tenue/ }).first().click() },
  { name: "chart-trends", at: at("checks"), answers: chart, then: async (page) => page.locator("details summary").first().click() },
  { name: "chart-spectrogram", at: at("checks"), answers: chart, then: async (page) => { await page.getByRole("button", { name: /Sustained vowel|Voyelle tenue/ }).first().click(); await page.locator("canvas").scrollIntoViewIfNeeded(); } },
  { name: "chart-couldnot", at: at("checks"), answers: chart, then: async (page) => { await page.getByRole("button", { name: /Start stroke check|test d’AVC/i }).last().click(); await page.getByRole("button", { name: /^(Could not do it|N’a pas pu le faire)/ }).click(); } },
  { name: "chart-paper", at: at("checks"), answers: chart, then: async (page) => { await page.getByRole("button", { name: /Sustained vowel/ }).first().click(); await page.evaluate(() => (window.print = () => undefined)); await page.getByRole("button", { name: "Print or save as PDF" }).click() }, french: false },
  { name: "chart-check-rejected", at: at("checks"), answers: chart, then: async (page) => page.getByRole("button", { name: /Sustained vowel/ }).last().click(), french: false },
  { name: "chart-read-aloud", at: at("checks"), answers: chart, then: async (page) => { await page.getByRole("button", { name: /Start stroke check|test d’AVC/i }).last().click(); await page.getByRole("button", { name: /^(Voice|Voix)/ }).click(); await page.getByText(/^(Reading|Lecture)/).click(); } },
  { name: "chart-newcheck", at: at("checks"), answers: chart, then: async (page) => { await page.getByRole("button", { name: "Start stroke check" }).first().click(); await page.getByRole("button", { name: /^Voice/ }).click(); }, french: false },
  { name: "chart-recording", at: at("checks"), answers: chart, then: async (page) => { await page.getByRole("button", { name: "Start stroke check" }).first().click(); await page.getByRole("button", { name: /^Voice/ }).click(); await press("Start recording")(page); }, french: false },
  { name: "chart-result", at: at("checks"), answers: chart, then: async (page) => { await page.getByRole("button", { name: "Start stroke check" }).first().click(); await page.getByRole("button", { name: /^Voice/ }).click(); await press("Start recording")(page); await press("Stop and look at the result")(page); }, french: false },
  { name: "chart-notes", at: at("notes"), answers: chart, then: async (page) => { await page.getByRole("button", { name: "New note" }).first().click(); await page.getByRole("textbox", { name: "Note" }).fill("Home readings brought: mean 139/86 over two weeks."); await page.waitForTimeout(2300); }, french: false },
  { name: "chart-shares", at: at("shares"), answers: chart },
  { name: "chart-extendshare", at: at("shares"), answers: chart, then: async (page) => page.getByRole("button", { name: "Extend “For the physiotherapist”" }).click(), french: false },
  { name: "chart-makeshare", at: at("shares"), answers: chart, then: async (page) => { await press("Share")(page); await page.getByRole("radio", { name: "Keep sharing" }).check(); await page.getByLabel("Ask for a passcode").check(); await page.getByLabel("Label").fill("Lipid results"); }, french: false },
  { name: "chart-proof", at: at("shares"), answers: chart, then: async (page) => page.getByRole("button", { name: /^(Check this list|Vérifier cette liste)$/ }).click() },
  { name: "chart-sendcodes", at: at("shares"), answers: chart, then: sendByCodes },
  { name: "chart-frames", at: at("shares"), answers: chart, then: async (page) => { await sendByCodes(page); await page.getByRole("button", { name: /^(Show the codes|Afficher les codes)$/ }).click(); } },
  { name: "chart-qr", at: at("shares"), answers: chart, then: async (page) => { await press("Share")(page); await press("Make the code")(page); }, french: false },
];
