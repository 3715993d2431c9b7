//! Tests with hands inside: a member's own program that breaks the rules, and somebody who puts old pages back into the file.

use crate::common::*;
use crate::{
    Invitee, Vault,
    outbox::{self, Outgoing},
    trust::{BodyPlace, encode_version},
    work::Work,
};
use model::{
    AiCharacter, Class, Collection, DeviceTag, MedicalRecord, Patient, Role, Stamp, Version, mailbox::Mailbox,
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs, path::PathBuf};
use uuid::Uuid;

/// Seals any plain text as a document, as a program could that was changed by its owner.
fn forge(vault: &Vault, collection: &str, class: Class, scope: Uuid, stamp: Stamp, plain: &[u8]) -> Uuid {
    vault
        .transact(now(), |work| {
            let id = crate::look::new_id(work.now_ms)?;
            seal_as(work, collection, class, id, scope, stamp, plain)?;
            Ok(id)
        })
        .unwrap()
}

fn seal_as(
    work: &mut Work<'_>,
    collection: &str,
    class: Class,
    id: Uuid,
    scope: Uuid,
    stamp: Stamp,
    plain: &[u8],
) -> crate::Result<()> {
    let body = work.core.keyring.seal_body(&BodyPlace { collection, id, scope, stamp }, plain)?;
    let tokens = BTreeMap::new();
    outbox::put(
        work.db,
        outbox::next_tx(work.db)?,
        &Outgoing { collection, id, scope, class, stamp, body: &body, tokens: &tokens },
    )
}

fn sealed_values(values: Value, stamp: Stamp) -> Vec<u8> {
    let mut values = map(values);
    for name in ["created_at", "updated_at"] {
        values.entry(name).or_insert("2026-01-01T00:00:00.000Z".into());
    }
    let stamps = values.keys().map(|name| (name.clone(), stamp)).collect();
    encode_version(&Version { values, stamps }).unwrap()
}

/// Pushes what the forger has queued, whatever it is, and gives the reasons for which the others set it aside.
fn reasons(forger: &Vault, reader: &Vault, remote: &mut Remote) -> Vec<String> {
    let batch = forger.outgoing(now(), false).unwrap().unwrap();
    remote.push(&batch);
    // The forger's own program would stumble over its forgeries: its outbox is emptied by hand.
    forger.transact(now(), |work| outbox::end(work.db, batch.number)).unwrap();
    pull(reader, remote);
    reader.quarantine().unwrap().into_iter().rev().map(|one| one.reason).collect()
}

fn world() -> (tempfile::TempDir, Vault, tempfile::TempDir, Vault, Remote, Uuid) {
    let (dir_a, ada) = clinic();
    let (dir_b, bob) = bring_in(&ada, Invitee::Member { role: Role::Doctor, clinical: false, chart: None }, "BO");
    let chart = open_chart(&ada, "Grace");
    let mut remote = Remote::default();
    for vault in [&ada, &bob, &ada] {
        sync(vault, &mut remote);
    }
    (dir_a, ada, dir_b, bob, remote, chart)
}

