//! A remote whose operator puts back, withholds, shows different views and plants keys of a realm of their own.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use model::{MedicalRecord, Parcel, Patient, mailbox::Mailbox, parcel::Page};
use serde_json::json;
use uuid::Uuid;
use vault::{Find, Vault};

fn address(vault: &Vault, chart: Uuid) -> Option<String> {
    vault.get::<Patient>(chart).unwrap().unwrap().value.address
}

fn has_alert(vault: &Vault, code: &str, device: Uuid) -> bool {
    vault.alerts().unwrap().iter().any(|alert| alert.code == code && alert.device == device)
}

/// The newest journal entry of a device that lies on the remote.
fn last_entry(remote: &Remote, device: Uuid) -> Parcel {
    let of = remote.documents.values().filter(|parcel| parcel.collection == "journal" && parcel.by == device);
    of.max_by_key(|parcel| parcel.rev).unwrap().clone()
}

#[test]
fn an_old_version_that_is_put_back_changes_nothing() {
    let (_a, ada, _b, bob, mut remote, chart) = two();
    put(&ada, chart, json!({"address": "old"}));
    push(&ada, &mut remote);
    let (old, old_entry) = (remote.newest("patients"), last_entry(&remote, ada.me().unwrap().device));
    put(&ada, chart, json!({"address": "new"}));
    push(&ada, &mut remote);
    for vault in [&ada, &bob] {
        pull(vault, &remote);
    }
    // The old one stands there now, under the newest revision, with the entry that vouched for it.
    remote.plant(old_entry);
    remote.plant(old);
    for vault in [&ada, &bob] {
        pull(vault, &remote);
        assert_eq!(address(vault, chart).as_deref(), Some("new"));
        assert!(vault.conflicts_open().unwrap().is_empty());
        vault.state_check().unwrap();
    }
}

/// Who begins anew has nothing to compare with but what others signed.
#[test]
fn an_old_version_that_a_new_device_is_given_is_told_by_the_journals() {
    const MINUTE: u64 = 60_000;
    let (_a, ada, _b, bob, mut remote, chart) = two();
    put(&ada, chart, json!({"address": "old"}));
    push(&ada, &mut remote);
    let old = remote.newest("patients");
    put(&ada, chart, json!({"address": "new"}));
    push(&ada, &mut remote);
    pull(&bob, &remote);
    let (_c, carl) = bring_in(&ada, DOCTOR, "CA");
    sync(&ada, &mut remote);
    let whole = remote.clone();
    remote.documents.insert((old.collection.clone(), old.id), Parcel { rev: remote.rev + 1, ..old });
    remote.rev += 1;
    let told = |vault: &Vault| has_alert(vault, "older-version", ada.me().unwrap().device);
    let quiet = |vault: &Vault, remote: &Remote, minutes: u64| {
        for subscription in vault.subscriptions().unwrap() {
            vault.accept(&remote.page(&subscription, 1_000), now() + minutes * MINUTE).unwrap();
        }
    };
    pull(&carl, &remote);
    assert_eq!(address(&carl, chart).as_deref(), Some("old"));
    assert!(!told(&carl), "it may be on its way");
    quiet(&carl, &remote, 11);
    assert!(told(&carl));
    for vault in [&ada, &bob] {
        pull(vault, &remote);
        quiet(vault, &remote, 22);
        assert_eq!(address(vault, chart).as_deref(), Some("new"), "whoever knows the newer one keeps it");
        assert!(!told(vault));
    }
    // When the newer one comes, the alert is over.
    let newer = whole.documents[&("patients".to_owned(), chart)].clone();
    remote.plant(newer);
    pull(&carl, &remote);
    assert_eq!(address(&carl, chart).as_deref(), Some("new"));
    assert!(!told(&carl));
}

