//! Devices of one realm that meet through the remote: they agree, and nothing is lost.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use model::{MedicalRecord, Patient, Role, mailbox::Mailbox, parcel::Fate};
use serde_json::{Value, json};
use uuid::Uuid;
use vault::{EntryKind, FileState, Find, Invitee, Vault};

#[test]
fn changes_of_both_sides_are_joined_field_by_field() {
    let (_a, ada, _b, bob, mut remote, chart) = two();
    put(&ada, chart, json!({"address": "1 Main Street"}));
    put(&bob, chart, json!({"preferred_language": "pl", "allergies": [allergy("a1", "penicillin")]}));
    put(&ada, chart, json!({"allergies": [allergy("a2", "latex")]}));
    let note = add_record(&bob, chart, "first visit");
    for vault in [&ada, &bob, &ada] {
        sync(vault, &mut remote);
    }
    let patient = bob.get::<Patient>(chart).unwrap().unwrap();
    assert_eq!(patient.value.address.as_deref(), Some("1 Main Street"));
    assert_eq!(patient.value.allergies.len(), 2);
    assert_eq!(all_values(&ada, chart), all_values(&bob, chart));
    let row = ada.get::<MedicalRecord>(note).unwrap().unwrap();
    assert_eq!((row.author, row.waiting), (Some(bob.me().unwrap().user), false));
    assert!(ada.conflicts_open().unwrap().is_empty());
    for vault in [&ada, &bob] {
        assert_quiet(vault);
        vault.state_check().unwrap();
    }
    assert_eq!(ada.revisions().unwrap(), there(&remote));
    assert_eq!(bob.revisions().unwrap(), there(&remote));
}

#[test]
fn what_is_for_one_person_alone_is_known_to_others_by_name_only() {
    let (_a, ada, _b, bob, mut remote, _) = two();
    let me = bob.me().unwrap().user;
    let values = json!({"user_id": me, "kind": "messageReceived", "message": "for Bob", "about": null, "sent_at": "2026-01-01T00:00:00.000Z",
        "read": false});
    let (id, _) = bob
        .write(now(), |w| {
            let id = w.new_id()?;
            w.put::<model::Notification>(id, me, &map(values))?;
            Ok(id)
        })
        .unwrap();
    sync(&bob, &mut remote);
    sync(&ada, &mut remote);
    assert!(ada.get::<model::Notification>(id).unwrap().is_none());
    assert_quiet(&ada);
    assert_eq!(ada.revisions().unwrap(), there(&remote));
    assert!(ada.objects("slots").unwrap().iter().all(|slot| slot.scope == ada.me().unwrap().user));
}

fn allergy(id: &str, substance: &str) -> Value {
    let id = Uuid::new_v5_like(id);
    json!({"id": id, "substance": substance, "reaction": null, "severity": null, "confirmed": false, "code": null, "origin": null})
}

trait FromName {
    fn new_v5_like(name: &str) -> Uuid;
}

impl FromName for Uuid {
    fn new_v5_like(name: &str) -> Uuid {
        let digest = crypto::encode::sha256(name.as_bytes());
        Uuid::from_bytes(*digest.first_chunk().unwrap())
    }
}

