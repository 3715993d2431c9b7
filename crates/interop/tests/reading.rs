//! What becomes of the elements: values, and an account of everything that was not taken.

mod common;
use common::*;
use interop::fhir::{ChartDraft, ExistingIds, Ignored, ItemKind, Kind, compare};
use model::{Asked, BloodGroup, ClinicalStatus, Gender, MedicationSource, MedicationStatus, Severity};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const FIXTURES: &[&str] = &[
    "synthea-one.json",
    "ips-example.json",
    "ips-minimal.json",
    "ips-nothing-known.json",
    "ips-empty-reason.json",
    "ips-do-not-perform.json",
    "ips-modifier.json",
    "ips-wrong-kind.json",
    "ips-ten-patients.json",
];

fn codes(draft: &ChartDraft) -> Vec<&str> {
    draft.report.problems.iter().map(|problem| problem.code).collect()
}

fn ignored(draft: &ChartDraft, kind: &str, why: Ignored) -> u32 {
    draft.report.types.get(kind).and_then(|tally| tally.ignored.get(&why)).copied().unwrap_or(0)
}

#[test]
fn every_resource_of_every_file_is_accounted_for() {
    for name in FIXTURES {
        let bytes = fixture(name);
        let value: Value = serde_json::from_slice(&bytes).expect("JSON");
        let entries = value["entry"].as_array().expect("a bundle").len();
        let draft = draft(&bytes);
        let counted: u32 = draft.report.types.values().map(|tally| tally.total).sum();
        assert_eq!(counted as usize, entries, "{name}");
        for (kind, tally) in &draft.report.types {
            assert_eq!(
                tally.total,
                tally.mapped + tally.ignored.values().sum::<u32>() + tally.kept_in_original,
                "{name} {kind}"
            );
        }
    }
}

#[test]
fn a_synthea_patient() {
    let draft = draft(&fixture("synthea-one.json"));
    assert_eq!(draft.patient.name, "Mr. Gustavo Mejía");
    assert!(draft.patient.date_of_birth.is_some() && draft.patient.address.is_some() && draft.patient.phone.is_some());
    assert!(draft.patient_identifiers.len() >= 3);
    assert!(draft.report.problems.is_empty(), "{:?}", draft.report.problems);
    let bmi = draft.patient.bmi.expect("height and weight");
    assert!(bmi.height_cm.is_some_and(|height| height > 40.0) && bmi.weight_kg.is_some_and(|weight| weight > 2.0));
    let of = |code: &str| draft.observations.iter().filter(|(_, value)| value.code == code).count();
    assert!(of("8480-6") > 0 && of("8480-6") == of("8462-4"));
    assert_eq!(of("39156-5"), 0, "computed values are not stored");
    assert!(ignored(&draft, "Observation", Ignored::Computed) > 0);
    let kept: BTreeMap<&str, u32> = draft.report.only_in_original().into_iter().collect();
    assert!(kept.contains_key("Immunization") && kept.contains_key("Encounter") && kept.contains_key("Claim"));
    assert!(kept["Observation"] > 0, "laboratory values are counted");
}

#[test]
fn names_are_taken_as_they_are() {
    let named =
        |name: Value| draft(json!({"resourceType": "Patient", "name": name}).to_string().as_bytes()).patient.name;
    assert_eq!(
        named(json!([{"prefix": ["Mrs."], "given": ["Lashanda438"], "family": "Abbott509"}])),
        "Mrs. Lashanda438 Abbott509"
    );
    assert_eq!(named(json!([{"use": "maiden", "text": "Old"}, {"use": "official", "text": "陳大文"}])), "陳大文");
    assert_eq!(
        named(json!({"given": "Ana", "family": ["Lima", "Costa"]})),
        "Ana Lima Costa",
        "lists and lone values are both read"
    );
}

