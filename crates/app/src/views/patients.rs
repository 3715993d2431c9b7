//! Finding patients, and the front page of a chart.

use model::{Asked, BloodGroup, ClinicalStatus, Date, Gender, Severity, Time};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

/// Searches the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FindPatients {
    /// Parts of names, numbers or phones; empty for all.
    pub text: String,
    /// First row.
    pub offset: u32,
    /// Rows, at most 200.
    pub limit: u32,
    /// Only those that were archived?
    pub archived: bool,
    /// Only those that this doctor saved?
    pub saved: bool,
}

/// A stretch of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PatientPage {
    /// Rows in all.
    pub total: u32,
    /// The stretch.
    pub rows: Vec<PatientRow>,
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PatientRow {
    /// The chart.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Day of birth.
    pub date_of_birth: Option<Date>,
    /// Whole years.
    pub age: Option<i32>,
    /// Administrative gender.
    pub gender: Option<Gender>,
    /// Number for people.
    pub patient_number: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Substances with a severe reaction.
    pub severe_allergies: Vec<String>,
    /// Last change.
    pub updated_at: Time,
    /// Is a change of the front page still to be sent?
    pub waiting: bool,
}

/// Opens a chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RegisterPatient {
    /// Name.
    pub name: String,
    /// Day of birth.
    pub date_of_birth: Option<Date>,
    /// Administrative gender.
    pub gender: Option<Gender>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Language.
    pub preferred_language: Option<String>,
    /// Blood group.
    pub blood_group: Option<BloodGroup>,
}

/// Changes the front page; what is absent stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChangePatient {
    /// The chart.
    pub patient: Uuid,
    /// Name.
    pub name: Option<String>,
    /// Day of birth.
    pub date_of_birth: Option<Date>,
    /// Administrative gender.
    pub gender: Option<Gender>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Language.
    pub preferred_language: Option<String>,
    /// Blood group.
    pub blood_group: Option<BloodGroup>,
    /// Out of the lists?
    pub is_archived: Option<bool>,
    /// Fields that are emptied: what they said was wrong or is not wanted. What they said stays in the history.
    pub cleared: Vec<FrontField>,
}

/// A field of the front page that may be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FrontField {
    /// Day of birth.
    DateOfBirth,
    /// Administrative gender.
    Gender,
    /// Telephone.
    Phone,
    /// E-mail address.
    Email,
    /// Address.
    Address,
    /// Language.
    PreferredLanguage,
    /// Blood group.
    BloodGroup,
}

/// Looks for charts of the same person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SimilarPatients {
    /// Name.
    pub name: String,
    /// Day of birth.
    pub date_of_birth: Option<Date>,
}

/// What is always in sight in a chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct BannerView {
    /// The chart.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Initials.
    pub initials: String,
    /// Day of birth.
    pub date_of_birth: Option<Date>,
    /// Whole years.
    pub age: Option<i32>,
    /// Administrative gender.
    pub gender: Option<Gender>,
    /// Words that fit none of the codes.
    pub gender_as_entered: Option<String>,
    /// Blood group.
    pub blood_group: Option<BloodGroup>,
    /// Number for people.
    pub patient_number: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Language.
    pub preferred_language: Option<String>,
    /// What was answered; null: nobody asked.
    pub allergies_asked: Option<Asked>,
    /// When.
    pub allergies_asked_at: Option<Time>,
    /// Name of who asked.
    pub allergies_asked_by: Option<String>,
    /// Severe ones first.
    pub allergies: Vec<AllergyView>,
    /// Active ones, newest first.
    pub conditions: Vec<ConditionView>,
    /// Those that are over.
    pub past_conditions: Vec<ConditionView>,
    /// Whom to call, in order.
    pub contacts: Vec<ContactView>,
    /// Numbers on the tabs.
    pub counts: ChartCounts,
    /// Out of the lists?
    pub is_archived: bool,
    /// Is a change of the front page still to be sent?
    pub waiting: bool,
    /// Where it was imported from.
    pub origin: Option<String>,
    /// SHA-256 of the picture, where there is one: it changes with the picture.
    pub photo: Option<String>,
    /// Is the picture on this device?
    pub photo_here: bool,
    /// Entries that a newer program has changed: they are shown as they were before, and can't be changed here.
    pub newer: u32,
    /// Are all files of the chart fetched ahead of time? Null where they always are: on the devices of whose chart it is.
    pub pinned: Option<bool>,
    /// What this doctor keeps of them; null for one who is not saved.
    pub saved: Option<SavedView>,
}

/// A patient whom a doctor keeps at hand. Nobody else sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SavedView {
    /// Remarks.
    pub remarks: Option<String>,
    /// The day of the last note that this doctor wrote while the patient was saved.
    pub last_seen: Option<Date>,
    /// Since when.
    pub saved_at: Time,
}

/// Keeps a patient at hand, or no more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SavePatient {
    /// The chart.
    pub patient: Uuid,
    /// Keep?
    pub saved: bool,
    /// Remarks for oneself, in place of those before.
    pub remarks: Option<String>,
}

/// Fetches all files of a chart ahead of time, or no more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PinChart {
    /// The chart.
    pub patient: Uuid,
    /// Fetch them?
    pub pinned: bool,
}

/// Numbers on the tabs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ChartCounts {
    /// Documents.
    pub records: u32,
    /// Medicines in use.
    pub medications: u32,
    /// Stroke checks.
    pub checks: u32,
    /// Of them, not yet looked at.
    pub unreviewed_checks: u32,
    /// Notes.
    pub notes: u32,
    /// Shares that are open now.
    pub shares: u32,
    /// Versions that wait for a person.
    pub conflicts: u32,
}

/// An allergy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AllergyView {
    /// The entry.
    pub id: Uuid,
    /// The substance.
    pub substance: String,
    /// What happened.
    pub reaction: Option<String>,
    /// How bad; null: not recorded.
    pub severity: Option<Severity>,
    /// Confirmed by a clinician?
    pub confirmed: bool,
    /// Where it was imported from.
    pub origin: Option<String>,
}

/// A condition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ConditionView {
    /// The entry.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// `system|code`.
    pub code: Option<String>,
    /// Since when.
    pub since: Option<Date>,
    /// Until when.
    pub until: Option<Date>,
    /// Is it present?
    pub status: ClinicalStatus,
    /// Where it was imported from.
    pub origin: Option<String>,
}

/// Whom to call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ContactView {
    /// The entry.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// What they are to the person.
    pub relation: Option<String>,
    /// Telephone.
    pub phone: String,
}

/// Writes down that someone asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AskedAboutAllergies {
    /// The chart.
    pub patient: Uuid,
    /// What was answered.
    pub answer: Asked,
}

/// Adds an allergy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AddAllergy {
    /// The chart.
    pub patient: Uuid,
    /// The substance.
    pub substance: String,
    /// What happened.
    pub reaction: Option<String>,
    /// How bad.
    pub severity: Option<Severity>,
}

/// Adds a condition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AddCondition {
    /// The chart.
    pub patient: Uuid,
    /// Name.
    pub name: String,
    /// Since when.
    pub since: Option<Date>,
}

/// Adds whom to call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AddContact {
    /// The chart.
    pub patient: Uuid,
    /// Name.
    pub name: String,
    /// What they are to the person.
    pub relation: Option<String>,
    /// Telephone.
    pub phone: String,
}

/// Takes an entry off the front page; its history stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RemoveEntry {
    /// The chart.
    pub patient: Uuid,
    /// The allergy, condition or contact.
    pub id: Uuid,
}
