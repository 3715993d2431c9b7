//! The state of one document: its values and the stamp of each.

use crate::{Stamp, def::CollectionDef};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

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
    /// Lists of a `union` field are compared element by element, so that an untouched element keeps its stamp.
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
        let before = elements(self.values.get(name));
        let after = elements(Some(value));
        let touched = after.iter().filter(|(id, element)| before.get(*id) != Some(element));
        let removed = before.keys().filter(|id| !after.contains_key(*id));
        for id in touched.map(|(id, _)| id).chain(removed) {
            let key = element_key(name, id);
            self.stamps.insert(key.clone(), stamp);
            moved.push(key);
        }
        if value.is_array() || !self.values.contains_key(name) {
            self.values.insert(name.to_owned(), value.clone());
        }
        self.stamps.entry(name.to_owned()).or_insert(stamp);
    }
}

/// The stamp key of one element of a list.
pub fn element_key(field: &str, id: &str) -> String {
    format!("{field}/{id}")
}

/// The elements of a list by their own `id`; one without an id is keyed by its JSON, so that nothing is dropped.
pub fn elements(list: Option<&Value>) -> BTreeMap<String, &Value> {
    let items = list.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    items.iter().map(|item| (element_id(item), item)).collect()
}

fn element_id(item: &Value) -> String {
    item.get("id").and_then(Value::as_str).map_or_else(|| item.to_string(), str::to_owned)
}
