//! Leaving.

use super::CheckCode;
use model::{OtpChannel, Time};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where the wish to have an account deleted stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DeletionStage {
    /// Asked for, and not confirmed: nothing will happen.
    Requested,
    /// Confirmed: the days in which it can be taken back.
    Confirmed,
    /// The days are over.
    Due,
    /// Taken back.
    Withdrawn,
    /// Done.
    Done,
}

/// A person's wish, and what is needed next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DeletionView {
    /// Where it stands; null when there is none.
    pub stage: Option<DeletionStage>,
    /// When it was asked for.
    pub requested_at: Option<Time>,
    /// End of the days in which it can be taken back.
    pub ends_at: Option<Time>,
    /// How the code for confirming is sent; null when none can be.
    pub code_by: Option<OtpChannel>,
    /// How long the clinic must keep entries in charts, in years; null when it has not said so.
    pub retention_years: Option<u32>,
    /// Is this one person's own record?
    pub alone: bool,
    /// Has an administrator removed this person?
    pub removed: bool,
    /// Was this device removed, by itself or with its person? Then nothing of it is sent any more.
    pub cut_off: bool,
}

/// Confirms the wish.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ConfirmDeletion {
    /// The code that was sent, where one can be.
    pub code: Option<CheckCode>,
}

/// Says how long a clinic must keep what was written in its charts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetRetention {
    /// Years; null when it is not known.
    pub years: Option<u32>,
}

/// What is to be destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhatToErase {
    /// The record because the account ends, or only what lies on this computer?
    pub whole_account: bool,
}

/// A signed certificate of an erasure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ErasureView {
    /// Which device it was.
    pub id: String,
    /// The certificate, JSON.
    pub text: String,
}

/// Destroys the record on this computer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Erase {
    /// The record because the account ends, or only what lies on this computer?
    pub whole_account: bool,
    /// The certificate that was shown.
    pub certificate: String,
}

/// Names something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ByName {
    /// The name.
    pub name: String,
}
