//! Finding patients, and the front page of a chart.

use crate::{
    Problem, Session,
    ask::{Asking, of},
    glass, names,
    problem::{invalid, not_allowed},
    saved,
    session::fields,
    views::*,
};
use model::{
    Asked, ChronicCondition, ClinicalStatus, Detection, DoctorNote, EmergencyContact, Id, Map, MedicalRecord,
    Medication, MedicationStatus, Patient, Role, Severity, ShareToken,
};
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;
use vault::Row;

const PAGE_MAX: u32 = 200;

/// A stretch of the list, by name; with words, those that match best first.
pub fn find(session: &Arc<Session>, ask: FindPatients) -> Result<PatientPage, Problem> {
    let limit = ask.limit.min(PAGE_MAX);
    let text = ask.text.trim();
    let saved = if ask.saved { Some(saved::charts(session)?) } else { None };
    let (total, rows) = match (text, saved) {
        ("", saved) => {
            let all = of("is_archived", ask.archived).order("name");
            let all = saved.into_iter().fold(all, Asking::among);
            (
                session.vault.count::<Patient>(&all)?,
                session.vault.list::<Patient>(&all.offset(ask.offset).limit(limit))?,
            )
        }
        (text, Some(saved)) => session.vault.search_among::<Patient>(&saved, text, ask.offset.into(), limit.into())?,
        (text, None) => session.vault.search::<Patient>(text, ask.offset.into(), limit.into())?,
    };
    let rows = rows.iter().map(|row| patient_row(session, row)).collect();
    Ok(PatientPage { total: u32::try_from(total).unwrap_or(u32::MAX), rows })
}

/// Charts with the same day of birth or a name that matches.
pub fn similar(session: &Arc<Session>, ask: SimilarPatients) -> Result<Vec<PatientRow>, Problem> {
    let mut rows = match ask.name.trim() {
        "" => Vec::new(),
        name => session.vault.search::<Patient>(name, 0, 10)?.1,
    };
    if let Some(born) = &ask.date_of_birth {
        let same_day = session.vault.list::<Patient>(&of("date_of_birth", born.as_str()).limit(20))?;
        rows.extend(same_day.into_iter().filter(|row| shares_a_word(&row.value.name, &ask.name)));
    }
    rows.sort_by_key(|row| row.id);
    rows.dedup_by_key(|row| row.id);
    Ok(rows.iter().map(|row| patient_row(session, row)).collect())
}

fn shares_a_word(one: &str, other: &str) -> bool {
    let words: Vec<String> = other.to_lowercase().split_whitespace().map(str::to_owned).collect();
    one.to_lowercase().split_whitespace().any(|word| words.iter().any(|other| other == word))
}

/// Opens a chart.
pub fn register(session: &Arc<Session>, ask: RegisterPatient) -> Result<BannerView, Problem> {
    if session.me.role == Role::Patient {
        return Err(not_allowed());
    }
    let name = required("name", &ask.name)?;
    let id = create(
        session,
        None,
        &fields(json!({
            "name": name, "date_of_birth": ask.date_of_birth, "gender": ask.gender, "phone": tidy(ask.phone.as_deref()),
            "email": tidy(ask.email.as_deref()), "address": tidy(ask.address.as_deref()),
            "preferred_language": tidy(ask.preferred_language.as_deref()), "blood_group": ask.blood_group,
        })),
    )?;
    banner(session, OfPatient { patient: id })
}

/// Opens a chart with these values, for a person with or without an account.
pub fn create(session: &Arc<Session>, user: Option<Uuid>, values: &Map) -> Result<Uuid, Problem> {
    let number = next_number(session)?;
    let by = session.me.user;
    session.write(|w| {
        let id = w.new_id()?;
        w.open_chart(id, user)?;
        let mut all = values.clone();
        all.extend(fields(json!({
            "patient_number": number, "registered_by": by, "user_id": user, "is_archived": false,
        })));
        w.put::<Patient>(id, id, &all)?;
        Ok(id)
    })
}

