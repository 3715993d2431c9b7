//! A backup is made while the vault is in use, opens in a scratch place, and becomes a vault again.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use model::{MedicalRecord, Patient};
use std::{fs, path::Path};
use tempfile::TempDir;
use uuid::Uuid;
use vault::{
    Error, FileSafe, Find, Safe, Vault,
    backup::{self, Backup},
};

fn on(_: u64, _: u64) -> bool {
    true
}

fn safe(folder: &Path) -> Box<dyn Safe> {
    Box::new(FileSafe::new(folder))
}

/// A vault with a chart, a record and a file of two segments.
fn filled() -> (TempDir, Vault, Uuid) {
    let (dir, vault) = clinic();
    let chart = open_chart(&vault, "Grace");
    attach(&vault, chart, &[7; 300_000]);
    (dir, vault, chart)
}

fn made(vault: &Vault) -> (TempDir, Backup) {
    let disk = tempfile::tempdir().unwrap();
    let backup = vault.back_up(disk.path(), now(), &mut on).unwrap();
    (disk, backup)
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 1;
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_backup_is_opened_and_counted() {
    let (_dir, vault, chart) = filled();
    let (disk, backup) = made(&vault);
    assert_eq!(backup.card.files, 1);
    vault.verify_backup(&backup, &mut on).unwrap();
    assert_eq!(backup::find(disk.path()).unwrap(), std::slice::from_ref(&backup));
    assert_eq!(backup::find(&backup.folder).unwrap(), std::slice::from_ref(&backup));
    add_record(&vault, chart, "later");
    let later = vault.back_up(disk.path(), now(), &mut on).unwrap();
    assert!(later.card.documents > backup.card.documents);
    vault.verify_backup(&backup, &mut on).unwrap();
    assert!(fs::read_dir(vault.folder()).unwrap().all(|entry| entry.unwrap().file_name() != ".scratch"));
}

#[test]
fn damage_is_found() {
    let (_dir, vault, _) = filled();
    let (disk, backup) = made(&vault);
    let refused = |backup: &Backup| matches!(vault.verify_backup(backup, &mut on), Err(Error::Damaged(_)));
    let database = backup.folder.join("vault.db");
    for page in [0, 3, 20] {
        flip(&database, page * 4096 + 100);
        assert!(refused(&backup), "page {page}");
        flip(&database, page * 4096 + 100);
    }
    let file = fs::read_dir(backup.folder.parent().unwrap().join("files")).unwrap().next().unwrap().unwrap().path();
    flip(&file, 270_000);
    assert!(refused(&backup));
    flip(&file, 270_000);
    let mut fewer = backup.clone();
    fewer.card.documents = 1;
    assert!(refused(&fewer));
    vault.verify_backup(&backup, &mut on).unwrap();
    // What has no card is none, and what lies there besides does not matter.
    fs::write(disk.path().join("notes.txt"), "shopping").unwrap();
    fs::write(backup.folder.join("backup.json"), "{").unwrap();
    assert_eq!(backup::find(disk.path()).unwrap(), []);
}

#[test]
fn a_stopped_backup_counts_as_none_and_the_next_one_is_whole() {
    let (_dir, vault, _) = filled();
    let disk = tempfile::tempdir().unwrap();
    let mut looks = 0;
    let stopped = vault.back_up(disk.path(), now(), &mut |_, _| {
        looks += 1;
        looks < 2
    });
    assert!(matches!(stopped, Err(Error::Canceled)));
    assert_eq!(backup::find(disk.path()).unwrap(), []);
    let backup = vault.back_up(disk.path(), now(), &mut on).unwrap();
    vault.verify_backup(&backup, &mut on).unwrap();
}

#[test]
fn the_newest_stay_with_their_files() {
    let (_dir, vault, chart) = filled();
    let (disk, _) = made(&vault);
    for n in 0..3 {
        add_record(&vault, chart, &format!("Visit {n}"));
        vault.back_up(disk.path(), now(), &mut on).unwrap();
    }
    let all = backup::find(disk.path()).unwrap();
    assert_eq!(all.len(), 4);
    assert_eq!(backup::keep_newest(&all[0], 2).unwrap(), 2);
    assert_eq!(backup::find(disk.path()).unwrap(), all[..2]);
    for backup in &all[..2] {
        vault.verify_backup(backup, &mut on).unwrap();
    }
}

#[test]
fn a_restored_vault_has_everything_and_is_a_device_of_its_own() {
    let (dir, vault, chart) = filled();
    let mut remote = Remote::default();
    sync(&vault, &mut remote);
    let (_disk, backup) = made(&vault);
    let later = add_record(&vault, chart, "after the backup");
    sync(&vault, &mut remote);
    // On the same computer the passphrase is enough, and the vault that is there stays as it is.
    let home = backup::restore(dir.path(), &backup, &safe, &mut on).unwrap();
    assert_ne!(home, vault.folder());
    let restored = Vault::open(&home, PASSPHRASE, now()).unwrap();
    assert!(restored.is_copy().unwrap() && restored.get::<MedicalRecord>(later).unwrap().is_none());
    let scan = restored.list::<MedicalRecord>(&Find::default()).unwrap().remove(0);
    let mut bytes = Vec::new();
    restored.read_file(&scan.value.attachments[0].file, &mut bytes).unwrap();
    assert_eq!(bytes.len(), 300_000);
    let device = restored.become_new_device(now()).unwrap();
    assert_ne!(device, vault.me().unwrap().device);
    put(&restored, chart, serde_json::json!({"address": "9 Ninth Street"}));
    for one in [&restored, &vault, &restored] {
        sync(one, &mut remote);
        assert_quiet(one);
    }
    assert!(restored.get::<MedicalRecord>(later).unwrap().is_some());
    let front = vault.get::<Patient>(chart).unwrap().unwrap();
    assert_eq!(front.value.address.as_deref(), Some("9 Ninth Street"));
    // It is marked once only.
    restored.close().unwrap();
    let again = Vault::open(&home, PASSPHRASE, now()).unwrap();
    assert!(!again.is_copy().unwrap());
}

#[test]
fn on_a_new_computer_the_kit_opens_it() {
    let dir = tempfile::tempdir().unwrap();
    let person = vault::NewPerson { initials: "AL", passphrase: PASSPHRASE, alone: true };
    let (vault, papers) = Vault::found(dir.path(), &person, now()).unwrap();
    open_chart(&vault, "Ada");
    let (_disk, backup) = made(&vault);
    let other = tempfile::tempdir().unwrap();
    let home = backup::restore(other.path(), &backup, &safe, &mut on).unwrap();
    assert_eq!(home.file_name(), vault.folder().file_name());
    assert!(matches!(Vault::open(&home, PASSPHRASE, now()), Err(Error::NoSecret)));
    let restored = Vault::recover(
        &home,
        &papers.kit_text,
        "marble otter kettle sundial thirty brook",
        now(),
        &FileSafe::new(&home),
    )
    .unwrap();
    assert_eq!(restored.list::<Patient>(&Find::default()).unwrap().len(), 1);
}

#[test]
fn a_backup_with_a_part_missing_restores_nothing() {
    let (dir, vault, _) = filled();
    let (_disk, backup) = made(&vault);
    fs::remove_dir_all(backup.folder.parent().unwrap().join("files")).unwrap();
    let before = fs::read_dir(dir.path()).unwrap().count();
    assert!(backup::restore(dir.path(), &backup, &safe, &mut on).is_err());
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), before);
}
