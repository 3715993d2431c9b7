//! A definition with every policy in it, and arbitrary versions of any definition.

use model::{
    Class, CollectionDef, FieldDef, Kind, Map, Merge, Scope, Sense, Stamp, Version, def::COMMON, stamp::DeviceTag,
    version::element_key,
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Every policy alone and in groups.
pub const ALL_POLICIES: &CollectionDef = &CollectionDef {
    name: "all_policies",
    doc: "A definition for tests.",
    class: Class::Mergeable,
    key: Scope::Realm,
    sync: Scope::Realm,
    fields: &[
        field("first", Merge::Keep, None),
        field("plan", Merge::Latest, None),
        field("dose", Merge::Fork, Some("order")),
        field("unit", Merge::Fork, Some("order")),
        field("state", Merge::Latest, Some("progress")),
        field("reason", Merge::Latest, Some("progress")),
        field("note", Merge::Fork, None),
        field("count", Merge::Rise, None),
        field("allergies", Merge::Union, None),
        field("contacts", Merge::Union, None),
    ],
    identity: &[],
    indexes: &[],
};

const fn field(name: &'static str, merge: Merge, group: Option<&'static str>) -> FieldDef {
    let (sense, kind) = (Sense::Sealed, Kind::Part);
    FieldDef { name, doc: "", sense, merge, kind, optional: true, group, blind: None, search: false, from: &[] }
}

/// Is it a list that merges element by element?
pub fn is_union(def: &CollectionDef, name: &str) -> bool {
    def.field(name).is_some_and(|field| field.merge == Merge::Union)
}

/// An object's fields.
pub fn map(json: Value) -> Map {
    json.as_object().cloned().expect("an object")
}

/// A stamp of a device.
pub fn stamp(ms: u64, device: u64) -> Stamp {
    Stamp::new(ms, 0, DeviceTag(device))
}

/// Values of every kind, few enough to meet again.
pub fn value() -> impl Strategy<Value = Value> {
    let scalars = [
        json!(null),
        json!(false),
        json!(true),
        json!(0),
        json!(0.0),
        json!(-0.0),
        json!(1),
        json!(1.0),
        json!(2),
        json!(10),
        json!(-3.5),
        json!(1e300),
        json!(9_007_199_254_740_992_u64),
        json!(9_007_199_254_740_993_u64),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(""),
        json!("a"),
        json!("b"),
        json!("2026-03-13T08:30:00.000Z"),
        json!("é\"\\\n"),
    ];
    prop_oneof![
        6 => select(scalars.to_vec()),
        1 => select(vec![
            json!([]), json!([1, null]), json!({}), json!({"x": 1, "y": {"z": [2]}}), json!({"y": {"z": [2]}, "x": 1}),
        ]),
    ]
}

/// An element of a list: usual, without an id, with an id that is no text, or no object at all.
fn element() -> impl Strategy<Value = Value> {
    prop_oneof![
        8 => (select(vec!["a", "b", "c", "d", "x/y", ""]), value()).prop_map(|(id, value)| json!({"id": id, "v": value})),
        1 => value().prop_map(|value| json!({"v": value, "w": 1})),
        1 => value().prop_map(|value| json!({"id": 7, "v": value})),
        1 => value(),
    ]
}

fn list() -> impl Strategy<Value = Value> {
    prop_oneof![9 => vec(element(), 0..5).prop_map(Value::Array), 1 => value()]
}

/// Names of fields that no definition knows, some of them made to be mistaken for something else.
const STRANGE: &[&str] = &["of_a_newer_program", "order", "allergies/a", "allergies_asked", "/", ""];

/// Any version at all: values missing, unknown or of the wrong kind, stamps missing, equal, or of nothing.
pub fn any_version(def: &'static CollectionDef) -> impl Strategy<Value = Version> {
    let names: Vec<&'static str> =
        def.fields.iter().chain(COMMON).map(|field| field.name).chain(STRANGE.iter().copied()).collect();
    let each: Vec<BoxedStrategy<Option<Value>>> = names
        .iter()
        .map(|name| match is_union(def, name) {
            true => option::of(list()).boxed(),
            false => option::of(value()).boxed(),
        })
        .collect();
    // As many stamps as a version of usual length has keys; a longer one takes them from the start again.
    (each, vec(option::weighted(0.8, any_stamp()), 61)).prop_map(move |(values, stamps)| {
        let named = names.iter().zip(values).filter_map(|(name, value)| Some(((*name).to_owned(), value?)));
        let values: Map = named.collect();
        let keys = stamp_keys(def, &values).into_iter();
        let stamps = keys.zip(stamps.into_iter().cycle()).filter_map(|(key, stamp)| Some((key, stamp?))).collect();
        Version { values, stamps }
    })
}

/// Few stamps, so that equal ones are common.
fn any_stamp() -> impl Strategy<Value = Stamp> {
    prop_oneof![9 => (0..3_u64, 1..3_u64).prop_map(|(ms, device)| stamp(ms, device)), 1 => Just(Stamp::ZERO)]
}

/// The keys of what is there, and some of what is not (removed elements, fields without a value).
fn stamp_keys(def: &CollectionDef, values: &Map) -> Vec<String> {
    let mut keys: Vec<String> = ["a", "b", "gone"].map(|id| element_key("allergies", id)).into();
    keys.extend(def.fields.iter().chain(COMMON).map(|field| field.stamp_key().to_owned()));
    for (name, value) in values {
        keys.push(name.clone());
        if is_union(def, name) {
            keys.extend(model::version::elements(Some(value)).into_keys().map(|id| element_key(name, &id)));
        }
    }
    keys.sort();
    keys.dedup();
    keys
}

/// A version with its lists in one order, to compare what was never merged with what was.
pub fn in_one_order(def: &CollectionDef, version: &Version) -> Version {
    let mut version = version.clone();
    for (name, value) in &mut version.values {
        if let (true, Value::Array(items)) = (is_union(def, name), value) {
            items.sort_by_key(text);
        }
    }
    version
}

/// A value as text with its keys in order; equal values are the same text.
pub fn text(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            format!("{:?}", map.iter().map(|(key, value)| (key, text(value))).collect::<BTreeMap<_, _>>())
        }
        Value::Array(items) => format!("{:?}", items.iter().map(text).collect::<Vec<_>>()),
        zero if *zero == json!(0.0) => "0.0".to_owned(),
        scalar => scalar.to_string(),
    }
}
