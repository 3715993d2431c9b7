//! The keyring: all secrets of one person on one device, opened. It lives while the vault is open.

use super::certificate::{Issuer, UserKeys};
use super::found::DeviceSecrets;
use super::grants::{self, Granted};
use super::object::{GRANTS, KeyObject};
use super::scope_keys::ScopeVersion;
use super::store::Trust;
use super::{Error, Result};
use crypto::grant::AgreementKey;
use crypto::root::UserRoot;
use crypto::scope::ScopeKey;
use crypto::sign::{self, Signed, Signer};
use crypto::value::{self, Place};
use crypto::{Key, Zeroizing};
use model::Stamp;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The one sealed field of a document.
const FIELD: &str = "body";

/// Where a document's body belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyPlace<'a> {
    /// The collection.
    pub collection: &'a str,
    /// The document.
    pub id: Uuid,
    /// The scope whose key seals it.
    pub scope: Uuid,
    /// The newest stamp in it.
    pub stamp: Stamp,
}

/// The secrets of a device and of the person who uses it.
pub(super) struct Secrets {
    pub(super) root: UserRoot,
    pub(super) account: Key,
    pub(super) device_signer: Signer,
    pub(super) device_agreement: AgreementKey,
}

/// One person's opened secrets on one device. It cannot be copied, printed or serialised by accident.
pub struct Keyring {
    pub(super) realm: Uuid,
    pub(super) user: Uuid,
    pub(super) user_certificate: Uuid,
    pub(super) user_begins_s: u64,
    pub(super) device: Uuid,
    pub(super) device_certificate: Uuid,
    pub(super) secrets: Secrets,
    pub(super) signer: Signer,
    pub(super) agreement: AgreementKey,
    /// What opens grants that were made to an earlier root of the person, by its version: they may come late.
    pub(super) earlier: BTreeMap<u32, AgreementKey>,
    pub(super) scopes: BTreeMap<Uuid, Vec<HeldKey>>,
    /// How much of the store's changes the marks of the newest keys take into account.
    pub(super) marked: (usize, u64),
}

/// A key of a scope, and the version that it belongs to.
pub(super) struct HeldKey {
    pub(super) version: Uuid,
    pub(super) key: ScopeKey,
    /// Is it the one that writers use?
    pub(super) newest: bool,
}

/// What a round of opening grants gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// The scopes of which a key was opened that was not held before.
    pub scopes: BTreeSet<Uuid>,
    /// Grants to this person or their team that wait for a version, or for the team's key.
    pub waiting: Vec<Uuid>,
    /// Grants that are not acceptable.
    pub refused: Vec<(Uuid, Error)>,
}

/// What became of one grant.
enum Step {
    Opened(Uuid),
    Nothing,
    Waits,
}

impl Keyring {
    /// Puts together the secrets and the certificates they belong to.
    ///
    /// # Errors
    /// [`Error::ForeignKey`] unless the keys made from the root are those of the person's certificate, and the device's
    /// key that of the device's; [`Error::Unknown`] for certificates that are not held.
    pub(super) fn new(trust: &Trust, user: Uuid, secrets: Secrets) -> Result<Self> {
        let device = super::object::device_id(&secrets.device_signer.public());
        let (signer, agreement) = (secrets.root.signer(), secrets.root.agreement());
        let mut keyring = Keyring {
            realm: trust.realm(),
            user,
            user_certificate: Uuid::nil(),
            user_begins_s: 0,
            device,
            device_certificate: Uuid::nil(),
            secrets,
            signer,
            agreement,
            earlier: BTreeMap::new(),
            scopes: BTreeMap::new(),
            marked: (0, 0),
        };
        keyring.take_certificates(trust)?;
        Ok(keyring)
    }

    /// Takes the newest certificates, if the root that is held here is the one that the person's certifies.
    fn take_certificates(&mut self, trust: &Trust) -> Result<()> {
        let own = trust.user(self.user).ok_or(Error::Unknown("the person's certificate"))?;
        let keys = own.user_keys().ok_or(Error::Unknown("the person's certificate"))?;
        if !is_root_of(&self.secrets.root, keys) {
            return Err(Error::ForeignKey);
        }
        let device = trust.device(self.device).filter(|device| trust.user_of_certificate(device.id) == Some(self.user));
        self.device_certificate = device.ok_or(Error::Unknown("the device's certificate"))?.id;
        self.user_certificate = own.id;
        self.user_begins_s = own.not_before_s;
        Ok(())
    }

