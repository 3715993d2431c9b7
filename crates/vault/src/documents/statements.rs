//! Statements that came: checked, filed once, amendments folded in.

use super::{Arrived, check_identity};
use crate::{
    Error, Find, Result, Writer,
    accept::{AFTER_REMOVAL, Haul, Judged, Refusal, is_there},
    amend, clear, conflicts, outbox, read,
    rows::{self, Doc},
    shapes,
    trust::{self, Expected, Fault, statement},
    work::{Work, signed_statement},
};
use model::{Amendment, CollectionDef, Map, Merge, Stamp, Version, merge};
use serde_json::Value;
use uuid::Uuid;

pub(super) fn take(work: &mut Work<'_>, arrived: &Arrived<'_>, here: Option<Doc>, haul: &mut Haul) -> Judged<()> {
    if let Some(doc) = here {
        return echo_statement(work, arrived, &doc, haul);
    }
    let checked = check_statement(work, arrived)?;
    file_statement(work, arrived, checked, haul)
}

fn file_statement(work: &mut Work<'_>, arrived: &Arrived<'_>, checked: trust::Checked, haul: &mut Haul) -> Judged<()> {
    let (parcel, def) = (arrived.parcel, arrived.def);
    check_values(work, arrived, &checked.values)?;
    if let Some((collection, id)) = &checked.amends {
        fold(work, arrived, collection, *id, &checked.values, haul)?;
    }
    work.keep_statement(def.name, parcel.id, parcel.stamp, &arrived.plain)?;
    let mut doc = Doc::new(parcel.id, parcel.scope);
    doc.version = Version { stamps: crate::wire::spread(def, &checked.values, parcel.stamp), values: checked.values };
    doc.author = Some(checked.author);
    doc.device = Some(parcel.by);
    doc.rev = parcel.rev.max(0);
    work.save(def, &mut doc)?;
    haul.statements.insert(parcel.scope);
    Ok(())
}

fn check_values(work: &Work<'_>, arrived: &Arrived<'_>, values: &Map) -> Judged<()> {
    shapes::check(arrived.def.name, values).map_err(|_| Refusal::Aside("shape"))?;
    check_identity(work, arrived, values)
}

/// A statement that is here already must be the same, byte for byte, however it was sealed.
fn echo_statement(work: &mut Work<'_>, arrived: &Arrived<'_>, doc: &Doc, haul: &mut Haul) -> Judged<()> {
    let (parcel, def) = (arrived.parcel, arrived.def);
    let held = signed_statement(work.db, def.name, doc.id)?;
    if held.is_none_or(|(stamp, signed)| stamp != parcel.stamp || signed != **arrived.plain) {
        return give_way(work, arrived, doc, haul);
    }
    if is_there(parcel) {
        rows::set_rev(work.db, def, doc.id, parcel.rev)?;
        outbox::drop_waiting(work.db, def.name, doc.id)?;
    }
    Ok(())
}

/// Two devices of one person made the only document of its kind apart. What the remote has stands; what was said here, and never came
/// there, becomes an amendment of it.
fn give_way(work: &mut Work<'_>, arrived: &Arrived<'_>, mine: &Doc, haul: &mut Haul) -> Judged<()> {
    let (def, me) = (arrived.def, Some(work.core.keyring.user()));
    if def.identity.is_empty() || mine.rev != 0 || mine.author != me {
        return Err(Refusal::Aside("changed-statement"));
    }
    // Ours stays where it is unless theirs can stand in its place, and ours can follow.
    let checked = check_statement(work, arrived)?;
    check_values(work, arrived, &checked.values)?;
    let may_i = work.may_i(def, mine.id, mine.scope, &mine.version.values, None);
    if Some(checked.author) != me || may_i.is_err() {
        return Err(Refusal::Aside("changed-statement"));
    }
    outbox::drop_waiting(work.db, def.name, mine.id)?;
    clear::drop_row(work, def, mine)?;
    file_statement(work, arrived, checked, haul)?;
    fold_again(work, def, mine.id, haul)?;
    let may_change = |name: &str| def.fields.iter().any(|field| field.name == name && field.merge != Merge::Keep);
    let said = mine.version.values.iter().filter(|(name, _)| may_change(name));
    let said: Map = said.map(|(name, value)| (name.clone(), value.clone())).collect();
    let mut writer = Writer { work, files: Vec::new() };
    Ok(amend::write(&mut writer, def, mine.id, &said)?)
}

