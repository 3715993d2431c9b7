//! Real faults, many times over, and what they cost: how many documents were lost, doubled or differ afterwards. Each of the three must
//! be zero, or the run fails.
//!
//! - the primary of a replica set of three is killed while two devices push (`AIDPOST_KILLS`, 50)
//! - a line between device and database that cuts, delays, truncates and half-closes (`AIDPOST_CUTS`, 300 connections)
//! - the program itself is killed at a random moment of its writing and reconciling (`AIDPOST_CRASHES`, 100; a long run: 1000)
//!
//! `make faults`. The seed is printed; `AIDPOST_SEED` repeats the choices, though not the timing.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a campaign tells its figures, and one that meets what it does not expect has failed"
)]

use aidpost_tests::{
    desk::{Desk, PASSPHRASE},
    realm::{Device, Realm},
    window::driver::built,
};
use model::{Observation, mailbox::Mailbox};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use sync::{Address, Engine, Line, Options, Target, remote::mongo::MongoRemote, server::LocalServer, server::LocalSet};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use uuid::Uuid;
use vault::Find;

#[tokio::main]
async fn main() {
    let seed = std::env::var("AIDPOST_SEED").map_or_else(|_| fastrand::u64(..), |seed| seed.parse().unwrap());
    println!("seed {seed}");
    let mut rng = fastrand::Rng::with_seed(seed);
    println!("{:<52} {:>8} {:>8} {:>6} {:>8} {:>9}", "", "faults", "written", "lost", "doubled", "differing");
    primary_killed(&mut rng, times("AIDPOST_KILLS", 50)).await;
    line_cut(&mut rng, times("AIDPOST_CUTS", 300)).await;
    program_killed(&mut rng, times("AIDPOST_CRASHES", 100)).await;
}

fn times(name: &str, usual: usize) -> usize {
    std::env::var(name).map_or(usual, |count| count.parse().unwrap())
}

