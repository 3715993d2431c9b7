//! The state of reconciling with the remote.

use model::Time;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

/// What the engine is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SyncPhase {
    /// No remote is set; everything stays on this device.
    NoRemote,
    /// The remote can't be reached; the queue is kept.
    Offline,
    /// It is being reached.
    Connecting,
    /// Fetching.
    Pulling,
    /// Sending.
    Pushing,
    /// All sent; waiting for the doorbell.
    Live,
    /// Paused by a person.
    Paused,
    /// It needs a person: see the problem.
    Blocked,
}

/// The state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SyncView {
    /// What the engine is doing.
    pub phase: SyncPhase,
    /// A code, where it is blocked or offline.
    pub problem: Option<String>,
    /// Words for the report, without values.
    pub detail: Option<String>,
    /// Documents to send.
    pub to_send: u32,
    /// Their bytes.
    pub to_send_bytes: f64,
    /// Documents to fetch, where it is known.
    pub to_fetch: u32,
    /// While much is fetched, as on a new device.
    pub first: Option<FirstSyncView>,
    /// Files to send.
    pub files_to_send: u32,
    /// Files to fetch.
    pub files_to_fetch: u32,
    /// Of the file that is moving.
    pub file_bytes_done: f64,
    /// Of the file that is moving.
    pub file_bytes_total: f64,
    /// The oldest change that is still to be sent.
    pub oldest_unsent: Option<Time>,
    /// When both sides last agreed.
    pub last_success: Option<Time>,
    /// Since when it can't be reached.
    pub offline_since: Option<Time>,
    /// Versions that wait for a person.
    pub conflicts: u32,
    /// Documents set aside.
    pub quarantined: u32,
    /// How far this clock is from the remote's; positive: ahead.
    pub clock_off_ms: Option<f64>,
    /// Host and database, without the login.
    pub remote: Option<String>,
}

/// How far it is while much is fetched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FirstSyncView {
    /// Documents fetched.
    pub done: u32,
    /// In all.
    pub total: u32,
    /// How long the rest will take, in milliseconds; absent while that cannot be said.
    pub left_ms: Option<f64>,
    /// Are today's and the latest charts here?
    pub usable: bool,
}

/// Sets or forgets the remote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetRemote {
    /// The connection string; null to forget it.
    pub address: Option<String>,
}

/// What a test of a connection found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RemoteTest {
    /// Can it be used?
    pub ok: bool,
    /// A code.
    pub problem: Option<String>,
    /// What is wrong and what to do, in English.
    pub sentence: Option<String>,
    /// Host and database.
    pub host: Option<String>,
}

/// Two versions that wait for a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ConflictView {
    /// The conflict.
    pub id: Uuid,
    /// Of which collection.
    pub collection: String,
    /// Which document.
    pub document: Uuid,
    /// In which chart.
    pub patient: Option<Uuid>,
    /// Whose.
    pub patient_name: Option<String>,
    /// What differs.
    pub field: String,
    /// How much depends on it.
    pub weight: ConflictWeight,
    /// Was it deleted on one side and changed on the other?
    pub deletion: bool,
    /// Can both stand beside each other?
    pub can_keep_both: bool,
    /// What both had agreed on.
    pub base: Option<String>,
    /// What shows.
    pub shown: Option<String>,
    /// What was displaced.
    pub displaced: Option<String>,
    /// Device that wrote what shows.
    pub shown_by: Option<String>,
    /// Device that wrote the other.
    pub displaced_by: Option<String>,
    /// When.
    pub shown_at: Time,
    /// When.
    pub displaced_at: Time,
}

/// How much depends on a conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConflictWeight {
    /// A wrong choice can harm the patient.
    CanHarm,
    /// It says who somebody is.
    Identity,
    /// Anything else.
    Ordinary,
}

/// Which version a person keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KeptVersion {
    /// What shows.
    Shown,
    /// What was displaced.
    Displaced,
    /// Both, beside each other.
    Both,
}

/// A person's decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ResolveConflict {
    /// The conflict.
    pub id: Uuid,
    /// What is kept.
    pub keep: KeptVersion,
}

/// A decision of the last thirty days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DecidedView {
    /// What it was about.
    pub conflict: ConflictView,
    /// When it was decided.
    pub at: Time,
    /// By whom.
    pub by: Option<String>,
    /// What was kept.
    pub kept: KeptVersion,
}

/// A document set aside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct QuarantineRow {
    /// Of which collection.
    pub collection: String,
    /// Which.
    pub id: Uuid,
    /// A code.
    pub reason: String,
    /// When.
    pub at: Time,
}

/// An entry that a removed device wrote after its removal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LateEntryView {
    /// The device.
    pub device: Uuid,
    /// Eight letters that tell it from others.
    pub device_name: String,
    /// Whose it is; absent where the directory does not know them.
    pub owner: Option<String>,
    /// Its number in the device's journal.
    #[ts(type = "number")]
    pub n: u64,
    /// When it was written, as the device says.
    pub at: Time,
    /// What is in it.
    pub writes: Vec<WrittenView>,
    /// In whose charts, as far as they are known here.
    pub charts: Vec<String>,
    /// May whoever is at work let it count?
    pub may: bool,
}

/// How many documents of a kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct WrittenView {
    /// The collection.
    pub collection: String,
    /// How many.
    #[ts(type = "number")]
    pub count: u64,
}

/// Up to which entry a removed device's writing counts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Readmit {
    /// The device.
    pub device: Uuid,
    /// The last entry that counts.
    #[ts(type = "number")]
    pub n: u64,
}

/// One collection, compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct VerifyRow {
    /// Which.
    pub collection: String,
    /// Same on both sides.
    pub equal: u32,
    /// Not on the remote.
    pub only_here: u32,
    /// Not on this device.
    pub only_there: u32,
    /// Other revisions.
    pub different: u32,
}

/// Both sides, compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct VerifyView {
    /// Do they hold the same?
    pub same: bool,
    /// By collection.
    pub rows: Vec<VerifyRow>,
}

/// Asks what happened to a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct HistoryOf {
    /// Of which collection.
    pub collection: String,
    /// Which.
    pub id: Uuid,
}

/// A value that was written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct HistoryRow {
    /// Field.
    pub key: String,
    /// The value, as text.
    pub value: String,
    /// When.
    pub at: Time,
    /// Owner of the device.
    pub device: Option<String>,
    /// Does it show now?
    pub current: bool,
    /// Did it lose its place in a merge?
    pub displaced: bool,
}
