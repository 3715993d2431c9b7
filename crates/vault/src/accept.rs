//! A page of the remote, taken in: sizes first, then keys and journals, then documents, each opened, checked and merged,
//! in one transaction with the cursor. What fails is set aside; the page goes on.

use crate::{
    Error, Result, bookings,
    core::Core,
    documents::{document, note_other},
    journal::Came,
    objects::{self, reason_of, set_rev},
    outbox, quarantine, rows, send,
    trust::{
        self, KeyObject, Learned,
        object::{CERTS, GRANTS, JOURNAL, SCOPE_KEYS, SLOTS},
    },
    work::Work,
};
use model::{
    Class, Parcel,
    parcel::{Accepted, BODY_MAX, Page, Subscription},
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Why a parcel was not taken in.
pub(crate) enum Refusal {
    /// Set it aside under this code.
    Aside(&'static str),
    /// Keep it until what it needs comes.
    Wait(&'static str),
    /// The vault itself failed: the page is given up as a whole.
    Failed(Error),
}

impl<E: Into<Error>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Refusal::Failed(error.into())
    }
}

pub(crate) type Judged<T> = std::result::Result<T, Refusal>;

/// What a page brought so far.
#[derive(Default)]
pub(crate) struct Haul {
    pub(crate) accepted: Accepted,
    /// Devices whose journal went on.
    pub(crate) devices: BTreeSet<Uuid>,
    /// Scopes of which a key was opened.
    pub(crate) scopes: BTreeSet<Uuid>,
    /// Scopes in which a statement came, so that amendments may be waiting for it.
    pub(crate) statements: BTreeSet<Uuid>,
    /// Grants that came.
    pub(crate) grants: Vec<KeyObject>,
    /// Did a certificate, removal or scope key come?
    pub(crate) trust: bool,
    /// How often trust had changed when what a removal set aside was last looked at again.
    upheavals: u64,
}

impl Haul {
    fn new(work: &Work<'_>) -> Self {
        Haul { upheavals: work.core.trust.upheavals(), ..Haul::default() }
    }
}

/// Why a removed device's entry, or what its person signed, was set aside.
pub(crate) const AFTER_REMOVAL: &str = "after-removal";

/// Takes a page in.
pub(crate) fn page(work: &mut Work<'_>, page: &Page) -> Result<Accepted> {
    let mut haul = Haul::new(work);
    let (keys, documents): (Vec<_>, Vec<_>) = page.parcels.iter().partition(|parcel| parcel.class == Class::Key);
    for parcel in keys {
        take_key(work, parcel, &mut haul)?;
    }
    open_keys(work, &mut haul)?;
    for parcel in documents {
        take(work, parcel, &mut haul)?;
    }
    retry_waiting(work, &mut haul)?;
    bookings::judge(work)?;
    quarantine::make_room(work.db)?;
    move_cursor(work, &page.subscription, page.upto)?;
    if !page.more {
        work.check_tails()?;
    }
    haul.accepted.changed = changed(work);
    Ok(haul.accepted)
}

/// Tries what was set aside once more, e.g. after an update of the program.
pub(crate) fn retry_quarantine(work: &mut Work<'_>) -> Result<Accepted> {
    let mut haul = Haul::new(work);
    for parcel in quarantine::take_foreign(work.db)? {
        match parcel.class {
            Class::Key => take_key(work, &parcel, &mut haul)?,
            Class::Statement | Class::Mergeable => take(work, &parcel, &mut haul)?,
        }
        bring_back(work, &parcel)?;
    }
    open_keys(work, &mut haul)?;
    retry_waiting(work, &mut haul)?;
    bookings::judge(work)?;
    haul.accepted.changed = changed(work);
    Ok(haul.accepted)
}

/// Takes in what removed devices wrote and somebody here has just let in.
pub(crate) fn after_readmission(work: &mut Work<'_>) -> Result<Accepted> {
    let mut haul = Haul::default();
    retry_waiting(work, &mut haul)?;
    bookings::judge(work)?;
    haul.accepted.changed = changed(work);
    Ok(haul.accepted)
}

fn changed(work: &Work<'_>) -> Vec<(String, Uuid)> {
    let each = work.changed.iter().flat_map(|(name, ids)| ids.iter().map(|id| ((*name).to_owned(), *id)));
    each.collect()
}

fn move_cursor(work: &Work<'_>, subscription: &Subscription, upto: i64) -> Result<()> {
    let scope = subscription.scope.map(|scope| scope.to_string()).unwrap_or_default();
    let sql = "INSERT INTO cursors (scope, cursor) VALUES (?1, ?2) \
               ON CONFLICT (scope) DO UPDATE SET cursor = max(cursor, excluded.cursor)";
    work.db.prepare_cached(sql)?.execute((scope, upto))?;
    Ok(())
}

/// What waits for something that has come is looked at again, until nothing more comes of it.
fn retry_waiting(work: &mut Work<'_>, haul: &mut Haul) -> Result<()> {
    loop {
        let mut again = Vec::new();
        for device in std::mem::take(&mut haul.devices) {
            again.extend(quarantine::take_waiting(work.db, "gap", "by", device)?);
            again.extend(quarantine::take_waiting(work.db, "journal", "by", device)?);
            again.extend(quarantine::take_other_digests(work.db, device)?);
        }
        for scope in std::mem::take(&mut haul.scopes) {
            again.extend(quarantine::take_waiting(work.db, "key", "scope", scope)?);
        }
        for scope in std::mem::take(&mut haul.statements) {
            again.extend(quarantine::take_waiting(work.db, "original", "scope", scope)?);
        }
        if std::mem::take(&mut haul.trust) {
            again.extend(take_waiting_for_trust(work)?);
        }
        let upheavals = work.core.trust.upheavals();
        if std::mem::replace(&mut haul.upheavals, upheavals) != upheavals {
            for device in work.core.trust.readmitted_devices() {
                again.extend(quarantine::take_late(work.db, device)?);
            }
        }
        if again.is_empty() {
            return Ok(());
        }
        for parcel in &again {
            match parcel.class {
                Class::Key => take_key(work, parcel, haul)?,
                Class::Statement | Class::Mergeable => take(work, parcel, haul)?,
            }
            bring_back(work, parcel)?;
        }
        open_keys(work, haul)?;
    }
}

/// Does the remote have it in its present life?
pub(crate) fn is_there(parcel: &Parcel) -> bool {
    parcel.rev > 0
}

/// What came in an earlier life of the remote and could be taken in only now: the remote may lack it, and its sender may be
/// gone.
fn bring_back(work: &mut Work<'_>, parcel: &Parcel) -> Result<()> {
    if is_there(parcel) {
        return Ok(());
    }
    let Some(def) = model::definition(&parcel.collection) else {
        let is_lost = objects::object_parcel(work.db, &parcel.collection, parcel.id)?.is_some_and(|held| held.rev == 0);
        return if is_lost { send::send_object_again(work, &parcel.collection, parcel.id) } else { Ok(()) };
    };
    let is_lost = rows::rev(work.db, def, parcel.id)? == Some(0);
    if is_lost { send::send_again(work, def, parcel.id) } else { Ok(()) }
}

/// Entries of devices, and statements of people, whose certificate had not come.
fn take_waiting_for_trust(work: &Work<'_>) -> Result<Vec<Parcel>> {
    let condition = "reason IN ('device', 'author')";
    let sql = format!("SELECT {} FROM waiting WHERE {condition} ORDER BY rev", quarantine::PARCEL);
    let found = quarantine::parcels(work.db, &sql, [])?;
    work.db.prepare_cached(&format!("DELETE FROM waiting WHERE {condition}"))?.execute([])?;
    Ok(found)
}

fn take_key(work: &mut Work<'_>, parcel: &Parcel, haul: &mut Haul) -> Result<()> {
    let outcome = match key_object(parcel) {
        Ok(object) => learn(work, parcel, &object, haul),
        Err(refusal) => Err(refusal),
    };
    settle(work, parcel, outcome, haul)
}

fn key_object(parcel: &Parcel) -> Judged<KeyObject> {
    if parcel.body.len() > BODY_MAX {
        return Err(Refusal::Aside("size"));
    }
    KeyObject::new(&parcel.collection, parcel.id, parcel.scope, parcel.body.clone())
        .map_err(|_| Refusal::Aside("collection"))
}

fn learn(work: &mut Work<'_>, parcel: &Parcel, object: &KeyObject, haul: &mut Haul) -> Judged<()> {
    if parcel.scope != work.core.trust.realm() && parcel.scope != work.core.keyring.user() {
        return Ok(note_other(work, parcel)?);
    }
    if object.collection == JOURNAL {
        match work.take_entry(parcel, object)? {
            Came::News(device) => _ = haul.devices.insert(device),
            Came::Waits => haul.accepted.waiting += 1,
            Came::Refused => haul.accepted.quarantined += 1,
            Came::Known => {}
        }
        return Ok(());
    }
    let mut added = Vec::new();
    match object.collection {
        CERTS | SCOPE_KEYS => match work.learn_object(object).map_err(|error| Refusal::Aside(reason_of(error)))? {
            Learned::Known => {}
            Learned::Waiting(_) => haul.trust = true,
            Learned::Added(ids) => (haul.trust, added) = (true, ids),
        },
        GRANTS if is_over(work, object) => return Ok(note_other(work, parcel)?),
        GRANTS => haul.grants.push(object.clone()),
        SLOTS => _ = trust::slots::read(object).map_err(|error| Refusal::Aside(reason_of(error)))?,
        _ => return Err(Refusal::Aside("collection")),
    }
    work.keep_object(object, parcel.by, parcel.rev, false)?;
    set_rev(work.db, object.collection, object.id, parcel.rev)?;
    if is_there(parcel) {
        // Another device may have sent it first: ours need not go any more.
        outbox::drop_waiting(work.db, object.collection, object.id)?;
    }
    work.note_devices(std::slice::from_ref(object))?;
    added.into_iter().try_for_each(|id| Ok(work.tell_of_device(id)?))
}

/// A wrapped key of a chart that is over.
fn is_over(work: &Work<'_>, grant: &KeyObject) -> bool {
    trust::grants::scope_of(grant).is_some_and(|scope| work.core.trust.is_ended(scope))
}

/// Opens what the new keys open, once all of them are here.
fn open_keys(work: &mut Work<'_>, haul: &mut Haul) -> Result<()> {
    if !haul.trust && haul.grants.is_empty() {
        return Ok(());
    }
    let grants = std::mem::take(&mut haul.grants);
    haul.scopes.extend(work.open_grants(&grants)?);
    haul.accepted.quarantined += work.refuse_late()?;
    Ok(())
}

fn take(work: &mut Work<'_>, parcel: &Parcel, haul: &mut Haul) -> Result<()> {
    let outcome = document(work, parcel, haul);
    settle(work, parcel, outcome, haul)
}

fn settle(work: &Work<'_>, parcel: &Parcel, outcome: Judged<()>, haul: &mut Haul) -> Result<()> {
    match outcome {
        Ok(()) => Ok(()),
        Err(Refusal::Failed(error)) => Err(error),
        Err(Refusal::Aside(reason)) => {
            haul.accepted.quarantined += 1;
            quarantine::keep(work.db, parcel, reason, false, work.now_ms)
        }
        Err(Refusal::Wait(reason)) => {
            haul.accepted.waiting += 1;
            quarantine::wait(work.db, parcel, reason)
        }
    }
}

/// How far each subscription has come. Staff pull the whole realm; others what they have a key for, and the realm's own scope
/// before all: journals and keys are in it, without which nothing else opens.
pub(crate) fn subscriptions(
    db: &rusqlite::Connection,
    whole_realm: bool,
    realm: Uuid,
    scopes: impl Iterator<Item = Uuid>,
) -> Result<Vec<Subscription>> {
    let others: BTreeSet<Uuid> = scopes.filter(|scope| *scope != realm).collect();
    let wanted: Vec<Option<Uuid>> = match whole_realm {
        true => vec![None],
        false => std::iter::once(realm).chain(others).map(Some).collect(),
    };
    wanted.into_iter().map(|scope| Ok(Subscription { scope, cursor: cursor(db, scope)? })).collect()
}

/// Single scopes with their cursors: what the whole realm's cursor has passed need not come again.
pub(crate) fn ahead(db: &rusqlite::Connection, core: &Core, scopes: &[Uuid]) -> Result<Vec<Subscription>> {
    let passed = cursor(db, None)?;
    let always = [core.trust.realm(), core.keyring.user()];
    let opens = |scope: &&Uuid| always.contains(*scope) || core.keyring.newest(**scope).is_some();
    let one = |scope: &Uuid| Ok(Subscription { scope: Some(*scope), cursor: cursor(db, Some(*scope))?.max(passed) });
    scopes.iter().filter(opens).map(one).collect()
}

fn cursor(db: &rusqlite::Connection, scope: Option<Uuid>) -> Result<i64> {
    use rusqlite::OptionalExtension;
    let scope = scope.map(|scope| scope.to_string()).unwrap_or_default();
    let mut statement = db.prepare_cached("SELECT cursor FROM cursors WHERE scope = ?1")?;
    Ok(statement.query_row([scope], |row| row.get(0)).optional()?.unwrap_or(0))
}
