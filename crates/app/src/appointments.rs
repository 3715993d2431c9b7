//! Appointments that were called off because two people had booked one doctor's time while apart: who sees to it, and what they can do.

use crate::{
    Problem, Session,
    ask::of,
    free_times::{Free, Wanted},
    glass, names, patients,
    problem::{invalid, not_allowed, not_found},
    session::{fields, fields_and_nulls},
    views::*,
};
use model::{
    Appointment, AppointmentState, AppointmentStatus, BusyTime, DOUBLE_BOOKED, DOUBLE_BOOKED_SETTLED, Doctor, Map,
    Role, Time,
};
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;
use vault::{Find, Row, Writer};

/// A reason is a sentence, not a full stop; in characters.
const REASON: std::ops::RangeInclusive<usize> = 5..=500;
const DAY_MS: i64 = 86_400_000;
/// So far ahead those that wait are looked for.
const FAR_MS: i64 = 3_650 * DAY_MS;
/// Times are proposed for so long.
const AHEAD_MS: i64 = 16 * DAY_MS;

/// Those that wait for a member of staff, the next first. What is past is not shown: nothing can be done about it here.
pub fn double_booked(session: &Arc<Session>, _: Nothing) -> Result<Vec<DoubleBookingView>, Problem> {
    if session.me.role == Role::Patient {
        return Ok(Vec::new());
    }
    let now = session.now().ms();
    let rows = between(session, now, now.saturating_add(FAR_MS), ("cancel_reason", json!(DOUBLE_BOOKED)))?;
    let mut views = Vec::new();
    for row in rows.iter().filter(|row| waits(&row.value)) {
        if !glass::is_closed(session, row.value.patient_id.uuid)? {
            views.push(view(session, row)?);
        }
    }
    Ok(views)
}

fn waits(one: &Appointment) -> bool {
    one.state == AppointmentState::Canceled && one.cancel_reason.as_deref() == Some(DOUBLE_BOOKED)
}

fn holds(one: &Appointment) -> bool {
    matches!(one.state, AppointmentState::Confirmed | AppointmentState::Arrived | AppointmentState::InProgress)
}

fn span(one: &Appointment) -> (i64, i64) {
    let begin = one.appointment_date.ms();
    (begin, begin + i64::from(one.duration_minutes) * 60_000)
}

