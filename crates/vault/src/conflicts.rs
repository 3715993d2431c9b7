//! Two versions that a person must look at: filed as documents, under ids that every device finds for itself.

use crate::{Result, documents::file_new, history, rows, rows::Doc, work::Work};
use crypto::encode::{lp, sha256};
use model::{
    Collection, CollectionDef, Conflict, ConflictKind, Map, Stamp, Version,
    merge::{Displaced, Merged},
};
use serde_json::Value;
use uuid::Uuid;

/// Files what a merge left for a person; gives how many conflicts are new.
pub(crate) fn file(
    work: &mut Work<'_>,
    def: &'static CollectionDef,
    doc: &Doc,
    base: &Version,
    merged: &Merged,
) -> Result<usize> {
    let mut filed = 0;
    for lost in merged.displaced.iter().filter(|lost| lost.review) {
        filed += usize::from(file_one(work, def, doc, base, lost)?);
    }
    Ok(filed)
}

/// The id of a conflict, the same on every device.
pub(crate) fn id_of(collection: &str, document: Uuid, key: &str, displaced: Stamp) -> Uuid {
    let parts = lp(&[b"mv1/conflict", collection.as_bytes(), document.as_bytes(), key.as_bytes(), &displaced.0]);
    let digest = sha256(&parts);
    let first = digest.first_chunk().expect("a digest has 32 bytes");
    uuid::Builder::from_custom_bytes(*first).into_uuid()
}

fn file_one(work: &mut Work<'_>, def: &CollectionDef, doc: &Doc, base: &Version, lost: &Displaced) -> Result<bool> {
    let id = id_of(def.name, doc.id, &lost.key, lost.stamp);
    if rows::load(work.db, Conflict::DEF, id)?.is_some() {
        return Ok(false);
    }
    // Made of the two writes alone, so that two devices that find it file the same document.
    let stamp = lost.stamp.max(lost.by);
    let values = values_of(def, doc, base, lost, stamp)?;
    file_new(work, Conflict::DEF, id, doc.scope, values, stamp)?;
    Ok(true)
}

fn values_of(def: &CollectionDef, doc: &Doc, base: &Version, lost: &Displaced, stamp: Stamp) -> Result<Map> {
    let met = crate::write::now(stamp.ms());
    let kind = if lost.key == "is_deleted" { ConflictKind::Deletion } else { ConflictKind::Field };
    let value = |value: Option<Value>| value.unwrap_or(Value::Null);
    Ok(Map::from_iter([
        ("collection".to_owned(), Value::from(def.name)),
        ("document_id".to_owned(), Value::from(doc.id.to_string())),
        ("kind".to_owned(), Value::from(kind.word())),
        ("key".to_owned(), Value::from(lost.key.as_str())),
        ("base".to_owned(), value(history::value_at(def, base, &lost.key))),
        ("shown".to_owned(), value(history::value_at(def, &doc.version, &lost.key))),
        ("displaced".to_owned(), lost.value.clone()),
        ("shown_stamp".to_owned(), Value::from(lost.by.hex())),
        ("displaced_stamp".to_owned(), Value::from(lost.stamp.hex())),
        ("found_at".to_owned(), met.clone()),
        ("resolved_at".to_owned(), Value::Null),
        ("resolved_by".to_owned(), Value::Null),
        ("resolution".to_owned(), Value::Null),
        ("created_at".to_owned(), met.clone()),
        ("updated_at".to_owned(), met),
        ("is_deleted".to_owned(), Value::Bool(false)),
    ]))
}