    /// Goes on with the person's next root, once their newest certificate is for it.
    ///
    /// # Errors
    /// [`Error::ForeignKey`] when it is for another; [`Error::Unknown`].
    pub(crate) fn take_root(&mut self, trust: &Trust, root: UserRoot, account: Key) -> Result<()> {
        let own = trust.user(self.user).and_then(|own| own.user_keys()).ok_or(Error::Unknown("the certificate"))?;
        if !is_root_of(&root, own) {
            return Err(Error::ForeignKey);
        }
        let version = self.secrets.root.version();
        let earlier = std::mem::replace(&mut self.agreement, root.agreement());
        self.earlier.insert(version, earlier);
        self.signer = root.signer();
        (self.secrets.root, self.secrets.account) = (root, account);
        self.take_certificates(trust)
    }

    /// Is the root that is held here the one that the person's newest certificate is for?
    pub(crate) fn is_current(&self, trust: &Trust) -> bool {
        let own = trust.user(self.user).and_then(|own| own.user_keys());
        own.is_some_and(|keys| is_root_of(&self.secrets.root, keys))
    }

    /// The key that opens grants to this certificate of the person.
    fn agreement_for(&self, trust: &Trust, certificate: Uuid) -> &AgreementKey {
        let version = trust.certificate(certificate).and_then(|held| held.user_keys()).map(|keys| keys.version);
        version.and_then(|version| self.earlier.get(&version)).unwrap_or(&self.agreement)
    }

    /// Takes another device's place.
    pub(super) fn take_device(&mut self, trust: &Trust, device: DeviceSecrets) -> Result<()> {
        self.device = device.id();
        self.secrets.device_signer = device.signer;
        self.secrets.device_agreement = device.agreement;
        self.take_certificates(trust)
    }

    /// The realm.
    pub fn realm(&self) -> Uuid {
        self.realm
    }
    /// The person.
    pub fn user(&self) -> Uuid {
        self.user
    }
    /// The person's certificate that signatures here name.
    pub fn user_certificate(&self) -> Uuid {
        self.user_certificate
    }
    /// The device.
    pub fn device(&self) -> Uuid {
        self.device
    }
    /// The device's certificate.
    pub fn device_certificate(&self) -> Uuid {
        self.device_certificate
    }
    /// The person's root, for sealing this vault's key and for closing a slot.
    pub fn root(&self) -> &UserRoot {
        &self.secrets.root
    }
    /// The account secret, for the system's keychain.
    pub fn account_secret(&self) -> &Key {
        &self.secrets.account
    }

    /// Opens the grants to this person and to their team that hold under `trust`, and walks back to older keys. May be
    /// called again with all grants at any time; what is held is not opened again. Takes over a renewed certificate too.
    ///
    /// # Errors
    /// [`Error::ForeignKey`] when the person's newest certificate is for another root than the one held here (it was
    /// renewed elsewhere); [`Error::Unknown`].
    pub fn learn(&mut self, trust: &Trust, objects: &[KeyObject]) -> Result<Opened> {
        self.take_certificates(trust)?;
        let mut opened = Opened::default();
        let mut open: Vec<_> = objects.iter().filter(|object| object.collection == GRANTS).collect();
        loop {
            let before = open.len();
            open.retain(|object| match self.open(trust, object) {
                Ok(Step::Waits) => true,
                Ok(Step::Nothing) => false,
                Ok(Step::Opened(scope)) => {
                    self.walk_back(trust, scope);
                    opened.scopes.insert(scope);
                    false
                }
                Err(error) => {
                    opened.refused.push((object.id, error));
                    false
                }
            });
            if open.len() == before {
                break;
            }
        }
        opened.waiting = open.iter().map(|object| object.id).collect();
        self.mark_newest(trust, &opened.scopes);
        Ok(opened)
    }

