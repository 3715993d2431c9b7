//! New keys of a person, and the realm's root key.

use model::{Role, Time};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

/// Where a person's keys stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct KeysView {
    /// Counts up with each new root.
    pub version: u32,
    /// Since when these are in use; null for a person's first.
    pub since: Option<Time>,
    /// Does a device that was removed know them?
    pub known_elsewhere: bool,
    /// Are new ones certified with the key of the clinic, by the person at work?
    pub by_root: bool,
    /// What waits to be certified.
    pub asked: Option<AskedView>,
}

/// A request for new keys.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AskedView {
    /// Sixteen characters, to be read to whoever certifies.
    pub check_words: String,
    /// When it was made.
    pub at: Time,
}

/// Asks for new keys.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NewKeys {
    /// The passphrase that opens the record once they are certified.
    pub passphrase: String,
}

/// The realm's root key, typed from its sheet.
#[derive(Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RootKit {
    /// Its text.
    pub root_kit: String,
}

/// Somebody who asks for new keys.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct KeyRequestView {
    /// The request.
    pub request: Uuid,
    /// Name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// When they asked.
    pub at: Time,
}

/// Certifies the keys that somebody asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CertifyKeys {
    /// The request.
    pub request: Uuid,
    /// The sixteen characters, as read out by whoever asked.
    pub typed_check: String,
}

/// What is done with the realm's root key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RootAct {
    /// Removes a super administrator.
    RemoveHead,
    /// Makes a member a super administrator.
    MakeHead,
}

/// Uses the realm's root key.
#[derive(Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct UseRoot {
    /// For what.
    pub act: RootAct,
    /// About whom.
    pub user: Uuid,
    /// Its text.
    pub root_kit: String,
}

/// Where recovery by the clinic stands for the person at work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RecoveryView {
    /// Does the clinic offer it?
    pub offered: bool,
    /// Since when the person agrees; null while they do not.
    pub since: Option<Time>,
}

/// Agrees to recovery by the clinic, or takes that back.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetRecovery {
    /// May it?
    pub on: bool,
}

/// Somebody whom the clinic can bring back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ReturnView {
    /// The account.
    pub user: Uuid,
    /// Name.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// Lets somebody in again who lost everything.
#[derive(Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AdmitAgain {
    /// The request's text.
    pub request: String,
    /// The sixteen characters, as read out by whoever asked.
    pub typed_check: String,
    /// The text of the realm's root key.
    pub root_kit: String,
}
