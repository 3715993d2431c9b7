//! Founding a realm: its root key, its first person, their device, and the first keys.

use super::certificate::{DeviceKeys, Issuer, Standing, UserKeys};
use super::chart::{Draft, make_shared};
use super::grants;
use super::keyring::{Keyring, Secrets};
use super::object::{KeyObject, random_id};
use super::scope_keys::{Reason, ScopeKind};
use super::store::Trust;
use super::{Error, Result, slots, text};
use crypto::grant::AgreementKey;
use crypto::kit::Kit;
use crypto::root::UserRoot;
use crypto::sign::{self, Signer};
use crypto::slot::Cost;
use crypto::{Key, Zeroizing};
use model::Role;
use uuid::Uuid;

const ROOT_KIT: &str = "ROOT1";
/// The version of a person's first root.
pub(super) const FIRST: u32 = 1;

/// Who founds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Founder {
    /// A doctor, for a clinic.
    Clinic,
    /// A person alone, who is a patient and their own super admin.
    Alone,
}

/// A founded realm.
pub struct Founding {
    /// The realm's id.
    pub realm: Uuid,
    /// Its root key, to be pinned for ever.
    pub root_public: [u8; 32],
    /// The first person.
    pub user: Uuid,
    /// Their device.
    pub device: Uuid,
    /// Their secrets, opened.
    pub keyring: Keyring,
    /// The verified store.
    pub trust: Trust,
    /// Everything to store and push.
    pub objects: Vec<KeyObject>,
    /// The person's kit, to be printed once and dropped.
    pub kit: Kit,
    /// The realm's root key as text, to be printed once and dropped: there is no other copy.
    pub root_kit: Zeroizing<String>,
}

/// Founds a realm. Afterwards the root key exists only in the text that is to be printed.
///
/// # Errors
/// [`Error::Crypto`] for a passphrase that is not accepted, or without randomness.
pub fn found(founder: Founder, cost: Cost, passphrase: &str, at_ms: u64) -> Result<Founding> {
    let root_signer = Signer::make()?;
    let root_public = root_signer.public();
    let realm = Uuid::from_bytes(sign::realm_id(&root_public));
    let mut trust = Trust::new(root_public);
    let person = Person::make(cost, passphrase)?;
    let standing = Standing { role: Role::SuperAdmin, clinical: founder == Founder::Clinic };
    let root = Issuer::root(realm, &root_signer);
    let mut objects = vec![root.certify_user(person.user, 1, person.keys(), standing, None, at_ms)?];
    learn(&mut trust, &objects)?;
    let (user, kit, slot) = (person.user, person.kit, person.slot);
    let (keyring, device_objects) = begin(&mut trust, user, person.root, kit.account_secret(), None, at_ms)?;
    objects.extend(device_objects);
    objects.push(slot);
    let keyring = first_scopes(keyring, &mut trust, &mut objects, at_ms)?;
    let root_kit = text::write(ROOT_KIT, root_signer.seed().expose());
    Ok(Founding { realm, root_public, user, device: keyring.device(), keyring, trust, objects, kit, root_kit })
}

/// The keys of the realm, of the care team and of the founder's own scope.
fn first_scopes(mut keyring: Keyring, trust: &mut Trust, objects: &mut Vec<KeyObject>, at_ms: u64) -> Result<Keyring> {
    let (realm, team, user) = (trust.realm(), trust.team(), keyring.user());
    for (scope, kind) in [(realm, ScopeKind::Realm), (team, ScopeKind::Team), (user, ScopeKind::User)] {
        open_scope(&mut keyring, trust, objects, scope, kind, at_ms)?;
    }
    Ok(keyring)
}

/// Opens a scope whose members follow from its kind.
pub(super) fn open_scope(
    keyring: &mut Keyring,
    trust: &mut Trust,
    objects: &mut Vec<KeyObject>,
    scope: Uuid,
    kind: ScopeKind,
    at_ms: u64,
) -> Result<()> {
    let draft = Draft { scope, kind, follows: Vec::new(), members: Vec::new(), reason: Reason::Made, at_ms };
    let made = make_shared(keyring, trust, &draft)?;
    learn_own(trust, keyring.device(), &made)?;
    keyring.learn(trust, &made)?;
    objects.extend(made);
    Ok(())
}

/// A new person's secrets, before anybody certified them.
pub(super) struct Person {
    pub(super) user: Uuid,
    pub(super) root_key: Key,
    pub(super) root: UserRoot,
    pub(super) kit: Kit,
    pub(super) slot: KeyObject,
}

impl Person {
    pub(super) fn make(cost: Cost, passphrase: &str) -> Result<Self> {
        Self::make_again(cost, passphrase, random_id()?, FIRST)
    }

