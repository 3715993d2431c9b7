//! Every value that a document ever showed or lost: what shows now, what a later write replaced, what a merge displaced.

use crate::{Result, rows::Doc, store};
use model::{CollectionDef, Map, Stamp, Version, merge::Displaced, version};
use rusqlite::{Connection, OptionalExtension};
use serde_json::Value;
use uuid::Uuid;

/// What became of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// It shows.
    Current,
    /// A later write took its place.
    Written,
    /// A merge displaced it.
    Displaced,
}

impl EntryKind {
    fn word(self) -> &'static str {
        match self {
            EntryKind::Current => "current",
            EntryKind::Written => "written",
            EntryKind::Displaced => "displaced",
        }
    }
}

/// One value of a document's history.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Stamp key: field, group, or `field/element`.
    pub key: String,
    /// The value; an object of the group's fields for a group; null for a list element that was removed.
    pub value: Value,
    /// When it was written, and on which device.
    pub stamp: Stamp,
    /// Who wrote it, where that is known.
    pub author: Option<Uuid>,
    /// On which device, where that is known.
    pub device: Option<Uuid>,
    /// When it was written, in milliseconds since 1970.
    pub at_ms: u64,
    /// What became of it.
    pub kind: EntryKind,
}

/// Keeps the values that a write is about to replace; `moved` names the stamp keys that it touched.
pub(crate) fn keep_replaced(
    connection: &Connection,
    def: &CollectionDef,
    id: Uuid,
    before: &Version,
    moved: &[String],
) -> Result<()> {
    for key in moved {
        let (Some(value), Some(stamp)) = (value_at(def, before, key), before.stamps.get(key)) else { continue };
        keep(connection, def, id, (key, &value, *stamp), EntryKind::Written)?;
    }
    Ok(())
}

/// Keeps the values that a merge displaced. One of ours that had not changed since both sides agreed was simply written
/// over.
pub(crate) fn keep_displaced(
    connection: &Connection,
    def: &CollectionDef,
    id: Uuid,
    base: &Version,
    mine: &Version,
    displaced: &[Displaced],
) -> Result<()> {
    for lost in displaced {
        let ours = mine.stamps.get(&lost.key) == Some(&lost.stamp) && base.stamps.get(&lost.key) == Some(&lost.stamp);
        let kind = if ours { EntryKind::Written } else { EntryKind::Displaced };
        keep(connection, def, id, (&lost.key, &lost.value, lost.stamp), kind)?;
    }
    Ok(())
}

/// The same value is kept once, however often two devices exchange it.
fn keep(
    connection: &Connection,
    def: &CollectionDef,
    id: Uuid,
    (key, value, stamp): (&str, &Value, Stamp),
    kind: EntryKind,
) -> Result<()> {
    if key == "updated_at" {
        return Ok(());
    }
    let (id, value) = (id.to_string(), value.to_string());
    let known = "SELECT 1 FROM history WHERE collection = ?1 AND id = ?2 AND key = ?3 AND stamp = ?4 AND value = ?5";
    let mut statement = connection.prepare_cached(known)?;
    if statement.exists((def.name, &id, key, &stamp.0[..], &value))? {
        return Ok(());
    }
    let (device, author) = writer_of(connection, stamp)?.unzip();
    let text = |id: Option<Uuid>| id.map(|id| id.to_string());
    let sql = "INSERT INTO history (collection, id, key, value, stamp, author, device, kind) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let row = (def.name, &id, key, &value, &stamp.0[..], text(author), text(device), kind.word());
    connection.prepare_cached(sql)?.execute(row)?;
    Ok(())
}

/// The value that a stamp key stands for: of a field, a group or a list element. `None` when nothing stands there.
pub(crate) fn value_at(def: &CollectionDef, from: &Version, key: &str) -> Option<Value> {
    if let Some((field, id)) = key.split_once('/')
        && def.field(field).is_some()
    {
        return version::elements(from.values.get(field)).get(id).map(|item| (*item).clone());
    }
    let group: Map = def
        .fields
        .iter()
        .filter(|field| field.group == Some(key))
        .filter_map(|field| Some((field.name.to_owned(), from.values.get(field.name)?.clone())))
        .collect();
    match group.is_empty() {
        true => from.values.get(key).filter(|value| !value.is_array() || !is_union(def, key)).cloned(),
        false => Some(Value::Object(group)),
    }
}

fn is_union(def: &CollectionDef, field: &str) -> bool {
    def.field(field).is_some_and(|field| field.merge == model::Merge::Union)
}

/// The device and user whose tag stands in a stamp.
pub(crate) fn writer_of(connection: &Connection, stamp: Stamp) -> Result<Option<(Uuid, Uuid)>> {
    let mut statement = connection.prepare_cached("SELECT device, user FROM devices WHERE tag = ?1")?;
    let found = statement.query_row([&stamp.0[8..]], |row| Ok((store::uuid(row, 0)?, store::uuid(row, 1)?)));
    Ok(found.optional()?)
}

/// All values of a document, newest first.
pub(crate) fn of(connection: &Connection, def: &CollectionDef, doc: &Doc) -> Result<Vec<Entry>> {
    let mut entries = current(connection, def, doc)?;
    let sql = "SELECT key, value, stamp, author, device, kind FROM history WHERE collection = ?1 AND id = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let stored = statement.query_map((def.name, doc.id.to_string()), |row| {
        let stamp = store::stamp(row, 2)?;
        let (value, kind): (String, String) = (row.get(1)?, row.get(5)?);
        Ok(Entry {
            key: row.get(0)?,
            // Written by this room alone; whatever else stands there is shown as it is.
            value: serde_json::from_str(&value).unwrap_or(Value::String(value)),
            stamp,
            author: store::optional_uuid(row, 3)?,
            device: store::optional_uuid(row, 4)?,
            at_ms: stamp.ms(),
            kind: if kind == EntryKind::Displaced.word() { EntryKind::Displaced } else { EntryKind::Written },
        })
    })?;
    for entry in stored {
        entries.push(entry?);
    }
    entries.sort_by(|a, b| b.stamp.cmp(&a.stamp).then_with(|| a.key.cmp(&b.key)));
    Ok(entries)
}

fn current(connection: &Connection, def: &CollectionDef, doc: &Doc) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for (key, stamp) in &doc.version.stamps {
        let value = value_at(def, &doc.version, key);
        if value.is_none() && !key.contains('/') {
            continue;
        }
        let (device, author) = writer_of(connection, *stamp)?.unzip();
        let (key, value) = (key.clone(), value.unwrap_or(Value::Null));
        entries.push(Entry { key, value, stamp: *stamp, author, device, at_ms: stamp.ms(), kind: EntryKind::Current });
    }
    Ok(entries)
}
