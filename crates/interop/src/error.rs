//! Why a file was not taken.

use thiserror::Error;

/// A file that cannot be taken in: what is wrong with it, and what to do. Never holds words of the file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    /// Nothing in it.
    #[error("The file is empty. Ask the sender to save it again.")]
    Empty,
    /// Above the limit on bytes, packed or unpacked.
    #[error("The file is larger than {limit} bytes. Ask for a shorter period, or for several files.")]
    TooLarge {
        /// The limit that was passed.
        limit: usize,
    },
    /// Objects within objects beyond the limit.
    #[error("The file nests more than {limit} levels deep, which no real record does. Do not use it.")]
    TooDeep {
        /// The limit that was passed.
        limit: usize,
    },
    /// More resources than the limit.
    #[error("The file holds more than {limit} resources. Ask for a shorter period, or for several files.")]
    TooMany {
        /// The limit that was passed.
        limit: usize,
    },
    /// A gzip file that does not unpack.
    #[error("The compressed file is damaged. Copy or download it again.")]
    DamagedArchive,
    /// Not UTF-8.
    #[error("The file is not text in UTF-8. Ask for FHIR R4 in JSON.")]
    NotText,
    /// XML of any kind.
    #[error("The file is XML. JSON is needed: ask the sender for FHIR R4 in JSON.")]
    Xml,
    /// Text that is no JSON.
    #[error("The file is not JSON: it stops making sense at line {line}, column {column}. Ask for FHIR R4 in JSON.")]
    NotJson {
        /// Line of the fault, from 1.
        line: usize,
        /// Column of the fault, from 1.
        column: usize,
    },
    /// JSON that ends before it is complete.
    #[error("The file is cut off: its end is missing. Copy or download it again.")]
    Truncated,
    /// JSON, but no FHIR resource.
    #[error("The file is JSON but not FHIR: it names no resource type. Ask for FHIR R4 in JSON.")]
    NotFhir,
    /// Another version of FHIR.
    #[error("The file is FHIR {found}. R4 (4.0) is needed: ask the sender for that version.")]
    OtherVersion {
        /// The version it appears to be: `R5`, `STU3`, `DSTU2`, or the number it gives.
        found: String,
    },
    /// A bundle of a kind that does not describe a chart.
    #[error(
        "The bundle is of type {kind}, which does not describe a chart. Ask for a document, collection, searchset or transaction."
    )]
    UnfitBundle {
        /// The type it gives itself.
        kind: String,
    },
    /// Nobody to open a chart for.
    #[error(
        "The file holds no patient (other resources in it: {resources}). Ask for an export that includes the Patient."
    )]
    NoPatient {
        /// How many resources were found.
        resources: usize,
    },
    /// More than one patient and nobody chose.
    #[error("The file holds {count} patients. Choose one; each is taken into a chart of their own.")]
    SeveralPatients {
        /// How many there are.
        count: usize,
    },
    /// The chosen patient is not in the file.
    #[error("There is no patient number {index} in the file: it holds {count}. Choose again.")]
    NoSuchPatient {
        /// The choice, from 0.
        index: usize,
        /// How many there are.
        count: usize,
    },
}

impl Refused {
    /// Stable word for screens and tests.
    pub fn code(&self) -> &'static str {
        match self {
            Refused::Empty => "empty",
            Refused::TooLarge { .. } => "too_large",
            Refused::TooDeep { .. } => "too_deep",
            Refused::TooMany { .. } => "too_many",
            Refused::DamagedArchive => "damaged_archive",
            Refused::NotText => "not_text",
            Refused::Xml => "xml",
            Refused::NotJson { .. } => "not_json",
            Refused::Truncated => "truncated",
            Refused::NotFhir => "not_fhir",
            Refused::OtherVersion { .. } => "other_version",
            Refused::UnfitBundle { .. } => "unfit_bundle",
            Refused::NoPatient { .. } => "no_patient",
            Refused::SeveralPatients { .. } => "several_patients",
            Refused::NoSuchPatient { .. } => "no_such_patient",
        }
    }
}
