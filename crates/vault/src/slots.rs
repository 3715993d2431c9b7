//! The file beside the database: whose vault it is, the passphrase slot, and the database key sealed for its person.

use crate::{
    Error, Result, folder,
    trust::{self, KeyObject, Keyring},
};
use crypto::{
    Key,
    kit::Kit,
    root::UserRoot,
    slot::{self, Slot},
};
use serde::{Deserialize, Serialize};
use std::path::Path;
use uuid::Uuid;

const FORMAT: u32 = 1;

/// The content of `vault.slots`.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct SlotsFile {
    format: u32,
    realm: Uuid,
    user: Uuid,
    device: Uuid,
    slot: Slot,
    /// The database key, sealed for the person on this device; hex.
    vault_key: String,
    /// The key that the database is about to get, sealed in the same way; hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    new_vault_key: Option<String>,
    /// The root wrapped for the kit on paper, so that the way back needs no network; hex.
    #[serde(default)]
    kit: Option<String>,
    /// The root behind a PIN, while that is allowed.
    #[serde(default)]
    quick: Option<Quick>,
    /// The same vault under the person's new root, while the account secret is being replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next: Option<Box<SlotsFile>>,
}

/// Quick unlock: a PIN and a key in the system's keychain, for a time.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Quick {
    pub(crate) slot: Slot,
    /// Until when, in milliseconds since 1970.
    pub(crate) until_ms: u64,
    /// The start of the computer that it holds for.
    pub(crate) boot: String,
}

impl SlotsFile {
    /// Seals a new vault's key.
    pub(crate) fn make(keyring: &Keyring, slot: &KeyObject, key: &Key) -> Result<Self> {
        let (user, device) = (keyring.user(), keyring.device());
        Ok(SlotsFile {
            format: FORMAT,
            realm: keyring.realm(),
            user,
            device,
            slot: trust::slots::read(slot)?,
            vault_key: seal(keyring.root(), user, device, key)?,
            new_vault_key: None,
            kit: None,
            quick: None,
            next: None,
        })
    }

