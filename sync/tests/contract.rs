//! What every remote must do, run over the one in memory and over a real MongoDB replica set.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "tests")]

mod support;

use futures_util::{StreamExt, TryStreamExt};
use model::parcel::{BODY_MAX, Fate, Parcel, SEGMENT, Subscription};
use mongodb::bson::{Document, doc};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use support::mailbox::ticket;
use support::{Pusher, REALM, all_from, mongod, stored};
use sync::remote::memory::MemoryServer;
use sync::remote::mongo::MongoRemote;
use sync::server::ServerOptions;
use sync::{Remote, SyncError};
use uuid::Uuid;

type Shared = Arc<dyn Remote>;

/// Two devices' lines to one server, under every promise.
async fn keeps_the_contract(a: Shared, b: Shared) {
    first_contact_is_made_once(&a, &b).await;
    a_batch_arrives_whole_and_in_order(&a, &b).await;
    a_batch_that_is_pushed_twice_is_there_once(&a).await;
    a_copy_of_the_device_is_noticed(&a, &b).await;
    what_is_behind_is_left_out_and_the_rest_goes_through(&a, &b).await;
    what_is_refused_does_not_hold_up_the_rest(&a).await;
    a_token_is_unique_in_its_collection(&a, &b).await;
    pages_are_bounded_and_complete(&a, &b).await;
    a_scope_shows_nothing_of_another(&a).await;
    readers_never_miss_a_commit(&a, &b).await;
    the_bell_rings_for_others(&a, &b).await;
    documents_and_revisions_can_be_asked_for(&a).await;
    a_file_is_there_when_it_is_finished(&a, &b).await;
    a_new_life_begins_once(&a, &b).await;
}

async fn first_contact_is_made_once(a: &Shared, b: &Shared) {
    let (one, two) = tokio::join!(a.probe(), b.probe());
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!((one.epoch, one.realm, one.lives.len()), (two.epoch, Some(REALM), 1));
    assert!(!one.epoch.is_nil());
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
    assert!(now.abs_diff(u128::from(one.server_ms)) < 5_000);
}

async fn a_batch_arrives_whole_and_in_order(a: &Shared, b: &Shared) {
    let cursor = b.probe().await.unwrap().rev;
    let mut pusher = Pusher::new();
    let parcels: Vec<Parcel> =
        ["users", "doctor_notes", "users"].map(|name| pusher.parcel(name, name.as_bytes())).into();
    let batch = pusher.batch(parcels);
    let receipt = a.push(&batch).await.unwrap();
    assert_eq!(stored(&receipt), [cursor + 2, cursor + 3, cursor + 4], "the journal entry takes the first revision");
    let page = b.page(&all_from(cursor), 100).await.unwrap();
    let expected: Vec<Parcel> = std::iter::once(&batch.journal)
        .chain(&batch.parcels)
        .zip(cursor + 1..)
        .map(|(parcel, rev)| Parcel { rev, ..parcel.clone() })
        .collect();
    assert_eq!(page.parcels, expected);
    assert_eq!((page.upto, page.more), (cursor + 4, false));
    assert_eq!(b.page(&all_from(page.upto), 100).await.unwrap().parcels, []);
}

async fn a_batch_that_is_pushed_twice_is_there_once(a: &Shared) {
    let mut pusher = Pusher::new();
    let batch =
        pusher.batch(vec![pusher.parcel("users", b"once"), Parcel { rev: 7, ..pusher.parcel("users", b"behind") }]);
    assert_eq!(a.receipt(&batch).await.unwrap(), None);
    let first = a.push(&batch).await.unwrap();
    let before = a.probe().await.unwrap().rev;
    assert_eq!(a.push(&batch).await.unwrap(), first);
    assert_eq!(a.receipt(&batch).await.unwrap(), Some(first));
    assert_eq!(a.probe().await.unwrap().rev, before, "nothing new was numbered");
}

async fn a_copy_of_the_device_is_noticed(a: &Shared, b: &Shared) {
    let mut original = Pusher::new();
    let mut copy = Pusher::with_device(original.device);
    a.push(&original.batch(vec![original.parcel("users", b"original")])).await.unwrap();
    let batch = copy.batch(vec![copy.parcel("users", b"copy")]);
    assert!(matches!(b.push(&batch).await, Err(SyncError::Clone)));
    assert!(matches!(b.receipt(&batch).await, Err(SyncError::Clone)));
    let names = [("users".to_owned(), batch.parcels[0].id)];
    assert_eq!(b.documents(&names).await.unwrap(), []);
}

