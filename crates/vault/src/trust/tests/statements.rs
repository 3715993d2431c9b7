use super::world::*;
use crate::trust::rules::{Act, may_write};
use crate::trust::statement::{Expected, Fault, Statement, check, kind_of, make};
use crate::trust::*;
use model::{Class, Map, Role};
use serde_json::json;
use uuid::Uuid;

const CHART: Uuid = Uuid::from_bytes([7; 16]);
const NOTE: Uuid = Uuid::from_bytes([8; 16]);

struct Clinic {
    first: Desk,
    doctor: Desk,
    patient: Desk,
    remote: Remote,
}

fn people() -> Clinic {
    let (mut first, mut remote) = clinic();
    let mut doctor = first.bring(&mut remote, Some(role(Role::Doctor)), &[]);
    let patient = first.bring(&mut remote, Some(role(Role::Patient)), &[CHART]);
    doctor.take_in(&remote);
    Clinic { first, doctor, patient, remote }
}

fn values(json: serde_json::Value) -> Map {
    json.as_object().unwrap().clone()
}

fn say(desk: &Desk, collection: &str, values: &Map) -> Vec<u8> {
    let statement =
        Statement { collection, id: NOTE, scope: CHART, stamp: desk.stamp(NOW), at_ms: NOW, previous: None, values };
    make(&desk.keyring, &statement).unwrap()
}

fn nobody(_: &str, _: Uuid) -> Option<Uuid> {
    None
}

fn expected<'a>(by: &Desk, collection: &'a str) -> Expected<'a> {
    let kid = by.trust.newest(CHART).unwrap().kid();
    Expected { collection, id: NOTE, scope: CHART, stamp: by.stamp(NOW), kid, covered_by: &[], author_of: &nobody }
}

#[test]
fn a_statement_says_who_said_what() {
    let Clinic { first, doctor, patient, .. } = people();
    let values = values(json!({ "note_text": "Größe 1,80", "n": 3, "real": 1.5, "none": null }));
    let opened = say(&doctor, "doctor_notes", &values);
    for reader in [&first, &doctor, &patient] {
        let checked = check(&reader.trust, &opened, &expected(&doctor, "doctor_notes")).unwrap();
        assert_eq!((checked.author, checked.at_ms), (doctor.user(), NOW));
        assert_eq!((&checked.values, checked.previous, checked.amends), (&values, None, None));
    }
    // Sealed in the chart, opened elsewhere, and still the same.
    let place = BodyPlace { collection: "doctor_notes", id: NOTE, scope: CHART, stamp: doctor.stamp(NOW) };
    let sealed = doctor.keyring.seal_body(&place, &opened).unwrap();
    assert_eq!(*patient.keyring.open_body(&place, &sealed).unwrap(), opened);
    let moved = BodyPlace { id: CHART, ..place };
    assert!(matches!(patient.keyring.open_body(&moved, &sealed), Err(Error::Crypto(_))));
}

#[test]
fn no_flipped_bit_of_a_statement_is_shown() {
    let Clinic { first, doctor, .. } = people();
    let values = values(json!({ "note_text": "x" }));
    let opened = say(&doctor, "doctor_notes", &values);
    for bit in 0..opened.len() * 8 {
        let mut altered = opened.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        if let Ok(checked) = check(&first.trust, &altered, &expected(&doctor, "doctor_notes")) {
            // A subtype of a binary outside the signed body is the only thing that says nothing.
            assert_eq!((checked.values, checked.author), (values.clone(), doctor.user()), "bit {bit}");
        }
    }
}

#[test]
fn a_statement_holds_in_its_own_document_only() {
    let Clinic { first, doctor, .. } = people();
    let opened = say(&doctor, "doctor_notes", &values(json!({})));
    let right = || expected(&doctor, "doctor_notes");
    let elsewhere = [
        Expected { id: CHART, ..right() },
        Expected { scope: NOTE, ..right() },
        Expected { stamp: doctor.stamp(NOW + 1), ..right() },
    ];
    for wrong in elsewhere {
        assert_eq!(check(&first.trust, &opened, &wrong), Err(Fault::Elsewhere));
    }
    assert_eq!(check(&first.trust, &opened, &expected(&doctor, "medications")), Err(Fault::Signature));
    assert_eq!(check(&first.trust, &opened, &expected(&doctor, "patients")), Err(Fault::OtherKind));
    let (other, _) = foreign_clinic();
    assert_eq!(check(&other.trust, &opened, &right()), Err(Fault::UnknownAuthor));
    assert!(matches!(check(&first.trust, &opened[1..], &right()), Err(Fault::Malformed(_))));
}

