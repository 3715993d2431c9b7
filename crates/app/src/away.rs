//! Locks with the computer's sleep and with the desktop's own lock, as logind tells of them on the system bus
//! (`org.freedesktop.login1`). Sleep is held back, for a few seconds at most, until the vault is closed.
//!
//! Elsewhere, and where no logind answers, [`crate::idle`] notices a sleep when it is over.

use crate::{App, Session};
use std::sync::Arc;

/// Follows logind until the session is over.
#[cfg(target_os = "linux")]
pub(crate) fn start(app: &Arc<App>, session: &Arc<Session>) {
    let (app, session) = (Arc::downgrade(app), Arc::downgrade(session));
    tokio::spawn(async move {
        let followed = match zbus::Connection::system().await {
            Ok(bus) => logind::follow(app, session, &bus).await,
            Err(error) => Err(error),
        };
        if let Err(error) = followed {
            tracing::info!(%error, "logind does not tell of sleep and locking: a sleep is noticed when it is over");
        }
    });
}

/// Other systems have no such bus.
#[cfg(not(target_os = "linux"))]
pub(crate) fn start(_: &Arc<App>, _: &Arc<Session>) {}

#[cfg(target_os = "linux")]
pub use logind::follow;

#[cfg(target_os = "linux")]
mod logind {
    use crate::{App, Session, views::LockReason};
    use futures_util::StreamExt;
    use std::sync::Weak;
    use tokio::sync::broadcast::error::RecvError;
    use zbus::{
        Connection, Result,
        zvariant::{OwnedFd, OwnedObjectPath},
    };

    #[zbus::proxy(
        interface = "org.freedesktop.login1.Manager",
        default_service = "org.freedesktop.login1",
        default_path = "/org/freedesktop/login1",
        gen_blocking = false
    )]
    trait Manager {
        fn get_session(&self, id: &str) -> Result<OwnedObjectPath>;
        fn inhibit(&self, what: &str, who: &str, why: &str, mode: &str) -> Result<OwnedFd>;
        #[zbus(signal)]
        fn prepare_for_sleep(&self, start: bool) -> Result<()>;
    }

    #[zbus::proxy(
        interface = "org.freedesktop.login1.Session",
        default_service = "org.freedesktop.login1",
        gen_blocking = false
    )]
    trait LoginSession {
        #[zbus(signal)]
        fn lock(&self) -> Result<()>;
        #[zbus(property)]
        fn locked_hint(&self) -> Result<bool>;
    }

    /// Locks when logind says so; ends with the session.
    ///
    /// # Errors
    /// What the bus says, where there is no logind or this process is in none of its sessions.
    pub async fn follow(app: Weak<App>, session: Weak<Session>, bus: &Connection) -> Result<()> {
        let manager = ManagerProxy::new(bus).await?;
        let mut sleep = manager.receive_prepare_for_sleep().await?;
        let held = hold_back(&manager).await;
        let desktop = own_session(&manager, bus).await?;
        let (mut asked, mut shown) = (desktop.receive_lock().await?, desktop.receive_locked_hint_changed().await);
        let Some(mut events) = app.upgrade().map(|app| app.events()) else { return Ok(()) };
        let reason = loop {
            if !is_open(&app, &session) {
                return Ok(());
            }
            tokio::select! {
                Some(signal) = sleep.next() => if signal.args()?.start { break LockReason::Sleep },
                Some(_) = asked.next() => break LockReason::Desktop,
                Some(hint) = shown.next() => if hint.get().await? { break LockReason::Desktop },
                event = events.recv() => if matches!(event, Err(RecvError::Closed)) { return Ok(()) },
                else => return Ok(()),
            }
        };
        tracing::info!(?reason, "locking");
        if let Some(app) = app.upgrade() {
            app.end(reason).await;
        }
        // Only now may the computer sleep.
        drop(held);
        Ok(())
    }

    /// The session of this desktop; a program that the user's own service manager started is in none by itself.
    async fn own_session<'a>(manager: &ManagerProxy<'_>, bus: &Connection) -> Result<LoginSessionProxy<'a>> {
        LoginSessionProxy::builder(bus).path(manager.get_session("auto").await?)?.build().await
    }

    async fn hold_back(manager: &ManagerProxy<'_>) -> Option<OwnedFd> {
        match manager.inhibit("sleep", "Aidpost", "Closing the record", "delay").await {
            Ok(held) => Some(held),
            Err(error) => {
                tracing::info!(%error, "sleep is not held back: the record is closed as the computer falls asleep");
                None
            }
        }
    }

    fn is_open(app: &Weak<App>, session: &Weak<Session>) -> bool {
        app.upgrade().zip(session.upgrade()).is_some_and(|(app, session)| app.is_open(&session))
    }
}
