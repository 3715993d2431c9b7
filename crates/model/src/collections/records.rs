//! Records, shares and who looked.

use super::{codes::*, identity::*, parts::*};
use crate::{
    id::Id,
    when::{Date, Time},
};
use model_derive::Collection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A document in a chart.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(
    name = "medical_records", class = Statement, key = Chart, sync = Chart,
    index(patient_id, document_type),
    index(patient_id, date_of_record),
    index(date_of_record)
)]
pub struct MedicalRecord {
    /// Whose chart.
    #[field(sealed, keep, from("R:medical_records.patient", "M:medicalRecords.patientId"))]
    pub patient_id: Id<Patient>,
    /// The doctor who wrote or ordered it.
    #[field(sealed, keep, from("M:medicalRecords.doctorId"))]
    pub doctor_id: Option<Id<User>>,
    /// The doctor's name as it stands on the paper.
    #[field(sealed, fork, from("R:medical_records.source_doctor"))]
    pub source_doctor: Option<String>,
    /// What it is.
    #[field(sealed, fork, from("R:medical_records.document_type"))]
    pub document_type: DocumentType,
    /// A short name.
    #[field(sealed, fork, search, from("R:medical_records.title"))]
    pub title: String,
    /// The day it speaks of.
    #[field(sealed, fork, from("R:medical_records.date_of_record", "M:medicalRecords.records.date"))]
    pub date_of_record: Option<Date>,
    /// What is in it.
    #[field(sealed, fork, search, from("M:medicalRecords.records.description"))]
    pub description: Option<String>,
    /// Remarks of whoever filed it.
    #[field(sealed, fork, search, from("R:medical_records.notes"))]
    pub notes: Option<String>,
    /// The files.
    #[field(
        sealed,
        union,
        from(
            "R:medical_records.file",
            "R:medical_records.file_name",
            "R:medical_records.file_size",
            "R:medical_records.file_type",
            "M:medicalRecords.records.attachments"
        )
    )]
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// Where it came from.
    #[field(sealed, keep)]
    pub origin: Option<Origin>,
    /// Out of the lists, still to be found.
    #[field(sealed, latest, from("R:medical_records.is_archived"))]
    pub is_archived: bool,
    /// Marked as deleted by its author; shown in Deleted for 30 days.
    #[field(sealed, latest, from("R:medical_records.is_deleted"))]
    pub is_hidden: bool,
}

/// A medicine in use, prescribed or reported.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(name = "medications", class = Statement, key = Chart, sync = Chart, index(patient_id, status))]
pub struct Medication {
    /// Whose chart.
    #[field(sealed, keep)]
    pub patient_id: Id<Patient>,
    /// Prescribed, or taken as the person says.
    #[field(sealed, keep)]
    pub source: MedicationSource,
    /// The medicine.
    #[field(sealed, fork, group = "dose", search)]
    pub name: String,
    /// Code of the medicine, `system|code`.
    #[field(sealed, fork, group = "dose")]
    pub code: Option<String>,
    /// How much and how often, as written.
    #[field(sealed, fork, group = "dose")]
    pub dosage: Option<String>,
    /// Is it in use?
    #[field(sealed, fork)]
    pub status: MedicationStatus,
    /// Since when.
    #[field(sealed, fork)]
    pub started_on: Option<Date>,
    /// Until when.
    #[field(sealed, fork)]
    pub ended_on: Option<Date>,
    /// What for.
    #[field(sealed, fork)]
    pub reason: Option<String>,
    /// Who ordered it.
    #[field(sealed, keep)]
    pub prescriber: Option<String>,
    /// Where it came from.
    #[field(sealed, keep)]
    pub origin: Option<Origin>,
}

/// A share of chosen records.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(
    name = "share_tokens", class = Statement, key = Chart, sync = Chart,
    index(patient_id, is_revoked),
    index(expires_at),
    index(manifest_id)
)]
pub struct ShareToken {
    /// Whose records.
    #[field(sealed, keep, from("R:share_tokens.patient"))]
    pub patient_id: Id<Patient>,
    /// Ids of the shared documents.
    #[field(sealed, keep, from("R:share_tokens.records"))]
    #[serde(default)]
    pub records: Vec<uuid::Uuid>,
    /// What the recipient sees first; without clinical detail.
    #[field(sealed, keep)]
    pub label: String,
    /// How it was handed over.
    #[field(sealed, keep, from("R:share_tokens.share_method"))]
    pub share_method: ShareMethod,
    /// The link itself.
    #[field(sealed, keep, from("R:share_tokens.encrypted_token"))]
    pub encrypted_token: String,
    /// The random part of its address.
    #[field(sealed, keep)]
    pub manifest_id: String,
    /// Address of the link host that serves it; absent where the owner's computer does.
    #[field(sealed, keep)]
    pub link_host: Option<String>,
    /// Parts of the front page that are in it: `allergies`, `conditions`, `medications`, `vitals`.
    #[field(sealed, keep)]
    #[serde(default)]
    pub kinds: Vec<String>,
    /// The encrypted files that are served. Those of a long-lived link are made anew when what is in them has changed.
    #[field(sealed, latest)]
    #[serde(default)]
    pub files: Vec<Attachment>,
    /// From when the content of the files is.
    #[field(sealed, latest)]
    pub content_at: Option<Time>,
    /// Argon2id hash of the passcode.
    #[field(sealed, keep)]
    pub passcode_hash: Option<String>,
    /// When it ends.
    #[field(sealed, latest, from("R:share_tokens.expires_at"))]
    pub expires_at: Option<Time>,
    /// Was it taken back?
    #[field(sealed, rise, from("R:share_tokens.is_revoked"))]
    pub is_revoked: bool,
    /// When.
    #[field(sealed, rise, from("R:share_tokens.revoked_at"))]
    pub revoked_at: Option<Time>,
    /// Is it answered at the moment?
    #[field(sealed, latest)]
    pub is_paused: bool,
    /// How many openings are allowed.
    #[field(sealed, latest, from("R:share_tokens.max_access_count"))]
    pub max_access_count: Option<u32>,
}

