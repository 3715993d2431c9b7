//! Certificates and revocations: who is who, with which keys, certified by whom, and until where that counted.
//!
//! A certificate's id is the digest of its body (see [`KeyObject`]), so it stands in no body. Certificates hold no names.

use super::body::{self, Body};
use super::journal::Head;
use super::object::{CERTS, KeyObject, device_id};
use super::{Error, Result};
use bson::doc;
use crypto::grant::AgreementPublic;
use crypto::sign::{self, Signed, Signer};
use model::Role;
use uuid::Uuid;

pub(super) const CERTIFICATE: &str = "certificate";
pub(super) const REVOCATION: &str = "revocation";
const CLAIM: &str = "device-claim";
/// The most devices that one revocation or certificate speaks of.
const DEVICES: usize = 1024;
const BODY_MAX: usize = 128 * 1024;
const DAY_S: u64 = 86_400;
/// A certificate begins this long before it is made, so that a clock that is a little behind can use it. Seconds.
const EARLIER_S: u64 = 3_600;

/// What a person may do in the realm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Standing {
    /// The role.
    pub role: Role,
    /// Is an admin or super admin a doctor too? A doctor is one without it.
    pub clinical: bool,
}

impl Standing {
    /// The standing that a role alone gives.
    pub const fn of(role: Role) -> Self {
        Standing { role, clinical: false }
    }

    /// May this person write clinical statements?
    pub fn is_doctor(self) -> bool {
        self.role == Role::Doctor || self.clinical
    }

    /// Does this person belong to the care team?
    pub fn is_staff(self) -> bool {
        self.role != Role::Patient
    }

    /// May this person manage users and devices?
    pub fn is_admin(self) -> bool {
        matches!(self.role, Role::Admin | Role::SuperAdmin)
    }

    pub(super) fn authority(self) -> u8 {
        match self.role {
            Role::Patient => 0,
            Role::Doctor => 1,
            Role::Admin => ADMIN,
            Role::SuperAdmin => ADMIN + 1,
        }
    }

    /// How long a user certificate of this standing is valid, in seconds (security design, 6.3).
    fn valid_s(self) -> u64 {
        DAY_S
            * match self.role {
                Role::SuperAdmin => 3 * 365,
                Role::Admin | Role::Doctor => 400,
                Role::Patient => 5 * 365,
            }
    }
}

const ADMIN: u8 = 2;
/// The authority of the realm's root.
pub(super) const ROOT: u8 = 4;

/// May somebody of this authority certify, and remove, somebody of that standing?
pub(super) fn may_certify(authority: u8, subject: Standing) -> bool {
    match subject.role {
        Role::SuperAdmin => authority == ROOT,
        Role::Patient | Role::Doctor | Role::Admin => {
            (ADMIN..ROOT).contains(&authority) && authority > subject.authority()
        }
    }
}

/// The public keys that a user certificate certifies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserKeys {
    /// Verifies what the user signs.
    pub sign: [u8; 32],
    /// Wraps keys for the user.
    pub agree: AgreementPublic,
    /// Wraps the user's root for the kit on paper.
    pub recovery: AgreementPublic,
    /// The version of the user root that the first two are made from.
    pub version: u32,
    /// When these keys were certified in the place of earlier ones, milliseconds since 1970; 0 for a person's first. Whoever
    /// certifies says it.
    pub since_ms: u64,
}

/// The public keys of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceKeys {
    /// Verifies the device's journal; the device's id is made from it.
    pub sign: [u8; 32],
    /// Wraps the user's root for the device.
    pub agree: AgreementPublic,
    /// The device's own signature that it belongs to this user, so that nobody certifies another's device as theirs.
    pub claim: [u8; 64],
}

impl DeviceKeys {
    /// The public keys of a device, with its claim to belong to a user.
    pub(super) fn claim(realm: Uuid, user: Uuid, signer: &Signer, agree: AgreementPublic) -> Self {
        let signed = sign::sign(signer, CLAIM, realm.as_bytes(), [0; 16], user.as_bytes().to_vec());
        DeviceKeys { sign: signer.public(), agree, claim: signed.signature }
    }

    /// Does the device say that it belongs to this user?
    pub(super) fn claims(&self, realm: Uuid, user: Uuid) -> bool {
        let body = user.as_bytes().to_vec();
        let signed = Signed { kind: CLAIM.to_owned(), body, certificate: [0; 16], signature: self.claim };
        sign::verify(&signed, realm.as_bytes(), &self.sign).is_ok()
    }
}

/// Whom a certificate is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A person.
    User {
        /// Their keys.
        keys: UserKeys,
        /// What they may do.
        standing: Standing,
        /// On a certificate that lowers a role: up to where, per device, what was signed under the earlier ones counts.
        upto: Option<Vec<Head>>,
    },
    /// A device of the person who issued it.
    Device(DeviceKeys),
}

