//! What a removed device wrote after its mark, as far as it follows on, and letting it count after all: see
//! [`crate::trust::readmission`].

use crate::{
    Error, Result, Vault, accept,
    journal::head,
    quarantine,
    trust::{
        self, Entry, Head, KeyObject,
        journal::{follow, read_entry},
        object::JOURNAL,
    },
};
use model::parcel::Accepted;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};
use trust::{Trust, readmission};
use uuid::Uuid;

/// An entry that a removed device wrote after its removal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateEntry {
    /// The device.
    pub device: Uuid,
    /// Whose it is.
    pub user: Uuid,
    /// Its number. The entries of a device come in their order, and each follows the one before.
    pub n: u64,
    /// When it was written, as it says itself, in milliseconds since 1970.
    pub at_ms: u64,
    /// How many documents it vouches for, by collection.
    pub writes: BTreeMap<String, u64>,
    /// The charts in which they are, as they say themselves, where that is known.
    pub scopes: BTreeSet<Uuid>,
    /// May the person at work let it count?
    pub may: bool,
}

impl Vault {
    /// What removed devices wrote after their removal and can be let in, by device, in the order of the entries.
    ///
    /// # Errors
    /// [`Error::Damaged`], [`Error::Closed`].
    pub fn late_entries(&self) -> Result<Vec<LateEntry>> {
        self.with_core(|db, core| {
            let mut found = Vec::new();
            for device in devices(db)? {
                let Some(user) = core.trust.user_of_device(device) else { continue };
                let may = readmission::check_may(&core.keyring, &core.trust, device).is_ok();
                for (entry, _) in late(db, &core.trust, device)? {
                    found.push(view(db, user, may, &entry)?);
                }
            }
            Ok(found)
        })
    }

    /// Lets the entries of a removed device count up to this one, and takes in what they vouch for.
    ///
    /// # Errors
    /// [`Error::Trust`] when this person may not, or for an entry that is not among [`Vault::late_entries`].
    pub fn readmit(&self, device: Uuid, n: u64, now_ms: u64) -> Result<Accepted> {
        self.transact(now_ms, |work| {
            let late = late(work.db, &work.core.trust, device)?;
            let found = late.into_iter().find(|(entry, _)| entry.n == n).map(|(_, head)| head);
            let head = found.ok_or(Error::Trust(trust::Error::Unknown("the entry")))?;
            let object = readmission::readmit(&work.core.keyring, &work.core.trust, &head, now_ms)?;
            work.take_own_objects(&[object])?;
            accept::after_readmission(work)
        })
    }
}

fn view(db: &Connection, user: Uuid, may: bool, entry: &Entry) -> Result<LateEntry> {
    let (mut writes, mut scopes) = (BTreeMap::new(), BTreeSet::new());
    for write in entry.writes.iter().filter(|write| model::definition(&write.collection).is_some()) {
        *writes.entry(write.collection.clone()).or_default() += 1;
        scopes.extend(quarantine::scope_of_waiting(db, &write.collection, write.id)?);
    }
    Ok(LateEntry { device: entry.device, user, n: entry.n, at_ms: entry.at_ms, writes, scopes, may })
}

/// The devices with an entry that was set aside for its place after a removal.
fn devices(db: &Connection) -> Result<BTreeSet<Uuid>> {
    Ok(quarantine::list(db)?
        .into_iter()
        .filter(|one| one.collection == JOURNAL && one.reason == accept::AFTER_REMOVAL && !one.own)
        .map(|one| one.by)
        .collect())
}

/// The entries that follow the last one that counts, as far as none is missing.
fn late(db: &Connection, trust: &Trust, device: Uuid) -> Result<Vec<(Entry, Head)>> {
    let mut entries = Vec::new();
    for parcel in quarantine::late_entries(db, device)? {
        let Ok(object) = KeyObject::new(&parcel.collection, parcel.id, parcel.scope, parcel.body) else { continue };
        if let Ok((entry, _)) = read_entry(trust, &object) {
            entries.push((entry.n, object));
        }
    }
    entries.sort_by_key(|(n, _)| *n);
    let mut last = head(db, device)?.map(|known| known.head);
    let mut found = Vec::new();
    for (_, object) in entries {
        match follow(trust, last.as_ref(), &object) {
            Ok((entry, head, _)) => {
                last = Some(head.clone());
                found.push((entry, head));
            }
            // One that counts meanwhile, or a second copy of the one before.
            Err(trust::Finding::Old { .. }) => {}
            Err(_) => break,
        }
    }
    Ok(found)
}
