//! Devices, a server and an unkind fate: seeded, so that a failure replays. Rounds are polled by hand and dropped at any
//! await, which is what a crash looks like from outside.

use crate::line::Line;
use crate::post::Post;
use crate::remote::memory::{Faults, MemoryRemote, MemoryServer, World};
use crate::state::Board;
use crate::verify;
use futures_util::future::BoxFuture;
use futures_util::task::noop_waker_ref;
use model::Stamp;
use plain::Plain;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use tokio::sync::broadcast;
use uuid::Uuid;

#[path = "../tests/support/mailbox.rs"]
#[allow(dead_code, clippy::unwrap_used, reason = "shared with the tests beside this crate")]
mod plain;

const REALM: Uuid = Uuid::from_u128(42);
const STEPS: usize = 60;
const COLLECTIONS: [&str; 3] = ["appointments", "doctor_notes", "users"];
const START_MS: u64 = 1_700_000_000_000;

struct Device {
    mailbox: Arc<Plain>,
    remote: Arc<MemoryRemote>,
    skew_ms: u64,
}

struct Simulation {
    rng: fastrand::Rng,
    now: Arc<AtomicU64>,
    server: MemoryServer,
    devices: Vec<Device>,
    backup: Option<World>,
    acknowledged: Vec<(String, Uuid, Stamp)>,
    crashes: usize,
    restores: usize,
}

type Running = BoxFuture<'static, crate::error::Result<crate::Tally>>;

impl Simulation {
    fn new(seed: u64) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let now = Arc::new(AtomicU64::new(START_MS));
        let clock = now.clone();
        let server = MemoryServer::new(Arc::new(move || clock.load(Ordering::Relaxed)));
        let count = rng.u128(2..=4);
        let device = |at: u128| Device {
            mailbox: Arc::new(Plain::staff(REALM, (at + 1) | 0x7000 << 64).batches_of(4)),
            remote: Arc::new(server.line(REALM, seed ^ u64::try_from(at).unwrap_or(0))),
            skew_ms: u64::try_from(at).unwrap_or(0) * 600_000,
        };
        let devices = (0..count).map(device).collect();
        Simulation { rng, now, server, devices, backup: None, acknowledged: Vec::new(), crashes: 0, restores: 0 }
    }

    fn run(&mut self) {
        for _ in 0..STEPS {
            self.now.fetch_add(self.rng.u64(1..5_000), Ordering::Relaxed);
            match self.rng.u8(0..100) {
                0..40 => self.write(),
                40..55 => self.disturb(),
                55..95 => self.sync_some(),
                95..97 => self.backup = Some(self.server.backup()),
                _ => self.restore(),
            }
        }
    }

    fn write(&mut self) {
        let device = &self.devices[self.rng.usize(..self.devices.len())];
        let collection = COLLECTIONS[self.rng.usize(..COLLECTIONS.len())];
        let id = Uuid::from_u128(self.rng.u128(1..=6));
        let now = self.now.load(Ordering::Relaxed) + device.skew_ms;
        let stamp = device.mailbox.write(collection, id, REALM, now);
        self.acknowledged.push((collection.to_owned(), id, stamp));
    }

    fn disturb(&mut self) {
        let mut chance = |most: f64| if self.rng.bool() { 0.0 } else { self.rng.f64() * most };
        let (lost_request, lost_answer, busy) = (chance(0.2), chance(0.3), chance(0.4));
        let faults = Faults { partitioned: chance(1.0) > 0.7, lost_request, lost_answer, busy, busy_pushes: false };
        self.devices[self.rng.usize(..self.devices.len())].remote.set_faults(faults);
    }

    fn restore(&mut self) {
        if let Some(world) = self.backup.take() {
            self.restores += 1;
            self.server.restore_and_tell(world);
        }
    }

    fn round(&self, device: usize) -> Running {
        let device = &self.devices[device];
        let (now, skew) = (self.now.clone(), device.skew_ms);
        let clock = Arc::new(move || now.load(Ordering::Relaxed) + skew);
        let post = Post::inline(device.mailbox.clone());
        let line = Line::with(post, device.remote.clone(), Board::new(), clock, broadcast::Sender::new(1)).pages_of(3);
        Box::pin(async move {
            line.greet().await?;
            line.round().await
        })
    }

    /// Some devices sync at once, interleaved at every await; some of them crash.
    fn sync_some(&mut self) {
        let mut running: BTreeMap<usize, Running> = BTreeMap::new();
        for _ in 0..self.rng.usize(1..=self.devices.len()) {
            let device = self.rng.usize(..self.devices.len());
            running.insert(device, self.round(device));
        }
        let crash_after = if self.rng.bool() { self.rng.usize(1..120) } else { usize::MAX };
        for polls in 0.. {
            let Some(device) = self.rng.choice(running.keys().copied()) else { return };
            if polls >= crash_after {
                self.crashes += running.len();
                return;
            }
            if finished(running.get_mut(&device)) {
                running.remove(&device);
            }
        }
    }

    fn heal(&mut self) {
        self.devices.iter().for_each(|device| device.remote.set_faults(Faults::default()));
        for _ in 0..4 {
            for device in 0..self.devices.len() {
                let outcome = finish(self.round(device));
                assert!(outcome.is_ok(), "nothing is in the way any more: {outcome:?}");
            }
        }
    }

    fn check(&self) {
        let first = self.devices[0].mailbox.contents();
        for device in &self.devices {
            assert_eq!(device.mailbox.contents(), first, "two devices differ");
            assert!(device.mailbox.quarantine().is_empty());
            // Nothing was left for the quiet check to repair.
            let post = Post::inline(device.mailbox.clone());
            let differing = verify::differing(&post, &*device.remote);
            assert_eq!(finish(Box::pin(differing)).expect("nothing is in the way"), []);
        }
        for (collection, id, stamp) in &self.acknowledged {
            let there = first.get(&(collection.clone(), *id)).is_some_and(|writes| writes.contains(stamp));
            assert!(there, "an acknowledged write to {collection} is lost");
        }
    }
}

fn finished(running: Option<&mut Running>) -> bool {
    running.is_none_or(|round| round.as_mut().poll(&mut Context::from_waker(noop_waker_ref())).is_ready())
}

fn finish<T>(mut work: BoxFuture<'_, T>) -> T {
    loop {
        if let Poll::Ready(outcome) = work.as_mut().poll(&mut Context::from_waker(noop_waker_ref())) {
            return outcome;
        }
    }
}

/// Says the seed on the way out of a panic.
struct Announce(u64);

impl Drop for Announce {
    #[allow(clippy::print_stdout)]
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("the simulation failed with AIDPOST_SEED={}", self.0);
        }
    }
}

fn simulate(seed: u64) -> (usize, usize) {
    let _announce = Announce(seed);
    let mut simulation = Simulation::new(seed);
    simulation.run();
    simulation.heal();
    simulation.check();
    (simulation.crashes, simulation.restores)
}

#[test]
fn devices_agree_and_nothing_is_lost_whatever_happens() {
    if let Ok(seed) = std::env::var("AIDPOST_SEED") {
        simulate(seed.parse().expect("AIDPOST_SEED is a number"));
        return;
    }
    let (mut crashes, mut restores) = (0, 0);
    for seed in 0..200 {
        let (crashed, restored) = simulate(seed);
        (crashes, restores) = (crashes + crashed, restores + restored);
    }
    // The schedule must really have been unkind.
    assert!(crashes > 200 && restores > 10, "{crashes} crashes, {restores} restores");
}