/// A certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Its id.
    pub id: Uuid,
    /// The certificate of whoever issued it; the realm's id stands for the realm's root.
    pub issuer: Uuid,
    /// The user or device.
    pub subject: Uuid,
    /// Counts up per subject.
    pub n: u32,
    /// Begin of its validity, seconds since 1970.
    pub not_before_s: u64,
    /// End of its validity, seconds since 1970.
    pub not_after_s: u64,
    /// Whom it is about.
    pub holder: Holder,
}

/// A removal: of a person, or of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// Its id.
    pub id: Uuid,
    /// The certificate of whoever made it; the realm's id stands for the realm's root.
    pub issuer: Uuid,
    /// The user or device that is removed.
    pub subject: Uuid,
    /// The last journal entry, per device, that still counts. A device of the subject that is not named: none.
    pub upto: Vec<Head>,
    /// The person's other devices, which stay.
    pub keep: Vec<Uuid>,
    /// The version of the person's root that the removed device knew.
    pub version: u32,
    /// When it was made, milliseconds since 1970.
    pub at_ms: u64,
}

impl Certificate {
    /// The key that verifies what the holder signs.
    pub fn sign_key(&self) -> &[u8; 32] {
        match &self.holder {
            Holder::User { keys, .. } => &keys.sign,
            Holder::Device(keys) => &keys.sign,
        }
    }

    /// The keys of a person.
    pub fn user_keys(&self) -> Option<&UserKeys> {
        match &self.holder {
            Holder::User { keys, .. } => Some(keys),
            Holder::Device(_) => None,
        }
    }

    /// The keys of a device.
    pub fn device_keys(&self) -> Option<&DeviceKeys> {
        match &self.holder {
            Holder::User { .. } => None,
            Holder::Device(keys) => Some(keys),
        }
    }

    /// What the person may do; a device has no standing of its own.
    pub fn standing(&self) -> Option<Standing> {
        match &self.holder {
            Holder::User { standing, .. } => Some(*standing),
            Holder::Device(_) => None,
        }
    }

    /// Is it within its validity at this time, in milliseconds since 1970?
    pub fn covers(&self, at_ms: u64) -> bool {
        (self.not_before_s..=self.not_after_s).contains(&(at_ms / 1000))
    }

    fn to_body(&self, realm: Uuid) -> Result<Vec<u8>> {
        let mut body = doc! {
            "realm": body::id(realm), "iss": body::id(self.issuer), "subject": body::id(self.subject),
            "n": body::number(self.n.into()), "nb": body::number(self.not_before_s), "na": body::number(self.not_after_s),
            "sig": body::bytes(self.sign_key()),
        };
        match &self.holder {
            Holder::Device(keys) => {
                body.insert("kind", "device");
                body.insert("kem", body::bytes(keys.agree.as_bytes()));
                body.insert("claim", body::bytes(&keys.claim));
            }
            Holder::User { keys, standing, upto } => {
                body.insert("kind", "user");
                body.insert("kem", body::bytes(keys.agree.as_bytes()));
                body.insert("rec", body::bytes(keys.recovery.as_bytes()));
                body.insert("v", body::number(keys.version.into()));
                if keys.since_ms > 0 {
                    body.insert("since", body::number(keys.since_ms));
                }
                body.insert("role", standing.role.word());
                if standing.clinical {
                    body.insert("clinical", Role::Doctor.word());
                }
                if let Some(upto) = upto {
                    body.insert("upto", Head::list(upto));
                }
            }
        }
        body::write(&body)
    }

    /// Reads a certificate whose signature has been verified.
    pub(super) fn from_body(id: Uuid, realm: Uuid, bytes: &[u8]) -> Result<Self> {
        let body = Body::of_realm(bytes, BODY_MAX, realm)?;
        let certificate = Certificate {
            id,
            issuer: body.id("iss")?,
            subject: body.id("subject")?,
            n: body.small("n")?,
            not_before_s: body.number("nb")?,
            not_after_s: body.number("na")?,
            holder: read_holder(body)?,
        };
        if certificate.n == 0 || certificate.not_before_s > certificate.not_after_s {
            return Err(Error::Malformed("a certificate's number or validity"));
        }
        if let Holder::Device(keys) = &certificate.holder
            && certificate.subject != device_id(&keys.sign)
        {
            return Err(Error::Elsewhere);
        }
        Ok(certificate)
    }
}

impl UserKeys {
    /// The keys as certificates and requests have them; not since when.
    pub(super) fn read(body: Body<'_>) -> Result<Self> {
        Ok(UserKeys {
            sign: body.fixed("sig")?,
            agree: AgreementPublic::from_bytes(body.bytes("kem")?)?,
            recovery: AgreementPublic::from_bytes(body.bytes("rec")?)?,
            version: body.small("v")?,
            since_ms: 0,
        })
    }
}

fn read_holder(body: Body) -> Result<Holder> {
    match body.text("kind")? {
        "device" => {
            let agree = AgreementPublic::from_bytes(body.bytes("kem")?)?;
            Ok(Holder::Device(DeviceKeys { sign: body.fixed("sig")?, agree, claim: body.fixed("claim")? }))
        }
        "user" => {
            let since_ms = if body.has("since") { body.number("since")? } else { 0 };
            let keys = UserKeys { since_ms, ..UserKeys::read(body)? };
            let upto = body.has("upto").then(|| body.list("upto", DEVICES, Head::from_body)).transpose()?;
            Ok(Holder::User { keys, standing: read_standing(body)?, upto })
        }
        _ => Err(Error::Malformed("kind of certificate")),
    }
}

