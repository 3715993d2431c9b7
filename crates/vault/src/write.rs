//! Writing: one closure is one transaction is rows, history and outbox together.

use crate::{
    Error, Result, amend,
    blobs::{self, BlobState},
    history, identity, quarantine,
    rows::{self, Doc},
    schema, shapes, store,
    trust::{self, Statement, open_chart, statement},
    work::Work,
};
use model::{BlobRef, Class, Collection, CollectionDef, Map, Merge, Scope, Stamp, Time, Version, merge};
use serde_json::Value;
use std::{collections::BTreeMap, io::Read};
use uuid::Uuid;

/// What a transaction changed: collections with the ids of their documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Ids by collection, each once, in order.
    pub collections: BTreeMap<&'static str, Vec<Uuid>>,
}

/// What a person is typing and has not saved: kept on this device alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The draft's id.
    pub id: Uuid,
    /// Who is writing.
    pub author: Uuid,
    /// About whom.
    pub patient: Option<Uuid>,
    /// What it will become.
    pub kind: String,
    /// The text so far.
    pub text: String,
    /// When it was last kept, in milliseconds since 1970.
    pub at_ms: u64,
}

/// The hand that writes, for as long as the closure of [`crate::Vault::write`] runs.
pub struct Writer<'w, 'a> {
    pub(crate) work: &'w mut Work<'a>,
    pub(crate) files: Vec<Uuid>,
}

impl Writer<'_, '_> {
    pub(crate) fn changed(&self) -> Changed {
        let each = self.work.changed.iter().map(|(name, ids)| (*name, ids.iter().copied().collect()));
        Changed { collections: each.collect() }
    }

    /// A new id: UUIDv7 of the given time, its random part from the system.
    ///
    /// # Errors
    /// [`Error::Crypto`] when the system gives no random bytes.
    pub fn new_id(&self) -> Result<Uuid> {
        crate::look::new_id(self.work.now_ms)
    }

    /// Makes a mergeable document, or changes those of its fields whose values differ. `created_at` and `updated_at`
    /// are set here. Documents of collections that never leave the device take any `scope`.
    ///
    /// # Errors
    /// [`Error::Shape`] when the values do not make a document, [`Error::Fixed`] for a field that keeps its value or only
    /// rises, [`Error::Taken`], [`Error::NotAllowed`], [`Error::NoKey`], [`Error::TooLarge`].
    pub fn put<T: Collection>(&mut self, id: Uuid, scope: Uuid, values: &Map) -> Result<()> {
        self.put_in(T::DEF, id, scope, values)
    }

    pub(crate) fn put_in(&mut self, def: &'static CollectionDef, id: Uuid, scope: Uuid, values: &Map) -> Result<()> {
        require_class(def, Class::Mergeable)?;
        let mut doc = match rows::load(self.work.db, def, id)? {
            Some(doc) if doc.scope != scope => return Err(shape(def, "a document does not change its scope")),
            Some(doc) => doc,
            None => Doc::new(id, scope),
        };
        self.require_readable(def, id)?;
        let before = doc.version.clone();
        let Some(moved) = self.apply(def, &mut doc, values)? else { return Ok(()) };
        check(def, &doc.version.values)?;
        identity::require(self.work.core, def, id, &doc.version.values)?;
        self.require_free(def, &doc)?;
        if def.sync != Scope::Local {
            self.work.may_i(def, id, scope, &doc.version.values, None)?;
        }
        let mut old = doc.clone();
        old.version = before;
        self.work.keep_agreed(def, &old)?;
        history::keep_replaced(self.work.db, def, id, &old.version, &moved)?;
        self.sign_off(&mut doc);
        self.work.save(def, &mut doc)?;
        self.work.send_mergeable(def, &doc)
    }

