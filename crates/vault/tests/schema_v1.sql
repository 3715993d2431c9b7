CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  rank INTEGER NOT NULL, -- 0: keys and trust, sent first; 1: the rest
  tx INTEGER NOT NULL,
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  scope TEXT NOT NULL,
  class TEXT NOT NULL,
  stamp BLOB NOT NULL,
  body BLOB NOT NULL,
  tokens BLOB NOT NULL,
  bytes INTEGER NOT NULL,
  UNIQUE (collection, id)
) STRICT;

CREATE INDEX outbox_order ON outbox (rank, tx, seq, bytes, stamp);

CREATE INDEX outbox_tx ON outbox (tx);

CREATE TABLE batches (
  number INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  journal BLOB NOT NULL -- the signed entry, byte for byte
) STRICT;

CREATE TABLE batch_parcels (
  number INTEGER NOT NULL REFERENCES batches (number),
  position INTEGER NOT NULL,
  tx INTEGER NOT NULL,
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  scope TEXT NOT NULL,
  class TEXT NOT NULL,
  stamp BLOB NOT NULL,
  base INTEGER NOT NULL, -- the remote revision that it was built on
  body BLOB NOT NULL,
  tokens BLOB NOT NULL,
  PRIMARY KEY (number, position)
) STRICT;

CREATE INDEX batch_document ON batch_parcels (collection, id);

CREATE TABLE objects (
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL,
  by TEXT NOT NULL,
  rev INTEGER NOT NULL DEFAULT 0,
  at INTEGER NOT NULL,
  body BLOB NOT NULL,
  pending INTEGER NOT NULL DEFAULT 0, -- 1: a grant that could not be opened yet
  PRIMARY KEY (collection, id)
) STRICT;

CREATE TABLE heads (
  device TEXT PRIMARY KEY,
  n INTEGER NOT NULL,
  hash BLOB NOT NULL,
  at INTEGER NOT NULL, -- the time in the newest entry
  told INTEGER NOT NULL DEFAULT 0, -- what our own journal last said we had seen
  claimed INTEGER NOT NULL DEFAULT 0, -- the highest that any other device has seen
  frozen INTEGER NOT NULL DEFAULT 0 -- 1: two entries with one number were seen
) STRICT;

CREATE TABLE alerts (
  seq INTEGER PRIMARY KEY,
  code TEXT NOT NULL,
  device TEXT NOT NULL,
  n INTEGER NOT NULL,
  at INTEGER NOT NULL,
  UNIQUE (code, device, n)
) STRICT;

CREATE TABLE statements (
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  stamp BLOB NOT NULL,
  signed BLOB NOT NULL,
  PRIMARY KEY (collection, id)
) STRICT;

CREATE TABLE covered (
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  stamp BLOB NOT NULL,
  digest BLOB NOT NULL,
  device TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (collection, id, stamp, digest, device)
) STRICT, WITHOUT ROWID;

CREATE TABLE behind (
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  stamp BLOB NOT NULL,
  device TEXT NOT NULL,
  n INTEGER NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (collection, id)
) STRICT;

CREATE TABLE history (
  seq INTEGER PRIMARY KEY,
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  stamp BLOB NOT NULL,
  author TEXT,
  device TEXT,
  kind TEXT NOT NULL -- written: a later write took its place; displaced: a merge did
) STRICT;

CREATE INDEX history_document ON history (collection, id, key, stamp);

CREATE TABLE agreed (
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  doc TEXT NOT NULL,
  stamps TEXT NOT NULL,
  PRIMARY KEY (collection, id)
) STRICT;

CREATE TABLE waiting (
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  rev INTEGER NOT NULL,
  scope TEXT NOT NULL,
  class TEXT NOT NULL,
  stamp BLOB NOT NULL,
  by TEXT NOT NULL,
  schema INTEGER NOT NULL,
  body BLOB NOT NULL,
  tokens BLOB NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (collection, id, rev)
) STRICT;

CREATE INDEX waiting_by ON waiting (by, rev);

CREATE INDEX waiting_scope ON waiting (scope, rev);

CREATE TABLE quarantine (
  seq INTEGER PRIMARY KEY,
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  rev INTEGER NOT NULL,
  scope TEXT NOT NULL,
  class TEXT NOT NULL,
  stamp BLOB NOT NULL,
  by TEXT NOT NULL,
  schema INTEGER NOT NULL,
  body BLOB NOT NULL,
  tokens BLOB NOT NULL,
  reason TEXT NOT NULL,
  own INTEGER NOT NULL, -- 1: ours, refused by the remote
  at INTEGER NOT NULL,
  UNIQUE (collection, id, stamp, by, own, reason)
) STRICT;

