//! Keys, sealed envelopes, wrapped keys, signatures and randomness: the only room that sees key bytes.
//!
//! Every other room passes handles ([`Key`], [`scope::ScopeKey`], [`root::UserRoot`], [`sign::Signer`]) and sealed
//! bytes. Nothing here reads a clock, a disk or the network, and nothing is logged. There is one way to do each
//! thing: no parameter, fetched or stored, selects another algorithm, and none can lower a cost below its floor.
//!
//! # The rooms inside
//!
//! | to do this | use |
//! | --- | --- |
//! | seal a document's value under its scope, bound to its place | [`value`], with a [`scope::ScopeKey`] |
//! | seal a file segment by segment | [`mod@file`] |
//! | seal anything else with a context | [`seal`] |
//! | wrap a key for a person or a device | [`grant`] |
//! | keep a user's root key behind a passphrase and the device | [`slot`], [`root`], [`passphrase`] |
//! | print a recovery kit and read it back | [`kit`] |
//! | a second factor: codes of an app, and those for when it is lost | [`totp`], [`backup_code`] |
//! | invite a device or a person | [`invite`] |
//! | make and check a code that is sent to somebody | [`one_time`] |
//! | seal a message for a key that another screen shows once | [`transfer`] |
//! | seal what a link's host writes down for the link's owner | [`audit`] |
//! | sign, and check before parsing | [`sign`] |
//! | digest documents and link a journal | [`hash_chain`] |
//! | notice old rows put back on the local disk | [`row_mac`] |
//! | draw random bytes | [`random`] |
//!
//! # Example
//!
//! ```
//! use crypto::{scope::ScopeKey, value::{self, Place}};
//!
//! # fn main() -> Result<(), crypto::Error> {
//! let chart = ScopeKey::make([3; 16], 1)?;
//! let place = Place {
//!     realm: &[1; 16],
//!     scope: &[3; 16],
//!     collection: "doctor_notes",
//!     id: &[7; 16],
//!     field: "body",
//!     stamp: b"device-1:0000001",
//! };
//! let sealed = value::seal(&chart, &place, b"Penicillin allergy")?;
//! assert_eq!(*value::open(&chart, &place, &sealed)?, b"Penicillin allergy");
//!
//! let elsewhere = Place { id: &[8; 16], ..place };
//! assert!(value::open(&chart, &elsewhere, &sealed).is_err());
//! # Ok(())
//! # }
//! ```
//!
//! # Wiping
//!
//! Secrets held by this crate's own types are boxed and overwritten when dropped. The cipher contexts inside
//! `ring` are not, so overwriting is an addition; the guarantee on locking is that the process ends.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::cast_possible_truncation))]

pub mod audit;
pub mod backup_code;
pub mod encode;
pub mod file;
pub mod grant;
pub mod hash_chain;
pub mod invite;
pub mod kit;
pub mod one_time;
pub mod pad;
pub mod passphrase;
pub mod random;
pub mod root;
pub mod row_mac;
pub mod scope;
pub mod seal;
pub mod sign;
pub mod slot;
pub mod totp;
pub mod transfer;
pub mod value;

mod bytes_form;
mod index;
mod kdf;
mod key;
mod text_form;
mod words;

#[cfg(test)]
mod vectors;

pub use index::IndexKind;
pub use key::Key;
pub use zeroize::Zeroizing;

/// What can go wrong in this room.
///
/// Every cause of a failed opening or a failed check of a signature is the same [`Error::Unopenable`], so that the
/// difference between a wrong key, a wrong place and altered bytes tells an attacker nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Error {
    /// The bytes do not open, or do not verify, under the given key and context.
    #[error("cannot be opened or verified with this key in this place")]
    Unopenable,
    /// The input has a shape that this room does not accept; the text says which rule was broken.
    #[error("malformed input: {0}")]
    BadForm(&'static str),
    /// A secret or a stored cost is below what is accepted; the text says which.
    #[error("too weak: {0}")]
    Weak(&'static str),
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    Random,
}

/// The result of everything in this room that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;
