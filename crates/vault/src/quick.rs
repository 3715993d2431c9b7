//! Quick unlock: a PIN instead of the passphrase, for a working day. The other half of its key is in the system's keychain, so
//! that a copied folder gives nothing to guess at.

use crate::{
    Error, Result, Safe, Vault,
    folder::{self, Card},
    slots::{Quick, SlotsFile, open_slot},
};
use crypto::{
    Key,
    slot::{self, Cost},
};
use std::path::Path;

/// So long after the passphrase a PIN opens the vault, in milliseconds.
const QUICK_MS: u64 = 12 * 60 * 60 * 1000;

impl Vault {
    /// Sets a PIN, in the place of an earlier one. `boot` names the start of the computer after which it ends.
    ///
    /// # Errors
    /// [`Error::WeakPassphrase`] for fewer than six digits; [`Error::Keychain`].
    pub fn set_quick(&self, pin: &str, safe: &dyn Safe, boot: &str, now_ms: u64) -> Result<()> {
        let slots = SlotsFile::read(self.folder())?;
        let key = Key::make()?;
        let slot = self.with_core(|_, core| {
            let (root, user) = (core.keyring.root(), core.keyring.user());
            slot::close_quick(Cost::default(), root, user.as_bytes(), pin, &key).map_err(|error| match error {
                crypto::Error::Weak(rule) => Error::WeakPassphrase(rule),
                other => other.into(),
            })
        })?;
        safe.keep(&slots.quick_name(), &key)?;
        slots.with_quick(Some(Quick { slot, until_ms: now_ms + QUICK_MS, boot: boot.to_owned() })).write(self.folder())
    }

    /// Takes the PIN away. Works on a closed vault too: after too many wrong PINs there is none.
    ///
    /// # Errors
    /// [`Error::Keychain`]; the PIN is gone all the same.
    pub fn remove_quick(folder: &Path, safe: &dyn Safe) -> Result<()> {
        let slots = SlotsFile::read(folder)?;
        let name = slots.quick_name();
        slots.with_quick(None).write(folder)?;
        safe.forget(&name)
    }

    /// Notes beside the vault, for the lock screen, when the session was ended from another device; `None` when the passphrase
    /// was given since.
    ///
    /// # Errors
    /// [`Error::Damaged`], [`Error::DiskFull`], [`Error::ReadOnlyFolder`].
    pub fn note_end(folder: &Path, at_ms: Option<i64>) -> Result<()> {
        let card = folder::read_card(folder)?;
        match card.ended_ms == at_ms {
            true => Ok(()),
            false => folder::write_card(folder, &Card { ended_ms: at_ms, ..card }),
        }
    }

    /// May a PIN open the vault now? `None` where none is set.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn quick_stands(folder: &Path, boot: &str, now_ms: u64) -> Result<Option<bool>> {
        Ok(SlotsFile::read(folder)?.quick().map(|quick| stands(quick, boot, now_ms)))
    }

    /// Opens the vault with the PIN. The account secret is not needed.
    ///
    /// # Errors
    /// [`Error::NoQuick`] where the passphrase is due; [`Error::WrongPassphrase`] for a wrong PIN; [`Error::Keychain`]; and as
    /// [`Vault::open`].
    pub fn open_quick(folder: &Path, pin: &str, safe: &dyn Safe, boot: &str, now_ms: u64) -> Result<Vault> {
        let slots = SlotsFile::read(folder)?;
        let quick = slots.quick().filter(|quick| stands(quick, boot, now_ms)).ok_or(Error::NoQuick)?;
        let key = safe.get(&slots.quick_name())?.ok_or(Error::NoQuick)?;
        let root = open_slot(&quick.slot, pin, &key)?;
        let vault = Self::unlock(folder, root)?;
        vault.renew_device(now_ms)?;
        Ok(vault)
    }

    /// The passphrase was given: a PIN that is set is good for another working day.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn lengthen_quick(folder: &Path, boot: &str, now_ms: u64) -> Result<()> {
        let slots = SlotsFile::read(folder)?;
        let Some(quick) = slots.quick().cloned() else { return Ok(()) };
        let longer = Quick { until_ms: now_ms + QUICK_MS, boot: boot.to_owned(), ..quick };
        slots.with_quick(Some(longer)).write(folder)
    }
}

/// A clock that was set back does not lengthen it beyond a working day.
fn stands(quick: &Quick, boot: &str, now_ms: u64) -> bool {
    quick.boot == boot && now_ms < quick.until_ms && quick.until_ms - now_ms <= QUICK_MS
}
