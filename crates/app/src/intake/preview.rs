//! What would be filed, as a list to tick.

use super::Intake;
use crate::{Problem, Session, ask::of, patients, views::*};
use interop::fhir::{self, ChartDraft, ExistingIds, Item, ItemKind};
use model::{Collection, Date, MedicalRecord, Medication, Observation, Patient};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use uuid::Uuid;

/// The dry run.
pub fn view(session: &Arc<Session>, ticket: Uuid, intake: &Intake) -> Result<IntakeView, Problem> {
    let draft = &intake.draft;
    let mut problems: Vec<IntakeProblem> = draft.report.problems.iter().map(problem).collect();
    if draft.report.more_problems > 0 {
        problems.push(IntakeProblem {
            resource: String::new(),
            element: String::new(),
            sentence: format!("{} more were counted and are not listed.", draft.report.more_problems),
        });
    }
    Ok(IntakeView {
        ticket,
        source: intake.source.clone(),
        patients: intake.incoming.patients.iter().enumerate().map(|(at, one)| choice(at, one)).collect(),
        chosen: u32::try_from(intake.chosen).unwrap_or(u32::MAX),
        items: items(session, intake)?,
        types: draft.report.types.iter().map(|(name, tally)| count(name, tally)).collect(),
        problems,
        matches: matches(session, intake)?,
    })
}

fn choice(at: usize, one: &fhir::IncomingPatient) -> PatientChoice {
    PatientChoice {
        index: u32::try_from(at).unwrap_or(u32::MAX),
        name: one.name.clone().unwrap_or_default(),
        date_of_birth: one.date_of_birth.clone(),
    }
}

fn problem(one: &fhir::Problem) -> IntakeProblem {
    IntakeProblem { resource: one.resource.clone(), element: one.element.clone(), sentence: one.sentence.clone() }
}

fn count(name: &str, tally: &fhir::Tally) -> TypeCount {
    TypeCount {
        resource_type: name.to_owned(),
        total: tally.total,
        mapped: tally.mapped,
        ignored: tally.ignored.values().sum(),
        kept: tally.kept_in_original,
    }
}

/// Charts that may be of the same person; none where the chart is already chosen.
fn matches(session: &Arc<Session>, intake: &Intake) -> Result<Vec<PatientRow>, Problem> {
    if intake.patient.is_some() {
        return Ok(Vec::new());
    }
    let patient = &intake.draft.patient;
    patients::similar(
        session,
        SimilarPatients { name: patient.name.clone(), date_of_birth: patient.date_of_birth.clone() },
    )
}

/// What is here already, and how the draft compares with it.
pub fn compared(session: &Session, intake: &Intake) -> Result<Vec<(Item, IntakeState)>, Problem> {
    let existing = match intake.patient {
        Some(patient) => existing(session, patient)?,
        None => ExistingIds::default(),
    };
    let found = fhir::compare(&intake.draft, &existing);
    let with = |items: Vec<Item>, state| items.into_iter().map(move |item| (item, state));
    let new = with(found.new, IntakeState::New);
    Ok(new.chain(with(found.different, IntakeState::Different)).chain(with(found.same, IntakeState::Same)).collect())
}

fn existing(session: &Session, patient: Uuid) -> Result<ExistingIds, Problem> {
    Ok(ExistingIds {
        patient: session.vault.get::<Patient>(patient)?.map(|row| json(&row.value)),
        medications: by_id::<Medication>(session, patient)?,
        observations: by_id::<Observation>(session, patient)?,
        records: by_id::<MedicalRecord>(session, patient)?,
    })
}

fn by_id<T: Collection>(session: &Session, patient: Uuid) -> Result<BTreeMap<Uuid, Value>, Problem> {
    let rows = session.vault.list::<T>(&of("patient_id", patient))?;
    Ok(rows.into_iter().map(|row| (row.id, json(&row.value))).collect())
}

fn json<T: serde::Serialize>(document: &T) -> Value {
    serde_json::to_value(document).unwrap_or(Value::Null)
}

