//! What an import would put into a chart.

use super::report::Report;
use model::{Asked, MedicalRecord, Medication, Observation, Patient};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Documents for one chart, ready for a person's review. Nothing of it is stored yet.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartDraft {
    /// The front page; `user_id`, `patient_number`, `photo`, `voice_sample` and `registered_by` are never taken from a file.
    pub patient: Patient,
    /// The patient's numbers elsewhere.
    pub patient_identifiers: Vec<PatientIdentifier>,
    /// A picture of the face that came with the front page.
    pub photo: Option<FileDraft>,
    /// Medicines with their ids.
    pub medications: Vec<(Uuid, Medication)>,
    /// Vital signs with their ids.
    pub observations: Vec<(Uuid, Observation)>,
    /// Documents with their ids.
    pub records: Vec<(Uuid, RecordDraft)>,
    /// What the file says about lists that are empty and have no field of their own.
    pub answers: Answers,
    /// Ids that a document carries from an earlier export of this program, by the id it has in this draft.
    pub own_ids: BTreeMap<Uuid, Uuid>,
    /// What became of every resource.
    pub report: Report,
}

/// A document and its files, which the caller stores and turns into attachments.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordDraft {
    /// The record; its `attachments` are empty.
    pub record: MedicalRecord,
    /// The files.
    pub files: Vec<FileDraft>,
}

/// A file that came inside a resource.
#[derive(Clone, PartialEq, Eq)]
pub struct FileDraft {
    /// Derived id, the same at every import.
    pub id: Uuid,
    /// Name as it came, or one made from the media type.
    pub name: String,
    /// Media type by the first bytes; where they say nothing, as declared.
    pub media_type: String,
    /// SHA-256 of the bytes, hex.
    pub sha256: String,
    /// Content.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for FileDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FileDraft({}, {}, {} bytes)", self.id, self.media_type, self.bytes.len())
    }
}

/// A number that another system knows the patient by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatientIdentifier {
    /// Who gave it, a URI.
    pub system: Option<String>,
    /// The number.
    pub value: String,
    /// What kind of number it is, in words.
    pub kind: Option<String>,
}

/// Answers about lists that are empty; absent: nobody asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// Asked about illnesses.
    pub problems: Option<Asked>,
    /// Asked about medicines.
    pub medications: Option<Asked>,
}
