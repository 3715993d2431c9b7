//! The look through a vault finds what is wrong, mends what is safe to mend, and leaves the rest as it is.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

mod common;

use common::*;
use model::mailbox::Mailbox;
use std::{
    fs,
    path::PathBuf,
    time::{Duration, SystemTime},
};
use vault::Vault;

fn on(_: u64, _: u64) -> bool {
    true
}

/// Files have the time of the computer, not that of the story.
fn real_now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis() as u64
}

fn file_of(vault: &Vault) -> PathBuf {
    let mut all = fs::read_dir(vault.folder().join("blobs")).unwrap();
    all.next().unwrap().unwrap().path()
}

#[test]
fn a_healthy_vault_has_nothing_to_mend() {
    let (_dir, vault) = clinic();
    attach(&vault, open_chart(&vault, "Grace"), &[7; 300_000]);
    let found = vault.examine(real_now(), &mut on).unwrap();
    assert_eq!(found, vault::Examination { files_good: 1, ..Default::default() });
}

#[test]
fn a_damaged_file_that_was_sent_is_fetched_again_and_an_unsent_one_is_kept_and_named() {
    let (_dir, vault) = clinic();
    let (_, file) = attach(&vault, open_chart(&vault, "Grace"), &[7; 300_000]);
    let path = file_of(&vault);
    let mut bytes = fs::read(&path).unwrap();
    bytes[280_000] ^= 1;
    fs::write(&path, &bytes).unwrap();
    assert_eq!(vault.examine(real_now(), &mut on).unwrap().files_lost, [file.blob]);
    assert_eq!(fs::read(&path).unwrap(), bytes, "it may still be of use");
    vault.file_sent(file.blob).unwrap();
    let found = vault.examine(real_now(), &mut on).unwrap();
    assert_eq!((found.files_fetched_again, found.files_lost.len()), (1, 0));
    assert_eq!(vault.files_to_fetch(9).unwrap().len(), 1);
    assert!(!path.exists());
}

#[test]
fn what_no_record_names_goes_when_it_is_old() {
    let (_dir, vault) = clinic();
    let blobs = vault.folder().join("blobs");
    fs::write(blobs.join("new-one"), "x").unwrap();
    let old = fs::File::create(blobs.join("old-one")).unwrap();
    old.set_modified(SystemTime::now() - Duration::from_secs(2 * 86_400)).unwrap();
    assert_eq!(vault.examine(real_now(), &mut on).unwrap().files_left_over, 1);
    assert!(blobs.join("new-one").exists() && !blobs.join("old-one").exists());
}

#[test]
fn it_can_be_stopped() {
    let (_dir, vault) = clinic();
    attach(&vault, open_chart(&vault, "Grace"), &[7; 1000]);
    assert!(matches!(vault.examine(real_now(), &mut |_, _| false), Err(vault::Error::Canceled)));
}
