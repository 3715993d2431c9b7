//! What happened to this person's conflicting versions: which wait, what was decided, and taking a decision back.

use crate::{
    Problem, Session, ask::of, glass::open_only, names, patients, problem::not_found, session::fields, views::*,
};
use model::{CollectionDef, Conflict, ConflictKind, Id, Patient, Time, definition};
use serde_json::{Value, json};
use std::{cmp::Reverse, sync::Arc};
use uuid::Uuid;
use vault::{EntryKind, Find, Row, Writer};

/// So long a decision can be taken back, in milliseconds.
const UNDO_MS: i64 = 30 * 86_400_000;
/// So many decisions are shown.
const DECIDED: u64 = 100;
/// Fields that hold free text, where one version can stand under the other.
const FREE_TEXT: [&str; 4] = ["description", "notes", "reason", "consultation_notes"];
/// Fields that say who somebody is.
const IDENTITY: [&str; 7] = ["name", "date_of_birth", "gender", "gender_as_entered", "phone", "email", "address"];
/// Fields of the front page whose wrong value can harm.
const DANGEROUS: [&str; 5] =
    ["allergies", "allergies_asked", "allergies_asked_at", "chronic_conditions", "blood_group"];
/// Collections of which every field can harm: what is taken, and what was measured.
const DANGEROUS_COLLECTIONS: [&str; 3] = ["medications", "observations", "detections"];

/// Versions that wait for a person: what can harm first, then the longest waiting.
pub fn list(session: &Arc<Session>, _: Nothing) -> Result<Vec<ConflictView>, Problem> {
    let mut views: Vec<_> = open(session)?.iter().map(|row| view(session, row)).collect();
    views.sort_by_key(|one| (one.weight, one.displaced_at));
    Ok(views)
}

/// Those of one chart.
pub fn of_chart(session: &Session, patient: Uuid) -> Result<Vec<ConflictView>, Problem> {
    let rows = open(session)?;
    Ok(rows.iter().filter(|row| row.scope == patient).map(|row| view(session, row)).collect())
}

/// How many wait.
pub fn count(session: &Session) -> Result<usize, Problem> {
    Ok(open(session)?.len())
}

fn open(session: &Session) -> Result<Vec<Row<Conflict>>, Problem> {
    let rows = session.vault.list::<Conflict>(&of("resolved_at", Value::Null).limit(1_000))?;
    open_only(session, rows, |row| Some(row.scope))
}

fn view(session: &Session, row: &Row<Conflict>) -> ConflictView {
    let one = &row.value;
    let patient = session.vault.get::<Patient>(row.scope).ok().flatten().map(|row| row.id);
    ConflictView {
        id: row.id,
        collection: one.collection.clone(),
        document: one.document_id,
        patient,
        patient_name: patient.map(|id| patients::name_of(session, Id::new(id))),
        field: one.key.clone(),
        weight: weight(one),
        deletion: one.kind == ConflictKind::Deletion,
        can_keep_both: can_keep_both(one),
        base: one.base.as_ref().map(text),
        shown: one.shown.as_ref().map(text),
        displaced: one.displaced.as_ref().map(text),
        shown_by: owner_of(session, one.shown_stamp),
        displaced_by: owner_of(session, one.displaced_stamp),
        shown_at: time_of(one.shown_stamp),
        displaced_at: time_of(one.displaced_stamp),
    }
}

fn field_of(one: &Conflict) -> &str {
    one.key.split_once('/').map_or(one.key.as_str(), |(field, _)| field)
}

fn weight(one: &Conflict) -> ConflictWeight {
    let field = field_of(one);
    let harms = DANGEROUS_COLLECTIONS.contains(&one.collection.as_str()) || DANGEROUS.contains(&field);
    match (harms, IDENTITY.contains(&field)) {
        (true, _) => ConflictWeight::CanHarm,
        (false, true) => ConflictWeight::Identity,
        (false, false) => ConflictWeight::Ordinary,
    }
}

/// Two entries of a list can stand beside each other, and two texts under each other. Two values of one field cannot.
fn can_keep_both(one: &Conflict) -> bool {
    match (&one.shown, &one.displaced) {
        (Some(Value::Object(_)), Some(Value::Object(_))) => one.key.contains('/'),
        (Some(Value::String(shown)), Some(Value::String(displaced))) => {
            FREE_TEXT.contains(&field_of(one)) && !shown.is_empty() && !displaced.is_empty()
        }
        _ => false,
    }
}

/// The name of the owner of the device that wrote a stamp.
pub(crate) fn owner_of(session: &Session, stamp: model::Stamp) -> Option<String> {
    let owner = session.vault.device_owner(stamp.device()).ok().flatten()?;
    names::of_user(session, owner)
}

pub(crate) fn time_of(stamp: model::Stamp) -> Time {
    Time::from_unsigned_ms(stamp.ms())
}

/// A value as a person reads it: texts without quotes, an entry by what stands in it, without its id.
pub(crate) fn text(value: &Value) -> String {
    let joined = |parts: Vec<String>, between: &str| {
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(between)
    };
    match value {
        Value::String(words) => words.clone(),
        Value::Object(entry) => {
            let told = entry.iter().filter(|(name, value)| name.as_str() != "id" && !value.is_null());
            joined(told.map(|(_, value)| text(value)).collect(), " · ")
        }
        Value::Array(list) => joined(list.iter().map(text).collect(), "; "),
        other => other.to_string(),
    }
}

