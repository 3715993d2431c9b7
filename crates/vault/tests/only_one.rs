//! Documents of which there is one for certain values, made apart by two devices of one person.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use model::{Collection, Map, Review, Role, SavedPatient, mailbox::Mailbox};
use serde_json::json;
use uuid::Uuid;
use vault::{Error, Find, Invitee, Vault};

/// A patient's doctor, and two devices of one person of the realm, all of them knowing each other.
struct World {
    remote: Remote,
    desk: Vault,
    laptop: Vault,
    doctor: Vault,
    _folders: [tempfile::TempDir; 3],
}

impl World {
    fn new(role: Role) -> World {
        let (a, doctor) = clinic();
        let chart = (role == Role::Patient).then(|| open_chart(&doctor, "Bo Lindqvist"));
        let (b, desk) = bring_in(&doctor, Invitee::Member { role, clinical: false, chart }, "BO");
        let mut remote = Remote::default();
        for vault in [&doctor, &desk, &doctor] {
            sync(vault, &mut remote);
        }
        let (c, laptop) = bring_in(&desk, Invitee::OwnDevice, "BO");
        let mut world = World { remote, desk, laptop, doctor, _folders: [a, b, c] };
        world.meet();
        world
    }

    fn meet(&mut self) {
        for _ in 0..3 {
            for vault in [&self.desk, &self.laptop, &self.doctor] {
                sync(vault, &mut self.remote);
            }
        }
    }
}

fn save(vault: &Vault, patient: Uuid, remarks: &str) -> Uuid {
    let me = vault.me().unwrap().user;
    let values = map(
        json!({"doctor_id": me, "patient_id": patient, "consultation_notes": remarks, "last_consultation_date": null,
        "saved_at": model::Time::from_unsigned_ms(now()).to_string()}),
    );
    let id = vault.only_id::<SavedPatient>(&values).unwrap().unwrap();
    vault.write(now(), |w| w.put::<SavedPatient>(id, me, &values)).unwrap();
    id
}

#[test]
fn a_patient_saved_on_two_devices_is_saved_once_and_no_remark_is_lost() {
    let mut world = World::new(Role::Doctor);
    let patient = Uuid::from_u128(77);
    let (here, there) = (save(&world.desk, patient, "asks for Ann"), save(&world.laptop, patient, "hard of hearing"));
    assert_eq!(here, there);
    assert_ne!(here, save(&world.desk, Uuid::from_u128(78), ""));
    world.meet();
    for vault in [&world.desk, &world.laptop] {
        let saved = vault.list::<SavedPatient>(&Find::default()).unwrap();
        assert_eq!(saved.iter().filter(|row| row.value.patient_id.uuid == patient).count(), 1);
        assert_eq!(vault.conflicts_open().unwrap().len(), 1, "both remarks wait for their author");
        assert_quiet(vault);
        vault.state_check().unwrap();
    }
    assert!(world.doctor.list::<SavedPatient>(&Find::default()).unwrap().is_empty(), "a bookmark is its doctor's own");
}

fn review(vault: &Vault, doctor: Uuid, appointment: Uuid, rating: u8) -> Uuid {
    let me = vault.me().unwrap();
    let review = Review {
        doctor_id: model::Id::new(doctor),
        patient_id: model::Id::new(me.user),
        appointment_id: model::Id::new(appointment),
        rating,
        comment: Some(format!("{rating} of 5")),
    };
    let values: Map = serde_json::to_value(&review).unwrap().as_object().unwrap().clone();
    let id = vault.only_id::<Review>(&values).unwrap().unwrap();
    vault.write(now(), |w| w.append::<Review>(id, me.realm, &review)).unwrap();
    id
}

#[test]
fn an_appointment_reviewed_on_two_devices_has_one_review_and_both_opinions_in_its_history() {
    let mut world = World::new(Role::Patient);
    let (doctor, appointment) = (world.doctor.me().unwrap().user, Uuid::from_u128(9));
    let id = review(&world.desk, doctor, appointment, 5);
    assert_eq!(id, review(&world.laptop, doctor, appointment, 2));
    world.meet();
    for vault in [&world.desk, &world.laptop, &world.doctor] {
        let reviews = vault.list::<Review>(&Find::default()).unwrap();
        assert_eq!(reviews.len(), 1);
        // The desk's came first to the remote; what the laptop said later stands now, as an amendment.
        assert_eq!((reviews[0].id, reviews[0].value.rating), (id, 2));
        assert_eq!(reviews[0].value.comment.as_deref(), Some("2 of 5"));
        let before = vault.history(Review::DEF.name, id).unwrap();
        assert!(before.iter().any(|entry| entry.key == "rating" && entry.value == json!(5)), "{before:?}");
        assert_quiet(vault);
        vault.state_check().unwrap();
    }
    assert_eq!(world.desk.revisions().unwrap(), world.laptop.revisions().unwrap());
}

#[test]
fn a_document_with_another_id_than_its_values_say_is_not_written() {
    let (_dir, vault) = clinic();
    let me = vault.me().unwrap().user;
    let values = map(json!({"doctor_id": me, "patient_id": Uuid::from_u128(7), "consultation_notes": null,
        "last_consultation_date": null, "saved_at": "2026-01-01T00:00:00.000Z"}));
    let refused = vault.write(now(), |w| {
        let id = w.new_id()?;
        w.put::<SavedPatient>(id, me, &values)
    });
    assert!(matches!(refused, Err(Error::Shape { .. })), "{refused:?}");
}

/// What was amended before the two met is part of what was said: it is folded into the one that stands, everywhere alike.
#[test]
fn what_was_amended_before_the_meeting_is_folded_into_the_one_that_stands() {
    let mut world = World::new(Role::Patient);
    let (doctor, kept, withdrawn) = (world.doctor.me().unwrap().user, Uuid::from_u128(9), Uuid::from_u128(10));
    let amend = |vault: &Vault, id: Uuid, changes: serde_json::Value| {
        vault.write(now(), |w| w.amend::<Review>(id, &map(changes))).unwrap();
    };
    for appointment in [kept, withdrawn] {
        review(&world.desk, doctor, appointment, 5);
    }
    let (kept, withdrawn) = (review(&world.laptop, doctor, kept, 2), review(&world.laptop, doctor, withdrawn, 1));
    amend(&world.laptop, kept, json!({"rating": 4}));
    // In the end both say the same, but for the words.
    amend(&world.laptop, kept, json!({"rating": 5}));
    amend(&world.laptop, withdrawn, json!({"is_deleted": true}));
    world.meet();
    for vault in [&world.desk, &world.laptop, &world.doctor] {
        let row = vault.get::<Review>(kept).unwrap().unwrap();
        assert_eq!((row.value.rating, row.value.comment.as_deref()), (5, Some("2 of 5")));
        assert!(vault.get::<Review>(withdrawn).unwrap().unwrap().deleted, "what was taken back stays so");
        assert_quiet(vault);
        vault.state_check().unwrap();
    }
    assert_eq!(world.desk.revisions().unwrap(), world.laptop.revisions().unwrap());
}