CREATE TABLE others (
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  rev INTEGER NOT NULL,
  PRIMARY KEY (collection, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE cursors (
  scope TEXT PRIMARY KEY,
  cursor INTEGER NOT NULL
) STRICT;

CREATE TABLE blobs (
  id TEXT PRIMARY KEY,
  scope TEXT NOT NULL,
  length INTEGER NOT NULL, -- of the ciphertext
  sha256 BLOB NOT NULL, -- of the ciphertext
  segments INTEGER NOT NULL,
  state TEXT NOT NULL, -- kept: here, not sent; sent: here and there; wanted: there, not here; away: there, and not asked for
  asked INTEGER NOT NULL DEFAULT 0 -- somebody waits for it
) STRICT;

CREATE INDEX blobs_order ON blobs (state, asked DESC, length);

CREATE TABLE pinned (
  chart TEXT PRIMARY KEY
) STRICT;

CREATE TABLE devices (
  tag BLOB PRIMARY KEY,
  device TEXT NOT NULL,
  user TEXT NOT NULL
) STRICT;

CREATE TABLE drafts (
  id TEXT PRIMARY KEY,
  author TEXT NOT NULL,
  patient TEXT,
  kind TEXT NOT NULL,
  text TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE state (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT;

CREATE TABLE invitations (
  id TEXT PRIMARY KEY,
  text TEXT NOT NULL,
  invitee TEXT NOT NULL,
  expires INTEGER NOT NULL, -- seconds since 1970
  used INTEGER NOT NULL DEFAULT 0,
  first TEXT -- the sixteen letters of the request that was read first; empty once another one came
) STRICT;

CREATE TABLE "clinics" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL
) STRICT;

CREATE INDEX "i_clinics_updated_at" ON "clinics" ("f_updated_at");

CREATE TABLE "users" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_email" ANY GENERATED ALWAYS AS (json_extract(doc, '$.email')) VIRTUAL,
  "f_mobile_number" ANY GENERATED ALWAYS AS (json_extract(doc, '$.mobile_number')) VIRTUAL,
  "f_patient_uuid" ANY GENERATED ALWAYS AS (json_extract(doc, '$.patient_uuid')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL
) STRICT;

CREATE INDEX "i_users_email" ON "users" ("f_email");

CREATE INDEX "i_users_mobile_number" ON "users" ("f_mobile_number");

CREATE INDEX "i_users_patient_uuid" ON "users" ("f_patient_uuid");

CREATE INDEX "i_users_updated_at" ON "users" ("f_updated_at");

CREATE VIRTUAL TABLE "fts_users" USING fts5(text, prefix='2 3 4', tokenize='unicode61 remove_diacritics 2');

CREATE TABLE "patients" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_date_of_birth" ANY GENERATED ALWAYS AS (json_extract(doc, '$.date_of_birth')) VIRTUAL,
  "f_is_archived" ANY GENERATED ALWAYS AS (json_extract(doc, '$.is_archived')) VIRTUAL,
  "f_name" ANY GENERATED ALWAYS AS (json_extract(doc, '$.name')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL,
  "f_user_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.user_id')) VIRTUAL
) STRICT;

CREATE INDEX "i_patients_user_id" ON "patients" ("f_user_id");

CREATE INDEX "i_patients_name" ON "patients" ("f_name");

CREATE INDEX "i_patients_date_of_birth" ON "patients" ("f_date_of_birth");

CREATE INDEX "i_patients_is_archived" ON "patients" ("f_is_archived");

CREATE INDEX "i_patients_updated_at" ON "patients" ("f_updated_at");

CREATE VIRTUAL TABLE "fts_patients" USING fts5(text, prefix='2 3 4', tokenize='unicode61 remove_diacritics 2');

CREATE TABLE "doctors" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL,
  "f_user_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.user_id')) VIRTUAL
) STRICT;

CREATE INDEX "i_doctors_user_id" ON "doctors" ("f_user_id");

CREATE INDEX "i_doctors_updated_at" ON "doctors" ("f_updated_at");

CREATE VIRTUAL TABLE "fts_doctors" USING fts5(text, prefix='2 3 4', tokenize='unicode61 remove_diacritics 2');

CREATE TABLE "otp_verifications" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL,
  "f_user_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.user_id')) VIRTUAL
) STRICT;

CREATE INDEX "i_otp_verifications_user_id" ON "otp_verifications" ("f_user_id");

CREATE INDEX "i_otp_verifications_updated_at" ON "otp_verifications" ("f_updated_at");

CREATE TABLE "password_resets" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL,
  "f_user_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.user_id')) VIRTUAL
) STRICT;

