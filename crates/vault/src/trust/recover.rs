//! Getting back in with the kit on paper, when no device is left.

use super::found::begin;
use super::grants::{self, Granted};
use super::keyring::{Keyring, is_root_of};
use super::object::{GRANTS, KeyObject};
use super::store::Trust;
use super::{Error, Result, slots, text};
use crypto::Zeroizing;
use crypto::kit::Kit;
use crypto::root::UserRoot;
use crypto::slot::Cost;
use uuid::Uuid;

const CARD: &str = "CARD1";
const CARD_FORMAT: u8 = 1;
/// No address of a database is longer, in bytes.
const ADDRESS_MAX: usize = 1024;

/// What is printed beside the kit, so that a person finds back to their database: the realm's root key, which everything there is
/// checked against, and the address. It opens no content.
#[derive(Clone)]
pub struct DatabaseCard {
    /// The realm's public root key.
    pub root_public: [u8; 32],
    /// The address, with its login.
    pub address: Zeroizing<String>,
}

impl DatabaseCard {
    /// Writes the card as text, for a code and for typing.
    pub fn text(&self) -> Zeroizing<String> {
        let mut payload = Zeroizing::new(vec![CARD_FORMAT]);
        payload.extend_from_slice(&self.root_public);
        payload.extend_from_slice(self.address.as_bytes());
        text::write(CARD, &payload)
    }

    /// Reads the text of a card.
    ///
    /// # Errors
    /// [`Error::Malformed`] when mistyped or something else.
    pub fn parse(typed: &str) -> Result<Self> {
        const BAD: Error = Error::Malformed("a card of another format");
        let payload = text::read(CARD, 33 + ADDRESS_MAX, typed)?;
        let (head, address) = payload.split_at_checked(33).ok_or(BAD)?;
        let (format, root) = head.split_first().ok_or(BAD)?;
        if *format != CARD_FORMAT {
            return Err(BAD);
        }
        let address = Zeroizing::new(String::from_utf8(address.to_vec()).map_err(|_| BAD)?);
        Ok(DatabaseCard { root_public: root.try_into().map_err(|_| BAD)?, address })
    }

    /// The realm that it leads to.
    pub fn realm(&self) -> Uuid {
        Uuid::from_bytes(crypto::sign::realm_id(&self.root_public))
    }
}

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

/// What a device keeps beside its vault so that the kit on paper opens it without a network: the root, wrapped for the kit.
///
/// # Errors
/// [`Error::Unknown`] without the person's certificate; [`Error::Crypto`].
pub fn keep_for_kit(keyring: &Keyring, trust: &Trust) -> Result<Vec<u8>> {
    let own = trust.user(keyring.user()).ok_or(Error::Unknown("the person's certificate"))?;
    let keys = own.user_keys().ok_or(Error::Unknown("the person's certificate"))?;
    Ok(grants::for_kit(keyring.realm(), keyring.user(), keyring.root(), keys, own.id)?.bytes)
}

/// Opens what [`keep_for_kit`] made. That it is the right root shows when it opens the key of the vault.
///
/// # Errors
/// [`Error::ForeignKey`] for a kit that is another person's, or an earlier one.
pub fn open_kept(realm: Uuid, kit: &Kit, bytes: &[u8]) -> Result<UserRoot> {
    let user = Uuid::from_bytes(*kit.user());
    match grants::read(&KeyObject::plain(GRANTS, user, bytes.to_vec())) {
        Ok(Granted::Recovery { user: of, v, to, grant }) if of == user => {
            let opened = UserRoot::open_for_recovery(
                &kit.recovery(),
                realm.as_bytes(),
                user.as_bytes(),
                v,
                to.as_bytes(),
                &grant,
            );
            opened.map_err(|_| Error::ForeignKey)
        }
        Ok(_) | Err(_) => Err(Error::ForeignKey),
    }
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
