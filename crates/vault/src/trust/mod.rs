//! Trust: who is who in a realm, who shares which key, and what every device wrote.
//!
//! Everything here is computed from what it is given: no disk, no network, no clock; randomness comes from `crypto`.
//! [`Trust`] holds what is verified up to the realm's root key, [`Keyring`] the opened secrets of one person on one
//! device. What travels between devices is [`KeyObject`]s and the sealed bodies of documents.
//!
//! - Getting in: [`found`] makes a realm; [`enrol`] brings in a device or a person; [`recover`] a person with their kit
//! - Who is who: [`certificate`], [`store`]; what a removal takes away: [`counts`], [`remove`]; what is let in again: [`readmission`]
//! - What was destroyed, signed: [`erasure`]; charts that must be kept when their person has left: [`retention`]
//! - New keys for a person: [`new_keys`]; brought back by the clinic, if they agreed: [`clinic_recovery`]
//! - Who shares what: [`scope_keys`], [`scopes`], [`chart`]; the keys themselves: [`keyring`], [`slots`]
//! - What was written: [`journal`], [`statement`], [`values`]; who may write it: [`rules`]

mod body;
mod bundle;
pub mod certificate;
pub mod chart;
pub mod clinic_recovery;
pub mod counts;
pub mod enrol;
mod enrol_admit;
mod enrol_join;
pub mod erasure;
mod error;
pub mod found;
pub(crate) mod grants;
pub mod journal;
pub mod keyring;
pub mod new_keys;
pub mod object;
pub mod readmission;
pub mod recover;
pub mod remove;
pub mod retention;
pub mod rules;
mod saved;
pub mod scope_keys;
pub mod scopes;
pub mod slots;
pub mod statement;
pub mod store;
mod text;
pub mod values;

pub use certificate::{Certificate, DeviceKeys, Holder, Issuer, Revocation, Standing, UserKeys};
pub use chart::{grant_chart_to, open_chart, remove_from_chart, renew};
pub use counts::Position;
pub use error::{Error, Result};
pub use found::{Founder, Founding, become_new_device, found};
pub use journal::{Entry, Finding, Head, Write, check_entry, make_entry};
pub use keyring::{BodyPlace, Keyring, Opened};
pub use new_keys::KeyRequest;
pub use object::{KeyObject, device_id, journal_id};
pub use readmission::Readmission;
pub use retention::Retention;
pub use rules::{Act, may_write};
pub use scope_keys::{Member, Reason, Rights, ScopeKind, ScopeVersion, Who};
pub use scopes::Renewal;
pub use statement::{Checked, Expected, Fault, Statement};
pub use store::{Learned, Trust};
pub use values::{decode_version, encode_version};

#[cfg(test)]
mod tests;
