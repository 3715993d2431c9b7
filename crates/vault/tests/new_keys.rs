//! New keys and a new kit after a device was lost: asked for by the person, certified by whoever may, taken over by their devices.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use model::{Parcel, Patient, Role, parcel::Subscription};
use serde_json::json;
use std::path::Path;
use vault::{Error, FileSafe, Homecoming, Invitee, NewPerson, Papers, Result, Vault, trust};

const NEW: &str = "gravel lantern mosaic ferry thimble";

fn found(alone: bool) -> (tempfile::TempDir, Vault, Papers) {
    let dir = tempfile::tempdir().unwrap();
    let person = NewPerson { initials: "AL", passphrase: PASSPHRASE, alone };
    let (vault, papers) = Vault::found(dir.path(), &person, now()).unwrap();
    (dir, vault, papers)
}

fn safe(vault: &Vault) -> FileSafe {
    FileSafe::new(vault.folder())
}

/// Closes the vault and opens it again with this passphrase.
fn reopened(vault: Vault, passphrase: &str) -> Result<Vault> {
    let folder = vault.folder().to_owned();
    vault.close().unwrap();
    drop(vault);
    Vault::open(&folder, passphrase, now())
}

fn come_back(remote: &Remote, card: &str, kit: &str) -> Result<(tempfile::TempDir, Vault)> {
    let mut home = Homecoming::begin(card, kit)?;
    for scope in home.scopes() {
        let page = remote.page(&Subscription { scope: Some(scope), cursor: 0 }, 10_000);
        home.take(page.parcels)?;
    }
    let dir = tempfile::tempdir().unwrap();
    let safe = |folder: &Path| -> Box<dyn vault::Safe> { Box::new(FileSafe::new(folder)) };
    let vault = home.finish(dir.path(), NEW, "AL", now(), &safe)?;
    Ok((dir, vault))
}

fn version(vault: &Vault) -> u32 {
    vault.own_keys().unwrap().version
}

fn renew_all(vault: &Vault) {
    let due = vault.due_renewals(now()).unwrap();
    vault.renew_scopes(&due, now()).unwrap();
    assert!(vault.due_renewals(now()).unwrap().is_empty());
}

#[test]
fn a_person_alone_makes_new_keys_with_the_key_of_the_realm_and_the_old_kit_and_passphrase_open_nothing() {
    let (_dir, vault, papers) = found(true);
    let chart = open_chart(&vault, "Lea Jensen");
    let card = vault.database_card("mongodb://db.example.org/x").unwrap().to_string();
    let root_kit = papers.root_kit_text.clone().unwrap();
    let mut remote = Remote::default();
    sync(&vault, &mut remote);

    assert!(matches!(vault.ask_new_keys("short", now()), Err(Error::WeakPassphrase(_))));
    let first = vault.ask_new_keys(NEW, now()).unwrap();
    // The sheet got lost before it was certified: another is made, and the last one counts.
    let second = vault.ask_new_keys(NEW, now()).unwrap();
    assert!(matches!(vault.certify_own_keys(&first.kit_text, now()), Err(Error::Trust(trust::Error::Malformed(_)))));
    let (_other, other, others) = found(true);
    let foreign = others.root_kit_text.unwrap();
    assert!(matches!(vault.certify_own_keys(&foreign, now()), Err(Error::Trust(trust::Error::Elsewhere))));
    other.close().unwrap();
    sync(&vault, &mut remote);

    // Until then nothing changes.
    assert_eq!(version(&vault), 1);
    let vault = reopened(vault, PASSPHRASE).unwrap();
    vault.check_kit(&papers.kit_text).unwrap();

    vault.certify_own_keys(&root_kit, now()).unwrap();
    assert!(vault.finish_new_keys(&safe(&vault)).unwrap());
    assert!(!vault.finish_new_keys(&safe(&vault)).unwrap(), "once");
    assert_eq!(version(&vault), 2);
    vault.check_kit(&second.kit_text).unwrap();
    assert!(matches!(vault.check_kit(&papers.kit_text), Err(Error::WrongKit)));
    assert!(matches!(vault.check_kit(&first.kit_text), Err(Error::WrongKit)));
    assert!(vault.due_renewals(now()).unwrap().contains(&chart), "what the old keys open gets new ones");
    renew_all(&vault);
    put(&vault, chart, json!({"address": "after"}));
    sync(&vault, &mut remote);

    let folder = vault.folder().to_owned();
    assert!(matches!(reopened(vault, PASSPHRASE), Err(Error::WrongPassphrase)));
    let vault = Vault::open(&folder, NEW, now()).unwrap();
    vault.state_check().unwrap();
    put(&vault, chart, json!({"phone": "+45 12 34 56 78"}));
    sync(&vault, &mut remote);
    assert_quiet(&vault);
    drop(vault);

    // The database keeps the old grants and slots for ever: the old kit leads to none that is used.
    assert!(matches!(come_back(&remote, &card, &papers.kit_text), Err(Error::WrongKit)));
    let (_back, back) = come_back(&remote, &card, &second.kit_text).unwrap();
    for _ in 0..2 {
        sync(&back, &mut remote);
    }
    let row = back.get::<Patient>(chart).unwrap().unwrap().value;
    assert_eq!(row.address.as_deref(), Some("after"));
}

