//! Journals as this vault knows them: how far each device's goes, what they vouch for, and what is wrong with them.

use crate::{
    Error, Result,
    accept::AFTER_REMOVAL,
    behind,
    copied::OWN_AHEAD,
    core::COPIED,
    objects, outbox, quarantine, store,
    trust::{
        Entry, Finding, Head, KeyObject, Position,
        journal::{self, Write, check_again},
    },
    work::Work,
};
use model::{Parcel, Stamp};
use rusqlite::{Connection, OptionalExtension};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A finding about journals that a person must hear of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Stable code: `forked`, `chain-broken`, `after-removal`, `gap`, `tail-withheld`, `older-version`, `own-ahead`, `went-back`,
    /// `root-renewed`, `recovered-by-clinic`, `keys-renewed`, `new-device`, `kit-used`, `state-check`.
    pub code: String,
    /// The device that it is about.
    pub device: Uuid,
    /// The journal number that it is about.
    pub n: u64,
    /// When it was found, in milliseconds since 1970.
    pub at_ms: u64,
}

/// What became of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Came {
    /// It is new, and what it vouches for can be looked at.
    News(Uuid),
    /// It was known.
    Known,
    /// It waits for an earlier entry, or for its device's certificate.
    Waits,
    /// It was set aside.
    Refused,
}

