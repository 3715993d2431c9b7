//! Out and in again gives the same values, and nothing that must not leave leaves.

mod common;
use common::*;
use interop::fhir::{
    Author, ChartDraft, ChartView, Choice, ExistingIds, FileView, Form, RecordView, What, bundle, compare,
};
use model::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

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

fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0000 + number)
}

fn day(text: &str) -> Option<Date> {
    Some(Date::parse(text).expect("a day"))
}

fn blob() -> Option<BlobRef> {
    let text = |word: &str| word.to_owned();
    Some(BlobRef {
        blob: id(90),
        key: text("SECRET-BLOB-KEY"),
        length: 1,
        cipher_length: 1,
        cipher_sha256: text("SECRET-SUM"),
        sha256: text("aa"),
    })
}

/// A chart written here, with something in every field.
fn native() -> ChartDraft {
    let mut draft = draft(&around(vec![]));
    let patient = Id::new(CHART);
    draft.patient = Patient {
        user_id: Some(Id::new(id(80))),
        patient_number: Some("SECRET-NUMBER".into()),
        name: "Zoë <Núñez> & Söhne 王".into(),
        date_of_birth: day("1967-08"),
        gender: Some(Gender::Other),
        gender_as_entered: Some("agender".into()),
        address: Some("12 Quay Street, Bristol".into()),
        phone: Some("+447700900142".into()),
        email: Some("zoe@example.org".into()),
        blood_group: Some(BloodGroup::AbNeg),
        preferred_language: Some("fr,en-GB".into()),
        photo: blob(),
        voice_sample: blob(),
        bmi: Some(BmiPart { height_cm: Some(165.5), weight_kg: Some(74.1) }),
        allergies_asked: Some(Asked::Some),
        allergies_asked_at: Some(at()),
        allergies_asked_by: Some(Id::new(id(81))),
        allergies: vec![
            Allergy {
                id: id(1),
                substance: "Penicillin".into(),
                reaction: Some("anaphylaxis".into()),
                severity: Some(Severity::Severe),
                confirmed: true,
                code: Some("http://snomed.info/sct|764146007".into()),
                origin: None,
            },
            Allergy {
                id: id(2),
                substance: "Latex".into(),
                reaction: None,
                severity: Some(Severity::Mild),
                confirmed: false,
                code: None,
                origin: None,
            },
            Allergy {
                id: id(3),
                substance: "Egg".into(),
                reaction: None,
                severity: None,
                confirmed: false,
                code: None,
                origin: None,
            },
        ],
        chronic_conditions: vec![
            ChronicCondition {
                id: id(4),
                name: "Asthma".into(),
                code: Some("http://snomed.info/sct|195967001".into()),
                since: day("2020"),
                status: ClinicalStatus::Active,
                origin: None,
            },
            ChronicCondition {
                id: id(5),
                name: "Migraine".into(),
                code: None,
                since: None,
                status: ClinicalStatus::Inactive,
                origin: None,
            },
        ],
        medical_history: vec![
            HistoryEntry {
                id: id(6),
                condition: "Fracture".into(),
                code: None,
                diagnosed_at: day("2001-02-03"),
                resolved_at: day("2001-05"),
                status: ClinicalStatus::Resolved,
                notes: Some("left\n\nwrist".into()),
                origin: None,
            },
            HistoryEntry {
                id: id(7),
                condition: "Hypertension".into(),
                code: None,
                diagnosed_at: None,
                resolved_at: None,
                status: ClinicalStatus::Active,
                notes: None,
                origin: None,
            },
        ],
        emergency_contacts: vec![
            EmergencyContact {
                id: id(8),
                name: "James".into(),
                relation: Some("Husband".into()),
                phone: "+447700900310".into(),
            },
            EmergencyContact {
                id: id(9),
                name: "Ada".into(),
                relation: Some("godmother".into()),
                phone: String::new(),
            },
        ],
        registered_by: Some(Id::new(id(82))),
        origin: None,
        is_archived: false,
        is_restricted: None,
        allowed_members: Vec::new(),
    };
    let medication = |source, name: &str, status, ended: Option<Date>| Medication {
        patient_id: patient,
        source,
        name: name.into(),
        code: Some("http://www.whocc.no/atc|B01AF02".into()),
        dosage: Some("1 tablet\ntwice a day".into()),
        status,
        started_on: day("2026-03"),
        ended_on: ended,
        reason: Some("Stroke prevention".into()),
        prescriber: Some("Dr Chen".into()),
        origin: None,
    };
    draft.medications = vec![
        (id(10), medication(MedicationSource::Prescribed, "Apixaban 5 mg", MedicationStatus::Active, None)),
        (
            id(11),
            medication(MedicationSource::Prescribed, "Amoxicillin", MedicationStatus::Completed, day("2026-03-10")),
        ),
        (id(12), medication(MedicationSource::Taken, "St John's wort", MedicationStatus::OnHold, day("2026-04"))),
        (
            id(13),
            Medication {
                dosage: None,
                started_on: None,
                reason: None,
                prescriber: None,
                code: None,
                ..medication(MedicationSource::Taken, "Aspirin", MedicationStatus::Unknown, None)
            },
        ),
    ];
    let observation = |code: &str, value, unit: &str, panel| Observation {
        patient_id: patient,
        code: code.into(),
        value,
        unit: unit.into(),
        observed_at: at(),
        entered_by: None,
        panel,
        is_withdrawn: false,
        origin: None,
    };
    let panel = Some(id(29));
    draft.observations = vec![
        (id(20), observation("8302-2", 165.5, "cm", None)),
        (id(21), observation("29463-7", 74.1, "kg", None)),
        (id(22), observation("8480-6", 121.0, "mm[Hg]", panel)),
        (id(23), observation("8462-4", 79.0, "mm[Hg]", panel)),
        (id(24), observation("2339-0", 5.4, "mmol/L", None)),
        (id(25), observation("8310-5", 36.6, "Cel", None)),
    ];
    draft
}

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n";

