//! The way back when every device is lost: the kit, and the card that leads to the database. What the database gives is hostile
//! until it was checked against the root key on the card.

use crate::{
    Error, Result, Vault,
    front::{Making, SafeIn, weak},
    trust::{
        self, KeyObject, Trust,
        journal::read_entry,
        object::{CERTS, GRANTS, JOURNAL, SCOPE_KEYS, SLOTS},
        recover::DatabaseCard,
    },
};
use crypto::{kit::Kit, slot::Cost};
use model::Parcel;
use std::path::Path;
use uuid::Uuid;

/// No more is kept of what a database gives before anything of it was checked, in bytes.
const GATHERED_MAX: usize = 256 * 1024 * 1024;

/// A return under way. It gathers certificates, and one person's own keys, from what the database gives.
pub struct Homecoming {
    card: DatabaseCard,
    kit: Kit,
    objects: Vec<KeyObject>,
    bytes: usize,
}

impl Homecoming {
    /// Begins with the two sheets.
    ///
    /// # Errors
    /// [`Error::CardUnreadable`], [`Error::KitUnreadable`].
    pub fn begin(card_text: &str, kit_text: &str) -> Result<Self> {
        let card = DatabaseCard::parse(card_text).map_err(|_| Error::CardUnreadable)?;
        let kit = Kit::parse(kit_text).map_err(|_| Error::KitUnreadable)?;
        Ok(Homecoming { card, kit, objects: Vec::new(), bytes: 0 })
    }

    /// Where the database is, with its login.
    pub fn address(&self) -> &str {
        &self.card.address
    }

    /// The realm.
    pub fn realm(&self) -> Uuid {
        self.card.realm()
    }

    /// What is to be asked for: the realm's scope and the person's own.
    pub fn scopes(&self) -> [Uuid; 2] {
        [self.realm(), self.user()]
    }

    fn user(&self) -> Uuid {
        Uuid::from_bytes(*self.kit.user())
    }

    /// Takes what is needed out of a page; the rest comes with the first synchronisation.
    ///
    /// # Errors
    /// [`Error::TooLarge`] when the database gives more than there can be.
    pub fn take(&mut self, parcels: Vec<Parcel>) -> Result<()> {
        let user = self.user();
        for parcel in parcels {
            let wanted = match parcel.collection.as_str() {
                CERTS | JOURNAL => true,
                GRANTS | SCOPE_KEYS => parcel.scope == user,
                _ => false,
            };
            if !wanted {
                continue;
            }
            self.bytes = self.bytes.saturating_add(parcel.body.len());
            if self.bytes > GATHERED_MAX {
                return Err(Error::TooLarge { limit: GATHERED_MAX as u64 });
            }
            // One that is malformed is somebody's attack on this return, or damage: the others may do without it.
            self.objects.extend(KeyObject::new(&parcel.collection, parcel.id, parcel.scope, parcel.body).ok());
        }
        Ok(())
    }

    /// Makes the vault of a new device, behind a new passphrase. Everything else comes with the first synchronisation.
    ///
    /// # Errors
    /// [`Error::NotInDatabase`] when the person is not to be found there; [`Error::WrongKit`] for a kit that was replaced;
    /// [`Error::Trust`] when one of their devices was removed before, so that another one must bring a new one in;
    /// [`Error::WeakPassphrase`], [`Error::DiskFull`], [`Error::ReadOnlyFolder`].
    pub fn finish(self, root: &Path, passphrase: &str, initials: &str, now_ms: u64, safe: SafeIn<'_>) -> Result<Vault> {
        let mut trust = Trust::new(self.card.root_public);
        let known = self.learn(&mut trust);
        trust.user(self.user()).ok_or(Error::NotInDatabase)?;
        let recovered =
            trust::recover::recover(&mut trust, &self.objects, &self.kit.text(), Cost::default(), passphrase, now_ms);
        let recovered = recovered.map_err(|error| match error {
            trust::Error::ForeignKey => Error::WrongKit,
            other => weak(other),
        })?;
        let slot = recovered.made.iter().find(|object| object.collection == SLOTS).cloned();
        let making = Making {
            root_public: self.card.root_public,
            slot: slot.ok_or_else(|| Error::Damaged("a return without a slot".into()))?,
            keyring: recovered.keyring,
            trust,
            received: &known,
            made: &recovered.made,
            floors: &[],
            initials,
            shown_as: None,
            settings: Vec::new(),
        };
        Vault::make(root, making, now_ms, safe)
    }

    /// Learns what holds of certificates and of the person's own scope, with what the journals say of them; gives that.
    fn learn(&self, trust: &mut Trust) -> Vec<KeyObject> {
        let signed = |object: &&KeyObject| matches!(object.collection, CERTS | SCOPE_KEYS);
        let signed: Vec<KeyObject> = self.objects.iter().filter(signed).cloned().collect();
        trust.learn_all(&signed);
        let journals = self.objects.iter().filter(|object| object.collection == JOURNAL);
        let entries: Vec<_> = journals.filter_map(|object| read_entry(trust, object).ok()).collect();
        entries.iter().for_each(|(entry, _)| trust.place(entry));
        signed.into_iter().filter(|object| trust.object(object.id).is_some()).collect()
    }
}

impl Vault {
    /// The card that leads back to the database at this address, to be kept with the kit.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn database_card(&self, address: &str) -> Result<crypto::Zeroizing<String>> {
        self.with_core(|_, core| {
            let card = DatabaseCard {
                root_public: *core.trust.root_public(),
                address: crypto::Zeroizing::new(address.to_owned()),
            };
            Ok(card.text())
        })
    }
}
