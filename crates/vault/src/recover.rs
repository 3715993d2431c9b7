//! The way back with the kit on paper, on a computer that has the vault: no network is needed.

use crate::{
    Error, Result, Safe, Vault,
    front::weak,
    slots::SlotsFile,
    trust::{self, recover::keep_for_kit},
};
use crypto::{kit::Kit, slot::Cost};
use std::path::Path;

/// The code under which every device of the person hears that the kit was used here.
const KIT_USED: &str = "kit-used";

impl Vault {
    /// Opens the vault with the kit and closes it behind another passphrase. Nothing else changes; the kit stays what it was.
    ///
    /// # Errors
    /// [`Error::KitUnreadable`], [`Error::WrongKit`], [`Error::NoKit`]; [`Error::WeakPassphrase`] for the new passphrase; and as
    /// [`Vault::open`].
    pub fn recover(folder: &Path, kit_text: &str, passphrase: &str, now_ms: u64, safe: &dyn Safe) -> Result<Vault> {
        let (slots, kit) = (SlotsFile::read(folder)?, read_kit(kit_text)?);
        // The vault must open before anything is replaced.
        let vault = Self::unlock(folder, slots.open_with_kit(&kit)?)?;
        vault.finish_new_keys(safe)?;
        let (slot, account) = vault.with_core(|_, core| {
            let (keyring, account) = (&core.keyring, core.keyring.account_secret().duplicate());
            let slot = trust::slots::close(Cost::default(), keyring.user(), keyring.root(), &account, passphrase);
            Ok((slot.map_err(weak)?, account))
        })?;
        let slots = SlotsFile::read(folder)?;
        safe.keep(&slots.name(), &account)?;
        slots.with_quick(None).with_slot(&slot)?.write(folder)?;
        vault.transact(now_ms, |work| {
            let device = work.core.keyring.device();
            crate::journal::alert(work.db, KIT_USED, device, now_ms, now_ms)?;
            work.keep_object(&slot, device, 0, true)
        })?;
        Ok(vault)
    }

    /// Is this the kit of this vault, so that it would open it?
    ///
    /// # Errors
    /// As [`Vault::recover`].
    pub fn check_kit(&self, kit_text: &str) -> Result<()> {
        let (slots, kit) = (SlotsFile::read(self.folder())?, read_kit(kit_text)?);
        let opened = slots.open_with_kit(&kit)?;
        self.with_core(|_, core| match core.keyring.root().signer().public() == opened.signer().public() {
            true => Ok(()),
            false => Err(Error::WrongKit),
        })
    }

    /// Keeps the account secret in another place too.
    ///
    /// # Errors
    /// What the place says.
    pub fn keep_account_secret(&self, safe: &dyn Safe) -> Result<()> {
        let name = SlotsFile::read(self.folder())?.name();
        self.with_core(|_, core| safe.keep(&name, core.keyring.account_secret()))
    }

    /// Keeps beside the vault what the kit opens, where an earlier program did not.
    pub(crate) fn keep_way_back(&self) -> Result<()> {
        let slots = SlotsFile::read(self.folder())?;
        if slots.has_kit() {
            return Ok(());
        }
        let wrapped = self.with_core(|_, core| Ok(keep_for_kit(&core.keyring, &core.trust)?))?;
        match slots.with_kit(&wrapped).write(self.folder()) {
            // A full disk must not keep anybody from reading: the next unlock tries again.
            Err(Error::DiskFull) => Ok(()),
            other => other,
        }
    }
}

fn read_kit(text: &str) -> Result<Kit> {
    Kit::parse(text).map_err(|_| Error::KitUnreadable)
}
