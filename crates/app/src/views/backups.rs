//! Backups, and vaults that come out of them.

use model::Time;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How often a backup is made by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BackupRhythm {
    /// Only by hand.
    #[default]
    ByHand,
    /// Once a day, while the record is open.
    Daily,
    /// Once a week, while the record is open.
    Weekly,
}

/// Where, how often, and how many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BackupPlan {
    /// The folder, by its whole path.
    pub folder: Option<String>,
    /// How often.
    pub rhythm: BackupRhythm,
    /// The newest stay; 1 to 60.
    pub keep: u32,
}

/// Makes a backup now.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MakeBackup {
    /// Another folder than that of the plan, by its whole path.
    pub folder: Option<String>,
}

/// A backup that was opened and counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct BackupDone {
    /// When it was made.
    pub made_at: Time,
    /// When it was opened in a scratch place, looked through and counted.
    pub verified_at: Time,
    /// Where it lies.
    pub folder: String,
    /// Number of documents.
    pub documents: f64,
    /// Number of files.
    pub files: f64,
    /// Bytes in all.
    pub bytes: f64,
}

/// Why the last attempt made none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct BackupTrouble {
    /// Code of the problem.
    pub code: String,
    /// When.
    pub at: Time,
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct BackupsView {
    /// The plan.
    pub plan: BackupPlan,
    /// The last one that was found good.
    pub last: Option<BackupDone>,
    /// What went wrong since.
    pub trouble: Option<BackupTrouble>,
    /// Is one being made?
    pub running: bool,
    /// Disks that can be unplugged and are there now, by their paths.
    pub places: Vec<String>,
}

/// A folder of this computer, by its whole path.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct InFolder {
    /// The path.
    pub folder: String,
}

/// A backup that was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct BackupFound {
    /// Its folder.
    pub folder: String,
    /// Initials of the person.
    pub initials: String,
    /// When it was made.
    pub made_at: Time,
    /// Number of documents.
    pub documents: f64,
    /// Number of files.
    pub files: f64,
    /// Bytes in all.
    pub bytes: f64,
}
