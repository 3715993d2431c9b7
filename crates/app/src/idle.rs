//! Locks when nobody has touched the window for as long as the settings say, even when the page itself hangs.
//!
//! The window says when it was touched (`session.touch`); nothing else counts, for a page that asks by itself is no person. The
//! page shows the countdown and locks by itself when it is over; this watch is behind it and needs no page at all. Drafts are in
//! the vault by then: the page keeps them every two seconds.

use crate::{App, Problem, settings, views::Nothing};
use std::{
    sync::{Arc, Weak},
    time::Duration,
};

/// The page tells of a touch at most so much later, in milliseconds; the watch waits for that, so that the page's own lock is first.
pub const SLACK_MS: u64 = 10_000;
/// Nobody can choose less, so that there is nothing to ask before, in milliseconds.
const SHORTEST_MS: u64 = 60_000;
const GLANCE: Duration = Duration::from_secs(1);

/// Somebody is at the window.
pub async fn touch(app: &Arc<App>, _: Nothing) -> Result<Nothing, Problem> {
    app.touch();
    Ok(Nothing {})
}

/// Watches until the session is over.
pub(crate) async fn watch(app: Weak<App>, session: Weak<crate::Session>) {
    loop {
        tokio::time::sleep(GLANCE).await;
        let (Some(app), Some(session)) = (app.upgrade(), session.upgrade()) else { return };
        if !app.is_open(&session) {
            return;
        }
        if is_over(&app, &session).await {
            tracing::info!("nobody was at the window: locking");
            drop(session);
            app.end().await;
            return;
        }
    }
}

async fn is_over(app: &Arc<App>, session: &Arc<crate::Session>) -> bool {
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