#[test]
fn what_a_member_forges_is_set_aside_and_the_page_goes_on() {
    let (_a, ada, _b, bob, mut remote, chart) = world();
    let me = bob.me().unwrap();
    let stamp = Stamp::new(now(), 0, DeviceTag::of(me.device));
    let appointment = |changes: Value| {
        let mut values = map(json!({
            "patient_id": chart, "doctor_id": me.user, "appointment_date": "2026-05-01T08:00:00.000Z", "local_time": "2026-05-01T10:00",
            "zone": "Europe/Warsaw", "duration_minutes": 20, "status": "confirmed", "state": "confirmed", "cancel_reason": null,
            "reason": null, "notes": null,
        }));
        values.extend(map(changes));
        Value::Object(values)
    };
    let send = |collection: &str, scope: Uuid, stamp: Stamp, plain: &[u8]| {
        forge(&bob, collection, Class::Mergeable, scope, stamp, plain)
    };
    send("appointments", chart, stamp, b"no BSON at all");
    send("appointments", chart, stamp, &sealed_values(appointment(json!({"duration_minutes": "long"})), stamp));
    send("appointments", chart, stamp, &sealed_values(json!({"reason": "the rest is missing"}), stamp));
    let other = Stamp::new(now(), 1, DeviceTag::of(me.device));
    send("appointments", chart, other, &sealed_values(appointment(json!({})), stamp));
    let character = json!({"name": "x", "description": "x", "personality": {"traits": [], "knowledge_base": ""},
        "ai_settings": {"temperature": 1.0, "max_tokens": 10, "model": "m"}, "is_active": true, "avatar": null});
    send(AiCharacter::DEF.name, me.realm, stamp, &sealed_values(character, stamp));
    let file =
        json!({"blob": Uuid::nil(), "key": "", "length": 10, "cipher_length": 11, "cipher_sha256": "00", "sha256": ""});
    let page = json!({"user_id": me.user, "specialization": null, "license_number": null, "experience_years": null, "location": null,
        "bio": null, "photo": file});
    send("doctors", me.realm, stamp, &sealed_values(page, stamp));
    let good =
        send("appointments", chart, stamp, &sealed_values(appointment(json!({"colour": "a newer field"})), stamp));
    forge(&bob, MedicalRecord::DEF.name, Class::Statement, chart, stamp, b"no statement");
    let reasons = reasons(&bob, &ada, &mut remote);
    assert_eq!(reasons, ["form", "shape", "shape", "stamp", "not-allowed", "shape", "form"]);
    let appointments = ada.list::<model::Appointment>(&crate::Find::default()).unwrap();
    assert_eq!((appointments.len(), appointments[0].id, appointments[0].author), (1, good, Some(me.user)));
    // A field that this program does not know is kept, and sent on with the next change.
    ada.write(now(), |w| w.put::<model::Appointment>(good, chart, &map(json!({"notes": "seen"})))).unwrap();
    let history = ada.history("appointments", good).unwrap();
    assert!(history.iter().any(|entry| entry.key == "colour"));
    assert_eq!(ada.retry_quarantine(now()).unwrap().quarantined, 7, "nothing became better by trying again");
    ada.state_check().unwrap();
}

/// What only a newer program reads is kept, and taken in when that program is there.
#[test]
fn what_was_set_aside_is_tried_again_after_an_update() {
    let (_a, ada, _b, bob, mut remote, chart) = world();
    let id = add_record(&bob, chart, "of a newer program");
    push(&bob, &mut remote);
    let parcel = remote.documents.get_mut(&("medical_records".to_owned(), id)).unwrap();
    let schema = std::mem::replace(&mut parcel.schema, 99);
    pull(&ada, &remote);
    assert_eq!(ada.quarantine().unwrap()[0].reason, "newer");
    assert!(ada.retry_after_update("0.1", now()).unwrap());
    assert!(!ada.retry_after_update("0.1", now()).unwrap(), "once for each program");
    assert!(ada.get::<MedicalRecord>(id).unwrap().is_none());
    // The update: this program reads it now.
    let sql = "UPDATE quarantine SET schema = ?1";
    ada.with_core(|connection, _| Ok(connection.execute(sql, [schema])?)).unwrap();
    assert!(ada.retry_after_update("0.2", now()).unwrap());
    assert_eq!(ada.get::<MedicalRecord>(id).unwrap().unwrap().value.title, "of a newer program");
    assert_eq!(ada.quarantine().unwrap(), []);
    ada.state_check().unwrap();
}

/// A second review of one appointment, under an id of its own.
#[test]
fn the_only_document_of_its_kind_has_the_id_that_says_so() {
    let (_a, ada, _b, bob, mut remote, _) = world();
    let me = bob.me().unwrap();
    let values = map(
        json!({"doctor_id": ada.me().unwrap().user, "patient_id": me.user, "appointment_id": Uuid::from_u128(9),
        "rating": 1, "comment": null, "created_at": "2026-01-01T00:00:00.000Z", "updated_at": "2026-01-01T00:00:00.000Z"}),
    );
    let forged = bob.transact(now(), |work| {
        let (id, stamp) = (crate::look::new_id(work.now_ms)?, Stamp::new(now(), 0, DeviceTag::of(me.device)));
        let (collection, scope, at_ms) = ("reviews", me.realm, work.now_ms);
        let said = crate::trust::Statement { collection, id, scope, stamp, at_ms, previous: None, values: &values };
        let signed = crate::trust::statement::make(&work.core.keyring, &said)?;
        seal_as(work, collection, Class::Statement, id, scope, stamp, &signed)
    });
    forged.unwrap();
    assert_eq!(reasons(&bob, &ada, &mut remote), ["identity"]);
    assert!(ada.list::<model::Review>(&crate::Find::default()).unwrap().is_empty());
}

