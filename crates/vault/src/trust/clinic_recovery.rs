//! Recovery by the clinic, for whoever agreed to it (security design, 6.4).
//!
//! It needs three things, none of which the database can give: a key that the realm's root signed and whose secret half is made from
//! the root key on paper; the person's own signature that they agree; and their root, which their own program wrapped for that key.
//! A withdrawal follows the consent under a higher number. A return through the clinic ends the consent that it used.

use super::body::{self, Body};
use super::certificate::Certificate;
use super::grants::{self, Granted};
use super::keyring::{Keyring, is_root_of};
use super::object::{CERTS, GRANTS, KeyObject};
use super::store::Trust;
use super::{Error, Result};
use bson::doc;
use crypto::grant::AgreementPublic;
use crypto::root::{UserRoot, clinic_recovery};
use crypto::sign::{self, Signer};
use uuid::Uuid;

pub(super) const CLINIC_RECOVERY: &str = "clinic-recovery";
pub(super) const CONSENT: &str = "recovery-consent";
const BODY_MAX: usize = 8 * 1024;
/// How long a clinic's recovery key is good for: three years, in seconds.
const VALID_S: u64 = 3 * 365 * 86_400;

/// A key with which the clinic recovers the accounts of those who agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClinicKey {
    /// Its id.
    pub id: Uuid,
    /// Wraps the root of a person who agrees.
    pub agree: AgreementPublic,
    /// Counts up.
    pub n: u32,
    /// When it was made, milliseconds since 1970.
    pub at_ms: u64,
}

/// A person's signed word that the clinic may recover their account, or may no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Its id.
    pub id: Uuid,
    /// The person's certificate that it is signed under.
    pub certificate: Uuid,
    /// Who says so.
    pub user: Uuid,
    /// The clinic's key.
    pub to: Uuid,
    /// May it?
    pub on: bool,
    /// Counts up with each word of the person.
    pub n: u32,
    /// When it was said, milliseconds since 1970.
    pub at_ms: u64,
}

impl ClinicKey {
    /// Reads a key whose signature by the root has been verified.
    pub(super) fn from_body(id: Uuid, realm: Uuid, bytes: &[u8]) -> Result<Self> {
        let body = Body::of_realm(bytes, BODY_MAX, realm)?;
        let agree = AgreementPublic::from_bytes(body.bytes("kem")?)?;
        Ok(ClinicKey { id, agree, n: body.small("n")?, at_ms: body.number("at")? })
    }

    fn covers(&self, at_ms: u64) -> bool {
        at_ms / 1000 <= (self.at_ms / 1000).saturating_add(VALID_S)
    }
}

impl Consent {
    /// Reads a word whose signature has been verified.
    pub(super) fn from_body(id: Uuid, realm: Uuid, bytes: &[u8]) -> Result<Self> {
        let body = Body::of_realm(bytes, BODY_MAX, realm)?;
        let on = match body.text("may")? {
            "yes" => true,
            "no" => false,
            _ => return Err(Error::Malformed("a consent")),
        };
        let (certificate, user, to) = (body.id("iss")?, body.id("subject")?, body.id("to")?);
        Ok(Consent { id, certificate, user, to, on, n: body.small("n")?, at_ms: body.number("at")? })
    }
}

/// Makes the clinic's recovery key. Its secret half is on the sheet of the root key and nowhere else.
///
/// # Errors
/// As every object of this room.
pub fn make_key(root: &Signer, trust: &Trust, at_ms: u64) -> Result<KeyObject> {
    let realm = trust.realm();
    let n = trust.clinic_key().map_or(1, |key| key.n + 1);
    let public = clinic_recovery(root, n).public();
    let body = body::write(&doc! {
        "kind": CLINIC_RECOVERY, "realm": body::id(realm), "iss": body::id(realm), "kem": body::bytes(public.as_bytes()),
        "n": body::number(n.into()), "at": body::number(at_ms),
    })?;
    let signed = sign::sign(root, CLINIC_RECOVERY, realm.as_bytes(), realm.into_bytes(), body);
    Ok(KeyObject::signed(CERTS, realm, &signed))
}

