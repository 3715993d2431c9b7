//! What of a draft is new, what is already here, and what differs.

use super::draft::{ChartDraft, RecordDraft};
use model::Patient;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What the chart holds already: values by id, as the vault gives them. Only of the one chart.
#[derive(Clone, Debug, Default)]
pub struct ExistingIds {
    /// The front page, if the chart exists.
    pub patient: Option<Value>,
    /// `medications` by id.
    pub medications: BTreeMap<Uuid, Value>,
    /// `observations` by id.
    pub observations: BTreeMap<Uuid, Value>,
    /// `medical_records` by id.
    pub records: BTreeMap<Uuid, Value>,
}

/// The draft sorted for review.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Not here yet.
    pub new: Vec<Item>,
    /// Here with the same values.
    pub same: Vec<Item>,
    /// Here with other values.
    pub different: Vec<Item>,
}

/// One document, or one element of the front page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// Its id in the draft (a contact that is here already: in the chart); for the front page the nil id.
    pub id: Uuid,
    /// Its id in the chart, where it is here.
    pub existing: Option<Uuid>,
    /// Names of the fields that differ.
    pub fields: Vec<String>,
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemKind {
    /// The single fields of the front page.
    Patient,
    /// An element of `allergies`.
    Allergy,
    /// An element of `chronic_conditions`.
    Condition,
    /// An element of `medical_history`.
    History,
    /// An element of `emergency_contacts`.
    Contact,
    /// A medicine.
    Medication,
    /// A vital sign.
    Observation,
    /// A document.
    Record,
}

/// Fields that say how a document came here rather than what it says.
const NOT_COMPARED: &[&str] =
    &["id", "origin", "patient_id", "attachments", "created_at", "updated_at", "is_deleted", "panel", "entered_by"];
/// Single fields of the front page that a file can fill.
const FRONT_PAGE: &[&str] = &[
    "name",
    "date_of_birth",
    "gender",
    "gender_as_entered",
    "address",
    "phone",
    "email",
    "blood_group",
    "preferred_language",
    "bmi",
    "allergies_asked",
];
const LISTS: &[(&str, ItemKind)] = &[
    ("allergies", ItemKind::Allergy),
    ("chronic_conditions", ItemKind::Condition),
    ("medical_history", ItemKind::History),
    ("emergency_contacts", ItemKind::Contact),
];

/// Compares a draft with what the chart holds. Something exported from this chart earlier is recognised by the id it carries.
pub fn compare(draft: &ChartDraft, existing: &ExistingIds) -> Comparison {
    let mut found = Comparison::default();
    let sorter = Sorter { own: &draft.own_ids };
    sorter.front_page(&mut found, &draft.patient, existing.patient.as_ref());
    for (id, medication) in &draft.medications {
        sorter.sort(&mut found, ItemKind::Medication, *id, &value(medication), &existing.medications);
    }
    for (id, observation) in &draft.observations {
        sorter.sort(&mut found, ItemKind::Observation, *id, &value(observation), &existing.observations);
    }
    for (id, record) in &draft.records {
        sorter.record(&mut found, *id, record, &existing.records);
    }
    found
}

struct Sorter<'d> {
    own: &'d BTreeMap<Uuid, Uuid>,
}

