//! The other end: what the engine needs of the place where devices meet.

pub mod hosted;
pub mod memory;
pub mod mongo;

use crate::error::Result;
use async_trait::async_trait;
use futures_util::stream::BoxStream;
use model::parcel::{BODY_MAX, Batch, BlobTicket, Page, Parcel, Receipt, Subscription};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Collections of keys and trust, beside those of [`model::ALL`].
pub const KEY_COLLECTIONS: [&str; 5] = ["certs", "scope_keys", "grants", "slots", JOURNAL];
/// The collection of the devices' signed journals.
pub const JOURNAL: &str = "journal";
/// The most parcels in one page.
pub const PAGE_PARCELS: usize = 1_000;
/// The most bytes of bodies in one page; a single larger parcel still travels alone.
pub const PAGE_BYTES: usize = 8 * 1024 * 1024;
/// The version of the protocol that this program reads and writes.
pub const PROTOCOL: i32 = 1;
/// How far, at the least, the revisions of a new life start above any that was ever given out.
pub const LIFE_GAP: i64 = 1 << 32;

/// Names of all collections on the remote, in a fixed order.
pub fn collections() -> Vec<&'static str> {
    let model = model::ALL.iter().filter(|def| def.sync != model::Scope::Local).map(|def| def.name);
    let names: BTreeSet<_> = model.chain(KEY_COLLECTIONS).collect();
    names.into_iter().collect()
}

/// How far a new life starts above the last one: at random between one and two gaps, so that a life that was itself lost in
/// a restore does not share its revisions with the one that takes its place.
pub(crate) fn life_gap() -> i64 {
    LIFE_GAP + fastrand::i64(0..LIFE_GAP)
}

/// Why a parcel is refused whose value (an e-mail address, a number) stands in another document: the vault knows the word.
pub(crate) const TAKEN: &str = "taken";

/// Why a parcel is not even offered: every reader would refuse it before parsing.
pub(crate) fn oversize(parcel: &Parcel) -> Option<String> {
    let refused = parcel.body.len() > BODY_MAX;
    refused.then(|| format!("the document is larger than the {} MiB that a device reads", BODY_MAX >> 20))
}

/// What the remote says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerInfo {
    /// The server's time in milliseconds since 1970.
    pub server_ms: u64,
    /// The realm whose data it holds; `None` before the first contact.
    pub realm: Option<Uuid>,
    /// The present life of the database.
    pub epoch: Uuid,
    /// All lives so far, each with the revision from which it started again (0 for the first).
    pub lives: Vec<Life>,
    /// The highest revision given out.
    pub rev: i64,
    /// Programs that speak an older protocol may not read.
    pub min_reader: i32,
    /// Programs that speak an older protocol may not write.
    pub min_writer: i32,
    /// Name of the replica set.
    pub replica_set: String,
}

/// One life of the database: from its creation, or from a restore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// Random mark.
    pub epoch: Uuid,
    /// The revision that the restored copy had.
    pub restored: i64,
    /// The counter when this life began; its own revisions are above.
    pub start: i64,
}

impl ServerInfo {
    /// The revision up to which a device that agreed on `epoch` can be sure of the remote: the lowest that any later life
    /// was restored to. An unknown epoch (the restored copy is older than it) makes nothing sure.
    pub fn sure_since(&self, epoch: Uuid) -> i64 {
        let known = self.lives.iter().position(|life| life.epoch == epoch);
        let later = known.map_or(&self.lives[..], |at| &self.lives[at + 1..]);
        later.iter().map(|life| life.restored).min().unwrap_or(self.rev)
    }

    /// Is it known that a restore took this revision away?
    pub fn knows_lost(&self, rev: i64) -> bool {
        self.lives.iter().any(|life| life.restored < rev && rev <= life.start)
    }
}

/// What is still to be fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Number of documents.
    pub documents: u64,
    /// Where the newest of them were written, the newest first.
    pub newest: Vec<Uuid>,
}

/// Which document, at which revision.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Revision {
    /// Collection.
    pub collection: String,
    /// The document's id.
    pub id: Uuid,
    /// Its revision on the remote.
    pub rev: i64,
}

/// An encrypted file as the remote holds it, complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileInfo {
    /// Ciphertext length in bytes.
    pub length: u64,
    /// Number of segments.
    pub segments: u32,
}

/// New revisions as they are given out. It carries no data: a lost ring costs latency only.
pub type Bell = BoxStream<'static, Result<i64>>;
/// Revisions collection by collection.
pub type Revisions = BoxStream<'static, Result<Revision>>;

/// The place where devices meet. Every call is bounded in time.
#[async_trait]
pub trait Remote: Send + Sync {
    /// Looks at the server; sets the realm up on the first contact where this database user may.
    async fn probe(&self) -> Result<ServerInfo>;

    /// Begins a new life after a restore was noticed: a new epoch, restored at `seen.rev`, and revisions that start
    /// [`LIFE_GAP`] above both the counter and `floor` (the highest cursor of the device that noticed). If another device was
    /// faster, its life is returned.
    async fn renew(&self, seen: &ServerInfo, floor: i64) -> Result<ServerInfo>;

    /// Pushes a batch in one transaction, or finds that it had already arrived and answers the same.
    ///
    /// # Errors
    /// [`crate::SyncError::Clone`] if another batch lies there under the same number; [`crate::SyncError::Busy`] if rivals or
    /// slowness prevented it for ten seconds.
    async fn push(&self, batch: &Batch) -> Result<Receipt>;

    /// The answer to a batch that may have arrived; `None` if it did not.
    async fn receipt(&self, batch: &Batch) -> Result<Option<Receipt>>;

    /// The parcels after the subscription's cursor: at most `limit` and [`PAGE_BYTES`], by rising revision, none left out.
    async fn page(&self, subscription: &Subscription, limit: usize) -> Result<Page>;

    /// How much lies after the subscription's cursor, and in which scopes the newest of it was written (at most `scopes`, the newest
    /// first). Asked once before much is fetched, so it may cost a look at the indexes.
    async fn backlog(&self, subscription: &Subscription, scopes: usize) -> Result<Backlog>;

    /// Single documents, whatever their revision; those that do not exist are left out.
    async fn documents(&self, wanted: &[(String, Uuid)]) -> Result<Vec<Parcel>>;

    /// Listens for new revisions.
    async fn bell(&self) -> Result<Bell>;

    /// Revisions of all documents, or of those in the given scopes.
    async fn revisions(&self, scopes: Option<&[Uuid]>) -> Result<Revisions>;

    /// The file, if all of it is there.
    async fn file_info(&self, file: Uuid) -> Result<Option<FileInfo>>;

    /// Numbers of the segments that have arrived.
    async fn file_chunks_present(&self, file: Uuid) -> Result<BTreeSet<u32>>;

    /// Stores one segment; storing it again changes nothing.
    async fn put_chunk(&self, file: Uuid, index: u32, bytes: Vec<u8>) -> Result<()>;

    /// Declares the file complete. Written last, so that a reader never sees half a file.
    async fn finish_file(&self, ticket: &BlobTicket, at_ms: u64) -> Result<()>;

    /// One segment; `None` if it is not there.
    async fn get_chunk(&self, file: Uuid, index: u32) -> Result<Option<Vec<u8>>>;
}
