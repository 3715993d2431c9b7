//! Destroying a vault: first the keys, then the rest. Interrupted anywhere, it leaves a folder that nothing opens, and is gone on with
//! at the next start.
//!
//! The keys are written over in place and deleted. A disk that keeps old blocks (flash, journals, snapshots) may hold them longer than
//! the file system says; then what is left is protected as a stolen disk is, by the passphrase and the keychain.

use crate::{Error, Result, Safe, Vault, folder, slots::SlotsFile, trust};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};
use trust::erasure::Erasure;

/// Folders of this name hold nothing that opens, and go.
const GONE: &str = ".gone-";

/// What is needed to go on when the keys are destroyed.
#[derive(Serialize, Deserialize)]
struct Names {
    /// The account secret's name; absent where another vault of the person on this computer needs it.
    account: Option<String>,
    /// The name of the PIN's key.
    quick: Option<String>,
}

/// How an erasure went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erased {
    /// Did the keychain forget what it kept for this vault? What it keeps alone opens nothing.
    pub keychain: bool,
}

impl Vault {
    /// Signs what is about to be destroyed.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn certify_erasure(&self, erasure: &Erasure) -> Result<String> {
        self.with_core(|_, core| Ok(trust::erasure::certify(&core.keyring, &core.trust, erasure)?))
    }
}

/// Destroys the vault in a folder. It must be closed.
///
/// # Errors
/// [`Error::InUse`]; [`Error::Io`], [`Error::ReadOnlyFolder`]: what was destroyed until then stays so, and it can be gone on with.
pub fn erase(home: &Path, safe: &dyn Safe) -> Result<Erased> {
    let lock = folder::lock(home)?;
    let names = begin(home)?;
    destroy_keys(home)?;
    let keychain = forget(&names, safe);
    delete_content(home)?;
    // An open file keeps a folder from being renamed on Windows.
    drop(lock);
    leave(home)?;
    Ok(Erased { keychain })
}

/// Goes on with erasures that were interrupted.
///
/// # Errors
/// As [`erase`].
pub fn finish_erasures(root: &Path, safe: &dyn Fn(&Path) -> Box<dyn Safe>) -> Result<()> {
    for path in folders(root)? {
        let is_gone = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(GONE));
        if is_gone {
            fs::remove_dir_all(&path)?;
        } else if folder::is_being_erased(&path) {
            erase(&path, &*safe(&path))?;
        }
    }
    Ok(())
}

fn folders(root: &Path) -> Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(root) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let paths = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    Ok(paths.into_iter().filter(|path| path.is_dir()).collect())
}

/// From here on the folder is no vault any more.
fn begin(home: &Path) -> Result<Names> {
    let mark = home.join(folder::ERASING);
    if mark.exists() {
        return folder::read_json(&mark);
    }
    let names = match SlotsFile::read(home) {
        Ok(slots) => {
            Names { account: Some(slots.name()).filter(|name| !is_shared(home, name)), quick: Some(slots.quick_name()) }
        }
        // A damaged vault is erased too; what the keychain keeps for it cannot be named.
        Err(Error::Damaged(_) | Error::NotAVault) => Names { account: None, quick: None },
        Err(other) => return Err(other),
    };
    folder::write_json(&mark, &names)?;
    Ok(names)
}

/// Does another vault of the same person lie beside this one?
fn is_shared(home: &Path, name: &str) -> bool {
    let others = home.parent().map(folders).and_then(Result::ok).unwrap_or_default();
    others
        .iter()
        .filter(|other| *other != home)
        .any(|other| SlotsFile::read(other).is_ok_and(|slots| slots.name() == name))
}

fn destroy_keys(home: &Path) -> Result<()> {
    let beside = Path::new(folder::SLOTS).with_extension("new");
    for file in [Path::new(folder::SLOTS), Path::new(folder::SECRET), &beside] {
        overwrite(&home.join(file))?;
    }
    folder::sync_folder(home)
}

/// Writes over a file in place, then deletes it.
fn overwrite(path: &Path) -> Result<()> {
    let mut file = match OpenOptions::new().write(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        file => file?,
    };
    for _ in 0..file.metadata()?.len().div_ceil(64) {
        file.write_all(&crypto::random::bytes::<64>()?)?;
    }
    file.sync_all()?;
    Ok(fs::remove_file(path)?)
}

fn forget(names: &Names, safe: &dyn Safe) -> bool {
    // All are tried, whatever one says.
    let forgotten: Vec<bool> =
        [&names.account, &names.quick].into_iter().flatten().map(|name| safe.forget(name).is_ok()).collect();
    forgotten.into_iter().all(|done| done)
}

