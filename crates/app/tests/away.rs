//! The computer sleeps, or the desktop is locked: a logind of the test says so, on a bus of the test.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may stop where it fails")]

mod common;
#[path = "common/logind.rs"]
mod logind;

use app::views::{LockReason, LockedView};
use common::{Desk, Hands};
use logind::Logind;
use std::{io::Read, sync::Arc, time::Duration};

/// The program at this desk follows the bus.
async fn follow(logind: &Logind, desk: &Desk) {
    let before = logind.holders();
    let (app, session) = (Arc::downgrade(&desk.app), Arc::downgrade(&desk.app.session().unwrap()));
    let bus = logind.bus.connect().await;
    tokio::spawn(async move { app::away::follow(app, session, &bus).await.unwrap() });
    logind.followed(before).await;
}

fn locked(desk: &Desk, reason: LockReason) -> bool {
    matches!(desk.app.locked(), Some(LockedView { reason: why, .. }) if why == reason)
}

#[tokio::test(flavor = "multi_thread")]
async fn sleep_waits_until_the_record_is_closed() {
    let (home, logind) = (tempfile::tempdir().unwrap(), Logind::start().await);
    let desk = Desk::clinic(home.path(), &Hands::new()).await;
    follow(&logind, &desk).await;
    let (who, mut held) = logind.holders.lock().unwrap().pop().unwrap();
    assert_eq!(who, "sleep Aidpost delay");
    // The computer woke: that is no reason.
    logind.sleep(false).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(desk.app.session().is_ok());

    logind.sleep(true).await;
    // The other end is closed when the program lets go.
    let let_go = tokio::task::spawn_blocking(move || held.read(&mut [0]));
    let read = tokio::time::timeout(Duration::from_secs(10), let_go).await.expect("it lets go").unwrap().unwrap();
    assert_eq!(read, 0);
    assert!(desk.app.session().is_err(), "it was closed before");
    assert!(locked(&desk, LockReason::Sleep));
    desk.unlock().await;
    assert_eq!(desk.app.locked(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lock_of_the_desktop_locks_the_record() {
    let (home, logind) = (tempfile::tempdir().unwrap(), Logind::start().await);
    let desk = Desk::clinic(home.path(), &Hands::new()).await;
    follow(&logind, &desk).await;
    logind.lock().await;
    assert!(desk.is_locked().await);
    desk.unlock().await;

    // A desktop that locks by itself says so afterwards.
    follow(&logind, &desk).await;
    logind.hint(true).await;
    assert!(desk.is_locked().await);
    for _ in 0..100 {
        if locked(&desk, LockReason::Desktop) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("no reason is kept");
}
