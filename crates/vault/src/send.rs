//! The way out: fixing a batch with its journal entry, and taking in the remote's answer.

use crate::{
    Error, Result,
    core::COPIED,
    documents::{digest_of, send_if_possible},
    journal, objects,
    outbox::{self, Waiting},
    quarantine, rows, store,
    trust::{
        self, BodyPlace, KeyObject, decode_version,
        journal::{Entry, make_entry},
        object::JOURNAL,
    },
    work::{KEY_STAMP, Work, signed_statement},
};
use model::{
    Amendment, Class, Collection, CollectionDef, Map, Parcel, Scope,
    parcel::{Batch, Fate, Receipt},
};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

/// An entry is written at least this often, so that other devices see what was taken in here. Milliseconds.
const ENTRY_EVERY_MS: u64 = 86_400_000;

/// The batch to push, fixed on first asking.
pub(crate) fn outgoing(work: &mut Work<'_>, halve: bool) -> Result<Option<Batch>> {
    if store::state(work.db, COPIED)?.is_some() {
        return Err(Error::Copied);
    }
    if let Some((number, _, _)) = outbox::fixed(work.db)? {
        if halve {
            halve_batch(work, number)?;
        }
        return load(work).map(Some);
    }
    if work.core.is_person_removed() {
        return Ok(None);
    }
    // A removed device sends what its person signed: it is set aside until somebody lets it in. Of what is merged, two programs
    // that each send theirs again, because the other's is not what they have, would never come to an end.
    let is_removed = work.core.is_removed();
    let members = outbox::choose(work.db, is_removed.then_some(Class::Statement))?;
    if members.is_empty() && (is_removed || !is_entry_due(work)?) {
        return Ok(None);
    }
    let number = journal::head(work.db, work.core.keyring.device())?.map_or(0, |known| known.head.n) + 1;
    let seen = journal::news(work.db, work.core.keyring.device())?;
    fix(work, number, members, &seen)?;
    load(work).map(Some)
}

/// The batch that was fixed and not answered.
pub(crate) fn under_way(work: &mut Work<'_>) -> Result<Option<Batch>> {
    if store::state(work.db, COPIED)?.is_some() || outbox::fixed(work.db)?.is_none() {
        return Ok(None);
    }
    load(work).map(Some)
}

/// Was nothing said for a day, though there is news from other devices to confirm?
fn is_entry_due(work: &Work<'_>) -> Result<bool> {
    let own = work.core.keyring.device();
    if journal::news(work.db, own)?.is_empty() {
        return Ok(false);
    }
    let last = journal::own_entry_at(work.db, own)?;
    Ok(work.now_ms.saturating_sub(last) >= ENTRY_EVERY_MS)
}

fn fix(work: &mut Work<'_>, number: u64, mut members: Vec<Waiting>, seen: &BTreeMap<Uuid, u64>) -> Result<()> {
    for one in &mut members {
        one.base = base_of(work, one)?;
    }
    let own = work.core.keyring.device();
    let mut writes = Vec::with_capacity(members.len());
    for one in &members {
        let parcel = one.parcel(own)?;
        let digest = match one.class {
            Class::Key => trust::journal::object_digest(&object_of(one)?, KEY_STAMP)?,
            Class::Statement | Class::Mergeable => digest_of(&parcel),
        };
        writes.push(journal::write_of(&parcel, digest));
    }
    let previous = journal::head(work.db, own)?.map(|known| known.head);
    let entry = make_entry(&work.core.keyring, number, previous.as_ref(), work.now_ms, &writes, seen)?;
    outbox::fix(work.db, number, work.now_ms, &entry.bytes, &members)
}

fn object_of(one: &Waiting) -> Result<KeyObject> {
    Ok(KeyObject::new(&one.collection, one.id, one.scope, one.body.clone())?)
}

/// The remote revision that a document here is built on.
fn base_of(work: &Work<'_>, one: &Waiting) -> Result<i64> {
    match model::definition(&one.collection) {
        Some(def) => Ok(rows::rev(work.db, def, one.id)?.unwrap_or(0)),
        None => Ok(0),
    }
}

/// The entry of the fixed batch, read back with its signature checked.
fn entry_of(work: &Work<'_>, number: u64, bytes: Vec<u8>) -> Result<(KeyObject, Entry)> {
    let own = work.core.keyring.device();
    let id = trust::journal_id(own, number);
    let object = KeyObject::new(JOURNAL, id, work.core.trust.realm(), bytes)?;
    match trust::journal::read_entry(&work.core.trust, &object) {
        Ok((entry, _)) => Ok((object, entry)),
        Err(_) => Err(Error::Damaged("the journal entry of a batch".into())),
    }
}