    /// Writes the changes into the version; `None` when nothing differs.
    fn apply(&mut self, def: &'static CollectionDef, doc: &mut Doc, values: &Map) -> Result<Option<Vec<String>>> {
        let before = doc.version.clone();
        let stamp = self.work.tick(before.newest());
        let mut changes = values.clone();
        let now = now(self.work.now_ms);
        changes.remove("updated_at");
        match doc.is_stored() {
            true => changes.remove("created_at"),
            false => changes.insert("created_at".into(), now.clone()),
        };
        if !doc.is_stored() {
            changes.entry("is_deleted").or_insert(Value::Bool(false));
        }
        let mut moved = doc.version.apply(def, &changes, stamp);
        if moved.is_empty() {
            return Ok(None);
        }
        require_rising(def, &before, &doc.version)?;
        // A clock that went back does not make the document older.
        let latest = before.values.get("updated_at").filter(|old| old.as_str() > now.as_str()).cloned().unwrap_or(now);
        let times = Map::from_iter([("updated_at".to_owned(), latest)]);
        moved.extend(doc.version.apply(def, &times, stamp));
        Ok(Some(moved))
    }

    /// A change to the older version that is shown would never meet the newer one.
    fn require_readable(&self, def: &CollectionDef, id: Uuid) -> Result<()> {
        match quarantine::is_newer(self.work.db, def.name, id)? {
            true => Err(Error::NewerDocument),
            false => Ok(()),
        }
    }

    fn sign_off(&self, doc: &mut Doc) {
        doc.author = Some(self.work.core.keyring.user());
        doc.device = Some(self.work.core.keyring.device());
    }

    /// Refuses values that a unique index already holds in another document that is not deleted.
    fn require_free(&self, def: &CollectionDef, doc: &Doc) -> Result<()> {
        for index in def.indexes.iter().filter(|index| index.unique) {
            let mut sql = format!("SELECT 1 FROM {} WHERE deleted = 0 AND id <> ?1", schema::table(def));
            let mut values = vec![rusqlite::types::Value::Text(doc.id.to_string())];
            for field in index.fields {
                let value = doc.version.values.get(*field).and_then(Value::as_str).unwrap_or_default();
                values.push(rusqlite::types::Value::Text(value.to_owned()));
                sql.push_str(&format!(" AND {} = ?{}", schema::expression(def, field)?, values.len()));
            }
            if self.work.db.prepare_cached(&sql)?.exists(rusqlite::params_from_iter(values))? {
                return Err(Error::Taken { collection: def.name.into(), fields: index.fields.join(", ") });
            }
        }
        Ok(())
    }

    /// Signs a statement as this person and keeps it. It is never changed afterwards, only amended.
    ///
    /// # Errors
    /// [`Error::Fixed`] when there is a statement with this id, and as [`Writer::put`].
    pub fn append<T: Collection>(&mut self, id: Uuid, scope: Uuid, value: &T) -> Result<()> {
        let values = match serde_json::to_value(value) {
            Ok(Value::Object(values)) => values,
            Ok(_) | Err(_) => return Err(shape(T::DEF, "a statement is an object")),
        };
        self.append_values(T::DEF, id, scope, values, None).map(|_| ())
    }

    /// Signs and keeps a statement; `amends` is the one that it is about. Gives its stamp.
    pub(crate) fn append_values(
        &mut self,
        def: &'static CollectionDef,
        id: Uuid,
        scope: Uuid,
        mut values: Map,
        amends: Option<&Doc>,
    ) -> Result<Stamp> {
        require_class(def, Class::Statement)?;
        if rows::load(self.work.db, def, id)?.is_some() {
            return Err(Error::Fixed { collection: def.name.into(), field: "id".into() });
        }
        for name in ["created_at", "updated_at"] {
            values.insert(name.into(), now(self.work.now_ms));
        }
        values.entry("is_deleted").or_insert(Value::Bool(false));
        check(def, &values)?;
        identity::require(self.work.core, def, id, &values)?;
        self.work.may_i(def, id, scope, &values, amends.and_then(|original| original.author))?;
        // After what it amends, as that shows here: a slow clock must not make the correction lose.
        let stamp = self.work.tick(amends.map_or(Stamp::ZERO, |original| original.version.newest()));
        let statement = Statement {
            collection: def.name,
            id,
            scope,
            stamp,
            at_ms: self.work.now_ms,
            previous: None,
            values: &values,
        };
        let signed = statement::make(&self.work.core.keyring, &statement)?;
        self.work.keep_statement(def.name, id, stamp, &signed)?;
        let mut doc = Doc::new(id, scope);
        doc.version = Version { stamps: crate::wire::spread(def, &values, stamp), values };
        self.sign_off(&mut doc);
        self.work.save(def, &mut doc)?;
        self.work.send_statement(def, &doc, &signed)?;
        Ok(stamp)
    }

