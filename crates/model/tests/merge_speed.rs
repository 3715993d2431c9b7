//! A merge takes time in proportion to the document. Alone in its program, so that nothing runs beside it.

use model::{Collection, DeviceTag, Map, Patient, Stamp, Version, merge};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn map(json: Value) -> Map {
    json.as_object().cloned().expect("an object")
}

fn stamp(ms: u64, device: u64) -> Stamp {
    Stamp::new(ms, 0, DeviceTag(device))
}

fn chart(entries: usize) -> Version {
    let entry = |at: usize| json!({"id": format!("01900000-0000-7000-8000-{at:012}"), "condition": "c", "code": null, "notes": "n"});
    let history: Vec<Value> = (0..entries).map(entry).collect();
    let mut version = Version::default();
    version.apply(Patient::DEF, &map(json!({"name": "Ada", "medical_history": history, "allergies": []})), stamp(1, 1));
    version
}

/// The quickest of a few, so that a busy machine does not count.
fn time_of(entries: usize) -> Duration {
    let base = chart(entries);
    let (mut mine, mut theirs) = (base.clone(), base.clone());
    mine.apply(Patient::DEF, &map(json!({"name": "Ada L."})), stamp(2, 1));
    theirs.apply(
        Patient::DEF,
        &map(json!({"medical_history": base.values["medical_history"].as_array().expect("a list")[1..]})),
        stamp(3, 2),
    );
    let once = || {
        let start = Instant::now();
        let merged = merge(Patient::DEF, &base, &mine, &theirs);
        assert_eq!(merged.version.values["medical_history"].as_array().map(Vec::len), Some(entries - 1));
        start.elapsed()
    };
    (0..5).map(|_| once()).min().expect("five")
}

/// Thirty times the elements take some thirty times as long (two hundred allow for a cold cache and a busy machine); a
/// join of all with all would take nine hundred times as long.
#[test]
fn long_lists_are_joined_in_one_pass() {
    let (short, long) = (time_of(200), time_of(6_000));
    assert!(long < short * 200, "200 elements: {short:?}, 6000 elements: {long:?}");
}
