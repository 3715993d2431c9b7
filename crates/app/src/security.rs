//! What protects a person's record, and changing it.

use crate::{Problem, Session, attempts::attempt, lock::check_passphrase, names, views::*};
use std::sync::Arc;

/// Chooses another passphrase. The old one is tried like one at unlock: whoever found the window open may not guess at it.
pub fn change_passphrase(session: &Arc<Session>, ask: ChangePassphrase) -> Result<Nothing, Problem> {
    let name = names::of_user(session, session.me.user).unwrap_or_default();
    check_passphrase(&ask.new, &[&name])?;
    let now = session.clock.now_ms();
    attempt(session.vault.folder(), now, || session.vault.change_passphrase(&ask.old, &ask.new, now))?;
    session.engine.wake();
    Ok(Nothing {})
}
