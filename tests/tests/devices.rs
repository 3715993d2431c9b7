//! Three devices of a clinic with real vaults, a server, and an unkind fate: cut lines, lost answers, pushes that come late or
//! twice, dropped rounds, restarts of the program, a server or a device put back to an earlier state, new keys after a removal.
//! In the end all agree, and no acknowledged write is gone.
//!
//! `AIDPOST_SEED=n` plays one seed alone, `AIDPOST_SEEDS=from..to` some. Over the server in memory the schedule follows from
//! the seed: vaults are called on the polling thread, rounds are polled by hand in turn, and torn away after so many polls.
//! Ids and keys are made anew each time.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that meets what it does not expect has failed, and a story tells how it goes"
)]

use aidpost_tests::realm::{self, Device, PATIENT, Realm};
use model::{Amendment, Collection, Conflict, DoctorNote, Message, Observation, Patient, mailbox::Mailbox};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use sync::remote::memory::{Faults, MemoryRemote, MemoryServer, World};
use sync::remote::mongo::MongoRemote;
use sync::server::LocalServer;
use sync::{Line, Remote, Tally};
use tempfile::TempDir;
use uuid::Uuid;

const SEEDS: u64 = 14;
const STEPS: usize = 45;
const SKEW_MS: u64 = 90_000;
/// When the realm of the simulations is founded, in milliseconds since 1970.
const FOUNDED_MS: u64 = 1_800_000_000_000;

/// A write that a device acknowledged, and the value by which it is found again.
struct Acknowledged {
    device: usize,
    collection: &'static str,
    id: Uuid,
    mark: Value,
    /// An entry of its own, which must show on every device that may see it.
    entry: bool,
    team_only: bool,
}

/// The place where the devices meet.
enum Hub {
    Memory { server: MemoryServer, lines: Vec<Arc<MemoryRemote>>, backup: Option<World> },
    Mongo { server: LocalServer, lines: Vec<Arc<MongoRemote>> },
}

struct Simulation {
    rng: fastrand::Rng,
    now: Arc<AtomicU64>,
    chart: Uuid,
    team: Uuid,
    devices: Vec<Device>,
    hub: Hub,
    acknowledged: Vec<Acknowledged>,
    marks: u32,
    fate: Fate,
    /// Whom the founder may still remove.
    spare: Vec<Uuid>,
    /// Copies of vaults that may be put back, by device.
    copies: BTreeMap<usize, TempDir>,
    _folder: TempDir,
}

/// What happened, so that a run that was too kind is noticed.
#[derive(Debug, Default)]
struct Fate {
    cut: u32,
    dropped: u32,
    failed: u32,
    restarted: u32,
    restored: u32,
    put_back: u32,
    new_keys: u32,
    conflicts: u32,
}

/// Says the seed on the way out of a panic.
struct Announce(u64);

impl Drop for Announce {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the simulation failed with AIDPOST_SEED={}", self.0);
        }
    }
}

impl Simulation {
    fn new(realm: &Realm, seed: u64) -> Simulation {
        let now = Arc::new(AtomicU64::new(realm.founded_ms + 1_000));
        let clock = now.clone();
        let server = MemoryServer::new(Arc::new(move || clock.load(Ordering::Relaxed)));
        let line = |at: u64| Arc::new(server.line(realm.id, seed * 7 + at));
        let lines = (0..3).map(line).collect();
        Simulation::with(realm, seed, now, Hub::Memory { server, lines, backup: None })
    }

    async fn with_mongo(realm: &Realm, seed: u64, data: &std::path::Path) -> Simulation {
        let server = LocalServer::start(data, 0).await.expect("a mongod is there");
        let address = server.address().unwrap();
        let mut lines = Vec::new();
        for _ in 0..3 {
            lines.push(Arc::new(MongoRemote::connect(&address, Some(realm.id)).await.unwrap()));
        }
        let now = Arc::new(AtomicU64::new(realm.founded_ms + 1_000));
        Simulation::with(realm, seed, now, Hub::Mongo { server, lines })
    }