#[test]
fn a_body_that_claims_another_author_or_kind_is_refused() {
    let Clinic { first, doctor, .. } = people();
    let forge = |kind: &str, author: Uuid, sign_as: &str| {
        let id = |id: Uuid| super::super::body::id(id);
        let stamp = super::super::body::bytes(&doctor.stamp(NOW).0);
        let at = super::super::body::number(NOW);
        let body = bson::doc! {
            "type": kind, "id": id(NOTE), "scope": id(CHART), "author": id(author), "at": at, "stamp": stamp, "values": {},
        };
        let signed = doctor.keyring.sign_as_user(sign_as, body.to_vec().unwrap());
        let bytes = |bytes: &[u8]| super::super::body::bytes(bytes);
        bson::doc! { "b": bytes(&signed.body), "c": bytes(&signed.certificate), "s": bytes(&signed.signature) }
            .to_vec()
            .unwrap()
    };
    let check = |opened: Vec<u8>| check(&first.trust, &opened, &expected(&doctor, "doctor_notes"));
    assert!(check(forge("note", doctor.user(), "note")).is_ok());
    assert_eq!(check(forge("note", first.user(), "note")), Err(Fault::Elsewhere));
    assert_eq!(check(forge("record", doctor.user(), "note")), Err(Fault::OtherKind));
    assert_eq!(check(forge("note", doctor.user(), "record")), Err(Fault::Signature));
}

#[test]
fn a_removed_authors_statements_hold_up_to_the_mark() {
    let Clinic { mut first, mut doctor, .. } = people();
    let opened = say(&doctor, "doctor_notes", &values(json!({})));
    doctor.push(&[], &Default::default());
    let removal = remove::remove_user(&first.keyring, &first.trust, doctor.user(), &[doctor.head()], NOW).unwrap();
    first.take_in(&[removal]);
    let device = doctor.keyring.device();
    let check_at = |covered_by: &[Position]| {
        check(&first.trust, &opened, &Expected { covered_by, ..expected(&doctor, "doctor_notes") }).map(|_| ())
    };
    assert_eq!(check_at(&[Position { device, n: 1 }]), Ok(()));
    assert_eq!(check_at(&[Position { device, n: 2 }]), Err(Fault::AfterRemoval));
    assert_eq!(check_at(&[Position { device: first.keyring.device(), n: 1 }]), Err(Fault::AfterRemoval));
    assert_eq!(check_at(&[]), Err(Fault::AfterRemoval));
}

#[test]
fn a_statement_outside_the_certificates_time_is_expired() {
    let Clinic { first, doctor, .. } = people();
    let empty = Map::new();
    for at_ms in [NOW - 2 * 3_600_000, NOW + 401 * 86_400_000] {
        let statement = Statement {
            collection: "doctor_notes",
            id: NOTE,
            scope: CHART,
            stamp: doctor.stamp(NOW),
            at_ms,
            previous: None,
            values: &empty,
        };
        let opened = make(&doctor.keyring, &statement).unwrap();
        assert_eq!(check(&first.trust, &opened, &expected(&doctor, "doctor_notes")), Err(Fault::Expired));
    }
}

#[test]
fn a_patient_keeps_records_but_writes_no_notes() {
    let Clinic { first, patient, .. } = people();
    let empty = values(json!({}));
    for (collection, fine) in [
        ("medical_records", true),
        ("detections", true),
        ("observations", true),
        ("share_tokens", true),
        ("doctor_notes", false),
        ("medications", true),
        ("teleconsultations", false),
    ] {
        let opened = say(&patient, collection, &empty);
        let result = check(&first.trust, &opened, &expected(&patient, collection));
        assert_eq!(result.is_ok(), fine, "{collection}");
        assert_eq!(matches!(result, Err(Fault::Forbidden(_))), !fine);
    }
}

