//! Every collection, field, id, time, stamp and merge of Aidpost.
//!
//! This room holds values only: it never reads a clock, draws randomness or touches a disk. A struct with
//! `#[derive(Collection)]` is the one definition of a collection; the local table, the parcel that travels, the merge,
//! the TypeScript type and `docs/data-dictionary.md` are all read from it.
//!
//! ```
//! use model::{Collection, DoctorNote};
//! assert_eq!(DoctorNote::DEF.name, "doctor_notes");
//! assert!(DoctorNote::DEF.field("note_text").is_some());
//! ```
//!
//! - [`def`]: what a definition says · [`id`], [`when`], [`stamp`]: the small values
//! - [`version`], [`mod@merge`]: a document's state, and the only function that joins two of them
//! - [`parcel`], [`mailbox`]: what the vault and the sync engine say to each other
//! - [`dictionary`]: the definitions as a page for people

// The derive writes paths that begin with `model::`, inside this crate too.
extern crate self as model;

pub mod collections;
pub mod def;
pub mod dictionary;
pub mod id;
pub mod mailbox;
pub mod merge;
pub mod parcel;
pub mod stamp;
pub mod version;
pub mod when;

pub use collections::*;
pub use def::{Class, Collection, CollectionDef, FieldDef, IndexDef, Kind, Merge, Scope, Sense};
pub use id::Id;
pub use merge::merge;
pub use model_derive::Collection;
pub use parcel::Parcel;
pub use stamp::{DeviceTag, Hlc, Stamp};
pub use version::{Map, Version};
pub use when::{Date, Time};
