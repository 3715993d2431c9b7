//! One doctor, one patient, one time. Who booked while apart could not know of each other: the earlier booking stands, the later is
//! called off with its reason, and whoever it concerns is told. Every device that has both finds the same by itself: what it writes
//! carries stamps and ids made of the bookings alone.
//!
//! Earlier is who took the time first (the stamp of the group `slot`), not whose patient came in or was seen since.

use crate::{
    Find, Result,
    documents::{file_new, send_if_possible},
    history, read,
    rows::{self, Doc},
    trust::Rights,
    work::Work,
    write,
};
use crypto::encode::{lp, sha256};
use model::{
    Appointment, AppointmentState, AppointmentStatus, BusyTime, Collection, CollectionDef, DOUBLE_BOOKED, Map,
    Notification, NotificationType, Patient, Stamp,
};
use serde_json::{Value, json};
use uuid::Uuid;

/// No appointment is longer, in milliseconds.
const LONGEST_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;
const SLOT: &str = "slot";
const STATE: &str = "state";

/// An appointment with the stamp under which its time was taken.
struct Booking {
    doc: Doc,
    value: Appointment,
    taken: Stamp,
}

impl Booking {
    fn load(work: &Work<'_>, id: Uuid) -> Result<Option<Booking>> {
        let (Some(doc), Some(row)) =
            (rows::load(work.db, Appointment::DEF, id)?, read::get::<Appointment>(work.db, id)?)
        else {
            return Ok(None);
        };
        let taken = doc.version.stamps.get(SLOT).copied().unwrap_or(Stamp::ZERO);
        Ok(Some(Booking { doc, value: row.value, taken }))
    }

    fn order(&self) -> (Stamp, Uuid) {
        (self.taken, self.doc.id)
    }

    /// Does it keep its doctor from others? What is over keeps nobody from anything, and is not called off.
    fn holds(&self, now_ms: u64) -> bool {
        use AppointmentState::{Arrived, Confirmed, InProgress};
        let is_deleted = self.doc.version.values.get("is_deleted") == Some(&Value::Bool(true));
        let is_on = matches!(self.value.state, Confirmed | Arrived | InProgress);
        is_on && !is_deleted && self.end_ms() > i64::try_from(now_ms).unwrap_or(i64::MAX)
    }

    /// One whose patient is here, or that a clinician let stand, is never called off by a program.
    fn may_lose(&self) -> bool {
        self.value.state == AppointmentState::Confirmed && self.value.overlap_reason.is_none()
    }

    fn start_ms(&self) -> i64 {
        self.value.appointment_date.ms()
    }

    fn end_ms(&self) -> i64 {
        self.start_ms().saturating_add(i64::from(self.value.duration_minutes) * MINUTE_MS)
    }

    fn overlaps(&self, other: &Booking) -> bool {
        self.start_ms() < other.end_ms() && other.start_ms() < self.end_ms()
    }
}

/// Judges the appointments that a page brought or changed, the first taken first, and tells this person of what was called off.
pub(crate) fn judge(work: &mut Work<'_>) -> Result<()> {
    let mut came = Vec::new();
    for id in touched(work) {
        came.extend(Booking::load(work, id)?);
    }
    came.sort_by_key(Booking::order);
    came.iter().try_for_each(|booking| weigh(work, booking.doc.id))?;
    touched(work).into_iter().try_for_each(|id| tell(work, id))
}

fn touched(work: &Work<'_>) -> Vec<Uuid> {
    work.changed.get(Appointment::DEF.name).into_iter().flatten().copied().collect()
}

fn weigh(work: &mut Work<'_>, id: Uuid) -> Result<()> {
    // As it is now: an earlier one may have put it out.
    let Some(one) = Booking::load(work, id)?.filter(|one| one.holds(work.now_ms)) else { return Ok(()) };
    for other in rivals(work, &one)? {
        let later = if one.order() > other.order() { &one } else { &other };
        if !later.may_lose() {
            continue;
        }
        call_off(work, later)?;
        if later.doc.id == id {
            return Ok(());
        }
    }
    Ok(())
}

