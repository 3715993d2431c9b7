//! Commutative, associative, idempotent, and nothing vanishes: for any versions whatever.

use crate::made::{ALL_POLICIES, any_version, in_one_order, is_union, map, stamp};
use model::{
    CollectionDef, Map, Version, collections, merge,
    merge::{Displaced, Merged},
    version::{element_key, elements},
};
use proptest::{prelude::*, sample::select};
use serde_json::{Value, json};

/// Joins without a base: what shows does not depend on it.
fn join(def: &CollectionDef, a: &Version, b: &Version) -> Version {
    merge(def, &Version::default(), a, b).version
}

fn holds(displaced: &[Displaced], key: &str, name: &str, value: &Value) -> bool {
    let is_it = |lost: &Displaced| lost.value == *value || lost.value.get(name) == Some(value);
    displaced.iter().any(|lost| lost.key == key && is_it(lost))
}

/// The first value of a version that is neither shown nor displaced.
fn vanished(def: &CollectionDef, from: &Version, merged: &Merged) -> Option<(String, Value)> {
    let shown = &merged.version.values;
    from.values.iter().find_map(|(name, value)| match (is_union(def, name), value) {
        (true, Value::Array(items)) => vanished_element(name, items, shown, &merged.displaced),
        _ => {
            let key = def.field(name).map_or(name.as_str(), |field| field.stamp_key());
            let here = shown.get(name) == Some(value) || holds(&merged.displaced, key, name, value);
            (!here).then(|| (name.clone(), value.clone()))
        }
    })
}

fn vanished_element(name: &str, items: &[Value], shown: &Map, displaced: &[Displaced]) -> Option<(String, Value)> {
    let list = shown.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    items.iter().find_map(|item| {
        let alone = json!([item]);
        let id = elements(Some(&alone)).into_keys().next().expect("one element");
        let key = element_key(name, &id);
        let here = list.contains(item) || displaced.iter().any(|lost| lost.key == key && lost.value == *item);
        (!here).then(|| (key, item.clone()))
    })
}

fn a_definition() -> impl Strategy<Value = &'static CollectionDef> {
    prop_oneof![3 => Just(ALL_POLICIES), 1 => select(collections::ALL.to_vec())]
}

