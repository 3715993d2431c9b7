//! A lost device that was removed comes back with a morning's work on it, and somebody who may lets it in.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use model::{MedicalRecord, Role, mailbox::Mailbox};
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;
use vault::{Invitee, LateEntry, Vault};

const DOCTOR: Invitee = Invitee::Member { role: Role::Doctor, clinical: false, chart: None };

struct World {
    _homes: Vec<TempDir>,
    ada: Vault,
    laptop: Vault,
    phone: Vault,
    remote: Remote,
    /// The remote as it was when nobody knew of the removal.
    before: Remote,
    chart: Uuid,
}

/// A clinic with a doctor who has a laptop and a phone; the laptop was removed, does not know it, and went on.
fn removed_laptop() -> World {
    let (a, ada) = clinic();
    let (b, laptop) = bring_in(&ada, DOCTOR, "BO");
    let chart = open_chart(&ada, "Grace");
    let mut remote = Remote::default();
    for vault in [&ada, &laptop] {
        sync(vault, &mut remote);
    }
    let (c, phone) = bring_in(&laptop, Invitee::OwnDevice, "BO");
    for vault in [&laptop, &phone, &ada, &phone] {
        sync(vault, &mut remote);
    }
    let (lost, kept) = (laptop.me().unwrap().device, phone.me().unwrap().device);
    let before = remote.clone();
    ada.remove_device(lost, &[kept], now()).unwrap();
    push(&ada, &mut remote);
    World { _homes: vec![a, b, c], ada, laptop, phone, remote, before, chart }
}

fn title(vault: &Vault, id: Uuid) -> Option<String> {
    vault.get::<MedicalRecord>(id).unwrap().map(|row| row.value.title)
}

fn numbers(entries: &[LateEntry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.n).collect()
}

#[test]
fn a_lost_laptops_morning_is_let_in_up_to_an_entry_and_everybody_sees_it() {
    let World { _homes, ada, laptop, phone, mut remote, chart, .. } = removed_laptop();
    let first = add_record(&laptop, chart, "in the morning");
    push(&laptop, &mut remote);
    put(&laptop, chart, json!({"address": "Harbour 3"}));
    let second = add_record(&laptop, chart, "by whoever found it");
    push(&laptop, &mut remote);
    pull(&ada, &remote);
    assert_eq!((title(&ada, first), title(&ada, second)), (None, None));

    let late = ada.late_entries().unwrap();
    assert_eq!(late.len(), 2);
    assert!(late.iter().all(|entry| entry.may && entry.user == laptop.me().unwrap().user));
    assert_eq!((late[0].writes["medical_records"], late[0].scopes.contains(&chart)), (1, true));
    assert_eq!((late[1].writes["medical_records"], late[1].writes["patients"]), (1, 1));
    let accepted = ada.readmit(late[0].device, late[0].n, now()).unwrap();
    assert!(accepted.changed.contains(&("medical_records".to_owned(), first)));
    assert_eq!((title(&ada, first).as_deref(), title(&ada, second)), (Some("in the morning"), None));
    assert_eq!(numbers(&ada.late_entries().unwrap()), [late[1].n]);
    let told: Vec<_> = ada.alerts().unwrap().into_iter().filter(|alert| alert.code == "after-removal").collect();
    assert!(told.iter().all(|alert| alert.n == late[1].n), "what was let in is no alarm any more: {told:?}");

    // The doctor's other device, and one that comes later, see the same.
    push(&ada, &mut remote);
    let (_n, new) = bring_in(&ada, Invitee::OwnDevice, "AL");
    for vault in [&phone, &new] {
        sync(vault, &mut remote);
        assert_eq!((title(vault, first).as_deref(), title(vault, second)), (Some("in the morning"), None));
    }
    // The rest is let in on the phone: it is the doctor's own device.
    phone.readmit(late[1].device, late[1].n, now()).unwrap();
    push(&phone, &mut remote);
    pull(&ada, &remote);
    assert!(title(&ada, second).is_some());
    assert_eq!(ada.get::<model::Patient>(chart).unwrap().unwrap().value.address.as_deref(), Some("Harbour 3"));
    assert_eq!((ada.late_entries().unwrap(), ada.waiting().unwrap()), (vec![], 0));
    [&ada, &phone].into_iter().for_each(|vault| vault.state_check().unwrap());
}