    fn with(realm: &Realm, seed: u64, now: Arc<AtomicU64>, hub: Hub) -> Simulation {
        let folder = tempfile::tempdir().unwrap();
        let devices = realm.settle(folder.path()).unwrap();
        let team = devices[0].vault.me().unwrap().team;
        Simulation {
            rng: fastrand::Rng::with_seed(seed),
            now,
            chart: realm.chart,
            team,
            devices,
            hub,
            acknowledged: Vec::new(),
            marks: 0,
            fate: Fate::default(),
            spare: realm.spare.clone(),
            copies: BTreeMap::new(),
            _folder: folder,
        }
    }

    async fn run(&mut self, steps: usize) {
        for _ in 0..steps {
            self.now.fetch_add(self.rng.u64(1..5_000), Ordering::Relaxed);
            let device = self.rng.usize(..self.devices.len());
            match self.rng.u8(0..100) {
                0..45 => self.write(device),
                45..58 => self.disturb(device).await,
                58..87 => self.sync(device).await,
                87..91 => self.restart(device),
                91..93 => self.make_new_keys(),
                93..96 => self.put_back(device),
                _ => self.restore(),
            }
        }
    }

    fn now_at(&self, device: usize) -> u64 {
        self.now.load(Ordering::Relaxed) + SKEW_MS * device as u64
    }

    /// A device that was let in learns of the charts with its first round; from the chart's first page on it may write.
    fn write(&mut self, device: usize) {
        if self.front(device).is_none() {
            return;
        }
        match self.rng.u8(0..7) {
            0 => self.change_front(device, "phone"),
            1 => self.change_front(device, "address"),
            2 => self.add_allergy(device),
            3 => self.measure(device),
            4 => self.correct(device),
            5 => self.say(device),
            _ => self.note(device),
        }
    }

    fn mark(&mut self) -> String {
        self.marks += 1;
        format!("mark {}", self.marks)
    }

    fn acknowledge<T: Collection>(&mut self, device: usize, id: Uuid, mark: Value, entry: bool, team_only: bool) {
        self.acknowledged.push(Acknowledged { device, collection: T::DEF.name, id, mark, entry, team_only });
    }

    fn front(&self, device: usize) -> Option<Patient> {
        self.devices[device].vault.get::<Patient>(self.chart).unwrap().map(|row| row.value)
    }

    fn put_front(&self, device: usize, values: Value) {
        let (chart, now) = (self.chart, self.now_at(device));
        let written =
            self.devices[device].vault.write(now, |w| w.put::<Patient>(chart, chart, values.as_object().unwrap()));
        written.expect("everybody here may write in this chart");
    }

    fn change_front(&mut self, device: usize, field: &str) {
        let mark = self.mark();
        self.put_front(device, json!({ field: mark }));
        self.acknowledge::<Patient>(device, self.chart, json!(mark), false, false);
    }

    fn add_allergy(&mut self, device: usize) {
        let Some(front) = self.front(device) else { return };
        let (mark, mut all) = (self.mark(), json!(front.allergies));
        let id = Uuid::from_u128(self.rng.u128(..));
        let allergy = json!({ "id": id, "substance": mark, "reaction": null, "severity": "severe", "confirmed": true, "code": null, "origin": null });
        all.as_array_mut().unwrap().push(allergy);
        self.put_front(device, json!({ "allergies": all }));
        self.acknowledge::<Patient>(device, self.chart, json!(mark), false, false);
    }

    fn measure(&mut self, device: usize) {
        self.marks += 1;
        let (chart, user, now) = (self.chart, self.devices[device].user, self.now_at(device));
        let value = f64::from(self.marks) + 0.5;
        let measured = realm::observation(chart, user, value, now);
        let (id, _) = self.devices[device]
            .vault
            .write(now, |w| w.new_id().and_then(|id| w.append(id, chart, &measured).map(|()| id)))
            .unwrap();
        self.acknowledge::<Observation>(device, id, json!(value), false, false);
    }