fn now_ms() -> u64 {
    u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

/// What a part of the campaign found.
#[derive(Default)]
struct Toll {
    faults: usize,
    written: usize,
    lost: usize,
    doubled: usize,
    differing: usize,
}

impl Toll {
    fn tell(&self, what: &str) {
        let Toll { faults, written, lost, doubled, differing } = self;
        println!("{what:<52} {faults:>8} {written:>8} {lost:>6} {doubled:>8} {differing:>9}");
        assert_eq!((*lost, *doubled, *differing), (0, 0, 0), "{what}");
    }
}

/// Two doctors who write and reconcile all the time.
struct Pair {
    realm: Realm,
    devices: Vec<Device>,
    engines: Vec<Engine>,
    written: Vec<Uuid>,
    address: Address,
    _folder: tempfile::TempDir,
}

impl Pair {
    async fn at(uri: &str) -> Pair {
        let folder = tempfile::tempdir().unwrap();
        let realm = Realm::found(now_ms()).unwrap();
        let devices = realm.settle(folder.path()).unwrap();
        let address = Address::parse(uri).unwrap();
        let mut pair = Pair { realm, devices, engines: Vec::new(), written: Vec::new(), address, _folder: folder };
        pair.meet(&[0, 1, 0]).await;
        let start = |device: &Device| {
            let mailbox: Arc<dyn Mailbox> = device.vault.clone();
            let target = Target::Mongo(pair.address.clone());
            Engine::start(mailbox, target, Options::new(Arc::new(now_ms)), Default::default())
        };
        pair.engines = pair.devices[..2].iter().map(start).collect();
        pair
    }

    /// A full round of each of these devices, in this order.
    async fn meet(&self, devices: &[usize]) {
        for device in devices {
            let mailbox: Arc<dyn Mailbox> = self.devices[*device].vault.clone();
            let line = Line::new(mailbox, self.remote().await, Arc::new(now_ms));
            line.greet().await.unwrap();
            while line.round().await.unwrap().unsettled {}
        }
    }

    /// One document on a device; it is acknowledged when this returns.
    fn write(&mut self, device: usize) {
        let (one, chart) = (&self.devices[device], self.realm.chart);
        let value = aidpost_tests::realm::observation(chart, one.user, self.written.len() as f64, now_ms());
        let wrote = one.vault.write(now_ms(), |w| {
            let id = w.new_id()?;
            w.append(id, chart, &value)?;
            Ok(id)
        });
        self.written.push(wrote.unwrap().0);
        self.engines[device].wake();
    }

    /// After everything has healed: what is missing somewhere, there twice, or not the same.
    async fn toll(self, faults: usize) -> Toll {
        for engine in &self.engines {
            engine.stop().await;
        }
        let mut toll = Toll { faults, written: self.written.len(), ..Toll::default() };
        self.meet(&[0, 1, 0, 1]).await;
        let contents: Vec<_> =
            self.devices[..2].iter().map(|device| device.contents::<Observation>().unwrap()).collect();
        for device in &self.devices[..2] {
            let held: Vec<Uuid> =
                device.vault.list::<Observation>(&Find::default()).unwrap().iter().map(|row| row.id).collect();
            let unique: BTreeSet<_> = held.iter().collect();
            toll.doubled += held.len() - unique.len();
            toll.lost += self.written.iter().filter(|id| !unique.contains(id)).count();
            toll.differing +=
                usize::try_from(device.vault.waiting().unwrap()).unwrap() + device.vault.quarantine().unwrap().len();
            let mailbox: Arc<dyn Mailbox> = device.vault.clone();
            let report = sync::verify::verify(mailbox, &*self.remote().await).await.unwrap();
            toll.differing += report.values().map(|one| one.only_here + one.only_there + one.different).sum::<usize>();
        }
        toll.differing += contents[0].iter().zip(&contents[1]).filter(|(one, other)| one != other).count();
        toll
    }

    async fn remote(&self) -> Arc<MongoRemote> {
        Arc::new(MongoRemote::connect(&self.address, Some(self.realm.id)).await.unwrap())
    }
}

async fn primary_killed(rng: &mut fastrand::Rng, kills: usize) {
    let data = tempfile::tempdir().unwrap();
    let mut set = LocalSet::start(data.path()).await.unwrap();
    let mut pair = Pair::at(&set.uri("faults")).await;
    for _ in 0..kills {
        // Long enough that a push is under way when the blow falls.
        for _ in 0..rng.usize(5..40) {
            pair.write(rng.usize(..2));
            tokio::time::sleep(Duration::from_millis(rng.u64(..15))).await;
        }
        set.kill_primary().await.unwrap();
    }
    pair.toll(kills).await.tell("primary of three killed while devices push");
}

/// What happens to a connection.
#[derive(Clone, Copy)]
enum Fault {
    None,
    /// Both ways end after so many bytes.
    Cut(usize),
    /// The last piece goes on only in half, then both ways end.
    Truncate(usize),
    /// The server's answers stop after so many bytes, while the line looks open.
    HalfClose(usize),
    /// Each piece is held up, in milliseconds.
    Delay(u64),
}

impl Fault {
    fn any(rng: &mut fastrand::Rng) -> Fault {
        match rng.u8(..10) {
            0..3 => Fault::Cut(rng.usize(..40_000)),
            3..5 => Fault::Truncate(rng.usize(..40_000)),
            5..7 => Fault::HalfClose(rng.usize(..40_000)),
            7..9 => Fault::Delay(rng.u64(5..120)),
            _ => Fault::None,
        }
    }
}

/// A line that fails as often as it is told to, and afterwards does not any more.
async fn bad_line(listener: TcpListener, to: u16, mut rng: fastrand::Rng, bad: Arc<std::sync::atomic::AtomicUsize>) {
    use std::sync::atomic::Ordering;
    loop {
        let (near, _) = listener.accept().await.unwrap();
        let left = bad.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        let fault = if left.is_ok() { Fault::any(&mut rng) } else { Fault::None };
        tokio::spawn(async move {
            let Ok(far) = TcpStream::connect(("127.0.0.1", to)).await else { return };
            let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
            let there = tokio::spawn(carry(
                near_in,
                far_out,
                match fault {
                    Fault::HalfClose(_) => Fault::None,
                    other => other,
                },
            ));
            let back = tokio::spawn(carry(far_in, near_out, fault));
            let (_, _) = tokio::join!(there, back);
        });
    }
}

async fn carry(mut from: tokio::net::tcp::OwnedReadHalf, mut to: tokio::net::tcp::OwnedWriteHalf, fault: Fault) {
    let (mut passed, mut piece) = (0, vec![0; 16 * 1024]);
    while let Ok(length @ 1..) = from.read(&mut piece).await {
        passed += length;
        let whole = &piece[..length];
        let goes = match fault {
            Fault::Cut(after) if passed > after => &whole[..0],
            Fault::Truncate(after) if passed > after => &whole[..length / 2],
            Fault::HalfClose(after) if passed > after => {
                // Silence, not an end: the other side must find out by itself.
                return tokio::time::sleep(Duration::from_secs(20)).await;
            }
            Fault::Delay(ms) => {
                tokio::time::sleep(Duration::from_millis(ms)).await;
                whole
            }
            _ => whole,
        };
        if to.write_all(goes).await.is_err() || goes.len() < length {
            return;
        }
    }
}

async fn line_cut(rng: &mut fastrand::Rng, cuts: usize) {
    let data = tempfile::tempdir().unwrap();
    let server = LocalServer::start(data.path(), 0).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let bad = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let line = tokio::spawn(bad_line(listener, server.port(), rng.fork(), bad.clone()));
    // Straight to this port: the set would name the server's own, past the bad line.
    let mut pair = Pair::at(&format!("mongodb://127.0.0.1:{port}/faults?directConnection=true")).await;
    bad.store(cuts, std::sync::atomic::Ordering::SeqCst);
    while bad.load(std::sync::atomic::Ordering::SeqCst) > 0 {
        pair.write(rng.usize(..2));
        tokio::time::sleep(Duration::from_millis(rng.u64(..120))).await;
        if rng.u8(..8) == 0 {
            // Ends a back-off: the campaign need not wait for it.
            drop(tokio::time::timeout(Duration::from_secs(2), pair.engines[rng.usize(..2)].sync_now()).await);
        }
    }
    pair.toll(cuts).await.tell("line cut, truncated, half-closed, delayed");
    line.abort();
}

async fn program_killed(rng: &mut fastrand::Rng, crashes: usize) {
    let (folder, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let server = LocalServer::start(data.path(), 0).await.unwrap();
    let desk = Desk::make_clinic(&folder.path().join("vaults")).await.unwrap();
    let form = json!({ "name": "Maria Okafor", "date_of_birth": "1950-03-01", "gender": "female", "phone": null, "email": null, "address": null, "preferred_language": null, "blood_group": null });
    let patient = desk.ask("patients.register", form).await.unwrap()["id"].clone();
    desk.leave().await;
    let program = |words: &[&str]| {
        let mut command = Command::new(built("aidpost").unwrap());
        command.args(["--json", "--home"]).arg(folder.path().join("vaults")).args(words);
        command.env("AIDPOST_PASSPHRASE", PASSPHRASE).env("HOME", folder.path()).env("AIDPOST_KEYCHAIN", "off");
        command.stdin(Stdio::null()).stderr(Stdio::null()).stdout(Stdio::piped());
        command
    };
    let value = |words: &[&str]| serde_json::from_slice::<Value>(&program(words).output().unwrap().stdout).unwrap();
    value(&["sync", "--remote", &server.uri("faults")]);
    let mut toll = Toll { faults: crashes, ..Toll::default() };
    let mut acknowledged = Vec::new();
    for n in 0..crashes {
        let text = format!("note {n}");
        let note =
            json!({ "patient": patient, "text": text, "shared_with_patient": false, "amends": null }).to_string();
        let words: &[&str] = if rng.bool() { &["ask", "notes.save", &note] } else { &["sync"] };
        let mut child = program(words).spawn().unwrap();
        tokio::time::sleep(Duration::from_millis(rng.u64(..2_500))).await;
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        // What was printed whole had been acknowledged.
        if serde_json::from_slice::<Value>(&output.stdout).is_ok_and(|said| said["text"] == text.as_str()) {
            acknowledged.push(text);
        }
    }
    toll.written = acknowledged.len();
    let verified = value(&["sync", "verify"]);
    toll.differing += usize::from(verified["same"] != true);
    let notes = value(&["ask", "notes.list", &json!({ "patient": patient }).to_string()]);
    let there: Vec<&str> = notes.as_array().unwrap().iter().filter_map(|note| note["text"].as_str()).collect();
    let unique: BTreeSet<_> = there.iter().collect();
    toll.doubled += there.len() - unique.len();
    toll.lost += acknowledged.iter().filter(|text| !unique.contains(&text.as_str())).count();
    let look = value(&["doctor"]);
    toll.differing += usize::from(look["sound"] != true);
    toll.tell("the program killed while it writes and reconciles");
}
