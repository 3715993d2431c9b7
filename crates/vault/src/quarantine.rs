//! Parcels set aside: what could not be trusted, read or sent. Kept whole, so that nothing is lost and it can be tried again.

use crate::{Result, accept::AFTER_REMOVAL, store, wire};
use model::{Class, Parcel, Stamp, parcel::BODY_MAX};
use rusqlite::{Connection, OptionalExtension, Row};
use uuid::Uuid;

/// A parcel that was set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    /// Its number here, by which it is tried again or dropped.
    pub seq: i64,
    /// The collection that it says it belongs to.
    pub collection: String,
    /// The document that it says it is.
    pub id: Uuid,
    /// The newest stamp that it says is in it.
    pub stamp: Stamp,
    /// The device that it says it comes from.
    pub by: Uuid,
    /// Why, as a stable code; for one that the remote refused, the remote's words.
    pub reason: String,
    /// Is it this device's own, refused by the remote?
    pub own: bool,
    /// When it was set aside, in milliseconds since 1970.
    pub at_ms: u64,
}

/// So many bodies are kept; of more, only what they were. Whoever keeps the remote could otherwise fill up the disk.
const BODIES_MAX: u64 = 10_000;

/// Sets a parcel aside, once.
pub(crate) fn keep(db: &Connection, parcel: &Parcel, reason: &str, own: bool, at_ms: u64) -> Result<()> {
    let is_kept = parcel.body.len() <= BODY_MAX && count(db)? < BODIES_MAX;
    let body: &[u8] = if is_kept { &parcel.body } else { &[] };
    let sql = "INSERT INTO quarantine (collection, id, rev, scope, class, stamp, by, schema, body, tokens, reason, own, at) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) \
               ON CONFLICT (collection, id, stamp, by, own, reason) DO UPDATE SET rev = excluded.rev, body = excluded.body, \
               tokens = excluded.tokens";
    let (id, scope, by) = (parcel.id.to_string(), parcel.scope.to_string(), parcel.by.to_string());
    let row = rusqlite::params![
        bounded(&parcel.collection),
        id,
        parcel.rev,
        scope,
        parcel.class.letter(),
        &parcel.stamp.0[..],
        by,
        parcel.schema,
        body,
        wire::tokens_bytes(&parcel.tokens),
        reason,
        own,
        store::whole(at_ms)?,
    ];
    db.prepare_cached(sql)?.execute(row)?;
    Ok(())
}

/// A name from outside, cut to what a name may be.
fn bounded(name: &str) -> String {
    name.chars().take(64).collect()
}

/// The reason for which a parcel of a newer program waits.
pub(crate) const NEWER: &str = "newer";

/// Is there a version of this document that only a newer program reads?
pub(crate) fn is_newer(db: &Connection, collection: &str, id: Uuid) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM quarantine WHERE own = 0 AND collection = ?1 AND id = ?2 AND reason = ?3)";
    Ok(db.prepare_cached(sql)?.query_row((collection, id.to_string(), NEWER), |row| row.get(0))?)
}

/// How many documents of a scope have a version that only a newer program reads.
pub(crate) fn newer_in(db: &Connection, scope: Uuid) -> Result<u64> {
    let sql = "SELECT count(DISTINCT collection || id) FROM quarantine WHERE own = 0 AND scope = ?1 AND reason = ?2";
    store::count(db.prepare_cached(sql)?.query_row((scope.to_string(), NEWER), |row| row.get(0))?)
}

