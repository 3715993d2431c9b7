//! Versions as devices make them: a common base, writes with rising stamps, merges in any tree.

use crate::made::{ALL_POLICIES, in_one_order, is_union, map, stamp, value};
use model::{Hlc, Merge, Stamp, Version, merge, stamp::DeviceTag, version::elements};
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const DEVICES: usize = 4;

#[derive(Clone, Debug)]
enum Step {
    /// A device writes a field, its clock off by so many milliseconds.
    Write { device: usize, name: &'static str, value: Value, skew: u64 },
    /// A device puts an element into a list, or changes the one with this id.
    Put { device: usize, list: &'static str, id: &'static str, value: Value },
    /// A device removes an element.
    Remove { device: usize, list: &'static str, id: &'static str },
    /// A device takes in what another has.
    Pull { from: usize, to: usize },
    /// A device's disk is copied onto another: from now on both make the same stamps.
    Copy { from: usize, to: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let device = 0..DEVICES;
    let name = select(vec![
        "first",
        "plan",
        "dose",
        "unit",
        "state",
        "reason",
        "note",
        "count",
        "of_a_newer_program",
        "is_deleted",
    ]);
    let list = || select(vec!["allergies", "contacts"]);
    let id = || select(vec!["a", "b", "c"]);
    prop_oneof![
        4 => (device.clone(), name, value(), 0..50_u64).prop_map(|(device, name, value, skew)| Step::Write { device, name, value, skew }),
        3 => (device.clone(), list(), id(), value()).prop_map(|(device, list, id, value)| Step::Put { device, list, id, value }),
        2 => (device.clone(), list(), id()).prop_map(|(device, list, id)| Step::Remove { device, list, id }),
        4 => (device.clone(), device.clone()).prop_map(|(from, to)| Step::Pull { from, to }),
        1 => (device.clone(), device).prop_map(|(from, to)| Step::Copy { from, to }),
    ]
}

#[derive(Clone)]
struct Device {
    clock: Hlc,
    version: Version,
}

/// The devices, every value that anybody wrote, and every value that anybody replaced knowingly or displaced.
struct World {
    devices: Vec<Device>,
    written: BTreeSet<(String, String)>,
    kept: BTreeSet<(String, String)>,
    now: u64,
}

impl World {
    fn new() -> Self {
        let mut base = Version::default();
        base.apply(
            ALL_POLICIES,
            &map(json!({"note": "base", "allergies": [{"id": "a", "v": 0}], "is_deleted": false})),
            stamp(1, 9),
        );
        let device =
            |at: usize| Device { clock: Hlc::resume(DeviceTag(at as u64), Stamp::ZERO), version: base.clone() };
        World { devices: (0..DEVICES).map(device).collect(), written: BTreeSet::new(), kept: BTreeSet::new(), now: 100 }
    }

    fn write(&mut self, at: usize, changes: Value, skew: u64) {
        let changes = map(changes);
        let device = &mut self.devices[at];
        let before = device.version.clone();
        let mark = device.clock.tick(self.now.saturating_sub(skew), before.newest());
        device.version.apply(ALL_POLICIES, &changes, mark);
        let after = everything(&device.version);
        self.kept.extend(everything(&before).difference(&after).cloned());
        self.written.extend(after);
        let shown = merge(ALL_POLICIES, &before, &before, &device.version).version;
        assert_eq!(guarded(&shown), guarded(&device.version), "what was written is what shows elsewhere");
    }

    fn list(&self, at: usize, list: &str, id: &str) -> Vec<Value> {
        let items = self.devices[at].version.values.get(list).and_then(Value::as_array).cloned().unwrap_or_default();
        items.into_iter().filter(|item| item["id"] != id).collect()
    }

    fn take(&mut self, step: Step) {
        self.now += 7;
        match step {
            Step::Write { device, name, value, skew } => self.write(device, json!({name: value}), skew),
            Step::Put { device, list, id, value } => {
                let mut items = self.list(device, list, id);
                items.push(json!({"id": id, "v": value}));
                self.write(device, json!({list: items}), 0);
            }
            Step::Remove { device, list, id } => {
                let items = self.list(device, list, id);
                self.write(device, json!({list: items}), 0);
            }
            Step::Pull { from, to } => {
                let [mine, theirs] = [to, from].map(|at| self.devices[at].version.clone());
                self.devices[to].version = self.join(&mine, &theirs);
            }
            Step::Copy { from, to } => self.copy(from, to),
        }
    }

    fn copy(&mut self, from: usize, to: usize) {
        let lost = self.devices[to].version.clone();
        self.devices[to] = self.devices[from].clone();
        // What only the overwritten disk knew is no business of the merge.
        let mine = self.devices[to].version.clone();
        self.devices[to].version = self.join(&mine, &lost);
    }

    fn join(&mut self, mine: &Version, theirs: &Version) -> Version {
        let merged = merge(ALL_POLICIES, &Version::default(), mine, theirs);
        for lost in merged.displaced {
            match (lost.key.split_once('/'), lost.value) {
                (None, Value::Object(group)) if ["order", "progress"].contains(&lost.key.as_str()) => {
                    self.kept.extend(group.iter().map(|(name, value)| (name.clone(), crate::made::text(value))));
                }
                (_, value) => {
                    self.kept.insert((lost.key, crate::made::text(&value)));
                }
            }
        }
        merged.version
    }
}

/// All but the fields that may refuse a write (the vault asks the merge first).
fn guarded(version: &Version) -> Version {
    let mut version = version.clone();
    let free =
        |name: &str| !ALL_POLICIES.field(name).is_some_and(|field| matches!(field.merge, Merge::Keep | Merge::Rise));
    version.values = version.values.into_iter().filter(|(name, _)| free(name)).collect();
    version.stamps.retain(|key, _| free(key));
    version
}

/// Every value with its key, lists element by element.
fn everything(version: &Version) -> BTreeSet<(String, String)> {
    let mut all = BTreeSet::new();
    for (name, value) in &version.values {
        if is_union(ALL_POLICIES, name) {
            let items = elements(Some(value)).into_iter();
            all.extend(items.map(|(id, item)| (format!("{name}/{id}"), crate::made::text(item))));
        } else {
            all.insert((name.clone(), crate::made::text(value)));
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// After everybody has met, in whatever tree, all show the same, and every value that was ever written is shown, was
    /// replaced by somebody who saw it, or was handed to the history.
    #[test]
    fn devices_that_met_show_the_same_and_lost_nothing(steps in vec(step(), 0..40), order in Just((0..DEVICES).collect::<Vec<_>>()).prop_shuffle()) {
        let mut world = World::new();
        for step in steps {
            world.take(step);
        }
        let versions: Vec<Version> = world.devices.iter().map(|device| device.version.clone()).collect();
        let along = order.iter().fold(Version::default(), |sum, at| world.join(&sum, &versions[*at]));
        let (left, right) = (world.join(&versions[0], &versions[1]), world.join(&versions[2], &versions[3]));
        let paired = world.join(&left, &right);
        prop_assert_eq!(&along, &paired);
        let (shown, history) = (everything(&along), world.kept.clone());
        let lost: Vec<_> = world.written.iter().filter(|one| !shown.contains(*one) && !history.contains(*one)).collect();
        prop_assert_eq!(lost, Vec::<&(String, String)>::new());
    }

    /// A write with a stamp after all that its device has seen shows after the merge with what it was built on.
    #[test]
    fn a_write_shows_over_what_it_was_built_on(steps in vec(step(), 1..20)) {
        let mut world = World::new();
        steps.into_iter().for_each(|step| world.take(step));
        for device in &world.devices {
            let version = &device.version;
            let twice = merge(ALL_POLICIES, version, version, version);
            prop_assert_eq!(in_one_order(ALL_POLICIES, &twice.version), in_one_order(ALL_POLICIES, version));
            prop_assert_eq!(twice.displaced, vec![]);
        }
    }
}

#[test]
fn applying_what_is_there_moves_nothing() {
    let values = map(json!({"note": "n", "dose": 1, "allergies": [{"id": "b"}, {"id": "a"}], "contacts": []}));
    let mut version = Version::default();
    version.apply(ALL_POLICIES, &values, stamp(1, 1));
    let before = version.clone();
    assert_eq!(version.apply(ALL_POLICIES, &values, stamp(2, 1)), Vec::<String>::new());
    assert_eq!(version, before);
    assert_eq!(version.values["allergies"], json!([{"id": "a"}, {"id": "b"}]), "in the order that a merge would give");
}

#[test]
fn applying_null_to_a_list_empties_it() {
    let mut version = Version::default();
    version.apply(ALL_POLICIES, &map(json!({"allergies": [{"id": "a"}]})), stamp(1, 1));
    let before = version.clone();
    let moved = version.apply(ALL_POLICIES, &map(json!({"allergies": null})), stamp(2, 1));
    assert_eq!((moved, &version.values["allergies"]), (vec!["allergies/a".to_owned()], &json!([])));
    assert_eq!(merge(ALL_POLICIES, &before, &before, &version).version, version);
}

#[test]
fn a_list_that_is_no_list_is_left_for_the_check_of_the_shape() {
    let mut version = Version::default();
    let moved = version.apply(ALL_POLICIES, &map(json!({"allergies": "penicillin"})), stamp(1, 1));
    assert_eq!((moved, &version.values["allergies"]), (vec!["allergies".to_owned()], &json!("penicillin")));
}

#[test]
fn a_group_moves_once_however_many_of_its_fields_change() {
    let mut version = Version::default();
    let moved = version.apply(ALL_POLICIES, &map(json!({"dose": 1, "unit": "mg", "note": "n"})), stamp(1, 1));
    assert_eq!(moved, ["order", "note"]);
}
