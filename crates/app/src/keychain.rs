//! The system's keychain, which keeps what a copied disk must not hold: Secret Service, macOS Keychain, Windows Credential Manager.

use crypto::{Key, Zeroizing};
use keyring::{Entry, Error as Refusal};
use std::path::Path;
use vault::{Error, FileSafe, Result, Safe};

/// The name under which people find our secrets in their keychain.
const SERVICE: &str = "Aidpost";

/// Switches the keychain off, for a computer where it asks at every turn: `off`.
const SWITCH: &str = "AIDPOST_KEYCHAIN";

/// Is the system's keychain to be used? It is, unless the environment says no.
pub fn is_wanted() -> bool {
    std::env::var_os(SWITCH).is_none_or(|word| word != "off")
}

/// The system's keychain.
#[derive(Clone, Copy, Debug)]
pub struct Keychain;

impl Keychain {
    /// Is there one that answers? On a computer without one, and in a session without a desktop, there is none.
    pub fn is_there() -> bool {
        let asked = Entry::new(SERVICE, "is there a keychain").and_then(|entry| entry.get_secret());
        matches!(asked, Ok(_) | Err(Refusal::NoEntry))
    }
}

impl Safe for Keychain {
    fn keep(&self, name: &str, secret: &Key) -> Result<()> {
        entry(name)?.set_secret(secret.expose()).map_err(said)
    }

    fn get(&self, name: &str) -> Result<Option<Key>> {
        match entry(name)?.get_secret().map(Zeroizing::new) {
            Ok(bytes) => Key::from_slice(&bytes).map(Some).map_err(|_| Error::Keychain("what it keeps is no key")),
            Err(Refusal::NoEntry) => Ok(None),
            Err(other) => Err(said(other)),
        }
    }

    fn forget(&self, name: &str) -> Result<()> {
        match entry(name)?.delete_credential() {
            Ok(()) | Err(Refusal::NoEntry) => Ok(()),
            Err(other) => Err(said(other)),
        }
    }
}

fn entry(name: &str) -> Result<Entry> {
    Entry::new(SERVICE, name).map_err(said)
}

/// The kind of a refusal. Its own words could hold what was kept.
fn said(refusal: Refusal) -> Error {
    Error::Keychain(match refusal {
        Refusal::NoStorageAccess(_) => "it is locked, or it asked and was refused",
        Refusal::NoDefaultStore => "there is none",
        Refusal::PlatformFailure(_) => "the system reports a failure",
        _ => "it does not give what was kept",
    })
}

/// Where the account secret of one vault is: in the keychain if there is one, else in the clear beside the vault.
pub struct OwnSafe {
    file: FileSafe,
    keychain: Option<Keychain>,
}

impl OwnSafe {
    /// The safe of a vault's folder.
    pub fn new(folder: &Path, keychain: bool) -> Self {
        OwnSafe { file: FileSafe::new(folder), keychain: keychain.then_some(Keychain) }
    }

    /// May the keychain be asked at all?
    pub(crate) fn may_use_keychain(&self) -> bool {
        self.keychain.is_some()
    }

    /// The keychain, where one answers.
    pub fn keychain(&self) -> Option<Keychain> {
        self.keychain.filter(|_| Keychain::is_there())
    }

    /// Does the secret lie in the clear beside the vault?
    ///
    /// # Errors
    /// [`Error::Damaged`], [`Error::Io`].
    pub fn lies_in_a_file(&self) -> Result<bool> {
        Ok(self.file.get("")?.is_some())
    }
}

/// Keeps a secret, and asks for it back.
fn keep_for_sure(keychain: Keychain, name: &str, secret: &Key) -> Result<()> {
    keychain.keep(name, secret)?;
    match keychain.get(name)? {
        Some(kept) if kept.same(secret) => Ok(()),
        _ => Err(Error::Keychain("it does not give what was kept")),
    }
}

impl Safe for OwnSafe {
    /// The file goes only when the keychain gives back what it was given. A keychain that refuses must not keep anybody from making a
    /// record, or from coming back to one: then the file is the weaker answer, and the Security page says so.
    fn keep(&self, name: &str, secret: &Key) -> Result<()> {
        let kept = self.keychain().map(|keychain| keep_for_sure(keychain, name, secret));
        match kept {
            Some(Ok(())) => self.file.forget(name),
            Some(Err(error)) => {
                tracing::warn!(%error, "the keychain does not take the account secret: it is kept in a file");
                self.file.keep(name, secret)
            }
            None => self.file.keep(name, secret),
        }
    }

    fn get(&self, name: &str) -> Result<Option<Key>> {
        match (self.file.get(name)?, self.keychain) {
            (Some(secret), _) => Ok(Some(secret)),
            (None, Some(keychain)) => keychain.get(name),
            (None, None) => Ok(None),
        }
    }

    fn forget(&self, name: &str) -> Result<()> {
        if let Some(keychain) = self.keychain {
            keychain.forget(name)?;
        }
        self.file.forget(name)
    }
}
