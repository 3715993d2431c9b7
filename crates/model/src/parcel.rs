//! Parcels: what travels between a vault and the remote. Nothing in here can be read without a key.

use crate::{Class, Stamp};
use std::collections::BTreeMap;
use uuid::Uuid;

/// One document on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct Parcel {
    /// Collection.
    pub collection: String,
    /// The document's id.
    pub id: Uuid,
    /// The scope whose members may have it: a chart, the care team, the realm or a user.
    pub scope: Uuid,
    /// How it may change.
    pub class: Class,
    /// The newest stamp in it.
    pub stamp: Stamp,
    /// The device that wrote it.
    pub by: Uuid,
    /// Schema version of the writer.
    pub schema: u32,
    /// The envelope (for class K: the signed object itself).
    pub body: Vec<u8>,
    /// Equality tokens that may stand outside the seal, by name.
    pub tokens: BTreeMap<String, Vec<u8>>,
    /// The remote revision: on the way out the one it was built on (0: never there), on the way in its own.
    pub rev: i64,
}

/// The schema version that this program writes.
pub const SCHEMA: u32 = 1;
/// A larger body is refused before it is parsed.
pub const BODY_MAX: usize = 2 * 1024 * 1024;
/// The most parcels in one push.
pub const BATCH_PARCELS: usize = 500;
/// The most bytes in one push.
pub const BATCH_BYTES: usize = 4 * 1024 * 1024;
/// Plain bytes in one segment of a file (security: the sealed segment has the same bound).
pub const SEGMENT: usize = 262_144;

/// A push whose members were fixed before its first attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Number of the batch: the device's journal number, from 1, without gaps.
    pub number: u64,
    /// The device's signed journal entry about this batch; its id is the receipt. Takes the first revision.
    pub journal: Parcel,
    /// The documents, oldest first.
    pub parcels: Vec<Parcel>,
}

/// What became of one parcel of a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is on the remote under this revision.
    Stored {
        /// The new revision.
        rev: i64,
    },
    /// The remote holds a newer one; it must be pulled and merged first.
    Behind {
        /// The revision that the remote holds.
        remote: i64,
    },
    /// The remote will never take it as it is.
    Refused {
        /// Why, for a person; without values.
        reason: String,
    },
}

/// The answer to a push: one fate for each parcel, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The batch.
    pub number: u64,
    /// One for each parcel of the batch.
    pub fates: Vec<Fate>,
}

/// What a device pulls, and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subscription {
    /// One scope, or all of the realm (staff).
    pub scope: Option<Uuid>,
    /// The highest revision taken in.
    pub cursor: i64,
}

/// What is pulled before everything else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Urgent {
    /// Scopes without which nothing opens, and of charts that are needed first.
    pub scopes: Vec<Uuid>,
    /// Documents that are known by name and not here; their scopes are needed as well.
    pub documents: Vec<(String, Uuid)>,
}

/// A page of parcels in the order of their revisions.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// What it answers.
    pub subscription: Subscription,
    /// At most a thousand, by rising revision.
    pub parcels: Vec<Parcel>,
    /// The cursor after this page.
    pub upto: i64,
    /// Is there more behind it?
    pub more: bool,
}

/// What the vault did with a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// Documents that are new or changed here, as (collection, id).
    pub changed: Vec<(String, Uuid)>,
    /// Documents kept sealed until their key or journal entry comes.
    pub waiting: usize,
    /// Documents set aside because they could not be trusted or read.
    pub quarantined: usize,
    /// Conflicts filed for a person.
    pub conflicts: usize,
}

/// An encrypted file that is to be moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobTicket {
    /// Id of the file.
    pub id: Uuid,
    /// Scope of the record that owns it.
    pub scope: Uuid,
    /// Ciphertext length in bytes.
    pub length: u64,
    /// SHA-256 of the ciphertext.
    pub sha256: [u8; 32],
    /// Number of segments.
    pub segments: u32,
}

/// What still has to move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Documents waiting to be sent.
    pub to_send: u64,
    /// Bytes of their envelopes.
    pub to_send_bytes: u64,
    /// Files waiting to be sent.
    pub files_to_send: u64,
    /// Files that are known but not here.
    pub files_to_fetch: u64,
    /// Conflicts that wait for a person.
    pub conflicts: u64,
    /// Documents set aside.
    pub quarantined: u64,
    /// Age of the oldest unsent change, as its stamp's milliseconds since 1970.
    pub oldest_unsent_ms: Option<u64>,
}
