//! A world made by this program is read by another one, in Python, that was written from the specification alone: it derives
//! every key from the passphrase, the account secret and the realm's printed root, opens and checks everything, and refuses
//! whatever is altered. What it reads is what the vault itself shows.

#![allow(clippy::unwrap_used, reason = "a test that meets what it does not expect has failed")]

use aidpost_tests::desk::Desk;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use data_encoding::HEXLOWER;
use model::mailbox::Mailbox;
use model::parcel::{Fate, Receipt};
use model::{MedicalRecord, Parcel, Patient};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};
use uuid::Uuid;
use vault::{Find, IndexKind, NewPerson, Vault};

const NOW_MS: u64 = 1_800_000_000_000;
const PASSPHRASE: &str = "Übermut harbour seven lanterns";
const PHONE: &str = "+442079460958";

fn map(json: Value) -> Map<String, Value> {
    json.as_object().unwrap().clone()
}

fn python() -> PathBuf {
    let cache = env::var_os("XDG_CACHE_HOME").map_or_else(|| home().join(".cache"), PathBuf::from);
    let python = cache.join("aidpost/venv/bin/python");
    assert!(
        python.exists(),
        "the second reader's Python is missing: run `scripts/setup.sh test` once ({})",
        python.display()
    );
    python
}

fn home() -> PathBuf {
    PathBuf::from(env::var_os("HOME").expect("a home folder"))
}

/// A chart with a front page that was changed once, a record, and a file of three segments.
fn write_world(vault: &Vault) -> Uuid {
    let content: Vec<u8> = (0..600_000u32).map(|n| (n * 11 % 253).to_le_bytes()[0]).collect();
    let front = json!({
        "user_id": null, "patient_number": "A-17", "name": "Grażyna Hopper", "date_of_birth": "1967-08-14", "gender": null,
        "phone": PHONE, "is_archived": false,
        "allergies": [{"id": Uuid::from_u128(1), "substance": "Penicillin", "reaction": null, "severity": null,
            "confirmed": true, "code": null, "origin": null}],
    });
    let (chart, _) = vault
        .write(NOW_MS, |w| {
            let (chart, record) = (w.new_id()?, w.new_id()?);
            w.open_chart(chart, None)?;
            w.put::<Patient>(chart, chart, &map(front))?;
            let file = w.keep_file(chart, &mut &*content, 600_000, 1_000_000)?;
            let value: MedicalRecord = serde_json::from_value(json!({
                "patient_id": chart, "doctor_id": null, "source_doctor": null, "document_type": "VISIT", "title": "Besuch – ärztlich",
                "date_of_record": "2026-03-13", "description": null, "notes": "for her and her team", "origin": null,
                "attachments": [{"id": w.new_id()?, "file": file, "file_name": "scan.pdf", "file_type": "application/pdf",
                    "thumbnail": null}],
                "is_archived": false, "is_hidden": false,
            }))
            .expect("a record");
            w.append(record, chart, &value)?;
            Ok(chart)
        })
        .unwrap();
    chart
}

/// Pushes everything to a remote that keeps the newest of each document.
fn push(vault: &Vault, remote: &mut BTreeMap<(String, Uuid), Parcel>) {
    while let Some(batch) = vault.outgoing(NOW_MS, false).unwrap() {
        let fates = batch.parcels.iter().map(|_| Fate::Stored { rev: 1 }).collect();
        for parcel in batch.parcels.iter().chain([&batch.journal]) {
            remote.insert((parcel.collection.clone(), parcel.id), parcel.clone());
        }
        vault.sent(&Receipt { number: batch.number, fates }).unwrap();
    }
}

fn files(vault: &Vault) -> Vec<Value> {
    let records = vault.list::<MedicalRecord>(&Find::default()).unwrap();
    let references = records.iter().flat_map(|row| &row.value.attachments).map(|attachment| &attachment.file);
    references
        .map(|file| {
            let ticket = vault.files_to_send().unwrap().into_iter().find(|ticket| ticket.id == file.blob).unwrap();
            let segment = |index| STANDARD.encode(vault.segment(file.blob, index).unwrap());
            json!({"reference": file, "segments": (0..ticket.segments).map(segment).collect::<Vec<_>>()})
        })
        .collect()
}

fn export(vault: &Vault, root_kit: &str, remote: &BTreeMap<(String, Uuid), Parcel>) -> Value {
    let parcels: Vec<Value> = remote
        .values()
        .map(|parcel| {
            json!({
                "collection": parcel.collection, "id": parcel.id, "scope": parcel.scope, "stamp": HEXLOWER.encode(&parcel.stamp.0),
                "body": HEXLOWER.encode(&parcel.body),
            })
        })
        .collect();
    let token = vault.index_token(IndexKind::Phone, PHONE).unwrap().unwrap();
    json!({
        "realm": HEXLOWER.encode(vault.me().unwrap().realm.as_bytes()), "root_kit": root_kit, "passphrase": PASSPHRASE,
        "account": fs::read_to_string(vault.folder().join("vault.secret")).unwrap(), "parcels": parcels, "files": files(vault),
        "tokens": [{"kind": "phone", "normal": PHONE, "epoch": 1, "token": HEXLOWER.encode(&token)}],
    })
}

