//! A chart that must be kept when its person has left: handed over to one custodian, dropped by everybody else, destroyed at its end.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use model::{MedicalRecord, Patient, Role, mailbox::Mailbox};
use serde_json::json;
use uuid::Uuid;
use vault::{Cleared, Error, Find, Invitee, Vault, trust};

const ADMIN: Invitee = Invitee::Member { role: Role::Admin, clinical: true, chart: None };

fn user(vault: &Vault) -> Uuid {
    vault.me().unwrap().user
}

fn hand_over(by: &Vault, chart: Uuid, person: Uuid, custodian: Uuid, until_ms: u64) -> vault::Result<()> {
    let page = map(json!({ "name": "#0000-0001", "phone": null }));
    let entry = map(json!({ "name": "#0000-0001", "email": null }));
    let realm = realm_of(by);
    by.write(now(), |w| {
        w.put::<Patient>(chart, chart, &page)?;
        w.put::<model::User>(person, realm, &entry)?;
        w.retain_chart(chart, person, custodian, until_ms)
    })
    .map(drop)
}

fn realm_of(vault: &Vault) -> Uuid {
    vault.me().unwrap().realm
}

fn records(vault: &Vault) -> Vec<String> {
    let rows = vault.list::<MedicalRecord>(&Find::default()).unwrap();
    rows.into_iter().map(|row| row.value.title).collect()
}

/// Nothing of the chart is here, and what is here agrees with itself and with the remote.
fn assert_gone(vault: &Vault, remote: &Remote, chart: Uuid) {
    pull(vault, remote);
    assert!(vault.get::<Patient>(chart).unwrap().is_none());
    assert_eq!(records(vault), Vec::<String>::new());
    assert_eq!(vault.search::<Patient>("grace", 0, 10).unwrap().0, 0);
    assert_eq!(vault.search::<Patient>("0000", 0, 10).unwrap().0, 0);
    assert!(vault.write(now(), |w| w.put::<Patient>(chart, chart, &patient("again"))).is_err());
    vault.state_check().unwrap();
    assert_quiet(vault);
    let known = vault.revisions().unwrap();
    for ((collection, id), there) in &remote.documents {
        let here = known.iter().find(|one| one.0 == *collection && one.1 == *id);
        assert_eq!(here.map(|one| one.2), Some(there.rev), "{collection}");
    }
}

struct World {
    head: (tempfile::TempDir, Vault),
    carl: (tempfile::TempDir, Vault),
    bob: (tempfile::TempDir, Vault),
    remote: Remote,
    chart: Uuid,
    person: Uuid,
    file: Uuid,
}

/// A head administrator, an administrator who will be the custodian, a doctor, and the chart of a patient who was removed.
fn world() -> World {
    let head = clinic();
    let (carl, bob) = (bring_in(&head.1, ADMIN, "CA"), bring_in(&head.1, DOCTOR, "BO"));
    let chart = open_chart(&head.1, "Grace Hopper");
    put(&head.1, chart, json!({ "name": "Grace B. Hopper" }));
    let invitee = Invitee::Member { role: Role::Patient, clinical: false, chart: Some(chart) };
    let (_home, grace) = bring_in(&head.1, invitee, "GH");
    let person = user(&grace);
    let realm = realm_of(&grace);
    let entry = map(json!({
        "name": "Grace Hopper", "email": "grace@example.org", "role": "patient", "patient_uuid": chart, "is_active": true,
        "is_verified": true, "email_verified": false, "phone_verified": false, "two_factor_enabled": false,
    }));
    grace.write(now(), |w| w.put::<model::User>(person, realm, &entry)).unwrap();
    let (_, file) = attach(&head.1, chart, b"a scan");
    let mut remote = Remote::default();
    for vault in [&head.1, &carl.1, &bob.1, &grace, &head.1, &carl.1, &bob.1] {
        sync(vault, &mut remote);
    }
    head.1.file_sent(file.blob).unwrap();
    assert!(head.1.write(now(), |w| w.retain_chart(chart, person, user(&carl.1), 0)).is_err(), "they are still here");
    head.1.remove_user(person, now()).unwrap();
    World { head, carl, bob, remote, chart, person, file: file.blob }
}

