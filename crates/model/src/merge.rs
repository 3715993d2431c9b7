//! The only function that joins two versions of a document.
//!
//! What shows after a merge depends on the two versions alone, never on who merges or in which order: it is commutative,
//! associative and idempotent, and property tests say so. The last version that both sides agreed on is used for one
//! thing only, to tell which displaced values one of the writers had never seen and a person should look at.

use crate::{
    Stamp,
    def::{CollectionDef, FieldDef, Merge},
    version::{Map, Version, element_key, elements},
};
use serde_json::Value;
use std::{cmp::Ordering, collections::BTreeSet};

/// What came of joining two versions.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    /// The version that both sides now hold.
    pub version: Version,
    /// Every value that no longer shows; each goes to the document's history.
    pub displaced: Vec<Displaced>,
}

/// A value that lost its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Displaced {
    /// Stamp key: field, group, or `field/element`.
    pub key: String,
    /// What stood there (an object of the group's fields for a group).
    pub value: Value,
    /// When that was written.
    pub stamp: Stamp,
    /// What shows instead.
    pub by: Stamp,
    /// Must a person decide? True where both sides changed a `fork` apart, or one deleted what the other edited.
    pub review: bool,
}

/// Joins two versions of one document. `base` is the last version that both sides agreed on (empty when there is none).
pub fn merge(def: &CollectionDef, base: &Version, mine: &Version, theirs: &Version) -> Merged {
    let mut out = Merged { version: Version::default(), displaced: Vec::new() };
    for key in keys(def, mine, theirs) {
        let unit = Unit { def, key: &key };
        join(&unit, base, mine, theirs, &mut out);
    }
    order_lists(def, &mut out.version.values);
    review_deletion(base, mine, theirs, &mut out.displaced);
    out
}

/// What moves as one: a field, a group of fields, or one element of a list.
struct Unit<'a> {
    def: &'a CollectionDef,
    key: &'a str,
}

impl Unit<'_> {
    fn element(&self) -> Option<(&str, &str)> {
        let (field, id) = self.key.split_once('/')?;
        is_union(self.def, field).then_some((field, id))
    }

    fn fields(&self) -> impl Iterator<Item = &'static FieldDef> {
        let key = self.key.to_owned();
        self.def.fields.iter().filter(move |field| field.group == Some(key.as_str()))
    }

    fn policy(&self) -> Merge {
        if self.element().is_some() {
            return Merge::Latest;
        }
        let grouped = self.fields().next().map(|field| field.merge);
        grouped.or_else(|| self.def.field(self.key).map(|field| field.merge)).unwrap_or(Merge::Latest)
    }

    /// The unit's value in a version; `None` where it was never written or was removed.
    fn read(&self, from: &Version) -> Option<Value> {
        if let Some((field, id)) = self.element() {
            return elements(from.values.get(field)).get(id).map(|item| (*item).clone());
        }
        let group: Map = self
            .fields()
            .filter_map(|field| Some((field.name.to_owned(), from.values.get(field.name)?.clone())))
            .collect();
        if !group.is_empty() {
            return Some(Value::Object(group));
        }
        from.values.get(self.key).cloned()
    }

    fn write(&self, value: Option<Value>, stamp: Stamp, into: &mut Version) {
        into.stamps.insert(self.key.to_owned(), stamp);
        let Some(value) = value else { return };
        if let Some((field, _)) = self.element() {
            let list = into.values.entry(field.to_owned()).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(items) = list {
                items.push(value);
            }
            return;
        }
        match (self.fields().next(), value) {
            (Some(_), Value::Object(group)) => into.values.extend(group),
            (_, value) => {
                into.values.insert(self.key.to_owned(), value);
            }
        }
    }
}

fn join(unit: &Unit<'_>, base: &Version, mine: &Version, theirs: &Version, out: &mut Merged) {
    if is_union(unit.def, unit.key) {
        return join_list_itself(unit.key, mine, theirs, &mut out.version);
    }
    let (a, b) = (side(unit, mine), side(unit, theirs));
    let (winner, loser) = match (a, b) {
        (Some(a), Some(b)) => pick(unit.policy(), a, b),
        (Some(one), None) | (None, Some(one)) => (one, None),
        (None, None) => return,
    };
    if let Some(loser) = loser
        && let Some(value) = loser.1
    {
        let apart = changed(unit.key, base, mine) && changed(unit.key, base, theirs);
        out.displaced.push(Displaced {
            key: unit.key.to_owned(),
            value,
            stamp: loser.0,
            by: winner.0,
            review: apart && unit.policy() == Merge::Fork,
        });
    }
    unit.write(winner.1, winner.0, &mut out.version);
}

type Side = (Stamp, Option<Value>);

/// A value that came without a stamp (an import, an older program) takes part as the oldest.
fn side(unit: &Unit<'_>, version: &Version) -> Option<Side> {
    let value = unit.read(version);
    match version.stamps.get(unit.key) {
        Some(stamp) => Some((*stamp, value)),
        None => value.map(|value| (Stamp::ZERO, Some(value))),
    }
}