#[test]
fn two_versions_that_together_are_too_large_stop_nothing() {
    let (_a, ada, _b, bob, mut remote, chart) = world();
    let long = |letter: &str| {
        json!({"allergies": [{"id": Uuid::new_v8([letter.as_bytes()[0]; 16]), "substance": letter.repeat(700_000), "reaction": null,
            "severity": null, "confirmed": false, "code": null, "origin": null}]})
    };
    put(&ada, chart, long("a"));
    put(&bob, chart, long("b"));
    add_record(&ada, chart, "behind it");
    sync(&ada, &mut remote);
    sync(&bob, &mut remote);
    let row = bob.get::<Patient>(chart).unwrap().unwrap();
    assert_eq!(row.value.allergies.len(), 2, "nothing is lost here");
    let aside = bob.quarantine().unwrap();
    assert_eq!((aside.len(), aside[0].reason.as_str(), aside[0].own), (1, "too-large", true));
    assert_eq!(bob.list::<MedicalRecord>(&crate::Find::default()).unwrap().len(), 1);
}

/// A closed vault, and what its file and its log were before a few more writes.
struct Aged {
    _dir: tempfile::TempDir,
    folder: PathBuf,
    root: crypto::root::UserRoot,
    old: Vec<Vec<u8>>,
    old_log: Vec<u8>,
    new: Vec<Vec<u8>>,
    shown: Value,
}

/// What came of a file that somebody put together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Outcome {
    Found,
    /// Nothing that is shown changed.
    Harmless,
}

impl Aged {
    fn new() -> Aged {
        let (dir, vault) = clinic();
        let chart = open_chart(&vault, "Grace");
        for n in 0..40 {
            add_record(&vault, chart, &format!("first {n}"));
        }
        let (folder, root) =
            (vault.folder().to_owned(), vault.with_core(|_, core| Ok(core.keyring.root().duplicate())).unwrap());
        let read = |vault: Vault| {
            vault.close().unwrap();
            fs::read(folder.join("vault.db")).unwrap().chunks(4096).map(<[u8]>::to_vec).collect::<Vec<_>>()
        };
        let old = read(vault);
        let vault = Vault::unlock(&folder, root.duplicate()).unwrap();
        add_record(&vault, chart, "between");
        let old_log = fs::read(folder.join("vault.db-wal")).unwrap();
        vault.close().unwrap();
        let vault = Vault::unlock(&folder, root.duplicate()).unwrap();
        put(&vault, chart, json!({"name": "Grace H.", "address": "somewhere"}));
        for n in 0..10 {
            add_record(&vault, chart, &format!("second {n}"));
        }
        let shown = everything(&vault);
        let new = read(vault);
        Aged { _dir: dir, folder, root, old, old_log, new, shown }
    }

    /// The pages that are another than before, of those that were there before.
    fn changed(&self) -> Vec<usize> {
        (0..self.old.len()).filter(|at| self.old[*at] != self.new[*at]).collect()
    }

    /// Puts old pages back, and a log beside them; panics when something shown changes unnoticed.
    fn put_back(&self, pages: &[usize], log: Option<&[u8]>) -> Outcome {
        let mut mixed = self.new.clone();
        for at in pages {
            mixed[*at] = self.old[*at].clone();
        }
        fs::write(self.folder.join("vault.db"), mixed.concat()).unwrap();
        // What lies beside the file belongs to the attempt before.
        for name in ["vault.db-wal", "vault.db-shm"] {
            drop(fs::remove_file(self.folder.join(name)));
        }
        if let Some(log) = log {
            fs::write(self.folder.join("vault.db-wal"), log).unwrap();
        }
        let opened = Vault::unlock(&self.folder, self.root.duplicate());
        match opened.and_then(|vault| vault.state_check().map(|()| vault)) {
            Err(error) => {
                assert!(matches!(error, crate::Error::Damaged(_)), "pages {pages:?}: {error}");
                Outcome::Found
            }
            Ok(vault) => {
                assert!(everything(&vault) == self.shown, "pages {pages:?} changed what is shown and were not found");
                Outcome::Harmless
            }
        }
    }
}

/// Of a vault's file, each page that a few writes changed is put back alone.
#[test]
fn an_old_page_that_is_put_back_is_found() {
    let aged = Aged::new();
    let outcomes: Vec<_> = aged.changed().iter().map(|at| aged.put_back(&[*at], None)).collect();
    let found = outcomes.iter().filter(|one| **one == Outcome::Found).count();
    let harmless = outcomes.len() - found;
    eprintln!("{} pages put back alone: {found} found, {harmless} changed nothing that is shown", outcomes.len());
    assert!(found > 10 && found > harmless);
}

