//! The patients that a doctor keeps at hand, with remarks for nobody else.

use crate::{
    Problem, Session,
    ask::of,
    patients::{banner, tidy},
    problem::{invalid, not_allowed},
    session::fields,
    views::*,
};
use model::{Map, Patient, SavedPatient};
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;
use vault::Writer;

/// Longest remark, in bytes.
const REMARKS_MAX: usize = 10_000;

/// Keeps a patient at hand, with remarks; or no more, and the remarks go with it.
pub fn save(session: &Arc<Session>, ask: SavePatient) -> Result<BannerView, Problem> {
    if !session.me.clinical {
        return Err(not_allowed());
    }
    session.need::<Patient>(ask.patient)?;
    let remarks = tidy(ask.remarks.as_deref());
    if remarks.as_ref().is_some_and(|text| text.len() > REMARKS_MAX) {
        return Err(invalid("remarks"));
    }
    let id = id_of(session, ask.patient)?;
    let is_new = session.vault.get::<SavedPatient>(id)?.is_none();
    let mut values = both(session, ask.patient);
    values.insert("consultation_notes".to_owned(), json!(remarks.filter(|_| ask.saved)));
    values.insert("is_deleted".to_owned(), json!(!ask.saved));
    if is_new {
        values.insert("saved_at".to_owned(), json!(session.now()));
    }
    if ask.saved || !is_new {
        session.write(|w| w.put::<SavedPatient>(id, session.me.user, &values))?;
    }
    banner(session, OfPatient { patient: ask.patient })
}

/// What this doctor keeps of a patient; nothing for one who is not saved.
pub fn view(session: &Session, patient: Uuid) -> Result<Option<SavedView>, Problem> {
    if !session.me.clinical {
        return Ok(None);
    }
    let row = session.vault.get::<SavedPatient>(id_of(session, patient)?)?;
    Ok(row.filter(|row| !row.deleted).map(|row| SavedView {
        remarks: row.value.consultation_notes,
        last_seen: row.value.last_consultation_date,
        saved_at: row.value.saved_at,
    }))
}

/// The charts of the patients that this doctor saved.
pub fn charts(session: &Session) -> Result<Vec<Uuid>, Problem> {
    let saved = session.vault.list::<SavedPatient>(&of("doctor_id", session.me.user))?;
    Ok(saved.into_iter().map(|row| row.value.patient_id.uuid).collect())
}

/// The doctor has just seen them: what a saved patient's line says of it. To be written with whatever was done.
pub fn seen(
    session: &Session,
    patient: Uuid,
) -> Result<impl FnOnce(&mut Writer<'_, '_>) -> vault::Result<()> + use<>, Problem> {
    let id = view(session, patient)?.map(|_| id_of(session, patient)).transpose()?;
    let (me, today) = (session.me.user, session.clock.today());
    let values = fields(json!({ "last_consultation_date": today }));
    Ok(move |w: &mut Writer<'_, '_>| id.map_or(Ok(()), |id| w.put::<SavedPatient>(id, me, &values)))
}

fn both(session: &Session, patient: Uuid) -> Map {
    let ids = [("doctor_id", session.me.user), ("patient_id", patient)];
    ids.into_iter().map(|(name, id)| (name.to_owned(), Value::from(id.to_string()))).collect()
}

fn id_of(session: &Session, patient: Uuid) -> Result<Uuid, Problem> {
    let id = session.vault.only_id::<SavedPatient>(&both(session, patient))?;
    // The definition of the collection says of what its documents are the only ones.
    id.ok_or_else(|| invalid("patient"))
}
