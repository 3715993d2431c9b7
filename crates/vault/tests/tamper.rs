//! What the operator of the remote, or a member who should not, can try: each is set aside, and nothing of it is shown.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use model::{MedicalRecord, Parcel, Patient, Role, Stamp, mailbox::Mailbox, parcel::Page};
use serde_json::json;
use uuid::Uuid;
use vault::{Find, Invitee, Vault};

fn world() -> (tempfile::TempDir, Vault, tempfile::TempDir, Vault, Remote, Uuid) {
    let (dir_a, ada) = clinic();
    let (dir_b, bob) = bring_in(&ada, Invitee::Member { role: Role::Doctor, clinical: false, chart: None }, "BO");
    let chart = open_chart(&ada, "Grace");
    let mut remote = Remote::default();
    sync(&ada, &mut remote);
    sync(&bob, &mut remote);
    (dir_a, ada, dir_b, bob, remote, chart)
}

/// Gives one parcel to a vault, as if the remote had it under a new revision.
fn give(vault: &Vault, remote: &Remote, parcel: Parcel) -> model::parcel::Accepted {
    let subscription = vault.subscriptions().unwrap().remove(0);
    let rev = remote.rev + 1;
    vault
        .accept(&Page { subscription, parcels: vec![Parcel { rev, ..parcel }], upto: remote.rev, more: false }, now())
        .unwrap()
}

#[test]
fn every_part_of_a_parcel_is_bound() {
    let (_a, ada, _b, bob, mut remote, chart) = world();
    let id = add_record(&ada, chart, "Visit");
    put(&ada, chart, json!({"patient_number": "A-17"}));
    push(&ada, &mut remote);
    let journal: Vec<Parcel> =
        remote.documents.values().filter(|parcel| parcel.collection == "journal").cloned().collect();
    let subscription = bob.subscriptions().unwrap().remove(0);
    bob.accept(&Page { subscription, parcels: journal, upto: 0, more: true }, now()).unwrap();
    let (statement, mergeable) = (remote.newest("medical_records"), remote.newest("patients"));
    assert!(!mergeable.tokens.is_empty());
    for good in [&statement, &mergeable] {
        let mut hostile = Vec::new();
        // One byte of each part of the sealed value: format, key id, salt, prefix, ciphertext, tag; cut, and extended.
        for at in [0, 1, 5, 6, 40, 46, good.body.len() / 2, good.body.len() - 1] {
            let mut body = good.body.clone();
            body[at] ^= 1;
            hostile.push(Parcel { body, ..(*good).clone() });
        }
        hostile.push(Parcel { body: good.body[..good.body.len() - 1].to_vec(), ..(*good).clone() });
        hostile.push(Parcel { body: [good.body.as_slice(), &[0]].concat(), ..(*good).clone() });
        hostile.push(Parcel { body: Vec::new(), ..(*good).clone() });
        hostile.push(Parcel { body: vec![1; model::parcel::BODY_MAX + 1], ..(*good).clone() });
        hostile.push(Parcel { id: Uuid::from_u128(1), ..(*good).clone() });
        hostile.push(Parcel { scope: Uuid::from_u128(2), ..(*good).clone() });
        hostile.push(Parcel { by: bob.me().unwrap().device, ..(*good).clone() });
        hostile.push(Parcel { stamp: Stamp([9; 16]), ..(*good).clone() });
        hostile.push(Parcel { collection: "doctors".into(), ..(*good).clone() });
        hostile.push(Parcel { collection: "nonsense".into(), ..(*good).clone() });
        hostile.push(Parcel { class: model::Class::Key, ..(*good).clone() });
        hostile.push(Parcel { schema: 99, ..(*good).clone() });
        for parcel in hostile {
            let accepted = give(&bob, &remote, parcel.clone());
            assert_eq!(accepted.changed, [], "{parcel:?}");
            assert_eq!(accepted.quarantined + accepted.waiting, 1, "{:?} {}", parcel.collection, parcel.body.len());
        }
    }
    let mut token = mergeable.clone();
    token.tokens.values_mut().for_each(|token| token[5] ^= 1);
    assert_eq!(give(&bob, &remote, token).quarantined, 1);
    assert!(bob.get::<MedicalRecord>(id).unwrap().is_none());
    assert_eq!(bob.list::<Patient>(&Find::default()).unwrap().len(), 1);
    // The true ones still come in, after all of that.
    assert_eq!(give(&bob, &remote, statement).changed.len(), 1);
    assert_eq!(give(&bob, &remote, mergeable).changed.len(), 1);
    bob.state_check().unwrap();
    let reasons: std::collections::BTreeSet<String> =
        bob.quarantine().unwrap().into_iter().map(|one| one.reason).collect();
    for reason in ["size", "digest", "form", "class", "collection", "newer", "scope", "token"] {
        assert!(reasons.contains(reason), "{reason} in {reasons:?}");
    }
}

