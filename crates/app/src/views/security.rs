//! What protects a person's record.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Chooses another passphrase.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChangePassphrase {
    /// The one in use.
    pub old: String,
    /// The new one.
    pub new: String,
}
