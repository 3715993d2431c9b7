//! Getting back in with the kit on paper, when no device is left.

use super::found::begin;
use super::grants::{self, Granted};
use super::keyring::{Keyring, is_root_of};
use super::object::{GRANTS, KeyObject};
use super::store::Trust;
use super::{Error, Result, slots};
use crypto::kit::Kit;
use crypto::root::UserRoot;
use crypto::slot::Cost;
use uuid::Uuid;

/// A person who is back on a new device.
pub struct Recovered {
    /// Their secrets, opened.
    pub keyring: Keyring,
    /// What is new: to store and push.
    pub made: Vec<KeyObject>,
}

/// Opens the account with its kit and closes it anew behind a passphrase, on a new device. `objects` are the person's
/// grants. Such a device has no floor for other devices' journals: the caller says so.
///
/// # Errors
/// [`Error::Crypto`] for a mistyped kit or a passphrase that is not accepted; [`Error::ForeignKey`] when no grant opens to
/// the root that the person's certificate is for; [`Error::Unknown`] without that certificate.
pub fn recover(
    trust: &mut Trust,
    objects: &[KeyObject],
    kit_text: &str,
    cost: Cost,
    passphrase: &str,
    at_ms: u64,
) -> Result<Recovered> {
    let kit = Kit::parse(kit_text)?;
    let user = Uuid::from_bytes(*kit.user());
    let own = trust.user(user).ok_or(Error::Unknown("the person's certificate"))?;
    let keys = own.user_keys().ok_or(Error::Unknown("the person's certificate"))?;
    let grants = objects.iter().filter(|object| object.collection == GRANTS);
    let roots = grants.filter_map(|object| open_root(trust, &kit, object));
    let root = roots.into_iter().find(|root| is_root_of(root, keys)).ok_or(Error::ForeignKey)?;
    let slot = slots::close(cost, user, &root, &kit.account_secret(), passphrase)?;
    let (mut keyring, mut made) = begin(trust, user, root, kit.account_secret(), None, at_ms)?;
    made.push(slot);
    keyring.learn(trust, objects)?;
    Ok(Recovered { keyring, made })
}

/// What one grant gives, if it is for this kit; grants to others and grants that do not open are passed over.
fn open_root(trust: &Trust, kit: &Kit, object: &KeyObject) -> Option<UserRoot> {
    let Ok(Granted::Recovery { user, v, to, grant }) = grants::read(object) else {
        return None;
    };
    if user.as_bytes() != kit.user() {
        return None;
    }
    let realm = trust.realm().into_bytes();
    UserRoot::open_for_recovery(&kit.recovery(), &realm, user.as_bytes(), v, to.as_bytes(), &grant).ok()
}
