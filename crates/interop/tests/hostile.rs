//! Whatever the bytes, the answer is a draft or a refusal.

mod common;
use common::*;
use interop::fhir::{Form, Limits, What, read};
use proptest::prelude::*;
use serde_json::{Value, json};

fn take(bytes: &[u8]) {
    let Ok(incoming) = read(bytes, &Limits::default()) else { return };
    for index in 0..incoming.patients.len().min(3) {
        let draft = incoming.chart(index, CHART, at(), "x").expect("a patient of the file");
        for tally in draft.report.types.values() {
            assert_eq!(tally.total, tally.mapped + tally.ignored.values().sum::<u32>() + tally.kept_in_original);
        }
        let out = export(&draft, Form::Collection, What::Everything);
        read(out.as_bytes(), &Limits::default()).expect("what was written can be read");
        export(&draft, Form::Summary, What::Everything);
    }
}

/// Any JSON, of the words that matter here.
fn any_json() -> impl Strategy<Value = Value> {
    let word = prop_oneof![
        Just("Patient/p"),
        Just("Patient"),
        Just("#x"),
        Just("urn:uuid:1"),
        Just("active"),
        Just("2020-02-30"),
        Just("2020-01-01T00:00:00Z"),
        Just("8302-2"),
        Just("85354-9"),
        Just("882-1"),
        Just("http://loinc.org"),
        Just("cm"),
        Just("JVBERi0="),
        Just(""),
        Just("\u{0}\u{202e}"),
        Just("O+"),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        word.prop_map(Value::from)
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key(), inner), 0..5).prop_map(|members| Value::Object(
                members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
            )),
        ]
    })
}

fn key() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "id",
        "code",
        "coding",
        "system",
        "text",
        "status",
        "name",
        "telecom",
        "value",
        "valueQuantity",
        "unit",
        "component",
        "content",
        "attachment",
        "data",
        "url",
        "contained",
        "reference",
        "subject",
        "patient",
        "identifier",
        "extension",
        "valueCodeableConcept",
        "effectiveDateTime",
        "effectivePeriod",
        "start",
        "clinicalStatus",
        "verificationStatus",
        "reaction",
        "manifestation",
        "dosage",
        "dosageInstruction",
        "timing",
        "repeat",
        "medicationCodeableConcept",
        "medicationReference",
        "onsetDateTime",
        "abatementDateTime",
        "note",
        "birthDate",
        "gender",
        "contact",
        "photo",
        "meta",
        "tag",
    ])
}

fn kind() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "Patient",
        "Condition",
        "AllergyIntolerance",
        "MedicationRequest",
        "MedicationStatement",
        "Medication",
        "Observation",
        "DocumentReference",
        "DiagnosticReport",
        "Media",
        "Binary",
        "RelatedPerson",
        "Composition",
        "Practitioner",
        "PractitionerRole",
        "Bundle",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        take(&bytes);
    }

    #[test]
    fn mutated_bundles(cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12), end in any::<prop::sample::Index>(), keep in any::<bool>()) {
        let mut bytes = fixture("ips-minimal.json");
        for (place, byte) in cuts {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if !keep {
            bytes.truncate(end.index(bytes.len()));
        }
        take(&bytes);
    }

    #[test]
    fn nonsense_in_the_right_places(resources in prop::collection::vec((kind(), prop::collection::vec((key(), any_json()), 0..8)), 0..8)) {
        let entries: Vec<Value> = resources.into_iter().map(|(kind, members)| {
            let mut resource = json!({"resourceType": kind, "subject": {"reference": "Patient/p"}});
            for (name, value) in members {
                resource[name] = value;
            }
            json!({"resource": resource})
        }).collect();
        let mut all = vec![json!({"resource": {"resourceType": "Patient", "id": "p"}})];
        all.extend(entries);
        take(json!({"resourceType": "Bundle", "type": "collection", "entry": all}).to_string().as_bytes());
    }

    #[test]
    fn swapped_values(place in any::<prop::sample::Index>(), value in any_json()) {
        let mut bundle: Value = serde_json::from_slice(&fixture("ips-example.json")).expect("JSON");
        let paths = paths(&bundle);
        if let Some(target) = bundle.pointer_mut(&paths[place.index(paths.len())]) {
            *target = value;
        }
        take(bundle.to_string().as_bytes());
    }
}

/// The address of every value in a tree.
fn paths(of: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), of)];
    while let Some((path, value)) = open.pop() {
        match value {
            Value::Object(members) => {
                open.extend(members.iter().map(|(name, value)| (format!("{path}/{name}"), value)))
            }
            Value::Array(items) => {
                open.extend(items.iter().enumerate().map(|(place, value)| (format!("{path}/{place}"), value)))
            }
            _ => {}
        }
        found.push(path);
    }
    found
}
