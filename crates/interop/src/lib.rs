//! Charts from other systems, and charts for other systems.
//!
//! This room turns bytes into drafts of the model's documents and back. It is pure: no disk, no clock (the time is an
//! argument), no randomness. The ids of what is imported are derived from the chart and from the sender's identifiers, so
//! that taking in the same file twice gives the same ids.
//!
//! ```
//! use interop::fhir::{Limits, read};
//! use model::Time;
//! # fn main() -> Result<(), interop::Refused> {
//! let file = br#"{"resourceType":"Patient","id":"7","name":[{"text":"Ana Lima"}],"birthDate":"1967-08"}"#;
//! let incoming = read(file, &Limits::default())?;
//! let draft = incoming.chart(incoming.only()?, uuid::Uuid::nil(), Time::from_ms(0), "ana.json")?;
//! assert_eq!(draft.patient.name, "Ana Lima");
//! assert!(draft.report.problems.is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! - [`fhir`]: FHIR R4 JSON, patient summaries (IPS) included: [`fhir::read`], [`fhir::bundle`], [`fhir::compare`]
//! - [`Refused`]: why a file was not taken at all; what was left out of a file that was taken is in [`fhir::Report`]

mod error;
pub mod fhir;

pub use error::Refused;
