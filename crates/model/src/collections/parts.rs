//! Structures inside documents. Elements of lists carry an `id` of their own, so that lists merge element by element.

use super::codes::*;
use crate::when::{Date, Time};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

/// An encrypted file. The description, with the key, stands only inside the sealed body of the record that owns the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct BlobRef {
    /// Id of the file on disk and on the remote.
    pub blob: Uuid,
    /// The file's own key, 32 bytes, base64url.
    pub key: String,
    /// Plain length in bytes.
    pub length: u32,
    /// Ciphertext length in bytes.
    pub cipher_length: u32,
    /// SHA-256 of the ciphertext, hex.
    pub cipher_sha256: String,
    /// SHA-256 of the plain bytes, hex.
    pub sha256: String,
}

/// A file attached to a record or a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Attachment {
    /// Id of the element.
    pub id: Uuid,
    /// The file.
    pub file: BlobRef,
    /// Name as it came.
    pub file_name: String,
    /// Media type, decided by the first bytes.
    pub file_type: String,
    /// A small picture of it.
    pub thumbnail: Option<BlobRef>,
}

/// Where an imported or received document came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Origin {
    /// The system, file or person it came from.
    pub source: String,
    /// When it was taken in.
    pub taken_in_at: Time,
    /// Identifier there: for recognising the same thing again.
    pub identifier: Option<String>,
    /// The resource as it came, unchanged text, so that an export loses nothing.
    pub resource: Option<String>,
}

/// Something that a person does not tolerate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Allergy {
    /// Id of the element.
    pub id: Uuid,
    /// The substance.
    pub substance: String,
    /// What happened.
    pub reaction: Option<String>,
    /// How bad it was; absent: not recorded.
    pub severity: Option<Severity>,
    /// Did a clinician confirm it?
    pub confirmed: bool,
    /// Code of the substance, `system|code`.
    pub code: Option<String>,
    /// Where it came from.
    pub origin: Option<Origin>,
}

/// A long-standing condition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ChronicCondition {
    /// Id of the element.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// `system|code`.
    pub code: Option<String>,
    /// Since when.
    pub since: Option<Date>,
    /// Is it present now?
    pub status: ClinicalStatus,
    /// Where it came from.
    pub origin: Option<Origin>,
}

/// An entry of the medical history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct HistoryEntry {
    /// Id of the element.
    pub id: Uuid,
    /// The condition.
    pub condition: String,
    /// `system|code`.
    pub code: Option<String>,
    /// When it was diagnosed.
    pub diagnosed_at: Option<Date>,
    /// Until when.
    pub resolved_at: Option<Date>,
    /// Is it present now?
    pub status: ClinicalStatus,
    /// Free text.
    pub notes: Option<String>,
    /// Where it came from.
    pub origin: Option<Origin>,
}

/// Whom to call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct EmergencyContact {
    /// Id of the element.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// What they are to the person.
    pub relation: Option<String>,
    /// Telephone.
    pub phone: String,
}

/// A member who opens a restricted chart without an emergency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AllowedMember {
    /// The member's user id, and the element's.
    pub id: Uuid,
}

/// Height and weight as the older system kept them on the patient; their history is in `observations`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct BmiPart {
    /// Centimetres.
    pub height_cm: Option<f64>,
    /// Kilograms.
    pub weight_kg: Option<f64>,
}

/// A span of a weekday in which a doctor sees patients.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Availability {
    /// Id of the element.
    pub id: Uuid,
    /// The day.
    pub day: Weekday,
    /// `HH:MM`, local.
    pub start_time: String,
    /// `HH:MM`, local.
    pub end_time: String,
    /// Length of one appointment.
    pub slot_minutes: u32,
}

/// Days on which a doctor is away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TimeOff {
    /// Id of the element.
    pub id: Uuid,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// A backup code of the second factor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct BackupCode {
    /// Id of the element.
    pub id: Uuid,
    /// Argon2id hash.
    pub hash: String,
    /// When it was used up.
    pub used_at: Option<Time>,
}

/// One measure of a check with its references.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Measure {
    /// Stable name: `f0_mean`, `jitter_local`, `area_95`.
    pub name: String,
    /// The value; absent with a reason when it could not be computed.
    pub value: Option<f64>,
    /// Unit.
    pub unit: String,
    /// Mean of the published or measured norm.
    pub norm_mean: Option<f64>,
    /// Its standard deviation.
    pub norm_sd: Option<f64>,
    /// Distance from the norm in standard deviations, positive is worse.
    pub z: Option<f64>,
    /// Distance from the person's own baseline, positive is worse.
    pub baseline_z: Option<f64>,
    /// Why there is no value.
    pub absent: Option<String>,
}

/// One check of a recording's quality.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct QualityCheck {
    /// Stable code: `snr`, `clipping`.
    pub code: String,
    /// What was measured.
    pub value: Option<f64>,
    /// Unit.
    pub unit: String,
    /// The limit it was held against.
    pub limit: Option<f64>,
    /// `accept`, `warn` or `reject`.
    pub verdict: String,
}

/// A line of a prescription.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PrescriptionLine {
    /// Id of the element.
    pub id: Uuid,
    /// The medicine.
    pub medication: String,
    /// How much.
    pub dose: Option<String>,
    /// How often.
    pub frequency: Option<String>,
    /// How long.
    pub duration: Option<String>,
    /// What else to mind.
    pub instructions: Option<String>,
}

/// A document of a teleconsultation: a record of the chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LinkedRecord {
    /// Id of the element.
    pub id: Uuid,
    /// The record.
    pub record_id: Uuid,
}

/// The character of an AI character.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PersonalityPart {
    /// Words for it.
    pub traits: Vec<String>,
    /// What it knows.
    pub knowledge_base: String,
}

/// How a model is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AiSettingsPart {
    /// 0 to 2.
    pub temperature: f64,
    /// Upper bound of an answer.
    pub max_tokens: u32,
    /// Name of the model.
    pub model: String,
}
