//! The engine as the application sees it: commands in, states out.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "tests")]

mod support;

use model::mailbox::{Mailbox, MailboxError};
use model::parcel::SEGMENT;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use support::mailbox::{Plain, ticket};
use support::{REALM, mongod};
use sync::remote::memory::{Faults, MemoryRemote, MemoryServer};
use sync::remote::mongo::MongoRemote;
use sync::server::ServerOptions;
use sync::verify::verify;
use sync::{Clock, Engine, Line, Options, Phase, SyncState, Target};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const NOW: u64 = 1_700_000_000_000;
const PATIENCE: Duration = Duration::from_secs(20);

fn clock(ms: u64) -> Clock {
    Arc::new(move || ms)
}

fn start(mailbox: &Arc<Plain>, target: Target) -> Engine {
    Engine::start(mailbox.clone(), target, Options::new(clock(NOW)).seed(1), CancellationToken::new())
}

fn lines(server: &MemoryServer) -> [Arc<MemoryRemote>; 2] {
    [Arc::new(server.line(REALM, 1)), Arc::new(server.line(REALM, 2))]
}

fn staff(device: u128) -> Arc<Plain> {
    Arc::new(Plain::staff(REALM, device))
}

async fn until(engine: &Engine, what: &str, pleases: impl FnMut(&SyncState) -> bool) -> SyncState {
    let mut states = engine.state();
    match tokio::time::timeout(PATIENCE, states.wait_for(pleases)).await {
        Ok(state) => state.unwrap().clone(),
        Err(_) => panic!("never {what}: {:?}", *engine.state().borrow()),
    }
}

#[tokio::test]
async fn what_one_writes_the_other_has_soon_and_without_being_asked() {
    let server = MemoryServer::new(clock(NOW));
    let [a, b] = lines(&server);
    let (mine, theirs) = (staff(1), staff(2));
    let (one, two) = (start(&mine, Target::Ready(a)), start(&theirs, Target::Ready(b)));
    until(&one, "live", |state| state.phase == Phase::Live).await;
    until(&two, "live", |state| state.phase == Phase::Live).await;
    let mut changes = two.changes();
    let id = Uuid::from_u128(5);
    mine.write("users", id, REALM, NOW);
    one.wake();
    let changed = tokio::time::timeout(PATIENCE, changes.recv()).await.unwrap().unwrap();
    assert_eq!(*changed, [("users".to_owned(), id)]);
    assert_eq!(theirs.contents(), mine.contents());
    let state = until(&one, "sent", |state| state.phase == Phase::Live && state.to_send == 0).await;
    assert_eq!((state.last_success_ms, state.trouble), (Some(NOW), None));
    one.stop().await;
    two.stop().await;
    assert_eq!(one.state().borrow().phase, Phase::Offline);
    assert_eq!(one.sync_now().await.unwrap_err().code, "sync.stopped");
}