impl Work<'_> {
    /// Takes in an entry that came from the remote. Any device may bring another's entry back after the remote was restored,
    /// so it is the entry itself that says whose it is.
    pub(crate) fn take_entry(&mut self, parcel: &Parcel, object: &KeyObject) -> Result<Came> {
        let device = match journal::read_entry(&self.core.trust, object) {
            Ok((entry, _)) => entry.device,
            Err(Finding::UnknownDevice) => return self.wait_for(parcel, "device"),
            Err(finding) => return self.refuse_finding(parcel, &finding),
        };
        let parcel = &Parcel { by: device, ..parcel.clone() };
        let known = head(self.db, device)?;
        if known.as_ref().is_some_and(|known| known.frozen) {
            return self.refuse_entry(parcel, "frozen", None);
        }
        if device == self.core.keyring.device() {
            return self.take_own_entry(parcel, object);
        }
        match journal::check_entry(&self.core.trust, known.as_ref().map(|known| &known.head), object) {
            Ok((entry, head)) => {
                self.keep_object(object, device, parcel.rev, false)?;
                self.advance(&entry, &head)?;
                Ok(Came::News(device))
            }
            Err(Finding::Old { n }) => self.compare_again(parcel, object, n),
            Err(Finding::Gap { .. }) => self.wait_for(parcel, "gap"),
            Err(finding) => self.refuse_finding(parcel, &finding),
        }
    }

    fn wait_for(&self, parcel: &Parcel, reason: &str) -> Result<Came> {
        quarantine::wait(self.db, parcel, reason)?;
        Ok(Came::Waits)
    }

    /// An entry that came again, e.g. after the remote was restored, vouches again for what it vouched for.
    fn compare_again(&mut self, parcel: &Parcel, object: &KeyObject, n: u64) -> Result<Came> {
        let Some(held) = objects::object_parcel(self.db, &parcel.collection, parcel.id)? else {
            // At or below the floor of an invitation: not held here, and nothing that it covers is judged by it.
            return self.cover_old(parcel, object);
        };
        let held = KeyObject::new(&held.collection, held.id, held.scope, held.body)?;
        match check_again(n, &held, object) {
            Ok(()) => {
                objects::set_rev(self.db, &parcel.collection, parcel.id, parcel.rev)?;
                self.cover_again(object)
            }
            Err(finding) => self.refuse_finding(parcel, &finding),
        }
    }

    /// An entry from before this device came in. Its signature is checked; its place in the chain cannot be.
    fn cover_old(&mut self, parcel: &Parcel, object: &KeyObject) -> Result<Came> {
        match journal::read_entry(&self.core.trust, object) {
            Ok((entry, _)) if self.core.trust.upto(entry.device).is_some_and(|(upto, _)| entry.n > upto) => {
                self.refuse_entry(parcel, AFTER_REMOVAL, Some((AFTER_REMOVAL, entry.n)))
            }
            Ok((entry, _)) if entry.device == parcel.by => {
                self.keep_object(object, parcel.by, parcel.rev, false)?;
                self.cover(&entry)?;
                Ok(Came::News(parcel.by))
            }
            Ok(_) => self.refuse_entry(parcel, "elsewhere", None),
            Err(finding) => self.refuse_finding(parcel, &finding),
        }
    }

    fn cover_again(&mut self, object: &KeyObject) -> Result<Came> {
        match journal::read_entry(&self.core.trust, object) {
            Ok((entry, _)) => {
                self.cover(&entry)?;
                Ok(Came::News(entry.device))
            }
            Err(_) => Ok(Came::Known),
        }
    }

    /// An entry under this device's own name: the one that was sent, or the sign that this vault is a copy.
    fn take_own_entry(&mut self, parcel: &Parcel, object: &KeyObject) -> Result<Came> {
        let Ok((entry, _)) = journal::read_entry(&self.core.trust, object) else {
            return self.refuse_entry(parcel, "signature", None);
        };
        let held = match objects::object_parcel(self.db, &parcel.collection, parcel.id)? {
            Some(held) => Some(held.body),
            None => outbox::fixed(self.db)?.filter(|(number, ..)| *number == entry.n).map(|(_, _, bytes)| bytes),
        };
        if held.as_ref() == Some(&object.bytes) {
            self.keep_object(object, entry.device, parcel.rev, false)?;
            objects::set_rev(self.db, &parcel.collection, parcel.id, parcel.rev)?;
            self.cover(&entry)?;
            // Its documents may have come before it, on another subscription.
            return Ok(Came::News(entry.device));
        }
        store::set_state(self.db, COPIED, &entry.n.to_be_bytes())?;
        self.refuse_entry(parcel, OWN_AHEAD, Some((OWN_AHEAD, entry.n)))
    }

    fn refuse_finding(&mut self, parcel: &Parcel, finding: &Finding) -> Result<Came> {
        match finding {
            Finding::Forked { n } => {
                let sql = "UPDATE heads SET frozen = 1 WHERE device = ?1";
                self.db.prepare_cached(sql)?.execute([parcel.by.to_string()])?;
                self.refuse_entry(parcel, "forked", Some(("forked", *n)))
            }
            Finding::ChainBroken { n } => self.refuse_entry(parcel, "chain-broken", Some(("chain-broken", *n))),
            Finding::AfterRemoval { n, .. } => self.refuse_entry(parcel, AFTER_REMOVAL, Some((AFTER_REMOVAL, *n))),
            Finding::Expired => self.refuse_entry(parcel, "expired", None),
            Finding::Invalid(error) => self.refuse_entry(parcel, objects::reason_of(*error), None),
            _ => self.refuse_entry(parcel, "journal", None),
        }
    }

    fn refuse_entry(&mut self, parcel: &Parcel, reason: &str, alarm: Option<(&str, u64)>) -> Result<Came> {
        quarantine::keep(self.db, parcel, reason, false, self.now_ms)?;
        if let Some((code, n)) = alarm {
            alert(self.db, code, parcel.by, n, self.now_ms)?;
        }
        Ok(Came::Refused)
    }

    /// A checked entry becomes the device's head, and what it vouches for can be looked at.
    pub(crate) fn advance(&mut self, entry: &Entry, head: &Head) -> Result<()> {
        set_head(self.db, head, entry.at_ms)?;
        for (device, seen) in &entry.seen {
            let sql = "INSERT INTO heads (device, n, hash, at, claimed) VALUES (?1, 0, zeroblob(32), 0, ?2) \
                       ON CONFLICT (device) DO UPDATE SET claimed = max(claimed, excluded.claimed)";
            self.db.prepare_cached(sql)?.execute((device.to_string(), store::whole(*seen)?))?;
        }
        self.cover(entry)
    }

    fn cover(&mut self, entry: &Entry) -> Result<()> {
        let sql =
            "INSERT OR IGNORE INTO covered (collection, id, stamp, digest, device, n) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let mut statement = self.db.prepare_cached(sql)?;
        let (device, n) = (entry.device.to_string(), store::whole(entry.n)?);
        for write in &entry.writes {
            let row = (&write.collection, write.id.to_string(), &write.stamp.0[..], &write.digest[..], &device, n);
            statement.execute(row)?;
            behind::look(self, &write.collection, write.id, write.stamp, (entry.device, entry.n))?;
        }
        self.core.trust.place(entry);
        Ok(())
    }

    /// Once everything that can be got was taken in: does any device know of entries that did not come?
    pub(crate) fn check_tails(&self) -> Result<()> {
        self.check_gaps()?;
        behind::check(self)?;
        let sql = "SELECT device, claimed FROM heads WHERE claimed > n AND device <> ?1";
        let mut statement = self.db.prepare_cached(sql)?;
        let rows = statement.query_map([self.core.keyring.device().to_string()], |row| {
            Ok((store::uuid(row, 0)?, row.get::<_, i64>(1)?))
        })?;
        for row in rows {
            let (device, claimed) = row?;
            alert(self.db, "tail-withheld", device, store::count(claimed)?, self.now_ms)?;
        }
        Ok(())
    }
}

