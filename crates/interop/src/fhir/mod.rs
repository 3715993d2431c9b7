//! FHIR R4 (4.0.1) in JSON, and the International Patient Summary (IPS) on top of it.
//!
//! In: [`read`] finds the patients of a file, [`Incoming::chart`] maps one of them to a [`ChartDraft`] with a [`Report`] that
//! accounts for every resource, [`compare`] says what of it is already here. Out: [`bundle`].

mod codes;
mod compare;
mod derive;
mod draft;
mod entry;
mod give;
mod incoming;
mod json;
mod link;
mod media;
mod node;
mod report;
mod scan;
mod take;
mod version;

pub use compare::{Comparison, ExistingIds, Item, ItemKind, compare};
pub use draft::{Answers, ChartDraft, FileDraft, PatientIdentifier, RecordDraft};
pub use give::{Author, ChartView, Choice, FileView, Form, RecordView, What, bundle};
pub use incoming::{Incoming, IncomingPatient, Kind, Limits, Summary, read};
pub use media::media_type;
pub use report::{Ignored, Problem, Report, Tally};
