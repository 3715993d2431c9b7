//! What reconciling costs from end to end: real vaults, a real MongoDB on this computer, documents of ten fields and 600 bytes.
//! Beside each figure stands what the bare driver, or bare SQLite, needs for the same documents in the same run; the ratio says what
//! sealing, the journal, merging and the encrypted file add.
//!
//! `make bench-sync`. `AIDPOST_BENCH_SIZES=1000,10000,50000` for other sizes; `AIDPOST_BENCH_LIVE=200` for more writes in the live part.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark tells its figures, and one that meets what it does not expect has failed"
)]

use aidpost_tests::{
    figures::quantile,
    realm::{Device, Realm},
};
use futures_util::TryStreamExt;
use model::{Doctor, Map, mailbox::Mailbox};
use mongodb::{
    Client, IndexModel,
    bson::{Document, doc, serialize_to_document},
    options::{Acknowledgment, WriteConcern},
};
use serde_json::json;
use std::{
    fs,
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use sync::{Engine, Line, Options, Target, remote::mongo::MongoRemote, server::LocalServer};

const BATCH: usize = 500;

#[tokio::main]
async fn main() {
    let sizes = std::env::var("AIDPOST_BENCH_SIZES").unwrap_or_else(|_| "1000,10000".to_owned());
    println!("{:<44} {:>10} {:>12} {:>10} {:>8}", "", "seconds", "documents/s", "peer", "ratio");
    for size in sizes.split(',').map(|size| size.trim().parse().unwrap()) {
        exchange(size).await;
    }
    live(std::env::var("AIDPOST_BENCH_LIVE").map_or(50, |count| count.parse().unwrap())).await;
}

fn now_ms() -> u64 {
    u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

/// A clinic of two doctors, and a database.
struct World {
    devices: Vec<Device>,
    server: LocalServer,
    _folders: [tempfile::TempDir; 2],
}

impl World {
    async fn new() -> World {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let server = LocalServer::start(folders[1].path(), 0).await.expect("a mongod: run scripts/setup.sh test");
        let devices = Realm::found(now_ms()).unwrap().settle(folders[0].path()).unwrap();
        let world = World { devices, server, _folders: folders };
        for device in [0, 1, 0] {
            world.round(device).await;
        }
        world
    }

    async fn remote(&self, device: usize) -> Arc<MongoRemote> {
        let realm = self.devices[device].vault.me().unwrap().realm;
        Arc::new(MongoRemote::connect(&self.server.address().unwrap(), Some(realm)).await.unwrap())
    }

    /// One full round of a device; gives how long it took, without the connection.
    async fn round(&self, device: usize) -> Duration {
        let mailbox: Arc<dyn Mailbox> = self.devices[device].vault.clone();
        let line = Line::new(mailbox, self.remote(device).await, Arc::new(now_ms));
        line.greet().await.unwrap();
        let begun = Instant::now();
        while line.round().await.unwrap().unsettled {}
        begun.elapsed()
    }

    async fn bare(&self) -> mongodb::Collection<Document> {
        let client = Client::with_uri_str(self.server.uri("bare")).await.unwrap();
        client.database("bare").collection("doctors")
    }
}

/// Ten fields, 600 bytes as JSON: the page of a doctor, which every member of a clinic reads.
fn values(n: usize) -> Map {
    let element = |kind: u128| uuid::Uuid::from_u128(kind << 64 | n as u128);
    let values = json!({
        "user_id": element(1), "specialization": "family medicine", "license_number": format!("L-{n:06}"),
        "experience_years": 12.5, "location": format!("Harbour Street {n}"), "bio": "x".repeat(160), "photo": null,
        "availability": [{ "id": element(2), "day": "monday", "start_time": "08:00", "end_time": "12:00", "slot_minutes": 20 }],
        "time_off": [{ "id": element(3), "from": "2026-08-01", "to": "2026-08-14" }], "is_deleted": false,
    });
    values.as_object().unwrap().clone()
}

fn moved(n: usize) -> String {
    format!("Hill Road {n}")
}

/// Writes documents, a batch in a transaction; gives how long it took.
fn write(device: &Device, range: std::ops::Range<usize>, ids: &mut Vec<uuid::Uuid>, change: bool) -> Duration {
    let realm = device.vault.me().unwrap().realm;
    let begun = Instant::now();
    for first in range.clone().step_by(BATCH) {
        let written = device.vault.write(now_ms(), |w| {
            for n in first..range.end.min(first + BATCH) {
                if change {
                    let values = json!({ "location": moved(n) });
                    w.put::<Doctor>(ids[n], realm, values.as_object().unwrap())?;
                } else {
                    let id = w.new_id()?;
                    w.put::<Doctor>(id, realm, &values(n))?;
                    ids.push(id);
                }
            }
            Ok(())
        });
        written.unwrap();
    }
    begun.elapsed()
}

async fn exchange(size: usize) {
    println!("{size} documents");
    let world = World::new().await;
    let (first, second) = (&world.devices[0], &world.devices[1]);
    let mut ids = Vec::new();
    let wrote = write(first, 0..size, &mut ids, false);
    tell("write into the encrypted vault", wrote, size, Some(("SQLite", bare_sqlite(size))));
    let (pushed, push_grew) = grown(world.round(0)).await;
    let all = documents(size);
    let (inserted, insert_grew) = grown(bare_insert(&world, &all)).await;
    drop(all);
    tell("first push", pushed, size, Some(("driver", inserted)));
    tell_memory(push_grew, insert_grew);
    let (pulled, pull_grew) = grown(world.round(1)).await;
    let (found, find_grew) = grown(bare_find(&world)).await;
    tell("first pull", pulled, size, Some(("driver", found)));
    tell_memory(pull_grew, find_grew);
    assert_eq!(second.vault.count::<Doctor>(&vault::Find::default()).unwrap(), size as u64);
    let few = (size / 100).max(1);
    write(first, 0..few, &mut ids, true);
    let changed = world.round(0).await + world.round(1).await;
    tell("1 % changed, push and pull", changed, few, Some(("driver", bare_change(&world, few).await)));
    tell_sizes(world, size as u64).await;
}

/// From a write on one device until the other has it, both with a running engine.
async fn live(count: usize) {
    println!("live: from a write here until it shows there");
    let world = World::new().await;
    let mut engines = Vec::new();
    for device in 0..2 {
        let mailbox: Arc<dyn Mailbox> = world.devices[device].vault.clone();
        let target = Target::Ready(world.remote(device).await);
        let engine = Engine::start(mailbox, target, Options::new(Arc::new(now_ms)), Default::default());
        engine.sync_now().await.unwrap();
        engines.push(engine);
    }
    let (mut ids, mut ours) = (Vec::new(), Vec::new());
    for n in 0..count {
        let mut heard = engines[1].changes();
        let begun = Instant::now();
        write(&world.devices[0], n..n + 1, &mut ids, false);
        engines[0].wake();
        let wanted = *ids.last().unwrap();
        while !heard.recv().await.unwrap().iter().any(|(_, id)| *id == wanted) {}
        ours.push(begun.elapsed());
    }
    let mut bare = bare_live(&world, count).await;
    ours.sort_unstable();
    bare.sort_unstable();
    for (name, part) in [("median", 50), ("95 % are quicker than", 95)] {
        tell(name, quantile(&ours, part), 1, Some(("driver", quantile(&bare, part))));
    }
    for engine in engines {
        engine.stop().await;
    }
}

fn documents(size: usize) -> Vec<Document> {
    let numbered = |n| {
        let mut document = serialize_to_document(&values(n)).unwrap();
        document.insert("_id", i64::try_from(n).unwrap());
        document.insert("rev", 0_i64);
        document
    };
    (0..size).map(numbered).collect()
}

/// The bare driver: the same documents in the clear, as many in a call, as durable.
async fn bare_insert(world: &World, all: &[Document]) -> Duration {
    let bare = world.bare().await;
    let newest = IndexModel::builder().keys(doc! { "rev": 1 }).build();
    bare.create_index(newest).await.unwrap();
    let begun = Instant::now();
    for batch in all.chunks(BATCH) {
        bare.insert_many(batch).write_concern(durable()).await.unwrap();
    }
    begun.elapsed()
}

/// The bare driver: one field of some documents changed, as many in a call, and the changed ones read by another client.
async fn bare_change(world: &World, few: usize) -> Duration {
    let (writer, reader) = (world.bare().await, world.bare().await);
    let changes: Vec<Document> = (0..few)
        .map(|n| doc! { "q": { "_id": i64::try_from(n).unwrap() }, "u": { "$set": { "location": moved(n), "rev": 1_i64 } } })
        .collect();
    let database = writer.client().database("bare");
    let begun = Instant::now();
    for batch in changes.chunks(BATCH) {
        let concern = serialize_to_document(&durable()).unwrap();
        database
            .run_command(doc! { "update": writer.name(), "updates": batch, "writeConcern": concern })
            .await
            .unwrap();
    }
    let seen: Vec<Document> = reader.find(doc! { "rev": { "$gt": 0 } }).await.unwrap().try_collect().await.unwrap();
    assert_eq!(seen.len(), few);
    begun.elapsed()
}

/// As lasting as what the program asks for.
fn durable() -> WriteConcern {
    WriteConcern::builder().w(Acknowledgment::Majority).journal(true).build()
}

async fn bare_find(world: &World) -> Duration {
    let bare = world.bare().await;
    let begun = Instant::now();
    let all: Vec<Document> = bare.find(doc! {}).await.unwrap().try_collect().await.unwrap();
    assert!(!all.is_empty());
    begun.elapsed()
}

/// The bare driver: an insert, and a change stream that tells another client of it.
async fn bare_live(world: &World, count: usize) -> Vec<Duration> {
    let (writer, reader) = (world.bare().await, world.bare().await);
    let mut stream = reader.watch().await.unwrap();
    let mut took = Vec::new();
    for one in documents(count) {
        let begun = Instant::now();
        writer.insert_one(one).await.unwrap();
        stream.try_next().await.unwrap().unwrap();
        took.push(begun.elapsed());
    }
    took
}

/// Bare SQLite: the same documents as text, unencrypted, a batch in a transaction, each commit on the disk.
fn bare_sqlite(size: usize) -> Duration {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = rusqlite::Connection::open(folder.path().join("bare.db")).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE d (id TEXT PRIMARY KEY, doc TEXT)",
        )
        .unwrap();
    let all: Vec<String> = (0..size).map(|n| serde_json::to_string(&values(n)).unwrap()).collect();
    let begun = Instant::now();
    for (at, batch) in all.chunks(BATCH).enumerate() {
        let transaction = connection.transaction().unwrap();
        for (n, text) in batch.iter().enumerate() {
            let id = format!("{:032}", at * BATCH + n);
            transaction.prepare_cached("INSERT INTO d VALUES (?1, ?2)").unwrap().execute((id, text)).unwrap();
        }
        transaction.commit().unwrap();
    }
    begun.elapsed()
}

fn tell(what: &str, took: Duration, count: usize, peer: Option<(&str, Duration)>) {
    let rate = count as f64 / took.as_secs_f64();
    print!("  {what:<42} {:>10.3} {rate:>12.0}", took.as_secs_f64());
    match peer {
        Some((name, bare)) => {
            println!(" {:>10.3} {:>7.1}x {name}", bare.as_secs_f64(), took.as_secs_f64() / bare.as_secs_f64())
        }
        None => println!(),
    }
}

/// What a step took, and by how many MiB the process was larger at its height than before it.
async fn grown(step: impl Future<Output = Duration>) -> (Duration, u64) {
    // Elsewhere than on Linux there is nothing to forget, and nothing to read.
    let _ = fs::write("/proc/self/clear_refs", "5");
    let before = memory_mib("VmRSS:");
    let took = step.await;
    (took, memory_mib("VmHWM:").saturating_sub(before))
}

fn tell_memory(ours: u64, bare: u64) {
    println!("  {:<42} {ours:>6} MiB {:>8} MiB", "  memory at its height, above the beginning", bare);
}

/// What a document takes with all indexes: in the file of the device that fetched it, in the database sealed, and there bare.
async fn tell_sizes(mut world: World, size: u64) {
    // What still lies in the log beside the file is written into it when it is closed.
    world.devices[1].restart(now_ms()).unwrap();
    let file = world.devices[1].database_bytes().unwrap();
    let sealed = stored(world.remote(1).await.database()).await;
    let bare = stored(&world.bare().await.client().database("bare")).await;
    println!(
        "  {:<42} {} here, {} sealed in the database, {} bare",
        "bytes of a document",
        file / size,
        sealed / size,
        bare / size
    );
}

/// The server packs what it writes to its disk; here its documents count as they are, and its indexes as they lie there.
async fn stored(database: &mongodb::Database) -> u64 {
    let found = database.run_command(doc! { "collStats": "doctors" }).await.unwrap();
    let bytes = |name| found.get_i64(name).unwrap_or_else(|_| found.get_i32(name).unwrap().into());
    u64::try_from(bytes("size") + bytes("totalIndexSize")).unwrap()
}

/// A line of Linux's own account of this process; 0 elsewhere.
fn memory_mib(line: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|one| one.strip_prefix(line));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