#[test]
fn a_fork_is_one_conflict_with_one_id_on_both_sides() {
    let (_a, ada, _b, bob, mut remote, chart) = two();
    put(&ada, chart, json!({"name": "Grace B. Hopper"}));
    put(&bob, chart, json!({"name": "Grace Murray Hopper"}));
    sync(&ada, &mut remote);
    let accepted = sync(&bob, &mut remote);
    assert_eq!(accepted.conflicts, 1);
    sync(&ada, &mut remote);
    let (one, two) = (ada.conflicts_open().unwrap(), bob.conflicts_open().unwrap());
    assert_eq!((one.len(), one[0].id), (1, two[0].id));
    assert_eq!(one[0].value, two[0].value);
    assert_eq!(one[0].value.displaced, Some(json!("Grace B. Hopper")));
    assert_eq!(one[0].value.base, Some(json!("Grace Hopper")));
    for vault in [&ada, &bob] {
        assert_eq!(name_of(vault, chart), "Grace Murray Hopper");
        assert_eq!(vault.counts().unwrap().conflicts, 1);
        assert_quiet(vault);
    }
    let history = bob.history("patients", chart).unwrap();
    let names: Vec<_> =
        history.iter().filter(|entry| entry.key == "name").map(|entry| (entry.value.clone(), entry.kind)).collect();
    let expected = [
        (json!("Grace Murray Hopper"), EntryKind::Current),
        (json!("Grace B. Hopper"), EntryKind::Displaced),
        (json!("Grace Hopper"), EntryKind::Written),
    ];
    assert_eq!(names, expected);
    let displaced = history.iter().find(|entry| entry.kind == EntryKind::Displaced).unwrap();
    assert_eq!(displaced.author, Some(ada.me().unwrap().user));
}

#[test]
fn both_may_find_the_same_conflict_apart() {
    let (_a, ada, _b, bob, mut remote, chart) = two();
    let (_c, eve) = bring_in(&ada, DOCTOR, "EV");
    for vault in [&ada, &eve] {
        sync(vault, &mut remote);
    }
    put(&ada, chart, json!({"name": "Ada's"}));
    put(&bob, chart, json!({"name": "Bob's"}));
    put(&eve, chart, json!({"name": "Eve's"}));
    for vault in [&ada, &bob, &eve, &ada, &bob, &eve] {
        sync(vault, &mut remote);
    }
    assert_eq!(all_values(&ada, chart), all_values(&bob, chart));
    assert_eq!(all_values(&ada, chart), all_values(&eve, chart));
    assert_eq!(ada.conflicts_open().unwrap().len(), 2);
    assert_eq!(name_of(&ada, chart), "Eve's");
}

#[test]
fn an_edit_against_a_deletion_revives_nothing_and_is_filed() {
    let (_a, ada, _b, bob, mut remote, chart) = two();
    put(&ada, chart, json!({"is_deleted": true}));
    put(&bob, chart, json!({"address": "2 Side Street"}));
    for vault in [&ada, &bob, &ada] {
        sync(vault, &mut remote);
    }
    for vault in [&ada, &bob] {
        let row = vault.get::<Patient>(chart).unwrap().unwrap();
        assert!(row.deleted);
        assert_eq!(row.value.address.as_deref(), Some("2 Side Street"));
        assert_eq!(vault.search::<Patient>("grace", 0, 10).unwrap().0, 0);
        let open = vault.conflicts_open().unwrap();
        assert_eq!((open.len(), open[0].value.kind), (1, model::ConflictKind::Deletion));
        assert_quiet(vault);
    }
}

#[test]
fn statements_and_amendments_come_in_any_order() {
    let (_a, ada, _b, bob, mut remote, chart) = two();
    let id = add_record(&ada, chart, "Visti");
    ada.write(now(), |w| w.amend::<MedicalRecord>(id, &map(json!({"title": "Visit"})))).unwrap();
    ada.write(now(), |w| w.amend::<MedicalRecord>(id, &map(json!({"notes": "came by bus"})))).unwrap();
    push(&ada, &mut remote);
    // Bob gets the documents the wrong way round: the amendments' page first.
    let mut page = remote.page(&bob.subscriptions().unwrap()[0], 1_000);
    page.parcels.reverse();
    let accepted = bob.accept(&page, now()).unwrap();
    assert_eq!(accepted.quarantined, 0, "{:?}", bob.quarantine().unwrap());
    for vault in [&ada, &bob] {
        let row = vault.get::<MedicalRecord>(id).unwrap().unwrap();
        assert_eq!((row.value.title.as_str(), row.value.notes.as_deref()), ("Visit", Some("came by bus")));
        let titles: Vec<_> =
            vault.history("medical_records", id).unwrap().into_iter().filter(|entry| entry.key == "title").collect();
        assert_eq!((titles[0].value.clone(), titles[1].value.clone()), (json!("Visit"), json!("Visti")));
    }
    bob.state_check().unwrap();
    let fixed = ada.write(now(), |w| w.amend::<MedicalRecord>(id, &map(json!({"patient_id": Uuid::nil()}))));
    assert!(matches!(fixed, Err(vault::Error::Fixed { .. })));
}

