//! The clinic brings somebody back who lost everything and had agreed to that; nobody else, and nothing that is fetched makes it so.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use crypto::{
    encode::{lp, sha256},
    sign::Signed,
};
use model::{Notification, Parcel, Patient, Role};
use serde_json::json;
use vault::{Error, Find, Invitee, Joining, NewPerson, Papers, Result, Vault, trust};

const NEW: &str = "gravel lantern mosaic ferry thimble";

struct World {
    _dirs: Vec<tempfile::TempDir>,
    head: Vault,
    papers: Papers,
    doctor: Vault,
    remote: Remote,
}

fn found() -> (tempfile::TempDir, Vault, Papers) {
    let dir = tempfile::tempdir().unwrap();
    let person = NewPerson { initials: "AL", passphrase: PASSPHRASE, alone: false };
    let (head, papers) = Vault::found(dir.path(), &person, now()).unwrap();
    (dir, head, papers)
}

fn world() -> World {
    let (a, head, papers) = found();
    let (b, doctor) = bring_in(&head, DOCTOR, "BM");
    let mut remote = Remote::default();
    for vault in [&head, &doctor, &head] {
        sync(vault, &mut remote);
    }
    World { _dirs: vec![a, b], head, papers, doctor, remote }
}

fn root_kit(world: &World) -> String {
    world.papers.root_kit_text.as_ref().unwrap().to_string()
}

fn agreed(vault: &Vault, of: &Vault) -> bool {
    vault.agreed_to_recovery(of.me().unwrap().user).unwrap()
}

fn forbidden<T>(outcome: Result<T>) -> bool {
    matches!(outcome, Err(Error::Trust(trust::Error::Forbidden(_))))
}

/// Whoever alters an object also gives it the id that fits, or the altered one is not looked at.
fn fitting(parcel: Parcel) -> Parcel {
    let body = Signed::from_bytes(&parcel.body).map_or_else(|_| parcel.body.clone(), |signed| signed.body);
    let digest = sha256(&lp(&[b"mv1/id", b"certs", &sha256(&body)]));
    let id = uuid::Builder::from_custom_bytes(*digest.first_chunk().unwrap()).into_uuid();
    Parcel { id, ..parcel }
}

/// The person's new computer, the invitation, the letters, the answer.
fn bring_back(head: &Vault, of: &Vault, root_kit: &str) -> Result<(tempfile::TempDir, Vault, Papers)> {
    let user = of.me().unwrap().user;
    let dir = tempfile::tempdir().unwrap();
    let invitation = head.invite(Invitee::Returning { user }, b"card", now())?;
    let (joining, request, words) = Joining::begin(dir.path(), &invitation, "BM", NEW, now())?;
    assert!(joining.is_return());
    assert_eq!(head.read_request(&request, now())?.kind, Invitee::Returning { user });
    assert!(head.admit(&request, &words, now()).is_err(), "not without the root key");
    let wrong = head.admit_again(&request, "AAAA AAAA AAAA AAAA", None, root_kit, now());
    assert!(wrong.is_err());
    let answer = head.admit_again(&request, &words, None, root_kit, now())?;
    let (vault, papers) = joining.finish(&answer, now())?;
    Ok((dir, vault, papers.unwrap()))
}

#[test]
fn somebody_who_agreed_comes_back_with_everything_and_with_new_keys_kit_and_passphrase() {
    let mut world = world();
    let root_kit = root_kit(&world);
    let World { head, doctor, remote, papers, .. } = &mut world;
    assert!(
        matches!(doctor.consent_to_recovery(true, now()), Err(Error::Trust(trust::Error::Unknown(_)))),
        "not offered"
    );
    assert!(head.offer_recovery("ROOT1:AAAA", now()).is_err());
    head.offer_recovery(&root_kit, now()).unwrap();
    for vault in [&*head, &*doctor] {
        sync(vault, remote);
        assert!(!agreed(vault, doctor), "off by default");
    }
    assert!(forbidden(bring_back(head, doctor, &root_kit)));

    doctor.consent_to_recovery(true, now()).unwrap();
    let chart = open_chart(doctor, "Grace");
    let (me, own) = (doctor.me().unwrap(), uuid::Uuid::from_u128(77));
    let private = map(
        json!({"user_id": me.user, "kind": "accountSecurity", "message": "private", "about": null, "sent_at": "2026-03-13T08:00:00.000Z", "read": false}),
    );
    doctor.write(now(), |w| w.put::<Notification>(own, me.user, &private)).unwrap();
    for vault in [&*doctor, &*head] {
        sync(vault, remote);
        assert!(agreed(vault, doctor));
    }
    // Another kit is no root key, and without the letters nothing happens (in `bring_back`).
    assert!(bring_back(head, doctor, &papers.kit_text).is_err());
    let (_dir, back, papers) = bring_back(head, doctor, &root_kit).unwrap();
    for vault in [&*head, &back, &*head, &back] {
        sync(vault, remote);
    }
    assert_eq!((back.me().unwrap().user, back.me().unwrap().role), (me.user, Role::Doctor));
    assert_eq!(name_of(&back, chart), "Grace");
    let kept = back.list::<Notification>(&Find::default()).unwrap();
    assert!(kept.iter().any(|row| row.id == own), "what only they could read too");
    back.check_kit(&papers.kit_text).unwrap();
    put(&back, chart, json!({"address": "written by who came back"}));
    for vault in [&back, &*head] {
        let due = vault.due_renewals(now()).unwrap();
        vault.renew_scopes(&due, now()).unwrap();
        sync(vault, remote);
    }
    sync(&back, remote);
    let due = back.due_renewals(now()).unwrap();
    back.renew_scopes(&due, now()).unwrap();
    sync(&back, remote);
    sync(head, remote);
    let address = |vault: &Vault| vault.get::<Patient>(chart).unwrap().unwrap().value.address;
    assert_eq!(address(head).as_deref(), Some("written by who came back"));
    let folder = back.folder().to_owned();
    back.close().unwrap();
    assert!(matches!(Vault::open(&folder, PASSPHRASE, now()), Err(Error::WrongPassphrase)));
    let back = Vault::open(&folder, NEW, now()).unwrap();
    assert!(back.list::<Notification>(&Find::default()).unwrap().iter().any(|row| row.id == own));

    // The devices from before hear of it, and open nothing new. The consent is used up.
    sync(doctor, remote);
    assert!(doctor.alerts().unwrap().iter().any(|alert| alert.code == "recovered-by-clinic"));
    for vault in [&*head, &back] {
        assert!(!agreed(vault, &back));
    }
    assert!(forbidden(bring_back(head, &back, &root_kit)));
}