    fn open(&mut self, trust: &Trust, object: &KeyObject) -> Result<Step> {
        let (scope, v) = match grants::read(object)? {
            Granted::Scope { scope, v, to, .. } if trust.user_of_certificate(to) == Some(self.user) => (scope, v),
            Granted::Team { scope, v, team, .. } if team == trust.team() && self.is_staff(trust) => (scope, v),
            Granted::Scope { .. } | Granted::Team { .. } | Granted::Root { .. } | Granted::Recovery { .. } => {
                return Ok(Step::Nothing);
            }
        };
        if trust.is_ended(scope) {
            return Ok(Step::Nothing);
        }
        // A chart that another keeps may be handed on to this person: what opens it can come before the word that says so.
        if trust.is_closed_to(scope, self.user) {
            return Ok(Step::Waits);
        }
        let versions: Vec<_> = trust.versions(scope).into_iter().filter(|version| version.v == v).collect();
        if versions.is_empty() {
            return Ok(Step::Waits);
        }
        if versions.iter().all(|version| self.holds(version)) {
            return Ok(Step::Nothing);
        }
        match grants::read(object)? {
            Granted::Scope { to, grant, .. } => self.open_own(trust, &versions, to, &grant),
            Granted::Team { team, kid, sealed, .. } => self.open_team(&versions, team, kid, &sealed),
            Granted::Root { .. } | Granted::Recovery { .. } => Ok(Step::Nothing),
        }
    }

    fn is_staff(&self, trust: &Trust) -> bool {
        trust.role_of(self.user).is_some_and(|standing| standing.is_staff())
    }

    fn open_own(
        &mut self,
        trust: &Trust,
        versions: &[&ScopeVersion],
        to: Uuid,
        grant: &crypto::grant::Grant,
    ) -> Result<Step> {
        let [first, ..] = versions else {
            return Ok(Step::Waits);
        };
        let (realm, scope, v) = (self.realm.into_bytes(), first.scope, first.v);
        let key = self.agreement_for(trust, to);
        let opened = crypto::grant::open(key, &realm, scope.as_bytes(), v, to.as_bytes(), grant)?;
        self.accept(versions, &Key::from_slice(&opened)?)
    }

    fn open_team(&mut self, versions: &[&ScopeVersion], team: Uuid, kid: [u8; 4], sealed: &[u8]) -> Result<Step> {
        let Some(team_key) = self.by_kid(team, kid) else {
            return Ok(Step::Waits);
        };
        let realm = self.realm.into_bytes();
        let open = |version: &&ScopeVersion| {
            let (scope, commitment) = (version.scope.into_bytes(), &version.commitment);
            ScopeKey::open_from_team(&realm, scope, version.v, commitment, team_key, sealed).ok()
        };
        let found = versions.iter().find_map(|version| Some((version.id, open(version)?)));
        let (version, key) = found.ok_or(Error::ForeignKey)?;
        self.hold(version, key)
    }

    /// Takes a key that opened only if one of the signed versions commits to it.
    fn accept(&mut self, versions: &[&ScopeVersion], key: &Key) -> Result<Step> {
        let fits = |version: &&ScopeVersion| {
            ScopeKey::accept(key.duplicate(), version.scope.into_bytes(), version.v, &version.commitment).ok()
        };
        let found = versions.iter().find_map(|version| Some((version.id, fits(version)?)));
        let (version, key) = found.ok_or(Error::ForeignKey)?;
        self.hold(version, key)
    }

    fn hold(&mut self, version: Uuid, key: ScopeKey) -> Result<Step> {
        let scope = Uuid::from_bytes(*key.scope());
        let held = self.scopes.entry(scope).or_default();
        if held.iter().any(|other| other.version == version) {
            return Ok(Step::Nothing);
        }
        held.push(HeldKey { version, key, newest: false });
        Ok(Step::Opened(scope))
    }

    fn holds(&self, version: &ScopeVersion) -> bool {
        self.scopes.get(&version.scope).is_some_and(|held| held.iter().any(|key| key.version == version.id))
    }

    /// Opens older keys of the scope under the newer ones that are held.
    fn walk_back(&mut self, trust: &Trust, scope: Uuid) {
        for version in trust.versions(scope).into_iter().rev() {
            for previous in &version.previous {
                let Some(older) = trust.versions.get(&previous.version).filter(|older| !self.holds(older)) else {
                    continue;
                };
                let Some(newer) = self.key_of(version) else {
                    continue;
                };
                let opened = newer.open_previous(self.realm.as_bytes(), &older.kid(), &previous.sealed);
                let key = opened.and_then(|key| ScopeKey::accept(key, scope.into_bytes(), older.v, &older.commitment));
                // A maker who sealed something else here only withholds the older key: a grant may still bring it.
                if let Ok(key) = key {
                    self.scopes.entry(scope).or_default().push(HeldKey { version: older.id, key, newest: false });
                }
            }
        }
    }

