//! One look at the day, one look at a patient; medicines.

use crate::{
    Problem, Session,
    ask::of,
    checks, conflicts,
    glass::open_only,
    notes,
    patients::{patient_row, required, tidy},
    records::{newest, record_row},
    session::fields,
    settings, shares,
    views::*,
    vitals::{self, loinc},
};
use model::{
    Appointment, Detection, Id, Medication, MedicationStatus, Notification, NotificationType, Patient, ShareToken,
};
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;
use vault::{Row, Writer};

/// What needs a person today.
pub fn today(session: &Arc<Session>, _: Nothing) -> Result<TodayView, Problem> {
    let vault = &session.vault;
    let recent = vault.list::<Patient>(&of("is_archived", false).newest("updated_at").limit(8))?;
    let open = vault.list::<Detection>(&of("reviewed_at", Value::Null).newest("detected_at").limit(50))?;
    let tokens = vault.list::<ShareToken>(&of("is_revoked", false).newest("created_at").limit(200))?;
    let unread =
        vault.list::<Notification>(&of("user_id", session.me.user).and("read", false).newest("sent_at").limit(50))?;
    // Whoever looks for a restricted chart finds its name; nobody is told unasked what is in it.
    let recent = open_only(session, recent, |row| Some(row.id))?;
    let open = open_only(session, open, |row| Some(row.value.patient_id.uuid))?;
    let tokens = open_only(session, tokens, |row| Some(row.value.patient_id.uuid))?;
    let unread = open_only(session, unread, |row| chart_of(&row.value, appointment_of(session, &row.value).as_ref()))?;
    let mut unreviewed: Vec<CheckRow> = open.iter().map(|row| checks::check_row(session, row)).collect();
    unreviewed.sort_by_key(|row| {
        (row.result != Some(model::CheckResult::StrokeDetected), std::cmp::Reverse(row.detected_at))
    });
    Ok(TodayView {
        patients: recent.iter().map(|row| patient_row(session, row)).collect(),
        unreviewed,
        shares: shares::rows(session, tokens)?.into_iter().filter(|row| row.state == ShareState::Active).collect(),
        notifications: unread.iter().map(|row| notification(session, row)).collect(),
        conflicts: u32::try_from(conflicts::count(session)?).unwrap_or(u32::MAX),
        total_patients: u32::try_from(vault.count::<Patient>(&of("is_archived", false))?).unwrap_or(u32::MAX),
    })
}

fn appointment_of(session: &Session, one: &Notification) -> Option<Row<Appointment>> {
    one.about.and_then(|id| session.vault.get::<Appointment>(id).ok().flatten())
}

/// The chart that a notification leads to, by itself or by an appointment.
fn chart_of(one: &Notification, appointment: Option<&Row<Appointment>>) -> Option<Uuid> {
    appointment.map(|row| row.value.patient_id.uuid).or(one.about)
}

fn notification(session: &Session, row: &Row<Notification>) -> NotificationView {
    let one = &row.value;
    let appointment = appointment_of(session, one);
    let patient =
        chart_of(one, appointment.as_ref()).filter(|id| session.vault.get::<Patient>(*id).ok().flatten().is_some());
    NotificationView {
        id: row.id,
        kind: one.kind,
        message: one.message.clone(),
        sent_at: one.sent_at,
        read: one.read,
        patient,
        local_time: appointment.map(|row| row.value.local_time),
    }
}

/// Writes a notification for whoever is at work.
pub fn notify(
    w: &mut Writer<'_, '_>,
    session: &Session,
    kind: NotificationType,
    about: Option<Uuid>,
    message: &str,
) -> vault::Result<()> {
    let user = session.me.user;
    let id = w.new_id()?;
    let values = fields(json!({
        "user_id": user, "kind": kind, "message": message, "about": about, "sent_at": session.now(), "read": false,
    }));
    w.put::<Notification>(id, user, &values)
}

/// Marks a notification as seen.
pub fn read_notification(session: &Arc<Session>, ask: ById) -> Result<Nothing, Problem> {
    session.need::<Notification>(ask.id)?;
    session.write(|w| w.put::<Notification>(ask.id, session.me.user, &fields(json!({ "read": true }))))?;
    Ok(Nothing {})
}

