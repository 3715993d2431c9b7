//! What an open vault holds in memory besides the database: keys, certificates, the clock.

use crate::{
    Error, Result, store,
    trust::{
        KeyObject, Keyring, Standing, Trust,
        journal::{Entry, Write},
        object::{CERTS, SCOPE_KEYS},
    },
};
use model::{DeviceTag, Hlc, Role, Stamp};
use rusqlite::{Connection, Row};
use std::{collections::BTreeMap, path::PathBuf};
use uuid::Uuid;

/// Names in the `state` table.
pub(crate) const ROOT_PUBLIC: &str = "root_public";
pub(crate) const KEYRING: &str = "keyring";
/// Set when a check of the whole vault failed.
pub(crate) const CHECK_FAILED: &str = "check_failed";
const CLOCK: &str = "clock";
/// The old root and the new one, while a vault changes over to a new root.
pub(crate) const HANDOVER: &str = "handover";
/// Set when the remote knows entries of this device that this vault does not: it is a copy, or was restored.
pub(crate) const COPIED: &str = "copied";

/// Whose vault it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Me {
    /// The realm.
    pub realm: Uuid,
    /// The person.
    pub user: Uuid,
    /// This device.
    pub device: Uuid,
    /// The person's role.
    pub role: Role,
    /// May the person write clinical statements?
    pub clinical: bool,
    /// The scope of the care team.
    pub team: Uuid,
}

impl Me {
    /// What the person is to others at work: who writes clinical entries is a doctor to them, whatever else they manage.
    pub(crate) fn work(&self) -> Role {
        if self.clinical { Role::Doctor } else { self.role }
    }
}

/// Keys, certificates and the clock of an open vault.
pub(crate) struct Core {
    pub(crate) folder: PathBuf,
    pub(crate) trust: Trust,
    pub(crate) keyring: Keyring,
    pub(crate) clock: Hlc,
}

impl Core {
    /// Reads everything from the database; `root` is what the passphrase opened.
    pub(crate) fn load(connection: &Connection, folder: PathBuf, root: crypto::root::UserRoot) -> Result<Self> {
        let mut trust = load_trust(connection)?;
        let saved =
            store::state(connection, KEYRING)?.ok_or_else(|| Error::Damaged("the keyring is missing".into()))?;
        let saved = crypto::Zeroizing::new(saved);
        // The file beside the vault may be a step behind: then the old passphrase leads on to the new root.
        let root = match crate::new_keys::handover(connection)? {
            Some((_, new)) if new.version() > root.version() => new,
            _ => root,
        };
        let keyring = Keyring::from_vault_bytes(root, &saved)?;
        place_unsent(connection, &mut trust, keyring.device())?;
        let clock = load_clock(connection, keyring.device())?;
        Ok(Core { folder, trust, keyring, clock })
    }

    /// The core of a vault in the making.
    pub(crate) fn begin(folder: PathBuf, trust: Trust, keyring: Keyring) -> Self {
        let clock = Hlc::resume(DeviceTag::of(keyring.device()), Stamp::ZERO);
        Core { folder, trust, keyring, clock }
    }

    /// Reads everything anew after a transaction that had changed keys or certificates was rolled back.
    pub(crate) fn reload(&mut self, connection: &Connection) -> Result<()> {
        let root = self.keyring.root().duplicate();
        *self = Core::load(connection, self.folder.clone(), root)?;
        Ok(())
    }

    /// Was this device removed, or its person? Nobody takes in what it writes from there on.
    pub(crate) fn is_removed(&self) -> bool {
        self.trust.is_removed(self.keyring.device()) || self.is_person_removed()
    }

    /// Was the person removed from the realm?
    pub(crate) fn is_person_removed(&self) -> bool {
        self.trust.is_removed(self.keyring.user())
    }

    /// Is this a chart that the person is a member of by themself, and not through the care team?
    pub(crate) fn is_own_chart(&self, scope: Uuid) -> bool {
        let (me, trust) = (self.keyring.user(), &self.trust);
        ![trust.realm(), trust.team(), me].contains(&scope) && trust.is_named_member(scope, me)
    }