#[test]
fn somebody_outside_the_chart_writes_nothing_in_it() {
    let Clinic { mut first, mut remote, doctor, .. } = people();
    let stranger = first.bring(&mut remote, Some(role(Role::Patient)), &[]);
    let opened = say(&stranger, "observations", &values(json!({})));
    let expected = Expected { stamp: stranger.stamp(NOW), ..expected(&doctor, "observations") };
    assert!(matches!(check(&first.trust, &opened, &expected), Err(Fault::Forbidden(_))));
    let unknown_key = Expected { kid: [0; 4], ..expected };
    assert!(matches!(check(&first.trust, &opened, &unknown_key), Err(Fault::Forbidden(_))));
}

#[test]
fn amendments_are_the_authors_or_a_doctors() {
    let Clinic { first, doctor, patient, .. } = people();
    let amend = values(
        json!({ "collection": "medical_records", "document_id": CHART.to_string(), "kind": "amend", "changes": {} }),
    );
    let (patient_id, doctor_id) = (patient.user(), doctor.user());
    let by_patient =
        move |collection: &str, id: Uuid| (collection == "medical_records" && id == CHART).then_some(patient_id);
    let by_doctor = move |_: &str, _: Uuid| Some(doctor_id);
    let judge = |desk: &Desk, author_of: &dyn Fn(&str, Uuid) -> Option<Uuid>| {
        let opened = say(desk, "amendments", &amend);
        check(&first.trust, &opened, &Expected { author_of, ..expected(desk, "amendments") })
    };
    let checked = judge(&patient, &by_patient).unwrap();
    assert_eq!(checked.amends, Some(("medical_records".to_owned(), CHART)));
    assert!(judge(&doctor, &by_patient).is_ok());
    assert!(matches!(judge(&patient, &by_doctor), Err(Fault::Forbidden(_))));
    assert_eq!(judge(&patient, &nobody), Err(Fault::UnknownOriginal));
    let nowhere = say(&doctor, "amendments", &values(json!({ "collection": "nothing" })));
    assert!(matches!(check(&first.trust, &nowhere, &expected(&doctor, "amendments")), Err(Fault::Malformed(_))));
}

#[test]
fn an_access_or_message_names_its_author_only() {
    let Clinic { first, doctor, patient, .. } = people();
    for (collection, field) in [("access_logs", "doctor_id"), ("messages", "sender_id"), ("reviews", "patient_id")] {
        for (named, fine) in [(doctor.user(), true), (patient.user(), false)] {
            let opened = say(&doctor, collection, &values(json!({ field: named.to_string() })));
            let result = check(&first.trust, &opened, &expected(&doctor, collection));
            assert_eq!(result.is_ok(), fine, "{collection}");
        }
    }
}

#[test]
fn the_directory_is_kept_by_admins_and_oneself() {
    let Clinic { first, doctor, patient, .. } = people();
    let realm = first.trust.realm();
    let act = |author: Uuid, collection, about| {
        let act =
            Act { author, certificate: None, collection, scope: realm, kid: None, about: Some(about), amends: None };
        may_write(&first.trust, &act).is_ok()
    };
    for collection in ["users", "doctors"] {
        assert!(act(first.user(), collection, doctor.user()));
        assert!(act(doctor.user(), collection, doctor.user()));
        assert!(!act(doctor.user(), collection, patient.user()));
        assert!(!act(patient.user(), collection, doctor.user()));
    }
    for collection in ["ai_characters", "sending_settings", "identity_providers"] {
        assert!(act(first.user(), collection, realm) && !act(doctor.user(), collection, realm));
    }
    assert!(!act(Uuid::nil(), "users", Uuid::nil()));
    let chart = |author, collection| {
        let act = Act { author, certificate: None, collection, scope: CHART, kid: None, about: None, amends: None };
        may_write(&first.trust, &act).is_ok()
    };
    assert!(
        chart(patient.user(), "patients")
            && chart(doctor.user(), "doctor_notes")
            && chart(patient.user(), "medications")
    );
    assert!(!chart(patient.user(), "teleconsultations"));
}

#[test]
fn every_collection_of_statements_has_a_kind_of_its_own() {
    let mut kinds: Vec<_> = model::ALL
        .iter()
        .filter(|def| def.class == Class::Statement)
        .map(|def| kind_of(def.name).unwrap_or_else(|| panic!("{} has no kind", def.name)))
        .collect();
    let count = kinds.len();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), count);
    assert!(model::ALL.iter().filter(|def| def.class != Class::Statement).all(|def| kind_of(def.name).is_none()));
}
