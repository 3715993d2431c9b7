//! One document of a page: held against the journal, opened, checked, and merged with what is here.

mod statements;

use crate::{
    Error, Result,
    accept::{Haul, Judged, Refusal, is_there},
    behind, conflicts, history, identity,
    journal::{Cover, cover_of, forget_older},
    outbox, quarantine,
    rows::{self, Doc},
    shapes,
    trust::{self, Act, BodyPlace, Position, decode_version, may_write},
    work::{Work, person_of, shared},
};
use crypto::Zeroizing;
use model::{
    Class, CollectionDef, Map, Parcel, Scope, Stamp, Version, merge,
    parcel::{BODY_MAX, SCHEMA},
};
use uuid::Uuid;

/// A stamp further ahead of the remote's time is no wrong clock but an attempt to have the last word for ever: nothing could
/// be stamped after the last stamp that there is. Milliseconds.
const FUTURE_MS: u64 = 366 * 86_400_000;

/// A document that passed everything that can be asked before it is opened.
struct Arrived<'a> {
    parcel: &'a Parcel,
    def: &'static CollectionDef,
    kid: [u8; 4],
    covered_by: Vec<Position>,
    plain: Zeroizing<Vec<u8>>,
}

pub(crate) fn document(work: &mut Work<'_>, parcel: &Parcel, haul: &mut Haul) -> Judged<()> {
    let def = check_form(work, parcel)?;
    if is_another_persons(work, def, parcel) {
        return Ok(note_other(work, parcel)?);
    }
    let here = rows::load(work.db, def, parcel.id)?;
    if is_closed(work, parcel) && !may_still_merge(work, parcel, here.as_ref()) {
        // A change that waits here was made apart from what nobody but the custodian can read: it has nothing to be merged with.
        outbox::drop_waiting(work.db, def.name, parcel.id)?;
        return Ok(note_other(work, parcel)?);
    }
    if here.as_ref().is_some_and(|doc| doc.rev >= parcel.rev) && is_there(parcel) {
        return Ok(());
    }
    if here.as_ref().is_some_and(|doc| doc.scope != parcel.scope) {
        return Err(Refusal::Aside("scope"));
    }
    let arrived = open(work, parcel, def)?;
    match def.class {
        Class::Statement => statements::take(work, &arrived, here, haul),
        Class::Mergeable | Class::Key => take_mergeable(work, &arrived, here, haul),
    }
}

/// Staff pull the whole realm, and in it what is for one other person alone and will never open here.
fn is_another_persons(work: &Work<'_>, def: &CollectionDef, parcel: &Parcel) -> bool {
    let is_a_persons = def.key == Scope::User || work.core.trust.user(parcel.scope).is_some();
    is_a_persons && parcel.scope != work.core.keyring.user()
}

/// Is it of a chart that is kept by somebody else alone, or is over?
fn is_closed(work: &Work<'_>, parcel: &Parcel) -> bool {
    work.core.trust.is_closed_to(parcel.scope, work.core.keyring.user())
}

/// Until the chart is dropped here, what was written before goes out: it is built on what this device can read of it.
fn may_still_merge(work: &Work<'_>, parcel: &Parcel, here: Option<&Doc>) -> bool {
    let kid = crypto::value::kid_of(&parcel.body);
    here.is_some() && kid.is_ok_and(|kid| work.core.keyring.by_kid(parcel.scope, kid).is_some())
}

/// Keeps only that it is there, so that the comparison with the remote comes out.
pub(crate) fn note_other(work: &Work<'_>, parcel: &Parcel) -> Result<()> {
    note_there(work, &parcel.collection, parcel.id, parcel.rev)
}

/// The same by name; nothing for a revision of 0, which was never there.
pub(crate) fn note_there(work: &Work<'_>, collection: &str, id: Uuid, rev: i64) -> Result<()> {
    if rev <= 0 {
        return Ok(());
    }
    let sql = "INSERT INTO others (collection, id, rev) VALUES (?1, ?2, ?3) \
               ON CONFLICT (collection, id) DO UPDATE SET rev = max(rev, excluded.rev)";
    work.db.prepare_cached(sql)?.execute((collection, id.to_string(), rev))?;
    Ok(())
}

