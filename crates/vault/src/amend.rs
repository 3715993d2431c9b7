//! Amendments: signed statements about earlier statements, folded into the row that people see.
//!
//! What changes is written by stamp key, as the merge sees it: a field, all fields of a group, or one element of a list
//! as `field/id` (null where it was removed). So the fold is the merge, and the order in which amendments come is of no
//! account.

use crate::{Error, Result, Writer, history, rows, rows::Doc, shapes, work::Work, write::now};
use model::{AmendKind, Amendment, Class, Collection, CollectionDef, Map, Merge, Stamp, Version, merge, merge::Merged};
use serde_json::Value;
use uuid::Uuid;

/// Writes an amendment as this person.
pub(crate) fn write(writer: &mut Writer<'_, '_>, def: &'static CollectionDef, id: Uuid, changes: &Map) -> Result<()> {
    let mut doc = rows::load(writer.work.db, def, id)?.ok_or_else(|| Error::NoDocument(def.name.into()))?;
    if def.class != Class::Statement || def.name == Amendment::DEF.name {
        return Err(Error::Shape { collection: def.name.into(), problem: "only statements are amended".into() });
    }
    require_open(def, &doc.version, changes)?;
    let Some(delta) = delta(def, &doc.version, changes, writer.work.now_ms) else { return Ok(()) };
    let amendment = Map::from_iter([
        ("collection".to_owned(), Value::from(def.name)),
        ("document_id".to_owned(), Value::from(id.to_string())),
        ("kind".to_owned(), Value::from(kind_of(changes).word())),
        ("changes".to_owned(), Value::Object(delta.clone())),
    ]);
    let amendment_id = writer.new_id()?;
    let stamp = writer.append_values(Amendment::DEF, amendment_id, doc.scope, amendment, Some(&doc))?;
    writer.work.keep_agreed(def, &doc)?;
    let theirs = version_of(def, &delta, stamp);
    let before = doc.version.clone();
    let merged = merge(def, &before, &before, &theirs);
    show(writer.work, def, &mut doc, &before, &merged)
}

fn kind_of(changes: &Map) -> AmendKind {
    match changes.get("is_deleted") {
        Some(Value::Bool(true)) => AmendKind::Withdraw,
        _ => AmendKind::Amend,
    }
}

fn require_open(def: &CollectionDef, before: &Version, changes: &Map) -> Result<()> {
    let is_fixed = |name: &str| def.field(name).is_none_or(|field| field.merge == Merge::Keep);
    let fixed = changes.iter().find(|(name, value)| is_fixed(name) && before.values.get(*name) != Some(*value));
    match fixed {
        Some((field, _)) => Err(Error::Fixed { collection: def.name.into(), field: field.clone() }),
        None => Ok(()),
    }
}

/// What differs, by stamp key; `None` when nothing does.
fn delta(def: &CollectionDef, before: &Version, changes: &Map, now_ms: u64) -> Option<Map> {
    let mut after = before.clone();
    let moved = after.apply(def, changes, Stamp::ZERO);
    if moved.is_empty() {
        return None;
    }
    let mut delta = Map::new();
    for key in moved {
        match history::value_at(def, &after, &key) {
            Some(Value::Object(group)) if def.fields.iter().any(|field| field.group == Some(key.as_str())) => {
                delta.extend(group)
            }
            value => {
                delta.insert(key, value.unwrap_or(Value::Null));
            }
        }
    }
    delta.insert("updated_at".into(), now(now_ms));
    Some(delta)
}

/// An amendment's changes as a version that the merge can join. Fields that keep their value are left out: a forged
/// stamp could otherwise make them the first.
pub(crate) fn version_of(def: &CollectionDef, changes: &Map, stamp: Stamp) -> Version {
    let mut version = Version::default();
    for (key, value) in changes {
        let (name, element) = key.split_once('/').map_or((key.as_str(), false), |(name, _)| (name, true));
        let field = def.field(name);
        if field.is_some_and(|field| field.merge == Merge::Keep) {
            continue;
        }
        if element && field.is_some_and(|field| field.merge == Merge::Union) {
            version.stamps.insert(key.clone(), stamp);
            add_element(&mut version.values, name, value);
            continue;
        }
        let stamp_key = field.map_or(key.as_str(), |field| field.stamp_key());
        version.stamps.insert(stamp_key.to_owned(), stamp);
        version.values.insert(key.clone(), value.clone());
    }
    version
}

fn add_element(values: &mut Map, field: &str, element: &Value) {
    let list = values.entry(field.to_owned()).or_insert_with(|| Value::Array(Vec::new()));
    if let (Value::Array(items), false) = (list, element.is_null()) {
        items.push(element.clone());
    }
}

/// Stores the row with an amendment folded in.
pub(crate) fn show(
    work: &mut Work<'_>,
    def: &'static CollectionDef,
    doc: &mut Doc,
    base: &Version,
    merged: &Merged,
) -> Result<()> {
    shapes::check(def.name, &merged.version.values)
        .map_err(|problem| Error::Shape { collection: def.name.into(), problem })?;
    history::keep_displaced(work.db, def, doc.id, base, &doc.version, &merged.displaced)?;
    doc.version = merged.version.clone();
    work.save(def, doc)
}
