//! Dropping what is left of a chart that was handed over to a custodian, or is over (security design, 12.8): keys, rows, history, files.
//!
//! What is to go follows from the store of trust, so it goes on after any interruption where it was. A chart whose changes still wait to
//! be sent is left until they are.

use crate::{
    Result, Vault,
    blobs::{self, BlobState},
    core::Core,
    documents::note_there,
    objects,
    rows::{self, Doc},
    schema, search, store,
    sum::row_bytes,
    trust::{Retention, grants, object::GRANTS},
    work::{KEY_STAMP, Work, signed_statement},
};
use model::{AccountDeletionRequest, Collection, CollectionDef, Patient};
use rusqlite::Connection;
use serde_json::Value;
use uuid::Uuid;

/// Where a pseudonym took the place of a name.
const NAMED_IN: [&str; 2] = ["patients", "users"];
/// What identified somebody, of one document.
const NAMES: &str = "collection = ?1 AND id = ?2 AND (key LIKE 'emergency_contacts%' OR key IN ('name', 'address', 'phone', \
                     'email', 'mobile_number', 'confirmed_email', 'confirmed_number', 'photo', 'voice_sample'))";

/// What a clearing did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cleared {
    /// The charts that went.
    pub gone: Vec<Uuid>,
    /// Was a chart handed on to this person that had gone here before? Then the next synchronisation brings it.
    pub asks_again: bool,
}

impl Vault {
    /// Drops everything of charts that are closed to this person: those that somebody else keeps, and those that are over. Of a chart that
    /// this person keeps, and of its person's entry in the directory, what stood there before the pseudonym.
    ///
    /// # Errors
    /// [`crate::Error::DiskFull`], [`crate::Error::Closed`]: what is left goes next time.
    pub fn clear_closed(&self, now_ms: u64) -> Result<Cleared> {
        let charts: Vec<Uuid> = self.with_core(|connection, core| {
            let charts = core.trust.retained_charts();
            charts
                .filter_map(|chart| is_due(connection, core, chart).map(|due| due.then_some(chart)).transpose())
                .collect()
        })?;
        let mut cleared = Cleared::default();
        for chart in charts {
            let files = self.with_core(|connection, _| files_of(connection, chart))?;
            match self.transact(now_ms, |work| clear(work, chart))? {
                Step::Gone => {
                    // After the commit: a file that stays behind belongs to no row, and whoever looks through the vault removes it.
                    blobs::discard(self.folder(), &files);
                    cleared.gone.push(chart);
                }
                Step::AsksAgain => cleared.asks_again = true,
                Step::Stays => {}
            }
        }
        if !cleared.gone.is_empty() {
            // What was freed is written over (`secure_delete`); the log beside the file still holds it until then.
            self.checkpoint()?;
            // Whoever copied the file and its key before can open no later copy with it.
            self.wish_new_key()?;
        }
        Ok(cleared)
    }
}

/// What became of one chart.
enum Step {
    Gone,
    AsksAgain,
    Stays,
}

/// Is anything here that is to go?
fn is_due(db: &Connection, core: &Core, chart: Uuid) -> Result<bool> {
    let Some(kept) = kept_by_others(core, chart) else { return Ok(false) };
    if names_stand(db, chart)? || names_stand(db, kept.person)? || !wishes_of(db, core, kept.person)?.is_empty() {
        return Ok(true);
    }
    if !core.trust.is_closed_to(chart, core.keyring.user()) {
        return is_missing(db, core, kept);
    }
    let mut tables = model::ALL.iter().map(|def| rows::ids_in(db, def, chart));
    Ok(holds_keys(core, chart) || tables.any(|ids| ids.map_or(true, |ids| !ids.is_empty())))
}

/// The word about a chart, unless it is the one of whoever left: their program ends the whole record, and needs their wish for it.
fn kept_by_others(core: &Core, chart: Uuid) -> Option<&Retention> {
    core.trust.retention_of(chart).filter(|kept| kept.person != core.keyring.user())
}

fn holds_keys(core: &Core, chart: Uuid) -> bool {
    core.keyring.scopes().any(|scope| scope == chart)
}

