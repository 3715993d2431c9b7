//! The vault itself: made, opened, read, written, closed.

use crate::{
    Changed, Error, FileSafe, Me, Result, Safe, Writer, blobs,
    check::Checking,
    copied,
    core::{CHECK_FAILED, Core, ROOT_PUBLIC},
    db::{self, Purpose},
    folder::{self, Card},
    journal, rekey, schema,
    slots::SlotsFile,
    store,
    trust::{self, Founder, KeyObject},
    work::Work,
};
use crypto::{Key, one_time::CodeKey, root::UserRoot, row_mac::RowKey, slot::Cost};
use model::{Role, mailbox::Address};
use rusqlite::{Connection, TransactionBehavior};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};
use uuid::Uuid;

/// Before its certificate ends, a device renews it; seconds.
const RENEW_BEFORE_S: u64 = 100 * 86_400;

/// One person's encrypted database on one device. Every call blocks; share it in an `Arc`.
pub struct Vault {
    desk: Mutex<Option<Desk>>,
    reader: Mutex<Option<Connection>>,
    folder: PathBuf,
    address: Mutex<Address>,
    pub(crate) checking: Checking,
}

/// Everything that a write needs, behind one lock.
struct Desk {
    connection: Connection,
    core: Core,
    /// For connections beside the two: a check and a backup have their own.
    key: Key,
    row_key: RowKey,
    code_key: CodeKey,
    /// A check failed: what is here can be read, and nothing is written on top of it.
    read_only: bool,
    _lock: File,
}

/// Who founds a realm.
pub struct NewPerson<'a> {
    /// Initials, as the lock screen shows them.
    pub initials: &'a str,
    /// The passphrase that they chose.
    pub passphrase: &'a str,
    /// A person alone, who is a patient and their own admin, instead of the first doctor of a clinic.
    pub alone: bool,
}

/// What is to be printed once and exists nowhere else.
pub struct Papers {
    /// The person's kit, for the QR code.
    pub kit_text: crypto::Zeroizing<String>,
    /// The same in groups of four letters.
    pub kit_groups: Vec<crypto::Zeroizing<String>>,
    /// The realm's root key; only for who founds a realm.
    pub root_kit_text: Option<crypto::Zeroizing<String>>,
    /// Sixteen letters that name the realm, to compare with any other device.
    pub fingerprint: String,
}

impl Papers {
    pub(crate) fn of(kit: &crypto::kit::Kit, root_kit_text: Option<crypto::Zeroizing<String>>, realm: Uuid) -> Self {
        Papers { kit_text: kit.text(), kit_groups: kit.groups(), root_kit_text, fingerprint: fingerprint(realm) }
    }
}

/// The realm's id names its root key; its first 80 bits, as letters, are enough to compare.
pub(crate) fn fingerprint(realm: Uuid) -> String {
    let letters = data_encoding::BASE32_NOPAD.encode(&realm.as_bytes()[..10]);
    let groups: Vec<String> =
        letters.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    groups.join(" ")
}

/// A vault in the making: what goes into the new folder.
pub(crate) struct Making<'a> {
    pub(crate) root_public: [u8; 32],
    pub(crate) keyring: trust::Keyring,
    pub(crate) trust: trust::Trust,
    pub(crate) slot: KeyObject,
    pub(crate) received: &'a [KeyObject],
    pub(crate) made: &'a [KeyObject],
    pub(crate) floors: &'a [trust::Head],
    pub(crate) initials: &'a str,
    /// What the lock screen says that this person is, where it does not follow from their standing.
    pub(crate) shown_as: Option<Role>,
    pub(crate) settings: Vec<(&'static str, String)>,
}

impl Vault {
    /// Founds a realm with its first person, in a new folder under `root`.
    ///
    /// # Errors
    /// [`Error::WeakPassphrase`], [`Error::ReadOnlyFolder`], [`Error::DiskFull`].
    pub fn found(root: &Path, person: &NewPerson<'_>, now_ms: u64) -> Result<(Vault, Papers)> {
        Self::found_with(root, person, now_ms, &|folder| Box::new(FileSafe::new(folder)))
    }