async fn what_is_behind_is_left_out_and_the_rest_goes_through(a: &Shared, b: &Shared) {
    let (mut one, mut two) = (Pusher::new(), Pusher::new());
    let document = one.parcel("appointments", b"v1");
    let rev = stored(&a.push(&one.batch(vec![document.clone()])).await.unwrap())[0];
    let newer = Parcel { rev, body: b"v2".to_vec(), ..document.clone() };
    let newest = stored(&a.push(&one.batch(vec![newer])).await.unwrap())[0];
    let late = Parcel { rev, body: b"late".to_vec(), ..document.clone() };
    let batch = two.batch(vec![late, two.parcel("appointments", b"new")]);
    let receipt = b.push(&batch).await.unwrap();
    assert_eq!(receipt.fates[0], Fate::Behind { remote: newest });
    assert!(matches!(receipt.fates[1], Fate::Stored { .. }));
    let there = b.documents(&[("appointments".into(), document.id)]).await.unwrap();
    assert_eq!((there[0].rev, &there[0].body[..]), (newest, &b"v2"[..]));
    // The answer stays the same when it is asked for again, even after the left-out one has moved on.
    let third = Parcel { rev: newest, body: b"v3".to_vec(), ..document };
    let moved = stored(&a.push(&one.batch(vec![third])).await.unwrap())[0];
    let again = b.push(&batch).await.unwrap();
    assert_eq!(again.fates, [Fate::Behind { remote: moved }, receipt.fates[1].clone()]);
}

async fn what_is_refused_does_not_hold_up_the_rest(a: &Shared) {
    let mut pusher = Pusher::new();
    let huge = pusher.parcel("users", &vec![0; BODY_MAX + 1]);
    let batch = pusher.batch(vec![pusher.parcel("users", b"a"), huge, pusher.parcel("users", b"b")]);
    let receipt = a.push(&batch).await.unwrap();
    assert!(
        matches!(&receipt.fates[..], [Fate::Stored { .. }, Fate::Refused { .. }, Fate::Stored { .. }]),
        "{receipt:?}"
    );
    assert_eq!(a.push(&batch).await.unwrap(), receipt);
}

async fn a_token_is_unique_in_its_collection(a: &Shared, b: &Shared) {
    let (mut one, mut two) = (Pusher::new(), Pusher::new());
    let tokens = || [("email".to_owned(), Uuid::from_u128(9).as_bytes().to_vec())].into();
    let first = Parcel { tokens: tokens(), ..one.parcel("users", b"first") };
    stored(&a.push(&one.batch(vec![first])).await.unwrap());
    let second = Parcel { tokens: tokens(), ..two.parcel("users", b"second") };
    let receipt = b.push(&two.batch(vec![two.parcel("users", b"else"), second])).await.unwrap();
    assert!(matches!(receipt.fates[0], Fate::Stored { .. }));
    let Fate::Refused { reason } = &receipt.fates[1] else { panic!("{receipt:?}") };
    assert_eq!(reason, "taken");
    // So is a document that is there already and takes the value later.
    let third = two.parcel("users", b"third");
    let rev = stored(&b.push(&two.batch(vec![third.clone()])).await.unwrap())[0];
    let changed = Parcel { rev, tokens: tokens(), ..third };
    let receipt = b.push(&two.batch(vec![changed])).await.unwrap();
    assert_eq!(receipt.fates, [Fate::Refused { reason: "taken".into() }]);
}

