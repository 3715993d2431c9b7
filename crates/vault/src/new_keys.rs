//! New keys for a person, in the vault: asked for, certified, and taken over in steps that a kill leaves able to go on.
//!
//! The passphrase slot and the account secret lie outside of the database, so the three cannot change at once. First the database
//! goes on with the new root and keeps both roots as [`HANDOVER`]; then the file beside it holds the old and the new slot; then the
//! secret is replaced, then the old slot goes, then the handover. At each point either the old passphrase or the new one opens the
//! vault, and opening it finishes the rest.

use crate::{
    Error, Papers, Result, Safe, Vault, core::HANDOVER, front::weak, journal, objects, slots::SlotsFile, store, trust,
    work::Work,
};
use crypto::{Key, Zeroizing, encode::sha256, root::UserRoot, slot::Cost};
use rusqlite::Connection;
use trust::{
    KeyObject, new_keys,
    object::{GRANTS, SLOTS},
};
use uuid::Uuid;

/// Where the roots are kept that wait for their certificate, by the request.
const ASKED: &str = "new-keys/";
/// The code under which the person's other devices hear of it.
const KEYS_RENEWED: &str = "keys-renewed";
/// A kept root: version and key.
const ROOT: usize = 4 + 32;

/// A request for new keys, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedKeys {
    /// The request.
    pub request: Uuid,
    /// Who asks.
    pub user: Uuid,
    /// Sixteen letters that name it.
    pub check_words: String,
    /// When it was made, in milliseconds since 1970.
    pub at_ms: u64,
}

/// Where a person's keys stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnKeys {
    /// The version of their root.
    pub version: u32,
    /// When it took the place of an earlier one, in milliseconds since 1970.
    pub since_ms: Option<u64>,
    /// Does a device that was removed know them?
    pub known_elsewhere: bool,
    /// The request that waits to be certified.
    pub asked: Option<AskedKeys>,
}

impl Vault {
    /// Where this person's keys stand.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn own_keys(&self) -> Result<OwnKeys> {
        self.with_core(|_, core| {
            let (trust, keyring) = (&core.trust, &core.keyring);
            let user = keyring.user();
            let keys = trust.user(user).and_then(|own| own.user_keys());
            Ok(OwnKeys {
                version: keyring.root().version(),
                since_ms: keys.map(|keys| keys.since_ms).filter(|since| *since > 0),
                known_elsewhere: trust.root_is_out(user),
                asked: trust.key_request_of(user).map(asked),
            })
        })
    }

    /// Draws new keys and a new kit for this person, behind a new passphrase, and asks for a certificate. Until that is here nothing
    /// changes; the papers are good from then on.
    ///
    /// # Errors
    /// [`Error::WeakPassphrase`], [`Error::Trust`], [`Error::DiskFull`], [`Error::Closed`].
    pub fn ask_new_keys(&self, passphrase: &str, now_ms: u64) -> Result<Papers> {
        self.transact(now_ms, |work| {
            let (keyring, trust) = (&work.core.keyring, &work.core.trust);
            let asked = new_keys::ask(keyring, trust, Cost::default(), passphrase, now_ms).map_err(weak)?;
            let mut kept = asked.root.to_vault_bytes();
            kept.extend_from_slice(asked.kit.account_secret().expose());
            store::set_state(work.db, &format!("{ASKED}{}", asked.request), &kept)?;
            let realm = trust.realm();
            work.take_own_objects(&asked.objects)?;
            Ok(Papers::of(&asked.kit, None, realm))
        })
    }

    /// The newest open request of each other person.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn key_requests(&self) -> Result<Vec<AskedKeys>> {
        self.with_core(|_, core| {
            let open = core.trust.open_key_requests().into_iter();
            Ok(open.filter(|request| request.user != core.keyring.user()).map(asked).collect())
        })
    }

    /// Certifies the keys that another person asked for, once the letters that they read out agree.
    ///
    /// # Errors
    /// [`Error::Trust`] says what does not hold.
    pub fn certify_keys(&self, request: Uuid, typed_check: &str, now_ms: u64) -> Result<()> {
        self.transact(now_ms, |work| {
            let (keyring, trust) = (&work.core.keyring, &work.core.trust);
            let object = new_keys::certify(keyring, trust, request, typed_check, now_ms)?;
            work.take_own_objects(&[object])
        })
    }

    /// Puts what lies outside of the database in line with the new root. To be called when the vault was opened and whenever keys may
    /// have come; gives whether something changed, so that the new passphrase counts from here on.
    ///
    /// # Errors
    /// What the safe says; [`Error::DiskFull`], [`Error::ReadOnlyFolder`].
    pub fn finish_new_keys(&self, safe: &dyn Safe) -> Result<bool> {
        let Some((old, new, account, slot, kit)) = self.with_core(|connection, core| {
            let Some((old, new)) = handover(connection)? else { return Ok(None) };
            let Some(slot) = slot_of(connection, core)? else { return Ok(None) };
            let kit = trust::recover::keep_for_kit(&core.keyring, &core.trust)?;
            Ok(Some((old, new, core.keyring.account_secret().duplicate(), slot, kit)))
        })?
        else {
            return Ok(false);
        };
        let slots = SlotsFile::read(self.folder())?;
        let name = slots.name();
        let next = slots.clone().under_root(&old, &new)?.with_quick(None).with_slot(&slot)?.with_kit(&kit);
        slots.with_next(next.clone()).write(self.folder())?;
        safe.keep(&name, &account)?;
        next.write(self.folder())?;
        self.transact_timeless(|work| {
            work.db.execute("DELETE FROM state WHERE name = ?1", [HANDOVER])?;
            Ok(())
        })?;
        Ok(true)
    }

    /// Is there something for [`Vault::finish_new_keys`] to do?
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn has_unfinished_keys(&self) -> Result<bool> {
        self.with_reader(|connection| Ok(store::state(connection, HANDOVER)?.is_some()))
    }
}