#[test]
fn amendments_made_apart_are_a_conflict_and_a_withdrawal_holds() {
    let (_a, ada, _b, bob, mut remote, chart) = two();
    let id = add_record(&ada, chart, "Visit");
    for vault in [&ada, &bob] {
        sync(vault, &mut remote);
    }
    ada.write(now(), |w| w.amend::<MedicalRecord>(id, &map(json!({"title": "Ada's title"})))).unwrap();
    bob.write(now(), |w| w.amend::<MedicalRecord>(id, &map(json!({"title": "Bob's title"})))).unwrap();
    for vault in [&ada, &bob, &ada] {
        sync(vault, &mut remote);
    }
    assert_eq!(all_values(&ada, chart), all_values(&bob, chart));
    assert_eq!(bob.conflicts_open().unwrap().len(), 1);
    ada.write(now(), |w| w.amend::<MedicalRecord>(id, &map(json!({"is_deleted": true})))).unwrap();
    for vault in [&ada, &bob] {
        sync(vault, &mut remote);
        assert!(vault.get::<MedicalRecord>(id).unwrap().unwrap().deleted);
        assert!(vault.list::<MedicalRecord>(&Find::default()).unwrap().is_empty());
    }
}

#[test]
fn an_answer_that_was_lost_is_no_loss_and_nothing_is_sent_twice() {
    let (_a, ada, _b, _bob, mut remote, chart) = two();
    put(&ada, chart, json!({"address": "3 Third Street"}));
    let batch = ada.outgoing(now(), false).unwrap().unwrap();
    let receipt = remote.push(&batch);
    // The row changes while its batch is under way, and the batch comes back by a pull before its answer.
    put(&ada, chart, json!({"address": "4 Fourth Street"}));
    pull(&ada, &remote);
    ada.sent(&receipt).unwrap();
    ada.sent(&receipt).unwrap();
    assert_eq!(ada.counts().unwrap().to_send, 1);
    assert!(ada.get::<Patient>(chart).unwrap().unwrap().waiting);
    sync(&ada, &mut remote);
    assert_quiet(&ada);
    assert!(ada.conflicts_open().unwrap().is_empty());
    assert_eq!(ada.get::<Patient>(chart).unwrap().unwrap().value.address.as_deref(), Some("4 Fourth Street"));
}

#[test]
fn a_batch_is_cut_in_two_and_a_refused_document_is_kept() {
    let (_a, ada, _b, bob, mut remote, chart) = two();
    let ids: Vec<Uuid> = (0..5).map(|n| add_record(&ada, chart, &format!("record {n}"))).collect();
    let whole = ada.outgoing(now(), false).unwrap().unwrap();
    let half = ada.outgoing(now(), true).unwrap().unwrap();
    assert_eq!((half.number, half.parcels.len(), whole.parcels.len()), (whole.number, 3, 5));
    let mut receipt = remote.push(&half);
    receipt.fates[0] = Fate::Refused { reason: "too odd".into() };
    ada.sent(&receipt).unwrap();
    push(&ada, &mut remote);
    let aside = ada.quarantine().unwrap();
    assert_eq!((aside.len(), aside[0].own, aside[0].reason.as_str()), (1, true, "too odd"));
    sync(&bob, &mut remote);
    assert!(ids[1..].iter().all(|id| bob.get::<MedicalRecord>(*id).unwrap().is_some()));
}