CREATE INDEX "i_password_resets_user_id" ON "password_resets" ("f_user_id");

CREATE INDEX "i_password_resets_updated_at" ON "password_resets" ("f_updated_at");

CREATE TABLE "two_factor" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL,
  "f_user_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.user_id')) VIRTUAL
) STRICT;

CREATE INDEX "i_two_factor_user_id" ON "two_factor" ("f_user_id");

CREATE INDEX "i_two_factor_updated_at" ON "two_factor" ("f_updated_at");

CREATE TABLE "oauth_accounts" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_provider" ANY GENERATED ALWAYS AS (json_extract(doc, '$.provider')) VIRTUAL,
  "f_provider_user_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.provider_user_id')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL,
  "f_user_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.user_id')) VIRTUAL
) STRICT;

CREATE INDEX "i_oauth_accounts_user_id" ON "oauth_accounts" ("f_user_id");

CREATE INDEX "i_oauth_accounts_provider_provider_user_id" ON "oauth_accounts" ("f_provider", "f_provider_user_id");

CREATE INDEX "i_oauth_accounts_updated_at" ON "oauth_accounts" ("f_updated_at");

CREATE TABLE "tokens" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL,
  "f_user_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.user_id')) VIRTUAL
) STRICT;

CREATE INDEX "i_tokens_user_id" ON "tokens" ("f_user_id");

CREATE INDEX "i_tokens_updated_at" ON "tokens" ("f_updated_at");

CREATE TABLE "account_deletion_requests" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL,
  "f_user_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.user_id')) VIRTUAL
) STRICT;

CREATE INDEX "i_account_deletion_requests_user_id" ON "account_deletion_requests" ("f_user_id");

CREATE INDEX "i_account_deletion_requests_updated_at" ON "account_deletion_requests" ("f_updated_at");

CREATE TABLE "sending_settings" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL
) STRICT;

CREATE INDEX "i_sending_settings_updated_at" ON "sending_settings" ("f_updated_at");

CREATE TABLE "identity_providers" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL
) STRICT;

CREATE INDEX "i_identity_providers_updated_at" ON "identity_providers" ("f_updated_at");

CREATE TABLE "medical_records" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_date_of_record" ANY GENERATED ALWAYS AS (json_extract(doc, '$.date_of_record')) VIRTUAL,
  "f_document_type" ANY GENERATED ALWAYS AS (json_extract(doc, '$.document_type')) VIRTUAL,
  "f_patient_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.patient_id')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL
) STRICT;

CREATE INDEX "i_medical_records_patient_id_document_type" ON "medical_records" ("f_patient_id", "f_document_type");

CREATE INDEX "i_medical_records_patient_id_date_of_record" ON "medical_records" ("f_patient_id", "f_date_of_record");

CREATE INDEX "i_medical_records_date_of_record" ON "medical_records" ("f_date_of_record");

CREATE INDEX "i_medical_records_updated_at" ON "medical_records" ("f_updated_at");

CREATE VIRTUAL TABLE "fts_medical_records" USING fts5(text, prefix='2 3 4', tokenize='unicode61 remove_diacritics 2');

CREATE TABLE "medications" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_patient_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.patient_id')) VIRTUAL,
  "f_status" ANY GENERATED ALWAYS AS (json_extract(doc, '$.status')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL
) STRICT;

CREATE INDEX "i_medications_patient_id_status" ON "medications" ("f_patient_id", "f_status");

CREATE INDEX "i_medications_updated_at" ON "medications" ("f_updated_at");

CREATE VIRTUAL TABLE "fts_medications" USING fts5(text, prefix='2 3 4', tokenize='unicode61 remove_diacritics 2');

CREATE TABLE "share_tokens" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_expires_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.expires_at')) VIRTUAL,
  "f_is_revoked" ANY GENERATED ALWAYS AS (json_extract(doc, '$.is_revoked')) VIRTUAL,
  "f_manifest_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.manifest_id')) VIRTUAL,
  "f_patient_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.patient_id')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL
) STRICT;

CREATE INDEX "i_share_tokens_patient_id_is_revoked" ON "share_tokens" ("f_patient_id", "f_is_revoked");

CREATE INDEX "i_share_tokens_expires_at" ON "share_tokens" ("f_expires_at");

CREATE INDEX "i_share_tokens_manifest_id" ON "share_tokens" ("f_manifest_id");

CREATE INDEX "i_share_tokens_updated_at" ON "share_tokens" ("f_updated_at");