#[test]
fn a_consent_is_withdrawn_and_goes_with_the_person_to_new_keys() {
    let mut world = world();
    let root_kit = root_kit(&world);
    let World { head, doctor, remote, .. } = &mut world;
    head.offer_recovery(&root_kit, now()).unwrap();
    sync(head, remote);
    sync(doctor, remote);
    doctor.consent_to_recovery(true, now()).unwrap();
    doctor.consent_to_recovery(false, now()).unwrap();
    for vault in [&*doctor, &*head] {
        sync(vault, remote);
        assert!(!agreed(vault, doctor));
    }
    assert!(forbidden(bring_back(head, doctor, &root_kit)));
    // Agreed again, and then new keys: the clinic's key opens those too, because the person's own program wrapped them.
    doctor.consent_to_recovery(true, now()).unwrap();
    doctor.ask_new_keys(NEW, now()).unwrap();
    let words = doctor.own_keys().unwrap().asked.unwrap().check_words;
    sync(doctor, remote);
    sync(head, remote);
    head.certify_keys(head.key_requests().unwrap()[0].request, &words, now()).unwrap();
    for vault in [&*head, &*doctor, &*head] {
        sync(vault, remote);
    }
    assert!(agreed(head, doctor));
    let (_dir, back, _) = bring_back(head, doctor, &root_kit).unwrap();
    assert_eq!(back.own_keys().unwrap().version, 3);
}

/// Row 25 of the attack checklist: whoever keeps the database puts there what would switch it on.
#[test]
fn nothing_that_is_fetched_switches_recovery_on() {
    let mut world = world();
    let root_kit = root_kit(&world);
    let (_m, mallory, papers) = found();
    let (_n, theirs) = bring_in(&mallory, DOCTOR, "MM");
    let mut other = Remote::default();
    mallory.offer_recovery(&papers.root_kit_text.unwrap(), now()).unwrap();
    sync(&mallory, &mut other);
    sync(&theirs, &mut other);
    theirs.consent_to_recovery(true, now()).unwrap();
    sync(&theirs, &mut other);

    let World { head, doctor, remote, .. } = &mut world;
    let (realm, user) = (head.me().unwrap().realm, doctor.me().unwrap().user);
    // Keys and consents of another realm, as they are and as if they were of this one.
    for parcel in other.documents.values() {
        remote.plant(parcel.clone());
        remote.plant(Parcel { scope: realm, ..parcel.clone() });
    }
    // An offer of the true clinic, and a consent of somebody else in it: each bit of it turned.
    head.offer_recovery(&root_kit, now()).unwrap();
    head.consent_to_recovery(true, now()).unwrap();
    sync(head, remote);
    let said = remote.newest("certs");
    assert!(String::from_utf8_lossy(&said.body).contains("recovery-consent"));
    for bit in (0..said.body.len() * 8).step_by(29) {
        let mut altered = said.clone();
        altered.body[bit / 8] ^= 1 << (bit % 8);
        remote.plant(fitting(altered));
    }
    let mut for_doctor = said.clone();
    let (from, to) = (head.me().unwrap().user.into_bytes(), user.into_bytes());
    let at = for_doctor.body.windows(16).position(|bytes| bytes == from).unwrap();
    for_doctor.body[at..at + 16].copy_from_slice(&to);
    remote.plant(fitting(for_doctor));
    for vault in [&*doctor, &*head, &*doctor] {
        sync(vault, remote);
        assert!(!agreed(vault, doctor));
    }
    assert_eq!(doctor.recoverable().unwrap().since_ms, None);
    assert!(doctor.recoverable().unwrap().offered, "the offer alone is no consent");
    assert!(forbidden(bring_back(head, doctor, &root_kit)));
    assert!(agreed(head, head), "who said yes has said yes");

    // A thief of a device that was removed cannot agree in the person's name.
    let (_t, thief) = bring_in(doctor, Invitee::OwnDevice, "BM");
    for vault in [&*doctor, &thief, &*head] {
        sync(vault, remote);
    }
    head.remove_device(thief.me().unwrap().device, &[doctor.me().unwrap().device], now()).unwrap();
    sync(head, remote);
    thief.consent_to_recovery(true, now()).unwrap();
    push(&thief, remote);
    for vault in [&*head, &*doctor] {
        sync(vault, remote);
        assert!(!agreed(vault, doctor));
    }
    assert!(forbidden(bring_back(head, doctor, &root_kit)));
}
