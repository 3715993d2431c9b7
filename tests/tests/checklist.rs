//! The attack checklist in `docs` is whole, and every test that it names exists.

#![allow(clippy::unwrap_used, reason = "a test that meets what it does not expect has failed")]

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Rows whose answer does not hold, or not all of it. A row leaves this list together with the words "not yet" or "partly" on the page.
const OPEN: [&str; 0] = [];
const ATTACKS: usize = 42;
const FINDINGS: usize = 8;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The rows by their number: what we answer, and the tests.
fn rows() -> BTreeMap<String, (String, Vec<String>)> {
    let page = fs::read_to_string(root().join("docs/attack-checklist.md")).unwrap();
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let lines =
        page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| #") && !line.starts_with("| ---"));
    let mut rows = BTreeMap::new();
    for row in lines.map(cells) {
        let [number, attack, answer, tests] = row.as_slice() else { panic!("a row has four cells: {row:?}") };
        assert!(!attack.is_empty() && !answer.is_empty(), "{number}");
        let names = tests.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        assert!(rows.insert(number.clone(), (answer.clone(), names)).is_none(), "{number} stands twice");
    }
    rows
}

#[test]
fn every_attack_and_every_finding_has_its_row() {
    let wanted = (1..=ATTACKS).map(|n| n.to_string()).chain((1..=FINDINGS).map(|n| format!("J{n}")));
    assert_eq!(rows().into_keys().collect::<BTreeSet<_>>(), wanted.collect());
}

#[test]
fn every_test_on_the_page_exists() {
    for (number, (_, tests)) in rows() {
        assert!(!tests.is_empty(), "row {number} names no test");
        for test in tests {
            let (file, function) = test.split_once("::").expect("path::function");
            let code = fs::read_to_string(root().join(file)).unwrap_or_else(|_| panic!("row {number}: no file {file}"));
            let at = code.find(&format!("fn {function}(")).unwrap_or_else(|| panic!("row {number}: no {test}"));
            let before = &code[..at];
            let attribute = before.trim_end().trim_end_matches("async").trim_end().ends_with(']');
            assert!(attribute, "row {number}: {test} is no test");
        }
    }
}

#[test]
fn what_does_not_hold_yet_is_said_and_listed() {
    let says = |answer: &str| ["not yet", "partly"].iter().any(|word| answer.to_lowercase().contains(word));
    let said: BTreeSet<String> =
        rows().into_iter().filter(|(_, (answer, _))| says(answer)).map(|(number, _)| number).collect();
    assert_eq!(said, OPEN.iter().map(|row| (*row).to_owned()).collect());
}

/// The policy of the window: no source but the program itself, for anything.
#[test]
fn the_window_loads_nothing_from_elsewhere() {
    let text = fs::read_to_string(root().join("tauri.conf.json")).unwrap();
    let configuration: Value = serde_json::from_str(&text).unwrap();
    let policy = &configuration["app"]["security"]["csp"];
    let policy = policy.as_str().map_or_else(|| policy.to_string(), str::to_owned);
    assert!(policy.contains("default-src"), "{policy}");
    for source in ["http:", "https:", "ws:", "wss:", "*", "unsafe-eval"] {
        let found = policy.split([' ', ';', '"', ',']).any(|word| word.trim_matches('\'').starts_with(source));
        let ipc = policy
            .split([' ', ';', '"', ','])
            .filter(|word| word.starts_with(source))
            .all(|word| word == "http://ipc.localhost");
        assert!(!found || ipc, "{source} in {policy}");
    }
}