    /// Amends a value that this device knows; the patient may amend their own alone.
    fn correct(&mut self, device: usize) {
        let (user, now) = (self.devices[device].user, self.now_at(device));
        let known = self.devices[device].vault.list::<Observation>(&vault::Find::default()).unwrap();
        let may = |row: &&vault::Row<Observation>| {
            device != PATIENT || row.value.entered_by.is_some_and(|id| id.uuid == user)
        };
        // By value, not by id, so that the choice follows from the seed.
        let mut known: Vec<_> = known.iter().filter(may).map(|row| (row.value.value, row.id)).collect();
        known.sort_by(|one, other| one.0.total_cmp(&other.0));
        let Some((_, id)) = self.rng.choice(&known).copied() else { return };
        self.marks += 1;
        let value = f64::from(self.marks) + 0.5;
        let changes = json!({ "value": value, "unit": "/min" });
        self.devices[device].vault.write(now, |w| w.amend::<Observation>(id, changes.as_object().unwrap())).unwrap();
        self.acknowledge::<Observation>(device, id, json!(value), false, false);
    }

    fn say(&mut self, device: usize) {
        let (mark, chart, now) = (self.mark(), self.chart, self.now_at(device));
        let said = realm::message(chart, self.devices[device].user, &mark, now);
        let (id, _) = self.devices[device]
            .vault
            .write(now, |w| w.new_id().and_then(|id| w.append(id, chart, &said).map(|()| id)))
            .unwrap();
        self.acknowledge::<Message>(device, id, json!(mark), true, false);
    }

    fn note(&mut self, device: usize) {
        if device == PATIENT {
            return self.say(device);
        }
        let (mark, shared, now) = (self.mark(), self.rng.bool(), self.now_at(device));
        let note = DoctorNote {
            doctor_id: model::Id::new(self.devices[device].user),
            patient_id: model::Id::new(self.chart),
            note_text: mark.clone(),
            is_audio_transcript: false,
            audio: None,
            is_shared_with_patient: shared,
            amends: None,
        };
        let scope = if shared { self.chart } else { self.team };
        let (id, _) = self.devices[device]
            .vault
            .write(now, |w| w.new_id().and_then(|id| w.append(id, scope, &note).map(|()| id)))
            .unwrap();
        self.acknowledge::<DoctorNote>(device, id, json!(mark), true, !shared);
    }

    async fn disturb(&mut self, device: usize) {
        let rng = &mut self.rng;
        let mut chance = |most: f64| if rng.bool() { 0.0 } else { rng.f64() * most };
        let faults = Faults {
            partitioned: chance(1.0) > 0.6,
            lost_request: chance(0.2),
            lost_answer: chance(0.3),
            busy: chance(0.3),
            delayed: chance(0.2),
            doubled: chance(0.3),
            repeated: chance(0.3),
            ..Faults::default()
        };
        self.fate.cut += u32::from(faults.partitioned);
        match &mut self.hub {
            Hub::Memory { lines, .. } => lines[device].set_faults(faults),
            Hub::Mongo { server, .. } => {
                server.stop().await;
                self.fate.cut += 1;
                let writer = self.rng.usize(..3);
                self.write(writer);
                self.sync(device).await;
                let Hub::Mongo { server, .. } = &mut self.hub else { return };
                server.restart().await.unwrap();
            }
        }
    }

    fn remote(&self, device: usize) -> Arc<dyn Remote> {
        match &self.hub {
            Hub::Memory { lines, .. } => lines[device].clone(),
            Hub::Mongo { lines, .. } => lines[device].clone(),
        }
    }

    fn round(&self, device: usize) -> impl Future<Output = Result<Tally, sync::SyncError>> + use<> {
        let (now, skew) = (self.now.clone(), SKEW_MS * device as u64);
        let clock = Arc::new(move || now.load(Ordering::Relaxed) + skew);
        let line = Line::new(self.devices[device].vault.clone(), self.remote(device), clock);
        let line = if matches!(self.hub, Hub::Memory { .. }) { line.on_polling_thread() } else { line };
        async move {
            line.greet().await?;
            line.round().await?;
            line.quiet_check().await?;
            line.round().await
        }
    }