impl Sorter<'_> {
    fn place<'e>(&self, id: Uuid, here: &'e BTreeMap<Uuid, Value>) -> Option<(Uuid, &'e Value)> {
        let known = |id: Uuid| here.get(&id).map(|value| (id, value));
        known(id).or_else(|| self.own.get(&id).copied().and_then(known))
    }

    fn sort(&self, found: &mut Comparison, kind: ItemKind, id: Uuid, draft: &Value, here: &BTreeMap<Uuid, Value>) {
        let Some((existing, value)) = self.place(id, here) else {
            found.new.push(Item { kind, id, existing: None, fields: Vec::new() });
            return;
        };
        file(found, Item { kind, id, existing: Some(existing), fields: differing(draft, value) });
    }

    fn record(&self, found: &mut Comparison, id: Uuid, draft: &RecordDraft, here: &BTreeMap<Uuid, Value>) {
        let Some((existing, held)) = self.place(id, here) else {
            found.new.push(Item { kind: ItemKind::Record, id, existing: None, fields: Vec::new() });
            return;
        };
        let mut fields = differing(&value(&draft.record), held);
        let files: BTreeSet<&str> = draft.files.iter().map(|file| file.sha256.as_str()).collect();
        if files != sums(held) {
            fields.push("attachments".to_owned());
        }
        file(found, Item { kind: ItemKind::Record, id, existing: Some(existing), fields });
    }

    fn front_page(&self, found: &mut Comparison, patient: &Patient, held: Option<&Value>) {
        let draft = value(patient);
        for (list, kind) in LISTS {
            let here = held.map(|held| held_elements(held, list)).unwrap_or_default();
            for (id, element) in by_id(&draft, list) {
                let id = if *kind == ItemKind::Contact { same_contact(id, &element, &here) } else { id };
                self.sort(found, *kind, id, &element, &here);
            }
        }
        let item = |existing, fields| Item { kind: ItemKind::Patient, id: Uuid::nil(), existing, fields };
        let Some(held) = held else {
            found.new.push(item(None, Vec::new()));
            return;
        };
        // What the file does not say is no difference: nobody wants a telephone number removed by a summary without one.
        let says = |name: &&str| draft.get(name).is_some_and(|value| !value.is_null() && !alike(value, held.get(name)));
        let fields = FRONT_PAGE.iter().copied().filter(says).map(str::to_owned).collect();
        file(found, item(Some(Uuid::nil()), fields));
    }
}

fn file(found: &mut Comparison, item: Item) {
    if item.fields.is_empty() { found.same.push(item) } else { found.different.push(item) }
}

fn value<T: serde::Serialize>(document: &T) -> Value {
    serde_json::to_value(document).expect("model structs have text keys and finite numbers")
}

fn by_id(patient: &Value, list: &str) -> BTreeMap<Uuid, Value> {
    let items = patient.get(list).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let id = |item: &Value| item.get("id").and_then(Value::as_str).and_then(|id| Uuid::try_parse(id).ok());
    items.iter().filter_map(|item| Some((id(item)?, item.clone()))).collect()
}

/// A condition moves between the two lists when it ends: the same id is looked for in both.
fn held_elements(patient: &Value, list: &str) -> BTreeMap<Uuid, Value> {
    let mut here = by_id(patient, list);
    let other = match list {
        "chronic_conditions" => "medical_history",
        "medical_history" => "chronic_conditions",
        _ => return here,
    };
    for (id, element) in by_id(patient, other) {
        here.entry(id).or_insert(element);
    }
    here
}

/// A contact has no identifier anywhere: the same telephone, or without one the same name, is the same contact.
fn same_contact(id: Uuid, contact: &Value, here: &BTreeMap<Uuid, Value>) -> Uuid {
    let told = |of: &Value| {
        let text = |name: &str| of.get(name).and_then(Value::as_str).unwrap_or_default().to_lowercase();
        let digits: String = text("phone").chars().filter(char::is_ascii_digit).collect();
        if digits.is_empty() { text("name") } else { digits }
    };
    here.iter().find(|(_, other)| told(other) == told(contact)).map_or(id, |(id, _)| *id)
}

fn differing(draft: &Value, held: &Value) -> Vec<String> {
    let empty = Map::new();
    let fields = draft.as_object().unwrap_or(&empty).iter();
    let compared = fields.filter(|(name, _)| !NOT_COMPARED.contains(&name.as_str()));
    let differs = compared.filter(|(name, value)| !alike(value, held.get(name.as_str())));
    differs.map(|(name, _)| name.clone()).collect()
}

/// Equal as a person would say: 170 and 170.0 are one number, an absent value and a null are one absence.
fn alike(left: &Value, right: Option<&Value>) -> bool {
    match (left, right.unwrap_or(&Value::Null)) {
        (Value::Number(left), Value::Number(right)) => left.as_f64() == right.as_f64(),
        (Value::Object(left), Value::Object(right)) => {
            let names: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
            names.into_iter().all(|name| alike(left.get(name).unwrap_or(&Value::Null), right.get(name)))
        }
        (left, right) => left == right,
    }
}

fn sums(record: &Value) -> BTreeSet<&str> {
    let files = record.get("attachments").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    files.iter().filter_map(|file| file.pointer("/file/sha256").and_then(Value::as_str)).collect()
}
