//! Making, opening and closing, and everything that can be wrong with a folder.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use model::Patient;
use std::{fs, io::Write, path::Path};
use vault::{Error, Find, NewPerson, Vault, profiles};

fn person() -> NewPerson<'static> {
    NewPerson { initials: "AL", passphrase: PASSPHRASE, alone: true }
}

#[test]
fn a_vault_is_listed_opened_again_and_keeps_everything() {
    let (dir, vault) = clinic();
    let (chart, me) = (open_chart(&vault, "Grace"), vault.me().unwrap());
    vault.set_setting("theme", Some("dark")).unwrap();
    vault.set_last_sync_ms(42).unwrap();
    let folder = vault.folder().to_owned();
    assert!(matches!(Vault::open(&folder, PASSPHRASE, now()), Err(Error::InUse)));
    vault.close().unwrap();
    assert!(matches!(vault.get::<Patient>(chart), Err(Error::Closed)));
    assert!(!folder.join("vault.db-wal").exists());
    let listed = profiles(dir.path()).unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (listed[0].initials.as_str(), listed[0].role.as_str(), listed[0].last_sync_ms),
        ("AL", "doctor", Some(42))
    );
    assert_eq!(listed[0].damaged, None);
    drop(vault);
    assert!(matches!(
        Vault::open(&folder, "papaya lantern orbit mosaic thirteen viola", now()),
        Err(Error::WrongPassphrase)
    ));
    let vault = Vault::open(&folder, PASSPHRASE, now()).unwrap();
    assert_eq!(vault.me().unwrap(), me);
    assert_eq!(name_of(&vault, chart), "Grace");
    assert_eq!(vault.setting("theme").unwrap().as_deref(), Some("dark"));
    put(&vault, chart, serde_json::json!({"name": "Grace H."}));
    vault.state_check().unwrap();
}

#[test]
fn a_passphrase_is_changed_and_a_weak_one_refused() {
    let (_dir, vault) = clinic();
    let new = "umbrella quartz ninety harbour velvet acorn";
    assert!(matches!(vault.change_passphrase("something else altogether", new, now()), Err(Error::WrongPassphrase)));
    assert!(matches!(vault.change_passphrase(PASSPHRASE, "passwordpassword", now()), Err(Error::WeakPassphrase(_))));
    vault.change_passphrase(PASSPHRASE, new, now()).unwrap();
    let folder = vault.folder().to_owned();
    drop(vault);
    assert!(matches!(Vault::open(&folder, PASSPHRASE, now()), Err(Error::WrongPassphrase)));
    Vault::open(&folder, new, now()).unwrap();
}

#[test]
fn folders_that_are_no_vault_or_damaged_say_so_and_are_left_alone() {
    let (dir, vault) = clinic();
    let folder = vault.folder().to_owned();
    open_chart(&vault, "Grace");
    vault.close().unwrap();
    drop(vault);
    assert!(matches!(Vault::open(&dir.path().join("nowhere"), PASSPHRASE, now()), Err(Error::NotAVault)));
    let database = folder.join("vault.db");
    let whole = fs::read(&database).unwrap();
    let opened = |bytes: &[u8]| {
        fs::write(&database, bytes).unwrap();
        Vault::open(&folder, PASSPHRASE, now()).map(|vault| vault.state_check())
    };
    let mut plain = whole.clone();
    plain[..16].copy_from_slice(b"SQLite format 3\0");
    assert!(matches!(opened(&plain), Err(Error::NotAVault)));
    for cut in [0, 10, 4096, whole.len() / 2, whole.len() - 4096] {
        assert!(matches!(opened(&whole[..cut]), Err(Error::Damaged(_)) | Ok(Err(Error::Damaged(_)))), "cut at {cut}");
    }
    for at in [0, 20, 5_000, whole.len() / 2, whole.len() - 1] {
        let mut flipped = whole.clone();
        flipped[at] ^= 1;
        let outcome = opened(&flipped);
        assert!(
            matches!(outcome, Err(Error::Damaged(_)) | Ok(Err(Error::Damaged(_)))),
            "byte {at}: {:?}",
            outcome.err()
        );
        assert_eq!(fs::read(&database).unwrap().len(), whole.len(), "byte {at}");
    }
    fs::remove_file(&database).unwrap();
    assert_eq!(profiles(dir.path()).unwrap()[0].damaged.as_deref(), Some("vault.db is missing"));
    fs::write(&database, &whole).unwrap();
    Vault::open(&folder, PASSPHRASE, now()).unwrap().state_check().unwrap();
}