    /// Whose vault it is. A person whose certificate does not count any more keeps reading, as what they last were.
    pub(crate) fn me(&self) -> Me {
        let (trust, user) = (&self.trust, self.keyring.user());
        let standing = trust.role_of(user).unwrap_or(Standing::of(Role::Patient));
        Me {
            realm: trust.realm(),
            user,
            device: self.keyring.device(),
            role: standing.role,
            clinical: standing.is_doctor(),
            team: trust.team(),
        }
    }

    /// Remembers the newest stamp, in the transaction that used it.
    pub(crate) fn save_clock(&self, connection: &Connection) -> Result<()> {
        store::set_state(connection, CLOCK, &self.clock.last().0)
    }

    /// Remembers the opened keys, in the transaction that brought them.
    pub(crate) fn save_keyring(&self, connection: &Connection) -> Result<()> {
        store::set_state(connection, KEYRING, &self.keyring.to_vault_bytes())
    }
}

fn load_clock(connection: &Connection, device: Uuid) -> Result<Hlc> {
    let last = match store::state(connection, CLOCK)? {
        Some(bytes) => Stamp(bytes.try_into().map_err(|_| Error::Damaged("the clock".into()))?),
        None => Stamp::ZERO,
    };
    Ok(Hlc::resume(DeviceTag::of(device), last))
}

/// The verified store, from the objects that are kept: each was verified when it came.
fn load_trust(connection: &Connection) -> Result<Trust> {
    let root = store::state(connection, ROOT_PUBLIC)?.and_then(|bytes| bytes.try_into().ok());
    let mut trust = Trust::new(root.ok_or_else(|| Error::Damaged("the realm's key is missing".into()))?);
    let mut statement =
        connection.prepare("SELECT collection, id, scope, body FROM objects WHERE collection IN (?1, ?2)")?;
    let rows = statement.query_map([CERTS, SCOPE_KEYS], key_object)?;
    trust.learn_verified(rows.collect::<rusqlite::Result<Result<Vec<_>>>>()??);
    place_entries(connection, &mut trust)?;
    Ok(trust)
}

fn key_object(row: &Row<'_>) -> rusqlite::Result<Result<KeyObject>> {
    let (collection, id, scope): (String, _, _) = (row.get(0)?, store::uuid(row, 1)?, store::uuid(row, 2)?);
    Ok(KeyObject::new(&collection, id, scope, row.get(3)?).map_err(Into::into))
}

/// What was made here and is not pushed yet counts here: no journal entry covers it.
fn place_unsent(connection: &Connection, trust: &mut Trust, device: Uuid) -> Result<()> {
    let unsent = |table: &str| format!("SELECT 1 FROM {table} u WHERE u.collection = o.collection AND u.id = o.id");
    let sql = format!(
        "SELECT o.collection, o.id, o.scope, o.body FROM objects o WHERE o.collection IN (?1, ?2) AND o.by = ?3 AND \
         (EXISTS ({}) OR EXISTS ({}))",
        unsent("outbox"),
        unsent("batch_parcels")
    );
    let mut statement = connection.prepare(&sql)?;
    let rows = statement.query_map((CERTS, SCOPE_KEYS, device.to_string()), key_object)?;
    trust.place_own(device, &rows.collect::<rusqlite::Result<Result<Vec<_>>>>()??);
    Ok(())
}

/// Tells the store which journal entries cover which of its objects.
fn place_entries(connection: &Connection, trust: &mut Trust) -> Result<()> {
    let sql = "SELECT device, n, collection, id, stamp, digest FROM covered WHERE collection IN (?1, ?2)";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([CERTS, SCOPE_KEYS])?;
    while let Some(row) = rows.next()? {
        let digest: Vec<u8> = row.get(5)?;
        let digest = digest.try_into().map_err(|_| Error::Damaged("a digest has 32 bytes".into()))?;
        let write = Write { collection: row.get(2)?, id: store::uuid(row, 3)?, stamp: store::stamp(row, 4)?, digest };
        let (device, n) = (store::uuid(row, 0)?, store::count(row.get(1)?)?);
        trust.place(&Entry { device, n, previous: [0; 32], at_ms: 0, writes: vec![write], seen: BTreeMap::new() });
    }
    Ok(())
}
