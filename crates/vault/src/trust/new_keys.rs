//! New keys for a person whose root may be known to somebody else: asked for by them, certified by whoever may certify them, and
//! taken over by their devices (security design, 10.4).
//!
//! The person's program draws the root and the kit and signs a request with the keys in use. It counts like everything they sign:
//! after a device was removed, only if a journal entry of a device that stays covers it. So a thief of the device cannot ask.

use super::body::{self, Body};
use super::certificate::{Certificate, Issuer, UserKeys};
use super::found::keys_of;
use super::grants::{self, Granted};
use super::keyring::{Keyring, is_root_of};
use super::object::{CERTS, GRANTS, KeyObject};
use super::remove::check_authority;
use super::store::Trust;
use super::{Error, Result, clinic_recovery, slots};
use bson::doc;
use crypto::Key;
use crypto::encode::{lp, sha256};
use crypto::kit::Kit;
use crypto::root::UserRoot;
use crypto::sign::{self, Signed};
use crypto::slot::Cost;
use uuid::Uuid;

pub(super) const KEY_REQUEST: &str = "key-request";
const PROOF: &str = "key-proof";
const BODY_MAX: usize = 8 * 1024;

/// A person's signed wish to be certified with other keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRequest {
    /// Its id.
    pub id: Uuid,
    /// The person's certificate that it is signed under.
    pub certificate: Uuid,
    /// Who asks.
    pub user: Uuid,
    /// The new keys.
    pub keys: UserKeys,
    /// The digest of the slot that holds the new root, so that the person's other devices know the right one.
    pub slot: [u8; 32],
    /// When it was made, milliseconds since 1970.
    pub at_ms: u64,
}

/// What asking for new keys gives.
pub struct Asked {
    /// The new root. It is used when it is certified.
    pub root: UserRoot,
    /// The new kit: to be printed now and dropped.
    pub kit: Kit,
    /// The request and the slot: to store and push.
    pub objects: Vec<KeyObject>,
    /// The request's id.
    pub request: Uuid,
}

impl KeyRequest {
    /// Sixteen letters that name the request: whoever certifies types them from the other screen.
    pub fn check_words(&self) -> String {
        check_words(self.id)
    }

    fn to_body(&self, realm: Uuid, proof: &[u8; 64]) -> Result<Vec<u8>> {
        body::write(&doc! {
            "kind": KEY_REQUEST, "realm": body::id(realm), "iss": body::id(self.certificate), "subject": body::id(self.user),
            "sig": body::bytes(&self.keys.sign), "kem": body::bytes(self.keys.agree.as_bytes()),
            "rec": body::bytes(self.keys.recovery.as_bytes()), "v": body::number(self.keys.version.into()),
            "slot": body::bytes(&self.slot), "at": body::number(self.at_ms), "proof": body::bytes(proof),
        })
    }

    /// Reads a request whose signature has been verified. The new key must have signed too.
    pub(super) fn from_body(id: Uuid, realm: Uuid, bytes: &[u8]) -> Result<Self> {
        let body = Body::of_realm(bytes, BODY_MAX, realm)?;
        let keys = UserKeys::read(body)?;
        let (certificate, user) = (body.id("iss")?, body.id("subject")?);
        let proof = Signed {
            kind: PROOF.to_owned(),
            body: user.as_bytes().to_vec(),
            certificate: [0; 16],
            signature: body.fixed("proof")?,
        };
        sign::verify(&proof, realm.as_bytes(), &keys.sign).map_err(|_| Error::Signature)?;
        Ok(KeyRequest { id, certificate, user, keys, slot: body.fixed("slot")?, at_ms: body.number("at")? })
    }
}

fn check_words(request: Uuid) -> String {
    let digest = sha256(&lp(&[b"mv1/keys-check", request.as_bytes()]));
    let letters = data_encoding::BASE32_NOPAD.encode(&digest[..10]);
    let groups: Vec<String> =
        letters.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    groups.join(" ")
}

/// Are these the letters, whatever case and spaces they were typed with?
fn are_words(typed: &str, words: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect()
    };
    plain(typed) == plain(words)
}