/// Everything that was set aside, newest first.
pub(crate) fn list(db: &Connection) -> Result<Vec<Quarantined>> {
    let sql = "SELECT seq, collection, id, stamp, by, reason, own, at FROM quarantine ORDER BY seq DESC";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| {
        let at: i64 = row.get(7)?;
        Ok(Quarantined {
            seq: row.get(0)?,
            collection: row.get(1)?,
            id: store::uuid(row, 2)?,
            stamp: store::stamp(row, 3)?,
            by: store::uuid(row, 4)?,
            reason: row.get(5)?,
            own: row.get(6)?,
            at_ms: at.unsigned_abs(),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many were set aside.
pub(crate) fn count(db: &Connection) -> Result<u64> {
    store::count(db.prepare_cached("SELECT count(*) FROM quarantine")?.query_row([], |row| row.get(0))?)
}

/// Takes the foreign parcels out again, to be tried once more.
pub(crate) fn take_foreign(db: &Connection) -> Result<Vec<Parcel>> {
    let sql = format!("SELECT {PARCEL} FROM quarantine WHERE own = 0 ORDER BY rev, seq");
    let parcels = parcels(db, &sql, [])?;
    db.prepare_cached("DELETE FROM quarantine WHERE own = 0")?.execute([])?;
    Ok(parcels)
}

/// A refused document of this device was written anew: the refused version is of no more use.
pub(crate) fn drop_own(db: &Connection, collection: &str, id: Uuid) -> Result<()> {
    let sql = "DELETE FROM quarantine WHERE own = 1 AND collection = ?1 AND id = ?2";
    db.prepare_cached(sql)?.execute((collection, id.to_string()))?;
    Ok(())
}

/// The columns of a kept parcel, for `quarantine` and `waiting` alike.
pub(crate) const PARCEL: &str = "collection, id, rev, scope, class, stamp, by, schema, body, tokens";

/// Reads parcels that were kept.
pub(crate) fn parcels(db: &Connection, sql: &str, values: impl rusqlite::Params) -> Result<Vec<Parcel>> {
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(values, parcel)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn parcel(row: &Row<'_>) -> rusqlite::Result<Parcel> {
    let (class, tokens): (String, Vec<u8>) = (row.get(4)?, row.get(9)?);
    Ok(Parcel {
        collection: row.get(0)?,
        id: store::uuid(row, 1)?,
        rev: row.get(2)?,
        scope: store::uuid(row, 3)?,
        class: Class::from_letter(&class).unwrap_or(Class::Mergeable),
        stamp: store::stamp(row, 5)?,
        by: store::uuid(row, 6)?,
        schema: row.get(7)?,
        body: row.get(8)?,
        tokens: wire::tokens_in(&tokens).unwrap_or_default(),
    })
}

/// Keeps a parcel sealed until its key or its journal entry comes.
pub(crate) fn wait(db: &Connection, parcel: &Parcel, reason: &str) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO waiting (collection, id, rev, scope, class, stamp, by, schema, body, tokens, reason) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    let (id, scope, by) = (parcel.id.to_string(), parcel.scope.to_string(), parcel.by.to_string());
    let row = rusqlite::params![
        bounded(&parcel.collection),
        id,
        parcel.rev,
        scope,
        parcel.class.letter(),
        &parcel.stamp.0[..],
        by,
        parcel.schema,
        parcel.body,
        wire::tokens_bytes(&parcel.tokens),
        reason,
    ];
    db.prepare_cached(sql)?.execute(row)?;
    Ok(())
}

/// So many parcels wait at most, and so many bytes of bodies: whoever keeps the remote could otherwise fill up the disk.
const WAITING_MAX: u64 = 20_000;
const WAITING_BYTES: u64 = 256 * 1024 * 1024;

/// Lets parcels go where too many wait, after each page: first those that nobody's signature vouches for, the oldest of them first; last
/// what came in an earlier life of the remote. The remote has them still, and the comparison with it asks for them again.
/// Nothing of this device's own is among them: that lies in its rows and in its outbox, whatever comes back of it.
pub(crate) fn make_room(db: &Connection) -> Result<()> {
    let (mut count, mut bytes) = waiting_sums(db)?;
    if count <= WAITING_MAX && bytes <= WAITING_BYTES {
        return Ok(());
    }
    let sql = "SELECT rowid, length(body) FROM waiting \
               ORDER BY rev <= 0, reason NOT IN ('journal', 'device'), rowid";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut gone = Vec::new();
    // Some room besides, so that this is not done for each page of a flood.
    while count > WAITING_MAX * 9 / 10 || bytes > WAITING_BYTES * 9 / 10 {
        let Some(row) = rows.next()? else { break };
        let (id, length): (i64, i64) = (row.get(0)?, row.get(1)?);
        count = count.saturating_sub(1);
        bytes = bytes.saturating_sub(store::count(length)?);
        gone.push(id);
    }
    drop(rows);
    let mut delete = db.prepare_cached("DELETE FROM waiting WHERE rowid = ?1")?;
    gone.into_iter().try_for_each(|id| delete.execute([id]).map(|_| ()))?;
    Ok(())
}

fn waiting_sums(db: &Connection) -> Result<(u64, u64)> {
    let mut statement = db.prepare_cached("SELECT count(*), coalesce(sum(length(body)), 0) FROM waiting")?;
    let (count, bytes): (i64, i64) = statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok((store::count(count)?, store::count(bytes)?))
}

/// Takes the parcels out that wait for this reason and, where given, in this scope or from this device.
pub(crate) fn take_waiting(db: &Connection, reason: &str, column: &str, of: Uuid) -> Result<Vec<Parcel>> {
    let condition = format!("reason = ?1 AND {column} = ?2");
    let values = (reason, of.to_string());
    let found =
        parcels(db, &format!("SELECT {PARCEL} FROM waiting WHERE {condition} ORDER BY rev"), (reason, &values.1))?;
    db.prepare_cached(&format!("DELETE FROM waiting WHERE {condition}"))?.execute(values)?;
    Ok(found)
}

/// Do journal entries of this device wait for earlier ones, or for its certificate?
pub(crate) fn entries_wait(db: &Connection, by: Uuid) -> Result<bool> {
    let sql = "SELECT 1 FROM waiting WHERE by = ?1 AND collection = 'journal'";
    Ok(db.prepare_cached(sql)?.exists([by.to_string()])?)
}

/// The remote lost everything above `rev`: what came with such a revision has none there any more. It is kept as less than
/// zero, so that two versions of one document stay two.
pub(crate) fn forget_revisions(db: &Connection, rev: i64) -> Result<()> {
    for table in ["waiting", "quarantine"] {
        let sql = format!("UPDATE OR REPLACE {table} SET rev = -rev WHERE rev > ?1");
        db.prepare_cached(&sql)?.execute([rev])?;
    }
    Ok(())
}

/// Takes out what was refused because this device's journal spoke of another content: a new entry may speak of this one.
pub(crate) fn take_other_digests(db: &Connection, by: Uuid) -> Result<Vec<Parcel>> {
    let condition = "own = 0 AND reason = 'digest' AND by = ?1";
    let found =
        parcels(db, &format!("SELECT {PARCEL} FROM quarantine WHERE {condition} ORDER BY rev"), [by.to_string()])?;
    db.prepare_cached(&format!("DELETE FROM quarantine WHERE {condition}"))?.execute([by.to_string()])?;
    Ok(found)
}

/// The entries of a removed device that came after its mark, and those that wait for them.
pub(crate) fn late_entries(db: &Connection, by: Uuid) -> Result<Vec<Parcel>> {
    let sql = format!(
        "SELECT {PARCEL} FROM quarantine WHERE own = 0 AND collection = 'journal' AND by = ?1 AND reason = ?2 \
         UNION ALL SELECT {PARCEL} FROM waiting WHERE collection = 'journal' AND by = ?1 AND reason = 'gap'"
    );
    parcels(db, &sql, (by.to_string(), AFTER_REMOVAL))
}

/// Takes out what was set aside because it came after the removal of this device, or of its person.
pub(crate) fn take_late(db: &Connection, by: Uuid) -> Result<Vec<Parcel>> {
    let condition = "own = 0 AND by = ?1 AND reason = ?2";
    let values = (by.to_string(), AFTER_REMOVAL);
    let sql = format!("SELECT {PARCEL} FROM quarantine WHERE {condition} ORDER BY rev, seq");
    let found = parcels(db, &sql, (&values.0, values.1))?;
    db.prepare_cached(&format!("DELETE FROM quarantine WHERE {condition}"))?.execute(values)?;
    Ok(found)
}

/// The scope of a document that waits, as it says itself.
pub(crate) fn scope_of_waiting(db: &Connection, collection: &str, id: Uuid) -> Result<Option<Uuid>> {
    let sql = "SELECT scope FROM waiting WHERE collection = ?1 AND id = ?2 LIMIT 1";
    let mut statement = db.prepare_cached(sql)?;
    Ok(statement.query_row((collection, id.to_string()), |row| store::uuid(row, 0)).optional()?)
}

/// The number of parcels that wait sealed.
pub(crate) fn waiting(db: &Connection) -> Result<u64> {
    store::count(db.prepare_cached("SELECT count(*) FROM waiting")?.query_row([], |row| row.get(0))?)
}

/// What is waited for, in which collection, and how many times.
pub(crate) fn waiting_for(db: &Connection) -> Result<Vec<(String, String, u64)>> {
    let sql =
        "SELECT reason, collection, count(*) FROM waiting GROUP BY reason, collection ORDER BY reason, collection";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| {
        let count: i64 = row.get(2)?;
        Ok((row.get(0)?, row.get(1)?, count.unsigned_abs()))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
