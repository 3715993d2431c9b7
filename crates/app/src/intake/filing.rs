//! Files what was chosen, in one transaction.

use super::{Intake, preview::compared};
use crate::{
    Event, Problem, Session, patients, pictures,
    records::{self, NewFile},
    views::{IntakeDone, IntakeState},
};
use interop::fhir::{Item, ItemKind, RecordDraft};
use model::{Asked, Collection, DocumentType, Map, MedicalRecord, Medication, Merge, Observation, Origin, Patient};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    sync::{Arc, atomic::Ordering},
};
use uuid::Uuid;
use vault::Writer;

/// Files the chosen items (all, if `chosen` is absent) and the original beside them.
pub fn file(session: &Arc<Session>, intake: &Intake, chosen: Option<&[Uuid]>) -> Result<IntakeDone, Problem> {
    let chosen: Option<BTreeSet<Uuid>> = chosen.map(|ids| ids.iter().copied().collect());
    let wanted = |item: &Item| chosen.as_ref().is_none_or(|ids| ids.contains(&item.id));
    let compared = compared(session, intake)?;
    let skipped = compared.iter().filter(|(_, state)| *state == IntakeState::Same).count();
    let items: Vec<(Item, IntakeState)> =
        compared.into_iter().filter(|(item, state)| *state != IntakeState::Same && wanted(item)).collect();
    if items.is_empty() && intake.patient.is_none() {
        return Err(Problem::new("nothing_chosen", None));
    }
    let page = FrontPage::of(session, intake, &items)?;
    let original = !has_original(session, intake)?;
    let mut steps = Steps::new(session, intake, items.len());
    let written = session.write(|w| {
        page.write(w, intake)?;
        for (item, state) in &items {
            steps.next()?;
            write_item(w, intake, item, *state)?;
        }
        if original && !items.is_empty() {
            keep_original(w, session, intake)?;
        }
        steps.next()
    });
    if steps.stopped {
        return Err(Problem::new("import_stopped", None));
    }
    written?;
    let small = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(IntakeDone { patient: intake.chart, filed: small(items.len()), skipped: small(skipped) })
}

/// Tells how far the filing has come, and ends it when somebody says so. The transaction is then taken back whole.
struct Steps<'a> {
    session: &'a Session,
    intake: &'a Intake,
    done: usize,
    total: usize,
    stopped: bool,
}

impl<'a> Steps<'a> {
    fn new(session: &'a Session, intake: &'a Intake, total: usize) -> Self {
        Steps { session, intake, done: 0, total, stopped: false }
    }

    /// The step before this one is done; about fifty times in all it is told.
    fn next(&mut self) -> vault::Result<()> {
        if self.intake.stop.load(Ordering::Relaxed) {
            self.stopped = true;
            return Err(vault::Error::Canceled);
        }
        if self.done.is_multiple_of((self.total / 50).max(1)) {
            let small = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
            let (done, total) = (small(self.done), small(self.total));
            self.session.ring(Event::Progress { task: "import".to_owned(), done, total });
        }
        self.done += 1;
        Ok(())
    }
}

/// What changes on the front page.
struct FrontPage {
    values: Map,
    is_new: bool,
}

impl FrontPage {
    fn of(session: &Arc<Session>, intake: &Intake, items: &[(Item, IntakeState)]) -> Result<Self, Problem> {
        let here = intake.patient.map(|id| session.need::<Patient>(id)).transpose()?.map(|row| row.value);
        let drafted = object(&intake.draft.patient);
        let mut values = Map::new();
        for (item, _) in items.iter().filter(|(item, _)| item.kind == ItemKind::Patient) {
            let all = item.fields.is_empty();
            let taken = drafted
                .iter()
                .filter(|(name, value)| !value.is_null() && !value.is_array() && (all || item.fields.contains(name)));
            values.extend(taken.map(|(name, value)| (name.clone(), value.clone())));
        }
        let held = here.as_ref().map(object).unwrap_or_default();
        for (list, kinds) in LISTS {
            let ids: BTreeSet<Uuid> =
                items.iter().filter(|(item, _)| kinds.contains(&item.kind)).map(|(item, _)| item.id).collect();
            if let Some(joined) = joined(held.get(*list), drafted.get(*list), &ids) {
                values.insert((*list).to_owned(), joined);
            }
        }
        if values.get("allergies").is_some_and(|list| list.as_array().is_some_and(|list| !list.is_empty())) {
            values.insert("allergies_asked".to_owned(), json!(Asked::Some));
        }
        if here.is_none() {
            values.entry("name").or_insert_with(|| json!(intake.draft.patient.name));
            values.insert("is_archived".to_owned(), json!(false));
            values.insert("registered_by".to_owned(), json!(session.me.user));
            values.insert("patient_number".to_owned(), json!(patients::next_number(session)?));
        } else {
            values.remove("origin");
            values.remove("is_archived");
        }
        Ok(FrontPage { values, is_new: here.is_none() })
    }