    /// One device talks to the server, sometimes against a rival, and is sometimes torn away in the middle.
    async fn sync(&mut self, device: usize) {
        let rival = self.rng.usize(..self.devices.len());
        let patience = if self.rng.bool() { usize::MAX } else { self.rng.usize(1..40) };
        let (one, other) = (self.round(device), self.round(rival));
        let both = async { if rival == device { (one.await, Ok(Tally::default())) } else { tokio::join!(one, other) } };
        let outcome = match &self.hub {
            Hub::Memory { .. } => poll_so_often(both, patience),
            Hub::Mongo { .. } => {
                let patience = Duration::from_millis(u64::try_from(patience).unwrap().min(60_000));
                tokio::time::timeout(patience, both).await.ok()
            }
        };
        match outcome {
            None => self.fate.dropped += 1,
            Some(outcomes) => {
                self.find_out(device, &outcomes.0);
                self.find_out(rival, &outcomes.1);
                self.fate.failed += [outcomes.0.is_err(), outcomes.1.is_err()].map(u32::from).iter().sum::<u32>()
            }
        }
    }

    fn restart(&mut self, device: usize) {
        let now = self.now_at(device);
        self.devices[device].restart(now).expect("a vault that was closed opens again");
        self.fate.restarted += 1;
    }

    /// The founder removes a doctor, and everything that one could open gets new keys.
    fn make_new_keys(&mut self) {
        let Some(user) = self.spare.pop() else { return };
        let (vault, now) = (self.devices[0].vault.clone(), self.now_at(0));
        vault.remove_user(user, now).unwrap();
        let due = vault.due_renewals(now).unwrap();
        vault.renew_scopes(&due, now).unwrap();
        self.fate.new_keys += 1;
    }

    /// A vault is copied, or the copy put back: only once everything of it is at the server, for what is nowhere else is beyond
    /// help; and so that it stays there, the server's own copies from before are forgotten.
    fn put_back(&mut self, device: usize) {
        let now = self.now_at(device);
        let Some(copy) = self.copies.remove(&device) else {
            let copy = tempfile::tempdir().unwrap();
            self.devices[device].copy_to(copy.path(), now).unwrap();
            self.copies.insert(device, copy);
            return;
        };
        let Hub::Memory { backup, .. } = &mut self.hub else { return };
        let all_sent = Mailbox::counts(&*self.devices[device].vault).unwrap().to_send == 0;
        match all_sent && Mailbox::under_way(&*self.devices[device].vault).unwrap().is_none() {
            false => _ = self.copies.insert(device, copy),
            true => {
                *backup = None;
                self.devices[device].put_back(copy.path(), now).unwrap();
                self.fate.put_back += 1;
            }
        }
    }

    /// A vault that was put back finds out, and goes on as a device of its own.
    fn find_out(&mut self, device: usize, outcome: &Result<Tally, sync::SyncError>) {
        if matches!(outcome, Err(sync::SyncError::Clone)) {
            let now = self.now_at(device);
            self.devices[device].vault.become_new_device(now).unwrap();
        }
    }

    /// The operator saves the database, or puts the saved one back.
    fn restore(&mut self) {
        let Hub::Memory { server, backup, .. } = &mut self.hub else { return };
        match backup.take() {
            None => *backup = Some(server.backup()),
            Some(world) => {
                server.restore(world);
                self.fate.restored += 1;
            }
        }
    }

    async fn heal(&mut self) {
        if let Hub::Memory { lines, .. } = &self.hub {
            lines.iter().for_each(|line| line.set_faults(Faults::default()));
        }
        for _ in 0..5 {
            for device in 0..self.devices.len() {
                let outcome = self.round(device).await;
                self.find_out(device, &outcome);
                let fine = matches!(outcome, Ok(_) | Err(sync::SyncError::Clone));
                assert!(fine, "nothing is in the way any more: {outcome:?}");
            }
        }
    }