#[test]
fn the_summary_example_of_hl7() {
    let bytes = fixture("ips-example.json");
    let incoming = incoming(&bytes);
    assert_eq!(incoming.kind, Kind::PatientSummary);
    let head = incoming.summary.as_ref().expect("a composition");
    assert!(head.title.is_some() && head.date.is_some() && !head.authors.is_empty());
    let draft = draft(&bytes);
    assert_eq!(draft.patient.gender, Some(Gender::Female));
    assert_eq!(draft.patient.allergies_asked, Some(Asked::Some));
    assert!(!draft.patient.allergies.is_empty() && !draft.medications.is_empty());
    assert!(draft.medications.iter().all(|(_, one)| one.source == MedicationSource::Taken && !one.name.is_empty()));
    assert_eq!(draft.report.types["Medication"].mapped, 2, "medicines that statements refer to are taken");
}

#[test]
fn nothing_known_and_not_asked_are_different() {
    let known = draft(&fixture("ips-nothing-known.json"));
    assert!(
        known.patient.allergies.is_empty()
            && known.medications.is_empty()
            && known.patient.chronic_conditions.is_empty()
    );
    assert_eq!(known.patient.allergies_asked, Some(Asked::NoneKnown));
    assert!(known.patient.allergies_asked_at.is_some());
    assert_eq!((known.answers.problems, known.answers.medications), (Some(Asked::NoneKnown), Some(Asked::NoneKnown)));
    let empty = draft(&fixture("ips-empty-reason.json"));
    assert_eq!(empty.patient.allergies_asked, Some(Asked::Unknown));
    assert_eq!((empty.answers.problems, empty.answers.medications), (Some(Asked::Unknown), Some(Asked::Unknown)));
    assert_eq!(draft(&around(vec![])).patient.allergies_asked, None);
}

#[test]
fn an_order_not_to_give_is_no_medicine() {
    let draft = draft(&fixture("ips-do-not-perform.json"));
    assert_eq!(
        ignored(&draft, "MedicationRequest", Ignored::DoNotPerform),
        2.min(draft.report.types["MedicationRequest"].total)
    );
    assert!(codes(&draft).contains(&"do_not_perform"));
}

#[test]
fn what_changes_its_meaning_is_not_taken() {
    assert!(codes(&draft(&fixture("ips-modifier.json"))).contains(&"modifier"));
    let with = |more: Value| {
        let mut one = json!({"resourceType": "Condition", "clinicalStatus": {"coding": [{"code": "active"}]}, "code": {"text": "Asthma"}});
        for (name, value) in more.as_object().expect("an object") {
            one[name] = value.clone();
        }
        draft(&around(vec![one]))
    };
    for (status, why) in [("refuted", Ignored::Refuted), ("entered-in-error", Ignored::EnteredInError)] {
        let draft = with(json!({"verificationStatus": {"coding": [{"code": status}]}}));
        assert_eq!((draft.patient.chronic_conditions.len(), ignored(&draft, "Condition", why)), (0, 1));
    }
    let modified = with(json!({"modifierExtension": [{"url": "https://example.org/not", "valueBoolean": true}]}));
    assert_eq!(ignored(&modified, "Condition", Ignored::Modifier), 1);
    let of_another = with(json!({"subject": {"reference": "Patient/someone-else"}}));
    assert_eq!(ignored(&of_another, "Condition", Ignored::Stranger), 1);
}

#[test]
fn wrong_kinds_are_named_and_the_rest_goes_on() {
    let draft = draft(&fixture("ips-wrong-kind.json"));
    let named: Vec<_> = draft.report.problems.iter().map(|problem| (problem.element.as_str(), problem.code)).collect();
    assert!(named.contains(&("active", "kind")), "{named:?}");
    assert!(!draft.patient.name.is_empty());
}