#[test]
fn a_transaction_is_not_cut_where_it_fits() {
    let (_a, ada, _b, _bob, _remote, chart) = two();
    let many = |count: usize| {
        ada.write(now(), |w| {
            for n in 0..count {
                let id = w.new_id()?;
                w.append(id, chart, &record(chart, &format!("record {n}")))?;
            }
            Ok(())
        })
        .unwrap();
    };
    many(300);
    many(300);
    many(700);
    let mut remote = Remote::default();
    let mut sizes = Vec::new();
    while let Some(batch) = ada.outgoing(now(), false).unwrap() {
        sizes.push(batch.parcels.len());
        ada.sent(&remote.push(&batch)).unwrap();
    }
    assert_eq!(sizes, [300, 300, 500, 200]);
}

#[test]
fn a_patient_pulls_their_own_chart_and_nothing_else() {
    let (_a, ada) = clinic();
    let (own, other) = (open_chart(&ada, "Own"), open_chart(&ada, "Other"));
    let mut remote = Remote::default();
    sync(&ada, &mut remote);
    let (_c, carl) = bring_in(&ada, Invitee::Member { role: Role::Patient, clinical: false, chart: Some(own) }, "CA");
    for vault in [&ada, &carl, &ada] {
        sync(vault, &mut remote);
    }
    assert_eq!(name_of(&carl, own), "Own");
    assert!(carl.get::<Patient>(other).unwrap().is_none());
    assert!(carl.subscriptions().unwrap().iter().all(|one| one.scope.is_some_and(|scope| scope != other)));
    put(&carl, own, json!({"address": "5 Home Road"}));
    sync(&carl, &mut remote);
    sync(&ada, &mut remote);
    assert_eq!(ada.get::<Patient>(own).unwrap().unwrap().value.address.as_deref(), Some("5 Home Road"));
    assert_eq!(ada.get::<Patient>(own).unwrap().unwrap().author, Some(carl.me().unwrap().user));
    let not_a_doctor = carl.write(now(), |w| {
        let note = json!({"doctor_id": Uuid::nil(), "patient_id": own, "note_text": "x", "is_audio_transcript": false,
            "audio": null, "is_shared_with_patient": true, "amends": null});
        let id = w.new_id()?;
        w.append::<model::DoctorNote>(id, own, &serde_json::from_value(note).unwrap())
    });
    assert!(matches!(not_a_doctor, Err(vault::Error::NotAllowed(_))));
    assert_quiet(&carl);
}

#[test]
fn an_own_second_device_sees_everything_and_a_restart_goes_on() {
    let (dir, ada) = clinic();
    let chart = open_chart(&ada, "Grace");
    let home = tempfile::tempdir().unwrap();
    let invitation = ada.invite(Invitee::OwnDevice, b"host.example", now()).unwrap();
    let (joining, request, words) = vault::Joining::begin(home.path(), &invitation, "AL", PASSPHRASE, now()).unwrap();
    let folder = joining.folder().to_owned();
    drop(joining);
    let listed = vault::profiles(home.path()).unwrap();
    assert!(listed[0].joining && listed[0].damaged.is_none());
    assert!(matches!(
        vault::Joining::resume(&folder, "another passphrase entirely"),
        Err(vault::Error::WrongPassphrase)
    ));
    let joining = vault::Joining::resume(&folder, PASSPHRASE).unwrap();
    assert!(matches!(ada.admit(&request, "AAAA AAAA AAAA AAAA", now()), Err(vault::Error::Trust(_))));
    let answer = ada.admit_with(&request, &words, &vault::Admitting::new(Some(b"secret"), false), now()).unwrap();
    assert!(matches!(ada.admit(&request, &words, now()), Err(vault::Error::Trust(_))), "an invitation counts once");
    let (second, papers) = joining.finish(&answer, now()).unwrap();
    assert!(papers.is_none());
    assert_eq!(second.connection_card().unwrap().as_deref(), Some(&b"host.example"[..]));
    assert_eq!(second.credential().unwrap().as_deref(), Some(&b"secret"[..]));
    assert!(!folder.exists());
    let mut remote = Remote::default();
    for vault in [&ada, &second, &ada] {
        sync(vault, &mut remote);
    }
    assert_eq!(name_of(&second, chart), "Grace");
    assert_eq!(second.me().unwrap().user, ada.me().unwrap().user);
    put(&second, chart, json!({"name": "Grace H."}));
    sync(&second, &mut remote);
    sync(&ada, &mut remote);
    assert_eq!(name_of(&ada, chart), "Grace H.");
    for vault in [&ada, &second] {
        assert_quiet(vault);
    }
    drop(dir);
}