/// A number for people that no other device can give out: this device's letters, then a count.
pub fn next_number(session: &Session) -> Result<String, Problem> {
    const KEY: &str = "patients_numbered";
    let last = session.vault.setting(KEY)?.and_then(|text| text.parse::<u32>().ok()).unwrap_or(0);
    let next = last + 1;
    session.vault.set_setting(KEY, Some(&next.to_string()))?;
    Ok(format!("{}-{next:04}", device_letters(session.device()?)))
}

/// Four letters and digits of the device's random half, without those that are easily misread.
fn device_letters(device: Uuid) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let tag = device.as_u64_pair().1;
    (0..4).map(|at| char::from(LETTERS[usize::try_from(tag >> (at * 5) & 31).expect("five bits")])).collect()
}

/// Changes the front page; what is absent stays, what is named in `cleared` is emptied.
pub fn change(session: &Arc<Session>, ask: ChangePatient) -> Result<BannerView, Problem> {
    if let Some(name) = &ask.name {
        required("name", name)?;
    }
    let mut values = fields(json!({
        "name": ask.name, "date_of_birth": ask.date_of_birth, "gender": ask.gender, "phone": ask.phone, "email": ask.email,
        "address": ask.address, "preferred_language": ask.preferred_language, "blood_group": ask.blood_group,
        "is_archived": ask.is_archived,
    }));
    for name in ask.cleared.into_iter().map(name_of_field) {
        if values.insert(name.to_owned(), Value::Null).is_some() {
            return Err(invalid(name));
        }
    }
    put(session, ask.patient, &values)
}

fn name_of_field(field: FrontField) -> &'static str {
    match field {
        FrontField::DateOfBirth => "date_of_birth",
        FrontField::Gender => "gender",
        FrontField::Phone => "phone",
        FrontField::Email => "email",
        FrontField::Address => "address",
        FrontField::PreferredLanguage => "preferred_language",
        FrontField::BloodGroup => "blood_group",
    }
}

/// Writes down that someone asked about allergies.
pub fn asked_about_allergies(session: &Arc<Session>, ask: AskedAboutAllergies) -> Result<BannerView, Problem> {
    let row = session.need::<Patient>(ask.patient)?;
    if ask.answer == Asked::NoneKnown && !row.value.allergies.is_empty() {
        return Err(Problem::new("allergies_are_recorded", None));
    }
    put(session, ask.patient, &asked(session, ask.answer))
}

fn asked(session: &Session, answer: Asked) -> Map {
    fields(json!({
        "allergies_asked": answer, "allergies_asked_at": session.now(), "allergies_asked_by": session.me.user,
    }))
}

/// Adds an allergy.
pub fn add_allergy(session: &Arc<Session>, ask: AddAllergy) -> Result<BannerView, Problem> {
    let substance = required("substance", &ask.substance)?;
    let row = session.need::<Patient>(ask.patient)?;
    let mut list = row.value.allergies;
    list.push(model::Allergy {
        id: fresh(session)?,
        substance,
        reaction: tidy(ask.reaction.as_deref()),
        severity: ask.severity,
        confirmed: session.me.clinical,
        code: None,
        origin: None,
    });
    let mut values = asked(session, Asked::Some);
    values.insert("allergies".to_owned(), json!(list));
    put(session, ask.patient, &values)
}

/// Adds a condition.
pub fn add_condition(session: &Arc<Session>, ask: AddCondition) -> Result<BannerView, Problem> {
    let name = required("name", &ask.name)?;
    let mut list = session.need::<Patient>(ask.patient)?.value.chronic_conditions;
    let id = fresh(session)?;
    list.push(ChronicCondition {
        id,
        name,
        code: None,
        since: ask.since,
        status: ClinicalStatus::Active,
        origin: None,
    });
    put(session, ask.patient, &fields(json!({ "chronic_conditions": list })))
}

/// Adds whom to call.
pub fn add_contact(session: &Arc<Session>, ask: AddContact) -> Result<BannerView, Problem> {
    let (name, phone) = (required("name", &ask.name)?, required("phone", &ask.phone)?);
    let mut list = session.need::<Patient>(ask.patient)?.value.emergency_contacts;
    list.push(EmergencyContact { id: fresh(session)?, name, relation: tidy(ask.relation.as_deref()), phone });
    put(session, ask.patient, &fields(json!({ "emergency_contacts": list })))
}

