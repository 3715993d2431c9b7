//! Documents.

use model::{Date, DocumentType, Time};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

/// A stretch of a chart's documents, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ListRecords {
    /// The chart.
    pub patient: Uuid,
    /// Words to search; empty for all.
    pub text: String,
    /// Only this type.
    pub document_type: Option<DocumentType>,
    /// First row.
    pub offset: u32,
    /// Rows, at most 200.
    pub limit: u32,
    /// Only those that were archived?
    pub archived: bool,
}

/// A stretch of documents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RecordPage {
    /// Rows in all.
    pub total: u32,
    /// The stretch.
    pub rows: Vec<RecordRow>,
}

/// A document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RecordRow {
    /// The document.
    pub id: Uuid,
    /// Name.
    pub title: String,
    /// What it is.
    pub document_type: DocumentType,
    /// The day it speaks of.
    pub date_of_record: Option<Date>,
    /// The doctor on the paper.
    pub source_doctor: Option<String>,
    /// What is in it.
    pub description: Option<String>,
    /// Remarks.
    pub notes: Option<String>,
    /// The files.
    pub files: Vec<FileRow>,
    /// How many open shares it is in.
    pub shared: u32,
    /// Who filed it.
    pub author: Option<String>,
    /// Where it was imported from.
    pub origin: Option<String>,
    /// When it was filed.
    pub created_at: Time,
    /// Out of the lists?
    pub is_archived: bool,
    /// Still to be sent?
    pub waiting: bool,
}

/// A file of a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FileRow {
    /// The file.
    pub id: Uuid,
    /// Name as it came.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Bytes.
    pub size: u32,
    /// Is it on this device?
    pub here: bool,
    /// Is it on its way? One that is neither here nor on its way stays on the remote until it is asked for.
    pub coming: bool,
    /// Is there a small picture of it?
    pub thumbnail: bool,
    /// Fingerprint, hex.
    pub sha256: String,
}

/// Files a document; its bytes come beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AddRecord {
    /// The chart.
    pub patient: Uuid,
    /// Name.
    pub title: String,
    /// What it is.
    pub document_type: DocumentType,
    /// The day it speaks of.
    pub date_of_record: Option<Date>,
    /// The doctor on the paper.
    pub source_doctor: Option<String>,
    /// Remarks.
    pub notes: Option<String>,
    /// Name of the file.
    pub file_name: String,
}

/// Writes an entry about a visit, without a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WriteVisit {
    /// The chart.
    pub patient: Uuid,
    /// Name.
    pub title: String,
    /// What happened.
    pub description: String,
    /// When.
    pub date_of_record: Option<Date>,
}

/// Takes a document out of the lists, or back in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ArchiveRecord {
    /// The document.
    pub id: Uuid,
    /// Out?
    pub is_archived: bool,
}

/// Asks for a file's bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReadFile {
    /// The document.
    pub record: Uuid,
    /// The file.
    pub file: Uuid,
}

/// Fetches a file, or leaves it on the remote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WantFile {
    /// The document.
    pub record: Uuid,
    /// The file.
    pub file: Uuid,
    /// Fetch it?
    pub wanted: bool,
}

/// A document was filed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Filed {
    /// Its id.
    pub id: Uuid,
}
