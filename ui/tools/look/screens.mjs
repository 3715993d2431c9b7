// The screens that are drawn, each with the answers behind it. People and values are invented.
import { madeCode } from "./made-code.mjs";

const id = (n) => `01920000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const hoursAgo = (hours) => new Date(Date.now() - hours * 3_600_000).toISOString();

const me = { user: id(1), name: "Dr Amina Rahman", initials: "AR", role: "super_admin", clinical: true, realm_name: "Harbour Clinic", alone: false, device: id(2), chart: null };
const sync = {
  phase: "offline", problem: null, detail: null, to_send: 6, to_send_bytes: 18_432, to_fetch: 0, files_to_send: 0, files_to_fetch: 0, file_bytes_done: 0, file_bytes_total: 0,
  oldest_unsent: hoursAgo(3.2), last_success: hoursAgo(3.4), offline_since: hoursAgo(3.3), conflicts: 1, quarantined: 0, clock_off_ms: null, first: null, remote: "db.harbour.example / harbour",
};
const settings = { language: "en", theme: "light", text_size: 100, emergency_number: "999", single_keys: true, lock_minutes: 15, shared: false };
const NAMES = ["Maria Okafor", "Jean-Luc Béranger", "Amélie Fontaine", "Thomas Whitfield", "Priya Raman", "Oluwaseun Adeyemi", "Grace O’Neill", "Henrik Lund", "Fatou Diallo", "Samuel Cohen", "Ingrid Haugen", "Mateus Silva"];
export const patient = (n) => ({
  id: id(1000 + n), name: NAMES[n % NAMES.length] + (n >= NAMES.length ? ` ${Math.floor(n / NAMES.length)}` : ""), date_of_birth: `19${40 + (n * 7) % 59}-0${1 + (n % 9)}-1${n % 9}`, age: 58, gender: n % 3 === 1 ? "male" : "female",
  patient_number: `P-${204_881 + n}`, phone: `+44 7700 900 ${142 + n}`, severe_allergies: n % 5 === 0 ? ["Penicillin"] : [], updated_at: hoursAgo(n * 7 + 0.4), waiting: n % 4 === 1,
});
const check = (n, more) => ({
  id: id(2000 + n), patient: id(1000 + n), patient_name: NAMES[n], detected_at: hoursAgo(n * 5 + 0.6), input_type: n % 2 ? "balance" : "voice", task: "vowel", status: "completed", result: "normal", inability: null, confidence: 0.9,
  model_version: "aidpost-screen 1.0.0", reviewed_by: null, reviewed_at: null, waiting: false, ...more,
});
const today = {
  patients: Array.from({ length: 8 }, (_, n) => patient(n)),
  unreviewed: [check(0, { result: "stroke_detected" }), check(1, {}), check(2, { status: "insufficient_quality", result: null, confidence: null })],
  shares: [{ id: id(3000), patient: id(1000), patient_name: "Maria Okafor", label: "Records for City Hospital", created_at: hoursAgo(1), expires_at: hoursAgo(-23), state: "active", uses: 1, max_uses: 3, method: "QR_CODE", long_term: false, has_passcode: false, records: 4 }],
  notifications: [
    { id: id(4000), kind: "shareAccessed", message: "opened", sent_at: hoursAgo(0.3), read: false, patient: id(1000) },
    { id: id(4001), kind: "conflictToReview", message: "conflict", sent_at: hoursAgo(3), read: false, patient: null },
  ],
  conflicts: 1,
  total_patients: 248,
};
const conflict = {
  id: id(5000), collection: "patients", document: id(1000), patient: id(1000), patient_name: "Maria Okafor", field: "phone", base: "+44 7700 900 142", shown: "+44 7700 900 143", displaced: "+44 7700 901 142",
  shown_by: "Dr Amina Rahman", displaced_by: "Front desk", shown_at: hoursAgo(4), displaced_at: hoursAgo(5), weight: "identity", deletion: false, can_keep_both: false,
};
const harmful = { ...conflict, id: id(5001), field: "allergies/6d1c1f3e-0000-4000-8000-000000000001", base: "Penicillin · mild", shown: "Penicillin · severe · Anaphylaxis", displaced: "Penicillin · mild · Rash", weight: "can_harm", can_keep_both: true };
const decided = [{ conflict: { ...conflict, id: id(5002), field: "blood_group", shown: "O+", displaced: "A+" }, at: hoursAgo(30), by: "Dr Wei Chen", kept: "shown" }];
const happened = [
  { key: "phone", value: "+44 7700 900 143", at: hoursAgo(4), device: "Dr Amina Rahman", current: true, displaced: false },
  { key: "phone", value: "+44 7700 901 142", at: hoursAgo(5), device: "Front desk", current: false, displaced: true },
  { key: "phone", value: "+44 7700 900 142", at: hoursAgo(700), device: "Dr Amina Rahman", current: false, displaced: false },
];
const backups = {
  plan: { folder: "/media/amina/blue-disk", rhythm: "daily", keep: 7 }, running: false, places: ["/media/amina/blue-disk"], trouble: null,
  last: { made_at: hoursAgo(9.1), verified_at: hoursAgo(9), folder: "/media/amina/blue-disk/aidpost-01920000-0000-7000-8000-000000000002/1773389460000", documents: 18_204, files: 641, bytes: 1_204_000_000 },
};
const look = {
  sound: false,
  findings: [
    { code: "record_good", verdict: "good", count: 0, problem: null }, { code: "files_good", verdict: "good", count: 640, problem: null }, { code: "files_fetched_again", verdict: "mended", count: 1, problem: null },
    { code: "remote_silent", verdict: "note", count: 0, problem: "remote.unreachable" }, { code: "clock_good", verdict: "good", count: 0, problem: null }, { code: "backup_failed", verdict: "wrong", count: 0, problem: "folder_not_found" },
  ],
};
const people = {
  people: [
    { user: id(1), name: "Dr Amina Rahman", email: "amina@harbour.example", role: "super_admin", clinical: true, chart: null, me: true },
    { user: id(3), name: "Dr Wei Chen", email: null, role: "doctor", clinical: true, chart: null, me: false },
    { user: id(4), name: "Maria Okafor", email: null, role: "patient", clinical: false, chart: id(1000), me: false },
  ],
  devices: [
    { id: id(2), owner: "Dr Amina Rahman", this_device: true, last_seen: hoursAgo(0.1) },
    { id: id(5), owner: "Dr Wei Chen", this_device: false, last_seen: hoursAgo(26) },
  ],
};
const qr = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h29v29H0z"/><path d="M2 2h7v7H2zM20 2h7v7h-7zM2 20h7v7H2zM11 3h2v2h-2zM15 6h3v1h-3zM11 11h3v3h-3zM16 12h5v2h-5zM12 17h4v2h-4zM20 17h3v6h-3zM14 22h3v4h-3z"/></svg>';
const groups = ["ABCD", "EFGH", "2345", "67AB", "CDEF", "GH23", "4567", "ABCD", "EFGH", "2345", "67AB", "CDEF", "GH23", "4567", "ABCD", "EFGH", "2345", "67AB", "CDEF", "GH23", "4567", "Q"];
const papers = { kit: `KIT1:${groups.join("")}`, kit_groups: groups, kit_qr: qr, root_kit: "ROOT1:ABCDEFGHIJKLMNOP234567", root_kit_qr: qr, fingerprint: "K7QF2M3XA5RT6WZB" };
const intake = {
  ticket: id(6000), source: "okafor-summary.json · FHIR R4", chosen: 0, patients: [{ index: 0, name: "Maria Okafor", date_of_birth: "1967-08-14" }],
  items: [
    { id: id(6001), kind: "allergy", title: "Penicillin", date: null, detail: "Anaphylaxis, severe", state: "same" },
    { id: id(6002), kind: "allergy", title: "Latex", date: null, detail: "Rash", state: "new" },
    { id: id(6003), kind: "medication", title: "Apixaban 5 mg", date: "2025-11-02", detail: "1 tablet twice a day", state: "different" },
    { id: id(6004), kind: "record", title: "Lipid panel", date: "2026-03-03", detail: "PDF 212 kB", state: "new" },
    { id: id(6005), kind: "observation", title: "Body weight 74.1 kg", date: "2026-03-03", detail: null, state: "new" },
  ],
  types: [{ resource_type: "AllergyIntolerance", total: 2, mapped: 2, ignored: 0, kept: 0 }, { resource_type: "MedicationRequest", total: 1, mapped: 1, ignored: 0, kept: 0 }, { resource_type: "Goal", total: 3, mapped: 0, ignored: 0, kept: 3 }],
  problems: [{ resource: "Observation/7", element: "effectiveDateTime", sentence: "not a date" }],
  matches: [patient(0)],
};
const wish = { stage: null, requested_at: null, ends_at: null, code_by: null, retention_years: null, alone: false, removed: false, cut_off: false };
const sessions = [
  { device: id(2), name: "7F3A-09BC", this_device: true, heard_of: hoursAgo(0.1), state: "running" },
  { device: id(6), name: "11AA-22BB", this_device: false, heard_of: hoursAgo(26), state: "running" },
  { device: id(7), name: "33CC-44DD", this_device: false, heard_of: null, state: "unknown" },
];
export const open = {
  "security.view": { secret_in_a_file: false, disk: "encrypted", keychain: true, pin: false, awaits_new_key: false, shared: false, kit_checked_at: hoursAgo(200), other_devices: 2, lock_minutes: 15, fingerprint: "K7QF 2M3X A5RT 6WZB" },
  "security.alarms": [],
  "people.reset_choices": [{ user: id(3), name: "Dr Wei Chen", email: "wei@harbour.example" }],
  "deletion.view": wish,
  "shares.host": { address: "https://links.example.org", may_change: true },
  "sessions.list": sessions,
  "session.touch": {},
  "session.state": { stage: "open", profiles: [], me, locked: null, joining: null, version: "0.1.0", erased: [] },
  "sync.state": sync,
  "today.view": today,
  "realm.logins_to_end": [],
  "oidc.providers": { providers: [], may_change: true },
  "keys.view": { version: 1, since: null, known_elsewhere: false, by_root: false, asked: null },
  "retention.view": { custodian: null, custodian_name: null, years: null, may_name: false, choices: [], waiting: [], kept: [] },
  "appointments.double_booked": [],
  "settings.get": settings,
  "settings.set": (given) => given,
  "patients.find": ({ offset, limit, text }) => {
    const all = Array.from({ length: 10_000 }, (_, n) => n).filter((n) => !text || NAMES[n % NAMES.length].toLowerCase().includes(text.toLowerCase()));
    return { total: all.length, rows: all.slice(offset, offset + limit).map(patient) };
  },
  "patients.similar": [patient(0)],
  "people.list": people,
  "people.invite": { text: `INV1:${groups.join("").repeat(3)}`, qr, expires_at: hoursAgo(-0.15) },
  "sync.conflicts": [harmful, conflict], "sync.decided": decided, "sync.history": happened, "backups.view": backups, "doctor.look": look,
  "restore.look": [{ folder: "/media/amina/blue-disk/a/1", initials: "AR", made_at: hoursAgo(9), documents: 18_204, files: 641, bytes: 1_204_000_000 }, { folder: "/media/amina/blue-disk/a/0", initials: "AR", made_at: hoursAgo(33), documents: 18_190, files: 641, bytes: 1_203_000_000 }],
  "sync.quarantine": [],
  "receive.inspect": { text: "shlink:/x", label: "Records for City Hospital", host: "192.168.1.20:8443", expires_at: hoursAgo(-0.2), expired: false, needs_passcode: true, long_term: false, local_network: true },
  "receive.open": intake,
  "transfer.receive": { ticket: id(7000), code: "TAKE1:ABC", picture: madeCode(121, 5), comparison: "K7QF 2M3X" }, "transfer.forget": {},
  "intake.choose": intake,
  "passphrase.judge": { ok: false, score: 1, reason: "guessable" },
  "passphrase.suggest": { passphrase: "harbour velvet tundra cactus sparrow lantern" },
  "session.make_clinic": { me, papers },
  "factor.view": { on: true, since: hoursAgo(200), backup_codes_left: 2 },
  "factor.begin": { address: "otpauth://totp/Aidpost:Dr", qr, secret: "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ" },
  "factor.new_backup_codes": { codes: Array.from({ length: 10 }, (_, n) => `k7qf-2m3x-a5rt-6wz${"abcdefghij"[n]}`) },
  "contacts.view": { email: { address: "amina@harbour.example", verified: true, can_send: true, taken: false }, phone: { address: "+447700900142", verified: false, can_send: true, taken: false } },
  "codes.send": { request: "01920000-0000-7000-8000-000000000077", recipient: "+447700900142", device: "7F3A-09BC", expires_at: hoursAgo(-0.15) },
  "codes.check": { refused: { code: "wrong_sent_code", detail: null, retry: false } },
  "mail.settings": {
    smtp: { host: "smtp.harbour.example", port: 465, tls: "tls", user: "clinic", has_password: true, from: "codes@harbour.example", ca: null },
    sms: { account: "AC5f3e2d1c0b", from: "+447700900100" },
    may_change: true,
  },
  "mail.test": { refused: { code: "mail.login", detail: "535 5.7.8 no", retry: false } },
};
const openOff = { ...open, "factor.view": { on: false, since: null, backup_codes_left: 0 } };
const outside = (session) => ({ ...open, "session.state": { me: null, locked: null, joining: null, version: "0.1.0", erased: [], profiles: [], ...session } });
const fill = async (page, label, text) => page.getByLabel(label, { exact: false }).first().fill(text);

const desk = { id: "a", initials: "AR", role: "doctor", last_sync: hoursAgo(20), problem: null, pin: false, wait_seconds: 0, ended_at: null };

const twice = {
  id: "01920000-0000-7000-8000-000000005001", patient: "01920000-0000-7000-8000-000000001001", patient_name: "Amara Nwosu", doctor_name: "Dr Amina Rahman",
  at: "2026-03-16T09:00:00Z", local_time: "2026-03-16T10:00", zone: "Europe/Warsaw", duration_minutes: 20, reason: "Blood pressure review",
  earlier: { patient_name: "Ivo Brandt", local_time: "2026-03-16T09:50", duration_minutes: 30 },
  free: ["10:30", "11:00", "14:20", "15:00"].map((time) => ({ at: `2026-03-16T${time}:00Z`, local_time: `2026-03-16T${time}` })), may_override: true,
};

export const screens = [
  { name: "today", at: "/", answers: open },
  {
    name: "booked-twice", at: "/",
    answers: { ...open, "deletion.view": { ...wish, removed: true, cut_off: true }, "appointments.double_booked": [twice, { ...twice, id: "01920000-0000-7000-8000-000000005002", patient_name: "Wei Chen", may_override: false, free: [] }] },
  },
  { name: "apart", at: "/", answers: { ...open, "sync.state": { ...sync, last_success: hoursAgo(16 * 24), offline_since: hoursAgo(15 * 24) } } },
  {
    name: "first-sync", at: "/sync",
    answers: { ...open, "sync.state": { ...sync, phase: "pulling", offline_since: null, to_fetch: 13_800, first: { done: 4_200, total: 18_000, left_ms: 170_000, usable: true } } },
  },
  {
    name: "custodian", at: "/settings",
    answers: {
      ...open,
      "retention.view": {
        custodian: id(3), custodian_name: "Dr Wei Chen", years: 20, may_name: true, choices: [{ user: id(1), name: "Dr Amina Rahman" }, { user: id(3), name: "Dr Wei Chen" }],
        waiting: [{ chart: id(1007), name: "Henrik Lund" }],
        kept: [
          { chart: id(1020), pseudonym: "#7F3A-09BC", until: hoursAgo(48), due: true, ended: false, moves: true },
          { chart: id(1021), pseudonym: "#1B2C-88D0", until: "2041-03-13T00:00:00Z", due: false, ended: false, moves: false },
          { chart: id(1022), pseudonym: "#90AA-41EF", until: hoursAgo(900), due: false, ended: true, moves: false },
        ],
      },
    },
    then: async (page) => page.getByRole("heading", { name: /Charts of people who left|Dossiers des personnes parties/ }).scrollIntoViewIfNeeded(),
  },
  { name: "logins", at: "/people", answers: { ...open, "realm.logins_to_end": [{ login: "d-019200000000700080000000000000aa", device: "7F3A-09BC", owner: "Dr Wei Chen" }] } },
  {
    name: "carried", at: "/people",
    answers: {
      ...open, "people.read_request": { own_device: false, role: "doctor", returning: null, outside: { provider: "Harbour ID", given: true }, another: true },
      "people.check_outside": { outcome: "verified", subject: "wei", name: "Wei Chen", email: "wei@harbour.example", email_verified: true },
    },
    then: async (page) => {
      await page.getByRole("button", { name: /Answer a request|Répondre à une demande/ }).click();
      await page.getByRole("textbox").last().fill("REQ1:ABC");
      await page.getByRole("button", { name: /^(Look at it|Regarder|L’examiner|Examiner)/ }).click();
    },
  },
  {
    name: "join-sign-in",
    answers: outside({ stage: "joining", joining: { request: "REQ1:ABCDEF", check_words: "K7QF2M3XA5RT6WZB", own_device: false, outside: { provider: "Harbour ID", issuer: "https://id.harbour.example", person: null } } }),
  },
  { name: "patients", at: "/patients", answers: open },
  { name: "register", at: "/patients?register=true", answers: open, french: false, then: async (page) => fill(page, "Name", "Maria Ok") },
  { name: "import", at: "/import", answers: open },
  { name: "receive", at: "/receive", answers: open },
  { name: "codes", at: "/receive", answers: open, then: async (page) => page.getByRole("button", { name: /^(Receive without a network|Recevoir sans réseau)$/ }).click() },
  {
    name: "look", at: "/receive", answers: open, french: false,
    then: async (page) => {
      await fill(page, "Text of the link", "shlink:/abc");
      await page.getByRole("button", { name: "Look at it" }).click();
    },
  },
  {
    name: "intake", at: "/receive", answers: open, french: false,
    then: async (page) => {
      await fill(page, "Text of the link", "shlink:/abc");
      await page.getByRole("button", { name: "Look at it" }).click();
      await page.getByLabel("Passcode", { exact: true }).fill("1234");
      await page.getByRole("checkbox").check();
      await page.getByRole("button", { name: "Fetch and show" }).click();
    },
  },
  { name: "sync", at: "/sync", answers: open },
  { name: "sync-check", at: "/sync", answers: open, then: async (page) => page.getByRole("button", { name: /^(Check|Vérifier)$/ }).click() },
  { name: "sync-history", at: "/sync", answers: open, then: async (page) => page.getByRole("button", { name: "What happened to this field?" }).last().click(), french: false },
  { name: "people", at: "/people", answers: open },
  {
    name: "invite", at: "/people", answers: open, french: false,
    then: async (page) => {
      await page.getByRole("button", { name: "Invite someone" }).click();
      await page.getByRole("button", { name: "Make an invitation" }).click();
    },
  },
  { name: "settings", at: "/settings", answers: open },
  {
    name: "sending", refused: true, at: "/settings", answers: open,
    then: async (page) => {
      await page.locator('input[type="email"]').last().fill("me@harbour.example");
      await page.locator('input[type="email"]').last().press("Enter");
      await page.waitForTimeout(300);
      await page.locator('input[type="email"]').last().scrollIntoViewIfNeeded();
    },
  },
  {
    name: "security", refused: true, at: "/security", answers: open,
    then: async (page) => {
      await page.getByRole("button", { name: /Send a code|Envoyer un code/ }).click();
      await page.getByLabel(/Code from the message|Code du message/).fill("1234 5678");
      await page.keyboard.press("Enter");
    },
  },
  {
    name: "leaving", at: "/security", answers: { ...open, "deletion.view": { ...wish, stage: "confirmed", requested_at: hoursAgo(30), ends_at: hoursAgo(-690), retention_years: 20 } },
    then: async (page) => page.getByRole("button", { name: /Delete from this computer only|Supprimer de cet ordinateur seulement/ }).scrollIntoViewIfNeeded(),
  },
  {
    name: "leaving-erase", at: "/security", answers: { ...open, "deletion.view": wish, "deletion.certificate": { id: "a", text: JSON.stringify({ format: "aidpost-erasure-1", statement: { destroyed: ["keys_on_this_device"] } }, null, 2) } },
    then: async (page) => {
      await page.getByRole("button", { name: /Delete from this computer only|Supprimer de cet ordinateur seulement/ }).click();
      await page.getByRole("button", { name: /Show the certificate|Afficher le certificat/ }).click();
    },
  },
  { name: "factor", at: "/security", answers: openOff, then: async (page) => page.getByRole("button", { name: /^(Set up|Configurer)$/ }).click() },
  { name: "backup", at: "/security", answers: open, then: async (page) => page.getByRole("button", { name: /New backup codes|Nouveaux codes de secours/ }).click() },
  {
    name: "stepup", refused: true, at: "/people", answers: { ...open, "people.invite": { refused: { code: "step_up_needed", detail: "passphrase+code", retry: false } }, "session.step_up": { refused: { code: "too_many_codes", detail: "30", retry: true } } },
    then: async (page) => {
      await page.getByRole("button", { name: /Invite someone|Inviter quelqu/ }).click();
      await page.getByRole("button", { name: /Make an invitation|Faire une invitation|Créer une invitation/ }).click();
      await page.getByLabel(/^(Your passphrase|Votre phrase secrète)/).fill("velvet tundra");
      await page.getByLabel("Code", { exact: true }).fill("123456");
      await page.keyboard.press("Enter");
    },
  },
  { name: "keys", at: "/", answers: open, french: false, then: async (page) => page.keyboard.press("?") },
  { name: "palette", at: "/", answers: open, french: false, then: async (page) => page.keyboard.press("Control+k") },
  { name: "start", answers: outside({ stage: "empty" }) },
  { name: "restore", answers: outside({ stage: "empty" }), then: async (page) => { await page.getByRole("button", { name: /From a backup|Depuis une sauvegarde/ }).click(); await page.getByRole("textbox").fill("/media/amina/blue-disk"); await page.getByRole("button", { name: /^(Look|Chercher)$/ }).click(); } },
  {
    name: "clinic", answers: outside({ stage: "empty" }), french: false,
    then: async (page) => {
      await page.getByRole("button", { name: /Make a clinic/ }).click();
      await fill(page, "Passphrase", "harbour harbour");
    },
  },
  {
    name: "papers", answers: outside({ stage: "empty" }), french: false,
    then: async (page) => {
      await page.getByRole("button", { name: /Make a clinic/ }).click();
      await fill(page, "Name of the clinic", "Harbour Clinic");
      await fill(page, "Your name", "Dr Amina Rahman");
      await page.getByRole("textbox", { name: "Passphrase" }).fill("harbour velvet tundra");
      await page.getByRole("textbox", { name: "The same again" }).fill("harbour velvet tundra");
      await page.getByRole("button", { name: "Make the clinic" }).click();
    },
  },
  {
    name: "window-unlock-code", refused: true,
    answers: { ...outside({ stage: "locked", profiles: [desk] }), "session.unlock": { refused: { code: "code_needed", detail: null, retry: false } } },
    then: async (page) => {
      await page.getByLabel(/^(Passphrase|Phrase secrète)/).fill("velvet tundra cactus");
      await page.keyboard.press("Enter");
      await page.getByLabel("Code", { exact: true }).fill("123");
    },
  },
  { name: "window-unlock-why", answers: outside({ stage: "locked", profiles: [desk, { ...desk, id: "b", initials: "MO" }], locked: { profile: "a", reason: "open_too_long" } }) },
  { name: "window-read-only", at: "/", answers: { ...open, "session.state": { ...open["session.state"], me: { ...me, read_only: true } } } },
  {
    name: "window-alarms", refused: true, at: "/security",
    answers: { ...open, "security.alarms": [{ code: "state-check", owner: "Dr Amina Rahman", at: hoursAgo(1), calm: false }, { code: "silent", owner: null, at: hoursAgo(200), calm: true }] },
  },
  {
    name: "window-shared", refused: true, at: "/settings", answers: { ...open, "settings.get": { ...settings, shared: true, lock_minutes: 5 } },
    then: async (page) => page.getByRole("switch", { name: /Several people|Plusieurs personnes/ }).scrollIntoViewIfNeeded(),
  },
  {
    name: "window-authority", refused: true, at: "/settings", answers: open,
    then: async (page) => {
      const field = page.getByLabel(/Certificate of your own authority|Certificat de votre propre autorité/);
      await field.fill("-----BEGIN CERTIFICATE-----\nMIIBdzCCAR2gAwIBAgIUQyTz\n-----END CERTIFICATE-----");
      await field.scrollIntoViewIfNeeded();
    },
  },
  { name: "joining", answers: outside({ stage: "joining", joining: { request: `REQ1:${groups.join("").repeat(4)}`, check_words: "K7QF 2M3X A5RT 6WZB", own_device: false } }) },
  { name: "newkey", at: "/security", answers: { ...open, "security.view": { ...open["security.view"], awaits_new_key: true } }, then: async (page) => page.getByText(/Key of this computer|Clé de la base/).scrollIntoViewIfNeeded() },
  { name: "unlock-newkey", answers: outside({ stage: "locked", profiles: [{ id: "a", initials: "AR", role: "doctor", last_sync: hoursAgo(20), problem: null, pin: false, awaits_new_key: true, wait_seconds: 0, ended_at: null }] }) },
  {
    name: "unlock",
    answers: outside({
      stage: "locked",
      profiles: [
        { id: "a", initials: "AR", role: "doctor", last_sync: hoursAgo(20), problem: null, wait_seconds: 0, ended_at: hoursAgo(2) },
        { id: "b", initials: "MO", role: "patient", last_sync: null, problem: null, wait_seconds: 0, ended_at: null },
      ],
    }),
  },
];
