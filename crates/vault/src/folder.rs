//! What lies in a person's folder, and how it is written: new files beside the old, then exchanged, each step on disk.
//!
//! ```text
//! profile.json   initials, role, last synchronisation: all that may be seen before unlock
//! vault.slots    the passphrase slot, the sealed database key, and whose vault it is
//! vault.secret   the account secret, where the caller has no better place for it (see FileSafe)
//! vault.db       SQLCipher
//! vault.lock     held while a process has the vault open
//! blobs/         encrypted files, one each
//! erasing.json   a vault that is being destroyed: it is none any more
//! joining.json   an enrolment that was begun and not finished
//! ```

use crate::{Error, Result};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

pub(crate) const DATABASE: &str = "vault.db";
pub(crate) const SLOTS: &str = "vault.slots";
pub(crate) const SECRET: &str = "vault.secret";
pub(crate) const JOINING: &str = "joining.json";
pub(crate) const BLOBS: &str = "blobs";
/// Marks a folder whose vault is being destroyed.
pub(crate) const ERASING: &str = "erasing.json";
const PROFILE: &str = "profile.json";
pub(crate) const LOCK: &str = "vault.lock";
/// No file that is read before unlock is longer, in bytes.
const SMALL_MAX: u64 = 1024 * 1024;

/// A person on this computer, as the lock screen shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The folder.
    pub folder: PathBuf,
    /// Name of the folder.
    pub id: String,
    /// Initials of the person.
    pub initials: String,
    /// Role, as its stored word.
    pub role: String,
    /// When it last synchronised, in milliseconds since 1970.
    pub last_sync_ms: Option<i64>,
    /// When the session here was ended from another device, in milliseconds since 1970.
    pub ended_ms: Option<i64>,
    /// What is wrong with the folder; a damaged one is shown, never deleted.
    pub damaged: Option<String>,
    /// Was an enrolment begun here and not finished?
    pub joining: bool,
}

/// What the profile file holds.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Card {
    pub(crate) initials: String,
    pub(crate) role: String,
    pub(crate) last_sync_ms: Option<i64>,
    #[serde(default)]
    pub(crate) ended_ms: Option<i64>,
    /// It came out of a backup and was not opened since.
    #[serde(default)]
    pub(crate) restored: bool,
}

/// The people who have a vault under this root, by the names of their folders.
///
/// # Errors
/// [`Error::Io`] when the root cannot be listed; a root that does not exist has nobody.
pub fn profiles(root: &Path) -> Result<Vec<Profile>> {
    let entries = match fs::read_dir(root) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut profiles = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() && !is_hidden(&path) && !is_being_erased(&path) {
            profiles.push(profile(path));
        }
    }
    profiles.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(profiles)
}

/// Was an erasure begun here?
pub(crate) fn is_being_erased(folder: &Path) -> bool {
    folder.join(ERASING).exists()
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

fn profile(folder: PathBuf) -> Profile {
    let id = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let joining = folder.join(JOINING).exists();
    let missing = [SLOTS, DATABASE].into_iter().find(|name| !joining && !folder.join(name).is_file());
    let (card, damaged) = match (read_json::<Card>(&folder.join(PROFILE)), missing) {
        (Ok(card), None) => (card, None),
        (Ok(card), Some(name)) => (card, Some(format!("{name} is missing"))),
        (Err(error), _) => (Card::default(), Some(error.to_string())),
    };
    let Card { initials, role, last_sync_ms, ended_ms, restored: _ } = card;
    Profile { folder, id, initials, role, last_sync_ms, ended_ms, damaged, joining }
}

/// Reads the profile file.
pub(crate) fn read_card(folder: &Path) -> Result<Card> {
    read_json(&folder.join(PROFILE))
}

/// Writes the profile file.
pub(crate) fn write_card(folder: &Path, card: &Card) -> Result<()> {
    write_json(&folder.join(PROFILE), card)
}

/// Makes a new folder for a person under the root.
pub(crate) fn make(root: &Path, name: &str) -> Result<PathBuf> {
    fs::create_dir_all(root)?;
    let folder = root.join(name);
    fs::create_dir(&folder)?;
    fs::create_dir(folder.join(BLOBS))?;
    restrict(&folder, 0o700)?;
    sync_folder(root)?;
    Ok(folder)
}

/// Reads a small JSON file.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let bytes = read_small(path)?;
    serde_json::from_slice(&bytes).map_err(|_| Error::Damaged(format!("{} does not read", file_name(path))))
}

/// Reads a small file; a larger one is refused before it is read.
pub(crate) fn read_small(path: &Path) -> Result<Vec<u8>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Error::Damaged(format!("{} is missing", file_name(path))));
        }
        Err(error) => return Err(error.into()),
    };
    if file.metadata()?.len() > SMALL_MAX {
        return Err(Error::Damaged(format!("{} is too large", file_name(path))));
    }
    let mut bytes = Vec::new();
    file.take(SMALL_MAX).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Writes a JSON file so that after a crash either the old or the new one is there.
pub(crate) fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<()> {
    let bytes =
        serde_json::to_vec_pretty(value).map_err(|_| Error::Damaged("a file cannot be written as JSON".into()))?;
    write_whole(path, &bytes)
}

/// Writes a file so that after a crash either the old or the new one is there.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let beside = path.with_extension("new");
    let mut file = private(OpenOptions::new().write(true).create(true).truncate(true)).open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&beside, path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Makes a name in a folder durable.
#[cfg(unix)]
pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    Ok(File::open(folder)?.sync_all()?)
}

/// Windows writes names with the file; a folder cannot be opened for this.
#[cfg(not(unix))]
pub(crate) fn sync_folder(_: &Path) -> Result<()> {
    Ok(())
}

/// Files for their owner alone. On Windows the user's data folder already has such an access list.
#[cfg(unix)]
pub(crate) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600)
}

/// Files for their owner alone. On Windows the user's data folder already has such an access list.
#[cfg(not(unix))]
pub(crate) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(unix)]
pub(crate) fn restrict(path: &Path, mode: u32) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::set_permissions(path, fs::Permissions::from_mode(mode))?)
}

#[cfg(not(unix))]
pub(crate) fn restrict(_: &Path, _: u32) -> Result<()> {
    Ok(())
}

/// Takes the vault for this process; it is given back when the handle is dropped, however the process ends.
pub(crate) fn lock(folder: &Path) -> Result<File> {
    let file = private(OpenOptions::new().write(true).create(true).truncate(false)).open(folder.join(LOCK))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(Error::InUse),
        Err(fs::TryLockError::Error(error)) => Err(error.into()),
    }
}
