//! Readmission: what a removed device wrote after its mark counts after all, up to an entry (security design, 6.3). It is for a
//! device that was lost and found, and its morning that had not been sent.
//!
//! It names the removals that it looks past: one that is made later stops the device again. It lets documents count, and nothing of
//! keys and trust: what the device certified or shared after its mark stays shut out, so a thief's readmitted entry brings nobody in.

use super::body::{self, Body};
use super::certificate::{Revocation, may_certify};
use super::journal::Head;
use super::keyring::Keyring;
use super::object::{CERTS, KeyObject};
use super::remove::check_authority;
use super::store::Trust;
use super::{Error, Result};
use bson::doc;
use std::collections::BTreeSet;
use uuid::Uuid;

pub(super) const READMISSION: &str = "readmission";
const BODY_MAX: usize = 16 * 1024;
/// No device was removed more often than this.
const REMOVALS_MAX: usize = 256;

/// The signed word of somebody who may remove a person, or of that person, that entries of a device of theirs count after all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readmission {
    /// Its id.
    pub id: Uuid,
    /// The certificate that it is signed under.
    pub certificate: Uuid,
    /// The removals in spite of which they count.
    pub removals: Vec<Uuid>,
    /// The device, and the last entry that counts.
    pub head: Head,
    /// When it was said, milliseconds since 1970.
    pub at_ms: u64,
}

impl Readmission {
    /// Reads one whose signature has been verified.
    pub(super) fn from_body(id: Uuid, certificate: Uuid, realm: Uuid, bytes: &[u8]) -> Result<Self> {
        let body = Body::of_realm(bytes, BODY_MAX, realm)?;
        Ok(Readmission {
            id,
            certificate,
            removals: body.ids("removals", REMOVALS_MAX)?,
            head: body.within("head").and_then(Head::from_body)?,
            at_ms: body.number("at")?,
        })
    }
}

/// Lets the entries of a removed device count up to this one.
///
/// # Errors
/// [`Error::Unknown`] for a device that nothing limits; [`Error::Forbidden`] for whoever may not remove its person and is not that
/// person.
pub fn readmit(keyring: &Keyring, trust: &Trust, head: &Head, at_ms: u64) -> Result<KeyObject> {
    check_may(keyring, trust, head.device)?;
    let removals: Vec<_> = trust.removals_against(head.device).map(|removal| body::id(removal.id)).collect();
    if removals.is_empty() {
        return Err(Error::Unknown("a removal of the device"));
    }
    let body = body::write(&doc! {
        "kind": READMISSION, "realm": body::id(keyring.realm()), "removals": removals, "head": head.to_body(),
        "at": body::number(at_ms),
    })?;
    Ok(KeyObject::signed(CERTS, keyring.realm(), &keyring.sign_as_user(READMISSION, body)))
}

/// May the person at work let a removed device's entries count?
///
/// # Errors
/// [`Error::Unknown`], [`Error::Forbidden`].
pub fn check_may(keyring: &Keyring, trust: &Trust, device: Uuid) -> Result<()> {
    match trust.user_of_device(device).ok_or(Error::Unknown("the device"))? {
        user if user == keyring.user() => Ok(()),
        user => check_authority(keyring, trust, user),
    }
}

impl Trust {
    /// The removals that stand against a device: its own, and its person's.
    pub(super) fn removals_against(&self, device: Uuid) -> impl Iterator<Item = &Revocation> {
        let user = self.user_of_device(device);
        self.removals_of(device).chain(user.into_iter().flat_map(|user| self.removals_of(user)))
    }

    /// The devices of which somebody said that later entries count.
    pub(crate) fn readmitted_devices(&self) -> BTreeSet<Uuid> {
        self.readmissions.values().map(|held| held.head.device).collect()
    }

    /// The last entry of a device that counts in spite of this removal, where somebody who might has said so.
    pub(super) fn readmitted(&self, removal: Uuid, device: Uuid) -> Option<&Head> {
        let of =
            self.readmissions.values().filter(|held| held.head.device == device && held.removals.contains(&removal));
        of.filter(|held| self.readmission_stands(held)).map(|held| &held.head).max_by_key(|head| head.n)
    }

    /// The last entry of a device that counts as far as one removal goes, with what readmissions say.
    pub(super) fn mark_of(&self, removal: &Revocation, device: Uuid) -> u64 {
        removal.last_of(device).max(self.readmitted(removal.id, device).map_or(0, |head| head.n))
    }

    fn readmission_stands(&self, held: &Readmission) -> bool {
        let Some((user, standing)) = self.subject_standing(held.head.device) else {
            return false;
        };
        let signer = self.certificates.get(&held.certificate);
        let is_own = signer.is_some_and(|signer| signer.subject == user);
        (is_own || may_certify(self.authority_of(held.certificate), standing))
            && self.object_counts(held.certificate, held.id)
    }
}