/// Was this chart handed on to this person, who has its keys and dropped the rest before? It is asked for once.
fn is_missing(db: &Connection, core: &Core, kept: &Retention) -> Result<bool> {
    let is_here = rows::load(db, Patient::DEF, kept.chart)?.is_some();
    Ok(!is_here && holds_keys(core, kept.chart) && store::state(db, &asked(kept))?.is_none())
}

fn asked(kept: &Retention) -> String {
    format!("asked-again/{}", kept.id)
}

/// Drops one chart, if it is to go.
fn clear(work: &mut Work<'_>, chart: Uuid) -> Result<Step> {
    let (trust, user) = (&work.core.trust, work.core.keyring.user());
    let Some(kept) = kept_by_others(work.core, chart) else { return Ok(Step::Stays) };
    if !trust.is_closed_to(chart, user) && is_missing(work.db, work.core, kept)? {
        store::set_state(work.db, &asked(kept), &[1])?;
        // What is here already is passed over; the rest comes as if it were new.
        work.db.prepare_cached("UPDATE cursors SET cursor = 0")?.execute([])?;
        return Ok(Step::AsksAgain);
    }
    let (person, is_closed, is_over) = (kept.person, trust.is_closed_to(chart, user), trust.is_ended(chart));
    forget_names(work.db, chart)?;
    forget_names(work.db, person)?;
    // It names the address of whoever left.
    for wish in wishes_of(work.db, work.core, person)? {
        drop_row(work, AccountDeletionRequest::DEF, &wish)?;
    }
    if !is_closed || waits_to_be_sent(work.db, chart, is_over)? {
        return Ok(Step::Stays);
    }
    if drop_rows(work, chart)? == 0 && !holds_keys(work.core, chart) {
        return Ok(Step::Stays);
    }
    drop_grants(work, chart)?;
    drop_parcels(work, chart)?;
    work.keys_changed = true;
    work.core.keyring.forget(chart);
    let chart = chart.to_string();
    for sql in [
        "DELETE FROM outbox WHERE scope = ?1",
        "DELETE FROM blobs WHERE scope = ?1",
        "DELETE FROM drafts WHERE patient = ?1",
        "DELETE FROM cursors WHERE scope = ?1",
        "DELETE FROM pinned WHERE chart = ?1",
    ] {
        work.db.prepare_cached(sql)?.execute([&chart])?;
    }
    model::ALL.iter().filter(|def| schema::is_searched(def)).try_for_each(|def| search::optimize(work.db, def))?;
    Ok(Step::Gone)
}

/// The wish to leave, which the clinic has acted on.
fn wishes_of(db: &Connection, core: &Core, person: Uuid) -> Result<Vec<Doc>> {
    let def = AccountDeletionRequest::DEF;
    let mut found = Vec::new();
    for id in rows::ids_in(db, def, core.trust.realm())? {
        let of = |doc: &Doc| doc.version.values.get("user_id").and_then(Value::as_str) == Some(&person.to_string());
        found.extend(rows::load(db, def, id)?.filter(of));
    }
    Ok(found)
}

fn names_stand(db: &Connection, id: Uuid) -> Result<bool> {
    let mut stand = false;
    for collection in NAMED_IN {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM history WHERE {NAMES})");
        stand |= db.prepare_cached(&sql)?.query_row((collection, id.to_string()), |row| row.get::<_, bool>(0))?;
    }
    Ok(stand)
}

fn forget_names(db: &Connection, id: Uuid) -> Result<()> {
    for collection in NAMED_IN {
        db.prepare_cached(&format!("DELETE FROM history WHERE {NAMES}"))?.execute((collection, id.to_string()))?;
    }
    Ok(())
}

/// What is on its way is let go. What has not begun its way is waited for, unless the chart is over.
fn waits_to_be_sent(db: &Connection, chart: Uuid, is_over: bool) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM batch_parcels WHERE scope = ?1) OR (NOT ?2 AND ( \
               EXISTS (SELECT 1 FROM outbox WHERE scope = ?1) OR \
               EXISTS (SELECT 1 FROM blobs WHERE scope = ?1 AND state = ?3)))";
    let values = (chart.to_string(), is_over, BlobState::Kept.word());
    Ok(db.prepare_cached(sql)?.query_row(values, |row| row.get(0))?)
}

