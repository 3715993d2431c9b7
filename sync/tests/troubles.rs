//! What goes wrong with a MongoDB that was in order, while the engine runs on it (`docs/sync-troubles.md`).
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use model::mailbox::Mailbox;
use mongodb::bson::{Document, doc};
use std::sync::Arc;
use std::time::Duration;
use support::mailbox::Plain;
use support::{REALM, mongod};
use sync::remote::mongo::MongoRemote;
use sync::server::{LocalServer, ServerOptions};
use sync::verify::verify;
use sync::{Address, Engine, Options, Phase, SyncState, Target};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const NOW: u64 = 1_700_000_000_000;
const PATIENCE: Duration = Duration::from_secs(60);

fn start(mailbox: &Arc<Plain>, address: Address) -> Engine {
    let options = Options::new(Arc::new(|| NOW)).seed(1);
    Engine::start(mailbox.clone(), Target::Mongo(address), options, CancellationToken::new())
}

async fn until(engine: &Engine, what: &str, pleases: impl FnMut(&SyncState) -> bool) -> SyncState {
    let mut states = engine.state();
    match tokio::time::timeout(PATIENCE, states.wait_for(pleases)).await {
        Ok(state) => state.unwrap().clone(),
        Err(_) => panic!("never {what}: {:?}", *engine.state().borrow()),
    }
}

fn is_done(state: &SyncState) -> bool {
    state.phase == Phase::Live && state.to_send == 0
}

fn write(mailbox: &Plain, from: u128, count: u128) {
    (from..from + count).for_each(|id| _ = mailbox.write("users", Uuid::from_u128(id), REALM, NOW));
}

async fn admin(server: &LocalServer) -> MongoRemote {
    MongoRemote::connect(&server.address().unwrap(), Some(REALM)).await.unwrap()
}

async fn command(remote: &MongoRemote, command: Document) -> Result<Document, mongodb::error::Error> {
    remote.database().client().database("admin").run_command(command).await
}

/// The next of these commands fail so.
async fn fail(remote: &MongoRemote, mode: Document, data: Document) {
    command(remote, doc! { "configureFailPoint": "failCommand", "mode": mode, "data": data }).await.unwrap();
}

/// Every election begins a new term.
async fn term(remote: &MongoRemote) -> i64 {
    command(remote, doc! { "replSetGetStatus": 1 }).await.unwrap().get_i64("term").unwrap()
}

