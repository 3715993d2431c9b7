//! The user's root key: what a passphrase or a kit opens, and what the user's other keys are made from.

use crate::grant::{self, AgreementKey, AgreementPublic, Grant};
use crate::sign::Signer;
use crate::{Error, Key, Result, encode, kdf, seal};
use zeroize::Zeroizing;

/// A user's root key, in one of its versions.
pub struct UserRoot {
    key: Key,
    version: u32,
}

impl UserRoot {
    /// Draws a new root key; the version is one above the user's last.
    ///
    /// # Errors
    /// [`Error::Random`].
    pub fn make(version: u32) -> Result<Self> {
        Ok(Self { key: Key::make()?, version })
    }

    /// Takes over the bytes of a root key.
    pub fn from_bytes(bytes: [u8; 32], version: u32) -> Self {
        Self::from_key(Key::from_bytes(bytes), version)
    }

    /// Takes over a root key.
    pub fn from_key(key: Key, version: u32) -> Self {
        Self { key, version }
    }

    /// Writes version and key, for the person's own encrypted vault and nothing else.
    pub fn to_vault_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new([self.version.to_be_bytes().as_slice(), self.key.expose()].concat())
    }

    /// Reads what [`UserRoot::to_vault_bytes`] wrote.
    ///
    /// # Errors
    /// [`Error::BadForm`] for another length.
    pub fn from_vault_bytes(bytes: &[u8]) -> Result<Self> {
        let (version, key) = bytes.split_first_chunk().ok_or(Error::BadForm("a kept root"))?;
        Ok(Self::from_key(Key::from_slice(key)?, u32::from_be_bytes(*version)))
    }

    /// Gives the version.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Makes the key that signs as this user.
    pub fn signer(&self) -> Signer {
        Signer::from_seed(&self.derive("sign"))
    }

    /// Makes the key that opens grants to this user.
    pub fn agreement(&self) -> AgreementKey {
        AgreementKey::from_seed(&self.derive("kem"))
    }

    /// Makes the key that seals the keys of this user's vaults.
    pub fn vault_kek(&self) -> Key {
        self.derive("vault")
    }

    fn derive(&self, purpose: &str) -> Key {
        let info = encode::lp(&[b"mv1/user", purpose.as_bytes(), &self.version.to_be_bytes()]);
        kdf::expand(&self.key, &info)
    }

    /// Makes a deliberate second copy.
    pub fn duplicate(&self) -> Self {
        Self { key: self.key.duplicate(), version: self.version }
    }

    pub(crate) fn key(&self) -> &Key {
        &self.key
    }

    /// Seals the key of the vault that this user has on this device.
    ///
    /// # Errors
    /// [`Error::Random`].
    pub fn seal_vault_key(&self, user: &[u8; 16], device: &[u8; 16], vault_key: &Key) -> Result<Vec<u8>> {
        seal::seal(&self.vault_kek(), &vault_context(user, device), vault_key.expose())
    }

    /// Opens the key of the vault that this user has on this device.
    ///
    /// # Errors
    /// [`Error::Unopenable`] for every cause.
    pub fn open_vault_key(&self, user: &[u8; 16], device: &[u8; 16], sealed: &[u8]) -> Result<Key> {
        let opened = seal::open(&self.vault_kek(), &vault_context(user, device), sealed)?;
        Key::from_slice(&opened).map_err(|_| Error::Unopenable)
    }

    /// Wraps this root and the account secret for one of the user's own devices.
    ///
    /// # Errors
    /// [`Error::Random`]; [`Error::BadForm`] when the device's public key is malformed.
    pub fn grant_to_device(
        &self,
        to: &AgreementPublic,
        realm: &[u8; 16],
        user: &[u8; 16],
        device: &[u8; 16],
        account_secret: &Key,
    ) -> Result<Grant> {
        let both = Zeroizing::new([self.key.expose().as_slice(), account_secret.expose()].concat());
        grant::seal(to, realm, user, self.version, device, &both)
    }

    /// Opens what [`UserRoot::grant_to_device`] made. Anyone can make a grant that opens: the caller accepts the
    /// root only if the public keys made from it are those in the user's certificate.
    ///
    /// # Errors
    /// [`Error::Unopenable`] for every cause.
    pub fn open_on_device(
        key: &AgreementKey,
        realm: &[u8; 16],
        user: &[u8; 16],
        version: u32,
        device: &[u8; 16],
        grant: &Grant,
    ) -> Result<(Self, Key)> {
        let opened = grant::open(key, realm, user, version, device, grant)?;
        let (root, account) = opened.split_at_checked(32).ok_or(Error::Unopenable)?;
        let root = Key::from_slice(root).map_err(|_| Error::Unopenable)?;
        let account = Key::from_slice(account).map_err(|_| Error::Unopenable)?;
        Ok((Self::from_key(root, version), account))
    }

    /// Wraps this root alone, for the recovery key of the user's kit or for a clinic's recovery key.
    ///
    /// # Errors
    /// [`Error::Random`]; [`Error::BadForm`] when the public key is malformed.
    pub fn grant_for_recovery(
        &self,
        to: &AgreementPublic,
        realm: &[u8; 16],
        user: &[u8; 16],
        recipient: &[u8; 16],
    ) -> Result<Grant> {
        grant::seal(to, realm, user, self.version, recipient, self.key.expose())
    }

    /// Opens what [`UserRoot::grant_for_recovery`] made, under the same condition as [`UserRoot::open_on_device`].
    ///
    /// # Errors
    /// [`Error::Unopenable`] for every cause.
    pub fn open_for_recovery(
        key: &AgreementKey,
        realm: &[u8; 16],
        user: &[u8; 16],
        version: u32,
        recipient: &[u8; 16],
        grant: &Grant,
    ) -> Result<Self> {
        let opened = grant::open(key, realm, user, version, recipient, grant)?;
        let root = Key::from_slice(&opened).map_err(|_| Error::Unopenable)?;
        Ok(Self::from_key(root, version))
    }
}

/// Makes the key with which a realm may recover the accounts whose owners agreed, from the realm's own root key on paper. `number`
/// counts up with each new one.
pub fn clinic_recovery(realm_root: &Signer, number: u32) -> AgreementKey {
    let info = encode::lp(&[b"mv1/realm", b"recovery", &number.to_be_bytes()]);
    AgreementKey::from_seed(&kdf::expand(realm_root.seed(), &info))
}

fn vault_context(user: &[u8; 16], device: &[u8; 16]) -> Vec<u8> {
    encode::lp(&[b"mv1/vault-key", user, device])
}