async fn pages_are_bounded_and_complete(a: &Shared, b: &Shared) {
    let mut cursor = b.probe().await.unwrap().rev;
    let mut pusher = Pusher::new();
    let names = ["users", "doctor_notes", "appointments"];
    for _ in 0..4 {
        let parcels = (0..9).map(|at| pusher.parcel(names[at % 3], &[7; 40])).collect();
        stored(&a.push(&pusher.batch(parcels)).await.unwrap());
    }
    let end = cursor + 40;
    let mut revs = Vec::new();
    loop {
        let page = b.page(&all_from(cursor), 7).await.unwrap();
        assert!(page.parcels.len() <= 7);
        revs.extend(page.parcels.iter().map(|parcel| parcel.rev));
        cursor = page.upto;
        if !page.more {
            break;
        }
        assert_eq!(page.parcels.len(), 7, "a page with more behind it is full");
    }
    assert_eq!(revs, (end - 39..=end).collect::<Vec<_>>());
    assert_eq!(cursor, end);
}

async fn a_scope_shows_nothing_of_another(a: &Shared) {
    let cursor = a.probe().await.unwrap().rev;
    let mut pusher = Pusher::new();
    let (mine, other) = (Uuid::new_v4(), Uuid::new_v4());
    let of = |scope, pusher: &Pusher| Parcel { scope, ..pusher.parcel("doctor_notes", b"note") };
    let parcels = (0..12).map(|at| of(if at % 3 == 0 { mine } else { other }, &pusher)).collect();
    a.push(&pusher.batch(parcels)).await.unwrap();
    let subscription = Subscription { scope: Some(mine), cursor };
    let first = a.page(&subscription, 3).await.unwrap();
    assert_eq!((first.parcels.len(), first.more), (3, true));
    let rest = a.page(&Subscription { cursor: first.upto, ..subscription }, 3).await.unwrap();
    assert_eq!((rest.parcels.len(), rest.more, rest.upto), (1, false, cursor + 13));
    assert!(first.parcels.iter().chain(&rest.parcels).all(|parcel| parcel.scope == mine));
}

async fn readers_never_miss_a_commit(a: &Shared, b: &Shared) {
    let start = a.probe().await.unwrap().rev;
    let writing = |remote: Shared| async move {
        let mut pusher = Pusher::new();
        let mut revs = BTreeSet::new();
        for round in 0..25 {
            let names = ["users", "appointments", "doctor_notes", "messages"];
            let parcels = (0..1 + round % 5).map(|at| pusher.parcel(names[(round + at) % 4], b"x")).collect();
            revs.extend(stored(&remote.push(&pusher.batch(parcels)).await.unwrap()));
        }
        revs
    };
    let writers = [tokio::spawn(writing(a.clone())), tokio::spawn(writing(b.clone()))];
    let (mut cursor, mut seen) = (start, BTreeSet::new());
    loop {
        let done = writers.iter().all(tokio::task::JoinHandle::is_finished);
        let page = b.page(&all_from(cursor), 13).await.unwrap();
        seen.extend(page.parcels.iter().filter(|parcel| parcel.collection != "journal").map(|parcel| parcel.rev));
        cursor = page.upto;
        if done && !page.more {
            break;
        }
    }
    let mut written = BTreeSet::new();
    for writer in writers {
        written.extend(writer.await.unwrap());
    }
    assert_eq!(written.len(), 150);
    assert_eq!(seen, written);
}

async fn the_bell_rings_for_others(a: &Shared, b: &Shared) {
    let mut bell = b.bell().await.unwrap();
    let mut pusher = Pusher::new();
    let rev = stored(&a.push(&pusher.batch(vec![pusher.parcel("users", b"ding")])).await.unwrap())[0];
    let ring = tokio::time::timeout(Duration::from_secs(5), bell.next()).await.expect("a ring within five seconds");
    assert_eq!(ring.unwrap().unwrap(), rev);
}

async fn documents_and_revisions_can_be_asked_for(a: &Shared) {
    let mut pusher = Pusher::new();
    let scope = Uuid::new_v4();
    let parcels: Vec<_> = (0..3).map(|_| Parcel { scope, ..pusher.parcel("users", b"x") }).collect();
    let ids: Vec<_> = parcels.iter().map(|parcel| ("users".to_owned(), parcel.id)).collect();
    let revs = stored(&a.push(&pusher.batch(parcels)).await.unwrap());
    let mut wanted = ids[..2].to_vec();
    wanted.push(("users".into(), Uuid::new_v4()));
    let found = a.documents(&wanted).await.unwrap();
    assert_eq!(found.iter().map(|parcel| parcel.rev).collect::<BTreeSet<_>>(), BTreeSet::from([revs[0], revs[1]]));
    let all: Vec<_> = a.revisions(Some(&[scope])).await.unwrap().try_collect().await.unwrap();
    let named: BTreeSet<_> = all.iter().map(|one| (one.id, one.rev)).collect();
    assert_eq!(named, ids.iter().map(|(_, id)| *id).zip(revs).collect());
    let everything: Vec<_> = a.revisions(None).await.unwrap().try_collect().await.unwrap();
    assert!(everything.len() > 200);
}

