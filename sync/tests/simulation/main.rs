//! Devices, a server and an unkind fate: seeded, so that a failure replays. Rounds are polled by hand and dropped at any
//! await, which is what a crash looks like from outside.
//!
//! `FIRST=n SEEDS=m` plays m seeds from n on (`make simulate` plays ten thousand); a seed that fails is named with the command
//! that replays it, and the others go on.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::cast_possible_truncation, reason = "tests")]

#[path = "../support/mailbox.rs"]
#[allow(dead_code, reason = "shared with the tests beside this one")]
mod plain;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;
use world::{Fate, STEPS, Simulation};

/// Played by `make test`.
const SEEDS: u64 = 300;
const PROGRESS_EVERY: u64 = 250;

fn play(seed: u64) -> Fate {
    let mut simulation = Simulation::new(seed);
    for _ in 0..STEPS {
        simulation.step();
    }
    simulation.heal();
    simulation.check();
    simulation.fate
}

fn asked(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

#[test]
fn devices_agree_and_nothing_is_lost_whatever_happens() {
    let (first, seeds) = (asked("FIRST").unwrap_or(0), asked("SEEDS").unwrap_or(SEEDS));
    let (begun, mut all, mut failed) = (Instant::now(), Fate::default(), Vec::new());
    for seed in first..first + seeds {
        match catch_unwind(AssertUnwindSafe(|| play(seed))) {
            Ok(fate) => all += fate,
            Err(_) => {
                println!("seed {seed} failed; it replays with: make simulate FIRST={seed} SEEDS=1");
                failed.push(seed);
            }
        }
        let done = seed - first + 1;
        if done % PROGRESS_EVERY == 0 || done == seeds {
            println!("{done} of {seeds} seeds after {} s, {} failed: {all:?}", begun.elapsed().as_secs(), failed.len());
        }
    }
    assert_eq!(failed, [0; 0], "these seeds failed");
    assert!(seeds < SEEDS || all.was_unkind(seeds), "the schedule was too kind: {all:?}");
}

/// What happened before the round.
type Prepare = fn(&mut Simulation);

/// One device's round is dropped after its first poll, after its second, and so on until it ends: no await is left out.
#[test]
fn a_crash_at_any_await_of_a_round_loses_nothing() {
    let prepare: [(&str, Prepare); 4] = [
        ("after writes on both sides", |_| {}),
        ("after a restore of the server", Simulation::lose_the_servers_news),
        ("after a restore that nobody was told of", Simulation::lose_the_servers_news_in_silence),
        ("after a restore of the device", Simulation::put_the_first_device_back),
    ];
    for (named, prepare) in prepare {
        let crashes = (1..).take_while(|polls| {
            let mut simulation = Simulation::two_with_news(7);
            prepare(&mut simulation);
            let crashed = simulation.crash_after(0, *polls);
            simulation.heal();
            simulation.check();
            crashed
        });
        let crashes = crashes.count();
        assert!(crashes > 7, "only {crashes} places to crash {named}");
    }
}