    /// Reads the file of a folder.
    pub(crate) fn read(home: &Path) -> Result<Self> {
        let path = home.join(folder::SLOTS);
        if folder::is_being_erased(home) || !path.exists() && !home.join(folder::DATABASE).exists() {
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

    /// The same vault with what the kit opens.
    pub(crate) fn with_kit(self, wrapped: &[u8]) -> Self {
        SlotsFile { kit: Some(data_encoding::HEXLOWER.encode(wrapped)), ..self }
    }

    /// The same vault with a PIN, or without one.
    pub(crate) fn with_quick(self, quick: Option<Quick>) -> Self {
        SlotsFile { quick, ..self }
    }

    /// The same vault sealed for the person's next root.
    pub(crate) fn under_root(self, old: &UserRoot, new: &UserRoot) -> Result<Self> {
        let opener = if self.vault_key(old).is_ok() { old } else { new };
        let device = self.device;
        Ok(SlotsFile { next: None, ..self.sealed_anew(opener, new, device)? })
    }

    /// The same keys of the database, sealed for a root and a device.
    fn sealed_anew(self, opener: &UserRoot, root: &UserRoot, device: Uuid) -> Result<Self> {
        let (user, key, new) = (self.user, self.vault_key(opener)?, self.new_vault_key(opener)?);
        let new_vault_key = new.map(|key| seal(root, user, device, &key)).transpose()?;
        Ok(SlotsFile { device, vault_key: seal(root, user, device, &key)?, new_vault_key, ..self })
    }

    /// The same vault, whose database is to get a new key.
    pub(crate) fn with_new_vault_key(self, root: &UserRoot) -> Result<Self> {
        let sealed = seal(root, self.user, self.device, &Key::make()?)?;
        Ok(SlotsFile { new_vault_key: Some(sealed), ..self })
    }

    /// The same vault, whose database has its new key.
    pub(crate) fn with_vault_key(self, root: &UserRoot, key: &Key) -> Result<Self> {
        Ok(SlotsFile { vault_key: seal(root, self.user, self.device, key)?, new_vault_key: None, ..self })
    }

    /// Is the database to get a new key?
    pub(crate) fn awaits_new_key(&self) -> bool {
        self.new_vault_key.is_some()
    }

    /// The same vault, with what takes its place beside it.
    pub(crate) fn with_next(self, next: SlotsFile) -> Self {
        SlotsFile { next: Some(Box::new(next)), ..self }
    }

    /// The PIN's slot.
    pub(crate) fn quick(&self) -> Option<&Quick> {
        self.quick.as_ref()
    }

    /// Does the file hold what the kit opens?
    pub(crate) fn has_kit(&self) -> bool {
        self.kit.is_some()
    }

    /// The person's root, as the kit on paper opens it.
    pub(crate) fn open_with_kit(&self, kit: &Kit) -> Result<UserRoot> {
        if kit.user() != self.user.as_bytes() {
            return Err(Error::WrongKit);
        }
        let wrapped = self.kit.as_ref().ok_or(Error::NoKit)?;
        let wrapped = data_encoding::HEXLOWER.decode(wrapped.as_bytes()).map_err(|_| Error::NoKit)?;
        trust::recover::open_kept(self.realm, kit, &wrapped).map_err(|_| Error::WrongKit)
    }

    /// The same vault on a device of another name.
    pub(crate) fn for_device(self, root: &UserRoot, device: Uuid) -> Result<Self> {
        // The key of the PIN is kept under the device's name.
        Ok(SlotsFile { quick: None, ..self.sealed_anew(root, root, device)? })
    }

    /// The name under which the account secret is kept.
    pub(crate) fn name(&self) -> String {
        format!("{}/{}", self.realm, self.user)
    }

    /// Opens the person's root.
    pub(crate) fn open(&self, passphrase: &str, account: &Key) -> Result<UserRoot> {
        match (open_slot(&self.slot, passphrase, account), &self.next) {
            (Err(Error::WrongPassphrase), Some(next)) => next.open(passphrase, account),
            (outcome, _) => outcome,
        }
    }

    /// The name under which the key of the PIN is kept.
    pub(crate) fn quick_name(&self) -> String {
        format!("{}/{}/quick", self.realm, self.device)
    }

    /// Opens the database key.
    pub(crate) fn vault_key(&self, root: &UserRoot) -> Result<Key> {
        match (self.unseal(root, &self.vault_key), &self.next) {
            (Err(_), Some(next)) => next.vault_key(root),
            (outcome, _) => outcome,
        }
    }

    /// Opens the key that the database is about to get.
    pub(crate) fn new_vault_key(&self, root: &UserRoot) -> Result<Option<Key>> {
        let Some(sealed) = &self.new_vault_key else { return Ok(None) };
        match (self.unseal(root, sealed), &self.next) {
            (Err(_), Some(next)) => next.new_vault_key(root),
            (outcome, _) => outcome.map(Some),
        }
    }

    fn unseal(&self, root: &UserRoot, sealed: &str) -> Result<Key> {
        let damaged = || Error::Damaged("the sealed database key".into());
        let sealed = data_encoding::HEXLOWER.decode(sealed.as_bytes()).map_err(|_| damaged())?;
        root.open_vault_key(self.user.as_bytes(), self.device.as_bytes(), &sealed).map_err(|_| damaged())
    }
}

fn seal(root: &UserRoot, user: Uuid, device: Uuid, key: &Key) -> Result<String> {
    let sealed = root.seal_vault_key(user.as_bytes(), device.as_bytes(), key)?;
    Ok(data_encoding::HEXLOWER.encode(&sealed))
}

/// Opens a slot of either kind.
pub(crate) fn open_slot(slot: &Slot, typed: &str, secret: &Key) -> Result<UserRoot> {
    slot::open(slot, typed, secret).map_err(|error| match error {
        crypto::Error::Unopenable => Error::WrongPassphrase,
        crypto::Error::Weak(_) | crypto::Error::BadForm(_) => Error::Damaged("the passphrase slot".into()),
        other => other.into(),
    })
}
