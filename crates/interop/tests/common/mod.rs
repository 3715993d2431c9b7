//! What the tests share.
#![allow(dead_code, reason = "each test file uses its own part")]

use interop::fhir::{
    Author, ChartDraft, ChartView, Choice, FileView, Form, Incoming, Limits, RecordView, What, bundle, read,
};
use model::Time;
use serde_json::{Value, json};
use uuid::Uuid;

pub const CHART: Uuid = Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0001);

pub fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|fault| panic!("{path}: {fault}"))
}

pub fn at() -> Time {
    Time::parse("2026-03-13T11:00:00Z").expect("an instant")
}

pub fn incoming(bytes: &[u8]) -> Incoming {
    read(bytes, &Limits::default()).unwrap_or_else(|refused| panic!("refused: {refused}"))
}

/// The chart of the only patient, or of the one the document is about.
pub fn draft(bytes: &[u8]) -> ChartDraft {
    let incoming = incoming(bytes);
    let index = incoming.only().unwrap_or(0);
    incoming.chart(index, CHART, at(), "test.json").expect("a patient")
}

/// A bundle around resources; `subject` and `patient` are added where they belong.
pub fn around(resources: Vec<Value>) -> Vec<u8> {
    let mut all =
        vec![json!({"resourceType": "Patient", "id": "p", "name": [{"text": "Ana Lima"}], "birthDate": "1967-08"})];
    all.extend(resources.into_iter().map(|mut one| {
        let name = if one["resourceType"] == "AllergyIntolerance" { "patient" } else { "subject" };
        if one.get(name).is_none() {
            one[name] = json!({"reference": "Patient/p"});
        }
        one
    }));
    let entries: Vec<Value> = all.into_iter().map(|one| json!({ "resource": one })).collect();
    json!({"resourceType": "Bundle", "type": "collection", "entry": entries}).to_string().into_bytes()
}

pub fn views(draft: &ChartDraft) -> Vec<RecordView<'_>> {
    draft
        .records
        .iter()
        .map(|(id, record)| RecordView {
            id: *id,
            record: &record.record,
            created_at: None,
            files: record
                .files
                .iter()
                .map(|file| FileView { name: &file.name, media_type: &file.media_type, bytes: &file.bytes })
                .collect(),
        })
        .collect()
}

pub fn export(draft: &ChartDraft, form: Form, what: What) -> String {
    let records = views(draft);
    let view = ChartView {
        chart_id: CHART,
        patient: &draft.patient,
        medications: &draft.medications,
        observations: &draft.observations,
        records: &records,
    };
    let choice = Choice { form, what, answers: draft.answers };
    bundle(&view, &choice, at(), Author::Program { version: "0.1.0" })
}

/// Everything a draft says, without ids and origins, lists in an order of their own.
pub fn said(draft: &ChartDraft) -> Value {
    let records: Vec<Value> = draft
        .records
        .iter()
        .map(|(_, one)| {
            let files: Vec<Value> =
                one.files.iter().map(|file| json!([file.name, file.media_type, file.sha256])).collect();
            json!([one.record, files])
        })
        .collect();
    let medications: Vec<_> = draft.medications.iter().map(|(_, one)| one).collect();
    let observations: Vec<_> = draft.observations.iter().map(|(_, one)| one).collect();
    let mut said = json!({
        "patient": draft.patient, "medications": medications, "observations": observations, "records": records,
        "panels": draft.observations.iter().filter_map(|(_, one)| one.panel).collect::<std::collections::BTreeSet<_>>().len(),
    });
    strip(&mut said);
    said
}

/// Both say the same; where not, only what differs is printed.
pub fn assert_same(back: &ChartDraft, first: &ChartDraft, what: &str) {
    let (back, first) = (said(back), said(first));
    for (part, value) in first.as_object().expect("an object") {
        let differing: Vec<(&Value, &Value)> = match (value, &back[part]) {
            (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
                one.iter().zip(other).filter(|(one, other)| one != other).collect()
            }
            (one, other) => (one != other).then_some((one, other)).into_iter().collect(),
        };
        assert!(differing.is_empty(), "{what}: {part}: {differing:#?}");
    }
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for name in ["id", "origin", "panel"] {
                members.remove(name);
            }
            members.values_mut().for_each(strip);
        }
        Value::Array(items) => {
            items.iter_mut().for_each(strip);
            items.sort_by_key(ToString::to_string);
        }
        _ => {}
    }
}