#[test]
fn conditions_go_where_their_status_says() {
    let of = |status: &str, more: Value| {
        let mut one = json!({"resourceType": "Condition", "clinicalStatus": {"coding": [{"code": status}]}, "code": {"text": status}});
        for (name, value) in more.as_object().expect("an object") {
            one[name] = value.clone();
        }
        one
    };
    let draft = draft(&around(vec![
        of(
            "active",
            json!({"onsetDateTime": "2020-03", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001", "display": "Asthma"}]}}),
        ),
        of("recurrence", json!({})),
        of(
            "resolved",
            json!({"onsetDateTime": "2005-09-13T23:30:00-05:00", "abatementDateTime": "2005-10-01", "note": [{"text": "a"}, {"text": "b"}]}),
        ),
        of("remission", json!({"onsetDateTime": "2020-01-01T10:00:00"})),
    ]));
    let [asthma, recurring] = draft.patient.chronic_conditions.as_slice() else { panic!("two are present") };
    assert_eq!((asthma.name.as_str(), asthma.code.as_deref()), ("Asthma", Some("http://snomed.info/sct|195967001")));
    assert_eq!(asthma.since.as_ref().map(model::Date::as_str), Some("2020-03"));
    assert_eq!(recurring.status, ClinicalStatus::Active);
    let [over, inactive] = draft.patient.medical_history.as_slice() else { panic!("two are past") };
    assert_eq!(over.diagnosed_at.as_ref().map(model::Date::as_str), Some("2005-09-13"));
    assert_eq!(
        (over.resolved_at.as_ref().map(model::Date::as_str), over.notes.as_deref()),
        (Some("2005-10-01"), Some("a\n\nb"))
    );
    assert_eq!((inactive.status, &inactive.diagnosed_at), (ClinicalStatus::Inactive, &None));
    assert_eq!(codes(&draft), ["date"], "a time without an offset is refused and named");
}

#[test]
fn allergies_keep_what_happened_and_how_bad_it_was() {
    let draft = draft(&around(vec![
        json!({"resourceType": "AllergyIntolerance", "verificationStatus": {"coding": [{"code": "confirmed"}]}, "code": {"text": "Penicillin"},
            "reaction": [{"manifestation": [{"text": "rash"}], "severity": "mild"}, {"manifestation": [{"text": "anaphylaxis"}], "severity": "severe"}]}),
        json!({"resourceType": "AllergyIntolerance", "code": {"text": "Latex"}, "criticality": "high"}),
        json!({"resourceType": "AllergyIntolerance", "code": {"text": "Egg"}, "clinicalStatus": {"coding": [{"code": "resolved"}]}}),
        json!({"resourceType": "AllergyIntolerance", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "409137002"}]}}),
    ]));
    let [penicillin, latex] = draft.patient.allergies.as_slice() else { panic!("two: {:?}", draft.patient.allergies) };
    assert_eq!(
        (penicillin.reaction.as_deref(), penicillin.severity, penicillin.confirmed),
        (Some("rash, anaphylaxis"), Some(Severity::Severe), true)
    );
    assert_eq!((latex.severity, latex.confirmed), (None, false));
    assert_eq!(ignored(&draft, "AllergyIntolerance", Ignored::Resolved), 1);
    assert_eq!(
        ignored(&draft, "AllergyIntolerance", Ignored::AbsentStatement),
        1,
        "no drug allergy is no allergy, and no answer about all"
    );
}

#[test]
fn no_known_drug_allergy_does_not_say_that_there_are_none() {
    let only_drugs = json!({"resourceType": "AllergyIntolerance", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "409137002"}]}});
    assert_eq!(draft(&around(vec![only_drugs])).patient.allergies_asked, None);
}

