//! Does the vault agree with itself? Looked at in the background after every unlock, and before anything leaves it (security design,
//! 13.3). A vault that does not is read and never written, and says so on every screen.

use crate::{App, Event, Problem, Session, session::off_thread, views::Stage};
use std::sync::{Arc, Weak};

/// The code of a record that does not agree with itself.
pub(crate) const FAILED: &str = "vault_check_failed";

/// Looks once, in the background.
pub(crate) async fn watch(app: Weak<App>, session: Weak<Session>) {
    let (Some(app), Some(session)) = (app.upgrade(), session.upgrade()) else { return };
    if let Err(problem) = check(&session).await
        && app.is_open(&session)
    {
        tracing::warn!(code = problem.code, "the record does not agree with itself");
    }
}

/// Looks now.
///
/// # Errors
/// [`FAILED`] when it does not agree with itself; what hinders the look.
pub(crate) async fn check(session: &Arc<Session>) -> Result<(), Problem> {
    let this = session.clone();
    let (before, outcome) = off_thread(move || Ok((this.vault.is_read_only()?, this.vault.state_check()))).await?;
    let failed = match outcome {
        Ok(()) => false,
        Err(vault::Error::Damaged(found)) => {
            tracing::warn!(found, "the check of the record failed");
            true
        }
        Err(error) => return Err(error.into()),
    };
    if failed != before {
        // Who is at work is told with the session; what was found, with the findings.
        session.ring(Event::Session { stage: Stage::Open });
        session.ring(Event::Changed { collections: vec!["@sync".to_owned()], ids: Vec::new(), from_remote: false });
    }
    if failed { Err(Problem::new(FAILED, None)) } else { Ok(()) }
}