/// What can be said of a parcel by its outside.
fn check_form(work: &Work<'_>, parcel: &Parcel) -> Judged<&'static CollectionDef> {
    if parcel.body.len() > BODY_MAX {
        return Err(Refusal::Aside("size"));
    }
    if parcel.stamp.ms() > work.now_ms.saturating_add(FUTURE_MS) {
        return Err(Refusal::Aside("future"));
    }
    if parcel.schema > SCHEMA {
        return Err(Refusal::Aside(quarantine::NEWER));
    }
    let def = model::definition(&parcel.collection).ok_or(Refusal::Aside("collection"))?;
    if def.sync == Scope::Local {
        return Err(Refusal::Aside("collection"));
    }
    if def.class != parcel.class {
        return Err(Refusal::Aside("class"));
    }
    let is_home = match (def.key, def.name) {
        (Scope::Realm, _) => parcel.scope == work.core.trust.realm(),
        (_, "patients") => parcel.scope == parcel.id,
        // These follow the document that they are about.
        (_, "conflicts" | "amendments") => true,
        _ => parcel.scope != work.core.trust.realm(),
    };
    match is_home {
        true => Ok(def),
        false => Err(Refusal::Aside("scope")),
    }
}

fn open<'a>(work: &Work<'_>, parcel: &'a Parcel, def: &'static CollectionDef) -> Judged<Arrived<'a>> {
    let kid = crypto::value::kid_of(&parcel.body).map_err(|_| Refusal::Aside("form"))?;
    let covered_by = match cover_of(work.db, parcel, &digest_of(parcel))? {
        Cover::By(positions) => positions,
        // It may have been sealed anew, and the entry that says so be among those that wait.
        Cover::Other if quarantine::entries_wait(work.db, parcel.by)? => return Err(Refusal::Wait("journal")),
        Cover::Other => return Err(Refusal::Aside("digest")),
        Cover::None => return Err(Refusal::Wait("journal")),
    };
    let place = BodyPlace { collection: def.name, id: parcel.id, scope: parcel.scope, stamp: parcel.stamp };
    let plain = work.core.keyring.open_body(&place, &parcel.body).map_err(|error| match error {
        trust::Error::Unknown(_) => Refusal::Wait("key"),
        _ => Refusal::Aside("seal"),
    })?;
    behind::look_back(work, parcel)?;
    Ok(Arrived { parcel, def, kid, covered_by, plain })
}

/// The digest of a sealed document, as journals have it.
pub(crate) fn digest_of(parcel: &Parcel) -> [u8; 32] {
    let sealed = [("body", parcel.body.as_slice())];
    crypto::hash_chain::document_digest(&parcel.collection, parcel.id.as_bytes(), &parcel.stamp.0, &sealed)
}

/// The only document of its kind has the id that says so. Without the realm's key that cannot be told, as with tokens.
fn check_identity(work: &Work<'_>, arrived: &Arrived<'_>, values: &Map) -> Judged<()> {
    match identity::require(work.core, arrived.def, arrived.parcel.id, values) {
        Ok(()) | Err(Error::NoKey) => Ok(()),
        Err(Error::Shape { .. }) => Err(Refusal::Aside("identity")),
        Err(other) => Err(Refusal::Failed(other)),
    }
}

fn take_mergeable(work: &mut Work<'_>, arrived: &Arrived<'_>, here: Option<Doc>, haul: &mut Haul) -> Judged<()> {
    let (parcel, def) = (arrived.parcel, arrived.def);
    let theirs = decode_version(&arrived.plain).map_err(|_| Refusal::Aside("form"))?;
    let theirs = shared(def, &theirs);
    if theirs.newest() != parcel.stamp {
        return Err(Refusal::Aside("stamp"));
    }
    shapes::check(def.name, &theirs.values).map_err(|_| Refusal::Aside("shape"))?;
    check_identity(work, arrived, &theirs.values)?;
    check_tokens(work, def, parcel, &theirs.values)?;
    let author = check_writer(work, arrived, &theirs.values)?;
    let Some(mut doc) = here else {
        let mut doc = Doc::new(parcel.id, parcel.scope);
        doc.version = theirs;
        return Ok(adopt(work, arrived, &mut doc, author)?);
    };
    // What this device sent itself it had seen, whatever was agreed on when.
    let own = parcel.by == work.core.keyring.device();
    let base = if own { theirs.clone() } else { work.agreed(def, &doc)? };
    let merged = merge(def, &base, &doc.version, &theirs);
    if shapes::check(def.name, &merged.version.values).is_err() {
        return Err(Refusal::Aside("shape"));
    }
    history::keep_displaced(work.db, def, doc.id, &base, &doc.version, &merged.displaced)?;
    if !is_there(parcel) {
        work.keep_agreed(def, &doc)?;
    }
    doc.version = merged.version.clone();
    if !is_there(parcel) {
        work.save(def, &mut doc)?;
        send_if_possible(work, def, &doc)?;
    } else if shared(def, &doc.version) == theirs {
        adopt(work, arrived, &mut doc, author)?;
    } else {
        // An older version, as a restored remote has it, takes nothing back of what was agreed on since.
        let agreed = merge(def, &base, &base, &theirs).version;
        keep_apart(work, arrived, &mut doc, &agreed, author)?;
    }
    haul.accepted.conflicts += conflicts::file(work, def, &doc, &base, &merged)?;
    Ok(())
}

