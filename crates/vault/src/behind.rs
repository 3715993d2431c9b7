//! Documents that are older here than what a signed journal says of them: whoever keeps the remote may have put an old version back
//! before this device came, or holds the new one back. Whoever knows the newer version keeps it, so this is what a device finds that
//! begins anew.
//!
//! A version that was vouched for can be missing for an honest reason: its batch was behind, and it comes merged with the next one. So
//! a document counts only when it stayed behind for [`GRACE_MS`].

use crate::{Result, journal::alert, schema, store, work::Work};
use model::{Parcel, Stamp};
use rusqlite::{Connection, OptionalExtension};
use uuid::Uuid;

/// The code of the alert.
const OLDER: &str = "older-version";
/// A device that is there sends within seconds what was behind; this is long enough for one whose line is cut meanwhile.
const GRACE_MS: u64 = 10 * 60 * 1_000;

/// A journal entry speaks of a version: is the one that is held older?
pub(crate) fn look(work: &Work<'_>, collection: &str, id: Uuid, stamp: Stamp, by: (Uuid, u64)) -> Result<()> {
    match held(work.db, collection, id)? {
        Some(held) if held < stamp => note(work, collection, id, stamp, by),
        _ => Ok(()),
    }
}

/// A document came: does an entry that came before it speak of a newer version? If not, it is the one that was waited for.
pub(crate) fn look_back(work: &Work<'_>, parcel: &Parcel) -> Result<()> {
    let sql = "SELECT stamp, device, n FROM covered WHERE collection = ?1 AND id = ?2 AND stamp > ?3 \
               ORDER BY stamp DESC LIMIT 1";
    let mut statement = work.db.prepare_cached(sql)?;
    let key = (&parcel.collection, parcel.id.to_string(), &parcel.stamp.0[..]);
    let newer =
        statement.query_row(key, |row| Ok((store::stamp(row, 0)?, store::uuid(row, 1)?, row.get::<_, i64>(2)?)));
    match newer.optional()? {
        Some((stamp, device, n)) => note(work, &parcel.collection, parcel.id, stamp, (device, store::count(n)?)),
        None => forget(work.db, &parcel.collection, parcel.id, parcel.stamp),
    }
}

fn forget(db: &Connection, collection: &str, id: Uuid, stamp: Stamp) -> Result<()> {
    let sql = "DELETE FROM behind WHERE collection = ?1 AND id = ?2 AND stamp <= ?3";
    db.prepare_cached(sql)?.execute((collection, id.to_string(), &stamp.0[..]))?;
    Ok(())
}

fn note(work: &Work<'_>, collection: &str, id: Uuid, stamp: Stamp, (device, n): (Uuid, u64)) -> Result<()> {
    let sql = "INSERT INTO behind (collection, id, stamp, device, n, since) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
               ON CONFLICT (collection, id) DO UPDATE SET stamp = excluded.stamp, device = excluded.device, n = excluded.n \
               WHERE excluded.stamp > stamp";
    let row =
        (collection, id.to_string(), &stamp.0[..], device.to_string(), store::whole(n)?, store::whole(work.now_ms)?);
    work.db.prepare_cached(sql)?.execute(row)?;
    Ok(())
}

/// Once everything that can be got was taken in: what came is forgotten, and what stayed behind is told.
pub(crate) fn check(work: &Work<'_>) -> Result<()> {
    let mut statement = work.db.prepare_cached("SELECT collection, id, stamp, device, n, since FROM behind")?;
    let rows = statement.query_map([], |row| {
        let place = (row.get::<_, String>(0)?, store::uuid(row, 1)?, store::stamp(row, 2)?);
        Ok((place, store::uuid(row, 3)?, row.get::<_, i64>(4)?, row.get::<_, i64>(5)?))
    })?;
    for row in rows.collect::<rusqlite::Result<Vec<_>>>()? {
        let ((collection, id, stamp), device, n, since) = row;
        let stays = held(work.db, &collection, id)?.is_some_and(|held| held < stamp);
        if !stays || is_aside(work.db, &collection, id, stamp)? {
            forget(work.db, &collection, id, stamp)?;
        } else if work.now_ms.saturating_sub(store::count(since)?) >= GRACE_MS {
            alert(work.db, OLDER, device, store::count(n)?, work.now_ms)?;
        }
    }
    Ok(())
}

/// The stamp of what is held of a document; `None` when there is nothing, or nothing of such a collection.
fn held(db: &Connection, collection: &str, id: Uuid) -> Result<Option<Stamp>> {
    let Some(def) = model::definition(collection) else { return Ok(None) };
    let mut statement = db.prepare_cached(&format!("SELECT stamp FROM {} WHERE id = ?1", schema::table(def)))?;
    Ok(statement.query_row([id.to_string()], |row| store::stamp(row, 0)).optional()?)
}

/// Is the newer version here, and waits or was set aside? That is told of there.
fn is_aside(db: &Connection, collection: &str, id: Uuid, stamp: Stamp) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM waiting WHERE collection = ?1 AND id = ?2 AND stamp >= ?3) \
               OR EXISTS (SELECT 1 FROM quarantine WHERE collection = ?1 AND id = ?2 AND stamp >= ?3)";
    let key = (collection, id.to_string(), &stamp.0[..]);
    Ok(db.prepare_cached(sql)?.query_row(key, |row| row.get(0))?)
}
