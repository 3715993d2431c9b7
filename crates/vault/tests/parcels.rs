//! Every bit of what lies on the remote is bound: a page of altered parcels changes nothing here.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use model::{MedicalRecord, Parcel, mailbox::Mailbox, parcel::Page};
use serde_json::json;
use uuid::Uuid;
use vault::{Find, Vault};

const PAGE: usize = 1_000;

/// Gives these to a vault as the remote could: each under a revision of its own.
fn give(vault: &Vault, from: i64, parcels: Vec<Parcel>) -> usize {
    let subscription = vault.subscriptions().unwrap().remove(0);
    let count = parcels.len();
    let parcels: Vec<Parcel> = (from..).zip(parcels).map(|(rev, parcel)| Parcel { rev, ..parcel }).collect();
    let accepted = vault.accept(&Page { subscription, parcels, upto: 0, more: true }, now()).unwrap();
    assert_eq!(accepted.changed, []);
    assert_eq!(accepted.quarantined + accepted.waiting, count);
    count
}

fn flipped(bytes: &[u8], bit: usize) -> Vec<u8> {
    let mut altered = bytes.to_vec();
    altered[bit / 8] ^= 1 << (bit % 8);
    altered
}

/// One parcel with one bit of its body, of each of its names and of its tokens changed; cut, extended and moved.
fn altered(good: &Parcel, other: Uuid) -> Vec<Parcel> {
    let mut all: Vec<Parcel> =
        (0..good.body.len() * 8).map(|bit| Parcel { body: flipped(&good.body, bit), ..good.clone() }).collect();
    all.extend((0..good.body.len()).map(|length| Parcel { body: good.body[..length].to_vec(), ..good.clone() }));
    all.push(Parcel { body: [good.body.as_slice(), &[0]].concat(), ..good.clone() });
    for bit in 0..128 {
        let id = |id: Uuid| Uuid::from_slice(&flipped(id.as_bytes(), bit)).unwrap();
        let stamp = model::Stamp(flipped(&good.stamp.0, bit).try_into().unwrap());
        all.push(Parcel { id: id(good.id), ..good.clone() });
        all.push(Parcel { scope: id(good.scope), ..good.clone() });
        all.push(Parcel { by: id(good.by), ..good.clone() });
        all.push(Parcel { stamp, ..good.clone() });
        for name in good.tokens.keys() {
            let mut parcel = good.clone();
            parcel.tokens.insert(name.clone(), flipped(&good.tokens[name], bit));
            all.push(parcel);
        }
    }
    all.push(Parcel { scope: other, ..good.clone() });
    for collection in ["doctors", "medications", "appointments", "journal"] {
        all.push(Parcel { collection: collection.into(), ..good.clone() });
    }
    all
}

#[test]
fn every_bit_of_a_document_on_the_remote_is_bound() {
    let (_a, ada, _b, bob, mut remote, chart) = two();
    let other = open_chart(&ada, "Alan");
    let id = add_record(&ada, chart, "Visit");
    put(&ada, chart, json!({"address": "8 Eighth Street", "patient_number": "A-17"}));
    push(&ada, &mut remote);
    let (statement, mergeable) = (remote.newest("medical_records"), remote.newest("patients"));
    assert!(!mergeable.tokens.is_empty());
    // The true journal and keys are here, so that each is judged by what it holds.
    let vouched: Vec<Parcel> = remote.documents.values().filter(|parcel| is_key(parcel)).cloned().collect();
    let subscription = bob.subscriptions().unwrap().remove(0);
    bob.accept(&Page { subscription, parcels: vouched, upto: 0, more: true }, now()).unwrap();

    let mut rev = remote.rev + 1;
    for good in [&statement, &mergeable] {
        for page in altered(good, other).chunks(PAGE) {
            rev += give(&bob, rev, page.to_vec()) as i64;
        }
        assert!(bob.get::<MedicalRecord>(id).unwrap().is_none());
        assert_eq!(name_of(&bob, chart), "Grace Hopper");
    }
    assert_eq!(bob.list::<MedicalRecord>(&Find::default()).unwrap().len(), 0);
    // After all of that the true ones come in.
    pull(&bob, &remote);
    assert!(bob.get::<MedicalRecord>(id).unwrap().is_some());
    let address = bob.get::<model::Patient>(chart).unwrap().unwrap().value.address;
    assert_eq!(address.as_deref(), Some("8 Eighth Street"));
    bob.state_check().unwrap();
}