CREATE TABLE "access_logs" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_accessed_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.accessed_at')) VIRTUAL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_patient_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.patient_id')) VIRTUAL,
  "f_share_token_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.share_token_id')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL
) STRICT;

CREATE INDEX "i_access_logs_share_token_id_accessed_at" ON "access_logs" ("f_share_token_id", "f_accessed_at");

CREATE INDEX "i_access_logs_patient_id_accessed_at" ON "access_logs" ("f_patient_id", "f_accessed_at");

CREATE INDEX "i_access_logs_updated_at" ON "access_logs" ("f_updated_at");

CREATE TABLE "saved_patients" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_doctor_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.doctor_id')) VIRTUAL,
  "f_saved_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.saved_at')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL
) STRICT;

CREATE INDEX "i_saved_patients_doctor_id_saved_at" ON "saved_patients" ("f_doctor_id", "f_saved_at");

CREATE INDEX "i_saved_patients_updated_at" ON "saved_patients" ("f_updated_at");

CREATE TABLE "doctor_notes" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_doctor_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.doctor_id')) VIRTUAL,
  "f_patient_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.patient_id')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL
) STRICT;

CREATE INDEX "i_doctor_notes_doctor_id_patient_id" ON "doctor_notes" ("f_doctor_id", "f_patient_id");

CREATE INDEX "i_doctor_notes_patient_id" ON "doctor_notes" ("f_patient_id");

CREATE INDEX "i_doctor_notes_updated_at" ON "doctor_notes" ("f_updated_at");

CREATE VIRTUAL TABLE "fts_doctor_notes" USING fts5(text, prefix='2 3 4', tokenize='unicode61 remove_diacritics 2');

CREATE TABLE "detections" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_detected_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.detected_at')) VIRTUAL,
  "f_patient_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.patient_id')) VIRTUAL,
  "f_reviewed_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.reviewed_at')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL
) STRICT;

CREATE INDEX "i_detections_patient_id_detected_at" ON "detections" ("f_patient_id", "f_detected_at");

CREATE INDEX "i_detections_reviewed_at" ON "detections" ("f_reviewed_at");

CREATE INDEX "i_detections_updated_at" ON "detections" ("f_updated_at");

CREATE TABLE "observations" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_code" ANY GENERATED ALWAYS AS (json_extract(doc, '$.code')) VIRTUAL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_observed_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.observed_at')) VIRTUAL,
  "f_patient_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.patient_id')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL
) STRICT;

CREATE INDEX "i_observations_patient_id_code_observed_at" ON "observations" ("f_patient_id", "f_code", "f_observed_at");

CREATE INDEX "i_observations_updated_at" ON "observations" ("f_updated_at");

CREATE TABLE "appointments" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_appointment_date" ANY GENERATED ALWAYS AS (json_extract(doc, '$.appointment_date')) VIRTUAL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_doctor_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.doctor_id')) VIRTUAL,
  "f_patient_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.patient_id')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL
) STRICT;

CREATE INDEX "i_appointments_doctor_id_appointment_date" ON "appointments" ("f_doctor_id", "f_appointment_date");

CREATE INDEX "i_appointments_patient_id_appointment_date" ON "appointments" ("f_patient_id", "f_appointment_date");

CREATE INDEX "i_appointments_updated_at" ON "appointments" ("f_updated_at");

CREATE TABLE "busy_times" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_doctor_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.doctor_id')) VIRTUAL,
  "f_start" ANY GENERATED ALWAYS AS (json_extract(doc, '$.start')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL
) STRICT;

CREATE INDEX "i_busy_times_doctor_id_start" ON "busy_times" ("f_doctor_id", "f_start");

CREATE INDEX "i_busy_times_updated_at" ON "busy_times" ("f_updated_at");

CREATE TABLE "notifications" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_read" ANY GENERATED ALWAYS AS (json_extract(doc, '$.read')) VIRTUAL,
  "f_sent_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.sent_at')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL,
  "f_user_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.user_id')) VIRTUAL
) STRICT;

CREATE INDEX "i_notifications_user_id_read_sent_at" ON "notifications" ("f_user_id", "f_read", "f_sent_at");

CREATE INDEX "i_notifications_updated_at" ON "notifications" ("f_updated_at");

CREATE TABLE "messages" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_patient_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.patient_id')) VIRTUAL,
  "f_timestamp" ANY GENERATED ALWAYS AS (json_extract(doc, '$.timestamp')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL
) STRICT;

CREATE INDEX "i_messages_patient_id_timestamp" ON "messages" ("f_patient_id", "f_timestamp");

CREATE INDEX "i_messages_updated_at" ON "messages" ("f_updated_at");

