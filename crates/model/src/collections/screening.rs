//! Checks and measurements.

use super::{codes::*, identity::*, parts::*};
use crate::{id::Id, when::Time};
use model_derive::Collection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An attempt at a voice or balance check.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(
    name = "detections", class = Statement, key = Chart, sync = Chart,
    index(patient_id, detected_at),
    index(reviewed_at)
)]
pub struct Detection {
    /// The patient's account.
    #[field(sealed, keep, from("S:detections.user_id"))]
    pub user_id: Option<Id<User>>,
    /// Whose check.
    #[field(sealed, keep, from("S:detections.patient_id"))]
    pub patient_id: Id<Patient>,
    /// When it was recorded.
    #[field(sealed, keep, from("S:detections.detected_at"))]
    pub detected_at: Time,
    /// Could it be judged?
    #[field(sealed, keep)]
    pub status: CheckStatus,
    /// Only when completed.
    #[field(sealed, keep, from("S:detections.result"))]
    pub result: Option<CheckResult>,
    /// Voice or balance.
    #[field(sealed, keep, from("S:detections.input_type"))]
    pub input_type: InputType,
    /// What judged it.
    #[field(sealed, keep, from("S:detections.model_version"))]
    pub model_version: String,
    /// 0 to 1: would the same person get the same result at once? Not the probability of a stroke.
    #[field(sealed, keep, from("S:detections.confidence_score"))]
    pub confidence_score: Option<f64>,
    /// A line in words.
    #[field(sealed, keep, from("S:detections.notes"))]
    pub notes: Option<String>,
    /// What was measured.
    #[field(sealed, keep)]
    #[serde(default)]
    pub measures: Vec<Measure>,
    /// How good the recording was.
    #[field(sealed, keep)]
    #[serde(default)]
    pub quality: Vec<QualityCheck>,
    /// `accept`, `warn` or `reject`.
    #[field(sealed, keep)]
    pub quality_verdict: String,
    /// The full report as JSON text.
    #[field(sealed, keep)]
    pub report: Option<String>,
    /// The recording.
    #[field(sealed, keep)]
    pub recording: Option<BlobRef>,
    /// What the person was asked to do: `vowel`, `stance_open`, `stance_closed`.
    #[field(sealed, keep)]
    pub task: String,
    /// Who led the check.
    #[field(sealed, keep)]
    pub performed_by: Option<Id<User>>,
    /// The clinician who reviewed it.
    #[field(sealed, latest, group = "review")]
    pub reviewed_by: Option<Id<User>>,
    /// When.
    #[field(sealed, latest, group = "review")]
    pub reviewed_at: Option<Time>,
    /// What the clinician found.
    #[field(sealed, latest, group = "review")]
    pub review: Option<String>,
}

/// A vital sign.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(name = "observations", class = Statement, key = Chart, sync = Chart, index(patient_id, code, observed_at))]
pub struct Observation {
    /// Of whom.
    #[field(sealed, keep)]
    pub patient_id: Id<Patient>,
    /// LOINC code.
    #[field(sealed, keep)]
    pub code: String,
    /// The number.
    #[field(sealed, fork, group = "value", from("S:patients.bmi.height_cm", "S:patients.bmi.weight_kg"))]
    pub value: f64,
    /// UCUM unit.
    #[field(sealed, fork, group = "value")]
    pub unit: String,
    /// When it was measured.
    #[field(sealed, keep)]
    pub observed_at: Time,
    /// Who entered it.
    #[field(sealed, keep)]
    pub entered_by: Option<Id<User>>,
    /// Values measured together (both numbers of a blood pressure).
    #[field(sealed, keep)]
    pub panel: Option<uuid::Uuid>,
    /// Taken back as entered in error.
    #[field(sealed, rise)]
    pub is_withdrawn: bool,
    /// Where it came from.
    #[field(sealed, keep)]
    pub origin: Option<Origin>,
}