/// The side that shows, and the other where its value differs.
fn pick(policy: Merge, a: Side, b: Side) -> (Side, Option<Side>) {
    let first = match policy {
        Merge::Keep => newer(&b, &a),
        Merge::Rise => rank(&a.1, &b.1).then_with(|| newer(&a, &b)),
        Merge::Latest | Merge::Union | Merge::Fork => newer(&a, &b),
    };
    let (winner, loser) = if first == Ordering::Less { (b, a) } else { (a, b) };
    let differs = winner.1 != loser.1;
    (winner, differs.then_some(loser))
}

/// Newer stamp first; equal stamps (a cloned device) are told apart by the value itself, the same everywhere.
fn newer(a: &Side, b: &Side) -> Ordering {
    a.0.cmp(&b.0).then_with(|| text(&a.1).cmp(&text(&b.1)))
}

/// The order in which a `rise` field goes up: nothing, false, true; numbers by size; texts (instants) by their bytes.
fn rank(a: &Option<Value>, b: &Option<Value>) -> Ordering {
    let level = |value: &Option<Value>| match value {
        None | Some(Value::Null) => 0,
        Some(Value::Bool(false)) => 1,
        Some(Value::Bool(true)) => 2,
        Some(Value::Number(_)) => 3,
        Some(Value::String(_)) => 4,
        Some(Value::Array(_) | Value::Object(_)) => 5,
    };
    level(a).cmp(&level(b)).then_with(|| match (a, b) {
        (Some(Value::Number(x)), Some(Value::Number(y))) => {
            x.as_f64().unwrap_or(0.0).total_cmp(&y.as_f64().unwrap_or(0.0)).then_with(|| text(a).cmp(&text(b)))
        }
        _ => text(a).cmp(&text(b)),
    })
}

/// A value as text with its keys in order, so that the same value is the same text on every device.
fn text(value: &Option<Value>) -> String {
    fn sorted(value: &Value) -> Value {
        match value {
            Value::Object(map) => {
                let ordered: std::collections::BTreeMap<_, _> = map.iter().map(|(k, v)| (k.clone(), sorted(v))).collect();
                Value::Object(ordered.into_iter().collect())
            }
            Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
            other => other.clone(),
        }
    }
    value.as_ref().map(|value| sorted(value).to_string()).unwrap_or_default()
}

/// The list as a whole has no value of its own, only the time it was first written and whether it is there at all.
fn join_list_itself(key: &str, mine: &Version, theirs: &Version, out: &mut Version) {
    let stamps = [mine, theirs].into_iter().filter_map(|version| version.stamps.get(key).copied());
    if let Some(first) = stamps.min() {
        out.stamps.insert(key.to_owned(), first);
    }
    let present = [mine, theirs].into_iter().any(|version| version.values.get(key).is_some_and(Value::is_array));
    if present {
        out.values.entry(key.to_owned()).or_insert_with(|| Value::Array(Vec::new()));
    }
}

fn keys(def: &CollectionDef, mine: &Version, theirs: &Version) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for version in [mine, theirs] {
        keys.extend(version.stamps.keys().cloned());
        for (name, value) in &version.values {
            let key = def.field(name).map(FieldDef::stamp_key).unwrap_or(name.as_str());
            keys.insert(key.to_owned());
            if is_union(def, name) {
                keys.extend(elements(Some(value)).into_keys().map(|id| element_key(name, &id)));
            }
        }
    }
    keys
}

fn changed(key: &str, base: &Version, side: &Version) -> bool {
    side.stamps.get(key) != base.stamps.get(key)
}

fn is_union(def: &CollectionDef, field: &str) -> bool {
    def.field(field).is_some_and(|field| field.merge == Merge::Union)
}

/// Lists are kept in the order of their elements' ids (UUIDv7: the order in which they were made).
fn order_lists(def: &CollectionDef, values: &mut Map) {
    for field in def.fields.iter().filter(|field| field.merge == Merge::Union) {
        if let Some(list @ Value::Array(_)) = values.get_mut(field.name) {
            let ordered: Vec<Value> = elements(Some(list)).into_values().cloned().collect();
            *list = Value::Array(ordered);
        }
    }
}

/// One side deleted what the other edited: nothing revives and nothing is dropped, a person looks.
fn review_deletion(base: &Version, mine: &Version, theirs: &Version, displaced: &mut Vec<Displaced>) {
    let sides = [(mine, theirs), (theirs, mine)];
    for (deleter, editor) in sides {
        let deleted = deleter.is_deleted() && !editor.is_deleted() && changed(DELETED, base, deleter);
        let edited = editor.stamps.keys().any(|key| key != DELETED && key != "updated_at" && changed(key, base, editor));
        if deleted && edited && !displaced.iter().any(|one| one.key == DELETED && one.review) {
            displaced.retain(|one| one.key != DELETED);
            let stamp = editor.stamps.get(DELETED).copied().unwrap_or(Stamp::ZERO);
            let by = deleter.stamps.get(DELETED).copied().unwrap_or(Stamp::ZERO);
            displaced.push(Displaced { key: DELETED.to_owned(), value: Value::Bool(false), stamp, by, review: true });
        }
    }
}

const DELETED: &str = "is_deleted";