/// One request for shared records.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(
    name = "access_logs", class = Statement, key = Chart, sync = Chart,
    index(share_token_id, accessed_at),
    index(patient_id, accessed_at)
)]
pub struct AccessLog {
    /// The share.
    #[field(sealed, keep, from("R:access_logs.share_token"))]
    pub share_token_id: Option<Id<ShareToken>>,
    /// Who asked, where it is a member.
    #[field(sealed, keep, from("R:access_logs.doctor"))]
    pub doctor_id: Option<Id<User>>,
    /// Who they said they were; not verified.
    #[field(sealed, keep)]
    pub recipient: Option<String>,
    /// Whose records.
    #[field(sealed, keep, from("R:access_logs.patient"))]
    pub patient_id: Id<Patient>,
    /// What was given.
    #[field(sealed, keep, from("R:access_logs.accessed_records"))]
    #[serde(default)]
    pub accessed_records: Vec<uuid::Uuid>,
    /// When.
    #[field(sealed, keep, from("R:access_logs.accessed_at"))]
    pub accessed_at: Time,
    /// From which address.
    #[field(sealed, keep, from("R:access_logs.ip_address"))]
    pub ip_address: Option<String>,
    /// With which program.
    #[field(sealed, keep, from("R:access_logs.user_agent"))]
    pub user_agent: Option<String>,
    /// Where it was served.
    #[field(sealed, keep)]
    pub place: AccessPlace,
    /// What came of it.
    #[field(sealed, keep)]
    pub outcome: AccessOutcome,
    /// Why a restricted chart was opened, in the words of whoever did.
    #[field(sealed, keep)]
    pub reason: Option<String>,
    /// Until when it was open for them.
    #[field(sealed, keep)]
    pub until: Option<Time>,
}

/// A doctor's bookmark of a patient; its id is derived from both.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(name = "saved_patients", class = Mergeable, key = User, sync = User, identity(doctor_id, patient_id), index(doctor_id, saved_at))]
pub struct SavedPatient {
    /// The doctor.
    #[field(sealed, keep, from("R:saved_patients.doctor"))]
    pub doctor_id: Id<User>,
    /// The patient.
    #[field(sealed, keep, from("R:saved_patients.patient"))]
    pub patient_id: Id<Patient>,
    /// The doctor's own remarks.
    #[field(sealed, fork, from("R:saved_patients.consultation_notes"))]
    pub consultation_notes: Option<String>,
    /// Last seen.
    #[field(sealed, latest, from("R:saved_patients.last_consultation_date"))]
    pub last_consultation_date: Option<Date>,
    /// When it was saved.
    #[field(sealed, keep, from("R:saved_patients.saved_at"))]
    pub saved_at: Time,
}

/// A doctor's note about a patient; one that is not shared is sealed for the care team.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(
    name = "doctor_notes", class = Statement, key = Chart, sync = Chart,
    index(doctor_id, patient_id),
    index(patient_id)
)]
pub struct DoctorNote {
    /// Who wrote it.
    #[field(sealed, keep, from("R:doctor_notes.doctor"))]
    pub doctor_id: Id<User>,
    /// About whom.
    #[field(sealed, keep, from("R:doctor_notes.patient"))]
    pub patient_id: Id<Patient>,
    /// The note itself.
    #[field(sealed, keep, search, from("R:doctor_notes.note_text"))]
    pub note_text: String,
    /// Was it dictated?
    #[field(sealed, keep, from("R:doctor_notes.is_audio_transcript"))]
    pub is_audio_transcript: bool,
    /// The dictation.
    #[field(sealed, keep)]
    pub audio: Option<BlobRef>,
    /// May the patient read it?
    #[field(sealed, keep, from("R:doctor_notes.is_shared_with_patient"))]
    pub is_shared_with_patient: bool,
    /// The earlier note that this one amends.
    #[field(sealed, keep)]
    pub amends: Option<Id<DoctorNote>>,
}