#[test]
fn a_document_without_its_journal_entry_is_not_shown() {
    let (_a, ada, _b, bob, mut remote, chart) = world();
    let id = add_record(&ada, chart, "Visit");
    let batch = ada.outgoing(now(), false).unwrap().unwrap();
    remote.plant(batch.parcels[0].clone());
    let accepted = pull(&bob, &remote);
    assert_eq!((accepted.waiting, accepted.changed.len()), (1, 0));
    assert!(bob.get::<MedicalRecord>(id).unwrap().is_none());
    // The entry comes: now somebody vouches for it.
    remote.plant(batch.journal);
    pull(&bob, &remote);
    assert!(bob.get::<MedicalRecord>(id).unwrap().is_some());
    assert_eq!(bob.waiting().unwrap(), 0);
}

#[test]
fn a_gap_stops_a_device_until_it_is_filled() {
    let (_a, ada, _b, bob, mut remote, chart) = world();
    let mut batches = Vec::new();
    for title in ["one", "two", "three"] {
        add_record(&ada, chart, title);
        let batch = ada.outgoing(now(), false).unwrap().unwrap();
        ada.sent(&remote.clone().push(&batch)).unwrap();
        batches.push(batch);
    }
    for batch in [&batches[0], &batches[2]] {
        remote.push(batch);
    }
    pull(&bob, &remote);
    assert_eq!(bob.list::<MedicalRecord>(&Find::default()).unwrap().len(), 1);
    assert_eq!(bob.waiting().unwrap(), 2);
    // Whoever is at work hears that something is missing, and which entry, for as long as it is.
    let device = ada.me().unwrap().device;
    let gaps = |vault: &Vault| -> Vec<(Uuid, u64)> {
        let alerts = vault.alerts().unwrap().into_iter().filter(|alert| alert.code == "gap");
        alerts.map(|alert| (alert.device, alert.n)).collect()
    };
    assert_eq!(gaps(&bob), [(device, batches[1].number)]);
    pull(&bob, &remote);
    assert_eq!(gaps(&bob).len(), 1, "told once");
    remote.push(&batches[1]);
    pull(&bob, &remote);
    assert_eq!(gaps(&bob), []);
    assert_eq!(bob.list::<MedicalRecord>(&Find::default()).unwrap().len(), 3);
    assert_eq!(bob.waiting().unwrap(), 0);
}

#[test]
fn an_altered_journal_is_set_aside() {
    let (_a, ada, _b, bob, mut remote, chart) = world();
    add_record(&ada, chart, "Visit");
    let batch = ada.outgoing(now(), false).unwrap().unwrap();
    for at in (0..batch.journal.body.len()).step_by(97) {
        let mut altered = batch.journal.clone();
        altered.body[at] ^= 1;
        let accepted = give(&bob, &remote, altered);
        assert_eq!(accepted.quarantined + accepted.waiting, 1, "byte {at}");
    }
    remote.push(&batch);
    pull(&bob, &remote);
    assert_eq!(bob.list::<MedicalRecord>(&Find::default()).unwrap().len(), 1);
}

#[test]
fn a_copied_vault_is_frozen_by_others_and_stops_itself() {
    let (dir, ada, _b, bob, mut remote, chart) = world();
    let folder = ada.folder().to_owned();
    ada.close().unwrap();
    drop(ada);
    let copy = tempfile::tempdir().unwrap();
    copy_folder(&folder, copy.path());
    let ada = Vault::open(&folder, PASSPHRASE, now()).unwrap();
    let twin = Vault::open(copy.path(), PASSPHRASE, now()).unwrap();
    add_record(&ada, chart, "of the true one");
    let lost = add_record(&twin, chart, "of the copy");
    push(&ada, &mut remote);
    pull(&bob, &remote);
    // The copy's entry has the number of the true one's: a hostile remote shows it to Bob.
    let batch = twin.outgoing(now(), false).unwrap().unwrap();
    assert_eq!(give(&bob, &remote, batch.journal).quarantined, 1);
    assert!(bob.alerts().unwrap().iter().any(|alert| alert.code == "forked"));
    add_record(&ada, chart, "after the fork");
    push(&ada, &mut remote);
    pull(&bob, &remote);
    assert!(bob.quarantine().unwrap().iter().any(|one| one.reason == "frozen"));
    // The copy finds out by itself, and sends nothing any more; what it holds stays readable.
    pull(&twin, &remote);
    assert!(twin.outgoing(now(), false).is_err());
    assert!(twin.get::<MedicalRecord>(lost).unwrap().is_some());
    drop(dir);
}

