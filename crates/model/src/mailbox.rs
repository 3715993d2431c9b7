//! What the sync engine may ask of a vault. It is given this and nothing else, so it has no key and reads no value.
//!
//! Every call is one SQLite transaction in the vault: a crash between two calls loses nothing and repeats nothing.

use crate::parcel::{Accepted, Batch, BlobTicket, Counts, Page, Receipt, Subscription, Urgent};
use uuid::Uuid;

/// Why the vault could not do it.
#[derive(Debug, thiserror::Error)]
pub enum MailboxError {
    /// The disk is full; nothing was written.
    #[error("the disk is full")]
    DiskFull,
    /// The vault was locked or closed meanwhile.
    #[error("the vault is locked")]
    Locked,
    /// There are two of this vault: it sends nothing until it is a device of its own.
    #[error("the vault is a copy")]
    Copied,
    /// The vault failed its check and is read-only.
    #[error("the vault failed its check and is read-only")]
    CheckFailed,
    /// Anything else; without values.
    #[error("the vault failed: {0}")]
    Failed(String),
}

/// Who this mailbox belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The realm.
    pub realm: Uuid,
    /// This device.
    pub device: Uuid,
    /// This user.
    pub user: Uuid,
}

/// The vault as the engine sees it. Blocking; the engine calls it from a blocking thread.
pub trait Mailbox: Send + Sync {
    /// Whose mailbox it is.
    fn address(&self) -> Address;

    /// The next batch to push, fixed under its number before the first attempt: asking again gives the same batch until
    /// [`Mailbox::sent`] is called for it. `now_ms` is written into the journal entry. `halve` cuts a batch that was never
    /// acknowledged in two (it is too slow for the remote). `None` when nothing waits.
    fn outgoing(&self, now_ms: u64, halve: bool) -> Result<Option<Batch>, MailboxError>;

    /// The batch that was fixed and whose answer was not taken in, if there is one.
    fn under_way(&self) -> Result<Option<Batch>, MailboxError>;

    /// Takes in the remote's answer. Stored parcels leave the outbox unless the row changed since; those behind go back to
    /// it; refused ones to the quarantine.
    fn sent(&self, receipt: &Receipt) -> Result<(), MailboxError>;

    /// What this person's role lets them pull, with the cursors.
    fn subscriptions(&self) -> Result<Vec<Subscription>, MailboxError>;

    /// What the person needs first while much is still to come: `(collection, id)` of documents whose charts are wanted today, and
    /// scopes that they worked in lately. Only who pulls the whole realm has any.
    fn urgent(&self, _now_ms: u64) -> Result<Urgent, MailboxError> {
        Ok(Urgent::default())
    }

    /// Subscriptions of single scopes, to be pulled before the whole realm is; each has a cursor of its own, which is never behind
    /// that of the realm.
    fn ahead(&self, _scopes: &[Uuid]) -> Result<Vec<Subscription>, MailboxError> {
        Ok(Vec::new())
    }

    /// Opens, checks and merges a page, and moves the cursor, all or nothing.
    fn accept(&self, page: &Page, now_ms: u64) -> Result<Accepted, MailboxError>;

    /// Revisions of all documents that both sides should agree on: `(collection, id, rev)`, for the comparison.
    fn revisions(&self) -> Result<Vec<(String, Uuid, i64)>, MailboxError>;

    /// The remote's life changed (it was restored): cursors go back to zero and every clean document above `rev` is sent again.
    fn restart(&self, epoch: Uuid, rev: i64) -> Result<(), MailboxError>;

    /// The epoch that this vault last agreed on with the remote.
    fn epoch(&self) -> Result<Option<Uuid>, MailboxError>;

    /// Agrees on an epoch without any other change (the first contact).
    fn set_epoch(&self, epoch: Uuid) -> Result<(), MailboxError>;

    /// What still has to move.
    fn counts(&self) -> Result<Counts, MailboxError>;

    /// Files that the remote does not have yet.
    fn files_to_send(&self) -> Result<Vec<BlobTicket>, MailboxError>;

    /// The first of the files that are wanted here, at most `most` of them, in the order in which they are to come.
    fn files_to_fetch(&self, most: usize) -> Result<Vec<BlobTicket>, MailboxError>;

    /// One sealed segment of a file.
    fn segment(&self, file: Uuid, index: u32) -> Result<Vec<u8>, MailboxError>;

    /// The number of segments already here, from the first on.
    fn segments_here(&self, file: Uuid) -> Result<u32, MailboxError>;

    /// Stores the next segment of a file; the last one checks the whole file's digest and refuses a wrong one.
    fn keep_segment(&self, file: Uuid, index: u32, bytes: &[u8]) -> Result<(), MailboxError>;

    /// The remote has the whole file.
    fn file_sent(&self, file: Uuid) -> Result<(), MailboxError>;
}