/// What was amended here stays said: other devices fold the same amendments into the same statement.
fn fold_again(work: &mut Work<'_>, def: &'static CollectionDef, id: Uuid, haul: &mut Haul) -> Judged<()> {
    let find = Find {
        equal: vec![("collection", def.name.into()), ("document_id", id.to_string().into())],
        ..Find::default()
    };
    for amendment in read::list::<Amendment>(work.db, &find)? {
        let mut doc = rows::load(work.db, def, id)?.ok_or_else(|| Error::NoDocument(def.name.into()))?;
        let Value::Object(changes) = &amendment.value.changes else { continue };
        haul.accepted.conflicts += fold_in(work, def, &mut doc, changes, amendment.stamp)?;
    }
    Ok(())
}

fn check_statement(work: &Work<'_>, arrived: &Arrived<'_>) -> Judged<trust::Checked> {
    let parcel = arrived.parcel;
    let author_of = |collection: &str, id: Uuid| {
        let def = model::definition(collection)?;
        rows::load(work.db, def, id).ok().flatten().and_then(|doc| doc.author)
    };
    let expected = Expected {
        collection: arrived.def.name,
        id: parcel.id,
        scope: parcel.scope,
        stamp: parcel.stamp,
        kid: arrived.kid,
        covered_by: &arrived.covered_by,
        author_of: &author_of,
    };
    statement::check(&work.core.trust, &arrived.plain, &expected).map_err(|fault| match fault {
        Fault::UnknownAuthor => Refusal::Wait("author"),
        Fault::UnknownOriginal => Refusal::Wait("original"),
        Fault::Malformed(_) => Refusal::Aside("form"),
        Fault::OtherKind => Refusal::Aside("kind"),
        Fault::Signature => Refusal::Aside("signature"),
        Fault::Elsewhere => Refusal::Aside("elsewhere"),
        Fault::AfterRemoval => Refusal::Aside(AFTER_REMOVAL),
        Fault::Expired => Refusal::Aside("expired"),
        Fault::Forbidden(_) => Refusal::Aside("not-allowed"),
    })
}

/// Folds an amendment into the statement that it is about.
fn fold(
    work: &mut Work<'_>,
    arrived: &Arrived<'_>,
    collection: &str,
    id: Uuid,
    values: &Map,
    haul: &mut Haul,
) -> Judged<()> {
    let def = model::definition(collection).ok_or(Refusal::Aside("collection"))?;
    let mut doc = rows::load(work.db, def, id)?.ok_or(Refusal::Wait("original"))?;
    if doc.scope != arrived.parcel.scope {
        return Err(Refusal::Aside("scope"));
    }
    let changes = values.get("changes").and_then(Value::as_object).ok_or(Refusal::Aside("shape"))?;
    let conflicts = fold_in(work, def, &mut doc, changes, arrived.parcel.stamp).map_err(|error| match error {
        Error::Shape { .. } => Refusal::Aside("shape"),
        other => Refusal::Failed(other),
    })?;
    haul.accepted.conflicts += conflicts;
    Ok(())
}

/// Folds changes into a row; gives how many conflicts that made.
fn fold_in(
    work: &mut Work<'_>,
    def: &'static CollectionDef,
    doc: &mut Doc,
    changes: &Map,
    stamp: Stamp,
) -> Result<usize> {
    let amendment = amend::version_of(def, changes, stamp);
    let (base, apart) = (work.agreed(def, doc)?, work.kept_agreed(def, doc.id)?.is_some());
    let theirs = merge(def, &base, &base, &amendment).version;
    let merged = merge(def, &base, &doc.version, &theirs);
    amend::show(work, def, doc, &base, &merged)?;
    if apart {
        work.set_agreed(def, doc.id, &theirs)?;
    }
    conflicts::file(work, def, doc, &base, &merged)
}
