//! The devices with their server, what happens to them, and what must hold in the end.

use crate::plain::{Key, Plain, Saved, Writes};
use futures_util::future::BoxFuture;
use futures_util::task::noop_waker_ref;
use model::{Stamp, parcel::Urgent};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use sync::remote::memory::{Faults, MemoryRemote, MemoryServer, World};
use sync::{Line, SyncError, Tally};
use uuid::Uuid;

/// Operations in one run.
pub const STEPS: usize = 200;
const DEVICES: u128 = 5;
const REALM: Uuid = Uuid::from_u128(42);
const CHART: Uuid = Uuid::from_u128(43);
const WARD: Uuid = Uuid::from_u128(44);
/// The last device is a patient's: it pulls the realm's scope and one chart, and the ward once it may.
const PATIENT: usize = DEVICES as usize - 1;
const COLLECTIONS: [&str; 3] = ["appointments", "doctor_notes", "users"];
const START_MS: u64 = 1_700_000_000_000;
const SKEW_MS: u64 = 40 * 60_000;
/// Rounds that each device gets once nothing is in the way.
const LAPS: usize = 6;

struct Device {
    mailbox: Arc<Plain>,
    remote: Arc<MemoryRemote>,
    skew_ms: u64,
    saved: Option<Saved>,
}

/// What happened, so that a run that was too kind is noticed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fate {
    writes: u64,
    crashes: u64,
    partitions: u64,
    server_restores: u64,
    device_restores: u64,
    new_names: u64,
    grants: u64,
    clock_jumps: u64,
    /// Acknowledged writes that a restore took away everywhere: no program can keep those.
    beyond_help: u64,
}

impl std::ops::AddAssign for Fate {
    fn add_assign(&mut self, other: Self) {
        self.writes += other.writes;
        self.crashes += other.crashes;
        self.partitions += other.partitions;
        self.server_restores += other.server_restores;
        self.device_restores += other.device_restores;
        self.new_names += other.new_names;
        self.grants += other.grants;
        self.clock_jumps += other.clock_jumps;
        self.beyond_help += other.beyond_help;
    }
}

impl Fate {
    pub fn was_unkind(&self, runs: u64) -> bool {
        let each = [self.crashes, self.partitions, self.server_restores, self.device_restores, self.clock_jumps];
        let rarer = [self.new_names, self.grants];
        each.into_iter().all(|count| count > runs)
            && rarer.into_iter().all(|count| count > runs / 2)
            && self.beyond_help < self.writes / 20
    }
}

type Running = BoxFuture<'static, Result<Tally, SyncError>>;

pub struct Simulation {
    rng: fastrand::Rng,
    now: Arc<AtomicU64>,
    server: MemoryServer,
    devices: Vec<Device>,
    backup: Option<World>,
    acknowledged: Vec<(Key, Stamp)>,
    names: u128,
    pub fate: Fate,
}

impl Simulation {
    pub fn new(seed: u64) -> Self {
        let now = Arc::new(AtomicU64::new(START_MS));
        let clock = now.clone();
        let server = MemoryServer::new(Arc::new(move || clock.load(Ordering::Relaxed)));
        let mut rng = fastrand::Rng::with_seed(seed);
        let devices = (0..DEVICES).map(|at| device(&server, at, seed, rng.u64(0..2 * SKEW_MS))).collect();
        let (backup, acknowledged, names, fate) = (None, Vec::new(), 1_000, Fate::default());
        Simulation { rng, now, server, devices, backup, acknowledged, names, fate }
    }

    /// Two devices that wrote apart after they had agreed; the rest stand by.
    pub fn two_with_news(seed: u64) -> Self {
        let mut simulation = Simulation::new(seed);
        simulation.write_everywhere();
        simulation.heal();
        simulation.backup = Some(simulation.server.backup());
        simulation.devices[0].saved = Some(simulation.devices[0].mailbox.save());
        simulation.write_everywhere();
        simulation.heal();
        simulation.write_everywhere();
        assert!(simulation.finish_round(1).is_ok());
        simulation
    }

    fn write_everywhere(&mut self) {
        for at in 0..6 {
            self.now.fetch_add(1_000, Ordering::Relaxed);
            self.write_one(at % 2, at);
        }
    }

    pub fn lose_the_servers_news(&mut self) {
        let world = self.backup.take().unwrap();
        self.forgive(|simulation| simulation.server.restore_and_tell(world));
    }

    pub fn lose_the_servers_news_in_silence(&mut self) {
        let world = self.backup.take().unwrap();
        self.forgive(|simulation| simulation.server.restore(world));
    }

    pub fn put_the_first_device_back(&mut self) {
        self.put_back(0);
    }