impl Work<'_> {
    /// Entries that wait for an earlier one, when everything that can be got is here: the one that comes first is missing.
    fn check_gaps(&self) -> Result<()> {
        let sql = "SELECT DISTINCT by FROM waiting WHERE collection = ?1 AND reason = 'gap'";
        let mut statement = self.db.prepare_cached(sql)?;
        let devices = statement.query_map([crate::trust::object::JOURNAL], |row| store::uuid(row, 0))?;
        for device in devices {
            let device = device?;
            let missing = head(self.db, device)?.map_or(0, |known| known.head.n) + 1;
            alert(self.db, "gap", device, missing, self.now_ms)?;
        }
        Ok(())
    }
}

/// What is known of a device's journal.
pub(crate) struct Known {
    pub(crate) head: Head,
    frozen: bool,
}

/// The newest entry of a device that was taken in; `None` when there is none.
pub(crate) fn head(db: &Connection, device: Uuid) -> Result<Option<Known>> {
    let mut statement = db.prepare_cached("SELECT n, hash, frozen FROM heads WHERE device = ?1 AND n > 0")?;
    let found: Option<(i64, Vec<u8>, bool)> =
        statement.query_row([device.to_string()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
    let Some((n, hash, frozen)) = found else { return Ok(None) };
    Ok(Some(Known { head: Head { device, n: store::count(n)?, hash: digest(hash)? }, frozen }))
}

/// Moves a device's head.
pub(crate) fn set_head(db: &Connection, head: &Head, at_ms: u64) -> Result<()> {
    let sql = "INSERT INTO heads (device, n, hash, at) VALUES (?1, ?2, ?3, ?4) \
               ON CONFLICT (device) DO UPDATE SET n = excluded.n, hash = excluded.hash, at = excluded.at";
    let row = (head.device.to_string(), store::whole(head.n)?, &head.hash[..], store::whole(at_ms)?);
    db.prepare_cached(sql)?.execute(row)?;
    Ok(())
}

/// All heads, as the floor of a device that comes in.
pub(crate) fn heads(db: &Connection) -> Result<Vec<Head>> {
    let mut statement = db.prepare_cached("SELECT device, n, hash FROM heads WHERE n > 0 ORDER BY device")?;
    let rows =
        statement.query_map([], |row| Ok((store::uuid(row, 0)?, row.get::<_, i64>(1)?, row.get::<_, Vec<u8>>(2)?)))?;
    rows.map(|row| {
        let (device, n, hash) = row?;
        Ok(Head { device, n: store::count(n)?, hash: digest(hash)? })
    })
    .collect()
}

/// What other devices' entries were taken in since our own journal last said so.
pub(crate) fn news(db: &Connection, own: Uuid) -> Result<BTreeMap<Uuid, u64>> {
    let mut statement = db.prepare_cached("SELECT device, n FROM heads WHERE n > told AND device <> ?1")?;
    let rows = statement.query_map([own.to_string()], |row| Ok((store::uuid(row, 0)?, row.get::<_, i64>(1)?)))?;
    rows.map(|row| {
        let (device, n) = row?;
        Ok((device, store::count(n)?))
    })
    .collect()
}

/// Notes what our own journal has said.
pub(crate) fn set_told(db: &Connection, seen: &BTreeMap<Uuid, u64>) -> Result<()> {
    for (device, n) in seen {
        let sql = "UPDATE heads SET told = max(told, ?2) WHERE device = ?1";
        db.prepare_cached(sql)?.execute((device.to_string(), store::whole(*n)?))?;
    }
    Ok(())
}

fn digest(bytes: Vec<u8>) -> Result<[u8; 32]> {
    bytes.try_into().map_err(|_| Error::Damaged("a digest has 32 bytes".into()))
}

/// The time in this device's own newest entry, in milliseconds since 1970; 0 before the first.
pub(crate) fn own_entry_at(db: &Connection, own: Uuid) -> Result<u64> {
    let mut statement = db.prepare_cached("SELECT at FROM heads WHERE device = ?1")?;
    store::count(statement.query_row([own.to_string()], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// The link that the next entry will carry.
pub(crate) fn hash_of(object: &KeyObject) -> Result<[u8; 32]> {
    Ok(crypto::hash_chain::chain(Some(&crypto::sign::Signed::from_bytes(&object.bytes)?)))
}

/// What a document's digest is held against.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Cover {
    /// A journal entry of its device vouches for it.
    By(Vec<Position>),
    /// Its device vouches for another content under this stamp.
    Other,
    /// No entry speaks of it yet.
    None,
}

/// Looks for the journal entries that vouch for a document.
pub(crate) fn cover_of(db: &Connection, parcel: &Parcel, digest: &[u8; 32]) -> Result<Cover> {
    let sql = "SELECT digest, n FROM covered WHERE collection = ?1 AND id = ?2 AND stamp = ?3 AND device = ?4";
    let mut statement = db.prepare_cached(sql)?;
    let key = (&parcel.collection, parcel.id.to_string(), &parcel.stamp.0[..], parcel.by.to_string());
    let rows = statement.query_map(key, |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, i64>(1)?)))?;
    let (mut positions, mut others) = (Vec::new(), false);
    for row in rows {
        let (found, n) = row?;
        match found == digest {
            true => positions.push(Position { device: parcel.by, n: store::count(n)? }),
            false => others = true,
        }
    }
    Ok(match (positions.is_empty(), others) {
        (false, _) => Cover::By(positions),
        (true, true) => Cover::Other,
        (true, false) => Cover::None,
    })
}

/// A newer version of a document was taken in: what vouches for older ones is of no more use.
pub(crate) fn forget_older(db: &Connection, collection: &str, id: Uuid, stamp: Stamp) -> Result<()> {
    let sql = "DELETE FROM covered WHERE collection = ?1 AND id = ?2 AND stamp < ?3";
    db.prepare_cached(sql)?.execute((collection, id.to_string(), &stamp.0[..]))?;
    Ok(())
}

/// Files an alert, once.
pub(crate) fn alert(db: &Connection, code: &str, device: Uuid, n: u64, at_ms: u64) -> Result<()> {
    let sql = "INSERT OR IGNORE INTO alerts (code, device, n, at) VALUES (?1, ?2, ?3, ?4)";
    db.prepare_cached(sql)?.execute((code, device.to_string(), store::whole(n)?, store::whole(at_ms)?))?;
    Ok(())
}

/// All alerts, newest first. A gap that was filled, or a withheld tail, newer version or readmission that came meanwhile, is no alert
/// any more.
pub(crate) fn alerts(db: &Connection) -> Result<Vec<Alert>> {
    let sql = "SELECT code, a.device, a.n, a.at FROM alerts a LEFT JOIN heads h ON h.device = a.device \
               WHERE NOT (code IN ('gap', 'tail-withheld', 'after-removal') AND coalesce(h.n, 0) >= a.n) \
               AND NOT (code = 'older-version' AND NOT EXISTS \
                 (SELECT 1 FROM behind b WHERE b.device = a.device AND b.n = a.n)) ORDER BY seq DESC";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| {
        let (n, at): (i64, i64) = (row.get(2)?, row.get(3)?);
        Ok(Alert { code: row.get(0)?, device: store::uuid(row, 1)?, n: n.unsigned_abs(), at_ms: at.unsigned_abs() })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The time in the newest entry of any other device, in milliseconds since 1970.
pub(crate) fn last_news_ms(db: &Connection, own: Uuid) -> Result<Option<u64>> {
    let sql = "SELECT max(at) FROM heads WHERE device <> ?1 AND n > 0";
    let at: Option<i64> = db.prepare_cached(sql)?.query_row([own.to_string()], |row| row.get(0))?;
    at.map(store::count).transpose()
}

/// What one entry says about one document.
pub(crate) fn write_of(parcel: &Parcel, digest: [u8; 32]) -> Write {
    Write { collection: parcel.collection.clone(), id: parcel.id, stamp: parcel.stamp, digest }
}
