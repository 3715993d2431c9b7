//! Scopes: the keys that a set of members share, and the ways in which such a key reaches a member.

use crate::encode::{fixed, lp};
use crate::grant::{self, AgreementKey, AgreementPublic, Grant};
use crate::index::{self, IndexKind};
use crate::{Error, Key, Result, kdf, seal};
use subtle::ConstantTimeEq;

/// A scope's key in one version, with the commitment that names it.
pub struct ScopeKey {
    key: Key,
    scope: [u8; 16],
    version: u32,
    commitment: [u8; 32],
}

impl ScopeKey {
    /// Draws a new key for a scope. A key whose [`ScopeKey::kid`] is already in use there must be drawn again.
    ///
    /// # Errors
    /// [`Error::Random`].
    pub fn make(scope: [u8; 16], version: u32) -> Result<Self> {
        Ok(Self::from_key(Key::make()?, scope, version))
    }

    /// Takes over a key known to be the scope's: made here, or read from this device's own keyring. A key that came
    /// from elsewhere goes through [`ScopeKey::accept`].
    pub fn from_key(key: Key, scope: [u8; 16], version: u32) -> Self {
        let info = lp(&[b"mv1/commit", &scope, &version.to_be_bytes()]);
        let commitment = *kdf::expand(&key, &info).expose();
        Self { key, scope, version, commitment }
    }

    /// Takes over a key from elsewhere if it is the one that the signed commitment names.
    ///
    /// # Errors
    /// [`Error::Unopenable`] for a foreign key.
    pub fn accept(key: Key, scope: [u8; 16], version: u32, commitment: &[u8; 32]) -> Result<Self> {
        let scope_key = Self::from_key(key, scope, version);
        match scope_key.commitment.ct_eq(commitment).into() {
            true => Ok(scope_key),
            false => Err(Error::Unopenable),
        }
    }

    /// Gives the short name by which a sealed value finds its key. It is not trusted; the commitment is.
    pub fn kid(&self) -> [u8; 4] {
        fixed(&self.commitment)
    }

    /// Gives the commitment that a `scope-key` object signs.
    pub fn commitment(&self) -> &[u8; 32] {
        &self.commitment
    }

    /// Gives the scope.
    pub fn scope(&self) -> &[u8; 16] {
        &self.scope
    }

    /// Gives the version.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Gives the key itself, for the keyring that stores it sealed.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// Makes a deliberate second copy.
    pub fn duplicate(&self) -> Self {
        Self { key: self.key.duplicate(), ..*self }
    }

    /// Seals an older key of the same scope under this one, so that a new member can read back.
    ///
    /// # Errors
    /// [`Error::BadForm`] when the other key is of another scope; [`Error::Random`].
    pub fn seal_previous(&self, realm: &[u8; 16], older: &ScopeKey) -> Result<Vec<u8>> {
        if older.scope != self.scope {
            return Err(Error::BadForm("the older key is of another scope"));
        }
        seal::seal(&self.key, &self.previous_context(realm, &older.kid()), older.key.expose())
    }

    /// Opens an older key of the scope; the caller passes it to [`ScopeKey::accept`] with its own signed commitment.
    ///
    /// # Errors
    /// [`Error::Unopenable`] for every cause.
    pub fn open_previous(&self, realm: &[u8; 16], older_kid: &[u8; 4], sealed: &[u8]) -> Result<Key> {
        open_key(&self.key, &self.previous_context(realm, older_kid), sealed)
    }

    fn previous_context(&self, realm: &[u8; 16], older_kid: &[u8; 4]) -> Vec<u8> {
        lp(&[b"mv1/prev", realm, &self.scope, &self.kid(), older_kid])
    }

    /// Seals this key for every member of a team, which is a scope of its own.
    ///
    /// # Errors
    /// [`Error::Random`].
    pub fn seal_for_team(&self, realm: &[u8; 16], team: &ScopeKey) -> Result<Vec<u8>> {
        let ctx = team_context(realm, &self.scope, self.version, team);
        seal::seal(&team.key, &ctx, self.key.expose())
    }

    /// Opens a key sealed for a team, and accepts it only under its signed commitment.
    ///
    /// # Errors
    /// [`Error::Unopenable`] for every cause.
    pub fn open_from_team(
        realm: &[u8; 16],
        scope: [u8; 16],
        version: u32,
        commitment: &[u8; 32],
        team: &ScopeKey,
        sealed: &[u8],
    ) -> Result<Self> {
        let key = open_key(&team.key, &team_context(realm, &scope, version, team), sealed)?;
        Self::accept(key, scope, version, commitment)
    }

    /// Wraps this key for one member or device.
    ///
    /// # Errors
    /// [`Error::Random`].
    pub fn grant_to(&self, to: &AgreementPublic, realm: &[u8; 16], recipient: &[u8; 16]) -> Result<Grant> {
        grant::seal(to, realm, &self.scope, self.version, recipient, self.key.expose())
    }

    /// Opens a grant of a scope key, and accepts it only under its signed commitment.
    ///
    /// # Errors
    /// [`Error::Unopenable`] for every cause.
    pub fn open_grant(
        key: &AgreementKey,
        realm: &[u8; 16],
        scope: [u8; 16],
        version: u32,
        commitment: &[u8; 32],
        recipient: &[u8; 16],
        grant: &Grant,
    ) -> Result<Self> {
        let opened = grant::open(key, realm, &scope, version, recipient, grant)?;
        let key = Key::from_slice(&opened).map_err(|_| Error::Unopenable)?;
        Self::accept(key, scope, version, commitment)
    }

    /// Gives the equality token of a value, by which the realm's members can find it and the database operator can
    /// only see that two are equal. Only the realm's own scope has tokens.
    ///
    /// # Errors
    /// [`Error::BadForm`] when this is not the realm's scope, or the value is not of the kind.
    pub fn index_token(&self, realm: &[u8; 16], epoch: u32, kind: IndexKind, value: &str) -> Result<[u8; 16]> {
        if self.scope != *realm {
            return Err(Error::BadForm("equality tokens belong to the realm's own scope"));
        }
        index::token(&self.key, realm, epoch, kind, value)
    }

    /// Gives the 16 bytes of an id that says of what a document is the only one, of the values that it is the only one of. The
    /// database operator knows those values in part (who is a doctor, which charts there are): a plain hash they could guess.
    ///
    /// # Errors
    /// [`Error::BadForm`] when this is not the realm's scope.
    pub fn identity(&self, realm: &[u8; 16], epoch: u32, collection: &str, parts: &[&[u8]]) -> Result<[u8; 16]> {
        if self.scope != *realm {
            return Err(Error::BadForm("identities belong to the realm's own scope"));
        }
        Ok(index::identity(&self.key, realm, epoch, collection, parts))
    }
}

fn team_context(realm: &[u8; 16], scope: &[u8; 16], version: u32, team: &ScopeKey) -> Vec<u8> {
    lp(&[b"mv1/team-grant", realm, scope, &version.to_be_bytes(), &team.scope, &team.kid()])
}

fn open_key(key: &Key, ctx: &[u8], sealed: &[u8]) -> Result<Key> {
    Key::from_slice(&seal::open(key, ctx, sealed)?).map_err(|_| Error::Unopenable)
}