fn records() -> Vec<MedicalRecord> {
    let record = |title: &str, kind| MedicalRecord {
        patient_id: Id::new(CHART),
        doctor_id: Some(Id::new(id(80))),
        source_doctor: Some("Dr Chen, City Hospital".into()),
        document_type: kind,
        title: title.into(),
        date_of_record: day("2026-03-03"),
        description: Some("Fasting".into()),
        notes: Some("filed by hand".into()),
        attachments: vec![],
        origin: None,
        is_archived: true,
        is_hidden: false,
    };
    vec![
        record("Lipids", DocumentType::LabReport),
        MedicalRecord {
            date_of_record: None,
            description: Some("Spoke about sleep.".into()),
            notes: None,
            source_doctor: None,
            is_archived: false,
            ..record("Visit", DocumentType::Visit)
        },
        MedicalRecord { is_hidden: true, ..record("SECRET-DELETED", DocumentType::Other) },
    ]
}

fn export_native(draft: &ChartDraft, records: &[MedicalRecord], choice: &Choice) -> String {
    let file = FileView { name: "lipids.pdf", media_type: "application/pdf", bytes: PDF };
    let views: Vec<RecordView> = records
        .iter()
        .enumerate()
        .map(|(place, record)| RecordView {
            id: id(30 + place as u128),
            record,
            created_at: Some(at()),
            files: if place == 1 { vec![] } else { vec![file] },
        })
        .collect();
    let view = ChartView {
        chart_id: CHART,
        patient: &draft.patient,
        medications: &draft.medications,
        observations: &draft.observations,
        records: &views,
    };
    bundle(&view, choice, at(), Author::Person { name: "Dr Amina Rahman" })
}

fn choice(form: Form, what: What) -> Choice {
    Choice { form, what, answers: interop::fhir::Answers::default() }
}

/// What stays on this device, and so does not come back.
fn as_given(draft: &ChartDraft) -> ChartDraft {
    let mut draft = draft.clone();
    let patient = &mut draft.patient;
    (patient.user_id, patient.patient_number, patient.photo, patient.voice_sample) = (None, None, None, None);
    (patient.allergies_asked_by, patient.registered_by) = (None, None);
    draft
}

#[test]
fn a_chart_of_ours_comes_back_field_by_field() {
    let native = native();
    for form in [Form::Collection, Form::Summary] {
        let back = draft(export_native(&native, &[], &choice(form, What::Everything)).as_bytes());
        assert_same(&back, &as_given(&native), &format!("{form:?}"));
        assert!(back.report.problems.is_empty(), "{form:?} {:?}", back.report.problems);
    }
}