CREATE VIRTUAL TABLE "fts_messages" USING fts5(text, prefix='2 3 4', tokenize='unicode61 remove_diacritics 2');

CREATE TABLE "teleconsultations" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_appointment_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.appointment_id')) VIRTUAL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_patient_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.patient_id')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL
) STRICT;

CREATE INDEX "i_teleconsultations_patient_id" ON "teleconsultations" ("f_patient_id");

CREATE INDEX "i_teleconsultations_appointment_id" ON "teleconsultations" ("f_appointment_id");

CREATE INDEX "i_teleconsultations_updated_at" ON "teleconsultations" ("f_updated_at");

CREATE TABLE "payments" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_appointment_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.appointment_id')) VIRTUAL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL,
  "f_user_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.user_id')) VIRTUAL
) STRICT;

CREATE INDEX "i_payments_user_id" ON "payments" ("f_user_id");

CREATE INDEX "i_payments_appointment_id" ON "payments" ("f_appointment_id");

CREATE INDEX "i_payments_updated_at" ON "payments" ("f_updated_at");

CREATE TABLE "reviews" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_appointment_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.appointment_id')) VIRTUAL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_doctor_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.doctor_id')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL
) STRICT;

CREATE INDEX "i_reviews_doctor_id" ON "reviews" ("f_doctor_id");

CREATE INDEX "i_reviews_appointment_id" ON "reviews" ("f_appointment_id");

CREATE INDEX "i_reviews_updated_at" ON "reviews" ("f_updated_at");

CREATE TABLE "ai_characters" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_is_active" ANY GENERATED ALWAYS AS (json_extract(doc, '$.is_active')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL
) STRICT;

CREATE INDEX "i_ai_characters_is_active" ON "ai_characters" ("f_is_active");

CREATE INDEX "i_ai_characters_updated_at" ON "ai_characters" ("f_updated_at");

CREATE TABLE "conversations" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL,
  "f_user_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.user_id')) VIRTUAL
) STRICT;

CREATE INDEX "i_conversations_user_id" ON "conversations" ("f_user_id");

CREATE INDEX "i_conversations_updated_at" ON "conversations" ("f_updated_at");

CREATE TABLE "conversation_turns" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_conversation_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.conversation_id')) VIRTUAL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_timestamp" ANY GENERATED ALWAYS AS (json_extract(doc, '$.timestamp')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL
) STRICT;

CREATE INDEX "i_conversation_turns_conversation_id_timestamp" ON "conversation_turns" ("f_conversation_id", "f_timestamp");

CREATE INDEX "i_conversation_turns_updated_at" ON "conversation_turns" ("f_updated_at");

CREATE TABLE "logs" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_level" ANY GENERATED ALWAYS AS (json_extract(doc, '$.level')) VIRTUAL,
  "f_timestamp" ANY GENERATED ALWAYS AS (json_extract(doc, '$.timestamp')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL
) STRICT;

CREATE INDEX "i_logs_timestamp" ON "logs" ("f_timestamp");

CREATE INDEX "i_logs_level_timestamp" ON "logs" ("f_level", "f_timestamp");

CREATE INDEX "i_logs_updated_at" ON "logs" ("f_updated_at");

CREATE TABLE "profiling" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_endpoint" ANY GENERATED ALWAYS AS (json_extract(doc, '$.endpoint')) VIRTUAL,
  "f_timestamp" ANY GENERATED ALWAYS AS (json_extract(doc, '$.timestamp')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL
) STRICT;

CREATE INDEX "i_profiling_endpoint_timestamp" ON "profiling" ("f_endpoint", "f_timestamp");

CREATE INDEX "i_profiling_updated_at" ON "profiling" ("f_updated_at");

CREATE TABLE "conflicts" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_document_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.document_id')) VIRTUAL,
  "f_resolved_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.resolved_at')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL
) STRICT;

CREATE INDEX "i_conflicts_resolved_at" ON "conflicts" ("f_resolved_at");

CREATE INDEX "i_conflicts_document_id" ON "conflicts" ("f_document_id");

CREATE INDEX "i_conflicts_updated_at" ON "conflicts" ("f_updated_at");

CREATE TABLE "amendments" (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL,
  "f_created_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  "f_document_id" ANY GENERATED ALWAYS AS (json_extract(doc, '$.document_id')) VIRTUAL,
  "f_updated_at" ANY GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL
) STRICT;

CREATE INDEX "i_amendments_document_id" ON "amendments" ("f_document_id");

CREATE INDEX "i_amendments_updated_at" ON "amendments" ("f_updated_at");

PRAGMA user_version = 1;