/// Two and more of them at once, as whoever knows how the file is built would choose them, or chance.
#[test]
fn sets_of_old_pages_that_are_put_back_are_found() {
    const SETS: usize = 120;
    let aged = Aged::new();
    let changed = aged.changed();
    let mut rng = fastrand::Rng::with_seed(41);
    let mut found = 0;
    for _ in 0..SETS {
        let count = rng.usize(2..changed.len());
        let set: Vec<usize> = rng.choose_multiple(changed.iter().copied(), count);
        found += usize::from(aged.put_back(&set, None) == Outcome::Found);
    }
    eprintln!("{SETS} sets of old pages put back: {found} found, the others changed nothing that is shown");
    assert!(found * 10 > SETS * 9);
}

/// A log of former times is laid beside the file: its pages would come over the newer ones.
#[test]
fn an_old_log_beside_the_file_is_found() {
    let aged = Aged::new();
    assert_eq!(aged.put_back(&[], None), Outcome::Harmless, "the file as it was left is whole");
    assert!(!aged.old_log.is_empty(), "there was a log");
    assert_eq!(aged.put_back(&[], Some(&aged.old_log)), Outcome::Found);
}

fn everything(vault: &Vault) -> Value {
    let patients = vault.list::<Patient>(&crate::Find::default()).unwrap();
    let records = vault.list::<MedicalRecord>(&crate::Find::default()).unwrap();
    let patients: Vec<_> = patients.iter().map(|row| json!([row.id, row.stamp, row.value])).collect();
    let records: Vec<_> = records.iter().map(|row| json!([row.id, row.stamp, row.value])).collect();
    let found = vault.search::<MedicalRecord>("second", 0, 50).unwrap().0;
    json!([patients, records, found])
}

#[test]
fn an_in_flight_version_of_a_new_document_is_no_conflict_with_itself() {
    let (_a, ada, _b, _bob, mut remote, chart) = world();
    let fresh = open_chart(&ada, "First");
    let batch = ada.outgoing(now(), false).unwrap().unwrap();
    let receipt = remote.push(&batch);
    put(&ada, fresh, json!({"name": "Second"}));
    pull(&ada, &remote);
    ada.sent(&receipt).unwrap();
    sync(&ada, &mut remote);
    assert!(ada.conflicts_open().unwrap().is_empty());
    assert_eq!((name_of(&ada, fresh), name_of(&ada, chart)), ("Second".into(), "Grace".into()));
    assert_quiet(&ada);
}

#[test]
fn a_stamp_from_the_future_moves_no_clock_and_has_not_the_last_word() {
    let (_a, ada, _b, bob, mut remote, chart) = world();
    let me = bob.me().unwrap();
    let day = 86_400_000;
    let ahead = |ms: u64| Stamp::new(now() + ms, 0, DeviceTag::of(me.device));
    let values = |zone: &str| {
        json!({
            "patient_id": chart, "doctor_id": me.user, "appointment_date": "2026-05-01T08:00:00.000Z", "local_time": "2026-05-01T10:00",
            "zone": zone, "duration_minutes": 20, "status": "confirmed", "state": "confirmed", "cancel_reason": null,
            "reason": null, "notes": null,
        })
    };
    let send = |stamp: Stamp| {
        let plain = sealed_values(values("Europe/Warsaw"), stamp);
        forge(&bob, "appointments", Class::Mergeable, chart, stamp, &plain)
    };
    let (tomorrow, for_ever) = (send(ahead(day)), send(ahead(500 * day)));
    assert_eq!(reasons(&bob, &ada, &mut remote), ["future"]);
    assert!(ada.get::<model::Appointment>(for_ever).unwrap().is_none());
    // What is a day ahead is followed where it stands; the clock that made the next stamp elsewhere did not move.
    let change =
        |id: Uuid| ada.write(now(), |w| w.put::<model::Appointment>(id, chart, &map(json!({"notes": "seen"}))));
    change(tomorrow).unwrap();
    let row = ada.get::<model::Appointment>(tomorrow).unwrap().unwrap();
    assert!(row.value.notes.as_deref() == Some("seen") && row.stamp.ms() >= now() + day / 2);
    put(&ada, chart, json!({"address": "today"}));
    assert!(ada.get::<Patient>(chart).unwrap().unwrap().stamp.ms() < now() + 60_000);
}

