//! What may be asked of an open vault: documents, history, what was set aside, files, settings.

use crate::{
    Alert, Draft, Entry, Error, Find, Quarantined, Result, Row, Vault, accept, blobs,
    folder::{self, Card},
    history, journal, objects, quarantine, read, rows, store,
    trust::{self, KeyObject},
    work,
};
use crypto::IndexKind;
use model::{BlobRef, Collection, Conflict, Role, parcel::Accepted};
use rusqlite::Connection;
use serde_json::Value;
use std::io::Write;
use uuid::Uuid;

/// The program that last looked at what was set aside.
const PROGRAM: &str = "program";

impl Vault {
    /// Reads one document, deleted or not.
    ///
    /// # Errors
    /// [`Error::Shape`] when the row does not read as `T`; [`Error::Damaged`], [`Error::Closed`].
    pub fn get<T: Collection>(&self, id: Uuid) -> Result<Option<Row<T>>> {
        self.with_reader(|connection| read::get(connection, id))
    }

    /// Reads the documents that fit.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a field that the collection has not, and as [`Vault::get`].
    pub fn list<T: Collection>(&self, find: &Find<'_>) -> Result<Vec<Row<T>>> {
        self.with_reader(|connection| read::list(connection, find))
    }

    /// Counts the documents that fit.
    ///
    /// # Errors
    /// As [`Vault::list`].
    pub fn count<T: Collection>(&self, find: &Find<'_>) -> Result<u64> {
        self.with_reader(|connection| read::count::<T>(connection, find))
    }

    /// Finds documents by the beginnings of words, best first, with the number of all that fit. Deleted ones are not found.
    ///
    /// # Errors
    /// As [`Vault::get`].
    pub fn search<T: Collection>(&self, text: &str, offset: u64, limit: u64) -> Result<(u64, Vec<Row<T>>)> {
        self.with_reader(|connection| read::search(connection, text, None, offset, limit))
    }

    /// As [`Vault::search`], among these documents alone.
    ///
    /// # Errors
    /// As [`Vault::get`].
    pub fn search_among<T: Collection>(
        &self,
        ids: &[Uuid],
        text: &str,
        offset: u64,
        limit: u64,
    ) -> Result<(u64, Vec<Row<T>>)> {
        self.with_reader(|connection| read::search(connection, text, Some(ids), offset, limit))
    }

    /// Every value that a document ever showed or lost, newest first.
    ///
    /// # Errors
    /// [`Error::UnknownName`], [`Error::NoDocument`], [`Error::Damaged`].
    pub fn history(&self, collection: &str, id: Uuid) -> Result<Vec<Entry>> {
        let def = model::definition(collection).ok_or_else(|| Error::UnknownName(collection.to_owned()))?;
        self.with_reader(|connection| {
            let doc = rows::load(connection, def, id)?.ok_or_else(|| Error::NoDocument(collection.to_owned()))?;
            history::of(connection, def, &doc)
        })
    }

    /// The scope that a document lies in; `None` where it is not here.
    ///
    /// # Errors
    /// [`Error::UnknownName`], [`Error::Damaged`].
    pub fn scope_of(&self, collection: &str, id: Uuid) -> Result<Option<Uuid>> {
        let def = model::definition(collection).ok_or_else(|| Error::UnknownName(collection.to_owned()))?;
        self.with_reader(|connection| Ok(rows::load(connection, def, id)?.map(|doc| doc.scope)))
    }

    /// The conflicts that wait for a person, oldest first.
    ///
    /// # Errors
    /// As [`Vault::list`].
    pub fn conflicts_open(&self) -> Result<Vec<Row<Conflict>>> {
        self.list(&Find {
            equal: vec![("resolved_at", Value::Null)],
            order: Some(("created_at", false)),
            ..Find::default()
        })
    }

    /// What was set aside because it could not be trusted, read or sent.
    ///
    /// # Errors
    /// [`Error::Damaged`], [`Error::Closed`].
    pub fn quarantine(&self) -> Result<Vec<Quarantined>> {
        self.with_reader(quarantine::list)
    }

    /// Tries what was set aside once more, e.g. after an update of the program.
    ///
    /// # Errors
    /// As [`Vault::write`].
    pub fn retry_quarantine(&self, now_ms: u64) -> Result<Accepted> {
        self.transact(now_ms, accept::retry_quarantine)
    }

    /// Tries what was set aside once more if it was set aside by another version of the program, and says whether it did.
    ///
    /// # Errors
    /// As [`Vault::write`].
    pub fn retry_after_update(&self, program: &str, now_ms: u64) -> Result<bool> {
        if self.with_reader(|connection| store::state(connection, PROGRAM))?.as_deref() == Some(program.as_bytes()) {
            return Ok(false);
        }
        self.transact(now_ms, |work| {
            accept::retry_quarantine(work)?;
            store::set_state(work.db, PROGRAM, program.as_bytes())
        })?;
        Ok(true)
    }

