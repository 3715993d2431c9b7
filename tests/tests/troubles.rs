//! The page of troubles in `docs` is whole: every test that it names exists, every code has its sentence, and what does not hold yet is
//! listed here.

#![allow(clippy::unwrap_used, reason = "a test that meets what it does not expect has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Rows whose answer does not hold, or not all of it. A row leaves this list together with the words "not yet" on the page.
const OPEN: [&str; 0] = [];
/// At least these are on the page.
const WANTED: [&str; 14] = [
    "no network",
    "TLS failure",
    "expired or wrong login",
    "standalone server",
    "primary steps down",
    "oplog gone",
    "killed at any point",
    "this device put back",
    "the database put back",
    "tampering",
    "clock far off",
    "disk full",
    "poison document",
    "months of queue",
];

struct Row {
    what: String,
    answer: String,
    codes: Vec<String>,
    tests: Vec<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn rows() -> Vec<Row> {
    let page = fs::read_to_string(root().join("docs/sync-troubles.md")).unwrap();
    let lines =
        page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| what") && !line.starts_with("| ---"));
    let rows: Vec<_> = lines
        .map(|line| {
            let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
            let [what, answer, codes, tests] = cells.as_slice() else { panic!("a row has four cells: {line}") };
            Row { what: (*what).to_owned(), answer: (*answer).to_owned(), codes: quoted(codes), tests: quoted(tests) }
        })
        .collect();
    let names: BTreeSet<_> = rows.iter().map(|row| row.what.clone()).collect();
    assert_eq!(names.len(), rows.len(), "a row stands twice");
    rows
}

#[test]
fn every_trouble_has_its_row() {
    let names: Vec<_> = rows().into_iter().map(|row| row.what).collect();
    for wanted in WANTED {
        assert!(names.iter().any(|name| name.starts_with(wanted)), "no row about: {wanted}");
    }
}

#[test]
fn every_test_on_the_page_exists() {
    for Row { what, tests, answer, .. } in rows() {
        assert!(!tests.is_empty() || answer.contains("Not yet"), "{what} names no test");
        for test in tests {
            let (file, function) = test.split_once("::").expect("path::function");
            let code = fs::read_to_string(root().join(file)).unwrap_or_else(|_| panic!("{what}: no file {file}"));
            let is_there = match Path::new(file).extension().is_some_and(|kind| kind == "rs") {
                true => code
                    .find(&format!("fn {function}("))
                    .is_some_and(|at| code[..at].trim_end().trim_end_matches("async").trim_end().ends_with(']')),
                false => code.contains(&format!("test(\"{function}\"")),
            };
            assert!(is_there, "{what}: {test} is no test");
        }
    }
}

/// A code stands in the window's words, as a problem, as the reason for which something was set aside, or as an alarm.
#[test]
fn every_code_on_the_page_has_its_sentence() {
    let words = ["ui/src/words/problems.ts", "ui/src/words/set-aside.ts", "ui/src/rooms/security/Alarms.tsx"];
    let words: String = words.iter().map(|file| fs::read_to_string(root().join(file)).unwrap()).collect();
    for Row { what, codes, .. } in rows() {
        for code in codes {
            let stands = [format!("\"{code}\":"), format!("  {code}:")].iter().any(|key| words.contains(key));
            assert!(stands, "{what}: the window has no words for {code}");
        }
    }
}

#[test]
fn what_does_not_hold_yet_is_said_and_listed() {
    let said: BTreeSet<_> =
        rows().into_iter().filter(|row| row.answer.contains("Not yet")).map(|row| row.what).collect();
    assert_eq!(said, OPEN.iter().map(|row| (*row).to_owned()).collect());
}