#[test]
fn a_correction_shows_though_the_corrected_clock_was_ahead() {
    let (_a, ada, _b, bob, mut remote, chart) = world();
    let (id, _) = bob
        .write(now() + 200_000, |w| {
            let id = w.new_id()?;
            w.append(id, chart, &record(chart, "Visti"))?;
            Ok(id)
        })
        .unwrap();
    for vault in [&bob, &ada] {
        sync(vault, &mut remote);
    }
    ada.write(now(), |w| w.amend::<MedicalRecord>(id, &map(json!({"title": "Visit"})))).unwrap();
    for vault in [&ada, &bob] {
        sync(vault, &mut remote);
        assert_eq!(vault.get::<MedicalRecord>(id).unwrap().unwrap().value.title, "Visit");
        assert!(vault.conflicts_open().unwrap().is_empty());
    }
}

#[test]
fn what_waits_is_bounded_and_what_somebody_vouches_for_goes_last() {
    let (_a, ada, _b, bob, mut remote, chart) = world();
    add_record(&bob, chart, "unsent");
    let mut batches = Vec::new();
    for title in ["one", "two"] {
        add_record(&ada, chart, title);
        let batch = ada.outgoing(now(), false).unwrap().unwrap();
        ada.sent(&remote.clone().push(&batch)).unwrap();
        batches.push(batch);
    }
    // The second entry comes before the first, and the first only after a flood.
    remote.push(&batches[1]);
    pull(&bob, &remote);
    let before = bob.waiting_for().unwrap();
    let flood = remote.newest("medical_records");
    let pages = (0u32..23).map(|page| {
        let one = |n: u32| {
            let id = Uuid::from_u128(u128::from(page * 1_000 + n) + 1);
            model::Parcel { id, rev: 1_000_000 + i64::from(page * 1_000 + n), body: vec![1; 200], ..flood.clone() }
        };
        (0..1_000).map(one).collect::<Vec<_>>()
    });
    for parcels in pages {
        let subscription = bob.subscriptions().unwrap().remove(0);
        bob.accept(&model::parcel::Page { subscription, parcels, upto: 0, more: true }, now()).unwrap();
        assert!(bob.waiting().unwrap() <= 20_000);
    }
    assert!(bob.waiting().unwrap() > 15_000);
    assert!(before.contains(&("gap".into(), "journal".into(), 1)));
    assert!(bob.waiting_for().unwrap().contains(&("gap".into(), "journal".into(), 1)), "an entry is signed");
    assert_eq!(bob.counts().unwrap().to_send, 1, "our own is not among it");
    remote.push(&batches[0]);
    pull(&bob, &remote);
    let known = |vault: &Vault| vault.list::<MedicalRecord>(&crate::Find::default()).unwrap().len();
    assert_eq!(known(&bob), 2, "what was let go is asked for again by the comparison");
    let lost = remote.documents.values().filter(|parcel| parcel.collection == "medical_records").cloned().collect();
    let subscription = bob.subscriptions().unwrap().remove(0);
    bob.accept(&model::parcel::Page { subscription, parcels: lost, upto: 0, more: false }, now()).unwrap();
    assert_eq!(known(&bob), 3);
}

#[test]
fn after_a_failed_check_the_vault_is_read_only_until_one_succeeds() {
    let (dir, ada) = clinic();
    let chart = open_chart(&ada, "Grace");
    let id = add_record(&ada, chart, "Visit");
    let damage = |vault: &Vault, from: &str, to: &str| {
        let sql = "UPDATE statements SET collection = ?2 WHERE collection = ?1";
        vault.with_core(|connection, _| Ok(connection.execute(sql, (from, to))?)).unwrap();
    };
    damage(&ada, "medical_records", "elsewhere");
    assert!(matches!(ada.state_check(), Err(crate::Error::Damaged(_))));
    let refused = |vault: &Vault| {
        assert!(vault.is_read_only().unwrap());
        assert!(matches!(vault.write(now(), |w| w.new_id()), Err(crate::Error::CheckFailed)));
        assert!(matches!(vault.outgoing(now(), false), Err(model::mailbox::MailboxError::CheckFailed)));
        assert_eq!(name_of(vault, chart), "Grace");
        assert!(vault.alerts().unwrap().iter().any(|alert| alert.code == "state-check"));
    };
    refused(&ada);
    let folder = ada.folder().to_owned();
    ada.close().unwrap();
    let ada = Vault::open(&folder, PASSPHRASE, now()).unwrap();
    refused(&ada);
    damage(&ada, "elsewhere", "medical_records");
    ada.state_check().unwrap();
    put(&ada, chart, json!({"address": "written again"}));
    assert!(ada.get::<MedicalRecord>(id).unwrap().is_some());
    drop(dir);
}
