import type { RequestName } from "../host/host";

/**
 * Which collections each answer is read from, as data. `@sync`, `@session` and `@device` stand for the engine, the open vault
 * and this computer, which are no collections. A request that is not listed is asked again after any change: slower, never wrong.
 */
const READS: { [K in RequestName]?: readonly string[] } = {
  // Who is at work follows from the directory, which comes after the first synchronisation of a new device.
  "session.state": ["@session", "users", "clinics"],
  "look.get": ["@device"],
  "passphrase.judge": ["@device"],
  "contacts.view": ["users", "sending_settings", "@sync"],
  "mail.settings": ["sending_settings", "@sync"],
  "people.check_outside": ["identity_providers"],
  "oidc.providers": ["identity_providers", "@sync"],
  "oidc.accounts": ["oauth_accounts", "identity_providers", "@sync"],
  "recovery.view": ["users", "@sync"],
  "keys.view": ["users", "@sync"],
  "factor.view": ["two_factor", "@sync"],
  "deletion.view": ["account_deletion_requests", "clinics", "users", "sending_settings", "@sync"],
  "sessions.list": ["tokens", "users", "@sync"],
  "sync.state": ["@state"],
  "sync.quarantine": ["@sync"],
  "sync.late_entries": ["@sync", "patients", "users"],
  "sync.conflicts": ["conflicts", "@sync"],
  "sync.decided": ["conflicts", "@sync"],
  "patients.find": ["patients", "saved_patients", "@sync"],
  "backups.view": ["@device"],
  "patients.similar": ["patients"],
  "transfer.read_receiver": ["@device"],
  "notes.draft": ["@device"],
  "checks.microphone": ["@device"],
  "checks.picture": ["@device"],
  "checks.trends": ["detections", "@sync"],
  "notes.list": ["doctor_notes", "amendments", "@sync"],
};

const ANY: readonly string[] = ["*"];

/** The collections behind a request's answer. */
export function readsOf(name: RequestName): readonly string[] {
  return READS[name] ?? ANY;
}
