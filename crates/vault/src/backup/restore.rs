//! A vault from a backup, beside those that are here.

use super::{Backup, Watch, Way, shelf};
use crate::{Result, SafeIn, blobs, folder, slots::SlotsFile};
use std::{
    fs,
    path::{Path, PathBuf},
};
use uuid::Uuid;

/// Makes a vault of a backup under `root`, and gives its folder. It opens with the passphrase where this computer holds the device's
/// part of the key (`safe`, asked for the new folder and for those of the same person here), else with the kit. Another device may
/// have gone on from the same state, so it sends nothing until it is a device of its own ([`crate::Vault::become_new_device`]).
///
/// # Errors
/// [`crate::Error::Canceled`], [`crate::Error::DiskFull`], [`crate::Error::Damaged`] when a part of the backup is missing.
pub fn restore(root: &Path, backup: &Backup, safe: SafeIn<'_>, mut watch: Watch<'_>) -> Result<PathBuf> {
    let slots = SlotsFile::read(&backup.folder)?;
    let name = free_name(root, backup.card.device)?;
    let beside = folder::make(root, &format!(".new-{name}"))?;
    let mut way = Way { watch: &mut watch, done: 0, total: backup.card.bytes };
    let filled = fill(&beside, backup, &mut way).and_then(|()| find_secret(root, &beside, &slots, safe));
    if let Err(error) = filled {
        // The half-made folder holds nothing that the backup does not.
        let _ = fs::remove_dir_all(&beside);
        return Err(error);
    }
    let home = root.join(name);
    fs::rename(&beside, &home)?;
    folder::sync_folder(root)?;
    Ok(home)
}

/// The device's own name where it is free, as after the loss of a disk.
fn free_name(root: &Path, device: Uuid) -> Result<String> {
    match root.join(device.to_string()).exists() {
        false => Ok(device.to_string()),
        true => Ok(Uuid::from_bytes(crypto::random::bytes()?).to_string()),
    }
}

fn fill(home: &Path, backup: &Backup, way: &mut Way<'_, '_>) -> Result<()> {
    shelf::copy(&backup.folder.join(folder::DATABASE), &home.join(folder::DATABASE))?;
    // A PIN was good for the vault of then.
    SlotsFile::read(&backup.folder)?.with_quick(None).write(home)?;
    way.forward(fs::metadata(home.join(folder::DATABASE))?.len())?;
    for id in shelf::listed(&backup.folder)? {
        let to = blobs::path(home, id);
        shelf::copy(&backup.file(id)?, &to)?;
        way.forward(fs::metadata(to)?.len())?;
    }
    let card = folder::read_card(&backup.folder)?;
    folder::write_card(home, &folder::Card { restored: true, ..card })
}

/// The device's part of the key, from wherever this computer holds it for the same person. Without one, the kit opens the vault.
fn find_secret(root: &Path, home: &Path, slots: &SlotsFile, safe: SafeIn<'_>) -> Result<()> {
    let own = safe(home);
    if own.get(&slots.name()).is_ok_and(|found| found.is_some()) {
        return Ok(());
    }
    for other in folder::profiles(root)? {
        let same = SlotsFile::read(&other.folder).is_ok_and(|found| found.name() == slots.name());
        if let Some(secret) = same.then(|| safe(&other.folder).get(&slots.name()).ok().flatten()).flatten() {
            return own.keep(&slots.name(), &secret);
        }
    }
    Ok(())
}