    fn write(&self, w: &mut Writer<'_, '_>, intake: &Intake) -> vault::Result<()> {
        if self.is_new {
            w.open_chart(intake.chart, None)?;
        }
        if self.values.is_empty() { Ok(()) } else { w.put::<Patient>(intake.chart, intake.chart, &self.values) }
    }
}

const LISTS: &[(&str, &[ItemKind])] = &[
    ("allergies", &[ItemKind::Allergy]),
    ("chronic_conditions", &[ItemKind::Condition]),
    ("medical_history", &[ItemKind::History]),
    ("emergency_contacts", &[ItemKind::Contact]),
];

/// The list here with the chosen elements of the draft added, or put in place of those with the same id.
fn joined(here: Option<&Value>, draft: Option<&Value>, ids: &BTreeSet<Uuid>) -> Option<Value> {
    let id_of = |item: &Value| item["id"].as_str().and_then(|text| Uuid::try_parse(text).ok());
    let items = |list: Option<&Value>| list.and_then(Value::as_array).cloned().unwrap_or_default();
    let taken: Vec<Value> =
        items(draft).into_iter().filter(|item| id_of(item).is_some_and(|id| ids.contains(&id))).collect();
    if taken.is_empty() {
        return None;
    }
    let mut all: Vec<Value> =
        items(here).into_iter().filter(|item| !id_of(item).is_some_and(|id| ids.contains(&id))).collect();
    all.extend(taken);
    Some(Value::Array(all))
}

fn write_item(w: &mut Writer<'_, '_>, intake: &Intake, item: &Item, state: IntakeState) -> vault::Result<()> {
    let (draft, chart) = (&intake.draft, intake.chart);
    match item.kind {
        ItemKind::Medication => match find(&draft.medications, item.id) {
            Some(one) => put_statement::<Medication>(w, chart, item, state, one),
            None => Ok(()),
        },
        ItemKind::Observation => match find(&draft.observations, item.id) {
            Some(one) => put_statement::<Observation>(w, chart, item, state, one),
            None => Ok(()),
        },
        ItemKind::Record => match find(&draft.records, item.id) {
            Some(one) => put_record(w, chart, item, state, one),
            None => Ok(()),
        },
        ItemKind::Patient | ItemKind::Allergy | ItemKind::Condition | ItemKind::History | ItemKind::Contact => Ok(()),
    }
}

fn find<T>(list: &[(Uuid, T)], id: Uuid) -> Option<&T> {
    list.iter().find(|(other, _)| *other == id).map(|(_, one)| one)
}

/// A new statement, or an amendment of the fields that differ and may be amended.
fn put_statement<T: Collection>(
    w: &mut Writer<'_, '_>,
    chart: Uuid,
    item: &Item,
    state: IntakeState,
    value: &T,
) -> vault::Result<()> {
    let Some(existing) = item.existing.filter(|_| state == IntakeState::Different) else {
        return w.append(item.id, chart, value);
    };
    let may_change = |name: &str| T::DEF.field(name).is_some_and(|field| field.merge != Merge::Keep);
    let changes: Map =
        object(value).into_iter().filter(|(name, _)| item.fields.contains(name) && may_change(name)).collect();
    if changes.is_empty() { Ok(()) } else { w.amend::<T>(existing, &changes) }
}

fn put_record(
    w: &mut Writer<'_, '_>,
    chart: Uuid,
    item: &Item,
    state: IntakeState,
    draft: &RecordDraft,
) -> vault::Result<()> {
    let mut record = draft.record.clone();
    for file in &draft.files {
        let thumbnail = pictures::thumbnail(&file.bytes);
        let new = NewFile { name: &file.name, media_type: &file.media_type, bytes: &file.bytes, thumbnail };
        let mut attachment = records::attach(w, chart, &new)?;
        attachment.id = file.id;
        record.attachments.push(attachment);
    }
    put_statement(w, chart, item, state, &record)
}

/// Is this very file in the chart already?
fn has_original(session: &Session, intake: &Intake) -> Result<bool, Problem> {
    let Some(patient) = intake.patient else { return Ok(false) };
    let sum: String = crypto::encode::sha256(&intake.original.bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let rows = records::newest(session, patient, 10_000)?;
    Ok(rows.iter().any(|row| row.value.attachments.iter().any(|one| one.file.sha256 == sum)))
}

/// The file as it came becomes a document of the chart: what could not be mapped stays readable.
fn keep_original(w: &mut Writer<'_, '_>, session: &Session, intake: &Intake) -> vault::Result<()> {
    let original = &intake.original;
    let new =
        NewFile { name: &original.name, media_type: "application/fhir+json", bytes: &original.bytes, thumbnail: None };
    let attachment = records::attach(w, intake.chart, &new)?;
    let record = MedicalRecord {
        attachments: vec![attachment],
        date_of_record: Some(session.clock.today()),
        origin: Some(Origin {
            source: intake.source.clone(),
            taken_in_at: session.now(),
            identifier: None,
            resource: None,
        }),
        ..records::blank(intake.chart, DocumentType::Other, intake.source.clone())
    };
    records::file(w, intake.chart, record).map(|_| ())
}

fn object<T: serde::Serialize>(value: &T) -> Map {
    match serde_json::to_value(value) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}