fn load(work: &Work<'_>) -> Result<Batch> {
    let (number, _, bytes) = outbox::fixed(work.db)?.ok_or_else(|| Error::Damaged("a batch is missing".into()))?;
    let own = work.core.keyring.device();
    let journal = Parcel {
        collection: JOURNAL.to_owned(),
        id: trust::journal_id(own, number),
        scope: work.core.trust.realm(),
        class: Class::Key,
        stamp: KEY_STAMP,
        by: own,
        schema: model::parcel::SCHEMA,
        body: bytes,
        tokens: BTreeMap::new(),
        rev: 0,
    };
    let members = outbox::members(work.db, number)?;
    let parcels = members.iter().map(|one| one.parcel(own)).collect::<Result<_>>()?;
    Ok(Batch { number, journal, parcels })
}

/// The later half goes back into the outbox; the first is fixed anew under the same number.
fn halve_batch(work: &mut Work<'_>, number: u64) -> Result<()> {
    let (_, _, bytes) = outbox::fixed(work.db)?.ok_or_else(|| Error::Damaged("a batch is missing".into()))?;
    let (_, entry) = entry_of(work, number, bytes)?;
    let mut members = outbox::members(work.db, number)?;
    if members.len() < 2 {
        return Ok(());
    }
    let later = members.split_off(members.len().div_ceil(2));
    later.iter().try_for_each(|one| outbox::give_back(work.db, one))?;
    fix(work, number, members, &entry.seen)
}

/// Takes in what became of a batch.
pub(crate) fn sent(work: &mut Work<'_>, receipt: &Receipt) -> Result<()> {
    let Some((number, _, bytes)) = outbox::fixed(work.db)?.filter(|(number, ..)| *number == receipt.number) else {
        // The answer to a batch that was answered before: it came twice.
        return Ok(());
    };
    let members = outbox::members(work.db, number)?;
    if members.len() != receipt.fates.len() {
        return Err(Error::Refused("receipt-length"));
    }
    let (object, entry) = entry_of(work, number, bytes)?;
    outbox::end(work.db, number)?;
    let own = work.core.keyring.device();
    work.keep_object(&object, own, 0, false)?;
    let head = trust::Head { device: own, n: number, hash: journal::hash_of(&object)? };
    work.advance(&entry, &head)?;
    journal::set_told(work.db, &entry.seen)?;
    for (one, fate) in members.iter().zip(&receipt.fates) {
        settle(work, one, fate)?;
    }
    Ok(())
}

fn settle(work: &mut Work<'_>, one: &Waiting, fate: &Fate) -> Result<()> {
    match (one.class, fate) {
        // Keys never change, so whatever stands under their id is the same object.
        (Class::Key, Fate::Stored { rev } | Fate::Behind { remote: rev }) => {
            objects::set_rev(work.db, &one.collection, one.id, *rev)
        }
        (_, Fate::Stored { rev }) => stored(work, one, *rev),
        (Class::Statement, Fate::Behind { remote }) => stored(work, one, *remote),
        (Class::Mergeable, Fate::Behind { .. }) => behind(work, one),
        (_, Fate::Refused { reason }) => {
            let parcel = one.parcel(work.core.keyring.device())?;
            quarantine::keep(work.db, &parcel, &reason.chars().take(500).collect::<String>(), true, work.now_ms)
        }
    }
}

fn definition(name: &str) -> Result<&'static CollectionDef> {
    model::definition(name).ok_or_else(|| Error::Damaged("an unknown collection in a batch".into()))
}

/// It is there. Unless the row changed since, both sides agree on it. A version that was built on ours may have been taken
/// in before a lost answer came again: then that is what both agree on.
fn stored(work: &mut Work<'_>, one: &Waiting, rev: i64) -> Result<()> {
    let def = definition(&one.collection)?;
    quarantine::drop_own(work.db, def.name, one.id)?;
    if rows::rev(work.db, def, one.id)?.is_none_or(|known| known > rev) {
        return Ok(());
    }
    rows::set_rev(work.db, def, one.id, rev)?;
    if def.class == Class::Statement {
        return if def.name == Amendment::DEF.name { amendment_stored(work, one) } else { Ok(()) };
    }
    if !outbox::waits(work.db, def.name, one.id)? {
        return work.drop_agreed(def.name, one.id);
    }
    let place = BodyPlace { collection: def.name, id: one.id, scope: one.scope, stamp: one.stamp };
    let plain = work.core.keyring.open_body(&place, &one.body)?;
    work.set_agreed(def, one.id, &decode_version(&plain)?)
}

/// An amendment of ours is there: both sides agree on the statement with it.
fn amendment_stored(work: &mut Work<'_>, one: &Waiting) -> Result<()> {
    let Some(amendment) = rows::load(work.db, Amendment::DEF, one.id)? else { return Ok(()) };
    let (collection, target) = trust::statement::target_of(&amendment.version.values)?;
    let def = definition(&collection)?;
    let Some(agreed) = work.kept_agreed(def, target)? else { return Ok(()) };
    if !others_wait(work, def, target)? {
        return work.drop_agreed(def.name, target);
    }
    let none = Map::new();
    let changes = amendment.version.values.get("changes").and_then(Value::as_object).unwrap_or(&none);
    let theirs = crate::amend::version_of(def, changes, one.stamp);
    let agreed = model::merge(def, &agreed, &agreed, &theirs).version;
    work.set_agreed(def, target, &agreed)
}