    /// As [`Vault::found`], with another place for the account secret.
    ///
    /// # Errors
    /// As [`Vault::found`].
    pub fn found_with(root: &Path, person: &NewPerson<'_>, now_ms: u64, safe: SafeIn<'_>) -> Result<(Vault, Papers)> {
        let founder = if person.alone { Founder::Alone } else { Founder::Clinic };
        let founding = trust::found(founder, Cost::default(), person.passphrase, now_ms).map_err(weak)?;
        let papers = Papers::of(&founding.kit, Some(founding.root_kit), founding.realm);
        let slot = founding.objects.iter().find(|object| object.collection == trust::object::SLOTS).cloned();
        let making = Making {
            root_public: founding.root_public,
            keyring: founding.keyring,
            trust: founding.trust,
            slot: slot.ok_or_else(|| Error::Damaged("a founding without a slot".into()))?,
            received: &[],
            made: &founding.objects,
            floors: &[],
            initials: person.initials,
            // A person alone administers their record too, and thinks of it as theirs.
            shown_as: person.alone.then_some(Role::Patient),
            settings: Vec::new(),
        };
        Ok((Self::make(root, making, now_ms, safe)?, papers))
    }

    /// Writes a new vault beside the others, and gives it its name when it is whole.
    pub(crate) fn make(root: &Path, making: Making<'_>, now_ms: u64, safe: SafeIn<'_>) -> Result<Vault> {
        let name = making.keyring.device().to_string();
        let hidden = format!(".new-{name}");
        let beside = folder::make(root, &hidden)?;
        let user_root = making.keyring.root().duplicate();
        if let Err(error) = fill(&beside, making, now_ms, safe) {
            // The half-made folder holds nothing that anybody has seen.
            let _ = fs::remove_dir_all(&beside);
            return Err(error);
        }
        let home = root.join(name);
        fs::rename(&beside, &home)?;
        folder::sync_folder(root)?;
        let vault = Self::unlock(&home, user_root)?;
        vault.keep_way_back()?;
        Ok(vault)
    }

    /// Opens a vault with its passphrase.
    ///
    /// # Errors
    /// [`Error::WrongPassphrase`], [`Error::NotAVault`], [`Error::Damaged`], [`Error::Newer`], [`Error::InUse`],
    /// [`Error::ReadOnlyFolder`], [`Error::DiskFull`].
    pub fn open(folder: &Path, passphrase: &str, now_ms: u64) -> Result<Vault> {
        Self::open_with(folder, passphrase, now_ms, &FileSafe::new(folder))
    }