#[test]
fn documents_come_back_with_their_files() {
    let records = records();
    let back = draft(export_native(&native(), &records, &choice(Form::Collection, What::Everything)).as_bytes());
    assert_eq!(back.records.len(), 2);
    for (mine, (_, theirs)) in records.iter().zip(&back.records) {
        let mine = MedicalRecord { doctor_id: None, ..mine.clone() };
        let theirs_record = MedicalRecord { origin: None, ..theirs.record.clone() };
        assert_eq!(mine, theirs_record);
    }
    assert_eq!(back.records[0].1.files[0].bytes, PDF);
    assert_eq!(back.records[0].1.files[0].name, "lipids.pdf");
    assert!(back.records[1].1.files.is_empty(), "a written entry does not become a file");
    let original =
        back.records[0].1.record.origin.as_ref().and_then(|origin| origin.resource.as_deref()).expect("kept");
    assert!(original.contains("DocumentReference"));
}

#[test]
fn imported_documents_come_back_also_after_a_change() {
    let resources = vec![
        json!({"resourceType": "DocumentReference", "id": "d", "status": "superseded", "type": {"text": "Blood count"}, "date": "2026-03-05T00:00:00Z",
            "author": [{"reference": "Practitioner/3", "display": "City Lab"}], "description": "Fasting", "context": {"facilityType": {"text": "hospital"}},
            "content": [{"attachment": {"contentType": "application/pdf", "data": "JVBERi0xLjcK", "title": "count.pdf"}}]}),
        json!({"resourceType": "DiagnosticReport", "status": "final", "code": {"text": "Lipids"}, "effectiveDateTime": "2026-02", "conclusion": "high",
            "performer": [{"display": "Dr Chen"}], "presentedForm": [{"contentType": "text/plain", "data": "SGVsbG8="}]}),
        json!({"resourceType": "Media", "status": "completed", "createdDateTime": "2026-01-01", "content": {"contentType": "image/png", "data": "iVBORw0KGgo=", "title": "Wound"}}),
    ];
    let mut first = draft(&around(resources));
    assert_eq!(first.records.len(), 3);
    let back = draft(export(&first, Form::Collection, What::Everything).as_bytes());
    assert_same(&back, &first, "back");
    for (_, one) in &mut first.records {
        one.record.title.push_str(" (copy)");
        one.record.notes = Some("seen".into());
        one.record.date_of_record = day("2025-12");
        one.record.document_type = DocumentType::Scan;
        one.record.source_doctor = None;
        one.record.is_archived = false;
    }
    let text = export(&first, Form::Collection, What::Everything);
    assert_same(&draft(text.as_bytes()), &first, "back");
    assert!(text.contains("\"facilityType\""), "what is not mapped stays");
}

#[test]
fn every_changed_field_of_an_import_is_written_over_it() {
    let mut first = draft(&fixture("ips-example.json"));
    let theirs = native();
    let origins: Vec<_> = first.patient.allergies.iter().map(|one| one.origin.clone()).collect();
    let condition = first.patient.chronic_conditions[0].origin.clone();
    let medication = first.medications[0].1.origin.clone();
    first.patient = Patient { origin: first.patient.origin.clone(), ..as_given(&theirs).patient };
    first.patient.allergies.iter_mut().zip(origins).for_each(|(one, origin)| one.origin = origin);
    first.patient.chronic_conditions.iter_mut().for_each(|one| one.origin.clone_from(&condition));
    first.patient.medical_history.iter_mut().for_each(|one| one.origin.clone_from(&condition));
    first.medications = theirs
        .medications
        .into_iter()
        .map(|(id, one)| (id, Medication { origin: medication.clone(), ..one }))
        .collect();
    first.observations.iter_mut().for_each(|(_, one)| one.value += 1.0);
    first.patient.bmi = None;
    let mut back = draft(export(&first, Form::Collection, What::Everything).as_bytes());
    back.patient.bmi = None;
    assert_same(&back, &first, "back");
}

#[test]
fn imported_charts_come_back_field_by_field() {
    for name in FIXTURES {
        let first = draft(&fixture(name));
        let back = draft(export(&first, Form::Collection, What::Everything).as_bytes());
        assert_same(&back, &first, name);
        let mut summary = draft(export(&first, Form::Summary, What::Everything).as_bytes());
        summary.records.clone_from(&first.records);
        assert_same(&summary, &first, &format!("{name} as a summary"));
        assert_eq!(
            (summary.answers.problems, summary.answers.medications),
            (first.answers.problems, first.answers.medications),
            "{name}"
        );
    }
}

