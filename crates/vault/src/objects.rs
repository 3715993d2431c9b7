//! Keys and trust, taken in: certificates, removals, scope keys, grants and slots. Journal entries: see [`crate::journal`].

use crate::{
    Result, quarantine, store,
    sum::row_bytes,
    trust::{
        self, KeyObject, Learned, Trust,
        object::{CERTS, GRANTS, SCOPE_KEYS},
    },
    work::{KEY_STAMP, Work},
};
use model::{DeviceTag, Parcel};
use rusqlite::{Connection, OptionalExtension};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The codes under which a person's devices hear that their root is another one: renewed by them, or given by the clinic.
pub(crate) const ROOT_RENEWED: &str = "root-renewed";
const BROUGHT_BACK: &str = "recovered-by-clinic";
/// The code under which a person's devices hear of another one.
const NEW_DEVICE: &str = "new-device";

impl Work<'_> {
    /// Takes in objects that were made here, and queues them.
    pub(crate) fn take_own_objects(&mut self, objects: &[KeyObject]) -> Result<()> {
        self.keys_changed = true;
        let device = self.core.keyring.device();
        // Where a removal limits what this person signed, what is made here counts at once, not when it was pushed.
        self.core.trust.place_own(device, objects);
        if let Some((_, error)) = self.core.trust.learn_all(objects).into_iter().next() {
            return Err(error.into());
        }
        for object in objects {
            self.keep_object(object, device, 0, true)?;
        }
        self.take_new_root(&[])?;
        let opened = self.core.keyring.learn(&self.core.trust, objects)?;
        if let Some((_, error)) = opened.refused.into_iter().next() {
            return Err(error.into());
        }
        self.note_devices(objects)
    }

    /// Takes in objects that came with an enrolment; who sent them sends them to the remote too.
    pub(crate) fn keep_received(&mut self, objects: &[KeyObject], made: &[KeyObject]) -> Result<()> {
        let device = self.core.keyring.device();
        objects.iter().try_for_each(|object| self.keep_object(object, device, 0, false))?;
        made.iter().try_for_each(|object| self.keep_object(object, device, 0, true))?;
        self.keys_changed = true;
        self.note_devices(objects)?;
        self.note_devices(made)
    }

    /// Learns a certificate, removal or scope key from the remote. What waits for an issuer is kept and learnt later.
    pub(crate) fn learn_object(&mut self, object: &KeyObject) -> Result<Learned, trust::Error> {
        let learned = self.core.trust.learn(object)?;
        self.keys_changed |= learned != Learned::Known;
        Ok(learned)
    }

    /// Opens grants that could not be opened before, and gives the scopes that can be read now.
    pub(crate) fn open_grants(&mut self, came: &[KeyObject]) -> Result<BTreeSet<Uuid>> {
        let mut grants = pending_grants(self.db)?;
        grants.extend(came.iter().filter(|object| object.collection == GRANTS).cloned());
        self.take_new_root(came)?;
        let opened = match self.core.keyring.learn(&self.core.trust, &grants) {
            Ok(opened) => opened,
            // This person's root was renewed elsewhere: nothing can be opened here until it comes.
            Err(trust::Error::ForeignKey | trust::Error::Unknown(_)) => {
                let (trust, keyring) = (&self.core.trust, &self.core.keyring);
                let code = if trust.was_brought_back(keyring.user()) { BROUGHT_BACK } else { ROOT_RENEWED };
                crate::journal::alert(self.db, code, keyring.device(), 0, self.now_ms)?;
                return Ok(BTreeSet::new());
            }
            Err(other) => return Err(other.into()),
        };
        self.keys_changed |= !opened.scopes.is_empty();
        for grant in &grants {
            self.set_pending(grant.id, opened.waiting.contains(&grant.id))?;
        }
        for (id, error) in &opened.refused {
            self.refuse_object(GRANTS, *id, reason_of(*error))?;
        }
        Ok(opened.scopes)
    }

    fn set_pending(&self, id: Uuid, pending: bool) -> Result<()> {
        let sql = "UPDATE objects SET pending = ?3 WHERE collection = ?1 AND id = ?2";
        self.db.prepare_cached(sql)?.execute((GRANTS, id.to_string(), pending))?;
        Ok(())
    }

    /// Moves an object that turned out not to hold into the quarantine.
    pub(crate) fn refuse_object(&mut self, collection: &str, id: Uuid, reason: &'static str) -> Result<()> {
        let Some(parcel) = object_parcel(self.db, collection, id)? else { return Ok(()) };
        let (scope, by) = (parcel.scope.to_string(), parcel.by.to_string());
        let bytes = row_bytes(&[collection.as_bytes(), scope.as_bytes(), by.as_bytes(), &parcel.body, &[]]);
        self.sum.toggle("objects", id, &KEY_STAMP.0, &bytes);
        let sql = "DELETE FROM objects WHERE collection = ?1 AND id = ?2";
        self.db.prepare_cached(sql)?.execute((collection, id.to_string()))?;
        quarantine::keep(self.db, &parcel, reason, false, self.now_ms)
    }

    /// The objects that had waited for another and did not hold when it came.
    pub(crate) fn refuse_late(&mut self) -> Result<usize> {
        let refused = self.core.trust.take_refused();
        for (id, error) in &refused {
            for collection in [CERTS, SCOPE_KEYS] {
                self.refuse_object(collection, *id, reason_of(*error))?;
            }
        }
        Ok(refused.len())
    }

    /// Alerts this person to a device of theirs that was made after this one, on another: nobody adds one unseen.
    /// Only what was not held before is told of; who brought a device in holds its certificate.
    pub(crate) fn tell_of_device(&self, certificate: Uuid) -> Result<()> {
        let (trust, keyring) = (&self.core.trust, &self.core.keyring);
        let Some(held) = trust.certificate(certificate).filter(|held| held.device_keys().is_some()) else {
            return Ok(());
        };
        let mine = trust.user_of_certificate(certificate) == Some(keyring.user()) && held.subject != keyring.device();
        let own_since = trust.device(keyring.device()).map(|own| own.not_before_s);
        match mine && held.n == 1 && own_since.is_some_and(|since| held.not_before_s > since) {
            true => crate::journal::alert(self.db, NEW_DEVICE, held.subject, 0, self.now_ms),
            false => Ok(()),
        }
    }

    /// Notes whose device is whose, so that stamps can be attributed.
    pub(crate) fn note_devices(&self, objects: &[KeyObject]) -> Result<()> {
        for object in objects.iter().filter(|object| object.collection == CERTS) {
            note_device(self.db, &self.core.trust, object.id)?;
        }
        Ok(())
    }
}