fn files_of(db: &Connection, chart: Uuid) -> Result<Vec<Uuid>> {
    let mut statement = db.prepare_cached("SELECT id FROM blobs WHERE scope = ?1")?;
    let ids = statement.query_map([chart.to_string()], |row| store::uuid(row, 0))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}

/// The rows of every collection.
fn drop_rows(work: &mut Work<'_>, chart: Uuid) -> Result<usize> {
    let mut dropped = 0;
    for def in model::ALL {
        for id in rows::ids_in(work.db, def, chart)? {
            let Some(doc) = rows::load(work.db, def, id)? else { continue };
            drop_row(work, def, &doc)?;
            dropped += 1;
        }
    }
    Ok(dropped)
}

/// A document with all that hangs on it. That the remote has it is kept, so that the comparison comes out.
pub(crate) fn drop_row(work: &mut Work<'_>, def: &'static CollectionDef, doc: &Doc) -> Result<()> {
    note_there(work, def.name, doc.id, doc.rev)?;
    drop_statement(work, def.name, doc.id)?;
    rows::delete(work.db, &mut work.sum, def, doc)?;
    // What the journals vouched for stays: digests, without which nothing could be taken in again.
    for table in ["history", "agreed"] {
        let sql = format!("DELETE FROM {table} WHERE collection = ?1 AND id = ?2");
        work.db.prepare_cached(&sql)?.execute((def.name, doc.id.to_string()))?;
    }
    work.changed.entry(def.name).or_default().insert(doc.id);
    Ok(())
}

fn drop_statement(work: &mut Work<'_>, collection: &str, id: Uuid) -> Result<()> {
    let Some((stamp, signed)) = signed_statement(work.db, collection, id)? else { return Ok(()) };
    let bytes = row_bytes(&[collection.as_bytes(), &signed, &[], &[], &[]]);
    work.sum.toggle("statements", id, &stamp.0, &bytes);
    let sql = "DELETE FROM statements WHERE collection = ?1 AND id = ?2";
    work.db.prepare_cached(sql)?.execute((collection, id.to_string()))?;
    Ok(())
}

/// The wrapped keys of the chart. One that still waits to be sent is for somebody else, and goes out from the outbox.
fn drop_grants(work: &mut Work<'_>, chart: Uuid) -> Result<()> {
    let ours = objects::all(work.db, GRANTS)?.into_iter().filter(|grant| grants::scope_of(grant) == Some(chart));
    for grant in ours.collect::<Vec<_>>() {
        let Some(parcel) = objects::object_parcel(work.db, GRANTS, grant.id)? else { continue };
        let (scope, by) = (parcel.scope.to_string(), parcel.by.to_string());
        let bytes = row_bytes(&[GRANTS.as_bytes(), scope.as_bytes(), by.as_bytes(), &parcel.body, &[]]);
        work.sum.toggle("objects", grant.id, &KEY_STAMP.0, &bytes);
        let sql = "DELETE FROM objects WHERE collection = ?1 AND id = ?2";
        work.db.prepare_cached(sql)?.execute((GRANTS, grant.id.to_string()))?;
        note_there(work, GRANTS, grant.id, parcel.rev)?;
    }
    Ok(())
}

/// What waited for a key or was set aside.
fn drop_parcels(work: &Work<'_>, chart: Uuid) -> Result<()> {
    for table in ["waiting", "quarantine"] {
        let sql = format!(
            "INSERT INTO others (collection, id, rev) SELECT collection, id, max(rev) FROM {table} \
             WHERE scope = ?1 AND rev > 0 GROUP BY collection, id \
             ON CONFLICT (collection, id) DO UPDATE SET rev = max(rev, excluded.rev)"
        );
        work.db.prepare_cached(&sql)?.execute([chart.to_string()])?;
        work.db.prepare_cached(&format!("DELETE FROM {table} WHERE scope = ?1"))?.execute([chart.to_string()])?;
    }
    Ok(())
}