/// Do other amendments of ours to this statement still wait?
fn others_wait(work: &Work<'_>, def: &CollectionDef, target: Uuid) -> Result<bool> {
    let sql = "SELECT 1 FROM amendments a WHERE a.f_document_id = ?1 AND json_extract(a.doc, '$.collection') = ?2 AND \
               EXISTS (SELECT 1 FROM outbox o WHERE o.collection = 'amendments' AND o.id = a.id)";
    Ok(work.db.prepare_cached(sql)?.exists((target.to_string(), def.name))?)
}

/// The remote has a newer one. Unless a newer version of ours waits, or the row has taken theirs in meanwhile, it is sealed
/// anew and waits for the next batch.
fn behind(work: &mut Work<'_>, one: &Waiting) -> Result<()> {
    let def = definition(&one.collection)?;
    if outbox::waits(work.db, def.name, one.id)? {
        return Ok(());
    }
    let Some(doc) = rows::load(work.db, def, one.id)? else { return Ok(()) };
    let is_clean = doc.rev > 0 && doc.rev != one.base && work.kept_agreed(def, one.id)?.is_none();
    match is_clean {
        true => Ok(()),
        false => work.send_mergeable(def, &doc),
    }
}

/// The remote's life changed: everything clean above `rev` is sent again, and everything is pulled again. So is what the
/// remote was never seen to have (an own journal entry whose echo did not come, what came with an invitation).
pub(crate) fn restart(work: &mut Work<'_>, rev: i64) -> Result<()> {
    work.db.execute("UPDATE cursors SET cursor = 0", [])?;
    work.db.execute("DELETE FROM others", [])?;
    quarantine::forget_revisions(work.db, rev)?;
    for def in model::ALL.iter().filter(|def| def.sync != Scope::Local) {
        for id in ids_above(work, &crate::schema::table(def), rev)? {
            send_again(work, def, id)?;
        }
    }
    for collection in model::KEY_COLLECTIONS {
        for id in object_ids_above(work, collection, rev)? {
            send_object_again(work, collection, id)?;
        }
    }
    // The remote's files may have gone with its documents; one that is still there is not sent twice.
    work.db.execute("UPDATE blobs SET state = 'kept' WHERE state = 'sent'", [])?;
    Ok(())
}

fn ids_above(work: &Work<'_>, table: &str, rev: i64) -> Result<Vec<Uuid>> {
    let sql = format!("SELECT id FROM {table} WHERE rev > ?1 OR rev = 0 ORDER BY rev");
    let mut statement = work.db.prepare(&sql)?;
    let ids = statement.query_map([rev], |row| store::uuid(row, 0))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}

fn object_ids_above(work: &Work<'_>, collection: &str, rev: i64) -> Result<Vec<Uuid>> {
    let sql = "SELECT id FROM objects WHERE collection = ?1 AND (rev > ?2 OR rev = 0) ORDER BY rev";
    let mut statement = work.db.prepare(sql)?;
    let ids = statement.query_map((collection, rev), |row| store::uuid(row, 0))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}

/// An object of keys and trust is on its way to the remote again.
pub(crate) fn send_object_again(work: &mut Work<'_>, collection: &str, id: Uuid) -> Result<()> {
    let Some(parcel) = objects::object_parcel(work.db, collection, id)? else { return Ok(()) };
    objects::forget_rev(work.db, collection, id)?;
    if work.core.trust.is_shut_out(id) {
        return Ok(());
    }
    if outbox::waits(work.db, collection, id)? || outbox::in_flight(work.db, collection, id)? {
        return Ok(());
    }
    work.send_object(&KeyObject::new(collection, id, parcel.scope, parcel.body)?)
}

/// A document that this person may not write is left to those who may: every device is a backup. What both sides had agreed
/// on is kept: what the remote goes back to is no news.
pub(crate) fn send_again(work: &mut Work<'_>, def: &'static CollectionDef, id: Uuid) -> Result<()> {
    let Some(doc) = rows::load(work.db, def, id)? else { return Ok(()) };
    work.keep_agreed(def, &doc)?;
    rows::forget_rev(work.db, def, id)?;
    if outbox::waits(work.db, def.name, id)? || outbox::in_flight(work.db, def.name, id)? {
        return Ok(());
    }
    if def.class == Class::Statement {
        // A statement carries its author's signature: anyone who has it may bring it back.
        let Some((_, signed)) = signed_statement(work.db, def.name, id)? else { return Ok(()) };
        return match work.send_statement(def, &doc, &signed) {
            Err(Error::NoKey) => Ok(()),
            other => other,
        };
    }
    send_if_possible(work, def, &doc)
}
