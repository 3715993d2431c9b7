//! The journal: each device's numbered, hash-linked list of what it pushed, and what a reader finds in it.

use super::body::{self, Body};
use super::keyring::Keyring;
use super::object::{JOURNAL, KeyObject, journal_id};
use super::store::Trust;
use super::{Error, Result};
use bson::doc;
use crypto::hash_chain;
use crypto::sign::{self, Signed};
use model::Stamp;
use std::collections::BTreeMap;
use uuid::Uuid;

const KIND: &str = "journal";
/// The largest entry, in bytes, and the most writes in one (security design, 7).
pub const ENTRY_MAX: usize = 1024 * 1024;
/// The most writes in one entry; a batch and its own additions fit.
pub const WRITES_MAX: usize = 1024;
const SEEN_MAX: usize = 10_000;
/// So long without news from any other device is shown, in milliseconds.
pub const SILENCE_MS: u64 = 7 * 86_400_000;

/// The newest entry of a device that is known: what the next must follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The device.
    pub device: Uuid,
    /// The number of the entry.
    pub n: u64,
    /// `H(body ‖ signature)` of the entry.
    pub hash: [u8; 32],
}

impl Head {
    pub(super) fn list(heads: &[Head]) -> Vec<bson::Document> {
        heads.iter().map(Head::to_body).collect()
    }

    pub(super) fn to_body(&self) -> bson::Document {
        doc! { "d": body::id(self.device), "n": body::number(self.n), "h": body::bytes(&self.hash) }
    }

    pub(super) fn from_body(body: Body) -> Result<Self> {
        Ok(Head { device: body.id("d")?, n: body.number("n")?, hash: body.fixed("h")? })
    }
}

/// One write that an entry covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// The collection.
    pub collection: String,
    /// The document.
    pub id: Uuid,
    /// The document's stamp.
    pub stamp: Stamp,
    /// `crypto::hash_chain::document_digest` or `signed_digest` of what was pushed.
    pub digest: [u8; 32],
}

/// An entry of a device's journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The device.
    pub device: Uuid,
    /// The number, from 1, without gaps.
    pub n: u64,
    /// The hash of the entry before; zeros in the first.
    pub previous: [u8; 32],
    /// When it was made, milliseconds since 1970.
    pub at_ms: u64,
    /// What was pushed with it.
    pub writes: Vec<Write>,
    /// The highest number taken in of other devices, as changes since the entry before.
    pub seen: BTreeMap<Uuid, u64>,
}

/// What a reader finds in a journal (the table in section 7 of the security design).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// Not an entry, not signed by the device it names, or not under the id that it should have. Quarantine.
    #[error("not an entry of this device: {0}")]
    Invalid(#[from] Error),
    /// The device's certificate is not here yet. Keep, try again.
    #[error("the device's certificate is not here")]
    UnknownDevice,
    /// Written after the device or its user was removed, perhaps back-dated. Quarantine.
    #[error("written after the removal: entry {n}, the last that counts is {upto}")]
    AfterRemoval {
        /// Its number.
        n: u64,
        /// The last number that counts.
        upto: u64,
    },
    /// The entry's own time is outside the validity of the certificates. Quarantine until renewed.
    #[error("outside the validity of the device's or its user's certificate")]
    Expired,
    /// Entries are missing: withheld, or not here yet. Stop taking that device's later writes, alert, retry.
    #[error("entry {n} came, but the last known is {known}")]
    Gap {
        /// The last number known.
        known: u64,
        /// The number that came.
        n: u64,
    },
    /// The newest entry that can be got is older than one already known: the remote was rolled back. Alert.
    #[error("rolled back: entry {known} was known, only {newest} is there")]
    RolledBack {
        /// The last number known.
        known: u64,
        /// The newest that is there.
        newest: u64,
    },
    /// The link to the entry before does not fit. Quarantine, alert.
    #[error("entry {n} does not follow the one before")]
    ChainBroken {
        /// Its number.
        n: u64,
    },
    /// Two entries with one number: the device was cloned, or restored from a copy. Freeze the device, alert.
    #[error("two entries with number {n}")]
    Forked {
        /// The number.
        n: u64,
    },
    /// An entry at or below the last known one came again; compare it by [`check_again`].
    #[error("entry {n} is not new")]
    Old {
        /// Its number.
        n: u64,
    },
    /// The remote has entries of this device that this vault does not know. Become a new device before writing.
    #[error("this vault was restored from an older copy: its entry {local} is the last, {remote} is there")]
    OwnAhead {
        /// The last number here.
        local: u64,
        /// The last number at the remote.
        remote: u64,
    },
    /// Another device has seen more of a journal than can be got here. Alert.
    #[error("entries up to {seen} of a device exist, only {known} can be got")]
    TailWithheld {
        /// The device whose entries are missing.
        device: Uuid,
        /// What another device has seen.
        seen: u64,
        /// What is here.
        known: u64,
    },
    /// No entry covers the document in this version. Quarantine.
    #[error("no journal entry covers the document")]
    Uncovered,
    /// The document differs from what its entry says. Quarantine.
    #[error("the document is not the one that was written")]
    Altered,
    /// Nothing new from any other device for a week. Show it.
    #[error("no news from other devices since {since_ms}")]
    Silent {
        /// When the last came, milliseconds since 1970.
        since_ms: u64,
    },
}

