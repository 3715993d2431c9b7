//! What reconciling leaves for a person to look at: documents set aside, and the history of a document.

use crate::{
    Problem, Session,
    conflicts::{owner_of, text, time_of},
    views::*,
};
use model::Time;
use std::sync::Arc;

/// Documents set aside because they could not be trusted or read.
pub fn quarantine(session: &Arc<Session>, _: Nothing) -> Result<Vec<QuarantineRow>, Problem> {
    let rows = session.vault.quarantine()?;
    let view = |one: vault::Quarantined| QuarantineRow {
        collection: one.collection,
        id: one.id,
        reason: one.reason,
        at: Time::from_unsigned_ms(one.at_ms),
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Everything that was ever written into a document, newest first.
pub fn history(session: &Arc<Session>, ask: HistoryOf) -> Result<Vec<HistoryRow>, Problem> {
    let entries = session.vault.history(&ask.collection, ask.id)?;
    let view = |one: vault::Entry| HistoryRow {
        key: one.key,
        value: text(&one.value),
        at: time_of(one.stamp),
        device: owner_of(session, one.stamp),
        current: one.kind == vault::EntryKind::Current,
        displaced: one.kind == vault::EntryKind::Displaced,
    };
    Ok(entries.into_iter().map(view).collect())
}
