//! Where the account secret is kept between starts: a place of the system's, or a file as the weaker answer.

use crate::{Result, folder};
use crypto::{Key, Zeroizing};
use std::path::{Path, PathBuf};

/// Keeps one secret for each vault. A shell with a keychain implements it; [`FileSafe`] needs none.
pub trait Safe: Send + Sync {
    /// Keeps a secret under a name, replacing an earlier one.
    ///
    /// # Errors
    /// Whatever keeps it from being kept.
    fn keep(&self, name: &str, secret: &Key) -> Result<()>;

    /// Gives the secret; `None` when there is none under this name.
    ///
    /// # Errors
    /// Whatever keeps it from being read.
    fn get(&self, name: &str) -> Result<Option<Key>>;

    /// Forgets the secret; one that is not there is forgotten already.
    ///
    /// # Errors
    /// Whatever keeps it from being deleted.
    fn forget(&self, name: &str) -> Result<()>;
}

/// Keeps the secret in the clear in the vault's own folder.
///
/// **A copied disk is then protected by the passphrase alone.** The interface must say so for as long as this is in use.
pub struct FileSafe {
    path: PathBuf,
}

impl FileSafe {
    /// A safe in the folder of a vault.
    pub fn new(folder: &Path) -> Self {
        FileSafe { path: folder.join(folder::SECRET) }
    }
}

impl Safe for FileSafe {
    fn keep(&self, _: &str, secret: &Key) -> Result<()> {
        let text = Zeroizing::new(data_encoding::HEXLOWER.encode(secret.expose()));
        folder::write_whole(&self.path, text.as_bytes())
    }

    fn get(&self, _: &str) -> Result<Option<Key>> {
        if !self.path.exists() {
            return Ok(None);
        }
        let text = Zeroizing::new(folder::read_small(&self.path)?);
        let bytes = Zeroizing::new(data_encoding::HEXLOWER.decode(&text).map_err(|_| damaged())?);
        Key::from_slice(&bytes).map(Some).map_err(|_| damaged())
    }

    fn forget(&self, _: &str) -> Result<()> {
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

fn damaged() -> crate::Error {
    crate::Error::Damaged("vault.secret does not read".into())
}