/// Draws a new root and kit for the person, closes the root behind a passphrase, and asks for a certificate.
///
/// # Errors
/// [`Error::Crypto`] for a passphrase that is not accepted; [`Error::Unknown`] without the person's certificate.
pub fn ask(keyring: &Keyring, trust: &Trust, cost: Cost, passphrase: &str, at_ms: u64) -> Result<Asked> {
    let (realm, user) = (keyring.realm(), keyring.user());
    let current = keys_of_user(trust, user)?;
    let (root, kit) = (UserRoot::make(current.version + 1)?, Kit::make(user.into_bytes())?);
    let slot = slots::close(cost, user, &root, &kit.account_secret(), passphrase)?;
    let proof = sign::sign(&root.signer(), PROOF, realm.as_bytes(), [0; 16], user.as_bytes().to_vec());
    let request = KeyRequest {
        id: Uuid::nil(),
        certificate: keyring.user_certificate(),
        user,
        keys: keys_of(&root, kit.recovery().public()),
        slot: sha256(&slot.bytes),
        at_ms,
    };
    let signed = keyring.sign_as_user(KEY_REQUEST, request.to_body(realm, &proof.signature)?);
    let object = KeyObject::signed(CERTS, realm, &signed);
    Ok(Asked { root, kit, request: object.id, objects: vec![slot, object] })
}

/// Certifies the keys that a person asked for, once the letters that they read out agree.
///
/// # Errors
/// [`Error::Unknown`] for a request that is not here, does not count, or was overtaken; [`Error::CheckDiffers`];
/// [`Error::Forbidden`], [`Error::Overruled`] for somebody whom only a higher one certifies.
pub fn certify(keyring: &Keyring, trust: &Trust, request: Uuid, typed_check: &str, at_ms: u64) -> Result<KeyObject> {
    let request = trust.key_request(request).ok_or(Error::Unknown("a request for keys that counts"))?;
    check_authority(keyring, trust, request.user)?;
    if !are_words(typed_check, &request.check_words()) {
        return Err(Error::CheckDiffers);
    }
    let object = issue(keyring.issuer(), trust, request, at_ms)?;
    let mut after = trust.clone();
    after.place_own(keyring.device(), std::slice::from_ref(&object));
    check_holds(after, request.user, object)
}

/// Certifies the keys that a super admin asked for, with the realm's root key.
///
/// # Errors
/// As [`certify`].
pub fn certify_as_root(issuer: Issuer, trust: &Trust, user: Uuid, at_ms: u64) -> Result<KeyObject> {
    let request = trust.key_request_of(user).ok_or(Error::Unknown("a request for keys that counts"))?;
    check_holds(trust.clone(), user, issue(issuer, trust, request, at_ms)?)
}

fn issue(issuer: Issuer, trust: &Trust, request: &KeyRequest, at_ms: u64) -> Result<KeyObject> {
    let current = trust.user(request.user).ok_or(Error::Unknown("the person"))?;
    let standing = current.standing().ok_or(Error::Unknown("the person"))?;
    let keys = UserKeys { since_ms: at_ms, ..request.keys.clone() };
    issuer.certify_user(request.user, current.n + 1, keys, standing, None, at_ms)
}

/// A certificate by somebody below the one who certified the person before would have no effect.
pub(super) fn check_holds(mut after: Trust, user: Uuid, object: KeyObject) -> Result<KeyObject> {
    after.learn(&object)?;
    match after.user(user).is_some_and(|now| now.id == object.id) {
        true => Ok(object),
        false => Err(Error::Overruled),
    }
}

fn keys_of_user(trust: &Trust, user: Uuid) -> Result<&UserKeys> {
    trust.user(user).and_then(Certificate::user_keys).ok_or(Error::Unknown("the person's certificate"))
}