    fn check(&mut self) {
        for device in 0..self.devices.len() {
            let vault = &self.devices[device].vault;
            let counts = Mailbox::counts(&**vault).unwrap();
            let left = vault.quarantine().unwrap();
            let waiting = vault.waiting_for().unwrap();
            assert_eq!((counts.to_send, waiting, left), (0, vec![], vec![]), "device {device} is not done");
            // That the remote or a device went back is told, for it did; nobody else is suspected.
            let expected = |code: &str| match code {
                "went-back" => self.fate.restored > 0,
                "new-device" => self.fate.put_back > 0,
                _ => false,
            };
            let others: Vec<_> = vault.alerts().unwrap().into_iter().filter(|alert| !expected(&alert.code)).collect();
            assert_eq!(others, [], "device {device} suspects somebody");
            vault.state_check().unwrap();
        }
        self.equal::<Patient>();
        self.equal::<Observation>();
        self.equal::<Message>();
        self.equal::<Amendment>();
        self.equal::<Conflict>();
        let doctors =
            self.devices[..PATIENT].iter().map(|one| one.contents::<DoctorNote>().unwrap()).collect::<Vec<_>>();
        assert_eq!(doctors[0], doctors[1], "the doctors' notes differ");
        self.acknowledged.iter().for_each(|write| self.is_kept(write));
        self.fate.conflicts = u32::try_from(self.devices[0].vault.conflicts_open().unwrap().len()).unwrap();
    }

    fn equal<T: Collection + serde::Serialize>(&self) {
        let first = self.devices[0].contents::<T>().unwrap();
        for (at, device) in self.devices.iter().enumerate() {
            assert_eq!(device.contents::<T>().unwrap(), first, "{} differ on device {at}", T::DEF.name);
        }
    }

    fn is_kept(&self, write: &Acknowledged) {
        let named = format!("{:?} of {} {} by device {}", write.mark, write.collection, write.id, write.device);
        assert!(self.traces(write.device, write), "{named} is gone from its own device");
        for device in (0..self.devices.len()).filter(|_| write.entry) {
            let may_see = device != PATIENT || !write.team_only;
            assert_eq!(self.traces(device, write), may_see, "{named} on device {device}");
        }
    }

    /// Shows, is in the history, or waits in a conflict for a person.
    fn traces(&self, device: usize, write: &Acknowledged) -> bool {
        let vault = &self.devices[device].vault;
        let history = match vault.history(write.collection, write.id) {
            Ok(history) => history,
            Err(vault::Error::NoDocument(_)) => return false,
            Err(error) => panic!("the history does not read: {error}"),
        };
        let filed = vault.conflicts_open().unwrap().into_iter().filter(|row| row.value.document_id == write.id);
        let filed = filed.flat_map(|row| [row.value.shown, row.value.displaced]).flatten();
        history.into_iter().map(|entry| entry.value).chain(filed).any(|value| contains(&value, &write.mark))
    }
}

/// Polls by hand; `None` when that was not enough.
fn poll_so_often<T>(work: impl Future<Output = T>, polls: usize) -> Option<T> {
    let mut work = std::pin::pin!(work);
    let mut context = Context::from_waker(Waker::noop());
    (0..polls).find_map(|_| match work.as_mut().poll(&mut context) {
        Poll::Ready(outcome) => Some(outcome),
        Poll::Pending => None,
    })
}

fn contains(value: &Value, mark: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| contains(item, mark)),
        Value::Object(fields) => fields.values().any(|field| contains(field, mark)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value == mark,
    }
}

fn play(realm: &Realm, seed: u64) -> Fate {
    let _announce = Announce(seed);
    let mut simulation = Simulation::new(realm, seed);
    let whole = async {
        simulation.run(STEPS).await;
        simulation.heal().await;
    };
    poll_so_often(whole, usize::MAX).expect("it ends");
    simulation.check();
    simulation.fate
}