#[test]
fn the_chart_of_somebody_who_left_is_one_members_alone_and_ends_on_its_day() {
    let World { head: (_a, head), carl: (_b, carl), bob: (_c, bob), mut remote, chart, person, file } = world();
    // A day that the clock of these tests has passed soon, and not yet.
    let until = now() + 3_600_000;
    sync(&head, &mut remote);
    sync(&bob, &mut remote);
    let refused = |outcome: vault::Result<()>| matches!(outcome, Err(Error::Trust(trust::Error::Forbidden(_))));
    let own = user(&bob);
    assert!(refused(bob.write(now(), |w| w.retain_chart(chart, person, own, until)).map(drop)));
    // A colleague who has not heard of it writes on.
    add_record(&bob, chart, "written apart");
    hand_over(&head, chart, person, user(&carl), until).unwrap();
    assert_eq!(head.clear_closed(now()).unwrap(), Cleared::default(), "not before it was sent");
    assert!(head.get::<Patient>(chart).unwrap().is_some());

    head.state_check().unwrap();
    for vault in [&head, &bob, &carl, &head, &bob] {
        sync(vault, &mut remote);
        vault.clear_closed(now()).unwrap();
    }
    for vault in [&head, &bob] {
        assert_gone(vault, &remote, chart);
        assert!(vault.history("users", person).unwrap().iter().all(|one| one.value != json!("Grace Hopper")));
    }
    assert!(!head.folder().join("blobs").join(file.to_string()).exists());
    assert_eq!(name_of(&carl, chart), "#0000-0001");
    assert_eq!(carl.history("patients", chart).unwrap().iter().filter(|one| one.key == "name").count(), 1);
    assert!(records(&carl).contains(&"written apart".to_owned()) && records(&carl).contains(&"scan".to_owned()));
    carl.state_check().unwrap();

    // What is written from here on, and on new devices, stays with the custodian.
    add_record(&carl, chart, "for the court");
    let (_d, second) = bring_in(&bob, Invitee::OwnDevice, "BO");
    let (_e, own) = bring_in(&carl, Invitee::OwnDevice, "CA");
    for vault in [&carl, &bob, &second, &own, &bob, &carl] {
        sync(vault, &mut remote);
        vault.clear_closed(now()).unwrap();
    }
    assert_gone(&second, &remote, chart);
    assert_gone(&bob, &remote, chart);
    assert!(records(&own).contains(&"for the court".to_owned()));
    assert_eq!(carl.due_renewals(now()).unwrap(), Vec::<Uuid>::new());

    // The end: on its day, by the custodian alone, on all of their devices.
    let early = carl.write(now(), |w| w.end_chart(chart)).map(drop);
    assert!(matches!(early, Err(Error::Trust(trust::Error::OutOfTime(_)))));
    let late = until + 1;
    assert!(refused(head.write(late, |w| w.end_chart(chart)).map(drop)));
    carl.write(late, |w| w.end_chart(chart)).unwrap();
    assert!(carl.kept_charts().unwrap()[0].ended);
    assert_eq!(carl.clear_closed(late).unwrap().gone, [chart]);
    assert_eq!(carl.clear_closed(late).unwrap(), Cleared::default());
    for vault in [&carl, &own, &carl] {
        sync(vault, &mut remote);
        vault.clear_closed(late).unwrap();
    }
    assert_gone(&carl, &remote, chart);
    assert_gone(&own, &remote, chart);
    let folder = own.folder().to_owned();
    own.close().unwrap();
    let own = Vault::open(&folder, PASSPHRASE, late).unwrap();
    sync(&own, &mut remote);
    assert_gone(&own, &remote, chart);
}

#[test]
fn a_custodian_hands_on_and_a_version_made_apart_is_not_used() {
    let World { head: (_a, head), carl: (_b, carl), bob: (_c, bob), mut remote, chart, person, .. } = world();
    // Both are at work without a network: one shares the chart on, the other makes the new key after the removal and hands it over.
    head.renew_scopes(&head.due_renewals(now()).unwrap(), now()).unwrap();
    let apart = carl.write(now(), |w| w.grant_chart(chart, user(&bob), trust::Rights::READ)).map(drop);
    assert!(apart.is_ok());
    hand_over(&head, chart, person, user(&carl), now() + 1_000_000).unwrap();
    for vault in [&head, &carl, &bob, &head, &carl] {
        sync(vault, &mut remote);
        vault.clear_closed(now()).unwrap();
    }
    let members = |vault: &Vault| vault.with_trust(|trust| trust.members(chart)).unwrap();
    assert_eq!(members(&carl), [(user(&carl), trust::Rights::ALL)]);
    assert_eq!(members(&head), members(&carl));
    assert!(!carl.due_renewals(now()).unwrap().contains(&chart), "nothing is to be joined");
    add_record(&carl, chart, "kept");

    let until = carl.kept_charts().unwrap()[0].until_ms;
    carl.write(now(), |w| w.retain_chart(chart, person, user(&head), until)).unwrap();
    for vault in [&carl, &head, &carl, &head] {
        sync(vault, &mut remote);
        vault.clear_closed(now()).unwrap();
    }
    assert_gone(&carl, &remote, chart);
    assert_eq!(head.clear_closed(now()).unwrap(), Cleared::default(), "it was asked for once");
    assert!(records(&head).contains(&"kept".to_owned()) && records(&head).contains(&"scan".to_owned()));
    assert_eq!((name_of(&head, chart).as_str(), head.kept_charts().unwrap()[0].custodian), ("#0000-0001", user(&head)));
}