/// Takes an entry off the front page; what it said stays in the history.
pub fn remove_entry(session: &Arc<Session>, ask: RemoveEntry) -> Result<BannerView, Problem> {
    let patient = session.need::<Patient>(ask.patient)?.value;
    let mut values = Map::new();
    let mut without = |name: &str, list: Value| {
        let Value::Array(items) = list else { return };
        let kept: Vec<Value> = items.iter().filter(|item| item["id"] != json!(ask.id)).cloned().collect();
        if kept.len() < items.len() {
            values.insert(name.to_owned(), Value::Array(kept));
        }
    };
    without("allergies", json!(patient.allergies));
    without("chronic_conditions", json!(patient.chronic_conditions));
    without("medical_history", json!(patient.medical_history));
    without("emergency_contacts", json!(patient.emergency_contacts));
    if values.is_empty() {
        return Err(crate::problem::not_found());
    }
    put(session, ask.patient, &values)
}

/// Writes fields of the front page, and gives what is then in sight.
pub(crate) fn put(session: &Arc<Session>, patient: Uuid, values: &Map) -> Result<BannerView, Problem> {
    session.need::<Patient>(patient)?;
    session.write(|w| w.put::<Patient>(patient, patient, values))?;
    banner(session, OfPatient { patient })
}

fn fresh(session: &Session) -> Result<Uuid, Problem> {
    Ok(session.vault.new_id(session.clock.now_ms())?)
}

/// Fetches all files of a chart ahead of time, or no more.
pub fn pin(session: &Arc<Session>, ask: PinChart) -> Result<BannerView, Problem> {
    session.need::<Patient>(ask.patient)?;
    session.vault.pin(ask.patient, ask.pinned)?;
    session.engine.wake();
    session.files_moved();
    banner(session, OfPatient { patient: ask.patient })
}

fn pinned(session: &Session, chart: Uuid) -> Result<Option<bool>, Problem> {
    let own = session.vault.own_charts()?.contains(&chart);
    Ok(if own { None } else { Some(session.vault.is_pinned(chart)?) })
}

/// What is always in sight in a chart.
pub fn banner(session: &Arc<Session>, ask: OfPatient) -> Result<BannerView, Problem> {
    let row = session.need::<Patient>(ask.patient)?;
    let counts = counts(session, ask.patient)?;
    let patient = row.value;
    let (conditions, past_conditions) = conditions(&patient);
    Ok(BannerView {
        id: row.id,
        initials: names::initials(&patient.name),
        age: age(session, &patient),
        name: patient.name,
        date_of_birth: patient.date_of_birth,
        gender: patient.gender,
        gender_as_entered: patient.gender_as_entered,
        blood_group: patient.blood_group,
        patient_number: patient.patient_number,
        phone: patient.phone,
        email: patient.email,
        address: patient.address,
        preferred_language: patient.preferred_language,
        allergies_asked: patient.allergies_asked,
        allergies_asked_at: patient.allergies_asked_at,
        allergies_asked_by: patient.allergies_asked_by.and_then(|user| names::of_user(session, user.uuid)),
        allergies: allergies(patient.allergies),
        conditions,
        past_conditions,
        contacts: patient.emergency_contacts.into_iter().map(contact).collect(),
        counts,
        is_archived: patient.is_archived,
        waiting: row.waiting,
        origin: patient.origin.map(|origin| origin.source),
        newer: u32::try_from(session.vault.newer_documents(row.id)?).unwrap_or(u32::MAX),
        pinned: pinned(session, ask.patient)?,
        saved: saved::view(session, ask.patient)?,
        photo_here: patient.photo.as_ref().map_or(Ok(false), |photo| session.vault.has_file(photo.blob))?,
        photo: patient.photo.map(|photo| photo.sha256),
    })
}

fn contact(contact: EmergencyContact) -> ContactView {
    ContactView { id: contact.id, name: contact.name, relation: contact.relation, phone: contact.phone }
}

