//! What reconciling leaves for a person to look at: documents set aside, and the history of a document.

use crate::{
    Event, Problem, Session,
    conflicts::{owner_of, text, time_of},
    names,
    session::off_thread,
    views::*,
};
use model::{Patient, Time, parcel::SCHEMA};
use std::{
    collections::BTreeSet,
    sync::{Arc, Weak},
};
use uuid::Uuid;

/// Documents set aside because they could not be trusted or read.
pub fn quarantine(session: &Arc<Session>, _: Nothing) -> Result<Vec<QuarantineRow>, Problem> {
    let rows = session.vault.quarantine()?;
    // What can be let in is shown as that.
    let late = session.vault.late_entries()?;
    let late: BTreeSet<Uuid> = late.iter().map(|entry| vault::trust::journal_id(entry.device, entry.n)).collect();
    let rows = rows.into_iter().filter(|one| !late.contains(&one.id));
    let view = |one: vault::Quarantined| QuarantineRow {
        collection: one.collection,
        id: one.id,
        reason: one.reason,
        at: Time::from_unsigned_ms(one.at_ms),
    };
    Ok(rows.map(view).collect())
}

/// What removed devices wrote after their removal, and can be let in.
pub fn late_entries(session: &Arc<Session>, _: Nothing) -> Result<Vec<LateEntryView>, Problem> {
    let entries = session.vault.late_entries()?;
    let view = |entry: vault::LateEntry| {
        let charts =
            entry.scopes.iter().map(|scope| Ok(session.vault.get::<Patient>(*scope)?.map(|row| row.value.name)));
        Ok(LateEntryView {
            device: entry.device,
            device_name: names::of_device(entry.device),
            owner: names::of_user(session, entry.user),
            n: entry.n,
            at: Time::from_unsigned_ms(entry.at_ms),
            writes: entry.writes.into_iter().map(|(collection, count)| WrittenView { collection, count }).collect(),
            charts: charts.filter_map(Result::transpose).collect::<Result<_, Problem>>()?,
            may: entry.may,
        })
    };
    entries.into_iter().map(view).collect()
}

/// Lets the entries of a removed device count up to one.
pub fn readmit(session: &Arc<Session>, ask: Readmit) -> Result<Vec<LateEntryView>, Problem> {
    let accepted = session.vault.readmit(ask.device, ask.n, session.clock.now_ms())?;
    session.engine.wake();
    tell(session, accepted.changed.into_iter());
    late_entries(session, Nothing {})
}

/// Tries what was set aside once more when another version of the program did that.
pub(crate) async fn retry_after_update(session: Weak<Session>) {
    let Some(session) = session.upgrade() else { return };
    let program = format!("{} {SCHEMA}", env!("CARGO_PKG_VERSION"));
    let outcome = off_thread(move || {
        if session.vault.retry_after_update(&program, session.clock.now_ms())? {
            tell(&session, std::iter::empty());
        }
        Ok(())
    });
    // A vault that cannot be written is read all the same, and asked again at the next unlock.
    if let Err(problem) = outcome.await {
        tracing::warn!(code = problem.code, "what was set aside was not tried again");
    }
}

/// What was set aside has moved, and these documents have come.
fn tell(session: &Session, changed: impl Iterator<Item = (String, Uuid)>) {
    let (mut collections, ids): (Vec<_>, Vec<_>) = changed.unzip();
    collections.push("@sync".to_owned());
    collections.sort_unstable();
    collections.dedup();
    session.ring(Event::Changed { collections, ids, from_remote: true });
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
