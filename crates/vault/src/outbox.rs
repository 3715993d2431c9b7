//! Changes on their way out: the outbox, and the batch whose members are fixed before its first attempt.

use crate::{Error, Result, store, wire};
use model::{
    Class, Parcel, Stamp,
    parcel::{BATCH_BYTES, BATCH_PARCELS, SCHEMA},
};
use rusqlite::{Connection, OptionalExtension, Row, types::Type};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What stands around a body and is small: counted for each parcel of a batch.
const ENVELOPE: usize = 256;

/// A sealed document that is to be sent.
pub(crate) struct Outgoing<'a> {
    pub(crate) collection: &'a str,
    pub(crate) id: Uuid,
    pub(crate) scope: Uuid,
    pub(crate) class: Class,
    pub(crate) stamp: Stamp,
    pub(crate) body: &'a [u8],
    pub(crate) tokens: &'a BTreeMap<String, Vec<u8>>,
}

/// The number of the next local transaction.
pub(crate) fn next_tx(connection: &Connection) -> Result<i64> {
    let sql =
        "SELECT max(coalesce((SELECT max(tx) FROM outbox), 0), coalesce((SELECT max(tx) FROM batch_parcels), 0)) + 1";
    Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// Puts a document into the outbox, in the place of an earlier version of it that still waits there.
pub(crate) fn put(connection: &Connection, tx: i64, out: &Outgoing<'_>) -> Result<()> {
    let sql = "INSERT INTO outbox (rank, tx, collection, id, scope, class, stamp, body, tokens, bytes) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (collection, id) DO UPDATE SET \
               scope = excluded.scope, stamp = excluded.stamp, body = excluded.body, tokens = excluded.tokens, bytes = excluded.bytes";
    let rank = rank(out);
    let bytes = store::whole(out.body.len() as u64)?;
    let (id, scope) = (out.id.to_string(), out.scope.to_string());
    let tokens = wire::tokens_bytes(out.tokens);
    let row = (rank, tx, out.collection, id, scope, out.class.letter(), &out.stamp.0[..], out.body, tokens, bytes);
    connection.prepare_cached(sql)?.execute(row)?;
    Ok(())
}

/// What goes first: keys, without which nothing else is believed; then who looked at what, so that a chart that was opened in an
/// emergency is heard of before anything that was done in it.
fn rank(out: &Outgoing<'_>) -> i32 {
    match (out.class, out.collection) {
        (Class::Key, _) => 0,
        (_, "access_logs") => 1,
        _ => 2,
    }
}

/// Joins the transactions that these documents already wait in with this one, so that none is cut in two. The joined one
/// keeps the place of the oldest.
pub(crate) fn join(connection: &Connection, tx: i64, documents: &[(&str, Uuid)]) -> Result<()> {
    let mut oldest = tx;
    let mut others = vec![tx];
    for (collection, id) in documents {
        let sql = "SELECT tx FROM outbox WHERE collection = ?1 AND id = ?2";
        let found: Option<i64> =
            connection.prepare_cached(sql)?.query_row((collection, id.to_string()), |row| row.get(0)).optional()?;
        if let Some(other) = found {
            oldest = oldest.min(other);
            others.push(other);
        }
    }
    others.sort_unstable();
    others.dedup();
    for other in others.into_iter().filter(|other| *other != oldest) {
        connection.prepare_cached("UPDATE outbox SET tx = ?1 WHERE tx = ?2")?.execute((oldest, other))?;
    }
    Ok(())
}

/// Does a change of this document wait in the outbox?
pub(crate) fn waits(connection: &Connection, collection: &str, id: Uuid) -> Result<bool> {
    let sql = "SELECT 1 FROM outbox WHERE collection = ?1 AND id = ?2";
    Ok(connection.prepare_cached(sql)?.exists((collection, id.to_string()))?)
}

/// Is a version of this document in the batch that is being sent?
pub(crate) fn in_flight(connection: &Connection, collection: &str, id: Uuid) -> Result<bool> {
    let sql = "SELECT 1 FROM batch_parcels WHERE collection = ?1 AND id = ?2";
    Ok(connection.prepare_cached(sql)?.exists((collection, id.to_string()))?)
}

/// Takes a document out of the outbox.
pub(crate) fn drop_waiting(connection: &Connection, collection: &str, id: Uuid) -> Result<()> {
    let sql = "DELETE FROM outbox WHERE collection = ?1 AND id = ?2";
    connection.prepare_cached(sql)?.execute((collection, id.to_string()))?;
    Ok(())
}

/// One row of the outbox or of a batch.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    pub(crate) tx: i64,
    pub(crate) collection: String,
    pub(crate) id: Uuid,
    pub(crate) scope: Uuid,
    pub(crate) class: Class,
    pub(crate) stamp: Stamp,
    pub(crate) body: Vec<u8>,
    tokens: Vec<u8>,
    pub(crate) base: i64,
}

impl Waiting {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let class: String = row.get(4)?;
        let unknown = || rusqlite::Error::InvalidColumnType(4, "class".into(), Type::Text);
        Ok(Waiting {
            tx: row.get(0)?,
            collection: row.get(1)?,
            id: store::uuid(row, 2)?,
            scope: store::uuid(row, 3)?,
            class: Class::from_letter(&class).ok_or_else(unknown)?,
            stamp: store::stamp(row, 5)?,
            body: row.get(6)?,
            tokens: row.get(7)?,
            base: row.get(8)?,
        })
    }

    /// The parcel that this device sends.
    pub(crate) fn parcel(&self, by: Uuid) -> Result<Parcel> {
        Ok(Parcel {
            collection: self.collection.clone(),
            id: self.id,
            scope: self.scope,
            class: self.class,
            stamp: self.stamp,
            by,
            schema: SCHEMA,
            body: self.body.clone(),
            tokens: wire::tokens_in(&self.tokens).map_err(|_| Error::Damaged("tokens in the outbox".into()))?,
            rev: self.base,
        })
    }

    fn size(&self) -> usize {
        self.body.len() + self.tokens.len() + ENVELOPE
    }
}