    /// The number of parcels that are kept sealed until their key or their journal entry comes.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn waiting(&self) -> Result<u64> {
        self.with_reader(quarantine::waiting)
    }

    /// What is kept until something else comes: the code of what it waits for (`gap`, `journal`, `device`, `author`, `key`,
    /// `original`), its collection and how many.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn waiting_for(&self) -> Result<Vec<(String, String, u64)>> {
        self.with_reader(quarantine::waiting_for)
    }

    /// Findings about journals that a person must hear of.
    ///
    /// # Errors
    /// [`Error::Damaged`], [`Error::Closed`].
    pub fn alerts(&self) -> Result<Vec<Alert>> {
        self.with_reader(journal::alerts)
    }

    /// The time in the newest journal entry of any other device, in milliseconds since 1970; for "no news since".
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn last_news_ms(&self) -> Result<Option<u64>> {
        let own = self.kept_address().device;
        self.with_reader(|connection| journal::last_news_ms(connection, own))
    }

    /// Since when nothing has come from any other device, in milliseconds since 1970, once that is a week: then a person is told.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn silent_since_ms(&self, now_ms: u64) -> Result<Option<u64>> {
        let silent = |last: u64| match trust::journal::check_news(last, now_ms) {
            Err(trust::Finding::Silent { since_ms }) => Some(since_ms),
            Ok(()) | Err(_) => None,
        };
        Ok(self.last_news_ms()?.and_then(silent))
    }

    /// Opens a file and writes it out.
    ///
    /// # Errors
    /// [`Error::FileNotHere`]; [`Error::Crypto`] for altered bytes; [`Error::Io`].
    pub fn read_file(&self, file: &BlobRef, out: &mut dyn Write) -> Result<()> {
        blobs::read(self.folder(), self.kept_address().realm, file, out)
    }

    /// Reads a setting of this device.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn setting(&self, key: &str) -> Result<Option<String>> {
        self.with_reader(|connection| store::setting(connection, key))
    }

    /// Writes a setting of this device; `None` removes it.
    ///
    /// # Errors
    /// As [`Vault::write`].
    pub fn set_setting(&self, key: &str, value: Option<&str>) -> Result<()> {
        self.transact_timeless(|work| store::set_setting(work.db, key, value))
    }

    /// The drafts that were kept, newest first.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn drafts(&self) -> Result<Vec<Draft>> {
        self.with_reader(drafts)
    }

    /// When the vault last synchronised, in milliseconds since 1970.
    ///
    /// # Errors
    /// [`Error::Damaged`] when the profile does not read.
    pub fn last_sync_ms(&self) -> Result<Option<i64>> {
        Ok(folder::read_card(self.folder())?.last_sync_ms)
    }

    /// Notes when the vault synchronised; the lock screen shows it.
    ///
    /// # Errors
    /// [`Error::DiskFull`], [`Error::Io`].
    pub fn set_last_sync_ms(&self, at_ms: i64) -> Result<()> {
        let me = self.me()?;
        let card = folder::read_card(self.folder())?;
        // A person alone, who administers their own record, stays "patient" to the lock screen.
        let alone = card.role == Role::Patient.word() && me.role == Role::SuperAdmin;
        let role = if alone { card.role.clone() } else { me.work().word().to_owned() };
        let card = Card { role, last_sync_ms: Some(at_ms), ..card };
        folder::write_card(self.folder(), &card)
    }

    /// The objects of keys and trust of a collection: `certs`, `scope_keys`, `grants`, `slots`, `journal`.
    ///
    /// # Errors
    /// [`Error::Damaged`], [`Error::Closed`].
    pub fn objects(&self, collection: &str) -> Result<Vec<KeyObject>> {
        self.with_reader(|connection| objects::all(connection, collection))
    }

    /// Asks the verified store of certificates and scopes.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn with_trust<T>(&self, ask: impl FnOnce(&trust::Trust) -> T) -> Result<T> {
        self.with_core(|_, core| Ok(ask(&core.trust)))
    }

    /// The equality token of a value, behind its epoch; `None` for one that is not of the kind.
    ///
    /// # Errors
    /// [`Error::Closed`], [`Error::Crypto`].
    pub fn index_token(&self, kind: IndexKind, value: &str) -> Result<Option<Vec<u8>>> {
        self.with_core(|_, core| work::token(core, kind, value))
    }
}

fn drafts(connection: &Connection) -> Result<Vec<Draft>> {
    let mut statement =
        connection.prepare_cached("SELECT id, author, patient, kind, text, at FROM drafts ORDER BY at DESC, id")?;
    let rows = statement.query_map([], |row| {
        let at: i64 = row.get(5)?;
        Ok(Draft {
            id: store::uuid(row, 0)?,
            author: store::uuid(row, 1)?,
            patient: store::optional_uuid(row, 2)?,
            kind: row.get(3)?,
            text: row.get(4)?,
            at_ms: at.unsigned_abs(),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