#[tokio::test]
async fn a_pause_holds_everything_and_says_what_waits() {
    let server = MemoryServer::new(clock(NOW));
    let [a, b] = lines(&server);
    let (mine, theirs) = (staff(1), staff(2));
    let (one, two) = (start(&mine, Target::Ready(a)), start(&theirs, Target::Ready(b)));
    one.sync_now().await.unwrap();
    one.pause().await;
    until(&one, "paused", |state| state.phase == Phase::Paused).await;
    mine.write("users", Uuid::from_u128(5), REALM, NOW);
    one.wake();
    let state = until(&one, "counted", |state| state.to_send == 1).await;
    assert_eq!(state.phase, Phase::Paused);
    assert_eq!(one.sync_now().await.unwrap_err().code, "sync.paused");
    two.sync_now().await.unwrap();
    assert!(theirs.contents().is_empty());
    one.resume().await;
    until(&one, "sent", |state| state.phase == Phase::Live && state.to_send == 0).await;
    two.sync_now().await.unwrap();
    assert_eq!(theirs.contents(), mine.contents());
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_retried_with_growing_pauses_and_ends_by_itself() {
    let server = MemoryServer::new(clock(NOW));
    let [a, _] = lines(&server);
    a.set_faults(Faults { partitioned: true, ..Faults::default() });
    let mine = staff(1);
    mine.write("users", Uuid::from_u128(5), REALM, NOW);
    let engine = start(&mine, Target::Ready(a.clone()));
    let state = until(&engine, "offline", |state| state.trouble.is_some()).await;
    assert_eq!((state.phase, state.to_send), (Phase::Offline, 1));
    assert_eq!(state.trouble.unwrap().code, "remote.unreachable");
    assert_eq!(engine.sync_now().await.unwrap_err().code, "remote.unreachable");
    a.set_faults(Faults::default());
    let mut states = engine.state();
    let back = tokio::time::timeout(
        Duration::from_secs(600),
        states.wait_for(|state| state.phase == Phase::Live && state.to_send == 0),
    );
    back.await.expect("back within ten minutes without being asked").unwrap();
    assert_eq!(engine.state().borrow().trouble, None);
}

#[tokio::test(start_paused = true)]
async fn a_lasting_trouble_blocks_and_is_not_tried_in_a_loop() {
    let asked = Arc::new(AtomicU64::new(0));
    let counting = asked.clone();
    let server = MemoryServer::new(Arc::new(move || {
        counting.fetch_add(1, Ordering::Relaxed);
        NOW
    }));
    let [a, b] = lines(&server);
    let mine = staff(1);
    start(&staff(2), Target::Ready(b)).sync_now().await.unwrap();
    server.require_writer(99);
    let engine = start(&mine, Target::Ready(a));
    let state = until(&engine, "blocked", |state| state.phase == Phase::Blocked).await;
    assert_eq!(state.trouble.unwrap().code, "program.too_old");
    let before = asked.load(Ordering::Relaxed);
    engine.wake();
    tokio::time::sleep(Duration::from_secs(50)).await;
    assert_eq!(asked.load(Ordering::Relaxed), before);
    assert_eq!(engine.sync_now().await.unwrap_err().code, "program.too_old");
    server.require_writer(1);
    engine.resume().await;
    until(&engine, "live", |state| state.phase == Phase::Live).await;
}

#[tokio::test]
async fn a_full_disk_blocks_until_a_write_succeeds_again() {
    let server = MemoryServer::new(clock(NOW));
    let [a, _] = lines(&server);
    let mine = staff(1);
    let engine = start(&mine, Target::Ready(a));
    engine.sync_now().await.unwrap();
    mine.set_trouble(Some(|| MailboxError::DiskFull));
    assert_eq!(engine.sync_now().await.unwrap_err().code, "vault.disk_full");
    until(&engine, "blocked", |state| state.phase == Phase::Blocked).await;
    mine.set_trouble(None);
    mine.write("users", Uuid::from_u128(5), REALM, NOW);
    engine.wake();
    until(&engine, "sent", |state| state.phase == Phase::Live && state.to_send == 0).await;
}

#[tokio::test]
async fn without_a_remote_everything_is_kept_until_there_is_one() {
    let server = MemoryServer::new(clock(NOW));
    let [a, _] = lines(&server);
    let mine = staff(1);
    mine.write("users", Uuid::from_u128(5), REALM, NOW);
    let engine = start(&mine, Target::None);
    assert_eq!(engine.sync_now().await.unwrap_err().code, "remote.none");
    let state = until(&engine, "counted", |state| state.to_send == 1).await;
    assert_eq!(state.phase, Phase::Offline);
    engine.set_remote(Target::Ready(a)).await;
    until(&engine, "sent", |state| state.phase == Phase::Live && state.to_send == 0).await;
    engine.set_remote(Target::None).await;
    until(&engine, "offline", |state| state.phase == Phase::Offline).await;
}

#[tokio::test]
async fn a_clock_that_is_off_is_reported() {
    let server = MemoryServer::new(clock(NOW + 400_000));
    let [a, b] = lines(&server);
    let engine = start(&staff(1), Target::Ready(a));
    engine.sync_now().await.unwrap();
    let state = engine.state().borrow().clone();
    assert_eq!((state.clock_offset_ms, state.clock_is_off), (Some(400_000), true));
    let near = Options::new(clock(NOW + 399_000));
    let engine = Engine::start(staff(2), Target::Ready(b), near, CancellationToken::new());
    engine.sync_now().await.unwrap();
    assert!(!engine.state().borrow().clock_is_off);
}

#[tokio::test]
async fn files_go_on_where_they_stopped_in_both_directions() {
    let server = MemoryServer::new(clock(NOW));
    let [a, b] = lines(&server);
    let file = Uuid::from_u128(77);
    let segments: Vec<Vec<u8>> = (0..40).map(|at| vec![at; if at == 39 { 100 } else { SEGMENT }]).collect();
    let (mine, theirs) = (staff(1), staff(2));
    mine.add_file(file, segments.clone());
    theirs.want_file(ticket(file, &segments));
    let (one, two) = (start(&mine, Target::Ready(a.clone())), start(&theirs, Target::Ready(b.clone())));
    let faults = Faults { lost_answer: 0.05, lost_request: 0.05, ..Faults::default() };
    let cuts = move_until_done(&one, &a, faults).await;
    let asked = mine.asked();
    assert!(cuts > 0, "the line never broke");
    assert!(
        asked.len() < 40 + 2 * cuts + 1,
        "segments that had arrived were sent again: {} with {cuts} cuts",
        asked.len()
    );
    assert_eq!(one.state().borrow().files_to_send, 0);
    move_until_done(&two, &b, faults).await;
    assert_eq!(theirs.file(file), segments);
    assert_eq!(two.state().borrow().file, None);
}

#[tokio::test]
async fn a_file_that_is_given_up_in_the_middle_stops_there_and_holds_up_no_other() {
    let server = MemoryServer::new(clock(NOW));
    let [a, b] = lines(&server);
    let (large, small) = (Uuid::from_u128(71), Uuid::from_u128(72));
    let long: Vec<Vec<u8>> = (0..9).map(|at| vec![at; if at == 8 { 100 } else { SEGMENT }]).collect();
    let short = vec![vec![1; 100]];
    let (mine, theirs) = (staff(1), staff(2));
    mine.add_file(large, long.clone());
    mine.add_file(small, short.clone());
    let one = start(&mine, Target::Ready(a));
    one.sync_now().await.unwrap();
    theirs.want_file(ticket(large, &long));
    theirs.want_file(ticket(small, &short));
    theirs.give_up(Some((large, 3)));
    let two = start(&theirs, Target::Ready(b));
    let mut changes = two.changes();
    two.sync_now().await.unwrap();
    assert_eq!((theirs.file(large), theirs.file(small)), (long[..3].to_vec(), short));
    assert_eq!(changes.recv().await.unwrap().to_vec(), [(sync::FILES.to_owned(), small)]);
    theirs.give_up(None);
    two.sync_now().await.unwrap();
    assert_eq!(theirs.file(large), long);
    assert_eq!(changes.recv().await.unwrap().to_vec(), [(sync::FILES.to_owned(), large)]);
}

/// Syncs over a bad line until a round succeeds with all files moved; answers how often it broke.
async fn move_until_done(engine: &Engine, line: &MemoryRemote, faults: Faults) -> usize {
    line.set_faults(faults);
    let mut cuts = 0;
    loop {
        match engine.sync_now().await {
            Ok(_) if engine.state().borrow().files_to_send + engine.state().borrow().files_to_fetch == 0 => {
                return cuts;
            }
            Ok(_) => {}
            Err(trouble) => {
                assert_eq!(trouble.code, "remote.interrupted");
                cuts += 1;
            }
        }
    }
}

#[tokio::test]
async fn a_batch_that_is_always_too_slow_is_halved_once_it_surely_did_not_arrive() {
    let server = MemoryServer::new(clock(NOW));
    let [a, b] = lines(&server);
    let mine = staff(1);
    write_users(&mine, 8);
    let line = Line::new(mine.clone(), a.clone(), clock(NOW));
    line.greet().await.unwrap();
    let whole = mine.outgoing(NOW, false).unwrap().unwrap();
    a.set_faults(Faults { busy_pushes: true, ..Faults::default() });
    for _ in 0..2 {
        assert_eq!(line.round().await.unwrap_err().code(), "remote.busy");
        assert_eq!(mine.outgoing(NOW, false).unwrap(), Some(whole.clone()), "not yet");
    }
    assert_eq!(line.round().await.unwrap_err().code(), "remote.busy");
    assert_eq!(mine.outgoing(NOW, false).unwrap().unwrap().parcels.len(), 4);
    a.set_faults(Faults::default());
    assert_eq!(line.round().await.unwrap().pushed, 8);
    let theirs = staff(2);
    let other = Line::new(theirs.clone(), b, clock(NOW));
    other.greet().await.unwrap();
    other.round().await.unwrap();
    assert_eq!(theirs.contents(), mine.contents());
}

#[tokio::test]
async fn a_patient_gets_a_scope_that_is_granted_later_from_its_beginning() {
    let server = MemoryServer::new(clock(NOW));
    let [a, b] = lines(&server);
    let (chart, other) = (Uuid::from_u128(900), Uuid::from_u128(901));
    let doctor = staff(1);
    doctor.write("doctor_notes", Uuid::from_u128(1), chart, NOW);
    doctor.write("doctor_notes", Uuid::from_u128(2), other, NOW);
    let engine = start(&doctor, Target::Ready(a));
    engine.sync_now().await.unwrap();
    let patient = Arc::new(Plain::new(REALM, 2, [Some(REALM), Some(chart)]));
    let line = Line::new(patient.clone(), b, clock(NOW));
    line.greet().await.unwrap();
    line.round().await.unwrap();
    let here: Vec<_> = patient.contents().into_keys().map(|(_, id)| id).collect();
    assert_eq!(here, [Uuid::from_u128(1)]);
    assert_eq!(line.quiet_check().await.unwrap(), 0, "what is not theirs is no difference");
}

#[tokio::test]
async fn a_remote_that_went_back_gets_everything_again() {
    let server = MemoryServer::new(clock(NOW));
    let [a, b] = lines(&server);
    let (mine, theirs) = (staff(1), staff(2));
    let empty = server.backup();
    for (mailbox, remote) in [(&mine, &a), (&theirs, &b)] {
        write_users(mailbox, 3);
        let line = Line::new(mailbox.clone(), remote.clone(), clock(NOW));
        line.greet().await.unwrap();
        line.round().await.unwrap();
    }
    let agreed = theirs.contents();
    let full = server.backup();
    mine.write("users", Uuid::from_u128(9), REALM, NOW);
    let line = Line::new(mine.clone(), a.clone(), clock(NOW));
    line.greet().await.unwrap();
    line.round().await.unwrap();
    server.restore(full);
    let info = line.greet().await.unwrap();
    assert_eq!(info.lives.len(), 2, "a counter below the cursor begins a new life");
    assert_eq!(line.round().await.unwrap().pushed, 1, "only what the restored copy lacks is sent again");
    let other = Line::new(theirs.clone(), b.clone(), clock(NOW));
    assert_eq!(other.greet().await.unwrap().epoch, info.epoch);
    other.round().await.unwrap();
    assert_eq!(theirs.contents(), mine.contents());
    assert_eq!(theirs.contents().len(), agreed.len() + 1);
    server.restore(empty);
    line.greet().await.unwrap();
    assert_eq!(line.round().await.unwrap().pushed, 4);
}

#[tokio::test]
async fn what_is_behind_a_revision_already_passed_is_fetched_by_name() {
    let server = MemoryServer::new(clock(NOW));
    let [a, _] = lines(&server);
    let mine = staff(1);
    write_users(&mine, 3);
    let line = Line::new(mine.clone(), a, clock(NOW));
    line.greet().await.unwrap();
    line.round().await.unwrap();
    mine.forget_revision("users", Uuid::from_u128(1));
    mine.write("users", Uuid::from_u128(1), REALM, NOW + 1);
    let tally = line.round().await.unwrap();
    assert_eq!((tally.pushed, tally.unsettled), (1, false));
    assert_eq!(line.quiet_check().await.unwrap(), 0);
}

#[tokio::test]
async fn verification_names_what_differs() {
    let server = MemoryServer::new(clock(NOW));
    let [a, b] = lines(&server);
    let (mine, theirs) = (staff(1), staff(2));
    write_users(&mine, 3);
    let line = Line::new(mine.clone(), a.clone(), clock(NOW));
    line.greet().await.unwrap();
    line.round().await.unwrap();
    let report = verify(mine.clone(), &*a).await.unwrap();
    assert!(report["users"].is_equal() && report["users"].equal == 3);
    let other = Line::new(theirs.clone(), b.clone(), clock(NOW));
    other.greet().await.unwrap();
    other.round().await.unwrap();
    theirs.write("users", Uuid::from_u128(1), REALM, NOW + 1);
    theirs.write("doctors", Uuid::from_u128(8), REALM, NOW + 1);
    other.round().await.unwrap();
    let report = verify(mine, &*a).await.unwrap();
    assert_eq!((report["users"].different, report["users"].equal), (1, 2));
    assert_eq!(report["users"].named, [Uuid::from_u128(1)]);
    assert_eq!(report["doctors"].only_there, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_a_real_mongodb_two_devices_agree_through_an_outage() {
    let (mut server, _dir) = mongod(ServerOptions::default()).await;
    let target = || Target::Mongo(server.address().unwrap());
    let (mine, theirs) = (staff(1), staff(2));
    let (one, two) = (start(&mine, target()), start(&theirs, target()));
    let (first, second) = tokio::join!(one.sync_now(), two.sync_now());
    first.unwrap();
    second.unwrap();
    until(&two, "live", |state| state.phase == Phase::Live).await;
    let began = std::time::Instant::now();
    let mut changes = two.changes();
    mine.write("users", Uuid::from_u128(1), REALM, NOW);
    one.wake();
    tokio::time::timeout(PATIENCE, changes.recv()).await.expect("the bell wakes the other").unwrap();
    eprintln!("from write to visible: {:?}", began.elapsed());
    server.stop().await;
    mine.write("users", Uuid::from_u128(2), REALM, NOW);
    theirs.write("users", Uuid::from_u128(1), REALM, NOW);
    let trouble = one.sync_now().await.unwrap_err();
    assert!(trouble.code == "remote.unreachable" || trouble.code == "remote.interrupted", "{trouble:?}");
    let state = until(&one, "offline", |state| state.phase == Phase::Offline).await;
    assert_eq!(state.to_send, 1);
    server.restart().await.unwrap();
    files_and_documents_after_the_outage([&one, &two], [&mine, &theirs]).await;
    let remote = MongoRemote::connect(&server.address().unwrap(), Some(REALM)).await.unwrap();
    let report = verify(mine.clone(), &remote).await.unwrap();
    assert!(report.values().all(sync::verify::Comparison::is_equal), "{report:?}");
    one.stop().await;
    two.stop().await;
}

async fn files_and_documents_after_the_outage([one, two]: [&Engine; 2], [mine, theirs]: [&Arc<Plain>; 2]) {
    let file = Uuid::from_u128(77);
    let segments: Vec<Vec<u8>> = (0..5).map(|at| vec![at; SEGMENT]).collect();
    mine.add_file(file, segments.clone());
    theirs.want_file(ticket(file, &segments));
    for engine in [two, one, two, one] {
        engine.sync_now().await.unwrap();
    }
    assert_eq!(theirs.contents(), mine.contents());
    assert_eq!(
        mine.contents()[&("users".to_owned(), Uuid::from_u128(1))].len(),
        2,
        "both writes to one document are there"
    );
    assert_eq!(theirs.file(file), segments);
}

fn write_users(mailbox: &Plain, count: u128) {
    for id in 0..count {
        mailbox.write("users", Uuid::from_u128(id), REALM, NOW);
    }
}
