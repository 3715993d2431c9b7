//! How backups lie on a disk.
//!
//! ```text
//! aidpost-<device>/
//!   files/<blob>          encrypted files, for all backups of the device: one never changes
//!   <made, ms>/           vault.db, vault.slots, profile.json as in a vault
//!     files.txt           the files that belong to it, one id a line
//!     backup.json         written last: without it, it is none
//! ```

use super::remove_folder;
use crate::{Error, Me, Result, blobs, folder};
use model::parcel::BlobTicket;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};
use uuid::Uuid;

const FORMAT: u32 = 1;
const CARD: &str = "backup.json";
const FILES: &str = "files";
const LIST: &str = "files.txt";
const MAKING: &str = ".making";
/// Entries of a folder that are looked at when backups are sought.
const LOOKED_AT: usize = 10_000;
/// From the folder that a person names down to a backup: a folder of devices, a device, a backup.
const DEPTH: usize = 2;

/// What a backup says of itself. Nothing in it tells of a patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupCard {
    format: u32,
    /// When it was made, in milliseconds since 1970.
    pub made_ms: u64,
    /// The device that made it.
    pub device: Uuid,
    /// Number of documents.
    pub documents: u64,
    /// Number of files.
    pub files: u64,
    /// Bytes in all.
    pub bytes: u64,
}

impl BackupCard {
    pub(super) fn new(me: Me, made_ms: u64, documents: u64, files: usize, bytes: u64) -> Self {
        BackupCard { format: FORMAT, made_ms, device: me.device, documents, files: files as u64, bytes }
    }
}

/// A backup on a disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Its folder.
    pub folder: PathBuf,
    /// What it says of itself.
    pub card: BackupCard,
}

impl Backup {
    fn read(folder: &Path) -> Result<Self> {
        let card: BackupCard = folder::read_json(&folder.join(CARD))?;
        match card.format > FORMAT {
            true => Err(Error::Newer { found: card.format, known: FORMAT }),
            false => Ok(Backup { folder: folder.to_owned(), card }),
        }
    }

    /// Initials of the person whose vault it is; empty where the file that holds them does not read.
    pub fn initials(&self) -> String {
        folder::read_card(&self.folder).map(|card| card.initials).unwrap_or_default()
    }

    /// Where a file of it lies.
    pub(super) fn file(&self, id: Uuid) -> Result<PathBuf> {
        let home = self.folder.parent().ok_or(Error::NotAVault)?;
        Ok(home.join(FILES).join(id.to_string()))
    }
}

/// The backups in a folder or below it, newest first. Folders that cannot be read are passed over.
///
/// # Errors
/// [`Error::Io`], [`Error::ReadOnlyFolder`] when the folder itself cannot be read.
pub fn find(folder: &Path) -> Result<Vec<Backup>> {
    if let Ok(one) = Backup::read(folder) {
        return Ok(vec![one]);
    }
    let mut level = folders(folder)?;
    let mut found = Vec::new();
    for _ in 0..DEPTH {
        let (whole, others): (Vec<_>, Vec<_>) = level.into_iter().partition(|path| path.join(CARD).is_file());
        found.extend(whole.iter().filter_map(|path| Backup::read(path).ok()));
        level = others.iter().flat_map(|path| folders(path).unwrap_or_default()).take(LOOKED_AT).collect();
    }
    found.sort_by_key(|one| std::cmp::Reverse(one.card.made_ms));
    Ok(found)
}

fn folders(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)?.take(LOOKED_AT) {
        let path = entry?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() && !hidden {
            found.push(path);
        }
    }
    Ok(found)
}

/// The ids of a backup's files.
pub(super) fn listed(backup: &Path) -> Result<BTreeSet<Uuid>> {
    let text = fs::read_to_string(backup.join(LIST))?;
    let id = |line: &str| Uuid::try_parse(line).map_err(|_| Error::Damaged(format!("{LIST} does not read")));
    text.lines().map(id).collect()
}

/// Keeps the newest backups of a device, and the files that they name; gives the number of those that went.
///
/// # Errors
/// [`Error::Io`], [`Error::ReadOnlyFolder`]: what was removed until then is gone.
pub fn keep_newest(newest: &Backup, number: usize) -> Result<usize> {
    let home = newest.folder.parent().ok_or(Error::NotAVault)?;
    let all = find(home)?;
    let (kept, old) = all.split_at(number.max(1).min(all.len()));
    for one in old {
        // Without its card it is none: a removal that is cut off leaves nothing that looks whole.
        fs::remove_file(one.folder.join(CARD))?;
        remove_folder(&one.folder)?;
    }
    if !old.is_empty() {
        let mut needed = BTreeSet::new();
        for one in kept {
            needed.extend(listed(&one.folder)?.iter().map(Uuid::to_string));
        }
        remove_others(&home.join(FILES), &needed)?;
    }
    Ok(old.len())
}

fn remove_others(files: &Path, needed: &BTreeSet<String>) -> Result<()> {
    for entry in fs::read_dir(files)? {
        let entry = entry?;
        if !needed.contains(&*entry.file_name().to_string_lossy()) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// A backup that is being made.
pub(super) struct Making {
    home: PathBuf,
    folder: PathBuf,
}

impl Making {
    pub(super) fn begin(into: &Path, device: Uuid) -> Result<Self> {
        let home = into.join(format!("aidpost-{device}"));
        fs::create_dir_all(home.join(FILES))?;
        folder::restrict(&home, 0o700)?;
        let folder = home.join(MAKING);
        remove_folder(&folder)?;
        fs::create_dir(&folder)?;
        Ok(Making { home, folder })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Copies a file of the vault, unless an earlier backup did.
    pub(super) fn take_file(&self, vault: &Path, id: Uuid, length: u64) -> Result<()> {
        let to = self.home.join(FILES).join(id.to_string());
        let is_there = fs::metadata(&to).is_ok_and(|found| found.len() == length);
        if is_there { Ok(()) } else { copy(&blobs::path(vault, id), &to) }
    }

    /// Names it as a backup, when all of it is on the disk.
    pub(super) fn finish(self, card: BackupCard, files: &[BlobTicket]) -> Result<Backup> {
        let list: String = files.iter().map(|file| format!("{}\n", file.id)).collect();
        folder::write_whole(&self.path(LIST), list.as_bytes())?;
        folder::write_json(&self.path(CARD), &card)?;
        let named = self.home.join(card.made_ms.to_string());
        fs::rename(&self.folder, &named)?;
        folder::sync_folder(&self.home)?;
        Ok(Backup { folder: named, card })
    }
}

/// Copies a file so that under its name it is whole.
pub(super) fn copy(from: &Path, to: &Path) -> Result<()> {
    let beside = to.with_extension("new");
    fs::copy(from, &beside)?;
    fs::File::open(&beside)?.sync_all()?;
    Ok(fs::rename(beside, to)?)
}