fn delete_content(home: &Path) -> Result<()> {
    for entry in fs::read_dir(home)? {
        let path = entry?.path();
        let stays = [folder::ERASING, folder::LOCK].iter().any(|name| path.ends_with(name));
        match path.is_dir() {
            true => fs::remove_dir_all(&path)?,
            false if stays => {}
            false => fs::remove_file(&path)?,
        }
    }
    Ok(())
}

fn leave(home: &Path) -> Result<()> {
    let name = home.file_name().ok_or(Error::NotAVault)?.to_string_lossy();
    let gone = home.with_file_name(format!("{GONE}{name}"));
    fs::rename(home, &gone)?;
    Ok(fs::remove_dir_all(gone)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FileSafe, NewPerson, profiles};

    const PASSPHRASE: &str = "quiet orchard morning ferry";
    const NOW: u64 = 1_800_000_000_000;

    fn vault(root: &Path) -> Vault {
        Vault::found(root, &NewPerson { initials: "AL", passphrase: PASSPHRASE, alone: true }, NOW).unwrap().0
    }

    fn safe(folder: &Path) -> Box<dyn Safe> {
        Box::new(FileSafe::new(folder))
    }

    #[test]
    fn interrupted_after_any_step_nothing_opens_and_the_next_start_ends_it() {
        type Step = fn(&Path) -> Result<()>;
        let steps: [Step; 5] = [
            |home| begin(home).map(drop),
            |home| overwrite(&home.join(folder::SLOTS)),
            destroy_keys,
            delete_content,
            |home| Ok(fs::rename(home, home.with_file_name(format!("{GONE}x")))?),
        ];
        for done in 1..=steps.len() {
            let root = tempfile::tempdir().unwrap();
            let vault = vault(root.path());
            let home = vault.folder().to_owned();
            vault.close().unwrap();
            steps[..done].iter().try_for_each(|step| step(&home)).unwrap();
            assert!(Vault::open(&home, PASSPHRASE, NOW).is_err(), "after {done} steps");
            assert!(profiles(root.path()).unwrap().is_empty(), "after {done} steps");
            finish_erasures(root.path(), &safe).unwrap();
            assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0, "after {done} steps");
        }
    }

    #[test]
    fn the_key_file_is_written_over_before_it_goes() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("key");
        fs::write(&path, [7; 100]).unwrap();
        let link = root.path().join("link");
        fs::hard_link(&path, &link).unwrap();
        overwrite(&path).unwrap();
        assert!(!path.exists());
        let left = fs::read(&link).unwrap();
        assert!(
            left.len() == 128 && left.iter().filter(|byte| **byte == 7).count() < 10,
            "the same blocks, other bytes"
        );
    }

    #[test]
    fn an_open_vault_is_not_erased_and_another_of_the_same_person_keeps_its_secret() {
        let root = tempfile::tempdir().unwrap();
        let (first, second) = (vault(root.path()), vault(root.path()));
        assert!(matches!(erase(first.folder(), &FileSafe::new(first.folder())), Err(Error::InUse)));
        first.close().unwrap();
        assert_eq!(erase(first.folder(), &FileSafe::new(first.folder())).unwrap(), Erased { keychain: true });
        second.close().unwrap();
        Vault::open(second.folder(), PASSPHRASE, NOW).unwrap();
    }

    #[test]
    fn a_certificate_verifies_without_the_record_and_no_letter_of_it_can_be_changed() {
        let root = tempfile::tempdir().unwrap();
        let vault = vault(root.path());
        let me = vault.me().unwrap();
        let erasure = Erasure {
            realm: me.realm,
            user: me.user,
            device: me.device,
            at: model::Time::from_ms(1_800_000_000_000),
            requested_at: None,
            chart: None,
            destroyed: vec!["keys_on_this_device".into()],
            kept: vec![trust::erasure::Kept { what: "entries_in_charts".into(), until: None }],
            out_of_reach: vec!["copies_made_by_earlier_readers".into()],
        };
        let text = vault.certify_erasure(&erasure).unwrap();
        vault.close().unwrap();
        erase(vault.folder(), &FileSafe::new(vault.folder())).unwrap();
        assert_eq!(trust::erasure::verify(&text).unwrap(), erasure);
        for (from, to) in
            [("keys_on_this_device", "keys_on_that_device"), (&me.user.to_string(), &me.device.to_string())]
        {
            let changed = text.replacen(from, to, 1);
            assert!(changed != text && trust::erasure::verify(&changed).is_err());
        }
        let other = self::vault(root.path());
        let foreign = other.certify_erasure(&erasure).unwrap();
        assert!(trust::erasure::verify(&foreign).is_err(), "who signs speaks of themself");
        assert!(trust::erasure::verify("{}").is_err());
    }
}
