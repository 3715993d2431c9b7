//! A remote that went back to a backup, and answers that were lost or came late: nothing is lost, and nothing waits for ever.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use model::{MedicalRecord, mailbox::Mailbox};
use serde_json::json;
use uuid::Uuid;
use vault::Invitee;

#[test]
fn a_restored_remote_gets_back_what_it_lost() {
    let (_a, ada, _b, bob, mut remote, chart) = two();
    let kept = remote.clone();
    let epoch = Uuid::from_u128(7);
    ada.set_epoch(Uuid::from_u128(1)).unwrap();
    let id = add_record(&bob, chart, "after the backup");
    put(&ada, chart, json!({"name": "Grace after the backup"}));
    for vault in [&ada, &bob, &ada] {
        sync(vault, &mut remote);
    }
    // The remote goes back to its backup; its counter starts far above any cursor.
    let mut remote = Remote { rev: 10_000, ..kept.clone() };
    for vault in [&ada, &bob] {
        vault.restart(epoch, kept.rev).unwrap();
        let told = vault.alerts().unwrap().into_iter().filter(|alert| alert.code == "went-back").count();
        assert_eq!(told, 1, "whoever is at work hears of it");
    }
    for vault in [&ada, &bob, &ada] {
        sync(vault, &mut remote);
        assert_eq!(vault.quarantine().unwrap(), []);
    }
    // What the backup held was known to both: going back to it is no change that anybody made.
    assert_eq!(ada.conflicts_open().unwrap(), []);
    let (_c, new) = bring_in(&ada, Invitee::OwnDevice, "AL");
    sync(&ada, &mut remote);
    sync(&new, &mut remote);
    for vault in [&ada, &bob, &new] {
        assert_eq!(name_of(vault, chart), "Grace after the backup");
        assert!(vault.get::<MedicalRecord>(id).unwrap().is_some());
    }
    assert_eq!(ada.epoch().unwrap(), Some(epoch));
}

/// Bob pushed, and the remote went back before he saw his own journal entry there again.
#[test]
fn what_was_pushed_and_never_seen_again_is_sent_again_with_its_journal_entry() {
    let (_a, ada, _b, bob, mut remote, chart) = two();
    let kept = remote.clone();
    let first = add_record(&bob, chart, "lost with the remote");
    push(&bob, &mut remote);
    let mut remote = Remote { rev: 10_000, ..kept.clone() };
    for vault in [&ada, &bob] {
        vault.restart(Uuid::from_u128(7), kept.rev).unwrap();
    }
    let second = add_record(&bob, chart, "written afterwards");
    for vault in [&bob, &ada] {
        sync(vault, &mut remote);
        assert_quiet(vault);
    }
    assert!([first, second].iter().all(|id| ada.get::<MedicalRecord>(*id).unwrap().is_some()));
}

/// A statement that is sent again is sealed anew: the same stamp, another digest.
#[test]
fn a_document_that_was_sealed_anew_is_taken_in_when_its_entry_comes() {
    let (_a, ada, _b, bob, mut remote, chart) = two();
    let id = add_record(&ada, chart, "Visit");
    for vault in [&ada, &bob] {
        sync(vault, &mut remote);
    }
    for vault in [&ada, &bob] {
        vault.restart(Uuid::from_u128(7), 0).unwrap();
    }
    let mut batch = ada.outgoing(now(), false).unwrap().unwrap();
    let again = batch.parcels.iter().position(|parcel| parcel.id == id).unwrap();
    let again = batch.parcels.remove(again);
    let page = |rev: i64, parcel: &model::Parcel| model::parcel::Page {
        subscription: bob.subscriptions().unwrap().remove(0),
        parcels: vec![model::Parcel { rev, ..parcel.clone() }],
        upto: rev,
        more: false,
    };
    assert_eq!(bob.accept(&page(10_002, &again), now()).unwrap().quarantined, 1);
    bob.accept(&page(10_001, &batch.journal), now()).unwrap();
    assert_eq!((bob.quarantine().unwrap(), bob.waiting().unwrap()), (vec![], 0));
    assert!(bob.revisions().unwrap().contains(&("medical_records".into(), id, 10_002)));
}

#[test]
fn an_own_document_may_come_back_before_its_entry() {
    let (_a, ada, _b, _bob, mut remote, chart) = two();
    let id = add_record(&ada, chart, "Visit");
    let batch = ada.outgoing(now(), false).unwrap().unwrap();
    remote.push(&batch);
    let whole = remote.page(&ada.subscriptions().unwrap()[0], 1_000);
    let (entries, documents) = whole.parcels.iter().cloned().partition(is_key);
    for parcels in [documents, entries] {
        ada.accept(&model::parcel::Page { parcels, ..whole.clone() }, now()).unwrap();
    }
    assert_eq!((ada.waiting().unwrap(), ada.quarantine().unwrap()), (0, vec![]));
    assert!(ada.get::<MedicalRecord>(id).unwrap().is_some());
}

#[test]
fn an_answer_that_comes_late_takes_nothing_back() {
    let (_a, ada, _b, bob, mut remote, chart) = two();
    put(&ada, chart, json!({"address": "6 Sixth Street"}));
    let batch = ada.outgoing(now(), false).unwrap().unwrap();
    let receipt = remote.push(&batch);
    sync(&bob, &mut remote);
    put(&bob, chart, json!({"address": "7 Seventh Street"}));
    sync(&bob, &mut remote);
    pull(&ada, &remote);
    ada.sent(&receipt).unwrap();
    assert_eq!(ada.revisions().unwrap(), there(&remote));
    put(&ada, chart, json!({"name": "Grace H."}));
    for vault in [&ada, &bob] {
        sync(vault, &mut remote);
        assert_quiet(vault);
    }
    assert_eq!(all_values(&ada, chart), all_values(&bob, chart));
}

#[test]
fn an_answer_that_is_asked_for_first_shows_that_the_other_had_seen_the_edit() {
    let (_a, ada, _b, bob, mut remote, chart) = two();
    assert!(ada.under_way().unwrap().is_none());
    put(&ada, chart, json!({"address": "6 Sixth Street"}));
    remote.push(&ada.outgoing(now(), false).unwrap().unwrap());
    sync(&bob, &mut remote);
    put(&bob, chart, json!({"address": "7 Seventh Street"}));
    sync(&bob, &mut remote);
    let batch = ada.under_way().unwrap().unwrap();
    ada.sent(&remote.push(&batch)).unwrap();
    sync(&ada, &mut remote);
    assert!(ada.conflicts_open().unwrap().is_empty());
    assert_quiet(&ada);
}
