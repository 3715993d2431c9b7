//! Locks when nobody has touched the window for as long as the settings say, twelve hours after unlocking, and after the computer
//! slept, even when the page itself hangs. What has lasted is read from a clock that nobody can set.
//!
//! The window says when it was touched (`session.touch`); nothing else counts, for a page that asks by itself is no person. The
//! page shows the countdown and locks by itself when it is over; this watch is behind it and needs no page at all. Drafts are in
//! the vault by then: the page keeps them every two seconds.

use crate::{
    App, Problem, settings,
    views::{LockReason, Nothing},
};
use std::{
    sync::{Arc, Weak},
    time::Duration,
};

/// The page tells of a touch at most so much later, in milliseconds; the watch waits for that, so that the page's own lock is first.
pub const SLACK_MS: u64 = 10_000;
/// Nobody can choose less, so that there is nothing to ask before, in milliseconds.
const SHORTEST_MS: u64 = 60_000;
const GLANCE: Duration = Duration::from_secs(1);
/// So long a record stays open at most, in milliseconds: a working day.
pub const OPEN_MAX_MS: u64 = 12 * 60 * 60 * 1_000;
/// So much sleep between two glances is one, in milliseconds; less is how the two clocks are read.
pub const SLEPT_MS: u64 = 2_000;

/// Somebody is at the window.
pub async fn touch(app: &Arc<App>, _: Nothing) -> Result<Nothing, Problem> {
    app.touch();
    Ok(Nothing {})
}

/// Watches until the session is over.
pub(crate) async fn watch(app: Weak<App>, session: Weak<crate::Session>) {
    let mut slept_before = None;
    loop {
        tokio::time::sleep(GLANCE).await;
        let (Some(app), Some(session)) = (app.upgrade(), session.upgrade()) else { return };
        if !app.is_open(&session) {
            return;
        }
        let slept_ms = app.clock().slept_ms();
        let slept = slept_before.replace(slept_ms).is_some_and(|before| slept_ms.saturating_sub(before) >= SLEPT_MS);
        if let Some(reason) = is_over(&app, &session, slept).await {
            tracing::info!(?reason, "locking");
            drop(session);
            app.end(reason).await;
            return;
        }
    }
}

async fn is_over(app: &Arc<App>, session: &Arc<crate::Session>, slept: bool) -> Option<LockReason> {
    if app.clock().steady_ms().saturating_sub(session.opened_ms) >= OPEN_MAX_MS {
        return Some(LockReason::OpenTooLong);
    }
    match (has_nobody(app, session).await, slept) {
        (true, _) => Some(LockReason::Idle),
        (false, true) => Some(LockReason::Sleep),
        (false, false) => None,
    }
}

async fn has_nobody(app: &Arc<App>, session: &Arc<crate::Session>) -> bool {
    let idle = app.idle_ms();
    if idle < SHORTEST_MS {
        return false;
    }
    let session = session.clone();
    let minutes = crate::session::off_thread(move || Ok(settings::get(&session, Nothing {})?.lock_minutes)).await;
    // Settings that cannot be read are no reason to stay open for ever: the default holds.
    let minutes = minutes.unwrap_or_else(|_| settings::defaults("en").lock_minutes);
    idle >= u64::from(minutes) * 60_000 + SLACK_MS
}