fn read_standing(body: Body) -> Result<Standing> {
    let role = Role::from_word(body.text("role")?).ok_or(Error::Malformed("role"))?;
    let clinical = match body.has("clinical") {
        true if body.text("clinical")? == Role::Doctor.word() => true,
        true => return Err(Error::Malformed("clinical")),
        false => false,
    };
    let standing = Standing { role, clinical };
    match clinical && !standing.is_admin() {
        true => Err(Error::Malformed("only an admin is a doctor besides")),
        false => Ok(standing),
    }
}

impl Revocation {
    fn to_body(&self, realm: Uuid) -> Result<Vec<u8>> {
        body::write(&doc! {
            "kind": REVOCATION, "realm": body::id(realm), "iss": body::id(self.issuer), "subject": body::id(self.subject),
            "upto": Head::list(&self.upto), "keep": self.keep.iter().map(|device| body::id(*device)).collect::<Vec<_>>(),
            "v": body::number(self.version.into()), "at": body::number(self.at_ms),
        })
    }

    /// Reads a revocation whose signature has been verified.
    pub(super) fn from_body(id: Uuid, realm: Uuid, bytes: &[u8]) -> Result<Self> {
        let body = Body::of_realm(bytes, BODY_MAX, realm)?;
        Ok(Revocation {
            id,
            issuer: body.id("iss")?,
            subject: body.id("subject")?,
            upto: body.list("upto", DEVICES, Head::from_body)?,
            keep: body.ids("keep", DEVICES)?,
            version: body.small("v")?,
            at_ms: body.number("at")?,
        })
    }

    /// The last entry of this device that still counts; 0 when none does.
    pub(super) fn last_of(&self, device: Uuid) -> u64 {
        last_of(&self.upto, device)
    }
}

/// The last entry of a device that a list of heads still lets count.
pub(super) fn last_of(upto: &[Head], device: Uuid) -> u64 {
    upto.iter().filter(|head| head.device == device).map(|head| head.n).min().unwrap_or(0)
}

/// Who issues: the realm's root, or a person under a certificate.
#[derive(Clone, Copy)]
pub struct Issuer<'a> {
    /// The realm.
    pub realm: Uuid,
    /// Signs.
    pub signer: &'a Signer,
    /// The certificate of the signer; the realm's id for the root.
    pub certificate: Uuid,
    /// Begin of the issuer's own certificate: nothing issued may begin before it. Seconds since 1970; 0 for the root.
    pub not_before_s: u64,
}

impl<'a> Issuer<'a> {
    /// The realm's root.
    pub fn root(realm: Uuid, signer: &'a Signer) -> Self {
        Issuer { realm, signer, certificate: realm, not_before_s: 0 }
    }

    /// Certifies a person.
    ///
    /// # Errors
    /// [`Error::Malformed`] never happens with what this room makes.
    pub fn certify_user(
        self,
        user: Uuid,
        n: u32,
        keys: UserKeys,
        standing: Standing,
        upto: Option<Vec<Head>>,
        at_ms: u64,
    ) -> Result<KeyObject> {
        self.issue(user, n, Holder::User { keys, standing, upto }, standing.valid_s(), at_ms)
    }

    /// Certifies a device of the issuer's own.
    ///
    /// # Errors
    /// As [`Issuer::certify_user`].
    pub fn certify_device(self, n: u32, keys: DeviceKeys, at_ms: u64) -> Result<KeyObject> {
        self.issue(device_id(&keys.sign), n, Holder::Device(keys), 400 * DAY_S, at_ms)
    }

    fn issue(self, subject: Uuid, n: u32, holder: Holder, valid_s: u64, at_ms: u64) -> Result<KeyObject> {
        let begin = (at_ms / 1000).saturating_sub(EARLIER_S).max(self.not_before_s);
        let certificate = Certificate {
            id: Uuid::nil(),
            issuer: self.certificate,
            subject,
            n,
            not_before_s: begin,
            not_after_s: begin.saturating_add(valid_s),
            holder,
        };
        Ok(self.object(CERTIFICATE, certificate.to_body(self.realm)?))
    }

    /// Removes a person or a device. The id and the issuer that `revocation` carries are replaced by the right ones.
    ///
    /// # Errors
    /// As [`Issuer::certify_user`].
    pub fn revoke(self, revocation: Revocation) -> Result<KeyObject> {
        let revocation = Revocation { issuer: self.certificate, ..revocation };
        Ok(self.object(REVOCATION, revocation.to_body(self.realm)?))
    }

    fn object(self, kind: &str, body: Vec<u8>) -> KeyObject {
        let signed: Signed = sign::sign(self.signer, kind, self.realm.as_bytes(), self.certificate.into_bytes(), body);
        KeyObject::signed(CERTS, self.realm, &signed)
    }
}