#[test]
fn what_lies_beside_the_database_is_checked() {
    let (dir, vault) = clinic();
    let folder = vault.folder().to_owned();
    drop(vault);
    let slots = folder.join("vault.slots");
    let whole = fs::read_to_string(&slots).unwrap();
    let opened = |text: &str| {
        fs::write(&slots, text).unwrap();
        Vault::open(&folder, PASSPHRASE, now()).map(drop)
    };
    assert!(matches!(opened("{"), Err(Error::Damaged(_))));
    assert!(matches!(
        opened(&whole.replace("\"format\": 1", "\"format\": 2")),
        Err(Error::Newer { found: 2, known: 1 })
    ));
    assert!(matches!(opened(&whole.replace("\"m\": 131072", "\"m\": 1024")), Err(Error::Damaged(_))));
    assert!(opened(&whole).is_ok());
    let secret = folder.join("vault.secret");
    fs::rename(&secret, folder.join("elsewhere")).unwrap();
    assert!(matches!(opened(&whole), Err(Error::NoSecret)));
    fs::write(folder.join("profile.json"), "nonsense").unwrap();
    assert!(profiles(dir.path()).unwrap()[0].damaged.is_some());
}

#[test]
fn a_folder_that_cannot_be_written_is_told_from_a_damaged_one() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("place");
    fs::write(&place, "a file").unwrap();
    assert!(matches!(Vault::found(&place, &person(), now()), Err(Error::ReadOnlyFolder)));
    assert!(matches!(Vault::found(&place.join("under"), &person(), now()), Err(Error::ReadOnlyFolder)));
    assert_eq!(fs::read(&place).unwrap(), b"a file");
    let weak = NewPerson { passphrase: "123456789012", ..person() };
    assert!(matches!(Vault::found(dir.path(), &weak, now()), Err(Error::WeakPassphrase(_))));
}

#[test]
fn a_full_disk_leaves_nothing_half_written() {
    let (_dir, vault) = clinic();
    let chart = open_chart(&vault, "Grace");
    let before = (
        vault.count::<model::MedicalRecord>(&Find::default()).unwrap(),
        model::mailbox::Mailbox::counts(&vault).unwrap(),
    );
    vault.limit_pages(1).unwrap();
    let mut kept = 0;
    let full = loop {
        let outcome = vault.write(now(), |w| {
            for _ in 0..50 {
                let id = w.new_id()?;
                w.append(id, chart, &record(chart, &"x".repeat(2_000)))?;
            }
            w.keep_file(chart, &mut &[7u8; 100_000][..], 100_000, 1_000_000)?;
            Ok(())
        });
        match outcome {
            Ok(_) => kept += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(full, Error::DiskFull), "{full}");
    let count = vault.count::<model::MedicalRecord>(&Find::default()).unwrap();
    assert_eq!(count, before.0 + kept * 50);
    let counts = model::mailbox::Mailbox::counts(&vault).unwrap();
    assert_eq!(counts.to_send, before.1.to_send + kept * 50);
    assert_eq!(fs::read_dir(vault.folder().join("blobs")).unwrap().count() as u64, kept);
    vault.limit_pages(0).unwrap();
    vault.state_check().unwrap();
    add_record(&vault, chart, "room again");
}

/// A marker is put in every kind of personal value; no file of the folder may contain it.
#[test]
fn no_file_contains_what_a_person_wrote() {
    let (_dir, vault) = clinic();
    let marker = "Zebracanary";
    let chart = open_chart(&vault, marker);
    vault
        .write(now(), |w| {
            let id = w.new_id()?;
            w.append(id, chart, &record(chart, marker))?;
            w.amend::<model::MedicalRecord>(id, &map(serde_json::json!({"notes": marker})))?;
            w.keep_file(chart, &mut marker.as_bytes(), marker.len() as u64, 1_000)?;
            let patient = Some(chart);
            let draft =
                vault::Draft { id, author: id, patient, kind: "note".into(), text: marker.into(), at_ms: now() };
            w.draft(&draft)
        })
        .unwrap();
    vault.set_setting("marker", Some(marker)).unwrap();
    assert_eq!(vault.drafts().unwrap()[0].text, marker);
    assert_eq!(vault.search::<Patient>(marker, 0, 5).unwrap().0, 1);
    let searched = assert_absent(vault.folder(), marker);
    assert!(searched >= 6, "{searched} files");
    vault.close().unwrap();
    assert_absent(vault.folder(), marker);
    assert_absent(vault.folder(), PASSPHRASE);
}

fn assert_absent(folder: &Path, marker: &str) -> usize {
    let mut searched = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            searched += assert_absent(&path, marker);
            continue;
        }
        searched += 1;
        let bytes = fs::read(&path).unwrap();
        let lower = bytes.to_ascii_lowercase();
        let wanted = marker.to_ascii_lowercase();
        assert!(!lower.windows(wanted.len()).any(|window| window == wanted.as_bytes()), "{}", path.display());
        assert!(!marker.is_empty());
    }
    std::io::stderr().flush().unwrap();
    searched
}
