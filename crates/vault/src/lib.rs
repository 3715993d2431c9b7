//! The encrypted local database: rows, history, outbox, journal, blobs, search.
//!
//! A person has one [`Vault`] on a device: a folder with a SQLCipher file, encrypted files, and what may be seen before
//! unlock. A write puts rows, their history and the sealed parcels for the remote into one transaction; what comes from
//! the remote is verified, opened and merged in one transaction too. The room touches one folder, never the network, and is
//! given the time.
//!
//! ```no_run
//! use model::{Collection, Map, Patient};
//! use vault::{Find, NewPerson, Vault};
//!
//! # fn main() -> vault::Result<()> {
//! let person = NewPerson { initials: "AL", passphrase: "six words that nobody guesses", alone: false };
//! let now_ms = 1_800_000_000_000;
//! let (vault, _papers) = Vault::found("/home/ada/.aidpost".as_ref(), &person, now_ms)?;
//! let (id, _changed) = vault.write(now_ms, |w| {
//!     let id = w.new_id()?;
//!     w.open_chart(id, None)?;
//!     let values = Map::from_iter([("name".to_owned(), "Grace".into()), ("is_archived".to_owned(), false.into())]);
//!     w.put::<Patient>(id, id, &values)?;
//!     Ok(id)
//! })?;
//! let found = vault.search::<Patient>("gra", 0, 20)?;
//! vault.close()
//! # }
//! ```
//!
//! - Made and opened: [`Vault::found`], [`Vault::open`], [`Joining`], [`profiles`]; the account secret's place: [`Safe`];
//!   come back to with the kit alone: [`Homecoming`]
//! - Looked through and mended: [`Vault::examine`] · backed up, checked and restored: [`backup`]
//! - Given a new database key: [`Vault::wish_new_key`]
//! - Destroyed: [`erase`], with a signed word about it: [`trust::erasure`]; charts that somebody else keeps: [`Vault::clear_closed`]
//! - Written: [`Vault::write`] with a [`Writer`] · read: [`Vault::get`], [`Vault::list`], [`Vault::search`]
//! - To and from the remote: `model::mailbox::Mailbox`, which the vault implements; it hands out sealed parcels only
//! - Who may do what, and who vouches for what: [`trust`]

// Tests stop at the first thing that is not as they need it.
#![cfg_attr(test, allow(clippy::unwrap_used))]

// The tests' common world names this crate as others do.
#[cfg(test)]
extern crate self as vault;
#[cfg(test)]
#[path = "../tests/common/mod.rs"]
mod common;

mod accept;
mod amend;
mod ask;
pub mod backup;
mod behind;
mod blobs;
mod bookings;
#[cfg(test)]
mod canary;
mod check;
mod clear;
mod conflicts;
mod consent;
mod copied;
mod core;
mod db;
mod doctor;
mod documents;
mod enrol;
mod erase;
mod error;
mod files;
mod folder;
mod front;
mod history;
mod homecoming;
#[cfg(test)]
mod hostile;
mod identity;
mod joining;
mod journal;
mod look;
mod mailbox;
mod new_keys;
mod objects;
mod outbox;
mod proof;
mod quarantine;
mod quick;
mod read;
mod readmit;
mod recover;
mod rekey;
mod renew;
mod root_kit;
mod rows;
mod safe;
mod schema;
mod search;
mod send;
mod shapes;
mod slots;
mod store;
mod sum;
pub mod trust;
mod urgent;
mod wire;
mod work;
mod write;

pub use self::core::Me;
pub use clear::Cleared;
pub use consent::Recoverable;
pub use crypto::IndexKind;
pub use doctor::Examination;
pub use enrol::{Admitting, Invitee, RequestSeen};
pub use erase::{Erased, erase, finish_erasures};
pub use error::{Error, Result};
pub use files::FileState;
pub use folder::{Profile, profiles};
pub use front::{NewPerson, Papers, SafeIn, Vault};
pub use history::{Entry, EntryKind};
pub use homecoming::Homecoming;
pub use joining::Joining;
pub use journal::Alert;
pub use look::{Device, Kept, Member};
pub use model::BlobRef as StoredFile;
pub use new_keys::{AskedKeys, OwnKeys};
pub use proof::{Held, Walk};
pub use quarantine::Quarantined;
pub use read::{Find, LIST_MAX, Row};
pub use readmit::LateEntry;
pub use safe::{FileSafe, Safe};
pub use write::{Changed, Draft, Writer};
