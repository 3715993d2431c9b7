//! A world for the tests: folders, people, and a remote in memory that keeps the rules of the real one.
#![allow(dead_code, clippy::unwrap_used)]

use model::{
    Class, Map, Parcel,
    mailbox::Mailbox,
    parcel::{Accepted, Batch, Fate, Page, Receipt, Subscription},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
};
use tempfile::TempDir;
use uuid::Uuid;
use vault::{Invitee, Joining, NewPerson, Vault};

pub const PASSPHRASE: &str = "papaya lantern orbit mosaic thirteen violin";
pub const START_MS: u64 = 1_800_000_000_000;

static CLOCK: AtomicU64 = AtomicU64::new(START_MS);

/// The time; it moves by one second at each look.
pub fn now() -> u64 {
    CLOCK.fetch_add(1_000, Ordering::Relaxed)
}

pub fn map(json: Value) -> Map {
    json.as_object().cloned().expect("an object")
}

pub fn patient(name: &str) -> Map {
    map(json!({
        "user_id": null, "patient_number": null, "name": name, "date_of_birth": "1967-08-14", "gender": null,
        "phone": "+375 29 123-45-67", "is_archived": false,
    }))
}

/// Founds a clinic in a folder of its own.
pub fn clinic() -> (TempDir, Vault) {
    let dir = tempfile::tempdir().unwrap();
    let person = NewPerson { initials: "AL", passphrase: PASSPHRASE, alone: false };
    let (vault, papers) = Vault::found(dir.path(), &person, now()).unwrap();
    assert!(papers.kit_text.starts_with("KIT1:") && papers.root_kit_text.is_some());
    assert_eq!(papers.fingerprint, vault.fingerprint().unwrap());
    (dir, vault)
}

/// Brings somebody in, through the three texts.
pub fn bring_in(inviter: &Vault, invitee: Invitee, initials: &str) -> (TempDir, Vault) {
    let dir = tempfile::tempdir().unwrap();
    let invitation = inviter.invite(invitee, b"card", now()).unwrap();
    let (joining, request, words) = Joining::begin(dir.path(), &invitation, initials, PASSPHRASE, now()).unwrap();
    let seen = inviter.read_request(&request, now()).unwrap();
    assert_eq!((seen.kind, &seen.check_words), (invitee, &words));
    let answer = inviter.admit(&request, &words, now()).unwrap();
    let (vault, _) = joining.finish(&answer, now()).unwrap();
    (dir, vault)
}

/// Opens a chart with its front page.
pub fn open_chart(vault: &Vault, name: &str) -> Uuid {
    let (id, _) = vault
        .write(now(), |w| {
            let id = w.new_id()?;
            w.open_chart(id, None)?;
            w.put::<model::Patient>(id, id, &patient(name))?;
            Ok(id)
        })
        .unwrap();
    id
}

pub fn put(vault: &Vault, id: Uuid, values: Value) {
    vault.write(now(), |w| w.put::<model::Patient>(id, id, &map(values))).unwrap();
}

pub fn name_of(vault: &Vault, id: Uuid) -> String {
    vault.get::<model::Patient>(id).unwrap().unwrap().value.name
}

pub fn record(patient: Uuid, title: &str) -> model::MedicalRecord {
    serde_json::from_value(json!({
        "patient_id": patient, "doctor_id": null, "source_doctor": null, "document_type": "VISIT", "title": title,
        "date_of_record": "2026-03-13", "description": null, "notes": null, "attachments": [], "origin": null,
        "is_archived": false, "is_hidden": false,
    }))
    .unwrap()
}

/// Adds a record with a file to a chart.
pub fn attach(vault: &Vault, chart: Uuid, content: &[u8]) -> (Uuid, model::BlobRef) {
    let added = vault.write(now(), |w| {
        let file = w.keep_file(chart, &mut &*content, content.len() as u64, 100_000_000)?;
        let mut value = record(chart, "scan");
        value.attachments = vec![model::Attachment {
            id: w.new_id()?,
            file: file.clone(),
            file_name: "scan.png".into(),
            file_type: "image/png".into(),
            thumbnail: None,
        }];
        let id = w.new_id()?;
        w.append(id, chart, &value)?;
        Ok((id, file))
    });
    added.unwrap().0
}

/// Adds a record to a chart.
pub fn add_record(vault: &Vault, chart: Uuid, title: &str) -> Uuid {
    let (id, _) = vault
        .write(now(), |w| {
            let id = w.new_id()?;
            w.append(id, chart, &record(chart, title))?;
            Ok(id)
        })
        .unwrap();
    id
}

/// The remote: a counter, the documents by id, and the journal entry as receipt.
#[derive(Clone, Default)]
pub struct Remote {
    pub rev: i64,
    pub documents: BTreeMap<(String, Uuid), Parcel>,
    pub receipts: BTreeMap<Uuid, (Vec<u8>, Receipt)>,
}

impl Remote {
    pub fn push(&mut self, batch: &Batch) -> Receipt {
        if let Some((bytes, receipt)) = self.receipts.get(&batch.journal.id) {
            assert_eq!(bytes, &batch.journal.body, "a device sent two entries with one number");
            return receipt.clone();
        }
        self.store(&batch.journal);
        let fates = batch.parcels.iter().map(|parcel| self.take(parcel)).collect();
        let receipt = Receipt { number: batch.number, fates };
        self.receipts.insert(batch.journal.id, (batch.journal.body.clone(), receipt.clone()));
        receipt
    }