#[test]
fn vital_signs_are_converted_or_named() {
    let of = |code: &str, value: f64, unit: &str| {
        json!({"resourceType": "Observation", "status": "final", "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
            "effectiveDateTime": "2026-03-01T10:00:00Z", "valueQuantity": {"value": value, "code": unit}})
    };
    let mut bounded = of("2708-6", 90.0, "%");
    bounded["valueQuantity"]["comparator"] = json!("<");
    let mut wrong = of("8867-4", 70.0, "/min");
    wrong["status"] = json!("entered-in-error");
    let draft = draft(&around(vec![
        of("8302-2", 70.0, "[in_i]"),
        of("8310-5", 98.6, "[degF]"),
        of("29463-7", 11.0, "[stone_av]"),
        of("39156-5", 22.0, "kg/m2"),
        bounded,
        wrong,
    ]));
    let values: Vec<_> =
        draft.observations.iter().map(|(_, one)| (one.code.as_str(), one.value, one.unit.as_str())).collect();
    assert_eq!(
        values,
        [("8302-2", 177.8, "cm"), ("8310-5", 37.0, "Cel"), ("39156-5", 22.0, "kg/m2")],
        "BMI counts where the weight is missing"
    );
    assert_eq!(codes(&draft), ["unit", "comparator"]);
    assert_eq!(ignored(&draft, "Observation", Ignored::EnteredInError), 1);
}

#[test]
fn both_blood_pressures_share_a_panel() {
    let part = |code: &str, value: u32| json!({"code": {"coding": [{"system": "http://loinc.org", "code": code}]}, "valueQuantity": {"value": value, "unit": "mmHg"}});
    let draft = draft(&around(vec![json!({"resourceType": "Observation", "id": "bp", "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9"}]}, "effectiveDateTime": "2026-03-01",
        "component": [part("8480-6", 120), part("8462-4", 80)]})]));
    let [(high_id, high), (low_id, low)] = draft.observations.as_slice() else { panic!("two numbers") };
    assert!(high.panel.is_some() && high.panel == low.panel && high_id != low_id);
    assert_eq!((high.value, low.value, high.unit.as_str()), (120.0, 80.0, "mm[Hg]"));
}

#[test]
fn blood_groups_agree_or_none_is_taken() {
    let of = |code: &str, text: &str| json!({"resourceType": "Observation", "status": "final", "code": {"coding": [{"system": "http://loinc.org", "code": code}]}, "valueCodeableConcept": {"text": text}});
    let group = |all: Vec<Value>| draft(&around(all)).patient.blood_group;
    assert_eq!(group(vec![of("883-9", "Group AB"), of("10331-7", "Negative")]), Some(BloodGroup::AbNeg));
    assert_eq!(group(vec![of("882-1", "O Rh positive")]), Some(BloodGroup::OPos));
    assert_eq!(group(vec![of("882-1", "O+"), of("882-1", "A+")]), None);
}

#[test]
fn medicines_are_found_where_they_are_named() {
    let draft = draft(&around(vec![
        json!({"resourceType": "MedicationRequest", "status": "active", "intent": "order", "contained": [{"resourceType": "Medication", "id": "m", "code": {"text": "Apixaban 5 mg"}}],
            "medicationReference": {"reference": "#m"}, "authoredOn": "2026-03-13T10:48:00Z", "requester": {"display": "Dr Chen"},
            "dosageInstruction": [{"text": "1 tablet"}, {"text": "twice a day"}], "reasonCode": [{"text": "Atrial fibrillation"}]}),
        json!({"resourceType": "MedicationStatement", "status": "not-taken", "medicationCodeableConcept": {"text": "Aspirin"}, "effectivePeriod": {"start": "2020", "end": "2021-02"}}),
        json!({"resourceType": "MedicationRequest", "status": "active", "intent": "order", "medicationReference": {"reference": "Medication/gone"}}),
    ]));
    let [(_, apixaban), (_, aspirin)] = draft.medications.as_slice() else { panic!("two have names") };
    assert_eq!((apixaban.name.as_str(), apixaban.dosage.as_deref()), ("Apixaban 5 mg", Some("1 tablet\ntwice a day")));
    assert_eq!(
        (apixaban.prescriber.as_deref(), apixaban.reason.as_deref()),
        (Some("Dr Chen"), Some("Atrial fibrillation"))
    );
    assert_eq!((aspirin.source, aspirin.status), (MedicationSource::Taken, MedicationStatus::Stopped));
    assert_eq!(aspirin.ended_on.as_ref().map(model::Date::as_str), Some("2021-02"));
    assert_eq!(codes(&draft), ["not_taken", "missing"]);
}