    pub fn step(&mut self) {
        self.now.fetch_add(self.rng.u64(1..5_000), Ordering::Relaxed);
        let device = self.rng.usize(..self.devices.len());
        match self.rng.u16(0..1_000) {
            0..400 => self.write(device),
            400..530 => self.disturb(device),
            530..890 => self.sync_some(),
            890..915 => self.backup = Some(self.server.backup()),
            915..935 => self.restore(),
            935..960 => self.devices[device].saved = Some(self.devices[device].mailbox.save()),
            960..980 => self.put_back(device),
            980..984 => self.grant(),
            _ => self.jump(device),
        }
    }

    fn write(&mut self, device: usize) {
        let at = self.rng.usize(1..=6);
        self.write_one(device, at);
    }

    fn write_one(&mut self, device: usize, at: usize) {
        // A third of the documents each; who does not pull a scope has no key for it.
        let scope = [REALM, CHART, WARD][at % 3];
        let collection = COLLECTIONS[self.rng.usize(..COLLECTIONS.len())];
        let one = &self.devices[device];
        if !one.mailbox.pulls(scope) {
            return;
        }
        let (id, now) = (Uuid::from_u128(at as u128), self.now.load(Ordering::Relaxed) + one.skew_ms);
        let stamp = one.mailbox.write(collection, id, scope, now);
        self.acknowledged.push(((collection.to_owned(), id), stamp));
        self.fate.writes += 1;
    }

    fn disturb(&mut self, device: usize) {
        let mut chance = |most: f64| if self.rng.bool() { 0.0 } else { self.rng.f64() * most };
        let (lost_request, lost_answer, busy) = (chance(0.2), chance(0.3), chance(0.4));
        let (delayed, doubled, repeated) = (chance(0.3), chance(0.5), chance(0.3));
        let partitioned = chance(1.0) > 0.7;
        let busy_pushes = false;
        let faults = Faults { partitioned, lost_request, lost_answer, busy, busy_pushes, delayed, doubled, repeated };
        self.fate.partitions += u64::from(partitioned);
        self.devices[device].remote.set_faults(faults);
    }

    fn jump(&mut self, device: usize) {
        self.devices[device].skew_ms = self.rng.u64(0..2 * SKEW_MS);
        self.fate.clock_jumps += 1;
    }

    fn grant(&mut self) {
        self.devices[PATIENT].mailbox.subscribe(WARD);
        self.fate.grants += 1;
    }

    /// The operator puts a copy back, and tells of it or not.
    fn restore(&mut self) {
        let Some(world) = self.backup.take() else { return };
        self.fate.server_restores += 1;
        let tells = self.rng.bool();
        self.forgive(|simulation| match tells {
            true => simulation.server.restore_and_tell(world),
            false => simulation.server.restore(world),
        });
    }

    /// A device goes on from a copy that was made of it.
    fn put_back(&mut self, device: usize) {
        let Some(saved) = self.devices[device].saved.take() else { return };
        self.fate.device_restores += 1;
        self.forgive(|simulation| simulation.devices[device].mailbox.put_back(saved));
    }

    /// Everything is somewhere before a copy is put back. What was nowhere else is forgiven, and counted.
    fn forgive(&mut self, put_back: impl FnOnce(&mut Self)) {
        self.require_all();
        put_back(self);
        let there = self.everywhere();
        let before = self.acknowledged.len();
        self.acknowledged.retain(|(key, stamp)| there.get(key).is_some_and(|writes| writes.contains(stamp)));
        self.fate.beyond_help += (before - self.acknowledged.len()) as u64;
    }

    fn require_all(&self) {
        let there = self.everywhere();
        for (key, stamp) in &self.acknowledged {
            let held = there.get(key).is_some_and(|writes| writes.contains(stamp));
            assert!(held, "an acknowledged write to {} is lost", key.0);
        }
    }

    fn everywhere(&self) -> BTreeMap<Key, Writes> {
        let mut all: BTreeMap<Key, Writes> = BTreeMap::new();
        for device in &self.devices {
            for (key, writes) in device.mailbox.contents() {
                all.entry(key).or_default().extend(writes);
            }
        }
        for (key, _) in &self.acknowledged {
            let there = self.server.document(&key.0, key.1);
            all.entry(key.clone())
                .or_default()
                .extend(there.and_then(|parcel| crate::plain::writes(&parcel.body)).unwrap_or_default());
        }
        all
    }

    fn round(&self, device: usize) -> Running {
        let device = &self.devices[device];
        let (now, skew) = (self.now.clone(), device.skew_ms);
        let clock = Arc::new(move || now.load(Ordering::Relaxed) + skew);
        let line = Line::new(device.mailbox.clone(), device.remote.clone(), clock).on_polling_thread().pages_of(3);
        Box::pin(async move {
            line.greet().await?;
            let tally = line.round().await?;
            // As the engine does when it has reason to doubt.
            line.quiet_check().await?;
            Ok(tally)
        })
    }

