//! Every field that one of the four older systems had has a home here, and no home is claimed for a field that none had.

use model::{ALL, collections::DERIVED};
use std::collections::{BTreeMap, BTreeSet};

/// `S:patients.photo` for each line of the list.
fn older() -> BTreeSet<String> {
    let lines = include_str!("older_fields.tsv").lines().filter(|line| !line.starts_with('#'));
    let field = |line: &str| match line.split('\t').collect::<Vec<_>>()[..] {
        [system, collection, field] => format!("{system}:{collection}.{field}"),
        _ => panic!("three columns are needed: {line}"),
    };
    lines.map(field).collect()
}

/// Where each older field went, by the definitions.
fn homes() -> BTreeMap<&'static str, String> {
    let stored = ALL.iter().flat_map(|def| def.fields.iter().map(move |field| (def, field)));
    let stored = stored
        .flat_map(|(def, field)| field.from.iter().map(move |from| (*from, format!("{}.{}", def.name, field.name))));
    stored.chain(DERIVED.iter().map(|(from, instead)| (*from, (*instead).to_owned()))).collect()
}

/// Every document has an id, and every document knows when it was made and changed.
const OF_EVERY_DOCUMENT: &[&str] = &["_id", "id", "created_at", "updated_at", "createdAt", "updatedAt"];

/// The parts of a list's elements have a home where the list has one: (older element field, field of ours in the element).
const PARTS: &[(&str, &str)] = &[
    ("S:patients.medical_history.condition", "patients.medical_history.condition"),
    ("S:patients.medical_history.diagnosed_at", "patients.medical_history.diagnosed_at"),
    ("S:patients.medical_history.notes", "patients.medical_history.notes"),
    ("S:patients.emergency_contacts.name", "patients.emergency_contacts.name"),
    ("S:patients.emergency_contacts.relation", "patients.emergency_contacts.relation"),
    ("S:patients.emergency_contacts.phone", "patients.emergency_contacts.phone"),
    ("M:patients.medicalHistory.condition", "patients.medical_history.condition"),
    ("M:patients.medicalHistory.diagnosisDate", "patients.medical_history.diagnosed_at"),
    ("M:patients.medicalHistory.notes", "patients.medical_history.notes"),
    ("M:doctors.availability.day", "doctors.availability.day"),
    ("M:doctors.availability.startTime", "doctors.availability.start_time"),
    ("M:doctors.availability.endTime", "doctors.availability.end_time"),
];

fn has_home(older: &str) -> bool {
    let last = older.rsplit('.').next().unwrap_or_default();
    OF_EVERY_DOCUMENT.contains(&last) || homes().contains_key(older) || PARTS.iter().any(|(part, _)| *part == older)
}

#[test]
fn every_older_field_has_a_home() {
    let homeless: Vec<String> = older().into_iter().filter(|field| !has_home(field)).collect();
    assert_eq!(homeless, Vec::<String>::new());
}

#[test]
fn no_home_is_for_a_field_that_none_had() {
    let older = older();
    let invented: Vec<_> = homes().into_iter().filter(|(from, _)| !older.contains(*from)).collect();
    assert_eq!(invented, vec![], "either tests/older_fields.tsv lacks it or its `from` is misspelled");
}

/// The parts named above are fields of the elements that the definitions' types really have.
#[test]
fn parts_of_lists_are_where_they_are_said_to_be() {
    let id = "00000000-0000-7000-8000-000000000000";
    let patient = [
        (
            "medical_history",
            elements::<model::HistoryEntry>(&format!(r#"{{"id":"{id}","condition":"c","status":"active"}}"#)),
        ),
        (
            "emergency_contacts",
            elements::<model::EmergencyContact>(&format!(r#"{{"id":"{id}","name":"n","phone":"p"}}"#)),
        ),
    ];
    let span = format!(r#"{{"id":"{id}","day":"monday","start_time":"08:00","end_time":"09:00","slot_minutes":30}}"#);
    let doctor = [("availability", elements::<model::Availability>(&span))];
    let named: BTreeSet<String> = [("patients", patient.to_vec()), ("doctors", doctor.to_vec())]
        .into_iter()
        .flat_map(|(collection, lists)| lists.into_iter().map(move |list| (collection, list)))
        .flat_map(|(collection, (list, names))| {
            names.into_iter().map(move |name| format!("{collection}.{list}.{name}"))
        })
        .collect();
    let missing: Vec<_> = PARTS.iter().filter(|(_, part)| !named.contains(*part)).collect();
    assert_eq!(missing, Vec::<&(&str, &str)>::new());
}

/// The names of an element's fields, as its type writes them.
fn elements<T: serde::Serialize + serde::de::DeserializeOwned>(json: &str) -> Vec<String> {
    let element: T = serde_json::from_str(json).expect("a small element");
    let written = serde_json::to_value(element).expect("plain values");
    written.as_object().expect("an object").keys().cloned().collect()
}