fn three() -> impl Strategy<Value = (&'static CollectionDef, Version, Version, Version)> {
    a_definition().prop_flat_map(|def| (Just(def), any_version(def), any_version(def), any_version(def)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn it_does_not_matter_who_merges((def, base, a, b) in three()) {
        let (here, there) = (merge(def, &base, &a, &b), merge(def, &base, &b, &a));
        prop_assert_eq!(here, there);
    }

    #[test]
    fn it_does_not_matter_in_which_order((def, a, b, c) in three()) {
        let (left, right) = (join(def, &join(def, &a, &b), &c), join(def, &a, &join(def, &b, &c)));
        prop_assert_eq!(left, right);
    }

    #[test]
    fn merging_again_changes_nothing((def, base, a, b) in three()) {
        let alone = merge(def, &base, &a, &a);
        prop_assert_eq!(in_one_order(def, &alone.version), in_one_order(def, &a));
        prop_assert_eq!(alone.displaced, vec![]);
        let joined = join(def, &a, &b);
        prop_assert_eq!(&join(def, &joined, &joined), &joined);
        prop_assert_eq!(&join(def, &joined, &a), &joined);
        prop_assert_eq!(&join(def, &b, &joined), &joined);
    }

    #[test]
    fn the_base_decides_nothing_that_shows((def, base, a, b) in three()) {
        prop_assert_eq!(merge(def, &base, &a, &b).version, join(def, &a, &b));
    }

    #[test]
    fn nothing_merged_with_something_is_that((def, a, _b, _c) in three()) {
        let merged = merge(def, &Version::default(), &a, &Version::default());
        prop_assert_eq!(in_one_order(def, &merged.version), in_one_order(def, &a));
        prop_assert_eq!(merged.displaced, vec![]);
    }

    #[test]
    fn no_value_vanishes((def, base, a, b) in three()) {
        let merged = merge(def, &base, &a, &b);
        prop_assert_eq!(vanished(def, &a, &merged), None);
        prop_assert_eq!(vanished(def, &b, &merged), None);
    }

    /// What is displaced was there, is worth keeping, and is named with the stamps of both sides.
    #[test]
    fn what_is_displaced_was_there((def, base, a, b) in three()) {
        for lost in merge(def, &base, &a, &b).displaced {
            let stamps = [&a, &b].map(|side| side.stamps.get(&lost.key).copied().unwrap_or_default());
            prop_assert!(stamps.contains(&lost.stamp) && stamps.contains(&lost.by), "{:?}", lost);
        }
    }
}

/// Versions met by three writers in all orders, for the policies where a mistake would go unseen the longest.
fn all_orders(versions: &[Version; 3]) -> Version {
    let mut results = Vec::new();
    for [x, y, z] in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let [x, y, z] = [x, y, z].map(|at: usize| &versions[at]);
        results.push(join(ALL_POLICIES, &join(ALL_POLICIES, x, y), z));
        results.push(join(ALL_POLICIES, x, &join(ALL_POLICIES, y, z)));
    }
    assert!(results.iter().all(|result| *result == results[0]), "{results:#?}");
    results[0].clone()
}

fn written(values: Value, ms: u64, device: u64) -> Version {
    let mut version = Version::default();
    version.apply(ALL_POLICIES, &map(values), stamp(ms, device));
    version
}

#[test]
fn elements_of_three_writers_are_all_there() {
    let one = |id: &str, ms, device| written(json!({"allergies": [{"id": id, "substance": id}]}), ms, device);
    let shown = all_orders(&[one("c", 1, 1), one("a", 3, 2), one("b", 2, 3)]);
    let ids: Vec<_> = elements(shown.values.get("allergies")).into_keys().collect();
    assert_eq!(ids, ["a", "b", "c"]);
    assert_eq!(shown.stamps["allergies"], stamp(1, 1), "the list is as old as its first writer says");
}

#[test]
fn a_removed_element_stays_removed_beside_other_edits() {
    let base = written(json!({"allergies": [{"id": "a"}, {"id": "b"}]}), 1, 1);
    let (mut removed, mut added, mut edited) = (base.clone(), base.clone(), base.clone());
    removed.apply(ALL_POLICIES, &map(json!({"allergies": [{"id": "b"}]})), stamp(2, 1));
    added.apply(ALL_POLICIES, &map(json!({"allergies": [{"id": "a"}, {"id": "b"}, {"id": "c"}]})), stamp(3, 2));
    edited.apply(
        ALL_POLICIES,
        &map(json!({"allergies": [{"id": "a"}, {"id": "b", "severity": "severe"}]})),
        stamp(4, 3),
    );
    let shown = all_orders(&[removed, added, edited]);
    assert_eq!(shown.values["allergies"], json!([{"id": "b", "severity": "severe"}, {"id": "c"}]));
}

#[test]
fn the_last_element_leaves_an_empty_list() {
    let base = written(json!({"allergies": [{"id": "a"}]}), 1, 1);
    let mut removed = base.clone();
    removed.apply(ALL_POLICIES, &map(json!({"allergies": []})), stamp(2, 1));
    let merged = merge(ALL_POLICIES, &base, &base, &removed);
    assert_eq!(merged.version.values["allergies"], json!([]));
    assert_eq!(merged.displaced.iter().map(|lost| &lost.value).collect::<Vec<_>>(), [&json!({"id": "a"})]);
}

#[test]
fn rising_values_of_every_kind_have_one_order() {
    let ladder = [
        json!(null),
        json!(false),
        json!(true),
        json!(-1),
        json!(0.5),
        json!(2),
        json!(10),
        json!("10"),
        json!("2"),
        json!([0]),
    ];
    for (at, low) in ladder.iter().enumerate() {
        for high in &ladder[at + 1..] {
            // The lower one is newer each time.
            let shown = all_orders(&[
                written(json!({"count": low}), 9, 1),
                written(json!({"count": high}), 1, 2),
                Version::default(),
            ]);
            assert_eq!(&shown.values["count"], high, "{low} against {high}");
        }
    }
}

#[test]
fn the_first_value_stays_and_an_open_field_is_filled_once() {
    let shown = all_orders(&[
        written(json!({"first": null}), 1, 1),
        written(json!({"first": "ours"}), 2, 2),
        written(json!({"first": "theirs"}), 3, 3),
    ]);
    assert_eq!(shown.values["first"], json!("ours"));
}

#[test]
fn a_group_wins_or_loses_as_one_even_in_part() {
    let whole = written(json!({"dose": 5, "unit": "mg"}), 1, 1);
    let part = written(json!({"dose": 10}), 2, 2);
    let merged = merge(ALL_POLICIES, &Version::default(), &whole, &part);
    assert_eq!(merged.version.values, map(json!({"dose": 10})), "10 mg was never written by anybody");
    assert_eq!(merged.displaced[0].value, json!({"dose": 5, "unit": "mg"}));
    assert_eq!(merged.displaced[0].key, "order");
}

#[test]
fn copies_of_one_device_show_the_same_value() {
    let (a, b) = (written(json!({"note": "left"}), 5, 1), written(json!({"note": "right"}), 5, 1));
    let merged = merge(ALL_POLICIES, &Version::default(), &a, &b);
    assert_eq!(merged.version.values["note"], json!("right"));
    assert_eq!((merged.displaced[0].value.clone(), merged.displaced[0].review), (json!("left"), true));
}

#[test]
fn a_value_without_a_stamp_is_the_oldest() {
    let unstamped = Version { values: map(json!({"plan": "imported"})), ..Version::default() };
    let stamped = written(json!({"plan": "written"}), 1, 1);
    let merged = merge(ALL_POLICIES, &Version::default(), &unstamped, &stamped);
    assert_eq!(merged.version, stamped);
    assert_eq!(merged.displaced[0].value, json!("imported"));
}
