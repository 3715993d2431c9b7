//! What the sync engine may ask of the vault: sealed parcels in and out, never a value.

use crate::{
    Error, Result, Vault, accept,
    blobs::{self, BlobState},
    journal, outbox, quarantine, schema, send, store, urgent,
};
use model::{
    mailbox::{Address, Mailbox, MailboxError},
    parcel::{Accepted, Batch, BlobTicket, Counts, Page, Receipt, Subscription, Urgent},
};
use rusqlite::Connection;
use std::collections::BTreeMap;
use uuid::Uuid;

const EPOCH: &str = "epoch";
/// The code under which a person hears that the remote lost what it had.
const WENT_BACK: &str = "went-back";

type Answer<T> = std::result::Result<T, MailboxError>;

impl Mailbox for Vault {
    fn address(&self) -> Address {
        self.kept_address()
    }

    fn outgoing(&self, now_ms: u64, halve: bool) -> Answer<Option<Batch>> {
        Ok(self.transact(now_ms, |work| send::outgoing(work, halve))?)
    }

    fn under_way(&self) -> Answer<Option<Batch>> {
        Ok(self.transact_timeless(send::under_way)?)
    }

    fn sent(&self, receipt: &Receipt) -> Answer<()> {
        Ok(self.transact_timeless(|work| send::sent(work, receipt))?)
    }

    fn subscriptions(&self) -> Answer<Vec<Subscription>> {
        Ok(self.with_core(|connection, core| {
            let staff = core.trust.role_of(core.keyring.user()).is_some_and(|standing| standing.is_staff());
            let scopes = std::iter::once(core.keyring.user()).chain(core.keyring.scopes());
            accept::subscriptions(connection, staff, core.trust.realm(), scopes)
        })?)
    }

    fn urgent(&self, now_ms: u64) -> Answer<Urgent> {
        Ok(self.with_core(|connection, core| urgent::urgent(connection, core, now_ms))?)
    }

    fn ahead(&self, scopes: &[Uuid]) -> Answer<Vec<Subscription>> {
        Ok(self.with_core(|connection, core| accept::ahead(connection, core, scopes))?)
    }

    fn accept(&self, page: &Page, now_ms: u64) -> Answer<Accepted> {
        Ok(self.transact(now_ms, |work| accept::page(work, page))?)
    }

    fn revisions(&self) -> Answer<Vec<(String, Uuid, i64)>> {
        Ok(self.with_reader(revisions)?)
    }

    fn restart(&self, epoch: Uuid, rev: i64) -> Answer<()> {
        Ok(self.transact_timeless(|work| {
            send::restart(work, rev)?;
            let device = work.core.keyring.device();
            journal::alert(work.db, WENT_BACK, device, rev.unsigned_abs(), work.now_ms)?;
            store::set_state(work.db, EPOCH, epoch.as_bytes())
        })?)
    }

    fn epoch(&self) -> Answer<Option<Uuid>> {
        Ok(self.with_reader(epoch)?)
    }

    fn set_epoch(&self, epoch: Uuid) -> Answer<()> {
        Ok(self.transact_timeless(|work| store::set_state(work.db, EPOCH, epoch.as_bytes()))?)
    }

    fn counts(&self) -> Answer<Counts> {
        Ok(self.with_reader(counts)?)
    }

    fn files_to_send(&self) -> Answer<Vec<BlobTicket>> {
        Ok(self.with_reader(|connection| blobs::in_state(connection, BlobState::Kept))?)
    }

    fn files_to_fetch(&self, most: usize) -> Answer<Vec<BlobTicket>> {
        Ok(self.with_reader(|connection| blobs::to_fetch(connection, most))?)
    }

    fn segment(&self, file: Uuid, index: u32) -> Answer<Vec<u8>> {
        Ok(self.with_reader(|connection| blobs::segment(connection, self.folder(), file, index))?)
    }

    fn segments_here(&self, file: Uuid) -> Answer<u32> {
        Ok(self.with_reader(|connection| blobs::segments_here(connection, self.folder(), file))?)
    }

    fn keep_segment(&self, file: Uuid, index: u32, bytes: &[u8]) -> Answer<()> {
        Ok(self.with_core(|connection, _| blobs::keep_segment(connection, self.folder(), file, index, bytes))?)
    }

    fn file_sent(&self, file: Uuid) -> Answer<()> {
        Ok(self.with_core(|connection, _| blobs::set_state(connection, file, BlobState::Sent))?)
    }
}

fn epoch(connection: &Connection) -> Result<Option<Uuid>> {
    let found = store::state(connection, EPOCH)?;
    found.map(|bytes| Uuid::from_slice(&bytes).map_err(|_| Error::Damaged("the epoch".into()))).transpose()
}

fn revisions(connection: &Connection) -> Result<Vec<(String, Uuid, i64)>> {
    let mut all = Vec::new();
    for def in model::ALL {
        add_revisions(
            connection,
            &mut all,
            &format!("SELECT '{}', id, rev FROM {} WHERE rev > 0", def.name, schema::table(def)),
        )?;
    }
    add_revisions(connection, &mut all, "SELECT collection, id, rev FROM objects WHERE rev > 0")?;
    add_revisions(connection, &mut all, "SELECT collection, id, rev FROM others WHERE rev > 0")?;
    // What waits or was set aside came too: it is not to be asked for again and again.
    add_revisions(connection, &mut all, "SELECT collection, id, rev FROM waiting WHERE rev > 0")?;
    add_revisions(connection, &mut all, "SELECT collection, id, rev FROM quarantine WHERE own = 0 AND rev > 0")?;
    Ok(newest(all))
}

/// One revision for each document: the newest that came.
fn newest(all: Vec<(String, Uuid, i64)>) -> Vec<(String, Uuid, i64)> {
    let mut newest = BTreeMap::new();
    for (collection, id, rev) in all {
        let known = newest.entry((collection, id)).or_insert(rev);
        *known = rev.max(*known);
    }
    newest.into_iter().map(|((collection, id), rev)| (collection, id, rev)).collect()
}

fn add_revisions(connection: &Connection, all: &mut Vec<(String, Uuid, i64)>, sql: &str) -> Result<()> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, store::uuid(row, 1)?, row.get(2)?)))?;
    for row in rows {
        all.push(row?);
    }
    Ok(())
}

fn counts(connection: &Connection) -> Result<Counts> {
    let (to_send, to_send_bytes, oldest) = outbox::sums(connection)?;
    let files = |state: BlobState| -> Result<u64> {
        let mut statement = connection.prepare_cached("SELECT count(*) FROM blobs WHERE state = ?1")?;
        store::count(statement.query_row([state.word()], |row| row.get(0))?)
    };
    let conflicts = "SELECT count(*) FROM conflicts WHERE deleted = 0 AND f_resolved_at IS NULL";
    Ok(Counts {
        to_send,
        to_send_bytes,
        files_to_send: files(BlobState::Kept)?,
        files_to_fetch: files(BlobState::Wanted)?,
        conflicts: store::count(connection.prepare_cached(conflicts)?.query_row([], |row| row.get(0))?)?,
        quarantined: quarantine::count(connection)?,
        oldest_unsent_ms: oldest.map(|stamp| stamp.ms()),
    })
}
