//! Files that cannot be used are refused as a whole, each with its own reason and with what to do.

mod common;
use common::*;
use flate2::{Compression, write::GzEncoder};
use interop::{
    Refused,
    fhir::{Kind, Limits, read},
};
use serde_json::json;
use std::io::Write;

fn refusal(bytes: &[u8]) -> Refused {
    read(bytes, &Limits::default()).err().expect("must be refused")
}

fn code(bytes: &[u8]) -> &'static str {
    refusal(bytes).code()
}

#[test]
fn nothing_and_other_things() {
    assert_eq!(code(b""), "empty");
    assert_eq!(code(b"<?xml version=\"1.0\"?><Bundle xmlns=\"http://hl7.org/fhir\"/>"), "xml");
    assert_eq!(code(b"%PDF-1.7 of something"), "not_json");
    assert_eq!(code(b"{\"a\": nonsense}"), "not_json");
    assert_eq!(code(b"{\"verifiableCredential\": []}"), "not_fhir");
    assert_eq!(code(b"[1, 2]"), "not_fhir");
    assert_eq!(code(b"\x89PNG\r\n\x1a\n"), "not_text");
}

#[test]
fn a_cut_off_file_is_called_that_wherever_it_was_cut() {
    let whole = fixture("ips-minimal.json");
    for cut in [whole.len() / 7, whole.len() / 3, whole.len() - 20] {
        assert_eq!(code(&whole[..cut]), "truncated", "cut at {cut}");
    }
    assert!(refusal(&whole[..400]).to_string().contains("cut off"));
}

#[test]
fn size_depth_and_number_are_bounded_before_parsing() {
    let limits = Limits { bytes: 1_000, ..Limits::default() };
    let large = fixture("ips-minimal.json");
    assert!(large.len() > 10 * limits.bytes);
    assert_eq!(read(&large, &limits).err(), Some(Refused::TooLarge { limit: 1_000 }));

    let deep = format!("{{\"resourceType\":\"Patient\",\"x\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(code(deep.as_bytes()), "too_deep");

    let many = Limits { resources: 10, ..Limits::default() };
    assert_eq!(read(&fixture("synthea-one.json"), &many).err(), Some(Refused::TooMany { limit: 10 }));
}

#[test]
fn a_small_archive_cannot_become_a_large_file() {
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    bomb.write_all(&vec![b' '; 2_000_000]).expect("memory");
    let bomb = bomb.finish().expect("memory");
    let limits = Limits { bytes: 100_000, ..Limits::default() };
    assert!(bomb.len() < limits.bytes);
    assert_eq!(read(&bomb, &limits).err(), Some(Refused::TooLarge { limit: 100_000 }));
    assert_eq!(code(&bomb[..bomb.len() / 2]), "truncated");
}

#[test]
fn other_versions_are_named() {
    let found = |resource: serde_json::Value| match refusal(&around(vec![resource])) {
        Refused::OtherVersion { found } => found,
        other => panic!("{other}"),
    };
    let r5 = json!({"resourceType": "MedicationStatement", "status": "recorded", "medication": {"concept": {"text": "Aspirin"}}});
    assert_eq!(found(r5), "R5");
    let stu3 = json!({"resourceType": "Condition", "clinicalStatus": "active", "code": {"text": "Asthma"}});
    assert_eq!(found(stu3), "STU3");
    let dstu2 = json!({"resourceType": "MedicationOrder", "status": "active"});
    assert_eq!(found(dstu2), "DSTU2");
    let profiled = json!({"resourceType": "Condition", "meta": {"profile": ["http://hl7.org/fhir/5.0/StructureDefinition/Condition"]}});
    assert_eq!(found(profiled), "R5");
}

#[test]
fn one_element_of_another_version_does_not_refuse_a_summary() {
    let good = |text: &str| json!({"resourceType": "Condition", "clinicalStatus": {"coding": [{"code": "active"}]}, "code": {"text": text}});
    let odd = json!({"resourceType": "Condition", "clinicalStatus": "resolved", "code": {"text": "Fracture"}});
    let draft = draft(&around(vec![good("Asthma"), good("Migraine"), odd]));
    assert_eq!((draft.patient.chronic_conditions.len(), draft.patient.medical_history.len()), (2, 1));
}

#[test]
fn without_a_patient_there_is_no_chart() {
    let alone = br#"{"resourceType":"Condition","code":{"text":"Asthma"}}"#;
    assert_eq!(refusal(alone), Refused::NoPatient { resources: 1 });
    assert_eq!(code(br#"{"resourceType":"Bundle","type":"history","entry":[]}"#), "unfit_bundle");
}

#[test]
fn of_several_patients_one_is_chosen() {
    let incoming = incoming(&fixture("synthea-six.ndjson.gz"));
    assert_eq!((incoming.patients.len(), &incoming.kind), (6, &Kind::Lines));
    assert_eq!(incoming.only(), Err(Refused::SeveralPatients { count: 6 }));
    assert!(incoming.patients.iter().all(|patient| patient.name.is_some() && patient.resources > 50));
    assert_eq!(incoming.chart(6, CHART, at(), "x").err(), Some(Refused::NoSuchPatient { index: 6, count: 6 }));
    let names: Vec<_> =
        (0..6).map(|index| incoming.chart(index, CHART, at(), "x").expect("a patient").patient.name).collect();
    assert_eq!(names.iter().collect::<std::collections::BTreeSet<_>>().len(), 6);
}

#[test]
fn a_document_says_which_of_its_patients_it_is_about() {
    let incoming = incoming(&fixture("ips-ten-patients.json"));
    assert_eq!(incoming.patients.len(), 10);
    assert_eq!(incoming.kind, Kind::PatientSummary);
    assert_eq!(incoming.only(), Ok(0));
    assert_eq!(incoming.patients[0].name.as_deref(), Some("Andreas Ioannou"));
}

#[test]
fn a_byte_order_mark_is_no_fault() {
    let mut marked = b"\xef\xbb\xbf".to_vec();
    marked.extend(fixture("ips-minimal.json"));
    assert_eq!(said(&draft(&marked)), said(&draft(&fixture("ips-minimal.json"))));
}

#[test]
fn refusals_hold_no_words_of_the_file() {
    let secret = br#"{"resourceType":"Bundle","type":"history","id":"Ana-Lima"}"#;
    assert!(!refusal(secret).to_string().contains("Ana"));
    assert!(!refusal(b"{\"name\": Ana}").to_string().contains("Ana"));
}