/// Severe ones first.
fn allergies(list: Vec<model::Allergy>) -> Vec<AllergyView> {
    let mut views: Vec<AllergyView> = list
        .into_iter()
        .map(|allergy| AllergyView {
            id: allergy.id,
            substance: allergy.substance,
            reaction: allergy.reaction,
            severity: allergy.severity,
            confirmed: allergy.confirmed,
            origin: allergy.origin.map(|origin| origin.source),
        })
        .collect();
    views.sort_by_key(|view| std::cmp::Reverse(view.severity));
    views
}

/// Active ones, newest first, and those that are over.
fn conditions(patient: &Patient) -> (Vec<ConditionView>, Vec<ConditionView>) {
    let chronic = patient.chronic_conditions.iter().map(|one| ConditionView {
        id: one.id,
        name: one.name.clone(),
        code: one.code.clone(),
        since: one.since.clone(),
        until: None,
        status: one.status,
        origin: one.origin.as_ref().map(|origin| origin.source.clone()),
    });
    let history = patient.medical_history.iter().map(|one| ConditionView {
        id: one.id,
        name: one.condition.clone(),
        code: one.code.clone(),
        since: one.diagnosed_at.clone(),
        until: one.resolved_at.clone(),
        status: one.status,
        origin: one.origin.as_ref().map(|origin| origin.source.clone()),
    });
    let mut all: Vec<ConditionView> = chronic.chain(history).collect();
    all.sort_by(|a, b| b.since.cmp(&a.since));
    all.into_iter().partition(|one| one.status == ClinicalStatus::Active)
}

fn counts(session: &Session, patient: Uuid) -> Result<ChartCounts, Problem> {
    let vault = &session.vault;
    let of = || of("patient_id", patient);
    let checks = vault.list::<Detection>(&of().limit(1000))?;
    let shares = vault.list::<ShareToken>(&of().limit(1000))?;
    let medications = vault.list::<Medication>(&of().limit(1000))?;
    let small = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(ChartCounts {
        records: u32::try_from(vault.count::<MedicalRecord>(&of())?).unwrap_or(u32::MAX),
        medications: small(medications.iter().filter(|row| row.value.status == MedicationStatus::Active).count()),
        checks: small(checks.len()),
        unreviewed_checks: small(checks.iter().filter(|row| row.value.reviewed_at.is_none()).count()),
        notes: u32::try_from(vault.count::<DoctorNote>(&of())?).unwrap_or(u32::MAX),
        shares: small(crate::shares::open_ones(session, shares)),
        conflicts: small(crate::conflicts::of_chart(session, patient)?.len()),
    })
}

/// A line of the list.
pub fn patient_row(session: &Session, row: &Row<Patient>) -> PatientRow {
    let patient = &row.value;
    let severe = patient.allergies.iter().filter(|allergy| allergy.severity == Some(Severity::Severe));
    // A closed chart is named, so that it can be found; what stands in it is not told. One whose state cannot be read is closed.
    let closed = glass::is_closed_row(session, row).unwrap_or(true);
    let severe = severe.filter(|_| !closed);
    PatientRow {
        id: row.id,
        name: patient.name.clone(),
        date_of_birth: patient.date_of_birth.clone(),
        age: age(session, patient),
        gender: patient.gender,
        patient_number: patient.patient_number.clone(),
        phone: patient.phone.clone().filter(|_| !closed),
        severe_allergies: severe.map(|allergy| allergy.substance.clone()).collect(),
        updated_at: row.updated_at,
        waiting: row.waiting,
    }
}

fn age(session: &Session, patient: &Patient) -> Option<i32> {
    patient.date_of_birth.as_ref()?.years_to(&session.clock.today()).filter(|years| (0..150).contains(years))
}

/// The name of a chart's patient.
pub fn name_of(session: &Session, patient: Id<Patient>) -> String {
    let row = session.vault.get::<Patient>(patient.uuid).ok().flatten();
    row.map(|row| row.value.name).unwrap_or_default()
}

/// Text that must not be empty, without white space around it, of a bounded length.
pub fn required(field: &str, text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 2_000 {
        return Err(invalid(field));
    }
    Ok(text.to_owned())
}

/// Text without white space around it; `None` where nothing is left.
pub fn tidy(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}