    /// Amends a statement by another, signed one, and shows the result in its row. Fields that keep their value cannot
    /// be amended; `is_deleted` takes the statement back.
    ///
    /// # Errors
    /// [`Error::NoDocument`], [`Error::Fixed`], and as [`Writer::put`].
    pub fn amend<T: Collection>(&mut self, id: Uuid, changes: &Map) -> Result<()> {
        self.require_readable(T::DEF, id)?;
        amend::write(self, T::DEF, id, changes)
    }

    /// Opens a patient's chart: its key, shared with the care team, and with the patient if they have an account. The
    /// chart's scope is the id of the patient's document.
    ///
    /// # Errors
    /// [`Error::Trust`] when this person may not, or the chart is open.
    pub fn open_chart(&mut self, patient: Uuid, user: Option<Uuid>) -> Result<()> {
        let core = &*self.work.core;
        let objects = open_chart(&core.keyring, &core.trust, patient, user, self.work.now_ms)?;
        self.work.take_own_objects(&objects)
    }

    /// Shares a chart with one more person.
    ///
    /// # Errors
    /// As [`Writer::open_chart`].
    pub fn grant_chart(&mut self, patient: Uuid, user: Uuid, rights: trust::Rights) -> Result<()> {
        let core = &*self.work.core;
        let objects = trust::grant_chart_to(&core.keyring, &core.trust, patient, user, rights, self.work.now_ms)?;
        self.work.take_own_objects(&objects)
    }

    /// Ends a person's share of a chart.
    ///
    /// # Errors
    /// As [`Writer::open_chart`].
    pub fn remove_from_chart(&mut self, patient: Uuid, user: Uuid) -> Result<()> {
        let core = &*self.work.core;
        let objects = trust::remove_from_chart(&core.keyring, &core.trust, patient, user, self.work.now_ms)?;
        self.work.take_own_objects(&objects)
    }

    /// Hands the chart of a person who was removed over to the custodian alone, until a day in milliseconds since 1970. What is
    /// written to the chart in the same transaction before is the last that the care team's key seals.
    ///
    /// # Errors
    /// [`Error::Trust`] says who may, and what is missing.
    pub fn retain_chart(&mut self, chart: Uuid, person: Uuid, custodian: Uuid, until_ms: u64) -> Result<()> {
        let (core, now_ms) = (&*self.work.core, self.work.now_ms);
        let of = (chart, person);
        let objects = trust::retention::retain(&core.keyring, &core.trust, of, custodian, until_ms, now_ms)?;
        self.work.take_own_objects(&objects)
    }

    /// Says that a chart is over. Its rows and keys go with [`crate::Vault::clear_closed`], here as on other devices.
    ///
    /// # Errors
    /// [`Error::Trust`] for anybody but its custodian, and before its day.
    pub fn end_chart(&mut self, chart: Uuid) -> Result<()> {
        let core = &*self.work.core;
        let object = trust::retention::end(&core.keyring, &core.trust, chart, self.work.now_ms)?;
        self.work.take_own_objects(&[object])
    }