async fn a_file_is_there_when_it_is_finished(a: &Shared, b: &Shared) {
    let file = Uuid::new_v4();
    let segments = [vec![1; SEGMENT], vec![2; SEGMENT], vec![3; 100]];
    a.put_chunk(file, 2, segments[2].clone()).await.unwrap();
    a.put_chunk(file, 0, segments[0].clone()).await.unwrap();
    a.put_chunk(file, 0, segments[0].clone()).await.unwrap();
    assert_eq!(b.file_chunks_present(file).await.unwrap(), BTreeSet::from([0, 2]));
    assert_eq!(b.file_info(file).await.unwrap(), None);
    a.put_chunk(file, 1, segments[1].clone()).await.unwrap();
    a.finish_file(&ticket(file, &segments), 1_700_000_000_000).await.unwrap();
    a.finish_file(&ticket(file, &segments), 1_700_000_000_001).await.unwrap();
    let info = b.file_info(file).await.unwrap().unwrap();
    assert_eq!((info.length, info.segments), (2 * SEGMENT as u64 + 100, 3));
    for (index, segment) in (0..).zip(&segments) {
        assert_eq!(b.get_chunk(file, index).await.unwrap().as_ref(), Some(segment));
    }
    assert_eq!(b.get_chunk(file, 3).await.unwrap(), None);
    assert!(a.put_chunk(file, 3, vec![0; SEGMENT + 1]).await.is_err());
}

async fn a_new_life_begins_once(a: &Shared, b: &Shared) {
    let seen = a.probe().await.unwrap();
    let (one, two) = tokio::join!(a.renew(&seen, seen.rev + 500), b.renew(&seen, seen.rev + 500));
    // Of two at once one may be turned away, but there is never more than one new life.
    let info = a.probe().await.unwrap();
    assert!(one.is_ok() || two.is_ok());
    assert_eq!(info.lives.len(), 2);
    assert_ne!(info.epoch, seen.epoch);
    assert_eq!(info.sure_since(seen.epoch), seen.rev);
    assert!(info.rev > seen.rev + 500 && info.knows_lost(seen.rev + 1) && !info.knows_lost(info.rev + 1));
    let again = b.renew(&seen, seen.rev).await.unwrap();
    assert_eq!(again.lives.len(), 2, "whoever comes late joins the life that has begun");
    let mut pusher = Pusher::new();
    let revs = stored(&b.push(&pusher.batch(vec![pusher.parcel("users", b"new life")])).await.unwrap());
    assert!(revs[0] > info.rev);
}