fn read(folder: &Path, world: &Value) -> Result<Value, String> {
    let path = folder.join("world.json");
    fs::write(&path, world.to_string()).unwrap();
    let reader = Path::new(env!("CARGO_MANIFEST_DIR")).join("second_reader/reader.py");
    let output = Command::new(python()).arg(reader).arg(&path).output().unwrap();
    match output.status.success() {
        true => Ok(serde_json::from_slice(&output.stdout).unwrap()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

#[test]
fn another_program_reads_the_same_and_refuses_what_is_altered() {
    let dir = tempfile::tempdir().unwrap();
    let person = NewPerson { initials: "AL", passphrase: PASSPHRASE, alone: false };
    let (vault, papers) = Vault::found(dir.path(), &person, NOW_MS).unwrap();
    let chart = write_world(&vault);
    let mut remote = BTreeMap::new();
    push(&vault, &mut remote);
    vault.write(NOW_MS + 1, |w| w.put::<Patient>(chart, chart, &map(json!({"address": "8 Eighth Street"})))).unwrap();
    push(&vault, &mut remote);
    let world = export(&vault, papers.root_kit_text.as_ref().unwrap(), &remote);

    let seen = read(dir.path(), &world).unwrap();
    let patient = serde_json::to_value(vault.get::<Patient>(chart).unwrap().unwrap().value).unwrap();
    for name in ["name", "phone", "address", "allergies", "date_of_birth"] {
        assert_eq!(seen["patients"][0][name], patient[name], "{name}");
    }
    let record = &vault.list::<MedicalRecord>(&Find::default()).unwrap()[0].value;
    assert_eq!(seen["records"][0]["title"], record.title);
    assert_eq!(seen["records"][0]["attachments"], serde_json::to_value(&record.attachments).unwrap());
    assert_eq!(seen["files"], json!([record.attachments[0].file.sha256]));
    let at_least = |name: &str, least: u64| {
        let found = seen[name].as_u64().or_else(|| seen["read"][name].as_u64()).unwrap();
        assert!(found >= least, "{found} of {name}");
    };
    let least = [
        ("certs", 2),
        ("scope_keys", 4),
        ("grants", 6),
        ("slots", 1),
        ("entries", 2),
        ("tokens", 1),
        ("tampered", 500),
    ];
    least.into_iter().for_each(|(name, least)| at_least(name, least));

    refuses_another_world(dir.path(), &world);
}

/// What the reader finds before it comes to single parcels: another root, a missing entry, another passphrase.
fn refuses_another_world(folder: &Path, world: &Value) {
    let without = |collection: &str| {
        let mut world = world.clone();
        let parcels = world["parcels"].as_array_mut().unwrap();
        let at = parcels.iter().position(|parcel| parcel["collection"] == collection).unwrap();
        parcels.remove(at);
        world
    };
    let other = |name: &str, value: &str| {
        let mut world = world.clone();
        world[name] = value.into();
        world
    };
    let wrong = [
        (without("journal"), "journal"),
        (without("certs"), "cert"),
        (without("scope_keys"), "nobody signed for"),
        (other("passphrase", "Ubermut harbour seven lanterns"), "sealed bytes"),
        (other("account", &"00".repeat(32)), "sealed bytes"),
        (other("realm", &"00".repeat(16)), "realm"),
    ];
    for (world, reason) in wrong {
        let error = read(folder, &world).unwrap_err();
        assert!(error.contains(reason), "{reason}: {error}");
    }
}

/// A saved access log needs no key at all.
fn check_log(folder: &Path, log: &[u8]) -> Result<Value, String> {
    let path = folder.join("access-log.json");
    fs::write(&path, log).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("second_reader/access_log.py");
    let output = Command::new(python()).arg(script).arg(&path).output().unwrap();
    match output.status.success() {
        true => Ok(serde_json::from_slice(&output.stdout).unwrap()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_program_checks_a_saved_access_log_and_refuses_what_is_altered() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::make_clinic(&folder.path().join("vaults")).await.unwrap();
    let form = json!({ "name": "Amara Nwosu", "date_of_birth": "1967-08-14", "gender": "female", "phone": null, "email": null, "address": null, "preferred_language": null, "blood_group": null });
    let patient = desk.ask("patients.register", form).await.unwrap()["id"].clone();
    let code = desk.ask("transfer.receive", json!({ "source": "here" })).await.unwrap()["code"].clone();
    let names = json!(["Dr Ann", "Dr Émile “B”\tC"]);
    for name in names.as_array().unwrap() {
        let ask =
            json!({ "patient": patient, "choices": [], "kinds": ["allergies"], "receiver": code, "recipient": name });
        desk.ask("transfer.send", ask).await.unwrap();
    }
    let log = desk.fetch("access.export", json!({ "patient": patient })).await.unwrap();
    desk.leave().await;
    assert_eq!(check_log(folder.path(), &log).unwrap(), names);
    let text = String::from_utf8(log).unwrap();
    for (from, to) in [("Dr Ann", "Dr Bob"), ("Amina", "Anima"), ("\"at_ms\": 1", "\"at_ms\": 2")] {
        let altered = text.replacen(from, to, 1);
        assert_ne!(altered, text, "{from}");
        let said = check_log(folder.path(), altered.as_bytes()).unwrap_err();
        assert!(said.contains("Refused"), "{from}: {said}");
    }
}
