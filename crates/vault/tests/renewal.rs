//! After a removal everything that the removed one could open gets new keys, by one person, however often it is interrupted.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use model::Role;
use vault::{Invitee, Vault};

const DOCTOR: Invitee = Invitee::Member { role: Role::Doctor, clinical: false, chart: None };

#[test]
fn a_removed_doctor_gets_none_of_the_new_keys_and_the_work_survives_a_restart() {
    let (_dir, head) = clinic();
    let (_other, mut doctor) = bring_in(&head, DOCTOR, "BM");
    let charts: Vec<_> = (0..7).map(|n| open_chart(&head, &format!("Patient {n}"))).collect();
    let mut remote = Remote::default();
    sync(&head, &mut remote);
    sync(&doctor, &mut remote);
    assert_eq!(name_of(&doctor, charts[0]), "Patient 0");
    assert!(head.due_renewals(now()).unwrap().is_empty());

    let user = doctor.me().unwrap().user;
    head.remove_user(user, now()).unwrap();
    let me = head.me().unwrap();
    let due = head.due_renewals(now()).unwrap();
    assert_eq!(due[..2], [me.team, me.realm]);
    assert_eq!(due.len(), 2 + charts.len());

    // Interrupted after the first few: a restart knows what is left.
    head.renew_scopes(&due[..4], now()).unwrap();
    let folder = head.folder().to_owned();
    head.close().unwrap();
    drop(head);
    let head = Vault::open(&folder, PASSPHRASE, now()).unwrap();
    assert_eq!(head.due_renewals(now()).unwrap(), due[4..]);
    head.renew_scopes(&due, now()).unwrap();
    assert!(head.due_renewals(now()).unwrap().is_empty());

    put(&head, charts[0], serde_json::json!({"name": "Written after"}));
    let fresh = open_chart(&head, "Opened after");
    sync(&head, &mut remote);
    sync(&doctor, &mut remote);
    // What was read before stays with the removed one; what came after does not open.
    assert_eq!(name_of(&doctor, charts[0]), "Patient 0");
    assert!(doctor.get::<model::Patient>(fresh).unwrap().is_none());
    for chart in &charts[1..] {
        assert!(!name_of(&head, *chart).is_empty());
    }
    doctor = {
        let folder = doctor.folder().to_owned();
        doctor.close().unwrap();
        Vault::open(&folder, PASSPHRASE, now()).unwrap()
    };
    assert_eq!(name_of(&doctor, charts[0]), "Patient 0");
}

#[test]
fn one_of_two_administrators_makes_the_new_keys() {
    let (_dir, head) = clinic();
    let admin = Invitee::Member { role: Role::Admin, clinical: true, chart: None };
    let ((_a, second), (_b, doctor)) = (bring_in(&head, admin, "CM"), bring_in(&head, DOCTOR, "DM"));
    let chart = open_chart(&head, "Grace");
    let mut remote = Remote::default();
    for vault in [&head, &second, &doctor, &head, &second] {
        sync(vault, &mut remote);
    }
    second.remove_user(doctor.me().unwrap().user, now()).unwrap();
    for vault in [&second, &head] {
        sync(vault, &mut remote);
    }
    let (own, others) = (second.due_renewals(now()).unwrap(), head.due_renewals(now()).unwrap());
    assert!(own.contains(&chart), "whoever removed makes them");
    assert!(others.is_empty());
    second.renew_scopes(&own, now()).unwrap();
    for vault in [&second, &head] {
        sync(vault, &mut remote);
    }
    put(&second, chart, serde_json::json!({"name": "Under the new key"}));
    for vault in [&second, &head] {
        sync(vault, &mut remote);
    }
    assert_eq!(name_of(&head, chart), "Under the new key");
    assert_eq!((second.due_renewals(now()).unwrap(), head.due_renewals(now()).unwrap()), (vec![], vec![]));
}

#[test]
fn a_lost_device_writes_nothing_more_and_its_owner_goes_on() {
    let (_dir, head) = clinic();
    let (_lost, lost) = bring_in(&head, Invitee::OwnDevice, "AL");
    let chart = open_chart(&head, "Grace");
    let mut remote = Remote::default();
    for vault in [&head, &lost, &head] {
        sync(vault, &mut remote);
    }
    head.remove_device(lost.me().unwrap().device, &[], now()).unwrap();
    let due = head.due_renewals(now()).unwrap();
    assert!(due.contains(&chart) && due.contains(&head.me().unwrap().user), "the person's own scope too");
    head.renew_scopes(&due, now()).unwrap();
    sync(&head, &mut remote);
    // Whoever has it does not let it hear of its removal first.
    put(&lost, chart, serde_json::json!({"name": "By the thief"}));
    push(&lost, &mut remote);
    sync(&head, &mut remote);
    assert_eq!(name_of(&head, chart), "Grace");
    assert!(head.alerts().unwrap().iter().any(|alert| alert.code == "after-removal"));
    put(&head, chart, serde_json::json!({"name": "By the owner"}));
    head.state_check().unwrap();
}

#[test]
fn the_other_devices_of_a_person_hear_of_a_new_one() {
    let (_dir, head) = clinic();
    let (_second, second) = bring_in(&head, Invitee::OwnDevice, "AL");
    let mut remote = Remote::default();
    for vault in [&head, &second, &head] {
        sync(vault, &mut remote);
    }
    let heard = |vault: &Vault| -> Vec<_> {
        let alerts = vault.alerts().unwrap().into_iter();
        alerts.filter(|alert| alert.code == "new-device").map(|alert| alert.device).collect()
    };
    // Whoever brought it in knows, and a new device is not told of those that were there before.
    assert!(heard(&head).is_empty() && heard(&second).is_empty());
    let (_third, third) = bring_in(&second, Invitee::OwnDevice, "AL");
    for vault in [&second, &third, &head, &second, &third] {
        sync(vault, &mut remote);
    }
    assert_eq!(heard(&head), [third.me().unwrap().device]);
    assert!(heard(&second).is_empty() && heard(&third).is_empty());
}

#[test]
fn news_from_another_device_ends_the_silence() {
    const DAY: u64 = 86_400_000;
    let (_dir, head) = clinic();
    assert_eq!(head.silent_since_ms(now() + 30 * DAY).unwrap(), None, "whoever is alone waits for nobody");
    let (_second, second) = bring_in(&head, Invitee::OwnDevice, "AL");
    let chart = open_chart(&head, "Grace");
    let mut remote = Remote::default();
    for vault in [&head, &second, &head] {
        sync(vault, &mut remote);
    }
    let heard = head.last_news_ms().unwrap().unwrap();
    assert_eq!(head.silent_since_ms(heard + 6 * DAY).unwrap(), None);
    assert_eq!(head.silent_since_ms(heard + 8 * DAY).unwrap(), Some(heard));
    put(&second, chart, serde_json::json!({"name": "News"}));
    sync(&second, &mut remote);
    sync(&head, &mut remote);
    let later = head.last_news_ms().unwrap().unwrap();
    assert!(later > heard);
    assert_eq!(head.silent_since_ms(heard + 7 * DAY + 1).unwrap(), None);
}
