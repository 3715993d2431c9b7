//! The mailbox, called one call at a time from a blocking thread.

use crate::error::{Result, SyncError, VaultTrouble};
use model::mailbox::{Mailbox, MailboxError};
use std::sync::Arc;
use tokio::sync::Mutex;

/// A dropped future leaves its blocking call running; the gate travels with the call, so that the next one waits for it
/// and never sees the vault between two states.
#[derive(Clone)]
pub(crate) struct Post {
    mailbox: Arc<dyn Mailbox>,
    gate: Arc<Mutex<()>>,
    inline: bool,
}

impl Post {
    pub(crate) fn new(mailbox: Arc<dyn Mailbox>) -> Self {
        Post { mailbox, gate: Arc::default(), inline: false }
    }

    /// Calls on the polling thread itself, so that a seed replays exactly.
    pub(crate) fn inline(mailbox: Arc<dyn Mailbox>) -> Self {
        Post { inline: true, ..Post::new(mailbox) }
    }

    /// As [`Post::inline`], for the same mailbox.
    pub(crate) fn into_inline(self) -> Self {
        Post::inline(self.mailbox)
    }

    pub(crate) fn address(&self) -> model::mailbox::Address {
        self.mailbox.address()
    }

    pub(crate) async fn call<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&dyn Mailbox) -> std::result::Result<T, MailboxError> + Send + 'static,
    {
        let guard = self.gate.clone().lock_owned().await;
        let mailbox = self.mailbox.clone();
        if self.inline {
            return Ok(work(&*mailbox)?);
        }
        let call = tokio::task::spawn_blocking(move || {
            let _guard = guard;
            work(&*mailbox)
        });
        match call.await {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(SyncError::Vault(VaultTrouble::Failed("a call ended early".into()))),
        }
    }
}