#[test]
fn an_export_of_this_chart_is_recognised() {
    let native = native();
    let back = draft(export_native(&native, &[], &choice(Form::Collection, What::Everything)).as_bytes());
    let held = ExistingIds {
        patient: Some(serde_json::to_value(&native.patient).expect("JSON")),
        medications: native
            .medications
            .iter()
            .map(|(id, one)| (*id, serde_json::to_value(one).expect("JSON")))
            .collect(),
        observations: native
            .observations
            .iter()
            .map(|(id, one)| (*id, serde_json::to_value(one).expect("JSON")))
            .collect(),
        records: Default::default(),
    };
    let found = compare(&back, &held);
    assert!(found.new.is_empty() && found.different.is_empty(), "new {:?}, different {:?}", found.new, found.different);
    let here: BTreeSet<Uuid> = found.same.iter().filter_map(|item| item.existing).collect();
    assert!([1, 4, 6, 8, 10, 20, 22, 23].into_iter().all(|number| here.contains(&id(number))));
}

#[test]
fn unmapped_elements_and_digits_survive_a_change() {
    let condition = json!({"resourceType": "Condition", "id": "c", "clinicalStatus": {"coding": [{"code": "active"}]}, "code": {"text": "Asthma"},
        "bodySite": [{"text": "lungs"}], "encounter": {"reference": "Encounter/9"}, "asserter": {"reference": "Practitioner/3", "display": "Dr Chen"},
        "text": {"status": "generated", "div": "<div><script>alert(1)</script></div>"},
        "extension": [{"url": "https://example.org/e", "valueDecimal": 2.5}]});
    let text = String::from_utf8(around(vec![condition])).expect("UTF-8").replace("2.5", "2.50");
    let mut first = draft(text.as_bytes());
    first.patient.chronic_conditions[0].name = "Bronchial asthma".into();
    let out = export(&first, Form::Collection, What::Everything);
    assert!(out.contains("\"valueDecimal\":2.50") && out.contains("\"lungs\"") && out.contains("Bronchial asthma"));
    assert!(
        out.contains(r#""encounter":{"identifier":{"value":"Encounter/9"}}"#)
            && out.contains(r#""asserter":{"display":"Dr Chen"}"#)
    );
    assert!(!out.contains("<script"), "imported narrative is not passed on");
    assert_eq!(draft(out.as_bytes()).patient.chronic_conditions[0].name, "Bronchial asthma");
}

/// The sections of a summary by code.
fn section<'s>(summary: &'s Value, code: &str) -> Option<&'s Value> {
    let sections = summary["entry"][0]["resource"]["section"].as_array().expect("sections");
    sections.iter().find(|section| section["code"]["coding"][0]["code"] == code)
}