/// A copy of a vault's folder, as somebody makes it who moves to a new computer or keeps a backup; the vault is open again.
fn copy_of(vault: Vault) -> (Vault, tempfile::TempDir) {
    let folder = vault.folder().to_owned();
    vault.close().unwrap();
    drop(vault);
    let copy = tempfile::tempdir().unwrap();
    copy_folder(&folder, copy.path());
    (Vault::open(&folder, PASSPHRASE, now()).unwrap(), copy)
}

#[test]
fn a_copy_becomes_a_device_of_its_own_and_nothing_is_lost() {
    let (_dir, ada, _b, bob, mut remote, chart) = world();
    let (ada, copy) = copy_of(ada);
    let twin = Vault::open(copy.path(), PASSPHRASE, now()).unwrap();
    let of_ada = add_record(&ada, chart, "of the true one");
    let of_twin = add_record(&twin, chart, "of the copy");
    put(&twin, chart, json!({"address": "8 Eighth Street"}));
    assert!(twin.outgoing(now(), false).unwrap().is_some(), "a batch is fixed under the old name");
    push(&ada, &mut remote);
    pull(&twin, &remote);
    assert!(twin.is_copy().unwrap() && !ada.is_copy().unwrap());
    assert!(twin.alerts().unwrap().iter().any(|alert| alert.code == "own-ahead"));
    assert!(matches!(twin.outgoing(now(), false), Err(model::mailbox::MailboxError::Copied)));

    let old = twin.me().unwrap().device;
    let new = twin.become_new_device(now()).unwrap();
    assert!(new != old && twin.address().device == new && twin.me().unwrap().device == new);
    for vault in [&twin, &ada, &bob, &twin] {
        sync(vault, &mut remote);
    }
    for vault in [&ada, &bob, &twin] {
        assert_quiet(vault);
        for id in [of_ada, of_twin] {
            assert!(vault.get::<MedicalRecord>(id).unwrap().is_some());
        }
        let front = vault.get::<Patient>(chart).unwrap().unwrap();
        assert_eq!(front.value.address.as_deref(), Some("8 Eighth Street"));
        vault.state_check().unwrap();
    }
    // Ada did not make that device, so she hears of it.
    let heard: Vec<_> = ada.alerts().unwrap().into_iter().map(|alert| (alert.code, alert.device)).collect();
    assert_eq!(heard, [("new-device".to_owned(), new)]);
    assert_eq!((bob.alerts().unwrap(), twin.alerts().unwrap()), (vec![], vec![]));
    twin.close().unwrap();
    let twin = Vault::open(copy.path(), PASSPHRASE, now()).unwrap();
    assert_eq!((twin.me().unwrap().device, twin.is_copy().unwrap()), (new, false));
    add_record(&twin, chart, "after the change");
    for vault in [&twin, &bob] {
        sync(vault, &mut remote);
        assert_quiet(vault);
    }
}

#[test]
fn an_old_copy_that_is_put_back_revives_no_old_edit() {
    let (_dir, ada, _b, bob, mut remote, chart) = world();
    put(&ada, chart, json!({"address": "old"}));
    let (ada, copy) = copy_of(ada);
    for vault in [&ada, &bob] {
        sync(vault, &mut remote);
    }
    put(&bob, chart, json!({"address": "new"}));
    for vault in [&bob, &ada] {
        sync(vault, &mut remote);
    }
    ada.close().unwrap();
    let restored = Vault::open(copy.path(), PASSPHRASE, now()).unwrap();
    assert_eq!(restored.counts().unwrap().to_send, 1, "it does not know that the edit was sent");
    pull(&restored, &remote);
    assert!(restored.is_copy().unwrap());
    restored.become_new_device(now()).unwrap();
    for vault in [&restored, &bob] {
        sync(vault, &mut remote);
        assert_quiet(vault);
        assert_eq!(vault.get::<Patient>(chart).unwrap().unwrap().value.address.as_deref(), Some("new"));
        // Whether who wrote the new one had seen the old one is not known here: a person looks at it.
        let open = vault.conflicts_open().unwrap();
        assert_eq!((open.len(), open[0].value.displaced.clone()), (1, Some(json!("old"))));
    }
}