#[test]
fn documents_bring_their_files() {
    let draft = draft(&around(vec![
        json!({"resourceType": "DocumentReference", "id": "d", "status": "current", "type": {"coding": [{"system": "http://loinc.org", "code": "11502-2"}], "text": "Blood count"},
            "date": "2026-03-05T00:00:00Z", "author": [{"display": "City Lab"}], "description": "Fasting",
            "content": [{"attachment": {"contentType": "image/png", "data": "JVBERi0x\nLjcK", "title": "../count.pdf", "size": 3, "hash": "AAAA"}},
                        {"attachment": {"contentType": "application/pdf", "url": "Binary/b"}}]}),
        json!({"resourceType": "Binary", "id": "b", "contentType": "application/pdf", "data": "JVBERi0xLjQ"}),
        json!({"resourceType": "DocumentReference", "status": "current", "content": [{"attachment": {"url": "https://example.org/elsewhere.pdf"}}]}),
        json!({"resourceType": "DocumentReference", "status": "current", "content": [{"attachment": {"data": "%%%"}}]}),
        json!({"resourceType": "DiagnosticReport", "status": "final", "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "LAB"}]}],
            "code": {"text": "Lipids"}, "effectiveDateTime": "2026-02", "presentedForm": [{"contentType": "text/plain", "data": "SGVsbG8="}]}),
    ]));
    let [(_, count), (_, lipids)] = draft.records.as_slice() else { panic!("two have files") };
    let kinds: Vec<_> = count.files.iter().map(|file| (file.name.as_str(), file.media_type.as_str())).collect();
    assert_eq!(kinds, [(".._count.pdf", "application/pdf"), ("document-2.pdf", "application/pdf")]);
    assert_eq!(count.files[0].bytes, b"%PDF-1.7\n");
    assert_eq!((count.record.title.as_str(), count.record.document_type.word()), ("Blood count", "LAB_REPORT"));
    assert_eq!(
        (count.record.source_doctor.as_deref(), count.record.date_of_record.as_ref().map(model::Date::as_str)),
        (Some("City Lab"), Some("2026-03-05"))
    );
    assert_eq!(
        (lipids.record.document_type.word(), lipids.files[0].bytes.as_slice()),
        ("LAB_REPORT", b"Hello".as_slice())
    );
    assert_eq!(codes(&draft), ["size", "hash", "media_type", "elsewhere", "base64"]);
    assert_eq!(draft.report.types["Binary"].mapped, 1);
}

#[test]
fn contacts_are_one_list_without_doubles() {
    let bundle = json!({"resourceType": "Bundle", "type": "searchset", "entry": [
        {"resource": {"resourceType": "RelatedPerson", "patient": {"reference": "Patient/p"}, "relationship": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0131", "code": "N"}]}],
            "name": [{"family": "Okafor", "given": ["James"]}], "telecom": [{"system": "phone", "value": "+44 7700 900310"}]}},
        {"resource": {"resourceType": "Patient", "id": "p", "name": [{"text": "Maria Okafor"}], "contact": [
            {"relationship": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "HUSB"}]}], "name": {"text": "James Okafor"}, "telecom": [{"system": "phone", "value": "+447700900310"}]},
            {"name": {"text": "Ada"}}]}},
    ]});
    let draft = draft(bundle.to_string().as_bytes());
    let told: Vec<_> = draft
        .patient
        .emergency_contacts
        .iter()
        .map(|one| (one.name.as_str(), one.relation.as_deref(), one.phone.as_str()))
        .collect();
    assert_eq!(told, [("James Okafor", Some("husband"), "+447700900310"), ("Ada", None, "")]);
}

