//! What reconciling leaves for a person: conflicts, documents set aside, the history of a document.

use crate::{Problem, Session, ask::of, names, patients, problem::not_found, session::fields, views::*};
use model::{Conflict, Id, Patient, Time, definition};
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;
use vault::Row;

/// Versions that wait for a person.
pub fn conflicts(session: &Arc<Session>, _: Nothing) -> Result<Vec<ConflictView>, Problem> {
    Ok(open(session)?.iter().map(|row| conflict_view(session, row)).collect())
}

/// Those of one chart.
pub fn of_chart(session: &Session, patient: Uuid) -> Result<Vec<ConflictView>, Problem> {
    let rows = open(session)?;
    Ok(rows.iter().filter(|row| row.scope == patient).map(|row| conflict_view(session, row)).collect())
}

fn open(session: &Session) -> Result<Vec<Row<Conflict>>, Problem> {
    Ok(session.vault.list::<Conflict>(&of("resolved_at", Value::Null).limit(1_000))?)
}

fn conflict_view(session: &Session, row: &Row<Conflict>) -> ConflictView {
    let one = &row.value;
    let patient = session.vault.get::<Patient>(row.scope).ok().flatten().map(|row| row.id);
    ConflictView {
        id: row.id,
        collection: one.collection.clone(),
        document: one.document_id,
        patient,
        patient_name: patient.map(|id| patients::name_of(session, Id::new(id))),
        field: one.key.clone(),
        base: one.base.as_ref().map(text),
        shown: one.shown.as_ref().map(text),
        displaced: one.displaced.as_ref().map(text),
        shown_by: owner_of(session, one.shown_stamp),
        displaced_by: owner_of(session, one.displaced_stamp),
        shown_at: time_of(one.shown_stamp),
        displaced_at: time_of(one.displaced_stamp),
    }
}

/// The name of the owner of the device that wrote a stamp.
fn owner_of(session: &Session, stamp: model::Stamp) -> Option<String> {
    let owner = session.vault.device_owner(stamp.device()).ok().flatten()?;
    names::of_user(session, owner)
}

fn time_of(stamp: model::Stamp) -> Time {
    Time::from_ms(i64::try_from(stamp.ms()).unwrap_or(i64::MAX))
}

/// A value as a person reads it: texts without quotes, the rest as JSON.
fn text(value: &Value) -> String {
    match value {
        Value::String(words) => words.clone(),
        other => other.to_string(),
    }
}

/// A person's decision: keep what shows, or put the displaced value back. Either is written down in the conflict.
pub fn resolve(session: &Arc<Session>, ask: ResolveConflict) -> Result<Nothing, Problem> {
    let row = session.need::<Conflict>(ask.id)?;
    let conflict = row.value;
    let def = definition(&conflict.collection).ok_or_else(not_found)?;
    let chosen = if ask.keep_displaced { conflict.displaced.clone() } else { conflict.shown.clone() };
    let decision = fields(json!({
        "resolved_at": session.now(), "resolved_by": session.me.user, "resolution": chosen.clone().unwrap_or(Value::Null),
    }));
    session.write(|w| {
        if ask.keep_displaced {
            w.restore(def, conflict.document_id, &conflict.key, chosen.unwrap_or(Value::Null))?;
        }
        w.put::<Conflict>(ask.id, row.scope, &decision)
    })?;
    Ok(Nothing {})
}

/// Documents set aside because they could not be trusted or read.
pub fn quarantine(session: &Arc<Session>, _: Nothing) -> Result<Vec<QuarantineRow>, Problem> {
    let rows = session.vault.quarantine()?;
    let at = |ms: u64| Time::from_ms(i64::try_from(ms).unwrap_or(i64::MAX));
    let view = |one: vault::Quarantined| QuarantineRow {
        collection: one.collection,
        id: one.id,
        reason: one.reason,
        at: at(one.at_ms),
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
        displaced: one.kind == vault::EntryKind::Displaced,
    };
    Ok(entries.into_iter().map(view).collect())
}
