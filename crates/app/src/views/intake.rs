//! What comes in: received shares and imported files.

use super::PatientRow;
use model::{Date, Time};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

/// Looks at a link without fetching anything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct InspectLink {
    /// The link.
    pub text: String,
}

/// What can be known before fetching.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct IncomingLink {
    /// The link.
    pub text: String,
    /// The sender's words.
    pub label: Option<String>,
    /// Where it would be fetched.
    pub host: String,
    /// When it ends.
    pub expires_at: Option<Time>,
    /// Is it over?
    pub expired: bool,
    /// Will a passcode be asked for?
    pub needs_passcode: bool,
    /// May its content change?
    pub long_term: bool,
    /// Is the host on the local network? Then a yes is needed.
    pub local_network: bool,
}

/// Fetches and opens a link.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OpenLink {
    /// The link.
    pub text: String,
    /// Who is asking; the owner sees it.
    pub recipient: String,
    /// The passcode.
    pub passcode: Option<String>,
    /// The yes to a host on the local network.
    pub allow_local: bool,
}

/// Something that may be filed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct IntakeItem {
    /// The document it would become.
    pub id: Uuid,
    /// `patient`, `record`, `medication`, `condition`, `history`, `allergy`, `observation`, `contact`.
    pub kind: String,
    /// Name.
    pub title: String,
    /// The day it speaks of.
    pub date: Option<Date>,
    /// More about it.
    pub detail: Option<String>,
    /// Is it here already?
    pub state: IntakeState,
}

/// Is it here already?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum IntakeState {
    /// Not here.
    New,
    /// Here, and the same.
    Same,
    /// Here, and different.
    Different,
}

/// What became of the resources of one type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TypeCount {
    /// FHIR resource type.
    pub resource_type: String,
    /// In the file.
    pub total: u32,
    /// Taken into the chart.
    pub mapped: u32,
    /// Left out for a reason that is named.
    pub ignored: u32,
    /// Kept in the original file only.
    pub kept: u32,
}

/// An element that could not be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct IntakeProblem {
    /// Where.
    pub resource: String,
    /// Which element.
    pub element: String,
    /// What is wrong.
    pub sentence: String,
}

/// A patient in the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PatientChoice {
    /// Which.
    pub index: u32,
    /// Name.
    pub name: String,
    /// Day of birth.
    pub date_of_birth: Option<Date>,
}

/// A dry run: what would be filed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct IntakeView {
    /// Its name until it is filed or thrown away.
    pub ticket: Uuid,
    /// Where it came from.
    pub source: String,
    /// The patients in it.
    pub patients: Vec<PatientChoice>,
    /// Which of them is shown.
    pub chosen: u32,
    /// What would be filed.
    pub items: Vec<IntakeItem>,
    /// What became of each type of resource.
    pub types: Vec<TypeCount>,
    /// What could not be read.
    pub problems: Vec<IntakeProblem>,
    /// Charts that may be of the same person.
    pub matches: Vec<PatientRow>,
}

/// Reads a file whose bytes come beside it; nothing is stored yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReadImport {
    /// Name of the file.
    pub file_name: String,
    /// The chart it is meant for.
    pub patient: Option<Uuid>,
}

/// Chooses another patient of the file, or another chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChooseIntake {
    /// Which.
    pub ticket: Uuid,
    /// The patient in the file.
    pub index: u32,
    /// The chart it is meant for.
    pub patient: Option<Uuid>,
}

/// Files what was chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FileIntake {
    /// Which.
    pub ticket: Uuid,
    /// What; all if absent.
    pub items: Option<Vec<Uuid>>,
    /// Into which chart; a new one if absent.
    pub patient: Option<Uuid>,
}

/// What was filed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct IntakeDone {
    /// Into which chart.
    pub patient: Uuid,
    /// How many documents.
    pub filed: u32,
    /// How many were here already.
    pub skipped: u32,
}