    /// Some devices sync at once, interleaved at every await; some of them crash, and the server may be put back meanwhile.
    fn sync_some(&mut self) {
        let mut running: BTreeMap<usize, Running> = BTreeMap::new();
        for _ in 0..self.rng.usize(1..=self.devices.len()) {
            let device = self.rng.usize(..self.devices.len());
            running.insert(device, self.round(device));
        }
        let crash_after = if self.rng.bool() { self.rng.usize(1..200) } else { usize::MAX };
        let restore_after = if self.rng.u8(..100) == 0 { self.rng.usize(1..60) } else { usize::MAX };
        for polls in 0.. {
            let Some(device) = self.rng.choice(running.keys().copied()) else { return };
            if polls >= crash_after {
                self.fate.crashes += running.len() as u64;
                return;
            }
            if polls == restore_after {
                self.restore();
            }
            if let Some(Poll::Ready(outcome)) = running.get_mut(&device).map(poll) {
                running.remove(&device);
                self.note(device, &outcome);
            }
        }
    }

    /// A device that was put back finds out, and goes on under another name.
    fn note(&mut self, device: usize, outcome: &Result<Tally, SyncError>) {
        if matches!(outcome, Err(SyncError::Clone)) {
            self.names += 1;
            self.fate.new_names += 1;
            self.devices[device].mailbox.become_new_device(self.names | 0x7000 << 64);
        }
    }

    /// Drops a device's round after so many polls; was it still going on?
    pub fn crash_after(&mut self, device: usize, polls: usize) -> bool {
        let mut round = self.round(device);
        let ended = (0..polls).find_map(|_| match poll(&mut round) {
            Poll::Ready(outcome) => Some(outcome),
            Poll::Pending => None,
        });
        drop(round);
        match ended {
            None => true,
            Some(outcome) => {
                self.note(device, &outcome);
                false
            }
        }
    }

    fn finish_round(&mut self, device: usize) -> Result<Tally, SyncError> {
        let outcome = finish(self.round(device));
        self.note(device, &outcome);
        outcome
    }

    pub fn heal(&mut self) {
        self.devices.iter().for_each(|device| device.remote.set_faults(Faults::default()));
        for _ in 0..LAPS {
            for device in 0..self.devices.len() {
                let outcome = self.finish_round(device);
                let fine = matches!(outcome, Ok(_) | Err(SyncError::Clone));
                assert!(fine, "nothing is in the way any more: {outcome:?}");
            }
        }
    }

    pub fn check(&self) {
        let first = self.devices[0].mailbox.contents();
        for (at, device) in self.devices.iter().enumerate() {
            let mut expected = first.clone();
            expected.retain(|(_, id), _| device.mailbox.pulls([REALM, CHART, WARD][(id.as_u128() % 3) as usize]));
            let mut found = device.mailbox.contents();
            found.retain(|key, _| expected.contains_key(key) || device.mailbox.pulls(WARD));
            assert_eq!(found, expected, "device {at} differs");
            assert!(device.mailbox.quarantine().is_empty());
            let line =
                Line::new(device.mailbox.clone(), device.remote.clone(), Arc::new(|| START_MS)).on_polling_thread();
            let left = finish(Box::pin(async move { line.differences().await })).unwrap();
            assert_eq!(left, 0, "device {at} and the server differ");
        }
        for (key, stamp) in &self.acknowledged {
            let there = first.get(key).is_some_and(|writes| writes.contains(stamp));
            assert!(there, "an acknowledged write to {} is lost", key.0);
        }
    }
}

fn device(server: &MemoryServer, at: u128, seed: u64, skew_ms: u64) -> Device {
    let name = (at + 1) | 0x7000 << 64;
    let plain = match at == PATIENT as u128 {
        true => Plain::new(REALM, name, [Some(REALM), Some(CHART)]),
        false => Plain::staff(REALM, name),
    };
    let remote = Arc::new(server.line(REALM, seed.wrapping_mul(DEVICES as u64).wrapping_add(at as u64)));
    plain.need_first(Urgent { scopes: vec![REALM, WARD], documents: vec![("users".to_owned(), Uuid::from_u128(1))] });
    Device { mailbox: Arc::new(plain.batches_of(4)), remote, skew_ms, saved: None }
}

fn poll<T>(work: &mut BoxFuture<'_, T>) -> Poll<T> {
    work.as_mut().poll(&mut Context::from_waker(noop_waker_ref()))
}

fn finish<T>(mut work: BoxFuture<'_, T>) -> T {
    loop {
        if let Poll::Ready(outcome) = poll(&mut work) {
            return outcome;
        }
    }
}