    /// Encrypts a file of `length` bytes into the vault's folder, piece by piece as it is read: its length goes into the seal
    /// before its first byte, and plain text never goes to disk. The description that comes back, with the file's key in it,
    /// belongs into the record that owns the file, and nowhere else.
    ///
    /// # Errors
    /// [`Error::TooLarge`] beyond `size_limit` bytes; [`Error::Crypto`] when it turns out shorter or longer than `length`;
    /// [`Error::DiskFull`], [`Error::Io`].
    pub fn keep_file(&mut self, scope: Uuid, reader: &mut dyn Read, length: u64, size_limit: u64) -> Result<BlobRef> {
        if length > size_limit {
            return Err(Error::TooLarge { limit: size_limit });
        }
        let blob = self.new_id()?;
        // First, so that a file that fails half-way is removed too.
        self.files.push(blob);
        let file = blobs::keep(&self.work.core.folder, self.work.core.trust.realm(), blob, reader, length)?;
        blobs::note(self.work.db, scope, &file, BlobState::Kept)?;
        Ok(file)
    }

    /// Keeps what a person is typing.
    ///
    /// # Errors
    /// [`Error::DiskFull`], [`Error::Database`].
    pub fn draft(&mut self, draft: &Draft) -> Result<()> {
        let sql = "INSERT INTO drafts (id, author, patient, kind, text, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
                   ON CONFLICT (id) DO UPDATE SET text = excluded.text, at = excluded.at";
        let patient = draft.patient.map(|id| id.to_string());
        let at = store::whole(draft.at_ms)?;
        let row = (draft.id.to_string(), draft.author.to_string(), patient, &draft.kind, &draft.text, at);
        self.work.db.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// Removes a draft: it was saved as what it should become, or thrown away.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub fn drop_draft(&mut self, id: Uuid) -> Result<()> {
        self.work.db.prepare_cached("DELETE FROM drafts WHERE id = ?1")?.execute([id.to_string()])?;
        Ok(())
    }

    /// Reads a document as this transaction sees it.
    ///
    /// # Errors
    /// As [`crate::Vault::get`].
    pub fn get<T: Collection>(&self, id: Uuid) -> Result<Option<crate::Row<T>>> {
        crate::read::get(self.work.db, id)
    }

    /// Reads documents as this transaction sees them.
    ///
    /// # Errors
    /// As [`crate::Vault::list`].
    pub fn list<T: Collection>(&self, find: &crate::Find<'_>) -> Result<Vec<crate::Row<T>>> {
        crate::read::list(self.work.db, find)
    }
}

/// The time as it stands in documents.
pub(crate) fn now(now_ms: u64) -> Value {
    Value::String(Time::from_unsigned_ms(now_ms).to_string())
}

fn require_class(def: &CollectionDef, class: Class) -> Result<()> {
    match def.class == class {
        true => Ok(()),
        false => Err(shape(def, "documents of this collection are written in another way")),
    }
}

fn shape(def: &CollectionDef, problem: &str) -> Error {
    Error::Shape { collection: def.name.into(), problem: problem.into() }
}

fn check(def: &CollectionDef, values: &Map) -> Result<()> {
    shapes::check(def.name, values).map_err(|problem| Error::Shape { collection: def.name.into(), problem })
}

/// What would show on other devices must be what shows here: a field that keeps its first value, or only rises, cannot
/// be written back.
fn require_rising(def: &CollectionDef, before: &Version, after: &Version) -> Result<()> {
    let guarded = |name: &str| def.field(name).is_some_and(|field| matches!(field.merge, Merge::Keep | Merge::Rise));
    let touched = after
        .values
        .iter()
        .any(|(name, value)| guarded(name) && before.values.get(name).is_some_and(|old| old != value));
    if !touched {
        return Ok(());
    }
    let shown = merge(def, before, before, after).version;
    let lost = after.values.iter().find(|(name, value)| guarded(name) && shown.values.get(*name) != Some(*value));
    match lost {
        Some((field, _)) => Err(Error::Fixed { collection: def.name.into(), field: field.clone() }),
        None => Ok(()),
    }
}
