//! What a look through this device found.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How a finding stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As it should be.
    Good,
    /// It was not, and was mended without losing anything.
    Mended,
    /// Worth knowing; nothing is wrong.
    Note,
    /// A person must look.
    Wrong,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Finding {
    /// What, as a stable code: the sentence is in the catalogue under it.
    pub code: String,
    /// How it stands.
    pub verdict: Verdict,
    /// How many, where it is a number.
    pub count: u32,
    /// The code of a problem that it met, whose sentence says what to do.
    pub problem: Option<String>,
}

/// The whole look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExaminationView {
    /// In the order in which things were looked at.
    pub findings: Vec<Finding>,
    /// Is nothing wrong?
    pub sound: bool,
}