/// What else takes the same doctor at the same time, the first taken first.
fn rivals(work: &Work<'_>, one: &Booking) -> Result<Vec<Booking>> {
    let time = |ms: i64| serde_json::to_value(model::Time::from_ms(ms)).ok();
    let range = ("appointment_date", time(one.start_ms() - LONGEST_MS), time(one.end_ms()));
    let doctor = Value::String(one.value.doctor_id.to_string());
    let find = Find { equal: vec![("doctor_id", doctor)], range: Some(range), ..Find::default() };
    let mut found = Vec::new();
    for row in read::list::<Appointment>(work.db, &find)? {
        if row.id != one.doc.id {
            found.extend(Booking::load(work, row.id)?);
        }
    }
    found.retain(|other| other.holds(work.now_ms) && other.overlaps(one));
    found.sort_by_key(Booking::order);
    Ok(found)
}

fn call_off(work: &mut Work<'_>, later: &Booking) -> Result<()> {
    let state = json!({
        "status": AppointmentStatus::Canceled, "state": AppointmentState::Canceled, "cancel_reason": DOUBLE_BOOKED,
    });
    change(work, Appointment::DEF, later.doc.clone(), STATE, later.taken, state)?;
    match rows::load(work.db, BusyTime::DEF, later.doc.id)? {
        Some(busy) => change(work, BusyTime::DEF, busy, "is_free", later.taken, json!({ "is_free": true })),
        None => Ok(()),
    }
}

/// Changes what stands under `key`, right after whatever was last written there: two devices that find the same write the same.
fn change(
    work: &mut Work<'_>,
    def: &'static CollectionDef,
    mut doc: Doc,
    key: &str,
    taken: Stamp,
    values: Value,
) -> Result<()> {
    let stamp = doc.version.stamps.get(key).copied().unwrap_or(Stamp::ZERO).max(taken).following();
    let old = doc.clone();
    let values = values.as_object().cloned().unwrap_or_default();
    let moved = doc.version.apply(def, &values, stamp);
    work.keep_agreed(def, &old)?;
    history::keep_replaced(work.db, def, doc.id, &old.version, &moved)?;
    doc.author = Some(work.core.keyring.user());
    doc.device = Some(work.core.keyring.device());
    work.save(def, &mut doc)?;
    send_if_possible(work, def, &doc)
}

/// Tells this person, if the appointment is theirs as the doctor or as the patient. Only they have the key of their own scope, so each
/// side's devices do it for themselves.
fn tell(work: &mut Work<'_>, id: Uuid) -> Result<()> {
    let Some(booking) = Booking::load(work, id)? else { return Ok(()) };
    let me = work.core.keyring.user();
    let is_double = booking.value.state == AppointmentState::Canceled
        && booking.value.cancel_reason.as_deref() == Some(DOUBLE_BOOKED);
    let is_mine = booking.value.doctor_id.uuid == me || is_patients_side(work, booking.doc.scope, me)?;
    let notification = notification_id(id, booking.taken, me);
    if !is_double || !is_mine || rows::load(work.db, Notification::DEF, notification)?.is_some() {
        return Ok(());
    }
    let now = write::now(work.now_ms);
    let values = Map::from_iter([
        ("user_id".to_owned(), json!(me)),
        ("kind".to_owned(), json!(NotificationType::AppointmentCancellation)),
        ("message".to_owned(), json!(DOUBLE_BOOKED)),
        ("about".to_owned(), json!(id)),
        ("sent_at".to_owned(), now.clone()),
        ("read".to_owned(), json!(false)),
        ("created_at".to_owned(), now.clone()),
        ("updated_at".to_owned(), now),
        ("is_deleted".to_owned(), json!(false)),
    ]);
    let stamp = work.tick(Stamp::ZERO);
    file_new(work, Notification::DEF, notification, me, values, stamp)
}

/// The patient, and whoever else outside the clinic reads the chart for them.
fn is_patients_side(work: &Work<'_>, chart: Uuid, me: Uuid) -> Result<bool> {
    let trust = &work.core.trust;
    let is_staff = trust.role_of(me).is_some_and(|standing| standing.is_staff());
    let is_own =
        read::get::<Patient>(work.db, chart)?.is_some_and(|row| row.value.user_id.is_some_and(|user| user.uuid == me));
    Ok(is_own || !is_staff && trust.rights(chart, me).has(Rights::READ))
}

/// The id of the notification, the same on all of a person's devices; another one if the appointment is moved and collides again.
fn notification_id(appointment: Uuid, taken: Stamp, user: Uuid) -> Uuid {
    let digest = sha256(&lp(&[b"mv1/double-booking", appointment.as_bytes(), &taken.0, user.as_bytes()]));
    let first = digest.first_chunk().expect("a digest has 32 bytes");
    uuid::Builder::from_custom_bytes(*first).into_uuid()
}
