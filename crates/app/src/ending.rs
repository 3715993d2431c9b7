//! The end of a session: drafts are kept, tasks stopped, the vault is closed, and the shell hears why.
//!
//! A desktop shell then starts its process anew, for neither the cryptographic library nor the web view can wipe what they hold
//! (security design, 5.5 and 13.4).

use crate::{
    App, Event, Problem,
    session::off_thread,
    views::{LockReason, LockedView, Nothing, Stage},
};
use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};

/// So long the window may take to keep what is being written, before a lock.
const DRAFTS_MAX: Duration = Duration::from_secs(2);

/// Closes the vault because somebody wants it.
pub async fn lock(app: &Arc<App>, _: Nothing) -> Result<Nothing, Problem> {
    app.end(LockReason::Asked).await;
    Ok(Nothing {})
}

/// The window has kept what was being written: it may be locked.
pub async fn drafts_kept(app: &Arc<App>, _: Nothing) -> Result<Nothing, Problem> {
    app.drafts_kept();
    Ok(Nothing {})
}

impl App {
    /// Ends the session: stops the tasks, then closes the vault, and tells the window.
    pub async fn end(&self, reason: LockReason) {
        if self.end_quietly(reason).await {
            self.tell_locked();
        }
    }

    /// The same without telling; answers whether there was one.
    pub async fn end_quietly(&self, reason: LockReason) -> bool {
        let _one_at_a_time = self.ending.lock().await;
        if self.session().is_err() {
            return false;
        }
        self.let_drafts_be_kept().await;
        let session = self.session.write().unwrap_or_else(PoisonError::into_inner).take();
        let Some(session) = session else { return false };
        session.intakes.stop();
        session.recorder.cancel();
        session.looking.end();
        session.backups.end().await;
        session.outside.end();
        session.links.stop(&session).await;
        session.engine.stop().await;
        let folder = session.vault.folder().file_name().map(|name| name.to_string_lossy().into_owned());
        // What a task has begun on it is waited for: a transaction is whole or was never there.
        if let Err(problem) = off_thread(move || Ok(session.vault.close()?)).await {
            tracing::warn!(code = problem.code, "the vault did not close cleanly");
        }
        self.remember_lock(folder.map(|profile| LockedView { profile, reason }));
        true
    }

    /// A window that hangs is not waited for long.
    async fn let_drafts_be_kept(&self) {
        if !self.options.window {
            return;
        }
        let mut kept = std::pin::pin!(self.kept.notified());
        kept.as_mut().enable();
        self.ring(Event::Locking);
        if tokio::time::timeout(DRAFTS_MAX, kept).await.is_err() {
            tracing::warn!("the window did not say that drafts are kept: what it kept before stays");
        }
    }

    /// The window has kept what was being written.
    pub(crate) fn drafts_kept(&self) {
        self.kept.notify_waiters();
    }

    /// The record that was locked last, by this process or by the one before it.
    pub fn locked(&self) -> Option<LockedView> {
        self.locked.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes over what the process before this one knew.
    pub fn remember_lock(&self, locked: Option<LockedView>) {
        *self.locked.write().unwrap_or_else(PoisonError::into_inner) = locked;
    }

    /// Tells the window to look again at what is here.
    pub(crate) fn tell_locked(&self) {
        self.ring(Event::Session { stage: Stage::Locked });
    }
}