#[test]
fn after_a_removal_one_goes_on_writing_and_a_copy_needs_an_enrolment() {
    let (_dir, ada, _b, bob, mut remote, _) = world();
    let (_s, second) = bring_in(&ada, Invitee::OwnDevice, "AL");
    for vault in [&ada, &second, &ada] {
        sync(vault, &mut remote);
    }
    ada.remove_device(second.me().unwrap().device, &[], now()).unwrap();
    // Nothing of this is pushed yet, and it counts here all the same: also after a restart.
    let (first, folder) = (open_chart(&ada, "Just after"), ada.folder().to_owned());
    ada.close().unwrap();
    let ada = Vault::open(&folder, PASSPHRASE, now()).unwrap();
    put(&ada, first, json!({"address": "9 Ninth Street"}));
    add_record(&ada, open_chart(&ada, "Later"), "Visit");
    let (ada, copy) = copy_of(ada);
    for vault in [&ada, &bob] {
        sync(vault, &mut remote);
        assert_quiet(vault);
    }
    assert_eq!(bob.list::<Patient>(&Find::default()).unwrap().len(), 3);
    let twin = Vault::open(copy.path(), PASSPHRASE, now()).unwrap();
    pull(&twin, &remote);
    let (device, refused) = (twin.me().unwrap().device, twin.become_new_device(now()));
    assert!(matches!(refused, Err(vault::Error::Trust(_))), "{refused:?}");
    assert!(twin.is_copy().unwrap() && twin.me().unwrap().device == device);
    assert_eq!(twin.list::<Patient>(&Find::default()).unwrap().len(), 3);
}

fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to.join("blobs")).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
    }
}

#[test]
fn a_member_writes_nothing_above_their_role() {
    let (_a, ada, _b, _bob, mut remote, _) = world();
    let own = open_chart(&ada, "Carl");
    let (_c, carl) = bring_in(&ada, Invitee::Member { role: Role::Patient, clinical: false, chart: Some(own) }, "CA");
    for vault in [&ada, &carl, &ada] {
        sync(vault, &mut remote);
    }
    let me = carl.me().unwrap();
    let page = json!({"user_id": me.user, "specialization": "surgery", "license_number": null, "experience_years": null,
        "location": null, "availability": [], "time_off": [], "bio": null, "photo": null});
    let others = carl.write(now(), |w| {
        let id = w.new_id()?;
        let mut values = map(page.clone());
        values["user_id"] = json!(ada.me().unwrap().user);
        w.put::<model::Doctor>(id, me.realm, &values)
    });
    assert!(matches!(others, Err(vault::Error::NotAllowed(_)) | Err(vault::Error::Shape { .. })), "{others:?}");
}

#[test]
fn a_removed_person_changes_nothing_afterwards() {
    let (_a, ada, _b, bob, mut remote, chart) = world();
    let before = add_record(&bob, chart, "before");
    sync(&bob, &mut remote);
    sync(&ada, &mut remote);
    ada.remove_user(bob.me().unwrap().user, now()).unwrap();
    push(&ada, &mut remote);
    // Bob's device does not pull, and goes on writing.
    let after = add_record(&bob, chart, "after");
    push(&bob, &mut remote);
    pull(&ada, &remote);
    assert!(ada.get::<MedicalRecord>(before).unwrap().is_some());
    assert!(ada.get::<MedicalRecord>(after).unwrap().is_none());
    assert!(ada.alerts().unwrap().iter().any(|alert| alert.code == "after-removal"));
    // A device that comes later sees the same.
    let (_n, new) = bring_in(&ada, Invitee::OwnDevice, "AL");
    sync(&ada, &mut remote);
    sync(&new, &mut remote);
    assert!(new.get::<MedicalRecord>(before).unwrap().is_some(), "{:?}", new.quarantine().unwrap());
    assert!(new.get::<MedicalRecord>(after).unwrap().is_none());
}

#[test]
fn whoever_lets_in_is_told_when_two_answered_one_invitation() {
    let (_dir, ada) = clinic();
    let invitation = ada.invite(Invitee::OwnDevice, b"", now()).unwrap();
    let ask = || {
        let home = tempfile::tempdir().unwrap();
        let (joining, request, _) = vault::Joining::begin(home.path(), &invitation, "AL", PASSPHRASE, now()).unwrap();
        (home, joining, request)
    };
    let ((_h, _j, one), (_g, _i, two)) = (ask(), ask());
    let told = |request: &str| ada.read_request(request, now()).unwrap().another;
    assert!(!told(&one) && !told(&one), "the same may be looked at again");
    assert!(told(&two));
    assert!(told(&one), "from then on each of them is in doubt");
}

/// Two programs that each send their own again because the other's is not what they have would go on for ever.
#[test]
fn who_knows_of_their_own_removal_sends_nothing_any_more() {
    let (_a, ada, _b, bob, mut remote, chart) = world();
    sync(&bob, &mut remote);
    ada.remove_user(bob.me().unwrap().user, now()).unwrap();
    sync(&ada, &mut remote);
    put(&bob, chart, json!({"address": "kept here"}));
    pull(&bob, &remote);
    let before = remote.rev;
    push(&bob, &mut remote);
    assert_eq!((remote.rev, bob.outgoing(now(), false).unwrap()), (before, None));
    let row = bob.get::<model::Patient>(chart).unwrap().unwrap();
    assert_eq!(row.value.address.as_deref(), Some("kept here"), "it stays, and can be read");
    assert!(bob.counts().unwrap().to_send > 0);
}