    /// New secrets for somebody who is known.
    pub(super) fn make_again(cost: Cost, passphrase: &str, user: Uuid, version: u32) -> Result<Self> {
        let (root_key, kit) = (Key::make()?, Kit::make(user.into_bytes())?);
        let root = UserRoot::from_key(root_key.duplicate(), version);
        let slot = slots::close(cost, user, &root, &kit.account_secret(), passphrase)?;
        Ok(Person { user, root_key, root, kit, slot })
    }

    pub(super) fn keys(&self) -> UserKeys {
        keys_of(&self.root, self.kit.recovery().public())
    }
}

pub(super) fn keys_of(root: &UserRoot, recovery: crypto::grant::AgreementPublic) -> UserKeys {
    let (sign, agree) = (root.signer().public(), root.agreement().public());
    UserKeys { sign, agree, recovery, version: root.version(), since_ms: 0 }
}

/// The keys of a device.
pub(super) struct DeviceSecrets {
    pub(super) signer: Signer,
    pub(super) agreement: AgreementKey,
}

impl DeviceSecrets {
    pub(super) fn make() -> Result<Self> {
        Ok(DeviceSecrets { signer: Signer::make()?, agreement: AgreementKey::make()? })
    }

    pub(super) fn duplicate(&self) -> Self {
        let (signer, agreement) = (self.signer.seed(), self.agreement.seed());
        DeviceSecrets { signer: Signer::from_seed(signer), agreement: AgreementKey::from_seed(agreement) }
    }

    pub(super) fn id(&self) -> Uuid {
        super::object::device_id(&self.signer.public())
    }
}

/// A certified person begins on a device: its certificate, and their root wrapped for the device and for the kit.
pub(super) fn begin(
    trust: &mut Trust,
    user: Uuid,
    root: UserRoot,
    account: Key,
    device: Option<DeviceSecrets>,
    at_ms: u64,
) -> Result<(Keyring, Vec<KeyObject>)> {
    let realm = trust.realm();
    let device = device.map_or_else(DeviceSecrets::make, Ok)?;
    let own = trust.user(user).ok_or(Error::Unknown("the person's certificate"))?;
    let keys = own.user_keys().ok_or(Error::Unknown("the person's certificate"))?;
    let signer = root.signer();
    let issuer = Issuer { realm, signer: &signer, certificate: own.id, not_before_s: own.not_before_s };
    let claim = DeviceKeys::claim(realm, user, &device.signer, device.agreement.public());
    let objects = vec![
        grants::for_kit(realm, user, &root, keys, own.id)?,
        grants::for_device(realm, user, &root, &account, device.id(), &claim.agree)?,
        issuer.certify_device(1, claim, at_ms)?,
    ];
    learn_own(trust, device.id(), &objects)?;
    let secrets = Secrets { root, account, device_signer: device.signer, device_agreement: device.agreement };
    Ok((Keyring::new(trust, user, secrets)?, objects))
}

/// The person goes on under a new device, in the place of one of which there are two.
///
/// # Errors
/// [`Error::Unknown`] when the new device does not count: one of the person's devices was removed, and one that it could
/// have made looks the same. Then another of their devices must bring this one in.
pub fn become_new_device(keyring: &mut Keyring, trust: &mut Trust, at_ms: u64) -> Result<Vec<KeyObject>> {
    let (realm, user, device) = (keyring.realm(), keyring.user(), DeviceSecrets::make()?);
    let claim = DeviceKeys::claim(realm, user, &device.signer, device.agreement.public());
    let (root, account) = (keyring.root(), keyring.account_secret());
    let objects = vec![
        grants::for_device(realm, user, root, account, device.id(), &claim.agree)?,
        keyring.issuer().certify_device(1, claim, at_ms)?,
    ];
    learn_own(trust, device.id(), &objects)?;
    keyring.take_device(trust, device)?;
    Ok(objects)
}

/// Takes in objects that were made on this device.
pub(super) fn learn_own(trust: &mut Trust, device: Uuid, objects: &[KeyObject]) -> Result<()> {
    trust.place_own(device, objects);
    learn(trust, objects)
}

/// Takes in objects that must all hold at once.
pub(super) fn learn(trust: &mut Trust, objects: &[KeyObject]) -> Result<()> {
    // What waits from before is not these objects' fault: anybody can put there what waits for ever.
    let before = trust.waiting();
    match trust.learn_all(objects).first() {
        Some((_, error)) => Err(*error),
        None if trust.waiting() > before => Err(Error::Unknown("an issuer")),
        None => Ok(()),
    }
}

/// Reads the realm's printed root key, for the rare acts that need it: certifying or removing a super admin.
///
/// # Errors
/// [`Error::Malformed`] when mistyped; [`Error::Elsewhere`] for the root of another realm.
pub fn read_root_kit(trust: &Trust, typed: &str) -> Result<Signer> {
    let payload = text::read(ROOT_KIT, 32, typed)?;
    let signer = Signer::from_seed(&Key::from_slice(&payload)?);
    match signer.public() == *trust.root_public() {
        true => Ok(signer),
        false => Err(Error::Elsewhere),
    }
}