#[test]
fn a_patient_writes_in_their_chart_before_the_first_synchronisation() {
    let (_a, ada) = clinic();
    let own = open_chart(&ada, "Own");
    let (_c, carl) = bring_in(&ada, Invitee::Member { role: Role::Patient, clinical: false, chart: Some(own) }, "CA");
    let id = add_record(&carl, own, "brought from home");
    let mut remote = Remote::default();
    for vault in [&carl, &ada, &carl] {
        sync(vault, &mut remote);
        assert_quiet(vault);
    }
    assert!(ada.get::<MedicalRecord>(id).unwrap().is_some());
}

#[test]
fn a_key_that_comes_late_opens_what_waited() {
    let (_a, ada, _b, bob, mut remote, _) = two();
    let chart = open_chart(&ada, "Late");
    push(&ada, &mut remote);
    let whole = remote.page(&bob.subscriptions().unwrap()[0], 1_000);
    let without = whole.parcels.iter().filter(|parcel| parcel.collection != "grants").cloned().collect();
    let accepted = bob.accept(&model::parcel::Page { parcels: without, ..whole.clone() }, now()).unwrap();
    assert_eq!((accepted.waiting, accepted.quarantined), (1, 0));
    assert!(bob.get::<Patient>(chart).unwrap().is_none());
    let grants = whole.parcels.iter().filter(|parcel| parcel.collection == "grants").cloned().collect();
    let accepted = bob.accept(&model::parcel::Page { parcels: grants, ..whole }, now()).unwrap();
    assert_eq!(accepted.changed, [("patients".to_owned(), chart)]);
    assert_eq!(name_of(&bob, chart), "Late");
    assert_quiet_but_unsent(&bob);
}

fn assert_quiet_but_unsent(vault: &Vault) {
    assert_eq!((vault.waiting().unwrap(), vault.quarantine().unwrap().len()), (0, 0));
}

#[test]
fn files_travel_in_segments_and_a_wrong_one_is_refused() {
    let (_a, ada, _b, bob, mut remote, chart) = two();
    let content: Vec<u8> = (0..700_000u32).map(|n| (n * 7 % 251) as u8).collect();
    let (id, file) = attach(&ada, chart, &content);
    sync(&ada, &mut remote);
    sync(&bob, &mut remote);
    let ticket = ada.files_to_send().unwrap().remove(0);
    assert!(bob.files_to_fetch(9).unwrap().is_empty(), "nobody has opened it");
    bob.want_file(file.blob).unwrap();
    assert_eq!(bob.files_to_fetch(9).unwrap(), std::slice::from_ref(&ticket));
    assert_eq!((ticket.segments, bob.counts().unwrap().files_to_fetch), (3, 1));
    let mut out = Vec::new();
    assert!(matches!(bob.read_file(&file, &mut out), Err(vault::Error::FileNotHere)));
    for index in 0..ticket.segments {
        let mut segment = ada.segment(ticket.id, index).unwrap();
        assert_eq!(bob.segments_here(ticket.id).unwrap(), index);
        if index == 2 {
            segment[0] ^= 1;
        }
        let kept = bob.keep_segment(ticket.id, index, &segment);
        assert_eq!(kept.is_err(), index == 2);
    }
    for index in 0..ticket.segments {
        bob.keep_segment(ticket.id, index, &ada.segment(ticket.id, index).unwrap()).unwrap();
    }
    bob.read_file(&file, &mut out).unwrap();
    assert_eq!(out, content);
    ada.file_sent(ticket.id).unwrap();
    assert!(ada.files_to_send().unwrap().is_empty() && bob.files_to_fetch(9).unwrap().is_empty());
    assert_eq!(bob.get::<MedicalRecord>(id).unwrap().unwrap().value.attachments[0].file, file);
}