/// A doctor with three devices, of which one was stolen and removed by the head of the clinic.
struct Stolen {
    _dirs: Vec<tempfile::TempDir>,
    head: Vault,
    doctor: Vault,
    second: Vault,
    thief: Vault,
    remote: Remote,
}

fn stolen() -> Stolen {
    let (a, head) = clinic();
    let (b, doctor) = bring_in(&head, DOCTOR, "BM");
    let (c, second) = bring_in(&doctor, Invitee::OwnDevice, "BM");
    let (d, thief) = bring_in(&doctor, Invitee::OwnDevice, "BM");
    let mut remote = Remote::default();
    for vault in [&head, &doctor, &second, &thief, &head, &doctor, &second, &thief] {
        sync(vault, &mut remote);
    }
    let keep = [doctor.me().unwrap().device, second.me().unwrap().device];
    head.remove_device(thief.me().unwrap().device, &keep, now()).unwrap();
    renew_all(&head);
    sync(&head, &mut remote);
    for vault in [&doctor, &second] {
        sync(vault, &mut remote);
        assert!(vault.own_keys().unwrap().known_elsewhere, "the person is asked for new keys");
    }
    Stolen { _dirs: vec![a, b, c, d], head, doctor, second, thief, remote }
}

#[test]
fn an_administrator_certifies_and_every_device_that_stays_goes_on_under_the_new_root() {
    let Stolen { _dirs, head, doctor, second, thief, mut remote } = stolen();
    let chart = open_chart(&head, "Grace");
    sync(&head, &mut remote);
    let papers = doctor.ask_new_keys(NEW, now()).unwrap();
    let words = doctor.own_keys().unwrap().asked.unwrap().check_words;
    for vault in [&doctor, &head] {
        sync(vault, &mut remote);
    }

    let asked = head.key_requests().unwrap();
    assert_eq!((asked.len(), &asked[0].check_words, asked[0].user), (1, &words, doctor.me().unwrap().user));
    let wrong = head.certify_keys(asked[0].request, "AAAA AAAA AAAA AAAA", now());
    assert!(matches!(wrong, Err(Error::Trust(trust::Error::CheckDiffers))));
    let by_doctor = doctor.certify_keys(asked[0].request, &words, now());
    assert!(matches!(by_doctor, Err(Error::Trust(trust::Error::Forbidden(_)))), "nobody certifies themself");
    head.certify_keys(asked[0].request, &words.to_lowercase(), now()).unwrap();
    assert!(head.key_requests().unwrap().is_empty());
    sync(&head, &mut remote);

    // The other device waits for the one that has the root.
    sync(&second, &mut remote);
    assert_eq!(version(&second), 1);
    for vault in [&doctor, &second] {
        sync(vault, &mut remote);
        assert_eq!(version(vault), 2);
        assert!(vault.finish_new_keys(&safe(vault)).unwrap());
        vault.check_kit(&papers.kit_text).unwrap();
        assert!(!vault.own_keys().unwrap().known_elsewhere);
    }
    let codes = |vault: &Vault| vault.alerts().unwrap().into_iter().map(|one| one.code).collect::<Vec<_>>();
    assert!(codes(&second).contains(&"keys-renewed".to_owned()), "{:?}", codes(&second));
    assert!(!codes(&second).contains(&"root-renewed".to_owned()));

    // Whoever may, makes new keys for everything that the old root opens.
    let due = doctor.due_renewals(now()).unwrap();
    assert!(due.contains(&chart) && due.contains(&doctor.me().unwrap().user), "{due:?}");
    sync(&doctor, &mut remote);
    sync(&head, &mut remote);
    renew_all(&head);
    renew_all(&doctor);
    for vault in [&head, &doctor, &second, &head, &doctor] {
        sync(vault, &mut remote);
    }
    renew_all(&doctor);
    put(&head, chart, json!({"name": "Written after"}));
    put(&doctor, chart, json!({"address": "by the doctor"}));
    for vault in [&head, &doctor, &second, &head] {
        sync(vault, &mut remote);
        assert_quiet(vault);
    }
    let mut devices = Vec::new();
    for vault in [doctor, second] {
        let folder = vault.folder().to_owned();
        assert!(matches!(reopened(vault, PASSPHRASE), Err(Error::WrongPassphrase)));
        let vault = Vault::open(&folder, NEW, now()).unwrap();
        assert_eq!(name_of(&vault, chart), "Written after");
        add_record(&vault, chart, "still at work");
        sync(&vault, &mut remote);
        assert_quiet(&vault);
        devices.push(vault);
    }
    // The stolen one is given everything by the database, and opens none of it.
    sync(&thief, &mut remote);
    assert!(thief.get::<Patient>(chart).unwrap().is_none());
    assert_eq!(version(&thief), 1);
    // A device that comes in later begins under the new root.
    let (_e, third) = {
        let dir = tempfile::tempdir().unwrap();
        let invitation = devices[0].invite(Invitee::OwnDevice, b"card", now()).unwrap();
        let (joining, request, words) = vault::Joining::begin(dir.path(), &invitation, "BM", NEW, now()).unwrap();
        let answer = devices[0].admit(&request, &words, now()).unwrap();
        let (vault, _) = joining.finish(&answer, now()).unwrap();
        (dir, vault)
    };
    sync(&devices[0], &mut remote);
    sync(&third, &mut remote);
    assert_eq!((version(&third), name_of(&third, chart).as_str()), (2, "Written after"));
}