fn items(session: &Session, intake: &Intake) -> Result<Vec<IntakeItem>, Problem> {
    let compared = compared(session, intake)?;
    Ok(compared.into_iter().map(|(item, state)| described(&intake.draft, &item, state)).collect())
}

fn described(draft: &ChartDraft, item: &Item, state: IntakeState) -> IntakeItem {
    let (title, date, detail) = words(draft, item);
    IntakeItem { id: item.id, kind: kind(item.kind).to_owned(), title, date, detail, state }
}

fn kind(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Patient => "patient",
        ItemKind::Allergy => "allergy",
        ItemKind::Condition => "condition",
        ItemKind::History => "history",
        ItemKind::Contact => "contact",
        ItemKind::Medication => "medication",
        ItemKind::Observation => "observation",
        ItemKind::Record => "record",
    }
}

type Words = (String, Option<Date>, Option<String>);

fn words(draft: &ChartDraft, item: &Item) -> Words {
    let patient = &draft.patient;
    let found = match item.kind {
        ItemKind::Patient => Some((patient.name.clone(), patient.date_of_birth.clone(), None)),
        ItemKind::Allergy => {
            let one = patient.allergies.iter().find(|one| one.id == item.id);
            one.map(|one| (one.substance.clone(), None, one.reaction.clone()))
        }
        ItemKind::Condition => {
            let one = patient.chronic_conditions.iter().find(|one| one.id == item.id);
            one.map(|one| (one.name.clone(), one.since.clone(), None))
        }
        ItemKind::History => {
            let one = patient.medical_history.iter().find(|one| one.id == item.id);
            one.map(|one| (one.condition.clone(), one.diagnosed_at.clone(), None))
        }
        ItemKind::Contact => {
            let one = patient.emergency_contacts.iter().find(|one| one.id == item.id);
            one.map(|one| (one.name.clone(), None, one.relation.clone()))
        }
        ItemKind::Medication => {
            let one = draft.medications.iter().find(|(id, _)| *id == item.id);
            one.map(|(_, one)| (one.name.clone(), one.started_on.clone(), one.dosage.clone()))
        }
        ItemKind::Observation => {
            let one = draft.observations.iter().find(|(id, _)| *id == item.id);
            one.map(|(_, one)| {
                (one.code.clone(), Some(one.observed_at.utc_day()), Some(format!("{} {}", one.value, one.unit)))
            })
        }
        ItemKind::Record => {
            let one = draft.records.iter().find(|(id, _)| *id == item.id);
            one.map(|(_, one)| (one.record.title.clone(), one.record.date_of_record.clone(), files(one)))
        }
    };
    found.unwrap_or_default()
}

fn files(draft: &fhir::RecordDraft) -> Option<String> {
    let names: Vec<&str> = draft.files.iter().map(|file| file.name.as_str()).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// Every id of a draft in a fixed order, so that a choice made for one chart can be carried to another.
fn ids(intake: &Intake) -> Vec<Uuid> {
    let patient = &intake.draft.patient;
    let mut ids = vec![Uuid::nil()];
    ids.extend(patient.allergies.iter().map(|one| one.id));
    ids.extend(patient.chronic_conditions.iter().map(|one| one.id));
    ids.extend(patient.medical_history.iter().map(|one| one.id));
    ids.extend(patient.emergency_contacts.iter().map(|one| one.id));
    ids.extend(intake.draft.medications.iter().map(|(id, _)| *id));
    ids.extend(intake.draft.observations.iter().map(|(id, _)| *id));
    ids.extend(intake.draft.records.iter().map(|(id, _)| *id));
    ids
}

/// The places of the chosen ids.
pub fn places(intake: &Intake, chosen: Option<&[Uuid]>) -> Vec<usize> {
    let chosen: BTreeSet<Uuid> = chosen.unwrap_or_default().iter().copied().collect();
    let placed = ids(intake).into_iter().enumerate();
    placed.filter(|(_, id)| chosen.contains(id)).map(|(place, _)| place).collect()
}

/// The ids at these places.
pub fn at_places(intake: &Intake, places: &[usize]) -> Vec<Uuid> {
    let ids = ids(intake);
    places.iter().filter_map(|place| ids.get(*place).copied()).collect()
}