    fn take(&mut self, parcel: &Parcel) -> Fate {
        let there = self.documents.get(&(parcel.collection.clone(), parcel.id)).map_or(0, |there| there.rev);
        match there == parcel.rev {
            true => Fate::Stored { rev: self.store(parcel) },
            false => Fate::Behind { remote: there },
        }
    }

    fn store(&mut self, parcel: &Parcel) -> i64 {
        self.rev += 1;
        let stored = Parcel { rev: self.rev, ..parcel.clone() };
        self.documents.insert((parcel.collection.clone(), parcel.id), stored);
        self.rev
    }

    pub fn page(&self, subscription: &Subscription, size: usize) -> Page {
        let mut parcels: Vec<Parcel> = self
            .documents
            .values()
            .filter(|parcel| {
                parcel.rev > subscription.cursor && subscription.scope.is_none_or(|scope| scope == parcel.scope)
            })
            .cloned()
            .collect();
        parcels.sort_by_key(|parcel| parcel.rev);
        let more = parcels.len() > size;
        parcels.truncate(size);
        let upto = if more { parcels.last().map_or(self.rev, |last| last.rev) } else { self.rev };
        Page { subscription: subscription.clone(), parcels, upto, more }
    }

    /// The one document of this collection that was pushed last.
    pub fn newest(&self, collection: &str) -> Parcel {
        let of = self.documents.values().filter(|parcel| parcel.collection == collection);
        of.max_by_key(|parcel| parcel.rev).unwrap().clone()
    }

    /// Puts a document there as the operator could, under a new revision.
    pub fn plant(&mut self, parcel: Parcel) {
        self.store(&parcel);
    }
}

/// Pulls everything, in pages of so many.
pub fn pull_in_pages(vault: &Vault, remote: &Remote, size: usize) -> Accepted {
    let mut total = Accepted::default();
    loop {
        let mut more = false;
        for subscription in vault.subscriptions().unwrap() {
            let page = remote.page(&subscription, size);
            more |= page.more;
            let accepted = vault.accept(&page, now()).unwrap();
            total.changed.extend(accepted.changed);
            total.waiting += accepted.waiting;
            total.quarantined += accepted.quarantined;
            total.conflicts += accepted.conflicts;
        }
        if !more {
            return total;
        }
    }
}

pub fn pull(vault: &Vault, remote: &Remote) -> Accepted {
    pull_in_pages(vault, remote, 7)
}

/// Pushes everything.
pub fn push(vault: &Vault, remote: &mut Remote) {
    while let Some(batch) = vault.outgoing(now(), false).unwrap() {
        let again = vault.outgoing(now(), false).unwrap().unwrap();
        assert_eq!(again, batch, "a batch is fixed");
        let receipt = remote.push(&batch);
        vault.sent(&receipt).unwrap();
        if receipt.fates.iter().any(|fate| matches!(fate, Fate::Behind { .. })) {
            pull(vault, remote);
        }
    }
}

/// Pull, push, and pull once more, as the engine does.
pub fn sync(vault: &Vault, remote: &mut Remote) -> Accepted {
    let first = pull(vault, remote);
    push(vault, remote);
    let second = pull(vault, remote);
    Accepted {
        changed: [first.changed, second.changed].concat(),
        waiting: first.waiting + second.waiting,
        quarantined: first.quarantined + second.quarantined,
        conflicts: first.conflicts + second.conflicts,
    }
}

/// Nothing waits, nothing was set aside, nothing is unsent.
pub fn assert_quiet(vault: &Vault) {
    let counts = vault.counts().unwrap();
    assert_eq!(
        (counts.to_send, counts.quarantined, vault.waiting().unwrap()),
        (0, 0, 0),
        "{:?}",
        vault.quarantine().unwrap()
    );
}

pub fn is_key(parcel: &Parcel) -> bool {
    parcel.class == Class::Key
}

pub const DOCTOR: Invitee = Invitee::Member { role: model::Role::Doctor, clinical: false, chart: None };

/// Two staff of one clinic, each on a device of their own, and a chart that both have.
pub fn two() -> (tempfile::TempDir, Vault, tempfile::TempDir, Vault, Remote, Uuid) {
    let (dir_a, ada) = clinic();
    let (dir_b, bob) = bring_in(&ada, DOCTOR, "BO");
    let chart = open_chart(&ada, "Grace Hopper");
    let mut remote = Remote::default();
    sync(&ada, &mut remote);
    sync(&bob, &mut remote);
    sync(&ada, &mut remote);
    for vault in [&ada, &bob] {
        assert_quiet(vault);
        assert_eq!(name_of(vault, chart), "Grace Hopper");
    }
    (dir_a, ada, dir_b, bob, remote, chart)
}

pub fn all_values(vault: &Vault, chart: Uuid) -> Value {
    let mut patient = serde_json::to_value(vault.get::<model::Patient>(chart).unwrap().unwrap().value).unwrap();
    let records = vault
        .list::<model::MedicalRecord>(&vault::Find { order: Some(("created_at", false)), ..vault::Find::default() })
        .unwrap();
    let records: Vec<Value> = records.iter().map(|row| json!([row.id, row.author, row.value])).collect();
    let conflicts: Vec<Uuid> =
        vault.list::<model::Conflict>(&vault::Find::default()).unwrap().iter().map(|row| row.id).collect();
    let mut conflicts = conflicts;
    conflicts.sort();
    patient["records"] = json!(records);
    patient["conflicts"] = json!(conflicts);
    patient
}

pub fn there(remote: &Remote) -> Vec<(String, Uuid, i64)> {
    remote.documents.iter().map(|((collection, id), parcel)| (collection.clone(), *id, parcel.rev)).collect()
}