#[test]
fn small_files_come_first_and_large_ones_when_they_are_opened_or_their_chart_is_pinned() {
    let (_a, ada, _b, bob, mut remote, chart) = two();
    let (_, large) = attach(&ada, chart, &[1; 700_000]);
    let (_, opened) = attach(&ada, chart, &[2; 900_000]);
    let (_, small) = attach(&ada, chart, &[3; 5_000]);
    sync(&ada, &mut remote);
    sync(&bob, &mut remote);
    let order = || bob.files_to_fetch(9).unwrap().iter().map(|ticket| ticket.id).collect::<Vec<_>>();
    assert_eq!(order(), [small.blob]);
    assert_eq!(bob.file_state(small.blob).unwrap(), FileState::Coming);
    assert_eq!(bob.file_state(large.blob).unwrap(), FileState::Away);
    bob.want_file(opened.blob).unwrap();
    assert_eq!(order(), [opened.blob, small.blob], "somebody waits for it");
    bob.pin(chart, true).unwrap();
    assert!(bob.is_pinned(chart).unwrap());
    assert_eq!(order(), [opened.blob, small.blob, large.blob]);
    let (_, later) = attach(&ada, chart, &[4; 600_000]);
    sync(&ada, &mut remote);
    sync(&bob, &mut remote);
    assert_eq!(order(), [opened.blob, small.blob, later.blob, large.blob]);
    bob.pin(chart, false).unwrap();
    assert_eq!(order(), [opened.blob, small.blob], "what somebody waits for goes on, and what is small");
    bob.leave_file(opened.blob).unwrap();
    assert_eq!((order(), bob.file_state(opened.blob).unwrap()), (vec![small.blob], FileState::Away));
    // On the device that filed them they are all here, and giving one up takes none away.
    ada.leave_file(large.blob).unwrap();
    assert_eq!(ada.file_state(large.blob).unwrap(), FileState::Here);
    assert_eq!(ada.files_to_send().unwrap().len(), 4);
}

#[test]
fn what_a_newer_program_changed_is_shown_as_it_was_and_not_changed_here() {
    let (_a, ada, _b, bob, mut remote, chart) = two();
    sync(&bob, &mut remote);
    put(&ada, chart, json!({ "name": "Newer" }));
    sync(&ada, &mut remote);
    let mut page = remote.page(&bob.subscriptions().unwrap()[0], 1000);
    for parcel in page.parcels.iter_mut().filter(|parcel| parcel.id == chart) {
        parcel.schema += 1;
    }
    bob.accept(&page, now()).unwrap();
    assert_eq!(bob.newer_documents(chart).unwrap(), 1);
    let before = name_of(&bob, chart);
    assert_ne!(before, "Newer");
    let change = map(json!({ "name": "Mine" }));
    let refused = bob.write(now(), |w| w.put::<Patient>(chart, chart, &change));
    assert!(matches!(refused, Err(vault::Error::NewerDocument)));
    assert_eq!(name_of(&bob, chart), before);
    // The rest of the chart is as free as before.
    add_record(&bob, chart, "goes on");
}