async fn equal(mailbox: &Arc<Plain>, server: &LocalServer) {
    let report = verify(mailbox.clone(), &admin(server).await).await.unwrap();
    assert!(report.values().all(sync::verify::Comparison::is_equal), "{report:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_primary_that_steps_down_in_the_middle_of_a_push_loses_and_repeats_nothing() {
    let (server, _dir) = mongod(ServerOptions::default()).await;
    let mine = Arc::new(Plain::staff(REALM, 1).batches_of(20));
    write(&mine, 0, 1_000);
    let engine = start(&mine, server.address().unwrap());
    until(&engine, "pushing", |state| state.to_send > 0 && state.to_send < 900).await;
    let there = admin(&server).await;
    let before = term(&there).await;
    for _ in 0..2 {
        command(&there, doc! { "replSetStepDown": 1, "force": true }).await.expect("it steps down");
        tokio::time::sleep(Duration::from_secs(3)).await;
        write(&mine, 2_000, 50);
        engine.wake();
    }
    until(&engine, "done after the elections", is_done).await;
    // A whole round more: what was written last may not have been counted yet.
    engine.sync_now().await.unwrap();
    assert!(term(&there).await >= before + 2, "it led, stepped down and was elected again, twice");
    equal(&mine, &server).await;
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_stream_whose_history_is_gone_is_begun_anew_and_nothing_is_missed() {
    let (server, _dir) = mongod(ServerOptions { test_commands: true, ..ServerOptions::default() }).await;
    let (mine, theirs) = (Arc::new(Plain::staff(REALM, 1)), Arc::new(Plain::staff(REALM, 2)));
    let (one, two) = (start(&mine, server.address().unwrap()), start(&theirs, server.address().unwrap()));
    until(&one, "live", is_done).await;
    until(&two, "live", is_done).await;
    // ChangeStreamHistoryLost: the oplog no longer holds what the stream would go on from.
    let gone = doc! { "failCommands": ["getMore"], "errorCode": 286, "errorLabels": ["NonResumableChangeStreamError"] };
    fail(&admin(&server).await, doc! { "times": 2 }, gone).await;
    write(&mine, 0, 3);
    one.sync_now().await.unwrap();
    let mut states = two.state();
    let all_here = async {
        while theirs.contents() != mine.contents() {
            states.changed().await.unwrap();
        }
    };
    tokio::time::timeout(PATIENCE, all_here).await.expect("the other has it without being asked");
    until(&two, "live again", is_done).await;
    equal(&theirs, &server).await;
    one.stop().await;
    two.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_that_is_taken_away_blocks_with_its_reason_and_goes_on_when_it_is_back() {
    let login = Some(("ada".to_owned(), "right".to_owned()));
    let (server, _dir) = mongod(ServerOptions { login, ..ServerOptions::default() }).await;
    let there = MongoRemote::connect(&Address::parse(&server.uri("clinic")).unwrap(), Some(REALM)).await.unwrap();
    let user = || doc! { "createUser": "desk", "pwd": "pw", "roles": ["readWrite", "dbAdmin"], "mechanisms": ["SCRAM-SHA-256"] };
    there.database().run_command(user()).await.unwrap();
    let uri = format!("mongodb://desk:pw@127.0.0.1:{}/clinic?authSource=clinic", server.port());
    let mine = Arc::new(Plain::staff(REALM, 1));
    let engine = start(&mine, Address::parse(&uri).unwrap());
    until(&engine, "live", is_done).await;
    there.database().run_command(doc! { "dropUser": "desk" }).await.unwrap();
    write(&mine, 0, 1);
    engine.wake();
    let state = until(&engine, "blocked", |state| state.phase == Phase::Blocked).await;
    let code = state.trouble.unwrap().code;
    assert!(["remote.login", "remote.forbidden"].contains(&code), "{code}");
    // The line may have ended before what waits was counted for the state: the queue itself is asked.
    assert_eq!(mine.counts().unwrap().to_send, 1);
    there.database().run_command(user()).await.unwrap();
    engine.sync_now().await.unwrap();
    assert!(is_done(&engine.state().borrow()));
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_remote_blocks_with_its_reason_and_keeps_the_queue() {
    let (server, _dir) = mongod(ServerOptions { test_commands: true, ..ServerOptions::default() }).await;
    let mine = Arc::new(Plain::staff(REALM, 1));
    let engine = start(&mine, server.address().unwrap());
    until(&engine, "live", is_done).await;
    let there = admin(&server).await;
    // OutOfDiskSpace, for everything that changes something.
    fail(
        &there,
        doc! { "times": 100 },
        doc! { "failCommands": ["insert", "update", "findAndModify"], "errorCode": 14_031 },
    )
    .await;
    write(&mine, 0, 5);
    assert_eq!(engine.sync_now().await.unwrap_err().code, "remote.full");
    let state = engine.state().borrow().clone();
    assert_eq!((state.phase, state.to_send, state.quarantined), (Phase::Blocked, 5, 0));
    command(&there, doc! { "configureFailPoint": "failCommand", "mode": "off" }).await.unwrap();
    engine.sync_now().await.unwrap();
    equal(&mine, &server).await;
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_queue_of_months_goes_out_in_bounded_batches_and_says_what_is_left() {
    let (server, _dir) = mongod(ServerOptions::default()).await;
    let mine = Arc::new(Plain::staff(REALM, 1));
    write(&mine, 0, 6_000);
    let engine = start(&mine, server.address().unwrap());
    let mut states = engine.state();
    let mut left = vec![6_000];
    let falling = async {
        while !is_done(&states.borrow_and_update()) {
            left.extend(Some(states.borrow().to_send).filter(|now| left.last() != Some(now) && *now > 0));
            states.changed().await.unwrap();
        }
    };
    tokio::time::timeout(PATIENCE * 2, falling).await.expect("it ends");
    assert!(left.windows(2).all(|two| two[0] > two[1] && two[0] - two[1] <= 500 * 2), "{left:?}");
    assert!(left.len() > 6, "it was told how much is left: {left:?}");
    equal(&mine, &server).await;
    engine.stop().await;
}
