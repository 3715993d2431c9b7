//! A clinic of ten thousand charts: what opening them takes, and opening the vault. Prints seconds; each step is too long to be
//! sampled, so it is timed by hand. `AIDPOST_CHARTS` for another number.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../tests/common/mod.rs"]
mod common;

use common::*;
use model::Patient;
use std::time::{Duration, Instant};
use vault::Vault;

/// Charts that one transaction opens, as an import does.
const TOGETHER: usize = 100;

fn timed<T>(what: &str, act: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let value = act();
    let took = begun.elapsed();
    eprintln!("{what}: {:.2} s", took.as_secs_f64());
    (value, took)
}

fn open_many(vault: &Vault, count: usize) {
    for first in (0..count).step_by(TOGETHER) {
        let opened = vault.write(now(), |w| {
            for n in first..count.min(first + TOGETHER) {
                let id = w.new_id()?;
                w.open_chart(id, None)?;
                w.put::<Patient>(id, id, &patient(&format!("Person {n}")))?;
            }
            Ok(())
        });
        opened.unwrap();
    }
}

/// Opens a vault a few times; the quickest is what the work takes.
fn reopen(what: &str, mut vault: Vault) -> (Vault, Duration) {
    let folder = vault.folder().to_owned();
    let mut best = Duration::MAX;
    for _ in 0..3 {
        vault.close().unwrap();
        let (opened, took) = timed(what, || Vault::open(&folder, PASSPHRASE, now()).unwrap());
        (vault, best) = (opened, best.min(took));
    }
    (vault, best)
}

fn main() {
    let count = std::env::var("AIDPOST_CHARTS").map_or(10_000, |count| count.parse().unwrap());
    let (_dir, vault) = clinic();
    let (vault, empty) = reopen("opening an empty vault, most of it for the passphrase", vault);
    let (_, took) = timed(&format!("opening {count} charts"), || open_many(&vault, count));
    eprintln!("{:.2} ms for each", took.as_secs_f64() * 1e3 / count as f64);
    let (vault, full) = reopen("opening the full vault", vault);
    let loading = full.saturating_sub(empty);
    eprintln!("loading, without the passphrase: {:.2} s", loading.as_secs_f64());
    timed("checking the full vault against itself", || vault.state_check().unwrap());
    let longest = std::thread::scope(|scope| {
        let check = scope.spawn(|| vault.state_check().unwrap());
        let mut longest = Duration::ZERO;
        while !check.is_finished() {
            let begun = Instant::now();
            open_many(&vault, 1);
            longest = longest.max(begun.elapsed());
        }
        longest
    });
    eprintln!("the longest write meanwhile: {:.2} s", longest.as_secs_f64());
    timed("opening one chart more", || open_chart(&vault, "One more"));
}