#[test]
fn only_the_owner_and_those_above_let_in() {
    let World { _homes, ada, laptop, mut remote, chart, .. } = removed_laptop();
    let (_d, colleague) = bring_in(&ada, DOCTOR, "CO");
    let id = add_record(&laptop, chart, "late");
    push(&laptop, &mut remote);
    for vault in [&ada, &colleague] {
        sync(vault, &mut remote);
    }
    let late = colleague.late_entries().unwrap();
    assert_eq!((late.len(), late[0].may), (1, false));
    let refused = colleague.readmit(late[0].device, late[0].n, now());
    assert!(matches!(refused, Err(vault::Error::Trust(vault::trust::Error::Forbidden(_)))));
    let unknown = ada.readmit(late[0].device, late[0].n + 1, now());
    assert!(matches!(unknown, Err(vault::Error::Trust(vault::trust::Error::Unknown(_)))));
    assert_eq!(title(&ada, id), None);
}

/// Whoever goes through the devices, to give them logins or to count the ways back, must not meet one that was lost.
#[test]
fn a_removed_device_is_listed_as_that_alone_whatever_of_it_counts() {
    let World { _homes, ada, laptop, mut remote, .. } = removed_laptop();
    let device = laptop.me().unwrap().device;
    let has = |devices: Vec<vault::Device>| devices.iter().any(|one| one.device == device);
    let listed = || (has(ada.devices().unwrap()), has(ada.removed_devices().unwrap()));
    assert_eq!(listed(), (false, true));
    push(&laptop, &mut remote);
    pull(&ada, &remote);
    for entry in ada.late_entries().unwrap() {
        ada.readmit(entry.device, entry.n, now()).unwrap();
    }
    assert_eq!(listed(), (false, true));
}

#[test]
fn a_device_that_a_readmitted_one_brought_in_stays_out() {
    let World { _homes, ada, laptop, mut remote, before, chart, .. } = removed_laptop();
    let (_e, planted) = bring_in(&laptop, Invitee::OwnDevice, "BO");
    pull(&planted, &before);
    let seen = add_record(&laptop, chart, "on the laptop");
    push(&laptop, &mut remote);
    let hidden = add_record(&planted, chart, "on the planted device");
    push(&planted, &mut remote);
    pull(&ada, &remote);
    let last = ada.late_entries().unwrap().pop().unwrap();
    ada.readmit(last.device, last.n, now()).unwrap();
    assert_eq!((title(&ada, seen).as_deref(), title(&ada, hidden)), (Some("on the laptop"), None));
    let devices = ada.devices().unwrap();
    assert!(!devices.iter().any(|device| device.device == planted.me().unwrap().device));
}

/// Two programs that each send their own again because the other's is not what they have would go on for ever: what is signed
/// never changes, and goes out once.
#[test]
fn a_removed_device_that_knows_it_sends_what_is_signed_and_nothing_else() {
    let World { _homes, ada, laptop, mut remote, chart, .. } = removed_laptop();
    let id = add_record(&laptop, chart, "not sent in time");
    put(&laptop, chart, json!({"address": "Harbour 3"}));
    pull(&laptop, &remote);
    push(&laptop, &mut remote);
    let rev = remote.rev;
    push(&laptop, &mut remote);
    assert_eq!((remote.rev, laptop.outgoing(now(), false).unwrap()), (rev, None));
    pull(&ada, &remote);
    let late = ada.late_entries().unwrap();
    assert_eq!((late.len(), late[0].writes.keys().map(String::as_str).collect()), (1, vec!["medical_records"]));
    ada.readmit(late[0].device, late[0].n, now()).unwrap();
    assert_eq!(title(&ada, id).as_deref(), Some("not sent in time"));
    assert_eq!(ada.get::<model::Patient>(chart).unwrap().unwrap().value.address, None);
}

/// The only device of a person, lost before the last that it sent had been fetched.
#[test]
fn the_only_device_of_a_person_is_let_in_from_the_last_entry_that_was_known() {
    let (_a, ada) = clinic();
    let (_b, laptop) = bring_in(&ada, DOCTOR, "BO");
    let chart = open_chart(&ada, "Grace");
    let mut remote = Remote::default();
    for vault in [&ada, &laptop, &ada] {
        sync(vault, &mut remote);
    }
    let sent = add_record(&laptop, chart, "sent before the removal");
    push(&laptop, &mut remote);
    ada.remove_device(laptop.me().unwrap().device, &[], now()).unwrap();
    push(&ada, &mut remote);
    let unsent = add_record(&laptop, chart, "not sent");
    sync(&laptop, &mut remote);
    pull(&ada, &remote);
    let late = ada.late_entries().unwrap();
    assert_eq!(late.len(), 2, "{:?} {:?}", ada.quarantine().unwrap(), ada.waiting_for().unwrap());
    ada.readmit(late[1].device, late[1].n, now()).unwrap();
    assert!(title(&ada, sent).is_some() && title(&ada, unsent).is_some());
}