    /// Of ten thousand scopes, one transaction touches a few: only those are looked at again, unless certificates changed.
    fn mark_newest(&mut self, trust: &Trust, opened: &BTreeSet<Uuid>) {
        let (seen, upheavals) = self.marked;
        self.marked = (trust.touched.len(), trust.upheavals);
        let touched = trust.touched.get(seen..).filter(|_| upheavals == trust.upheavals);
        let wanted: BTreeSet<Uuid> = match touched {
            Some(touched) => touched.iter().chain(opened).copied().collect(),
            None => self.scopes.keys().copied().collect(),
        };
        for scope in wanted {
            let Some(held) = self.scopes.get_mut(&scope) else { continue };
            let newest = trust.newest(scope).map(|version| version.id);
            held.sort_by_key(|held| (held.key.version(), held.version));
            for key in held {
                key.newest = newest == Some(key.version);
            }
        }
    }

    /// The key of a version, if it is held.
    pub fn key_of(&self, version: &ScopeVersion) -> Option<&ScopeKey> {
        let held = self.scopes.get(&version.scope)?;
        held.iter().find(|key| key.version == version.id).map(|held| &held.key)
    }

    /// The key that writers use in a scope; `None` without a grant for the newest version.
    pub fn newest(&self, scope: Uuid) -> Option<&ScopeKey> {
        self.scopes.get(&scope)?.iter().find(|held| held.newest).map(|held| &held.key)
    }

    /// The key of a scope that has this short name.
    pub fn by_kid(&self, scope: Uuid, kid: [u8; 4]) -> Option<&ScopeKey> {
        self.scopes.get(&scope)?.iter().map(|held| &held.key).find(|key| key.kid() == kid)
    }

    /// The key from which equality tokens are made: the realm's first, so that tokens of all devices agree. Its version
    /// is the epoch.
    pub fn index_key(&self) -> Option<&ScopeKey> {
        self.scopes.get(&self.realm)?.iter().map(|held| &held.key).min_by_key(|key| key.version())
    }

    /// Drops the keys of a scope. They are wiped as they go.
    pub(crate) fn forget(&mut self, scope: Uuid) {
        self.scopes.remove(&scope);
    }

    /// The scopes of which a key is held.
    pub fn scopes(&self) -> impl Iterator<Item = Uuid> {
        self.scopes.keys().copied()
    }

    /// Seals a document's body for its place with the scope's newest key.
    ///
    /// # Errors
    /// [`Error::Unknown`] without that key; [`Error::Crypto`].
    pub fn seal_body(&self, place: &BodyPlace, plain: &[u8]) -> Result<Vec<u8>> {
        let key = self.newest(place.scope).ok_or(Error::Unknown("the key of the scope"))?;
        Ok(value::seal(key, &self.place(place), plain)?)
    }

    /// Opens a document's body at its place, with the key that it names.
    ///
    /// # Errors
    /// [`Error::Unknown`] when that key is not held (a grant may still come); [`Error::Crypto`] when it does not open.
    pub fn open_body(&self, place: &BodyPlace, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let kid = value::kid_of(sealed)?;
        let key = self.by_kid(place.scope, kid).ok_or(Error::Unknown("the key of the scope"))?;
        Ok(value::open(key, &self.place(place), sealed)?)
    }

    fn place<'a>(&'a self, place: &'a BodyPlace<'a>) -> Place<'a> {
        Place {
            realm: self.realm.as_bytes(),
            scope: place.scope.as_bytes(),
            collection: place.collection,
            id: place.id.as_bytes(),
            field: FIELD,
            stamp: &place.stamp.0,
        }
    }

    /// Signs as the person.
    pub fn sign_as_user(&self, kind: &str, body: Vec<u8>) -> Signed {
        sign::sign(&self.signer, kind, self.realm.as_bytes(), self.user_certificate.into_bytes(), body)
    }

    /// Signs as the device.
    pub fn sign_as_device(&self, kind: &str, body: Vec<u8>) -> Signed {
        let certificate = self.device_certificate.into_bytes();
        sign::sign(&self.secrets.device_signer, kind, self.realm.as_bytes(), certificate, body)
    }

    /// Issues certificates as the person.
    pub fn issuer(&self) -> Issuer<'_> {
        Issuer {
            realm: self.realm,
            signer: &self.signer,
            certificate: self.user_certificate,
            not_before_s: self.user_begins_s,
        }
    }
}

/// Are these the public keys that are made from the root?
pub(super) fn is_root_of(root: &UserRoot, keys: &UserKeys) -> bool {
    root.version() == keys.version && root.signer().public() == keys.sign && root.agreement().public() == keys.agree
}
