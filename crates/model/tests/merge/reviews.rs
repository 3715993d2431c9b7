//! What a person must look at, and what not.

use crate::made::{ALL_POLICIES, map, stamp, value};
use model::{Version, merge, merge::Displaced, merge::Merged};
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value, json};

fn base() -> Version {
    let values = json!({
        "first": 1, "plan": "a", "note": "base", "dose": 5, "unit": "mg", "state": "open", "reason": null, "count": 0,
        "allergies": [{"id": "a", "severity": "mild"}, {"id": "b"}], "contacts": [],
        "created_at": "2026-01-01T00:00:00.000Z", "is_deleted": false,
    });
    let mut version = Version::default();
    version.apply(ALL_POLICIES, &map(values), stamp(1, 1));
    version
}

fn changed(from: &Version, changes: Value, ms: u64, device: u64) -> Version {
    let mut version = from.clone();
    version.apply(ALL_POLICIES, &map(changes), stamp(ms, device));
    version
}

/// Both merge orders, which must agree.
fn both(base: &Version, a: &Version, b: &Version) -> Merged {
    let (here, there) = (merge(ALL_POLICIES, base, a, b), merge(ALL_POLICIES, base, b, a));
    assert_eq!(here, there);
    here
}

fn reviews(merged: &Merged) -> Vec<&Displaced> {
    merged.displaced.iter().filter(|lost| lost.review).collect()
}

#[test]
fn a_fork_changed_on_both_sides_is_reviewed() {
    for (ours, theirs, key) in [
        (json!({"note": "ours"}), json!({"note": "theirs"}), "note"),
        (json!({"dose": 10}), json!({"unit": "g"}), "order"),
        (
            json!({"allergies": [{"id": "a", "severity": "severe"}, {"id": "b"}]}),
            json!({"allergies": [{"id": "b"}]}),
            "allergies/a",
        ),
        (json!({"contacts": [{"id": "n", "phone": 1}]}), json!({"contacts": [{"id": "n", "phone": 2}]}), "contacts/n"),
    ] {
        let base = base();
        for (first, second) in [(2, 3), (3, 2), (2, 2)] {
            let merged =
                both(&base, &changed(&base, ours.clone(), first, 1), &changed(&base, theirs.clone(), second, 2));
            assert_eq!(reviews(&merged).iter().map(|lost| lost.key.as_str()).collect::<Vec<_>>(), [key], "{merged:#?}");
        }
    }
}

#[test]
fn a_removal_that_lost_to_a_later_edit_is_shown_as_null() {
    let base = base();
    let removed = changed(&base, json!({"allergies": [{"id": "b"}]}), 2, 1);
    let edited = changed(&base, json!({"allergies": [{"id": "a", "severity": "severe"}, {"id": "b"}]}), 3, 2);
    let merged = both(&base, &removed, &edited);
    assert_eq!(
        merged.displaced,
        [Displaced {
            key: "allergies/a".into(),
            value: Value::Null,
            stamp: stamp(2, 1),
            by: stamp(3, 2),
            review: true,
        }]
    );
}

#[test]
fn what_one_side_alone_changed_is_not_reviewed() {
    let base = base();
    for changes in [
        json!({"note": "ours"}),
        json!({"dose": 10}),
        json!({"allergies": []}),
        json!({"is_deleted": true}),
        json!({"plan": "b", "count": 3, "state": "closed"}),
    ] {
        let ours = changed(&base, changes.clone(), 2, 1);
        let merged = both(&base, &ours, &base);
        assert_eq!((&merged.version, reviews(&merged)), (&ours, vec![]), "{changes}");
    }
}

#[test]
fn the_same_change_on_both_sides_is_not_reviewed() {
    let base = base();
    let change = json!({"note": "same", "allergies": [{"id": "b"}], "is_deleted": true});
    let merged = both(&base, &changed(&base, change.clone(), 2, 1), &changed(&base, change, 3, 2));
    assert_eq!(reviews(&merged), Vec::<&Displaced>::new());
    assert!(merged.version.is_deleted());
}

/// Edits of every kind, against a deletion that is older or newer.
#[test]
fn an_edit_against_a_deletion_is_reviewed_once() {
    for edit in [
        json!({"note": "edited"}),
        json!({"plan": "b"}),
        json!({"dose": 6}),
        json!({"count": 1}),
        json!({"of_a_newer_program": 1}),
        json!({"allergies": [{"id": "a", "severity": "severe"}, {"id": "b"}]}),
        json!({"allergies": []}),
    ] {
        for (deleted_at, edited_at) in [(2, 3), (3, 2)] {
            let base = base();
            let deleted = changed(&base, json!({"is_deleted": true}), deleted_at, 1);
            let edited = changed(&base, edit.clone(), edited_at, 2);
            let merged = both(&base, &deleted, &edited);
            assert!(merged.version.is_deleted(), "an edit does not revive");
            let [lost] = reviews(&merged)[..] else { panic!("{merged:#?}") };
            assert_eq!((lost.key.as_str(), lost.stamp, lost.by), ("is_deleted", stamp(1, 1), stamp(deleted_at, 1)));
            // On a device that meets the result later, the same review or none: the stamps name it.
            for again in reviews(&merge(ALL_POLICIES, &base, &merged.version, &edited)) {
                assert_eq!(again, lost);
            }
            assert_eq!(
                reviews(&merge(ALL_POLICIES, &merged.version, &merged.version, &edited)),
                Vec::<&Displaced>::new()
            );
        }
    }
}