#[test]
fn a_thief_of_the_device_cannot_ask() {
    let Stolen { _dirs, head, doctor, thief, mut remote, .. } = stolen();
    let mut apart = remote.clone();
    thief.ask_new_keys(NEW, now()).unwrap();
    push(&thief, &mut apart);
    push(&thief, &mut remote);
    // The request alone, without the journal entry that covers it, does not count either.
    let request = apart.newest("certs");
    remote.plant(request);
    for vault in [&head, &doctor] {
        sync(vault, &mut remote);
        assert!(vault.key_requests().unwrap().is_empty());
        assert_eq!(vault.own_keys().unwrap().asked, None);
    }
}

#[test]
fn another_device_waits_for_the_slot_that_the_person_signed() {
    let Stolen { _dirs, head, doctor, second, mut remote, .. } = stolen();
    doctor.ask_new_keys(NEW, now()).unwrap();
    let words = doctor.own_keys().unwrap().asked.unwrap().check_words;
    for vault in [&doctor, &head] {
        sync(vault, &mut remote);
    }
    let request = head.key_requests().unwrap()[0].request;
    head.certify_keys(request, &words, now()).unwrap();
    for vault in [&head, &doctor] {
        sync(vault, &mut remote);
    }
    // The true slot is withheld, and one with another body lies there.
    let true_slot = remote.newest("slots");
    remote.documents.remove(&(true_slot.collection.clone(), true_slot.id));
    let mut planted = Parcel { id: uuid::Uuid::from_u128(7), ..true_slot.clone() };
    *planted.body.last_mut().unwrap() ^= 1;
    remote.plant(planted);
    sync(&second, &mut remote);
    assert_eq!(version(&second), 2);
    assert!(!second.finish_new_keys(&safe(&second)).unwrap(), "the old passphrase stays until the slot comes");
    let second = reopened(second, PASSPHRASE).unwrap();
    assert_eq!(version(&second), 2);
    remote.plant(true_slot);
    sync(&second, &mut remote);
    assert!(second.finish_new_keys(&safe(&second)).unwrap());
    reopened(second, NEW).unwrap();
}

#[test]
fn the_key_of_the_realm_removes_a_head_and_makes_another() {
    let (_dir, head, papers) = found(false);
    let root_kit = papers.root_kit_text.unwrap();
    let admin = Invitee::Member { role: Role::Admin, clinical: true, chart: None };
    let (_b, second) = bring_in(&head, admin, "BM");
    let (_c, patient) = bring_in(&head, Invitee::Member { role: Role::Patient, clinical: false, chart: None }, "CP");
    let mut remote = Remote::default();
    for vault in [&head, &second, &patient, &head, &second] {
        sync(vault, &mut remote);
    }
    let (me, other) = (head.me().unwrap().user, second.me().unwrap().user);
    let forbidden = |outcome: Result<()>| matches!(outcome, Err(Error::Trust(trust::Error::Forbidden(_))));
    assert!(matches!(second.make_head(other, &papers.kit_text, now()), Err(Error::Trust(_))), "a kit is no root key");
    assert!(forbidden(second.remove_head(me, &root_kit, now())), "the last one stays");
    assert!(forbidden(head.make_head(patient.me().unwrap().user, &root_kit, now())));
    second.make_head(other, &root_kit, now()).unwrap();
    assert_eq!(second.me().unwrap().role, Role::SuperAdmin);
    assert!(second.me().unwrap().clinical);
    assert!(forbidden(second.remove_head(other, &root_kit, now())), "nobody removes themself");
    second.remove_head(me, &root_kit, now()).unwrap();
    renew_all(&second);
    let chart = open_chart(&second, "After the change");
    for vault in [&second, &head, &patient] {
        sync(vault, &mut remote);
    }
    assert!(head.get::<Patient>(chart).unwrap().is_none());
    assert!(head.invite(DOCTOR, b"card", now()).is_err());
    let roles: Vec<Role> = second.members().unwrap().into_iter().map(|member| member.role).collect();
    assert_eq!(roles.iter().filter(|role| **role == Role::SuperAdmin).count(), 1);
    second.state_check().unwrap();
    let second = reopened(second, PASSPHRASE).unwrap();
    assert_eq!(second.me().unwrap().role, Role::SuperAdmin);
}