/// One screen before the visit.
pub fn view(session: &Arc<Session>, ask: OfPatient) -> Result<SummaryView, Problem> {
    session.need::<Patient>(ask.patient)?;
    let series = vitals::all_series(session, ask.patient)?;
    let of = |code: &str| series.iter().find(|one| one.code == code);
    let mut attempts = checks::list(session, ask)?;
    let latest_check = match attempts.is_empty() {
        true => None,
        false => Some(checks::view(session, ById { id: attempts.remove(0).id })?),
    };
    attempts.truncate(4);
    let signs = vitals::view(session, ask)?.tiles;
    let records = newest(session, ask.patient, 50)?;
    let shown = records.iter().filter(|row| !row.value.is_archived && !row.value.is_hidden).take(5);
    Ok(SummaryView {
        latest_check,
        checks: attempts,
        vitals: signs,
        height_cm: of(loinc::HEIGHT).and_then(|one| one.points.last()).map(|point| point.value),
        bmi: of(loinc::BMI).cloned(),
        medications: medications(session, ask)?
            .into_iter()
            .filter(|row| row.status == MedicationStatus::Active)
            .collect(),
        records: shown.map(|row| record_row(session, row)).collect::<Result<_, _>>()?,
        notes: notes::newest(session, ask.patient, 3)?,
        conflicts: conflicts::of_chart(session, ask.patient)?,
        emergency_number: settings::get(session, Nothing {})?.emergency_number,
    })
}

/// Medicines, those in use first.
pub fn medications(session: &Arc<Session>, ask: OfPatient) -> Result<Vec<MedicationRow>, Problem> {
    let mut rows = session.of_patient::<Medication>(ask.patient, "created_at", 5_000)?;
    rows.sort_by(|a, b| {
        let first = |row: &Row<Medication>| row.value.status != MedicationStatus::Active;
        first(a).cmp(&first(b)).then_with(|| b.value.started_on.cmp(&a.value.started_on))
    });
    Ok(rows.iter().map(medication_row).collect())
}

/// Adds a medicine.
pub fn add_medication(session: &Arc<Session>, ask: AddMedication) -> Result<MedicationRow, Problem> {
    session.need::<Patient>(ask.patient)?;
    if ask.source == model::MedicationSource::Prescribed && !session.me.clinical {
        return Err(crate::problem::not_allowed());
    }
    let prescriber = match ask.source {
        model::MedicationSource::Prescribed => crate::names::of_user(session, session.me.user),
        model::MedicationSource::Taken => None,
    };
    let medication = Medication {
        patient_id: Id::new(ask.patient),
        source: ask.source,
        name: required("name", &ask.name)?,
        code: None,
        dosage: tidy(ask.dosage.as_deref()),
        status: MedicationStatus::Active,
        started_on: ask.started_on,
        ended_on: None,
        reason: tidy(ask.reason.as_deref()),
        prescriber,
        origin: None,
    };
    let id = session.write(|w| {
        let id = w.new_id()?;
        w.append(id, ask.patient, &medication)?;
        Ok(id)
    })?;
    medication_of(session, id)
}

/// Marks a medicine as stopped.
pub fn stop_medication(session: &Arc<Session>, ask: StopMedication) -> Result<MedicationRow, Problem> {
    session.need::<Medication>(ask.id)?;
    let ended = ask.ended_on.unwrap_or_else(|| session.clock.today());
    let changes = fields(json!({ "status": MedicationStatus::Stopped, "ended_on": ended }));
    session.write(|w| w.amend::<Medication>(ask.id, &changes))?;
    medication_of(session, ask.id)
}

fn medication_of(session: &Session, id: Uuid) -> Result<MedicationRow, Problem> {
    Ok(medication_row(&session.need::<Medication>(id)?))
}

fn medication_row(row: &Row<Medication>) -> MedicationRow {
    let one = row.value.clone();
    MedicationRow {
        id: row.id,
        name: one.name,
        dosage: one.dosage,
        status: one.status,
        source: one.source,
        started_on: one.started_on,
        ended_on: one.ended_on,
        reason: one.reason,
        prescriber: one.prescriber,
        origin: one.origin.map(|origin| origin.source),
        waiting: row.waiting,
    }
}
