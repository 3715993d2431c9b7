//! Shares, and who looked.

use model::{AccessOutcome, AccessPlace, Date, ShareMethod, Time};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

/// Can it be opened?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ShareState {
    /// Yes.
    Active,
    /// Not at the moment.
    Paused,
    /// Taken back.
    Revoked,
    /// Its time is over.
    Expired,
    /// All uses are spent.
    UsedUp,
}

/// Something that may be shared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ShareChoice {
    /// The document; the chart's id for the front page.
    pub id: Uuid,
    /// `record`, `medications`, `conditions`, `allergies`, `vitals`, `check`.
    pub kind: String,
    /// Name.
    pub title: String,
    /// The day it speaks of.
    pub date: Option<Date>,
    /// Number of entries, or the type of a document.
    pub detail: Option<String>,
}

/// A share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ShareRow {
    /// The share.
    pub id: Uuid,
    /// The chart.
    pub patient: Uuid,
    /// Whose.
    pub patient_name: String,
    /// What the recipient sees first.
    pub label: String,
    /// When it was made.
    pub created_at: Time,
    /// When it ends.
    pub expires_at: Option<Time>,
    /// Can it be opened?
    pub state: ShareState,
    /// Openings so far.
    pub uses: u32,
    /// Openings allowed.
    pub max_uses: Option<u32>,
    /// How it was handed over.
    pub method: ShareMethod,
    /// May its content change?
    pub long_term: bool,
    /// From when its content is.
    pub content_at: Option<Time>,
    /// Does its end stand in the code, so that it cannot be extended?
    pub end_in_code: bool,
    /// Is it over for good: taken back, or closed by wrong passcodes?
    pub over: bool,
    /// Is a passcode asked for?
    pub has_passcode: bool,
    /// How many documents are in it.
    pub records: u32,
}

/// Makes a share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MakeShare {
    /// The chart.
    pub patient: Uuid,
    /// What is shared.
    pub choices: Vec<Uuid>,
    /// Parts of the front page that are shared: `medications`, `conditions`, `allergies`, `vitals`.
    pub kinds: Vec<String>,
    /// What the recipient sees first; without clinical detail.
    pub label: String,
    /// How long; null until revoked.
    pub minutes: Option<u32>,
    /// How many openings; null without limit.
    pub max_uses: Option<u32>,
    /// Asked for before opening.
    pub passcode: Option<String>,
    /// One file without a manifest (at the desk)?
    pub direct: bool,
    /// Served by the realm's link host, so that it works from anywhere?
    #[serde(default)]
    pub anywhere: bool,
}

/// Gives a share more time or more openings; its code stays the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ExtendShare {
    /// The share.
    pub id: Uuid,
    /// How long from now; null: its end stays.
    pub minutes: Option<u32>,
    /// How many more openings from now; null: as many as before.
    pub uses: Option<u32>,
}

/// A share with its code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ShareView {
    /// The line of the list.
    pub row: ShareRow,
    /// The link.
    pub link: String,
    /// QR code, SVG.
    pub qr: String,
    /// Where it is served.
    pub address: String,
    /// `loopback`, `lan` or `host`.
    pub reachable: String,
    /// Is the link host told of it as it stands here? Null where this computer serves it.
    pub at_host: Option<bool>,
    /// What is in it.
    pub titles: Vec<String>,
}

/// One request for shared records.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AccessRow {
    /// The entry.
    pub id: Uuid,
    /// When.
    pub at: Time,
    /// Who they said they were; not verified.
    pub recipient: Option<String>,
    /// Name, where it is a member.
    pub member: Option<String>,
    /// Where it was served.
    pub place: AccessPlace,
    /// What came of it.
    pub outcome: AccessOutcome,
    /// How many documents were given.
    pub records: u32,
    /// From which address.
    pub ip_address: Option<String>,
    /// The share.
    pub share_label: Option<String>,
    /// Why, where it was an emergency.
    pub reason: Option<String>,
}

/// Who has looked, and at what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AccessView {
    /// All shares, newest first.
    pub shares: Vec<ShareRow>,
    /// All openings, newest first.
    pub accesses: Vec<AccessRow>,
}

/// A restricted chart, seen from outside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct GlassView {
    /// Whose.
    pub name: String,
    /// Is it restricted?
    pub restricted: bool,
    /// Is it closed to whoever is at work?
    pub closed: bool,
    /// May whoever is at work open it in an emergency?
    pub may_break: bool,
    /// Who opens it without one.
    pub allowed: Vec<AllowedView>,
}

/// A member who opens a restricted chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AllowedView {
    /// The account.
    pub user: Uuid,
    /// Name.
    pub name: String,
}

/// Restricts a chart, or opens it to the care team again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RestrictChart {
    /// The chart.
    pub patient: Uuid,
    /// Restricted?
    pub restricted: bool,
    /// Who opens it all the same.
    pub allowed: Vec<Uuid>,
}

/// Opens a restricted chart in an emergency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BreakGlass {
    /// The chart.
    pub patient: Uuid,
    /// Why, in 10 to 500 characters; it is kept in the access log.
    pub reason: String,
    /// For how long, 5 to 240.
    pub minutes: u32,
}

/// What the proof of an access log came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AccessProof {
    /// How many entries there are.
    pub entries: u32,
    /// How many show what their author signed.
    pub hold: u32,
    /// How many no journal vouches for yet, because they were not sent.
    pub unsent: u32,
    /// Those that do not hold.
    pub broken: Vec<BrokenEntry>,
    /// How many entries of devices' journals were walked.
    pub journal_entries: u32,
    /// Where a journal does not hold.
    pub journal_broken: Vec<BrokenJournal>,
}

/// An entry of the access log that does not hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct BrokenEntry {
    /// The entry.
    pub id: Uuid,
    /// When it says that somebody looked.
    pub at: Option<Time>,
    /// `signature`, `unknown_author`, `expired`, `not_signed`, `not_allowed`, `shown_otherwise`.
    pub why: String,
}

/// An entry of a device's journal that does not hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct BrokenJournal {
    /// The device, by eight letters.
    pub device: String,
    /// The number of the entry.
    pub n: u32,
}
