//! Removing a person or a device, changing a role, and renewing certificates.
//!
//! `heads` are the journal heads that the remover knows: they become the marks up to which signatures still count. After a
//! removal, every scope for which [`Trust::renewal`] says so gets a new key.

use super::certificate::{DeviceKeys, Issuer, Revocation, Standing, may_certify};
use super::journal::Head;
use super::keyring::Keyring;
use super::new_keys::check_holds;
use super::object::KeyObject;
use super::store::Trust;
use super::{Error, Result};
use uuid::Uuid;

/// Removes a device: a lost one of one's own, or one of somebody that the remover may certify. `keep` names the person's
/// other devices that they still have in their hands, and this one always stays; devices removed before stay as they are.
///
/// # Errors
/// [`Error::Unknown`] for a device that is not certified; [`Error::Forbidden`].
pub fn remove_device(
    keyring: &Keyring,
    trust: &Trust,
    device: Uuid,
    heads: &[Head],
    keep: &[Uuid],
    at_ms: u64,
) -> Result<KeyObject> {
    let user = trust.user_of_device(device).ok_or(Error::Unknown("the device"))?;
    if device == keyring.device() {
        return Err(Error::Forbidden("a device does not remove itself"));
    }
    if user != keyring.user() {
        check_authority(keyring, trust, user)?;
    }
    let stays = |other: &Uuid| *other == keyring.device() || keep.contains(other) || trust.is_removed(*other);
    let keep = trust.devices_of(user).into_iter().filter(|other| *other != device && stays(other)).collect();
    let upto = heads.iter().filter(|head| head.device == device).cloned().collect();
    keyring.issuer().revoke(removal(trust, user, device, upto, keep, at_ms)?)
}

/// Removes a person with all their devices.
///
/// # Errors
/// [`Error::Unknown`] for somebody who is not certified; [`Error::Forbidden`].
pub fn remove_user(keyring: &Keyring, trust: &Trust, user: Uuid, heads: &[Head], at_ms: u64) -> Result<KeyObject> {
    check_authority(keyring, trust, user)?;
    remove_user_as(keyring.issuer(), trust, user, heads, at_ms)
}

/// Removes a person as an issuer that is not a keyring: the root, for a super admin.
///
/// # Errors
/// [`Error::Unknown`] for somebody who is not certified.
pub fn remove_user_as(issuer: Issuer, trust: &Trust, user: Uuid, heads: &[Head], at_ms: u64) -> Result<KeyObject> {
    issuer.revoke(removal(trust, user, user, marks(trust, user, heads), Vec::new(), at_ms)?)
}

/// Gives a person a higher standing as an issuer that is not a keyring: the root, for a new super admin. What they signed before
/// goes on counting.
///
/// # Errors
/// [`Error::Unknown`] for somebody who is not certified.
pub fn promote_as(issuer: Issuer, trust: &Trust, user: Uuid, standing: Standing, at_ms: u64) -> Result<KeyObject> {
    let current = trust.user(user).ok_or(Error::Unknown("the person"))?;
    let keys = current.user_keys().ok_or(Error::Unknown("the person"))?.clone();
    issuer.certify_user(user, current.n + 1, keys, standing, None, at_ms)
}

/// Gives a person another standing. Where it differs from the one they have, what they signed under the earlier
/// certificate counts up to the marks only.
///
/// # Errors
/// [`Error::Unknown`], [`Error::Forbidden`]; [`Error::Overruled`] where somebody higher certified them: it would have no effect.
pub fn change_role(
    keyring: &Keyring,
    trust: &Trust,
    user: Uuid,
    standing: Standing,
    heads: &[Head],
    at_ms: u64,
) -> Result<KeyObject> {
    check_authority(keyring, trust, user)?;
    let authority = trust.role_of(keyring.user()).map_or(0, Standing::authority);
    if !may_certify(authority, standing) {
        return Err(Error::Forbidden("this role is given by a higher one"));
    }
    let current = trust.user(user).ok_or(Error::Unknown("the person"))?;
    let keys = current.user_keys().ok_or(Error::Unknown("the person"))?.clone();
    let lowers = current.standing().is_some_and(|before| before != standing);
    let upto = lowers.then(|| marks(trust, user, heads));
    let object = keyring.issuer().certify_user(user, current.n + 1, keys, standing, upto, at_ms)?;
    let mut after = trust.clone();
    after.place_own(keyring.device(), std::slice::from_ref(&object));
    check_holds(after, user, object)
}

/// Renews a person's certificate with the standing and keys that it has.
///
/// # Errors
/// [`Error::Unknown`], [`Error::Forbidden`].
pub fn renew_user(keyring: &Keyring, trust: &Trust, user: Uuid, at_ms: u64) -> Result<KeyObject> {
    let standing = trust.role_of(user).ok_or(Error::Unknown("the person"))?;
    change_role(keyring, trust, user, standing, &[], at_ms)
}

/// Renews the certificate of this device.
///
/// # Errors
/// [`Error::Unknown`].
pub fn renew_device(keyring: &Keyring, trust: &Trust, at_ms: u64) -> Result<KeyObject> {
    let current = trust.device(keyring.device()).ok_or(Error::Unknown("the device"))?;
    let secrets = &keyring.secrets;
    let agree = secrets.device_agreement.public();
    let keys = DeviceKeys::claim(keyring.realm(), keyring.user(), &secrets.device_signer, agree);
    keyring.issuer().certify_device(current.n + 1, keys, at_ms)
}

fn marks(trust: &Trust, user: Uuid, heads: &[Head]) -> Vec<Head> {
    let devices = trust.devices_of(user);
    heads.iter().filter(|head| devices.contains(&head.device)).cloned().collect()
}

fn removal(
    trust: &Trust,
    user: Uuid,
    subject: Uuid,
    upto: Vec<Head>,
    keep: Vec<Uuid>,
    at_ms: u64,
) -> Result<Revocation> {
    let keys = trust.user(user).and_then(|certificate| certificate.user_keys()).ok_or(Error::Unknown("the person"))?;
    Ok(Revocation { id: Uuid::nil(), issuer: Uuid::nil(), subject, upto, keep, version: keys.version, at_ms })
}

pub(super) fn check_authority(keyring: &Keyring, trust: &Trust, user: Uuid) -> Result<()> {
    let authority = trust.role_of(keyring.user()).map_or(0, Standing::authority);
    let standing =
        trust.user(user).and_then(|certificate| certificate.standing()).ok_or(Error::Unknown("the person"))?;
    match may_certify(authority, standing) {
        true => Ok(()),
        false => Err(Error::Forbidden("only a higher role manages this person")),
    }
}
