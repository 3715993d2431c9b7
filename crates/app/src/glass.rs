//! Restricted charts, and breaking the glass: in an emergency a restricted chart opens for a time, with a reason, and with an entry in
//! its access log that is written before anything is shown and sent before anything else.
//!
//! A restriction is a rule that honest programs keep. The care team holds the chart's key, or nobody could help in an emergency
//! without a network; so the screen does not claim more than the log gives.

use crate::{
    Problem, Session, names,
    problem::{invalid, not_allowed},
    session::fields,
    views::*,
};
use model::{
    AccessLog, AccessOutcome, AccessPlace, Appointment, Conflict, Detection, Id, MedicalRecord, Medication,
    Observation, Patient, ShareToken, Time,
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;
use vault::Row;

/// So long it may be opened at once, in minutes.
const MINUTES: std::ops::RangeInclusive<u32> = 5..=240;
/// A reason is a sentence, not a full stop; in characters.
const REASON: std::ops::RangeInclusive<usize> = 10..=500;
/// What a restricted chart still answers: how to open it, and who did.
const ANSWERED: [&str; 3] = ["access.break_glass", "access.glass", "patients.similar"];

/// The charts that are open for an emergency, until when in milliseconds since 1970. In memory only: a lock ends it.
#[derive(Default)]
pub struct Glass(Mutex<BTreeMap<Uuid, u64>>);

impl Glass {
    fn is_broken(&self, chart: Uuid, now_ms: u64) -> bool {
        self.lock().get(&chart).is_some_and(|until| now_ms < *until)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<Uuid, u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Refuses a request about a chart that is closed to whoever is at work.
///
/// # Errors
/// `chart_restricted`.
pub fn gate(session: &Session, name: &str, input: &Value) -> Result<(), Problem> {
    if ANSWERED.contains(&name) {
        return Ok(());
    }
    match chart_of(session, name, input)? {
        Some(chart) if is_closed(session, chart)? => Err(Problem::new("chart_restricted", None)),
        Some(_) | None => Ok(()),
    }
}

/// The chart that a request is about: it says so, or the document that it names lies in it.
fn chart_of(session: &Session, name: &str, input: &Value) -> Result<Option<Uuid>, Problem> {
    let id_in = |field: &str| input.get(field).and_then(Value::as_str).and_then(|text| Uuid::parse_str(text).ok());
    if let Some(patient) = id_in("patient") {
        return Ok(Some(patient));
    }
    let Some(id) = id_in("id") else { return Ok(None) };
    let vault = &session.vault;
    let scope = match name.split_once('.').map_or(name, |(room, _)| room) {
        "patients" => Some(id),
        "records" => vault.get::<MedicalRecord>(id)?.map(|row| row.value.patient_id.uuid),
        "checks" => vault.get::<Detection>(id)?.map(|row| row.value.patient_id.uuid),
        "shares" => vault.get::<ShareToken>(id)?.map(|row| row.value.patient_id.uuid),
        "vitals" => vault.get::<Observation>(id)?.map(|row| row.value.patient_id.uuid),
        "medications" => vault.get::<Medication>(id)?.map(|row| row.value.patient_id.uuid),
        "appointments" => vault.get::<Appointment>(id)?.map(|row| row.value.patient_id.uuid),
        "sync" => behind(session, input, id)?,
        _ => None,
    };
    Ok(scope)
}

/// The scope of a document whose history is asked for, or of a conflict; it is no chart's where they lie elsewhere.
fn behind(session: &Session, input: &Value, id: Uuid) -> Result<Option<Uuid>, Problem> {
    match input.get("collection").and_then(Value::as_str) {
        Some(collection) => Ok(session.vault.scope_of(collection, id)?),
        None => Ok(session.vault.get::<Conflict>(id)?.map(|row| row.scope)),
    }
}

/// Is this chart closed to whoever is at work?
pub(crate) fn is_closed(session: &Session, chart: Uuid) -> Result<bool, Problem> {
    let Some(row) = session.vault.get::<Patient>(chart)? else { return Ok(false) };
    is_closed_row(session, &row)
}

/// The same of a front page that is at hand.
pub(crate) fn is_closed_row(session: &Session, row: &Row<Patient>) -> Result<bool, Problem> {
    let (patient, me) = (&row.value, session.me.user);
    let own = patient.user_id.is_some_and(|user| user.uuid == me);
    let allowed = own || patient.allowed_members.iter().any(|member| member.id == me);
    let closed = patient.is_restricted == Some(true) && !allowed;
    Ok(closed && !session.glass.is_broken(row.id, session.clock.now_ms()))
}

/// Of the rows of a list, those of charts that are open to whoever is at work.
pub(crate) fn open_only<T>(
    session: &Session,
    rows: Vec<T>,
    chart: impl Fn(&T) -> Option<Uuid>,
) -> Result<Vec<T>, Problem> {
    let mut known = BTreeMap::new();
    let mut open = Vec::with_capacity(rows.len());
    for row in rows {
        let closed = match chart(&row) {
            None => false,
            Some(chart) => match known.get(&chart) {
                Some(closed) => *closed,
                None => *known.entry(chart).or_insert(is_closed(session, chart)?),
            },
        };
        if !closed {
            open.push(row);
        }
    }
    Ok(open)
}

/// Who opens the chart, and whether it is restricted: what is shown in its place.
pub fn view(session: &Arc<Session>, ask: OfPatient) -> Result<GlassView, Problem> {
    let patient = session.need::<Patient>(ask.patient)?.value;
    let allowed = patient
        .allowed_members
        .iter()
        .map(|member| AllowedView { user: member.id, name: names::of_user(session, member.id).unwrap_or_default() });
    Ok(GlassView {
        restricted: patient.is_restricted == Some(true),
        closed: is_closed(session, ask.patient)?,
        allowed: allowed.collect(),
        name: patient.name,
        may_break: session.me.clinical,
    })
}

/// Restricts a chart to the members named, or opens it to the care team again. Whoever does it stays among them.
pub fn restrict(session: &Arc<Session>, ask: RestrictChart) -> Result<GlassView, Problem> {
    let row = session.need::<Patient>(ask.patient)?;
    let me = session.me.user;
    let own = row.value.user_id.is_some_and(|user| user.uuid == me);
    if !session.me.clinical && !own {
        return Err(not_allowed());
    }
    let mut members = ask.allowed;
    if ask.restricted && !own && !members.contains(&me) {
        members.push(me);
    }
    let allowed: Vec<Value> = members.iter().map(|id| json!({ "id": id })).collect();
    let changes = fields(json!({ "is_restricted": ask.restricted, "allowed_members": allowed }));
    session.write(|w| w.put::<Patient>(ask.patient, row.scope, &changes))?;
    view(session, OfPatient { patient: ask.patient })
}

/// Opens a restricted chart for a time. The entry is signed and on disk before the chart opens; if it cannot be written, the
/// chart stays closed.
pub fn break_glass(session: &Arc<Session>, ask: BreakGlass) -> Result<GlassView, Problem> {
    if !session.me.clinical {
        return Err(not_allowed());
    }
    let reason = ask.reason.trim().to_owned();
    if !REASON.contains(&reason.chars().count()) {
        return Err(invalid("reason"));
    }
    if !MINUTES.contains(&ask.minutes) {
        return Err(invalid("minutes"));
    }
    let row = session.need::<Patient>(ask.patient)?;
    let until = session.clock.now_ms() + u64::from(ask.minutes) * 60_000;
    let log = AccessLog {
        share_token_id: None,
        doctor_id: Some(Id::new(session.me.user)),
        recipient: None,
        patient_id: Id::new(row.id),
        accessed_records: Vec::new(),
        accessed_at: session.now(),
        ip_address: None,
        user_agent: None,
        place: AccessPlace::Emergency,
        outcome: AccessOutcome::Granted,
        reason: Some(reason),
        until: Some(Time::from_unsigned_ms(until)),
    };
    session.write(|w| {
        let id = w.new_id()?;
        w.append(id, row.scope, &log)
    })?;
    session.glass.lock().insert(row.id, until);
    view(session, OfPatient { patient: ask.patient })
}