#[test]
fn a_summary_is_a_complete_document() {
    let text = export_native(&native(), &records(), &choice(Form::Summary, What::Everything));
    let summary: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(
        (summary["type"].as_str(), summary["timestamp"].as_str()),
        (Some("document"), Some("2026-03-13T11:00:00.000Z"))
    );
    assert!(summary["identifier"]["value"].as_str().is_some_and(|value| value.starts_with("urn:uuid:")));
    let entries = summary["entry"].as_array().expect("entries");
    assert_eq!(
        (entries[0]["resource"]["resourceType"].as_str(), entries[1]["resource"]["resourceType"].as_str()),
        (Some("Composition"), Some("Patient"))
    );
    let urls: BTreeSet<&str> = entries.iter().map(|entry| entry["fullUrl"].as_str().expect("a fullUrl")).collect();
    assert_eq!(urls.len(), entries.len());
    let mut named = BTreeSet::new();
    references(&summary, &mut named);
    assert_eq!(
        named,
        urls.iter().map(|url| (*url).to_owned()).filter(|url| *url != entries[0]["fullUrl"]).collect(),
        "nothing dangles, nothing is unreferenced"
    );
    for code in ["11450-4", "48765-2", "10160-0", "11348-0", "8716-3", "30954-2"] {
        let section = section(&summary, code).unwrap_or_else(|| panic!("{code}"));
        assert!(
            section["text"]["div"].as_str().is_some_and(|div| div.contains("<li>")) && section["title"].is_string()
        );
        assert!(section["entry"].as_array().is_some_and(|entries| !entries.is_empty()), "{code}");
    }
    assert!(text.contains("Zoë &lt;Núñez&gt; &amp; Söhne 王"), "narrative is escaped");
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("reference").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn not_asked_never_becomes_none_known() {
    let mut chart = draft(&around(vec![]));
    let reason = |chart: &ChartDraft, what: What, code: &str| {
        let summary: Value = serde_json::from_str(&export(chart, Form::Summary, what)).expect("JSON");
        let found = section(&summary, code).expect("required").clone();
        found["emptyReason"]["coding"][0]["code"].as_str().map(str::to_owned)
    };
    for code in ["11450-4", "48765-2", "10160-0"] {
        assert_eq!(reason(&chart, What::Everything, code).as_deref(), Some("notasked"), "{code}");
    }
    assert!(!export(&chart, Form::Summary, What::Everything).contains("no-known"));
    for (asked, word) in [(Asked::NoneKnown, "no-known-allergies"), (Asked::Unknown, "no-allergy-info")] {
        chart.patient.allergies_asked = Some(asked);
        for form in [Form::Summary, Form::Collection] {
            let out = export(&chart, form, What::Everything);
            assert!(out.contains(word));
            assert_eq!(draft(out.as_bytes()).patient.allergies_asked, Some(asked));
        }
    }
    let full = native();
    assert_eq!(reason(&full, What::These(BTreeSet::new()), "48765-2").as_deref(), Some("withheld"));
    let back = draft(export(&full, Form::Summary, What::These(BTreeSet::new())).as_bytes());
    assert_eq!(back.patient.allergies_asked, None, "withheld says nothing");
}

#[test]
fn only_what_was_chosen_is_given() {
    let chosen = What::These([id(1), id(10), id(22), id(23), id(30)].into());
    let text = export_native(&native(), &records(), &choice(Form::Collection, chosen));
    let back = draft(text.as_bytes());
    assert_eq!(
        (back.patient.allergies.len(), back.medications.len(), back.observations.len(), back.records.len()),
        (1, 1, 2, 1)
    );
    assert!(
        back.patient.chronic_conditions.is_empty()
            && back.patient.medical_history.is_empty()
            && back.patient.emergency_contacts.is_empty()
    );
    assert_eq!((back.patient.blood_group, back.patient.bmi), (None, None));
    for word in ["Latex", "Asthma", "Fracture", "James", "AB-", "Aspirin"] {
        assert!(!text.contains(word), "{word}");
    }
}

#[test]
fn what_never_leaves_does_not() {
    let mut native = native();
    native.observations[0].1.is_withdrawn = true;
    native.observations[0].1.value = 987_654.0;
    for form in [Form::Collection, Form::Summary] {
        let text = export_native(&native, &records(), &choice(form, What::Everything));
        assert!(!text.contains("SECRET") && !text.contains("987654"));
        for number in [80, 81, 82, 90] {
            assert!(!text.contains(&id(number).to_string()), "{number}: accounts and files are not named");
        }
    }
}

#[test]
fn a_collection_fits_the_link_profile() {
    let text = export_native(&native(), &records(), &choice(Form::Collection, What::Everything));
    let bundle: Value = serde_json::from_str(&text).expect("JSON");
    let entries = bundle["entry"].as_array().expect("entries");
    assert!(bundle["type"] == "collection" && bundle["timestamp"].is_string() && entries.len() >= 2);
    assert_eq!(entries.iter().filter(|entry| entry["resource"]["resourceType"] == "Patient").count(), 1);
    assert!(entries.iter().all(|entry| entry["fullUrl"].as_str().is_some_and(|url| url.starts_with("urn:uuid:"))));
    assert_eq!(
        text,
        export_native(&native(), &records(), &choice(Form::Collection, What::Everything)),
        "the same arguments give the same text"
    );
}

#[test]
fn a_structured_dose_stays_structured_when_the_medicine_is_named_elsewhere() {
    let statement = json!({"resourceType": "MedicationStatement", "status": "active", "medicationReference": {"reference": "Medication/m"},
        "dosage": [{"route": {"text": "by mouth"}, "doseAndRate": [{"doseQuantity": {"value": 2.5, "unit": "mg"}}]}]});
    let first = draft(&around(vec![
        statement,
        json!({"resourceType": "Medication", "id": "m", "code": {"text": "Bisoprolol"}}),
    ]));
    let out = export(&first, Form::Collection, What::Everything);
    assert!(out.contains("\"doseQuantity\"") && out.contains("Bisoprolol"));
    assert_same(&draft(out.as_bytes()), &first, "back");
}
