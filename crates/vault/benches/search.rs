//! Search over ten thousand people, measured.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../tests/common/mod.rs"]
mod common;

use common::*;
use model::Patient;
use std::time::{Duration, Instant};

const PEOPLE: usize = 10_000;
const FIRST: [&str; 20] = [
    "Anna",
    "Boris",
    "Chloé",
    "Dmitri",
    "Élodie",
    "Fatima",
    "Grace",
    "Håkon",
    "Irina",
    "José",
    "Karolína",
    "Łukasz",
    "María",
    "Noah",
    "Olga",
    "Paweł",
    "Quinn",
    "Rosa",
    "Søren",
    "Tamara",
];
const LAST: [&str; 20] = [
    "Andersson",
    "Brown",
    "Čapek",
    "Dvořák",
    "Eriksen",
    "Fischer",
    "García",
    "Hansen",
    "Ivanova",
    "Jensen",
    "Kowalski",
    "Lefèvre",
    "Müller",
    "Nowak",
    "Olsen",
    "Petrov",
    "Quist",
    "Rossi",
    "Schmidt",
    "Tanaka",
];

fn main() {
    let (_dir, vault) = clinic();
    let team = vault.me().unwrap().team;
    let begun = Instant::now();
    for chunk in 0..PEOPLE / 500 {
        vault
            .write(now(), |w| {
                for n in chunk * 500..(chunk + 1) * 500 {
                    let mut values = patient(&format!("{} {} {n}", FIRST[n % 20], LAST[n / 20 % 20]));
                    values.insert("phone".into(), format!("+37529{:07}", n * 977 % 10_000_000).into());
                    let id = w.new_id()?;
                    w.put::<Patient>(id, team, &values)?;
                }
                Ok(())
            })
            .unwrap();
    }
    let made = begun.elapsed();
    let mut slowest = Duration::ZERO;
    for (text, least) in [
        ("a", 500),
        ("gra", 500),
        ("grace mul", 1),
        ("lef elo", 0),
        ("295", 0),
        ("3752", 5_000),
        ("zzz", 0),
        ("kowalski 1", 1),
    ] {
        let begun = Instant::now();
        let (total, rows) = vault.search::<Patient>(text, 0, 20).unwrap();
        let took = begun.elapsed();
        slowest = slowest.max(took);
        eprintln!("{text:12} {total:6} found, {:2} read, {took:?}", rows.len());
        assert!(total >= least && rows.len() as u64 == total.min(20));
    }
    let begun = Instant::now();
    let find = vault::Find { order: Some(("name", false)), limit: 50, ..vault::Find::default() };
    assert_eq!(vault.list::<Patient>(&find).unwrap().len(), 50);
    eprintln!("{PEOPLE} people made in {made:?}; slowest search {slowest:?}; first 50 by name {:?}", begun.elapsed());
}