/// Makes this device's next entry.
///
/// # Errors
/// [`Error::TooLarge`] beyond [`ENTRY_MAX`] or [`WRITES_MAX`]; [`Error::Malformed`] when `previous` is not this device's
/// entry `n - 1`.
pub fn make_entry(
    keyring: &Keyring,
    n: u64,
    previous: Option<&Head>,
    at_ms: u64,
    writes: &[Write],
    seen: &BTreeMap<Uuid, u64>,
) -> Result<KeyObject> {
    let follows = previous.map_or(n == 1, |head| head.device == keyring.device() && head.n.checked_add(1) == Some(n));
    if !follows {
        return Err(Error::Malformed("number of the entry"));
    }
    let entry = Entry {
        device: keyring.device(),
        n,
        previous: previous.map_or([0; 32], |head| head.hash),
        at_ms,
        writes: writes.to_vec(),
        seen: seen.clone(),
    };
    let signed = keyring.sign_as_device(KIND, entry.to_body()?);
    let bytes = signed.to_bytes();
    if bytes.len() > ENTRY_MAX || writes.len() > WRITES_MAX || seen.len() > SEEN_MAX {
        return Err(Error::TooLarge("a journal entry"));
    }
    Ok(KeyObject { collection: JOURNAL, id: journal_id(entry.device, n), scope: keyring.realm(), bytes })
}

/// Checks an entry of another device against the last one known, and gives it with the new head.
///
/// `state` is the last known head of the device, or its floor from an invitation; `None` when nothing is known, and then
/// the first entry must have number 1. The entry's writes become acceptable with its head, not before.
///
/// # Errors
/// The [`Finding`].
pub fn check_entry(trust: &Trust, state: Option<&Head>, object: &KeyObject) -> Result<(Entry, Head), Finding> {
    let (entry, head, signed) = follow(trust, state, object)?;
    check_removal(trust, &head)?;
    check_validity(trust, &entry, &signed)?;
    Ok((entry, head))
}

/// Reads an entry that follows the last one known, without regard to removals and validity.
///
/// # Errors
/// As [`check_entry`].
pub fn follow(trust: &Trust, state: Option<&Head>, object: &KeyObject) -> Result<(Entry, Head, Signed), Finding> {
    let (entry, signed) = read_entry(trust, object)?;
    let head = Head { device: entry.device, n: entry.n, hash: hash_chain::chain(Some(&signed)) };
    let (known, hash) = match state {
        Some(state) if state.device == entry.device => (state.n, state.hash),
        Some(_) => return Err(Finding::Invalid(Error::Elsewhere)),
        None => (0, [0; 32]),
    };
    if entry.n == known && head.hash != hash {
        return Err(Finding::Forked { n: entry.n });
    }
    if entry.n <= known {
        return Err(Finding::Old { n: entry.n });
    }
    if entry.n > known + 1 {
        return Err(Finding::Gap { known, n: entry.n });
    }
    if entry.previous != hash {
        return Err(Finding::ChainBroken { n: entry.n });
    }
    Ok((entry, head, signed))
}

/// Reads an entry whose signature holds, without regard to its place in the journal.
///
/// # Errors
/// [`Finding::Invalid`], [`Finding::UnknownDevice`].
pub fn read_entry(trust: &Trust, object: &KeyObject) -> Result<(Entry, Signed), Finding> {
    if object.bytes.len() > ENTRY_MAX {
        return Err(Finding::Invalid(Error::TooLarge("a journal entry")));
    }
    let signed = Signed::from_bytes(&object.bytes).map_err(Error::from)?;
    if object.collection != JOURNAL || object.scope != trust.realm() || signed.kind != KIND {
        return Err(Finding::Invalid(Error::Elsewhere));
    }
    let certificate = trust.certificate(Uuid::from_bytes(signed.certificate)).ok_or(Finding::UnknownDevice)?;
    let keys = certificate.device_keys().ok_or(Error::Forbidden("a person keeps no journal"))?;
    sign::verify(&signed, trust.realm().as_bytes(), &keys.sign).map_err(|_| Error::Signature)?;
    let entry = Entry::from_body(&signed.body)?;
    if entry.device != certificate.subject || object.id != journal_id(entry.device, entry.n) {
        return Err(Finding::Invalid(Error::Elsewhere));
    }
    if trust.device(entry.device).is_none() {
        return Err(Finding::UnknownDevice);
    }
    Ok((entry, signed))
}

/// The hash at the mark of a removal must be that of the entry, or the removed device forked its journal.
fn check_removal(trust: &Trust, head: &Head) -> Result<(), Finding> {
    match trust.upto(head.device) {
        Some((upto, _)) if head.n > upto => Err(Finding::AfterRemoval { n: head.n, upto }),
        Some((upto, Some(hash))) if head.n == upto && head.hash != hash => Err(Finding::Forked { n: head.n }),
        Some(_) | None => Ok(()),
    }
}

