//! Much is to come, as on a new device: what is needed first comes first, all comes once, and a kill costs little.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "tests")]

mod support;

use futures_util::task::noop_waker_ref;
use model::mailbox::Mailbox;
use model::parcel::Urgent;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use support::mailbox::Plain;
use support::{REALM, mongod};
use sync::remote::memory::MemoryServer;
use sync::remote::mongo::MongoRemote;
use sync::server::ServerOptions;
use sync::{FirstSync, Line, Remote};
use uuid::Uuid;

const NOW: u64 = 1_700_000_000_000;
const CHARTS: u128 = 400;
const EACH: u128 = 10;
const ALL: usize = (CHARTS * EACH) as usize;

fn chart(at: u128) -> Uuid {
    Uuid::from_u128((9 << 64) | at)
}

/// The chart of an appointment today, of which only the appointment's id is known.
const TODAYS: u128 = CHARTS / 2;
/// One that was worked in lately.
const LATELY: u128 = CHARTS / 2 + 1;

fn appointment() -> (String, Uuid) {
    ("doctor_notes".to_owned(), Uuid::from_u128(TODAYS * EACH + 1))
}

async fn filled(remote: Arc<dyn Remote>) -> Arc<Plain> {
    let full = Arc::new(Plain::staff(REALM, 1));
    for note in 0..CHARTS * EACH {
        full.write("doctor_notes", Uuid::from_u128(note + 1), chart(note / EACH), NOW);
    }
    let line = line(&full, remote, &Arc::new(AtomicU64::new(NOW)));
    line.greet().await.unwrap();
    assert_eq!(line.round().await.unwrap().pushed, ALL);
    full
}

fn line(mailbox: &Arc<Plain>, remote: Arc<dyn Remote>, now: &Arc<AtomicU64>) -> Line {
    let now = now.clone();
    Line::new(mailbox.clone(), remote, Arc::new(move || now.load(Ordering::Relaxed)))
}

fn empty() -> Arc<Plain> {
    let new = Arc::new(Plain::staff(REALM, 2));
    new.need_first(Urgent { scopes: vec![REALM, chart(LATELY)], documents: vec![appointment()] });
    new
}

fn has_chart(mailbox: &Plain, at: u128) -> bool {
    let here = mailbox.contents();
    (at * EACH..(at + 1) * EACH).all(|note| here.contains_key(&("doctor_notes".to_owned(), Uuid::from_u128(note + 1))))
}

fn passed(mailbox: &Plain) -> i64 {
    mailbox.subscriptions().unwrap()[0].cursor
}

fn first(line: &Line) -> FirstSync {
    line.state().borrow().first.clone().expect("much is to come")
}

#[test]
fn todays_and_the_latest_charts_come_first_and_a_kill_at_any_point_goes_on_where_it_was() {
    let server = MemoryServer::new(Arc::new(|| NOW));
    let remote = Arc::new(server.line(REALM, 1));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let full = runtime.block_on(filled(remote.clone()));
    let (new, now) = (empty(), Arc::new(AtomicU64::new(NOW)));
    let (mut kills, mut usable_with, mut passed_before) = (0, None, 0);
    loop {
        let line = line(&new, remote.clone(), &now).on_polling_thread();
        let round = async {
            line.greet().await?;
            line.round().await
        };
        let mut round = Box::pin(round);
        let mut ended = false;
        // Every line is cut after some more polls than the one before.
        for _ in 0..40 + kills * 4 {
            now.fetch_add(700, Ordering::Relaxed);
            ended = matches!(round.as_mut().poll(&mut Context::from_waker(noop_waker_ref())), Poll::Ready(Ok(_)));
            let stands = line.state().borrow().first.clone();
            if usable_with.is_none() && stands.is_some_and(|first| first.usable) {
                usable_with = Some(new.contents().len());
                assert!(has_chart(&new, TODAYS) && has_chart(&new, LATELY) && has_chart(&new, CHARTS - 1));
            }
            if ended {
                break;
            }
        }
        assert!(passed(&new) >= passed_before, "a cursor never goes back");
        passed_before = passed(&new);
        if ended {
            assert_eq!(line.state().borrow().first, None);
            break;
        }
        kills += 1;
    }
    assert_eq!(new.contents(), full.contents());
    assert!(usable_with.unwrap() < ALL / 8, "usable with {usable_with:?} of {ALL}");
    assert!(kills >= 2, "it was killed {kills} times");
}

#[test]
fn it_is_said_how_far_it_is_and_what_waits_here_is_sent_meanwhile() {
    let server = MemoryServer::new(Arc::new(|| NOW));
    let remote = Arc::new(server.line(REALM, 1));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(filled(remote.clone()));
    let (new, now) = (empty(), Arc::new(AtomicU64::new(NOW)));
    let line = line(&new, remote, &now).on_polling_thread();
    runtime.block_on(line.greet()).unwrap();
    let own = Uuid::from_u128(1 << 100);
    new.write("doctor_notes", own, chart(1), NOW);
    let mut round = Box::pin(line.round());
    let (mut done, mut left) = (0, Vec::new());
    let tally = loop {
        now.fetch_add(300, Ordering::Relaxed);
        if let Poll::Ready(tally) = round.as_mut().poll(&mut Context::from_waker(noop_waker_ref())) {
            break tally.unwrap();
        }
        let Some(first) = line.state().borrow().first.clone() else { continue };
        assert!(first.done >= done && first.done <= first.total && first.total >= ALL as u64, "{first:?}");
        done = first.done;
        left.extend(first.left_ms);
        if server.document("doctor_notes", own).is_some() && passed(&new) < ALL as i64 {
            left.push(u64::MAX);
        }
    };
    assert!(tally.pulled >= ALL);
    assert!(left.contains(&u64::MAX), "it was sent while much was still to come");
    left.retain(|left| *left != u64::MAX);
    assert!(left.len() > 3 && left.last() < left.first(), "{left:?}");
}

#[tokio::test]
async fn so_it_is_over_a_real_mongodb() {
    let (server, _dir) = mongod(ServerOptions::default()).await;
    let address = server.address().unwrap();
    let remote = || async { Arc::new(MongoRemote::connect(&address, Some(REALM)).await.unwrap()) };
    let full = filled(remote().await).await;
    let (new, now) = (empty(), Arc::new(AtomicU64::new(NOW)));
    {
        let line = line(&new, remote().await, &now);
        line.greet().await.unwrap();
        let mut states = line.state();
        let usable = states.wait_for(|state| state.first.as_ref().is_some_and(|first| first.usable));
        // The round is killed as soon as the person could work.
        tokio::select! {
            biased;
            state = usable => assert!(state.is_ok()),
            ended = line.round() => panic!("it ended at once: {ended:?}"),
        }
        assert!(has_chart(&new, TODAYS) && has_chart(&new, LATELY) && has_chart(&new, CHARTS - 1));
        assert!(new.contents().len() < ALL, "all was here before anything could be used");
        assert!(first(&line).total >= ALL as u64);
    }
    let line = line(&new, remote().await, &now);
    line.greet().await.unwrap();
    line.round().await.unwrap();
    assert_eq!(new.contents(), full.contents());
    assert_eq!(line.differences().await.unwrap(), 0);
}