impl Work<'_> {
    /// Goes on with this person's new root where their newest certificate is for one that is to be had: it was asked for here, or
    /// another device of theirs shared it.
    pub(crate) fn take_new_root(&mut self, came: &[KeyObject]) -> Result<()> {
        let core = &*self.core;
        if core.keyring.is_current(&core.trust) {
            return Ok(());
        }
        let Some((root, account, own)) = self.new_root(came)? else { return Ok(()) };
        let both = [core.keyring.root().to_vault_bytes(), root.to_vault_bytes()];
        let both = Zeroizing::new(both.iter().flat_map(|one| one.iter().copied()).collect::<Vec<u8>>());
        self.keys_changed = true;
        let core = &mut *self.core;
        core.keyring.take_root(&core.trust, root, account)?;
        store::set_state(self.db, HANDOVER, &both)?;
        self.db.execute("DELETE FROM state WHERE name LIKE ?1", [format!("{ASKED}%")])?;
        let device = self.core.keyring.device();
        self.db.execute(
            "DELETE FROM alerts WHERE code = ?1 AND device = ?2",
            [objects::ROOT_RENEWED, &device.to_string()],
        )?;
        match own {
            true => {
                let shared = new_keys::share(&self.core.keyring, &self.core.trust)?;
                self.take_own_objects(&shared)
            }
            false => {
                let version = self.core.keyring.root().version();
                journal::alert(self.db, KEYS_RENEWED, device, version.into(), self.now_ms)
            }
        }
    }

    /// The root that the newest certificate is for, and whether it was drawn here.
    fn new_root(&self, came: &[KeyObject]) -> Result<Option<(UserRoot, Key, bool)>> {
        let (keyring, trust) = (&self.core.keyring, &self.core.trust);
        let Some(keys) = trust.user(keyring.user()).and_then(|own| own.user_keys()) else { return Ok(None) };
        let mut statement = self.db.prepare_cached("SELECT value FROM state WHERE name LIKE ?1")?;
        let mut rows = statement.query([format!("{ASKED}%")])?;
        while let Some(row) = rows.next()? {
            let kept = Zeroizing::new(row.get::<_, Vec<u8>>(0)?);
            let (root, account) = kept.split_at_checked(ROOT).ok_or_else(damaged)?;
            let (root, account) = (UserRoot::from_vault_bytes(root)?, Key::from_slice(account)?);
            if root.version() == keys.version && root.signer().public() == keys.sign {
                return Ok(Some((root, account, true)));
            }
        }
        let mut grants = objects::all(self.db, GRANTS)?;
        grants.retain(|grant| grant.scope == keyring.user());
        grants.extend(came.iter().cloned());
        let shared = new_keys::open_for_device(keyring, trust, &grants);
        Ok(shared.map(|(root, account)| (root, account, false)))
    }
}

fn asked(request: &trust::KeyRequest) -> AskedKeys {
    let check_words = request.check_words();
    AskedKeys { request: request.id, user: request.user, check_words, at_ms: request.at_ms }
}

/// The old root and the new one, while the vault changes over.
pub(crate) fn handover(connection: &Connection) -> Result<Option<(UserRoot, UserRoot)>> {
    let Some(kept) = store::state(connection, HANDOVER)?.map(Zeroizing::new) else { return Ok(None) };
    let (old, new) = kept.split_at_checked(ROOT).ok_or_else(damaged)?;
    Ok(Some((UserRoot::from_vault_bytes(old)?, UserRoot::from_vault_bytes(new)?)))
}

/// The slot of the root in use: the one whose digest the person signed with the request, so that nobody plants another.
fn slot_of(connection: &Connection, core: &crate::core::Core) -> Result<Option<KeyObject>> {
    let user = core.keyring.user();
    let keys = core.trust.user(user).and_then(|own| own.user_keys());
    let Some(digest) = keys.and_then(|keys| core.trust.slot_of(keys)) else { return Ok(None) };
    let slots = objects::all(connection, SLOTS)?.into_iter();
    Ok(slots.filter(|slot| slot.scope == user).find(|slot| sha256(&slot.bytes) == digest))
}

fn damaged() -> Error {
    Error::Damaged("a kept root".into())
}