/// The root and account secret that one of these grants brings to this device, if they are those of the newest certificate.
pub fn open_for_device(keyring: &Keyring, trust: &Trust, objects: &[KeyObject]) -> Option<(UserRoot, Key)> {
    let keys = keys_of_user(trust, keyring.user()).ok()?;
    let open = |object: &KeyObject| match grants::read(object) {
        Ok(Granted::Root { user, v, device, grant })
            if (user, v, device) == (keyring.user(), keys.version, keyring.device()) =>
        {
            let (key, realm) = (&keyring.secrets.device_agreement, keyring.realm().into_bytes());
            UserRoot::open_on_device(key, &realm, user.as_bytes(), v, device.as_bytes(), &grant).ok()
        }
        Ok(_) | Err(_) => None,
    };
    let grants = objects.iter().filter(|object| object.collection == GRANTS);
    grants.filter_map(open).find(|(root, _)| is_root_of(root, keys))
}

/// What the person's new root is shared with: their kit, their devices that stay, and itself, with the newest key of every scope
/// that they share by name.
///
/// # Errors
/// [`Error::Unknown`], [`Error::Crypto`].
pub fn share(keyring: &Keyring, trust: &Trust) -> Result<Vec<KeyObject>> {
    let (realm, user, root) = (keyring.realm(), keyring.user(), keyring.root());
    let own = trust.user(user).ok_or(Error::Unknown("the person's certificate"))?;
    let mut objects = vec![grants::for_kit(realm, user, root, keys_of_user(trust, user)?, own.id)?];
    for device in trust.devices_of(user).into_iter().filter(|device| !trust.is_removed(*device)) {
        let keys = trust.device(device).and_then(Certificate::device_keys).ok_or(Error::Unknown("a device"))?;
        objects.push(grants::for_device(realm, user, root, keyring.account_secret(), device, &keys.agree)?);
    }
    objects.extend(clinic_recovery::share_again(keyring, trust)?);
    for scope in keyring.scopes().filter(|scope| trust.is_named(*scope, user)) {
        // A scope of which only older keys are held is for whoever has the newest to share.
        if let Some(key) = keyring.newest(scope) {
            objects.push(grants::for_user(realm, key, own)?);
        }
    }
    Ok(objects)
}

impl Trust {
    /// The request of this id, if it counts and was not overtaken.
    pub fn key_request(&self, id: Uuid) -> Option<&KeyRequest> {
        self.key_requests.get(&id).filter(|request| self.is_open(request))
    }

    /// The newest request of a person that counts and was not answered.
    pub fn key_request_of(&self, user: Uuid) -> Option<&KeyRequest> {
        let open = self.key_requests.values().filter(|request| request.user == user && self.is_open(request));
        open.max_by_key(|request| (request.at_ms, request.id))
    }

    /// The newest open request of everybody who has one.
    pub fn open_key_requests(&self) -> Vec<&KeyRequest> {
        let asking: std::collections::BTreeSet<Uuid> = self.key_requests.values().map(|request| request.user).collect();
        asking.into_iter().filter_map(|user| self.key_request_of(user)).collect()
    }

    /// The digest of the slot that belongs to these keys, as the person signed it.
    pub fn slot_of(&self, keys: &UserKeys) -> Option<[u8; 32]> {
        let same = |request: &&KeyRequest| request.keys.sign == keys.sign && request.keys.version == keys.version;
        self.key_requests.values().find(same).map(|request| request.slot)
    }

    /// Does a device that was removed know the root that the person still uses?
    pub fn root_is_out(&self, user: Uuid) -> bool {
        let Ok(keys) = keys_of_user(self, user) else { return false };
        let devices = self.devices_of.get(&user).into_iter().flatten();
        devices.into_iter().any(|device| {
            let removals = self.by_removed.get(device).into_iter().flatten();
            let known = removals.filter_map(|id| self.revocations.get(id)).any(|one| one.version >= keys.version);
            known && self.is_removed(*device)
        })
    }

    fn is_open(&self, request: &KeyRequest) -> bool {
        let current = keys_of_user(self, request.user).map_or(0, |keys| keys.version);
        request.keys.version == current + 1
            && self.role_of(request.user).is_some()
            && self.object_counts(request.certificate, request.id)
    }
}
