//! The file beside the database: whose vault it is, the passphrase slot, and the database key sealed for its person.

use crate::{
    Error, Result, folder,
    trust::{self, KeyObject, Keyring},
};
use crypto::{
    Key,
    root::UserRoot,
    slot::{self, Slot},
};
use serde::{Deserialize, Serialize};
use std::path::Path;
use uuid::Uuid;

const FORMAT: u32 = 1;

/// The content of `vault.slots`.
#[derive(Serialize, Deserialize)]
pub(crate) struct SlotsFile {
    format: u32,
    realm: Uuid,
    user: Uuid,
    device: Uuid,
    slot: Slot,
    /// The database key, sealed for the person on this device; hex.
    vault_key: String,
}

impl SlotsFile {
    /// Seals a new vault's key.
    pub(crate) fn make(keyring: &Keyring, slot: &KeyObject, key: &Key) -> Result<Self> {
        let (user, device) = (keyring.user(), keyring.device());
        let sealed = keyring.root().seal_vault_key(user.as_bytes(), device.as_bytes(), key)?;
        Ok(SlotsFile {
            format: FORMAT,
            realm: keyring.realm(),
            user,
            device,
            slot: trust::slots::read(slot)?,
            vault_key: data_encoding::HEXLOWER.encode(&sealed),
        })
    }

    /// Reads the file of a folder.
    pub(crate) fn read(home: &Path) -> Result<Self> {
        let path = home.join(folder::SLOTS);
        if !path.exists() && !home.join(folder::DATABASE).exists() {
            return Err(Error::NotAVault);
        }
        let slots: SlotsFile = folder::read_json(&path)?;
        match slots.format > FORMAT {
            true => Err(Error::Newer { found: slots.format, known: FORMAT }),
            false => Ok(slots),
        }
    }

    /// Writes the file of a folder.
    pub(crate) fn write(&self, home: &Path) -> Result<()> {
        folder::write_json(&home.join(folder::SLOTS), self)
    }

    /// The same vault behind another passphrase.
    pub(crate) fn with_slot(self, slot: &KeyObject) -> Result<Self> {
        Ok(SlotsFile { slot: trust::slots::read(slot)?, ..self })
    }

    /// The same vault on a device of another name.
    pub(crate) fn for_device(self, root: &UserRoot, device: Uuid) -> Result<Self> {
        let key = self.vault_key(root)?;
        let sealed = root.seal_vault_key(self.user.as_bytes(), device.as_bytes(), &key)?;
        Ok(SlotsFile { device, vault_key: data_encoding::HEXLOWER.encode(&sealed), ..self })
    }

    /// The name under which the account secret is kept.
    pub(crate) fn name(&self) -> String {
        format!("{}/{}", self.realm, self.user)
    }

    /// Opens the person's root.
    pub(crate) fn open(&self, passphrase: &str, account: &Key) -> Result<UserRoot> {
        slot::open(&self.slot, passphrase, account).map_err(|error| match error {
            crypto::Error::Unopenable => Error::WrongPassphrase,
            crypto::Error::Weak(_) | crypto::Error::BadForm(_) => Error::Damaged("the passphrase slot".into()),
            other => other.into(),
        })
    }

    /// Opens the database key.
    pub(crate) fn vault_key(&self, root: &UserRoot) -> Result<Key> {
        let damaged = || Error::Damaged("the sealed database key".into());
        let sealed = data_encoding::HEXLOWER.decode(self.vault_key.as_bytes()).map_err(|_| damaged())?;
        root.open_vault_key(self.user.as_bytes(), self.device.as_bytes(), &sealed).map_err(|_| damaged())
    }
}
