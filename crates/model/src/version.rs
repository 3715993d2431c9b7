//! The state of one document: its values and the stamp of each.

use crate::{Stamp, def::CollectionDef};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{borrow::Cow, collections::BTreeMap};

/// A document's values by field name, as JSON.
pub type Map = serde_json::Map<String, Value>;

/// The values of a document and when each was written.
///
/// A field's stamp is kept under its [`crate::FieldDef::stamp_key`]; an element of a `union` list under `field/id`. An
/// element stamp without its element says that the element was removed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// Values by field name.
    pub values: Map,
    /// Stamps by stamp key.
    pub stamps: BTreeMap<String, Stamp>,
}

impl Version {
    /// The newest stamp in it: the document's own.
    pub fn newest(&self) -> Stamp {
        self.stamps.values().copied().max().unwrap_or(Stamp::ZERO)
    }

    /// Is the document marked as deleted?
    pub fn is_deleted(&self) -> bool {
        self.values.get("is_deleted").and_then(Value::as_bool).unwrap_or(false)
    }

    /// Writes `changes` with one stamp, touching only what differs; says which stamp keys moved.
    ///
    /// Lists of a `union` field are compared element by element, so that an untouched element keeps its stamp, and are
    /// kept in the order of their elements' ids, as the merge keeps them.
    pub fn apply(&mut self, def: &CollectionDef, changes: &Map, stamp: Stamp) -> Vec<String> {
        let mut moved = Vec::new();
        for (name, value) in changes {
            match def.field(name) {
                Some(field) if field.merge == crate::Merge::Union => self.apply_list(name, value, stamp, &mut moved),
                Some(field) => self.apply_value(name, field.stamp_key(), value, stamp, &mut moved),
                None => self.apply_value(name, name, value, stamp, &mut moved),
            }
        }
        moved
    }

    fn apply_value(&mut self, name: &str, key: &str, value: &Value, stamp: Stamp, moved: &mut Vec<String>) {
        if self.values.get(name) == Some(value) {
            return;
        }
        self.values.insert(name.to_owned(), value.clone());
        self.stamps.insert(key.to_owned(), stamp);
        if !moved.iter().any(|other| other == key) {
            moved.push(key.to_owned());
        }
    }

    fn apply_list(&mut self, name: &str, value: &Value, stamp: Stamp, moved: &mut Vec<String>) {
        let shown = in_order(value);
        let held = self.values.get(name);
        let keys = moved_elements(name, held, Some(&shown));
        let same_kind = held.is_some_and(|held| held.is_array() && shown.is_array() || *held == *shown);
        if keys.is_empty() && same_kind {
            return;
        }
        if !shown.is_array() {
            // No list at all: the check of the shape, not this room, refuses it.
            moved.push(name.to_owned());
        }
        self.stamps.extend(keys.iter().map(|key| (key.clone(), stamp)));
        self.stamps.entry(name.to_owned()).or_insert(stamp);
        self.values.insert(name.to_owned(), shown.into_owned());
        moved.extend(keys);
    }
}

/// The stamp keys of the elements that were added, changed or removed.
fn moved_elements(name: &str, before: Option<&Value>, after: Option<&Value>) -> Vec<String> {
    let (before, after) = (grouped(before), grouped(after));
    let touched = after.iter().filter(|(id, items)| before.get(*id) != Some(items)).map(|(id, _)| id);
    let removed = before.keys().filter(|id| !after.contains_key(*id));
    touched.chain(removed).map(|id| element_key(name, id)).collect()
}

/// A list with its elements in the order of their ids; null is the empty list.
fn in_order(list: &Value) -> Cow<'_, Value> {
    match list {
        Value::Null => Cow::Owned(Value::Array(Vec::new())),
        Value::Array(_) => Cow::Owned(grouped(Some(list)).into_values().flatten().cloned().collect()),
        other => Cow::Borrowed(other),
    }
}

/// The stamp key of one element of a list.
pub fn element_key(field: &str, id: &str) -> String {
    format!("{field}/{id}")
}

/// The elements of a list by their own `id`; one without an id is keyed by its JSON, so that nothing is dropped. Where
/// several share an id, which no program of ours writes, one of them is given.
pub fn elements(list: Option<&Value>) -> BTreeMap<String, &Value> {
    items(list).iter().map(|item| (element_id(item), item)).collect()
}

/// As [`elements`], with all elements that share an id, in the order of their texts.
fn grouped(list: Option<&Value>) -> BTreeMap<String, Vec<&Value>> {
    let mut groups: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    for item in items(list) {
        groups.entry(element_id(item)).or_default().push(item);
    }
    groups.values_mut().for_each(|group| sort_by_text(group));
    groups
}

fn items(list: Option<&Value>) -> &[Value] {
    list.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// Puts elements that share an id into the same order everywhere.
pub(crate) fn sort_by_text(items: &mut [&Value]) {
    if items.len() > 1 {
        items.sort_by_cached_key(|item| canonical(item));
    }
}

/// What names an element within its list.
pub(crate) fn element_id(item: &Value) -> String {
    item.get("id").and_then(Value::as_str).map_or_else(|| canonical(item), str::to_owned)
}

/// A value as JSON with its keys in order, so that equal values are the same text on every device.
pub(crate) fn canonical(value: &Value) -> String {
    sorted(value).to_string()
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let ordered: BTreeMap<_, _> = map.iter().map(|(key, value)| (key.clone(), sorted(value))).collect();
            Value::Object(ordered.into_iter().collect())
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        scalar => scalar.clone(),
    }
}