/// The person at work says whether the clinic may recover their account. With a yes goes their root, wrapped for the clinic's key.
///
/// # Errors
/// [`Error::Unknown`] where the clinic offers it not, or no more.
pub fn consent(keyring: &Keyring, trust: &Trust, on: bool, at_ms: u64) -> Result<Vec<KeyObject>> {
    let (realm, user) = (keyring.realm(), keyring.user());
    let key = trust.clinic_key().filter(|key| !on || key.covers(at_ms)).ok_or(Error::Unknown("a recovery key"))?;
    let said = trust.consents.values().filter(|consent| consent.user == user);
    let n = said.map(|consent| consent.n).max().unwrap_or(0) + 1;
    let body = body::write(&doc! {
        "kind": CONSENT, "realm": body::id(realm), "iss": body::id(keyring.user_certificate()), "subject": body::id(user),
        "to": body::id(key.id), "may": if on { "yes" } else { "no" }, "n": body::number(n.into()), "at": body::number(at_ms),
    })?;
    let mut objects = vec![KeyObject::signed(CERTS, realm, &keyring.sign_as_user(CONSENT, body))];
    if on {
        objects.push(grants::for_clinic(realm, user, keyring.root(), key)?);
    }
    Ok(objects)
}

/// Opens the root of a person who agreed, with the realm's root key.
///
/// # Errors
/// [`Error::Forbidden`] without their consent; [`Error::Unknown`] where their root was not wrapped, or did not come;
/// [`Error::ForeignKey`] for one that is not theirs.
pub fn open(trust: &Trust, objects: &[KeyObject], root: &Signer, user: Uuid) -> Result<UserRoot> {
    let consent = trust.recovery_consent(user).ok_or(Error::Forbidden("this person did not agree to it"))?;
    let clinic = trust.clinic_keys.get(&consent.to).ok_or(Error::Unknown("a recovery key"))?;
    let keys = trust.user(user).and_then(Certificate::user_keys).ok_or(Error::Unknown("the person"))?;
    let key = clinic_recovery(root, clinic.n);
    if key.public() != clinic.agree {
        return Err(Error::ForeignKey);
    }
    let realm = trust.realm().into_bytes();
    let opened = objects.iter().filter(|object| object.collection == GRANTS).filter_map(|object| {
        let Ok(Granted::Recovery { user: of, v, to, grant }) = grants::read(object) else { return None };
        let ours = of == user && to == clinic.id && v == keys.version;
        let open = || UserRoot::open_for_recovery(&key, &realm, user.as_bytes(), v, to.as_bytes(), &grant).ok();
        ours.then(open).flatten()
    });
    opened.into_iter().find(|root| is_root_of(root, keys)).ok_or(Error::Unknown("the root of this person"))
}

/// Wraps the root of a person for the clinic's key, where they agree: after they made new keys.
pub(super) fn share_again(keyring: &Keyring, trust: &Trust) -> Result<Option<KeyObject>> {
    let (realm, user) = (keyring.realm(), keyring.user());
    let key = trust.recovery_consent(user).and_then(|consent| trust.clinic_keys.get(&consent.to));
    key.map(|key| grants::for_clinic(realm, user, keyring.root(), key)).transpose()
}

impl Trust {
    /// The newest recovery key of the clinic.
    pub fn clinic_key(&self) -> Option<&ClinicKey> {
        self.clinic_keys.values().max_by_key(|key| (key.n, key.id))
    }

    /// What a person last said, if it is a yes that still counts: of two words with one number, the no.
    pub fn recovery_consent(&self, user: Uuid) -> Option<&Consent> {
        let counts = |consent: &&Consent| {
            consent.user == user && self.object_counts(consent.certificate, consent.id) && !self.was_used(consent)
        };
        let last = self.consents.values().filter(counts).max_by_key(|consent| (consent.n, !consent.on, consent.id))?;
        (last.on && self.clinic_keys.contains_key(&last.to) && self.role_of(user).is_some()).then_some(last)
    }

    /// Did the clinic bring this person back since? Then they have keys that they did not ask for themself.
    fn was_used(&self, consent: &Consent) -> bool {
        let version =
            self.certificates.get(&consent.certificate).and_then(Certificate::user_keys).map(|keys| keys.version);
        let held = self.by_subject.get(&consent.user).into_iter().flatten();
        let later = held.filter_map(|id| self.certificates.get(id)).filter_map(Certificate::user_keys);
        later.into_iter().any(|keys| Some(keys.version) > version && keys.since_ms > 0 && self.slot_of(keys).is_none())
    }

    /// Did the clinic give this person the keys that they have now?
    pub fn was_brought_back(&self, user: Uuid) -> bool {
        let keys = self.user(user).and_then(Certificate::user_keys);
        keys.is_some_and(|keys| keys.since_ms > 0 && self.slot_of(keys).is_none())
    }
}
