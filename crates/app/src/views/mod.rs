//! What the shells ask and what they get back: the shapes of requests and answers, nothing else.
//!
//! Instants are RFC 3339 texts, days are `YYYY-MM-DD` (perhaps partial), ids are UUID texts. A field that is `null` was
//! not recorded.

mod appointments;
mod backups;
mod checks;
mod deletion;
mod doctor;
mod intake;
mod keys;
mod look;
mod notes;
mod oidc;
mod patients;
mod people;
mod realm;
mod records;
mod retention;
mod security;
mod sending;
mod session;
mod settings;
mod shares;
mod summary;
mod sync;
mod transfer;
mod vitals;

pub use appointments::*;
pub use backups::*;
pub use checks::*;
pub use deletion::*;
pub use doctor::*;
pub use intake::*;
pub use keys::*;
pub use look::*;
pub use notes::*;
pub use oidc::*;
pub use patients::*;
pub use people::*;
pub use realm::*;
pub use records::*;
pub use retention::*;
pub use security::*;
pub use sending::*;
pub use session::*;
pub use settings::*;
pub use shares::*;
pub use summary::*;
pub use sync::*;
pub use transfer::*;
pub use vitals::*;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

/// No input, or no output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Nothing {}

/// Names one document.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ById {
    /// The document.
    pub id: Uuid,
}

/// Names one chart.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OfPatient {
    /// The chart.
    pub patient: Uuid,
}