fn check_validity(trust: &Trust, entry: &Entry, signed: &Signed) -> Result<(), Finding> {
    let device = trust.certificate(Uuid::from_bytes(signed.certificate)).ok_or(Finding::UnknownDevice)?;
    let user = trust.certificate(device.issuer).ok_or(Finding::UnknownDevice)?;
    match device.covers(entry.at_ms) && user.covers(entry.at_ms) {
        true => Ok(()),
        false => Err(Finding::Expired),
    }
}

/// Compares an entry that came again with the one that was taken in.
///
/// # Errors
/// [`Finding::Forked`] when they differ.
pub fn check_again(n: u64, held: &KeyObject, came: &KeyObject) -> Result<(), Finding> {
    match held.bytes == came.bytes {
        true => Ok(()),
        false => Err(Finding::Forked { n }),
    }
}

/// Compares the newest entry of a device that can be got with the last one known.
///
/// # Errors
/// [`Finding::RolledBack`].
pub fn check_newest(known: u64, newest: u64) -> Result<(), Finding> {
    match newest < known {
        true => Err(Finding::RolledBack { known, newest }),
        false => Ok(()),
    }
}

/// Compares this device's own last entry with the last one of it at the remote.
///
/// # Errors
/// [`Finding::OwnAhead`].
pub fn check_own(local: u64, remote: u64) -> Result<(), Finding> {
    match remote > local {
        true => Err(Finding::OwnAhead { local, remote }),
        false => Ok(()),
    }
}

/// Compares what an entry's device had seen with what is known here, once everything that can be got was taken in.
pub fn check_seen(entry: &Entry, known: &BTreeMap<Uuid, u64>) -> Vec<Finding> {
    let here = |device: &Uuid| known.get(device).copied().unwrap_or(0);
    let ahead = entry.seen.iter().filter(|(device, seen)| **seen > here(device));
    ahead.map(|(device, seen)| Finding::TailWithheld { device: *device, seen: *seen, known: here(device) }).collect()
}

/// Compares a document's digest with the one that a journal entry gives for it.
///
/// # Errors
/// [`Finding::Uncovered`], [`Finding::Altered`].
pub fn check_document(covered: Option<&[u8; 32]>, digest: &[u8; 32]) -> Result<(), Finding> {
    match covered {
        None => Err(Finding::Uncovered),
        Some(covered) if covered == digest => Ok(()),
        Some(_) => Err(Finding::Altered),
    }
}

/// Looks at the time of the last entry of any other device.
///
/// # Errors
/// [`Finding::Silent`].
pub fn check_news(last_ms: u64, now_ms: u64) -> Result<(), Finding> {
    match now_ms.saturating_sub(last_ms) > SILENCE_MS {
        true => Err(Finding::Silent { since_ms: last_ms }),
        false => Ok(()),
    }
}

/// The digest that an entry gives for a signed object or a grant or slot of this room.
///
/// # Errors
/// [`Error::Crypto`] for a signed object that is none.
pub fn object_digest(object: &KeyObject, stamp: Stamp) -> Result<[u8; 32]> {
    let (collection, id) = (object.collection, object.id.as_bytes());
    if matches!(object.collection, super::object::GRANTS | super::object::SLOTS) {
        return Ok(hash_chain::document_digest(collection, id, &stamp.0, &[("body", &object.bytes)]));
    }
    Ok(hash_chain::signed_digest(collection, id, &stamp.0, &Signed::from_bytes(&object.bytes)?))
}

impl Entry {
    fn to_body(&self) -> Result<Vec<u8>> {
        let write = |write: &Write| {
            doc! {
                "c": write.collection.as_str(), "i": body::id(write.id), "s": body::bytes(&write.stamp.0),
                "h": body::bytes(&write.digest),
            }
        };
        let seen = |(device, n): (&Uuid, &u64)| doc! { "d": body::id(*device), "n": body::number(*n) };
        body::write(&doc! {
            "d": body::id(self.device), "n": body::number(self.n), "p": body::bytes(&self.previous),
            "at": body::number(self.at_ms), "w": self.writes.iter().map(write).collect::<Vec<_>>(),
            "seen": self.seen.iter().map(seen).collect::<Vec<_>>(),
        })
    }

    fn from_body(bytes: &[u8]) -> Result<Self> {
        let body = Body::read(bytes, ENTRY_MAX)?;
        let seen = body.list("seen", SEEN_MAX, |seen| Ok((seen.id("d")?, seen.number("n")?)))?;
        Ok(Entry {
            device: body.id("d")?,
            n: body.number("n")?,
            previous: body.fixed("p")?,
            at_ms: body.number("at")?,
            writes: body.list("w", WRITES_MAX, read_write)?,
            seen: seen.into_iter().collect(),
        })
    }
}

fn read_write(body: Body) -> Result<Write> {
    let collection = body.text("c")?;
    if collection.is_empty() || collection.len() > 64 {
        return Err(Error::Malformed("collection"));
    }
    Ok(Write {
        collection: collection.to_owned(),
        id: body.id("i")?,
        stamp: Stamp(body.fixed("s")?),
        digest: body.fixed("h")?,
    })
}