#[test]
fn the_original_is_kept_to_the_letter() {
    let text = r#"{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},"subject":{"reference":"Patient/p"},"effectiveDateTime":"2026-03-01","valueQuantity":{"value":72.50,"code":"kg"}, "note" :[]}"#;
    let patient = r#"{"resourceType":"Patient","id":"p","name":[{"text":"A"}]}"#;
    let bundle = format!(
        r#"{{"resourceType":"Bundle","type":"batch","entry":[{{"resource":{patient}}},{{"resource":{text}}}]}}"#
    );
    let draft = draft(bundle.as_bytes());
    let origin = draft.observations[0].1.origin.as_ref().expect("imported");
    assert_eq!(origin.resource.as_deref(), Some(text));
    assert_eq!((origin.source.as_str(), origin.taken_in_at), ("test.json", at()));
}

fn existing(draft: &ChartDraft) -> ExistingIds {
    let value = |one: &dyn erased::Json| one.json();
    ExistingIds {
        patient: Some(value(&draft.patient)),
        medications: draft.medications.iter().map(|(id, one)| (*id, value(one))).collect(),
        observations: draft.observations.iter().map(|(id, one)| (*id, value(one))).collect(),
        records: draft.records.iter().map(|(id, one)| (*id, value(&one.record))).collect(),
    }
}

mod erased {
    pub trait Json {
        fn json(&self) -> serde_json::Value;
    }
    impl<T: serde::Serialize> Json for T {
        fn json(&self) -> serde_json::Value {
            serde_json::to_value(self).expect("JSON")
        }
    }
}

#[test]
fn the_same_file_again_is_already_here() {
    for name in FIXTURES {
        let bytes = fixture(name);
        let (first, second) = (draft(&bytes), draft(&bytes));
        assert_eq!(first, second, "{name}");
        let found = compare(&second, &existing(&first));
        assert_eq!((found.new.len(), found.different.len()), (0, 0), "{name}: {:?} {:?}", found.new, found.different);
        let none = compare(&second, &ExistingIds::default());
        assert_eq!((none.same.len(), none.different.len()), (0, 0), "{name}");
        let ids: std::collections::BTreeSet<_> =
            second.observations.iter().map(|(id, _)| id).chain(second.medications.iter().map(|(id, _)| id)).collect();
        assert_eq!(ids.len(), second.observations.len() + second.medications.len(), "{name}: ids are unique");
    }
}

#[test]
fn a_change_is_named_by_its_field() {
    let of = |dose: &str| {
        draft(&around(vec![
            json!({"resourceType": "MedicationRequest", "id": "m", "status": "active", "intent": "order",
        "medicationCodeableConcept": {"text": "Apixaban"}, "dosageInstruction": [{"text": dose}]}),
        ]))
    };
    let found = compare(&of("2 a day"), &existing(&of("1 a day")));
    let changed: Vec<_> = found.different.iter().map(|item| (item.kind, item.fields.clone())).collect();
    assert_eq!(changed, [(ItemKind::Medication, vec!["dosage".to_owned()])]);
}

#[test]
fn references_in_circles_end() {
    let role =
        json!({"resourceType": "PractitionerRole", "id": "r", "practitioner": {"reference": "PractitionerRole/r"}});
    let medicine = json!({"resourceType": "MedicationRequest", "status": "active", "intent": "order", "medicationReference": {"reference": "MedicationRequest/m"}, "id": "m",
        "requester": {"reference": "PractitionerRole/r"}, "reasonReference": [{"reference": "MedicationRequest/m"}]});
    assert!(draft(&around(vec![role, medicine])).medications.is_empty());
}

#[test]
fn two_resources_with_one_identifier_stay_two() {
    let of = |id: &str, text: &str| json!({"resourceType": "Condition", "id": id, "identifier": [{"system": "urn:x", "value": "1"}], "clinicalStatus": {"coding": [{"code": "active"}]}, "code": {"text": text}});
    let draft = draft(&around(vec![of("a", "Asthma"), of("b", "Migraine")]));
    let [one, other] = draft.patient.chronic_conditions.as_slice() else { panic!("two") };
    assert_ne!(one.id, other.id);
}
