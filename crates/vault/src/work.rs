//! One transaction at work: what a person's write and a page of the remote have in common.

use crate::{
    Error, Result, blobs,
    core::Core,
    files,
    outbox::{self, Outgoing},
    rows::{self, Doc},
    store,
    sum::{Sum, row_bytes},
    trust::{Act, BodyPlace, KeyObject, encode_version, may_write, statement},
};
use crypto::IndexKind;
use model::{Class, CollectionDef, Map, Scope, Sense, Stamp, Version, parcel::BODY_MAX};
use rusqlite::Connection;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A transaction with everything that it touches.
pub(crate) struct Work<'a> {
    pub(crate) db: &'a Connection,
    pub(crate) core: &'a mut Core,
    pub(crate) sum: Sum<'a>,
    pub(crate) now_ms: u64,
    tx: i64,
    queued: Vec<(String, Uuid)>,
    /// What changed, for whoever shows it.
    pub(crate) changed: BTreeMap<&'static str, BTreeSet<Uuid>>,
    /// Did keys or certificates change? Then a rollback must read them anew.
    pub(crate) keys_changed: bool,
}

impl<'a> Work<'a> {
    pub(crate) fn begin(
        db: &'a Connection,
        core: &'a mut Core,
        key: &'a crypto::row_mac::RowKey,
        now_ms: u64,
    ) -> Result<Self> {
        let (sum, tx) = (Sum::load(db, key)?, outbox::next_tx(db)?);
        let (queued, changed) = (Vec::new(), BTreeMap::new());
        Ok(Work { db, core, sum, now_ms, tx, queued, changed, keys_changed: false })
    }

    /// Writes what belongs to the transaction as a whole; the caller commits.
    pub(crate) fn finish(&mut self) -> Result<()> {
        let queued: Vec<(&str, Uuid)> = self.queued.iter().map(|(collection, id)| (collection.as_str(), *id)).collect();
        outbox::join(self.db, self.tx, &queued)?;
        if self.keys_changed {
            self.core.save_keyring(self.db)?;
        }
        self.core.save_clock(self.db)?;
        self.sum.save(self.db)
    }

    /// The next stamp, after everything that this device saw of the document.
    pub(crate) fn tick(&mut self, seen: Stamp) -> Stamp {
        self.core.clock.tick(self.now_ms, seen)
    }

    /// Stores a document and notes that it changed.
    pub(crate) fn save(&mut self, def: &'static CollectionDef, doc: &mut Doc) -> Result<()> {
        rows::save(self.db, &mut self.sum, def, doc)?;
        for file in blobs::named_in(&doc.version.values) {
            let state = files::arriving(self.db, self.core, doc.scope, &file)?;
            blobs::note(self.db, doc.scope, &file, state)?;
        }
        self.changed.entry(def.name).or_default().insert(doc.id);
        Ok(())
    }

    /// Seals a mergeable document as it stands and puts it into the outbox.
    pub(crate) fn send_mergeable(&mut self, def: &'static CollectionDef, doc: &Doc) -> Result<()> {
        if def.sync == Scope::Local {
            return Ok(());
        }
        let plain = encode_version(&shared(def, &doc.version))?;
        let tokens = self.tokens(def, &doc.version.values)?;
        self.send(def, doc, &plain, &tokens)
    }

    /// Seals a signed statement and puts it into the outbox.
    pub(crate) fn send_statement(&mut self, def: &'static CollectionDef, doc: &Doc, signed: &[u8]) -> Result<()> {
        self.send(def, doc, signed, &BTreeMap::new())
    }

    fn send(
        &mut self,
        def: &'static CollectionDef,
        doc: &Doc,
        plain: &[u8],
        tokens: &BTreeMap<String, Vec<u8>>,
    ) -> Result<()> {
        let stamp = if def.class == Class::Statement { self.statement_stamp(def, doc)? } else { doc.version.newest() };
        let place = BodyPlace { collection: def.name, id: doc.id, scope: doc.scope, stamp };
        if self.core.keyring.newest(doc.scope).is_none() {
            return Err(Error::NoKey);
        }
        let body = self.core.keyring.seal_body(&place, plain)?;
        if body.len() > BODY_MAX {
            return Err(Error::TooLarge { limit: BODY_MAX as u64 });
        }
        let (collection, id, scope, class, body) = (def.name, doc.id, doc.scope, def.class, body.as_slice());
        outbox::put(self.db, self.tx, &Outgoing { collection, id, scope, class, stamp, body, tokens })?;
        self.queued.push((def.name.to_owned(), doc.id));
        Ok(())
    }