#[tokio::test]
async fn the_remote_in_memory_keeps_the_contract() {
    let clock = || {
        u64::try_from(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis()).unwrap()
    };
    let server = MemoryServer::new(Arc::new(clock));
    keeps_the_contract(Arc::new(server.line(REALM, 1)), Arc::new(server.line(REALM, 2))).await;
    let stranger = server.line(Uuid::new_v4(), 3);
    assert!(matches!(stranger.probe().await, Err(SyncError::OtherRealm)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mongodb_replica_set_keeps_the_contract() {
    let (mut server, _dir) = mongod(ServerOptions { test_commands: true, ..ServerOptions::default() }).await;
    let address = server.address().unwrap();
    let connect = async |realm| Arc::new(MongoRemote::connect(&address, Some(realm)).await.unwrap());
    let (a, b) = (connect(REALM).await, connect(REALM).await);
    keeps_the_contract(a.clone(), b.clone()).await;
    assert!(matches!(connect(Uuid::new_v4()).await.probe().await, Err(SyncError::OtherRealm)));
    a_lost_answer_changes_nothing(&a, "commitTransaction", doc! { "closeConnection": true }).await;
    let unsure = doc! { "writeConcernError": { "code": 64, "errmsg": "waiting for replication timed out" } };
    a_lost_answer_changes_nothing(&a, "commitTransaction", unsure).await;
    a_lost_answer_changes_nothing(&a, "insert", doc! { "closeConnection": true }).await;
    a_lost_answer_changes_nothing(
        &a,
        "findAndModify",
        doc! { "errorCode": 112, "errorLabels": ["TransientTransactionError"] },
    )
    .await;
    a_validator_singles_out_what_it_refuses(&a).await;
    a_lost_counter_starts_above_everything(&a).await;
    an_outage_is_told_and_survived(&mut server, &a).await;
}

async fn a_lost_answer_changes_nothing(remote: &MongoRemote, command: &str, failure: Document) {
    let mut data = doc! { "failCommands": [command] };
    data.extend(failure);
    let fail = doc! { "configureFailPoint": "failCommand", "mode": { "times": 1 }, "data": data };
    let admin = remote.database().client().database("admin");
    let mut pusher = Pusher::new();
    let batch = pusher.batch(vec![pusher.parcel("users", b"a"), pusher.parcel("doctor_notes", b"b")]);
    let before = remote.probe().await.unwrap().rev;
    admin.run_command(fail).await.unwrap();
    let receipt = remote.push(&batch).await.unwrap();
    assert_eq!(stored(&receipt), [before + 2, before + 3], "{command}");
    assert_eq!(remote.push(&batch).await.unwrap(), receipt);
    assert_eq!(remote.page(&all_from(before), 100).await.unwrap().parcels.len(), 3);
    admin.run_command(doc! { "configureFailPoint": "failCommand", "mode": "off" }).await.unwrap();
}

async fn a_validator_singles_out_what_it_refuses(remote: &MongoRemote) {
    let rule = |validator: Document| doc! { "collMod": "reviews", "validator": validator };
    remote.database().run_command(rule(doc! { "_sync.v": { "$lt": 99 } })).await.unwrap();
    let mut pusher = Pusher::new();
    for bad in [vec![0], vec![13], vec![39], vec![5, 6, 7, 30], (0..40).collect()] {
        let made = |at| Parcel { schema: if bad.contains(&at) { 99 } else { 1 }, ..pusher.parcel("reviews", b"r") };
        let parcels: Vec<_> = (0..40).map(made).collect();
        let receipt = remote.push(&pusher.batch(parcels)).await.unwrap();
        let refused = |fate: &Fate| matches!(fate, Fate::Refused { reason } if reason.contains("rules"));
        let refused: Vec<_> = (0..40).filter(|at| refused(&receipt.fates[*at])).collect();
        assert_eq!(refused, bad);
        assert_eq!(receipt.fates.iter().filter(|fate| matches!(fate, Fate::Stored { .. })).count(), 40 - bad.len());
    }
    remote.database().run_command(rule(doc! {})).await.unwrap();
}

async fn a_lost_counter_starts_above_everything(remote: &MongoRemote) {
    let before = remote.probe().await.unwrap();
    remote.database().collection::<Document>("counters").delete_one(doc! { "_id": "rev" }).await.unwrap();
    let mut pusher = Pusher::new();
    let batch = pusher.batch(vec![pusher.parcel("users", b"x")]);
    assert!(matches!(remote.push(&batch).await, Err(SyncError::NoRealm)));
    let after = remote.probe().await.unwrap();
    assert!(after.rev <= before.rev && after.epoch == before.epoch);
    let rev = stored(&remote.push(&batch).await.unwrap())[0];
    let page = remote.page(&all_from(rev - 2), 10).await.unwrap();
    assert_eq!(page.parcels.last().map(|parcel| parcel.rev), Some(rev));
}

async fn an_outage_is_told_and_survived(server: &mut sync::server::LocalServer, remote: &MongoRemote) {
    let mut pusher = Pusher::new();
    let batch = pusher.batch(vec![pusher.parcel("users", b"through an outage")]);
    server.stop().await;
    let began = Instant::now();
    let error = remote.push(&batch).await.unwrap_err();
    assert!(!error.is_lasting(), "{error:?}");
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
    server.restart().await.unwrap();
    assert_eq!(stored(&remote.push(&batch).await.unwrap()).len(), 1);
}