#[test]
fn what_is_withheld_from_one_is_told_by_what_another_has_seen() {
    let (_a, ada, _b, bob, mut remote, chart) = two();
    let (_c, carl) = bring_in(&ada, DOCTOR, "CA");
    for vault in [&ada, &carl, &bob, &ada] {
        sync(vault, &mut remote);
    }
    let withheld = add_record(&ada, chart, "withheld from Bob");
    push(&ada, &mut remote);
    let device = ada.me().unwrap().device;
    let entry = last_entry(&remote, device);
    pull(&carl, &remote);
    add_record(&carl, chart, "Carl's own");
    push(&carl, &mut remote);

    let mut view = remote.clone();
    view.documents.remove(&(entry.collection.clone(), entry.id));
    pull(&bob, &view);
    assert!(bob.get::<MedicalRecord>(withheld).unwrap().is_none());
    assert!(has_alert(&bob, "tail-withheld", device));
    // Once it comes, the alert is over.
    remote.plant(entry);
    pull(&bob, &remote);
    assert!(bob.get::<MedicalRecord>(withheld).unwrap().is_some());
    assert!(!has_alert(&bob, "tail-withheld", device));
}

#[test]
fn an_entry_that_does_not_follow_the_one_before_is_set_aside_with_an_alert() {
    let (_a, ada, _b, bob, mut remote, chart) = two();
    let (folder, device) = (ada.folder().to_owned(), ada.me().unwrap().device);
    ada.close().unwrap();
    let copy = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(copy.path().join("blobs")).unwrap();
    for entry in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
        std::fs::copy(&entry, copy.path().join(entry.file_name().unwrap())).unwrap();
    }
    // Two of one vault write two entries each; Bob is shown the first of one and the second of the other.
    let ada = Vault::open(&folder, PASSPHRASE, now()).unwrap();
    let twin = Vault::open(copy.path(), PASSPHRASE, now()).unwrap();
    let mut of_twin = remote.clone();
    for (vault, place, title) in [(&ada, &mut remote, "true"), (&twin, &mut of_twin, "copy")] {
        for n in 0..2 {
            add_record(vault, chart, &format!("{title} {n}"));
            push(vault, place);
            if title == "true" && n == 0 {
                pull(&bob, place);
            }
        }
    }
    give(&bob, Parcel { rev: remote.rev + 10, ..last_entry(&of_twin, device) });
    assert!(has_alert(&bob, "chain-broken", device), "{:?}", bob.alerts().unwrap());
    assert_eq!(bob.list::<MedicalRecord>(&Find::default()).unwrap().len(), 1);
}

/// Gives one parcel to a vault, whatever else lies on the remote.
fn give(vault: &Vault, parcel: Parcel) {
    let subscription = vault.subscriptions().unwrap().remove(0);
    let upto = parcel.rev;
    vault.accept(&Page { subscription, parcels: vec![parcel], upto, more: false }, now()).unwrap();
}

#[test]
fn keys_and_people_of_another_realm_let_nobody_in() {
    let (_a, ada, _b, bob, mut remote, chart) = two();
    let (_f, foreign) = clinic();
    let their_chart = open_chart(&foreign, "Mallory's");
    let mut theirs = Remote::default();
    sync(&foreign, &mut theirs);
    let before = (bob.members().unwrap().len(), bob.devices().unwrap().len());
    let realm = bob.me().unwrap().realm;
    for parcel in theirs.documents.values() {
        remote.plant(parcel.clone());
        // And as if they had been written for this realm.
        let scope = if parcel.scope == foreign.me().unwrap().realm { realm } else { parcel.scope };
        remote.plant(Parcel { scope, ..parcel.clone() });
    }
    for vault in [&bob, &ada] {
        pull(vault, &remote);
        assert_eq!((vault.members().unwrap().len(), vault.devices().unwrap().len()), before);
        assert!(vault.get::<Patient>(their_chart).unwrap().is_none());
        assert_eq!(name_of(vault, chart), "Grace Hopper");
        vault.state_check().unwrap();
    }
    // What is written afterwards is for those who were members before.
    put(&ada, chart, json!({"address": "for the clinic"}));
    for vault in [&ada, &bob] {
        sync(vault, &mut remote);
    }
    assert_eq!(address(&bob, chart).as_deref(), Some("for the clinic"));
    foreign.close().unwrap();
}