#[test]
fn three_vaults_agree_and_lose_nothing_whatever_happens() {
    let realm = Realm::found(FOUNDED_MS).unwrap();
    if let Ok(seed) = std::env::var("AIDPOST_SEED") {
        println!("{:?}", play(&realm, seed.parse().unwrap()));
        return;
    }
    let asked = std::env::var("AIDPOST_SEEDS").unwrap_or_else(|_| format!("0..{SEEDS}"));
    let (from, to) = asked.split_once("..").expect("from..to");
    let mut all = Fate::default();
    for seed in from.parse::<u64>().unwrap()..to.parse().unwrap() {
        let fate = play(&realm, seed);
        println!("seed {seed}: {fate:?}");
        all.cut += fate.cut;
        all.dropped += fate.dropped;
        all.failed += fate.failed;
        all.restarted += fate.restarted;
        all.restored += fate.restored;
        all.put_back += fate.put_back;
        all.new_keys += fate.new_keys;
        all.conflicts += fate.conflicts;
    }
    // The schedule must really have been unkind.
    let unkind = all.cut > 5
        && all.dropped > 15
        && all.failed > 50
        && all.restarted > 15
        && all.restored > 7
        && all.put_back > 2
        && all.new_keys > 7
        && all.conflicts > 7;
    assert!(unkind, "{all:?}");
}

/// The same folder on two computers: the second finds out at its first round, and goes on under a name of its own.
#[test]
fn a_copied_vault_is_told_apart_and_goes_on() {
    let realm = Realm::found(FOUNDED_MS).unwrap();
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let [mut one, mut copy] = [&here, &there].map(|folder| realm.settle(folder.path()).unwrap().remove(0));
    let now = FOUNDED_MS + 1_000;
    let server = MemoryServer::new(Arc::new(move || now));
    let remote = Arc::new(server.line(realm.id, 1));
    let round = |device: &Device| {
        let line = Line::new(device.vault.clone(), remote.clone(), Arc::new(move || now)).on_polling_thread();
        let whole = async {
            line.greet().await?;
            line.round().await
        };
        poll_so_often(whole, usize::MAX).expect("it ends")
    };
    let say = |device: &Device, said: &str| {
        let message = realm::message(realm.chart, device.user, said, now);
        device.vault.write(now, |w| w.new_id().and_then(|id| w.append(id, realm.chart, &message))).unwrap();
    };
    say(&one, "from the first");
    say(&copy, "from the copy");
    // A batch of the copy is under way, under the number that the first one takes.
    assert!(Mailbox::outgoing(&*copy.vault, now, false).unwrap().is_some());
    round(&one).unwrap();
    assert_eq!(round(&copy).unwrap_err().code(), "device.clone");
    assert!(copy.vault.is_copy().unwrap() && !one.vault.is_copy().unwrap());
    copy.vault.become_new_device(now).unwrap();
    round(&copy).unwrap();
    round(&one).unwrap();
    for device in [&mut one, &mut copy] {
        device.restart(now).unwrap();
        round(device).unwrap();
        assert_eq!(device.contents::<Message>().unwrap().len(), 2);
        assert_eq!(device.vault.waiting().unwrap(), 0);
    }
    // The person hears of the device that came of the copy, where they did not make it so.
    let alerts = |device: &Device| device.vault.alerts().unwrap();
    assert!(alerts(&copy).is_empty());
    let heard: Vec<_> = alerts(&one).into_iter().map(|alert| (alert.code, alert.device)).collect();
    assert_eq!(heard, [("new-device".to_owned(), copy.vault.me().unwrap().device)]);
    assert_eq!(one.contents::<Message>().unwrap(), copy.contents::<Message>().unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn and_so_they_do_over_a_real_mongodb_that_fails_and_returns() {
    let _announce = Announce(4242);
    // The server goes by the computer's clock, so the realm is founded by it too.
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
    let (realm, data) = (Realm::found(u64::try_from(now).unwrap()).unwrap(), tempfile::tempdir().unwrap());
    let mut simulation = Simulation::with_mongo(&realm, 4242, data.path()).await;
    simulation.run(STEPS).await;
    simulation.heal().await;
    simulation.check();
    println!("{:?}", simulation.fate);
    assert!(simulation.fate.cut > 0 && simulation.fate.failed > 0, "{:?}", simulation.fate);
}