    /// A statement is sealed under the stamp that it was signed with, whatever amendments its row shows.
    fn statement_stamp(&self, def: &CollectionDef, doc: &Doc) -> Result<Stamp> {
        let found = signed_statement(self.db, def.name, doc.id)?;
        found.map(|(stamp, _)| stamp).ok_or_else(|| Error::Damaged("a statement is missing".into()))
    }

    /// The equality tokens of a document: for each field that may have one and holds a value of its kind.
    pub(crate) fn tokens(&self, def: &CollectionDef, values: &Map) -> Result<BTreeMap<String, Vec<u8>>> {
        let mut tokens = BTreeMap::new();
        let blind = def.fields.iter().filter_map(|field| Some((field.name, field.blind.and_then(kind_of_token)?)));
        for (name, kind) in blind {
            let Some(text) = values.get(name).and_then(Value::as_str) else { continue };
            if let Some(token) = token(self.core, kind, text)? {
                tokens.insert(name.to_owned(), token);
            }
        }
        Ok(tokens)
    }

    /// Keeps a signed or sealed object of keys and trust; `queue` says whether this device sends it.
    pub(crate) fn keep_object(&mut self, object: &KeyObject, by: Uuid, rev: i64, queue: bool) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO objects (collection, id, scope, stamp, by, rev, at, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let (id, scope, by, at) =
            (object.id.to_string(), object.scope.to_string(), by.to_string(), store::whole(self.now_ms)?);
        let row = (object.collection, &id, &scope, &KEY_STAMP.0[..], &by, rev.max(0), at, &object.bytes);
        if self.db.prepare_cached(sql)?.execute(row)? == 0 {
            return Ok(());
        }
        let bytes = row_bytes(&[object.collection.as_bytes(), scope.as_bytes(), by.as_bytes(), &object.bytes, &[]]);
        self.sum.toggle("objects", object.id, &KEY_STAMP.0, &bytes);
        if queue {
            self.send_object(object)?;
        }
        Ok(())
    }

    /// Puts an object of keys and trust into the outbox.
    pub(crate) fn send_object(&mut self, object: &KeyObject) -> Result<()> {
        let KeyObject { collection, id, scope, bytes } = object;
        let tokens = BTreeMap::new();
        let out = Outgoing {
            collection,
            id: *id,
            scope: *scope,
            class: Class::Key,
            stamp: KEY_STAMP,
            body: bytes,
            tokens: &tokens,
        };
        outbox::put(self.db, self.tx, &out)?;
        self.queued.push(((*collection).to_owned(), *id));
        Ok(())
    }

    /// Keeps a signed statement, byte for byte.
    pub(crate) fn keep_statement(&mut self, collection: &str, id: Uuid, stamp: Stamp, signed: &[u8]) -> Result<()> {
        let sql = "INSERT INTO statements (collection, id, stamp, signed) VALUES (?1, ?2, ?3, ?4)";
        self.db.prepare_cached(sql)?.execute((collection, id.to_string(), &stamp.0[..], signed))?;
        self.sum.toggle("statements", id, &stamp.0, &row_bytes(&[collection.as_bytes(), signed, &[], &[], &[]]));
        Ok(())
    }

    /// May this device's person write to this document?
    pub(crate) fn may_i(
        &self,
        def: &CollectionDef,
        id: Uuid,
        scope: Uuid,
        values: &Map,
        amends: Option<Uuid>,
    ) -> Result<()> {
        let user = self.core.keyring.user();
        let act = Act {
            author: user,
            certificate: None,
            collection: def.name,
            scope,
            kid: None,
            about: person_of(def, id, values),
            amends,
        };
        may_write(&self.core.trust, &act).map_err(|error| match error {
            crate::trust::Error::Forbidden(rule) => Error::NotAllowed(rule),
            other => other.into(),
        })
    }

    /// The row is about to differ from what both sides agreed on: keeps that version, if there is one and it is not
    /// kept already.
    pub(crate) fn keep_agreed(&self, def: &CollectionDef, doc: &Doc) -> Result<()> {
        if doc.rev == 0 {
            return Ok(());
        }
        let row = version_row(def, &doc.version)?;
        let sql = "INSERT OR IGNORE INTO agreed (collection, id, doc, stamps) VALUES (?1, ?2, ?3, ?4)";
        self.db.prepare_cached(sql)?.execute((def.name, doc.id.to_string(), row.0, row.1))?;
        Ok(())
    }