/// Notes the device of a certificate, if it is one of a device.
pub(crate) fn note_device(db: &Connection, trust: &Trust, certificate: Uuid) -> Result<()> {
    let Some(held) = trust.certificate(certificate).filter(|held| held.device_keys().is_some()) else { return Ok(()) };
    let Some(user) = trust.user_of_certificate(certificate) else { return Ok(()) };
    let tag = DeviceTag::of(held.subject).0.to_be_bytes();
    let sql = "INSERT OR IGNORE INTO devices (tag, device, user) VALUES (?1, ?2, ?3)";
    db.prepare_cached(sql)?.execute((&tag[..], held.subject.to_string(), user.to_string()))?;
    Ok(())
}

fn pending_grants(db: &Connection) -> Result<Vec<KeyObject>> {
    let mut statement =
        db.prepare_cached("SELECT id, scope, body FROM objects WHERE collection = ?1 AND pending = 1")?;
    let rows = statement.query_map([GRANTS], |row| Ok((store::uuid(row, 0)?, store::uuid(row, 1)?, row.get(2)?)))?;
    rows.map(|row| {
        let (id, scope, bytes) = row?;
        Ok(KeyObject::new(GRANTS, id, scope, bytes)?)
    })
    .collect()
}

/// The objects of a collection of keys and trust, in the order in which they came.
pub(crate) fn all(db: &Connection, collection: &str) -> Result<Vec<KeyObject>> {
    let mut statement =
        db.prepare_cached("SELECT id, scope, body FROM objects WHERE collection = ?1 ORDER BY rowid")?;
    let rows =
        statement.query_map([collection], |row| Ok((store::uuid(row, 0)?, store::uuid(row, 1)?, row.get(2)?)))?;
    rows.map(|row| {
        let (id, scope, bytes) = row?;
        Ok(KeyObject::new(collection, id, scope, bytes)?)
    })
    .collect()
}

/// An object as the parcel that it came as, or would be sent as.
pub(crate) fn object_parcel(db: &Connection, collection: &str, id: Uuid) -> Result<Option<Parcel>> {
    let sql = "SELECT scope, by, rev, body FROM objects WHERE collection = ?1 AND id = ?2";
    let mut statement = db.prepare_cached(sql)?;
    let found = statement.query_row((collection, id.to_string()), |row| {
        Ok(Parcel {
            collection: collection.to_owned(),
            id,
            scope: store::uuid(row, 0)?,
            class: model::Class::Key,
            stamp: KEY_STAMP,
            by: store::uuid(row, 1)?,
            schema: model::parcel::SCHEMA,
            body: row.get(3)?,
            tokens: Default::default(),
            rev: row.get(2)?,
        })
    });
    Ok(found.optional()?)
}

/// Notes the remote's revision of an object. An answer that came late does not take back a later one.
pub(crate) fn set_rev(db: &Connection, collection: &str, id: Uuid, rev: i64) -> Result<()> {
    let sql = "UPDATE objects SET rev = max(rev, ?3) WHERE collection = ?1 AND id = ?2";
    db.prepare_cached(sql)?.execute((collection, id.to_string(), rev))?;
    Ok(())
}

/// The remote may not have the object any more.
pub(crate) fn forget_rev(db: &Connection, collection: &str, id: Uuid) -> Result<()> {
    let sql = "UPDATE objects SET rev = 0 WHERE collection = ?1 AND id = ?2";
    db.prepare_cached(sql)?.execute((collection, id.to_string()))?;
    Ok(())
}

/// The reason code of an object that is not acceptable.
pub(crate) fn reason_of(error: trust::Error) -> &'static str {
    match error {
        trust::Error::Malformed(_) => "form",
        trust::Error::TooLarge(_) => "size",
        trust::Error::Elsewhere => "elsewhere",
        trust::Error::Signature => "signature",
        trust::Error::Forbidden(_) => "not-allowed",
        trust::Error::ForeignKey => "foreign-key",
        trust::Error::OutOfTime(_) => "out-of-time",
        trust::Error::Crowded => "crowded",
        trust::Error::Crypto(_) => "seal",
        _ => "refused",
    }
}