/// A person's decision. Whatever it is, the conflict keeps both values, who decided, when, and what.
pub fn resolve(session: &Arc<Session>, ask: ResolveConflict) -> Result<Nothing, Problem> {
    let row = session.need::<Conflict>(ask.id)?;
    let conflict = row.value;
    if conflict.resolved_at.is_some() {
        return Err(Problem::new("decided_already", None));
    }
    if ask.keep == KeptVersion::Both && !can_keep_both(&conflict) {
        return Err(Problem::new("both_cannot_stand", None));
    }
    let def = definition(&conflict.collection).ok_or_else(not_found)?;
    session.write(|w| {
        let resolution = put_back(w, def, &conflict, ask.keep)?;
        let decision = fields(json!({
            "resolved_at": session.now(), "resolved_by": session.me.user, "resolution": resolution,
        }));
        w.put::<Conflict>(ask.id, row.scope, &decision)
    })?;
    Ok(Nothing {})
}

/// Does what was decided, and gives what the conflict remembers of it.
fn put_back(
    w: &mut Writer<'_, '_>,
    def: &'static CollectionDef,
    one: &Conflict,
    keep: KeptVersion,
) -> vault::Result<Value> {
    let (shown, displaced) = (one.shown.clone().unwrap_or_default(), one.displaced.clone().unwrap_or_default());
    match keep {
        KeptVersion::Shown => Ok(shown),
        KeptVersion::Displaced => {
            w.restore(def, one.document_id, &one.key, displaced.clone())?;
            Ok(displaced)
        }
        KeptVersion::Both => match (shown, displaced) {
            (Value::String(shown), Value::String(displaced)) => {
                let both = Value::from(format!("{shown}\n\n{displaced}"));
                w.restore(def, one.document_id, &one.key, both.clone())?;
                Ok(both)
            }
            (shown, mut displaced) => {
                // Beside the one that shows it is an entry of its own.
                let id = w.new_id()?.to_string();
                displaced["id"] = Value::from(id.as_str());
                w.restore(def, one.document_id, &format!("{}/{id}", field_of(one)), displaced.clone())?;
                Ok(json!([shown, displaced]))
            }
        },
    }
}

/// What was decided in the last thirty days, newest first.
pub fn decided(session: &Arc<Session>, _: Nothing) -> Result<Vec<DecidedView>, Problem> {
    let since = serde_json::to_value(Time::from_ms(session.now().ms() - UNDO_MS)).unwrap_or_default();
    let find = Find { range: Some(("resolved_at", Some(since), None)), limit: DECIDED, ..Find::default() };
    let mut rows = open_only(session, session.vault.list::<Conflict>(&find)?, |row| Some(row.scope))?;
    rows.sort_by_key(|row| Reverse(row.value.resolved_at));
    let decided = |row: &Row<Conflict>| {
        let at = row.value.resolved_at?;
        let by = row.value.resolved_by.and_then(|user| names::of_user(session, user.uuid));
        Some(DecidedView { conflict: view(session, row), at, by, kept: kept(&row.value) })
    };
    Ok(rows.iter().filter_map(decided).collect())
}

/// Which of the two was kept.
fn kept(one: &Conflict) -> KeptVersion {
    if one.resolution == one.shown {
        KeptVersion::Shown
    } else if one.resolution == one.displaced {
        KeptVersion::Displaced
    } else {
        KeptVersion::Both
    }
}

/// Takes a decision back: the conflict waits again, and what the decision wrote goes, unless somebody has written over it since.
pub fn undo(session: &Arc<Session>, ask: ById) -> Result<Nothing, Problem> {
    let row = session.need::<Conflict>(ask.id)?;
    let decided_at = row.value.resolved_at.ok_or_else(not_found)?;
    if session.now().ms() - decided_at.ms() > UNDO_MS {
        return Err(Problem::new("too_late_to_undo", None));
    }
    let def = definition(&row.value.collection).ok_or_else(not_found)?;
    let back = what_goes_back(session, &row.value)?;
    let waits = json!({ "resolved_at": null, "resolved_by": null, "resolution": null });
    session.write(|w| {
        if let Some((key, value)) = back {
            w.restore(def, row.value.document_id, &key, value)?;
        }
        w.put::<Conflict>(ask.id, row.scope, waits.as_object().unwrap_or(&model::Map::new()))
    })?;
    Ok(Nothing {})
}

/// The key and the value that were there before the decision.
fn what_goes_back(session: &Session, one: &Conflict) -> Result<Option<(String, Value)>, Problem> {
    let before = || one.shown.clone().unwrap_or_default();
    let (key, written, value) = match (kept(one), &one.resolution) {
        (KeptVersion::Shown, _) => return Ok(None),
        (KeptVersion::Both, Some(Value::Array(both))) => {
            let added = both.get(1).cloned().unwrap_or_default();
            let id = added.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
            (format!("{}/{id}", field_of(one)), added, Value::Null)
        }
        (_, resolution) => (one.key.clone(), resolution.clone().unwrap_or_default(), before()),
    };
    let entries = session.vault.history(&one.collection, one.document_id)?;
    let now = entries.into_iter().find(|entry| entry.key == key && entry.kind == EntryKind::Current);
    Ok((now.map(|entry| entry.value).unwrap_or_default() == written).then_some((key, value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_weighed_by_name_exists_in_the_model() {
        let all = || model::ALL.iter().flat_map(|def| def.fields);
        for name in FREE_TEXT.iter().chain(&IDENTITY).chain(&DANGEROUS) {
            assert!(all().any(|field| field.name == *name), "no collection has the field {name}");
        }
        for name in DANGEROUS_COLLECTIONS {
            assert!(definition(name).is_some(), "there is no collection {name}");
        }
    }
}