#[test]
fn an_editor_that_never_spoke_of_life_is_reviewed_too() {
    let mut base = base();
    base.values.remove("is_deleted");
    base.stamps.remove("is_deleted");
    let merged =
        both(&base, &changed(&base, json!({"is_deleted": true}), 2, 1), &changed(&base, json!({"note": "x"}), 3, 2));
    assert_eq!(merged.displaced.iter().filter(|lost| lost.key == "is_deleted" && lost.review).count(), 1);
}

#[test]
fn whoever_deletes_what_they_have_seen_edited_is_not_asked() {
    let base = base();
    let edited = changed(&base, json!({"note": "edited"}), 2, 2);
    let deleted_after = changed(&edited, json!({"is_deleted": true}), 3, 1);
    let merged = both(&base, &edited, &deleted_after);
    assert_eq!((merged.version.clone(), reviews(&merged)), (deleted_after, vec![]));
}

#[test]
fn a_restoration_after_a_deletion_elsewhere_keeps_both_words() {
    let base = changed(&base(), json!({"is_deleted": true}), 2, 1);
    let restored = changed(&base, json!({"is_deleted": false, "note": "back"}), 3, 2);
    let again = changed(&restored, json!({"is_deleted": true}), 4, 1);
    let kept = changed(&restored, json!({"is_deleted": true}), 5, 3);
    let back = changed(&kept, json!({"is_deleted": false, "note": "again"}), 6, 3);
    let merged = both(&restored, &again, &back);
    assert!(!merged.version.is_deleted());
    let [lost] = reviews(&merged)[..] else { panic!("{merged:#?}") };
    assert_eq!((lost.key.as_str(), &lost.value, lost.stamp), ("is_deleted", &json!(true), stamp(4, 1)));
}

const NAMES: [&str; 6] = ["note", "plan", "dose", "unit", "count", "state"];

fn changes() -> impl Strategy<Value = Value> {
    vec((select(NAMES.to_vec()), value()), 1..5)
        .prop_map(|pairs| Value::Object(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Exactly the forks that both changed to different values are reviewed.
    #[test]
    fn reviews_are_exactly_the_forks_changed_apart(ours in changes(), theirs in changes(), first in 2..4_u64, second in 2..4_u64) {
        let base = base();
        let (a, b) = (changed(&base, ours, first, 1), changed(&base, theirs, second, 2));
        let merged = both(&base, &a, &b);
        let expected: Vec<&str> = [("note", vec!["note"]), ("order", vec!["dose", "unit"])]
            .into_iter()
            .filter(|(key, fields)| {
                let moved = |side: &Version| side.stamps[*key] != base.stamps[*key];
                moved(&a) && moved(&b) && fields.iter().any(|field| a.values.get(*field) != b.values.get(*field))
            })
            .map(|(key, _)| key)
            .collect();
        let mut found: Vec<&str> = reviews(&merged).iter().map(|lost| lost.key.as_str()).collect();
        found.sort_unstable();
        prop_assert_eq!(found, expected);
    }

    /// A deletion against any edit: deleted, one review, whoever merges.
    #[test]
    fn a_deletion_against_any_edit_is_reviewed_once(edit in changes(), deleted_at in 2..4_u64, edited_at in 2..4_u64) {
        let base = base();
        let edited = changed(&base, edit, edited_at, 2);
        let merged = both(&base, &changed(&base, json!({"is_deleted": true}), deleted_at, 1), &edited);
        prop_assert!(merged.version.is_deleted());
        let expected = usize::from(edited != base);
        prop_assert_eq!(reviews(&merged).iter().filter(|lost| lost.key == "is_deleted").count(), expected);
    }
}

/// A backup code is an element of a list, the accepted step a number that rises: what was used on one device is used on the other.
#[test]
fn a_code_used_on_one_device_is_used_on_both() {
    let def = model::definition("two_factor").unwrap();
    let code = |id: &str, used_at: Value| json!({"id": id, "hash": "h", "used_at": used_at});
    let write = |from: &Version, changes: Value, ms: u64, device: u64| {
        let mut version = from.clone();
        version.apply(def, &map(changes), stamp(ms, device));
        version
    };
    let base = write(
        &Version::default(),
        json!({"secret": "s", "last_step": 10.0, "backup_codes": [code("a", Value::Null), code("b", Value::Null)]}),
        1,
        1,
    );
    let used = json!("2026-01-01T00:00:00.000Z");
    let here = write(&base, json!({"backup_codes": [code("a", used.clone()), code("b", Value::Null)]}), 2, 1);
    let there = write(
        &base,
        json!({"last_step": 12.0, "backup_codes": [code("a", Value::Null), code("b", used.clone())]}),
        3,
        2,
    );
    let later = write(&here, json!({"last_step": 11.0}), 4, 1);
    for (mine, theirs) in [(&later, &there), (&there, &later)] {
        let merged = merge(def, &base, mine, theirs);
        assert_eq!(merged.version.values["backup_codes"], json!([code("a", used.clone()), code("b", used.clone())]));
        assert_eq!(merged.version.values["last_step"], 12.0);
        assert_eq!(reviews(&merged), Vec::<&Displaced>::new());
    }
}