/// Chooses the members of the next batch, of one class where that is said: keys first, then the oldest; whole transactions where
/// they fit.
pub(crate) fn choose(connection: &Connection, only: Option<Class>) -> Result<Vec<Waiting>> {
    let sql = "SELECT tx, collection, id, scope, class, stamp, body, tokens, 0 FROM outbox \
               WHERE ?1 IS NULL OR class = ?1 ORDER BY rank, tx, seq";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([only.map(Class::letter)])?;
    let (mut chosen, mut bytes): (Vec<Waiting>, usize) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let next = Waiting::read(row)?;
        if chosen.len() == BATCH_PARCELS || bytes + next.size() > BATCH_BYTES {
            keep_whole(&mut chosen, &next);
            break;
        }
        bytes += next.size();
        chosen.push(next);
    }
    Ok(chosen)
}

/// Leaves out the last transaction if its rest did not fit, unless it is the only one.
fn keep_whole(chosen: &mut Vec<Waiting>, next: &Waiting) {
    let whole = chosen.iter().take_while(|one| one.tx != next.tx || one.class != next.class).count();
    if whole > 0 {
        chosen.truncate(whole);
    }
}

/// The number of the batch that is being sent, with the time in its journal entry and the entry itself.
pub(crate) fn fixed(connection: &Connection) -> Result<Option<(u64, u64, Vec<u8>)>> {
    let mut statement = connection.prepare_cached("SELECT number, at, journal FROM batches ORDER BY number LIMIT 1")?;
    let found: Option<(i64, i64, Vec<u8>)> =
        statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
    found.map(|(number, at, journal)| Ok((store::count(number)?, store::count(at)?, journal))).transpose()
}

/// The members of a batch, in order.
pub(crate) fn members(connection: &Connection, number: u64) -> Result<Vec<Waiting>> {
    let sql = "SELECT tx, collection, id, scope, class, stamp, body, tokens, base FROM batch_parcels WHERE number = ?1 ORDER BY position";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([store::whole(number)?], Waiting::read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Moves the chosen documents from the outbox into a batch.
pub(crate) fn fix(connection: &Connection, number: u64, at_ms: u64, journal: &[u8], members: &[Waiting]) -> Result<()> {
    let number = store::whole(number)?;
    let sql = "INSERT INTO batches (number, at, journal) VALUES (?1, ?2, ?3) \
               ON CONFLICT (number) DO UPDATE SET at = excluded.at, journal = excluded.journal";
    connection.prepare_cached(sql)?.execute((number, store::whole(at_ms)?, journal))?;
    connection.prepare_cached("DELETE FROM batch_parcels WHERE number = ?1")?.execute([number])?;
    for (position, one) in (0i64..).zip(members) {
        let sql = "INSERT INTO batch_parcels (number, position, tx, collection, id, scope, class, stamp, base, body, tokens) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
        let (id, scope) = (one.id.to_string(), one.scope.to_string());
        let head = (number, position, one.tx, &one.collection, id, scope, one.class.letter());
        let (number, position, tx, collection, id, scope, class) = head;
        let row =
            (number, position, tx, collection, id, scope, class, &one.stamp.0[..], one.base, &one.body, &one.tokens);
        connection.prepare_cached(sql)?.execute(row)?;
        drop_waiting(connection, &one.collection, one.id)?;
    }
    Ok(())
}

/// Puts documents of a batch back into the outbox, unless a newer version waits there.
pub(crate) fn give_back(connection: &Connection, one: &Waiting) -> Result<()> {
    if waits(connection, &one.collection, one.id)? {
        return Ok(());
    }
    let tokens = wire::tokens_in(&one.tokens).map_err(|_| Error::Damaged("tokens of a batch".into()))?;
    let Waiting { tx, collection, id, scope, class, stamp, body, .. } = one;
    let out = Outgoing { collection, id: *id, scope: *scope, class: *class, stamp: *stamp, body, tokens: &tokens };
    put(connection, *tx, &out)
}

/// Ends a batch.
pub(crate) fn end(connection: &Connection, number: u64) -> Result<()> {
    let number = store::whole(number)?;
    connection.prepare_cached("DELETE FROM batch_parcels WHERE number = ?1")?.execute([number])?;
    connection.prepare_cached("DELETE FROM batches WHERE number = ?1")?.execute([number])?;
    Ok(())
}

/// How many documents wait, their bytes, and the oldest stamp among them. Keys and grants have no stamp, which is no time.
pub(crate) fn sums(connection: &Connection) -> Result<(u64, u64, Option<Stamp>)> {
    let sql = "SELECT count(*), coalesce(sum(bytes), 0), min(nullif(stamp, zeroblob(16))) FROM \
               (SELECT bytes, stamp FROM outbox UNION ALL SELECT length(body), stamp FROM batch_parcels)";
    let mut statement = connection.prepare_cached(sql)?;
    let (count, bytes, oldest): (i64, i64, Option<Vec<u8>>) =
        statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let oldest = oldest.and_then(|bytes| bytes.try_into().ok()).map(Stamp);
    Ok((store::count(count)?, store::count(bytes)?, oldest))
}