    /// Notes a newer version that both sides agree on, while the row still differs from it.
    pub(crate) fn set_agreed(&self, def: &CollectionDef, id: Uuid, version: &Version) -> Result<()> {
        let row = version_row(def, version)?;
        let sql = "INSERT INTO agreed (collection, id, doc, stamps) VALUES (?1, ?2, ?3, ?4) \
                   ON CONFLICT (collection, id) DO UPDATE SET doc = excluded.doc, stamps = excluded.stamps";
        self.db.prepare_cached(sql)?.execute((def.name, id.to_string(), row.0, row.1))?;
        Ok(())
    }

    /// The row itself is what both sides agree on.
    pub(crate) fn drop_agreed(&self, collection: &str, id: Uuid) -> Result<()> {
        let sql = "DELETE FROM agreed WHERE collection = ?1 AND id = ?2";
        self.db.prepare_cached(sql)?.execute((collection, id.to_string()))?;
        Ok(())
    }

    /// The version that both sides last agreed on: the one that was kept, else the row's own if it was ever there.
    pub(crate) fn agreed(&self, def: &CollectionDef, doc: &Doc) -> Result<Version> {
        if let Some(kept) = self.kept_agreed(def, doc.id)? {
            return Ok(kept);
        }
        Ok(if doc.rev == 0 { Version::default() } else { doc.version.clone() })
    }

    /// The agreed version, where the row differs from it.
    pub(crate) fn kept_agreed(&self, def: &CollectionDef, id: Uuid) -> Result<Option<Version>> {
        use rusqlite::OptionalExtension;
        let sql = "SELECT doc, stamps FROM agreed WHERE collection = ?1 AND id = ?2";
        let row: Option<(String, String)> = self
            .db
            .prepare_cached(sql)?
            .query_row((def.name, id.to_string()), |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((values, stamps)) = row else { return Ok(None) };
        let damaged = || Error::Damaged(format!("an agreed version of {} does not read", def.name));
        let values: Map = serde_json::from_str(&values).map_err(|_| damaged())?;
        let stamps = crate::wire::stamps_in(def, &values, &stamps).map_err(|_| damaged())?;
        Ok(Some(Version { values, stamps }))
    }
}

/// Objects of keys and trust never change, so they carry no stamp of a write.
pub(crate) const KEY_STAMP: Stamp = Stamp::ZERO;

fn version_row(def: &CollectionDef, version: &Version) -> Result<(String, String)> {
    let values =
        serde_json::to_string(&version.values).map_err(|_| Error::Damaged("values that are no JSON".into()))?;
    Ok((values, crate::wire::stamps_text(def, version)))
}

/// A version without the fields that never leave the device.
pub(crate) fn shared(def: &CollectionDef, version: &Version) -> Version {
    let mut shared = version.clone();
    for field in def.fields.iter().filter(|field| field.sense == Sense::Local) {
        shared.values.remove(field.name);
        shared.stamps.remove(field.stamp_key());
    }
    shared
}

/// The signed bytes of a statement, with the stamp they were signed under.
pub(crate) fn signed_statement(db: &Connection, collection: &str, id: Uuid) -> Result<Option<(Stamp, Vec<u8>)>> {
    use rusqlite::OptionalExtension;
    let sql = "SELECT stamp, signed FROM statements WHERE collection = ?1 AND id = ?2";
    let mut statement = db.prepare_cached(sql)?;
    Ok(statement.query_row((collection, id.to_string()), |row| Ok((store::stamp(row, 0)?, row.get(1)?))).optional()?)
}

/// The person whose entry a document is; an account is its own.
pub(crate) fn person_of(def: &CollectionDef, id: Uuid, values: &Map) -> Option<Uuid> {
    match def.name {
        "users" => Some(id),
        name => statement::person_in(name, values),
    }
}

fn kind_of_token(name: &str) -> Option<IndexKind> {
    [IndexKind::Email, IndexKind::Phone, IndexKind::PatientNumber].into_iter().find(|kind| kind.name() == name)
}

/// The equality token of a value, behind its epoch; `None` for a value that is not of the kind, or without the key.
pub(crate) fn token(core: &Core, kind: IndexKind, text: &str) -> Result<Option<Vec<u8>>> {
    let Some(key) = core.keyring.index_key() else { return Ok(None) };
    match key.index_token(core.trust.realm().as_bytes(), key.version(), kind, text) {
        Ok(token) => Ok(Some([&key.version().to_be_bytes()[..], &token].concat())),
        Err(crypto::Error::BadForm(_)) => Ok(None),
        Err(other) => Err(other.into()),
    }
}
