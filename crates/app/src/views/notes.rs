//! Notes and drafts.

use model::Time;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

/// A note.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct NoteRow {
    /// The note.
    pub id: Uuid,
    /// The words.
    pub text: String,
    /// Who wrote it.
    pub author: String,
    /// Was it oneself?
    pub mine: bool,
    /// When it was signed.
    pub created_at: Time,
    /// May the patient read it?
    pub shared_with_patient: bool,
    /// The note it amends.
    pub amends: Option<Uuid>,
    /// The note that amends it.
    pub amended_by: Option<Uuid>,
    /// Still to be sent?
    pub waiting: bool,
}

/// Signs a note. A signed note can be amended, never edited.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveNote {
    /// The chart.
    pub patient: Uuid,
    /// The words.
    pub text: String,
    /// May the patient read it?
    pub shared_with_patient: bool,
    /// The earlier note.
    pub amends: Option<Uuid>,
}

/// Keeps what is being written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct KeepDraft {
    /// The chart.
    pub patient: Uuid,
    /// The words; empty to throw the draft away.
    pub text: String,
}

/// A draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DraftView {
    /// The words.
    pub text: String,
    /// When it was kept; null where there is none.
    pub at: Option<Time>,
}