/// The row becomes what the remote has: both sides agree.
fn adopt(work: &mut Work<'_>, arrived: &Arrived<'_>, doc: &mut Doc, author: Uuid) -> Result<()> {
    sign_off(arrived, doc, author);
    outbox::drop_waiting(work.db, arrived.def.name, doc.id)?;
    work.drop_agreed(arrived.def.name, doc.id)?;
    work.save(arrived.def, doc)?;
    forget_older(work.db, arrived.def.name, doc.id, arrived.parcel.stamp)
}

/// The row holds more than the remote has: it is sent again, built on what came.
fn keep_apart(work: &mut Work<'_>, arrived: &Arrived<'_>, doc: &mut Doc, agreed: &Version, author: Uuid) -> Result<()> {
    if doc.version.newest() == arrived.parcel.stamp {
        sign_off(arrived, doc, author);
    }
    doc.rev = arrived.parcel.rev;
    work.save(arrived.def, doc)?;
    work.set_agreed(arrived.def, doc.id, agreed)?;
    send_if_possible(work, arrived.def, doc)
}

/// Keeps and sends a document that this device made by a rule, in its person's name.
pub(crate) fn file_new(
    work: &mut Work<'_>,
    def: &'static CollectionDef,
    id: Uuid,
    scope: Uuid,
    values: Map,
    stamp: Stamp,
) -> Result<()> {
    let mut doc = Doc::new(id, scope);
    doc.version = Version { stamps: crate::wire::spread(def, &values, stamp), values };
    doc.author = Some(work.core.keyring.user());
    doc.device = Some(work.core.keyring.device());
    work.save(def, &mut doc)?;
    send_if_possible(work, def, &doc)
}

/// Sends a merged document, unless that cannot be: somebody who may not write here has nothing to add (whoever may will
/// send what is missing), and one that two versions made too large is set aside for a person. Neither stops the page.
pub(crate) fn send_if_possible(work: &mut Work<'_>, def: &'static CollectionDef, doc: &Doc) -> Result<()> {
    if let Err(Error::NotAllowed(_)) = work.may_i(def, doc.id, doc.scope, &doc.version.values, None) {
        return Ok(());
    }
    match work.send_mergeable(def, doc) {
        Err(Error::TooLarge { .. } | Error::Trust(trust::Error::TooLarge(_))) => {
            // What waits there was made without what has come: it may not go in the place of the two.
            outbox::drop_waiting(work.db, def.name, doc.id)?;
            quarantine::keep(work.db, &unsendable(work, def, doc), "too-large", true, work.now_ms)
        }
        Err(Error::NoKey) => Ok(()),
        other => other,
    }
}

fn unsendable(work: &Work<'_>, def: &CollectionDef, doc: &Doc) -> Parcel {
    Parcel {
        collection: def.name.to_owned(),
        id: doc.id,
        scope: doc.scope,
        class: def.class,
        stamp: doc.version.newest(),
        by: work.core.keyring.device(),
        schema: SCHEMA,
        body: Vec::new(),
        tokens: Default::default(),
        rev: doc.rev,
    }
}

fn sign_off(arrived: &Arrived<'_>, doc: &mut Doc, author: Uuid) {
    doc.author = Some(author);
    doc.device = Some(arrived.parcel.by);
    doc.rev = arrived.parcel.rev.max(0);
}

/// A mergeable document is vouched for by its device's journal; its person must be one who may write it.
fn check_writer(work: &Work<'_>, arrived: &Arrived<'_>, values: &Map) -> Judged<Uuid> {
    let (parcel, def) = (arrived.parcel, arrived.def);
    let author = work.core.trust.user_of_device(parcel.by).ok_or(Refusal::Wait("author"))?;
    let act = Act {
        author,
        // Also of a person who was removed since: what their journal says up to the removal stays valid.
        certificate: work.core.trust.user(author).map(|certificate| certificate.id),
        collection: def.name,
        scope: parcel.scope,
        kid: Some(arrived.kid),
        about: person_of(def, parcel.id, values),
        amends: None,
    };
    match may_write(&work.core.trust, &act) {
        Ok(()) => Ok(author),
        Err(trust::Error::Forbidden(_)) => Err(Refusal::Aside("not-allowed")),
        Err(other) => Err(Refusal::Failed(other.into())),
    }
}

/// What stands outside the seal must be what the inside gives.
fn check_tokens(work: &Work<'_>, def: &CollectionDef, parcel: &Parcel, values: &Map) -> Judged<()> {
    let ours = work.tokens(def, values)?;
    if work.core.keyring.index_key().is_none() {
        return Ok(());
    }
    match parcel.tokens.iter().all(|(name, token)| ours.get(name) == Some(token)) {
        true => Ok(()),
        false => Err(Refusal::Aside("token")),
    }
}