/// Appointments of which a field has this value and that begin in a time, the next first.
fn between(
    session: &Session,
    from: i64,
    to: i64,
    equal: (&'static str, Value),
) -> Result<Vec<Row<Appointment>>, Problem> {
    let find =
        Find { equal: vec![equal], order: Some(("appointment_date", false)), ..begins("appointment_date", from, to) };
    Ok(session.vault.list::<Appointment>(&find)?)
}

fn begins(field: &'static str, from: i64, to: i64) -> Find<'static> {
    Find { range: Some((field, Some(json!(Time::from_ms(from))), Some(json!(Time::from_ms(to))))), ..Find::default() }
}

fn of_doctor(doctor: Uuid) -> (&'static str, Value) {
    ("doctor_id", json!(doctor))
}

fn view(session: &Session, row: &Row<Appointment>) -> Result<DoubleBookingView, Problem> {
    let one = &row.value;
    let (begin, end) = span(one);
    let around = between(session, begin - DAY_MS, end, of_doctor(one.doctor_id.uuid))?;
    let earlier = around.iter().find(|other| {
        let (from, to) = span(&other.value);
        other.id != row.id && holds(&other.value) && from < end && begin < to
    });
    let earlier = match earlier {
        // Who has the time is not told where that chart is closed.
        Some(other) if !glass::is_closed(session, other.value.patient_id.uuid)? => Some(other),
        Some(_) | None => None,
    };
    Ok(DoubleBookingView {
        id: row.id,
        patient: one.patient_id.uuid,
        patient_name: patients::name_of(session, one.patient_id),
        doctor_name: names::of_user(session, one.doctor_id.uuid),
        at: one.appointment_date,
        local_time: one.local_time.clone(),
        zone: one.zone.clone(),
        duration_minutes: one.duration_minutes,
        reason: one.reason.clone(),
        earlier: earlier.map(|other| EarlierBooking {
            patient_name: patients::name_of(session, other.value.patient_id),
            local_time: other.value.local_time.clone(),
            duration_minutes: other.value.duration_minutes,
        }),
        free: free(session, one)?
            .into_iter()
            .map(|free| FreeTime { at: free.at, local_time: free.local_time })
            .collect(),
        may_override: session.me.clinical,
    })
}

/// Free times of the same doctor near the one that was wanted.
fn free(session: &Session, one: &Appointment) -> Result<Vec<Free>, Problem> {
    let doctor = one.doctor_id.uuid;
    let pages = session.vault.list::<Doctor>(&of("user_id", doctor).limit(1))?;
    let page = pages.first().map(|row| &row.value);
    let (from, to) = (session.now().ms() - DAY_MS, one.appointment_date.ms().max(session.now().ms()) + AHEAD_MS);
    let own = between(session, from, to, of_doctor(doctor))?;
    let taken_by_others =
        Find { equal: vec![of_doctor(doctor), ("is_free", json!(false))], ..begins("start", from, to) };
    let busy = session.vault.list::<BusyTime>(&taken_by_others)?;
    let mut taken: Vec<_> = own.iter().filter(|row| holds(&row.value)).map(|row| span(&row.value)).collect();
    taken.extend(busy.iter().map(|row| {
        let begin = row.value.start.ms();
        (begin, begin + i64::from(row.value.duration_minutes) * 60_000)
    }));
    let wanted = Wanted {
        at: one.appointment_date,
        zone: &one.zone,
        minutes: one.duration_minutes,
        hours: page.map_or(&[], |page| &page.availability),
        off: page.map_or(&[], |page| &page.time_off),
        taken: &taken,
        now: session.now(),
    };
    Ok(wanted.nearest())
}

fn need(session: &Session, id: Uuid) -> Result<Row<Appointment>, Problem> {
    if session.me.role == Role::Patient {
        return Err(not_allowed());
    }
    let row = session.need::<Appointment>(id)?;
    match waits(&row.value) {
        true => Ok(row),
        false => Err(not_found()),
    }
}

/// Books the same visit at another time, one of those that are proposed: it is asked for again, for another may have taken it.
pub fn move_to(session: &Arc<Session>, ask: MoveAppointment) -> Result<Nothing, Problem> {
    let row = need(session, ask.id)?;
    let proposed = free(session, &row.value)?.into_iter().find(|free| free.at == ask.at);
    let free = proposed.ok_or_else(|| Problem::new("time_taken", None))?;
    let mut values = stands(Value::Null);
    values.extend(fields(json!({ "appointment_date": free.at, "local_time": free.local_time })));
    settle(session, &row, &values, Some(free.at))
}

/// Lets both stand, for a reason that the record keeps.
pub fn keep_both(session: &Arc<Session>, ask: KeepBoth) -> Result<Nothing, Problem> {
    if !session.me.clinical {
        return Err(not_allowed());
    }
    let reason = ask.reason.trim();
    if !REASON.contains(&reason.chars().count()) {
        return Err(invalid("reason"));
    }
    let row = need(session, ask.id)?;
    settle(session, &row, &stands(json!(reason)), Some(row.value.appointment_date))
}

/// It stays called off, and somebody has seen to it.
pub fn leave_canceled(session: &Arc<Session>, ask: ById) -> Result<Nothing, Problem> {
    let row = need(session, ask.id)?;
    settle(session, &row, &fields(json!({ "cancel_reason": DOUBLE_BOOKED_SETTLED })), None)
}

fn stands(overlap_reason: Value) -> Map {
    fields_and_nulls(json!({
        "status": AppointmentStatus::Confirmed, "state": AppointmentState::Confirmed, "cancel_reason": null,
        "overlap_reason": overlap_reason,
    }))
}

fn settle(session: &Session, row: &Row<Appointment>, values: &Map, busy: Option<Time>) -> Result<Nothing, Problem> {
    session.write(|w| {
        w.put::<Appointment>(row.id, row.scope, values)?;
        busy.map_or(Ok(()), |start| set_busy(w, session, row, start))
    })?;
    Ok(Nothing {})
}

/// Everybody sees that the doctor is taken then.
fn set_busy(w: &mut Writer<'_, '_>, session: &Session, row: &Row<Appointment>, start: Time) -> vault::Result<()> {
    let values = fields(json!({
        "doctor_id": row.value.doctor_id, "start": start, "duration_minutes": row.value.duration_minutes,
        "appointment_id": row.id, "is_free": false,
    }));
    w.put::<BusyTime>(row.id, session.me.realm, &values)
}