    /// As [`Vault::open`], with another place for the account secret.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn open_with(folder: &Path, passphrase: &str, now_ms: u64, safe: &dyn Safe) -> Result<Vault> {
        let slots = SlotsFile::read(folder)?;
        let account = safe.get(&slots.name())?.ok_or(Error::NoSecret)?;
        let root = slots.open(passphrase, &account)?;
        let vault = Self::unlock(folder, root)?;
        vault.finish_new_keys(safe)?;
        vault.renew_device(now_ms)?;
        vault.keep_way_back()?;
        Ok(vault)
    }

    /// A device's certificate is renewed when a quarter of its validity is left.
    pub(crate) fn renew_device(&self, now_ms: u64) -> Result<()> {
        if self.is_read_only()? {
            return Ok(());
        }
        let due = self.with_core(|_, core| {
            let certificate = core.trust.device(core.keyring.device());
            Ok(certificate.is_some_and(|held| held.not_after_s.saturating_sub(now_ms / 1000) < RENEW_BEFORE_S))
        })?;
        if !due {
            return Ok(());
        }
        self.transact(now_ms, |work| {
            let object = trust::remove::renew_device(&work.core.keyring, &work.core.trust, now_ms)?;
            work.take_own_objects(&[object])
        })
    }

    pub(crate) fn unlock(folder: &Path, root: UserRoot) -> Result<Vault> {
        let lock = folder::lock(folder)?;
        let key = rekey::settle(folder, &root)?;
        let path = folder.join(folder::DATABASE);
        let was_open = fs::metadata(path.with_extension("db-wal")).is_ok_and(|wal| wal.len() > 0);
        let mut connection = db::open(&path, &key, Purpose::Write)?;
        schema::prepare(&mut connection)?;
        if was_open {
            db::quick_check(&connection)?;
        }
        blobs::remove_unfinished(folder)?;
        copied::note_restored(&connection, folder)?;
        let core = Core::load(&connection, folder.to_owned(), root)?;
        let reader = db::open(&path, &key, Purpose::Read)?;
        for connection in [&connection, &reader] {
            connection.set_prepared_statement_cache_capacity(512);
        }
        let Me { realm, user, device, .. } = core.me();
        let read_only = store::state(&connection, CHECK_FAILED)?.is_some();
        let desk = Desk {
            connection,
            core,
            row_key: RowKey::from_vault_key(&key),
            code_key: CodeKey::from_vault_key(&key),
            key,
            read_only,
            _lock: lock,
        };
        Ok(Vault {
            desk: Mutex::new(Some(desk)),
            reader: Mutex::new(Some(reader)),
            folder: folder.to_owned(),
            address: Mutex::new(Address { realm, user, device }),
            checking: Checking::default(),
        })
    }

    /// Whose mailbox it is, also after closing.
    pub(crate) fn kept_address(&self) -> Address {
        lock(&self.address).clone()
    }

    /// The mailbox goes on as that of another device.
    pub(crate) fn set_device(&self, device: Uuid) {
        lock(&self.address).device = device;
    }

    /// The vault's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whose vault it is.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn me(&self) -> Result<Me> {
        self.with_core(|_, core| Ok(core.me()))
    }

    /// Sixteen letters that name the realm.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn fingerprint(&self) -> Result<String> {
        Ok(fingerprint(self.me()?.realm))
    }

    /// The keyed hash of a one-time code: only this vault can make it.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn code_hash(&self, bound: &crypto::one_time::Bound<'_>, code: &str) -> Result<String> {
        self.with_code_key(|key| key.hash(bound, code))
    }

    /// Is a hash that of this one-time code?
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn code_holds(&self, bound: &crypto::one_time::Bound<'_>, code: &str, hash: &str) -> Result<bool> {
        self.with_code_key(|key| key.holds(bound, code, hash))
    }

    fn with_code_key<T>(&self, act: impl FnOnce(&CodeKey) -> T) -> Result<T> {
        let guard = lock(&self.desk);
        Ok(act(&guard.as_ref().ok_or(Error::Closed)?.code_key))
    }

    /// Writes everything into the one file, closes it and drops the keys. A check that is under way ends without a word. Later calls
    /// answer [`Error::Closed`].
    ///
    /// # Errors
    /// [`Error::Database`] when the last checkpoint fails; the vault is closed all the same.
    pub fn close(&self) -> Result<()> {
        let reader = lock(&self.reader).take();
        let desk = lock(&self.desk).take();
        self.checking.end();
        if let Some(reader) = reader {
            reader.close().map_err(|(_, error)| error)?;
        }
        let Some(desk) = desk else { return Ok(()) };
        desk.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(desk.connection.close().map_err(|(_, error)| error)?)
    }

    /// Writes: the closure's documents, their history and the sealed parcels for the remote are one transaction. When it
    /// gives an error, nothing of it happened.
    ///
    /// # Errors
    /// What the closure gives; [`Error::DiskFull`], [`Error::Closed`].
    pub fn write<T>(&self, now_ms: u64, act: impl FnOnce(&mut Writer<'_, '_>) -> Result<T>) -> Result<(T, Changed)> {
        let mut files = Vec::new();
        let folder = self.folder.clone();
        let outcome = self.transact(now_ms, |work| {
            let mut writer = Writer { work, files: Vec::new() };
            let outcome = act(&mut writer);
            files = std::mem::take(&mut writer.files);
            let (value, changed) = (outcome?, writer.changed());
            blobs::settle(&folder, &files)?;
            Ok((value, changed))
        });
        if outcome.is_err() {
            blobs::discard(&folder, &files);
        }
        outcome
    }

    /// Runs one transaction. After a rollback the keys in memory are read anew if the transaction had changed them.
    pub(crate) fn transact<T>(&self, now_ms: u64, act: impl FnOnce(&mut Work<'_>) -> Result<T>) -> Result<T> {
        let mut guard = lock(&self.desk);
        let Desk { connection, core, row_key, read_only, .. } = guard.as_mut().ok_or(Error::Closed)?;
        if *read_only {
            return Err(Error::CheckFailed);
        }
        let clock = core.clock.clone();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut work = Work::begin(&transaction, core, row_key, now_ms)?;
        let outcome = act(&mut work).and_then(|value| work.finish().map(|()| value));
        let keys_changed = work.keys_changed;
        drop(work);
        let outcome = outcome.and_then(|value| Ok(transaction.commit().map(|()| value)?));
        if outcome.is_err() {
            core.clock = clock;
            if keys_changed {
                core.reload(connection)?;
            }
        }
        outcome
    }

    /// As [`Vault::transact`], at the time of the newest write here.
    pub(crate) fn transact_timeless<T>(&self, act: impl FnOnce(&mut Work<'_>) -> Result<T>) -> Result<T> {
        let now_ms = self.with_core(|_, core| Ok(core.clock.last().ms()))?;
        self.transact(now_ms, act)
    }

    /// Moves what was written into the database's own file, and empties the log beside it.
    pub(crate) fn checkpoint(&self) -> Result<()> {
        let guard = lock(&self.desk);
        let desk = guard.as_ref().ok_or(Error::Closed)?;
        Ok(desk.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
    }

    pub(crate) fn with_core<T>(&self, act: impl FnOnce(&Connection, &Core) -> Result<T>) -> Result<T> {
        let guard = lock(&self.desk);
        let desk = guard.as_ref().ok_or(Error::Closed)?;
        act(&desk.connection, &desk.core)
    }

    /// A connection of its own for long work, which then holds up nobody, and the database's key.
    pub(crate) fn own_connection(&self) -> Result<(Connection, Key)> {
        let key = lock(&self.desk).as_ref().ok_or(Error::Closed)?.key.duplicate();
        Ok((db::open(&self.folder.join(folder::DATABASE), &key, Purpose::Read)?, key))
    }

    /// Runs something on the connection that writes, and takes it back.
    pub(crate) fn rehearse<T>(&self, act: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let mut guard = lock(&self.desk);
        let transaction = guard.as_mut().ok_or(Error::Closed)?.connection.transaction()?;
        let outcome = act(&transaction);
        transaction.rollback()?;
        outcome
    }

    /// After a check: from now on nothing is written, or again as before; `note` writes down what is news.
    pub(crate) fn set_read_only(
        &self,
        failed: bool,
        note: impl FnOnce(&Connection, &Core) -> Result<()>,
    ) -> Result<()> {
        let mut guard = lock(&self.desk);
        let desk = guard.as_mut().ok_or(Error::Closed)?;
        if desk.read_only == failed {
            return Ok(());
        }
        desk.read_only = failed;
        note(&desk.connection, &desk.core)
    }

    pub(crate) fn with_reader<T>(&self, act: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let guard = lock(&self.reader);
        act(guard.as_ref().ok_or(Error::Closed)?)
    }

    /// Did a check fail, so that nothing is written any more?
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn is_read_only(&self) -> Result<bool> {
        Ok(lock(&self.desk).as_ref().ok_or(Error::Closed)?.read_only)
    }

    /// Limits the size of the file, so that a test can fill it up. In pages of 4096 bytes; 0 takes the limit away.
    #[doc(hidden)]
    pub fn limit_pages(&self, pages: u32) -> Result<()> {
        let limit = if pages == 0 { 0x3fff_ffff } else { pages };
        self.with_core(|connection, _| {
            Ok(connection.query_row(&format!("PRAGMA max_page_count = {limit}"), [], |_| Ok(()))?)
        })
    }
}

/// Makes the safe for a folder.
pub type SafeIn<'a> = &'a dyn Fn(&Path) -> Box<dyn Safe>;

/// A thread that panicked while it held the lock left an open transaction, which was rolled back: the vault is sound.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A passphrase that is not accepted is told from other faults of the cryptography.
pub(crate) fn weak(error: trust::Error) -> Error {
    match error {
        trust::Error::Crypto(crypto::Error::Weak(rule)) => Error::WeakPassphrase(rule),
        trust::Error::Passphrase => Error::WrongPassphrase,
        other => other.into(),
    }
}

fn fill(home: &Path, making: Making<'_>, now_ms: u64, safe: SafeIn<'_>) -> Result<()> {
    let key = Key::make()?;
    let slots = SlotsFile::make(&making.keyring, &making.slot, &key)?;
    slots.write(home)?;
    safe(home).keep(&slots.name(), making.keyring.account_secret())?;
    let mut connection = db::open(&home.join(folder::DATABASE), &key, Purpose::Create)?;
    schema::prepare(&mut connection)?;
    let (initials, shown_as) = (making.initials.to_owned(), making.shown_as);
    let me = write_first(&mut connection, home, &RowKey::from_vault_key(&key), making, now_ms)?;
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    connection.close().map_err(|(_, error)| error)?;
    let role = shown_as.unwrap_or_else(|| me.work()).word().to_owned();
    folder::write_card(home, &Card { initials, role, ..Card::default() })
}

/// The first transaction: the realm's key, the person's keys, and what others must learn of them.
fn write_first(
    connection: &mut Connection,
    home: &Path,
    row_key: &RowKey,
    making: Making<'_>,
    now_ms: u64,
) -> Result<Me> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    store::set_state(&transaction, ROOT_PUBLIC, &making.root_public)?;
    for (key, value) in &making.settings {
        store::set_setting(&transaction, key, Some(value))?;
    }
    for floor in making.floors {
        journal::set_head(&transaction, floor, 0)?;
    }
    let mut core = Core::begin(home.to_owned(), making.trust, making.keyring);
    let me = core.me();
    let mut work = Work::begin(&transaction, &mut core, row_key, now_ms)?;
    work.keep_received(making.received, making.made)?;
    work.finish()?;
    drop(work);
    transaction.commit()?;
    Ok(me)
}
