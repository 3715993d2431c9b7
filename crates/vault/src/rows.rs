//! Documents as rows of their collection: loaded, stored, and kept in step with search and accumulator.

use crate::{
    Error, Result, schema, search, store,
    sum::{Sum, row_bytes},
    wire,
};
use model::{CollectionDef, Map, Stamp, Version};
use rusqlite::{Connection, OptionalExtension, Row};
use uuid::Uuid;

/// A document as it stands in its table.
#[derive(Clone, Debug)]
pub(crate) struct Doc {
    pub(crate) id: Uuid,
    pub(crate) scope: Uuid,
    /// The remote's revision; 0: never there.
    pub(crate) rev: i64,
    pub(crate) author: Option<Uuid>,
    pub(crate) device: Option<Uuid>,
    pub(crate) version: Version,
    /// Where and as what it is stored now; `None` for a new one.
    stored: Option<Stored>,
}

#[derive(Clone, Debug)]
struct Stored {
    stamp: Stamp,
    bytes: Vec<u8>,
    text: Option<String>,
}

impl Doc {
    /// A document that is not stored yet.
    pub(crate) fn new(id: Uuid, scope: Uuid) -> Self {
        Doc { id, scope, rev: 0, author: None, device: None, version: Version::default(), stored: None }
    }

    /// Was it stored before?
    pub(crate) fn is_stored(&self) -> bool {
        self.stored.is_some()
    }
}

/// The columns that [`Raw::read`] expects, in order.
pub(crate) const COLUMNS: &str = "id, scope, stamp, rev, author, device, doc, stamps";

/// Loads a document.
pub(crate) fn load(connection: &Connection, def: &CollectionDef, id: Uuid) -> Result<Option<Doc>> {
    let sql = format!("SELECT {COLUMNS} FROM {} WHERE id = ?1", schema::table(def));
    let mut statement = connection.prepare_cached(&sql)?;
    let raw = statement.query_row([id.to_string()], Raw::read).optional()?;
    raw.map(|raw| raw.parse(def)).transpose()
}

/// A row before its JSON is parsed.
pub(crate) struct Raw {
    pub(crate) id: Uuid,
    pub(crate) scope: Uuid,
    pub(crate) stamp: Stamp,
    pub(crate) rev: i64,
    pub(crate) author: Option<Uuid>,
    device: Option<Uuid>,
    pub(crate) doc: String,
    stamps: String,
}

impl Raw {
    /// Reads [`COLUMNS`].
    pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Raw {
            id: store::uuid(row, 0)?,
            scope: store::uuid(row, 1)?,
            stamp: store::stamp(row, 2)?,
            rev: row.get(3)?,
            author: store::optional_uuid(row, 4)?,
            device: store::optional_uuid(row, 5)?,
            doc: row.get(6)?,
            stamps: row.get(7)?,
        })
    }

    fn parse(self, def: &CollectionDef) -> Result<Doc> {
        let values: Map = serde_json::from_str(&self.doc).map_err(|_| damaged(def))?;
        let stamps = wire::stamps_in(def, &values, &self.stamps).map_err(|_| damaged(def))?;
        let version = Version { values, stamps };
        let bytes = bytes_of(self.scope, self.author, self.device, &self.doc, &self.stamps);
        let text = search::text_of(def, &version.values);
        let stored = Some(Stored { stamp: self.stamp, bytes, text });
        Ok(Doc {
            id: self.id,
            scope: self.scope,
            rev: self.rev,
            author: self.author,
            device: self.device,
            version,
            stored,
        })
    }
}

fn damaged(def: &CollectionDef) -> Error {
    Error::Damaged(format!("a row of {} does not read", def.name))
}

fn bytes_of(scope: Uuid, author: Option<Uuid>, device: Option<Uuid>, doc: &str, stamps: &str) -> Vec<u8> {
    let text = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let (scope, author, device) = (scope.to_string(), text(author), text(device));
    row_bytes(&[scope.as_bytes(), author.as_bytes(), device.as_bytes(), doc.as_bytes(), stamps.as_bytes()])
}

/// Stores a document: row, search text and accumulator.
pub(crate) fn save(connection: &Connection, sum: &mut Sum<'_>, def: &CollectionDef, doc: &mut Doc) -> Result<()> {
    let values = serde_json::to_string(&doc.version.values).map_err(|_| damaged(def))?;
    let stamps = wire::stamps_text(def, &doc.version);
    let stamp = doc.version.newest();
    let bytes = bytes_of(doc.scope, doc.author, doc.device, &values, &stamps);
    write_row(connection, def, doc, stamp, &values, &stamps)?;
    if let Some(old) = &doc.stored {
        sum.toggle(def.name, doc.id, &old.stamp.0, &old.bytes);
    }
    sum.toggle(def.name, doc.id, &stamp.0, &bytes);
    let text = search::text_of(def, &doc.version.values);
    let before = doc.stored.take().and_then(|old| old.text);
    if before != text {
        search::replace(connection, def, number(connection, def, doc.id)?, before.is_some(), text.as_deref())?;
    }
    doc.stored = Some(Stored { stamp, bytes, text });
    Ok(())
}

/// Writes the row. What fails in one of these statements has changed nothing, so SQLite begins no savepoint for it: with each savepoint
/// the search tables would write out what they gathered.
fn write_row(
    connection: &Connection,
    def: &CollectionDef,
    doc: &Doc,
    stamp: Stamp,
    values: &str,
    stamps: &str,
) -> Result<()> {
    let table = schema::table(def);
    let sql = match doc.is_stored() {
        true => format!(
            "UPDATE {table} SET scope = ?2, stamp = ?3, rev = ?4, author = ?5, device = ?6, deleted = ?7, doc = ?8, \
             stamps = ?9 WHERE id = ?1"
        ),
        false => format!(
            "INSERT INTO {table} (id, scope, stamp, rev, author, device, deleted, doc, stamps) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
        ),
    };
    let text = |id: Option<Uuid>| id.map(|id| id.to_string());
    let (id, scope) = (doc.id.to_string(), doc.scope.to_string());
    let (author, device, deleted) = (text(doc.author), text(doc.device), doc.version.is_deleted());
    let values = (id, scope, &stamp.0[..], doc.rev, author, device, deleted, values, stamps);
    match connection.prepare_cached(&sql)?.execute(values)? {
        1 => Ok(()),
        _ => Err(damaged(def)),
    }
}

/// The number of a row, under which its text is found.
fn number(connection: &Connection, def: &CollectionDef, id: Uuid) -> Result<i64> {
    let sql = format!("SELECT n FROM {} WHERE id = ?1", schema::table(def));
    Ok(connection.prepare_cached(&sql)?.query_row([id.to_string()], |row| row.get(0))?)
}

/// Takes a document out: row, search text and accumulator.
pub(crate) fn delete(connection: &Connection, sum: &mut Sum<'_>, def: &CollectionDef, doc: &Doc) -> Result<()> {
    let Some(stored) = &doc.stored else { return Ok(()) };
    let n = number(connection, def, doc.id)?;
    connection.prepare_cached(&format!("DELETE FROM {} WHERE n = ?1", schema::table(def)))?.execute([n])?;
    sum.toggle(def.name, doc.id, &stored.stamp.0, &stored.bytes);
    match stored.text {
        Some(_) => search::replace(connection, def, n, true, None),
        None => Ok(()),
    }
}

/// The ids of all documents of a scope.
pub(crate) fn ids_in(connection: &Connection, def: &CollectionDef, scope: Uuid) -> Result<Vec<Uuid>> {
    let sql = format!("SELECT id FROM {} WHERE scope = ?1", schema::table(def));
    let mut statement = connection.prepare_cached(&sql)?;
    let ids = statement.query_map([scope.to_string()], |row| store::uuid(row, 0))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}

/// The remote's revision of a document, as far as it is known here; `None` for a document that is not here.
pub(crate) fn rev(connection: &Connection, def: &CollectionDef, id: Uuid) -> Result<Option<i64>> {
    let sql = format!("SELECT rev FROM {} WHERE id = ?1", schema::table(def));
    Ok(connection.prepare_cached(&sql)?.query_row([id.to_string()], |row| row.get(0)).optional()?)
}

/// Notes the remote's revision of a document; nothing else of the row changes. An answer that came late does not take back
/// a later one.
pub(crate) fn set_rev(connection: &Connection, def: &CollectionDef, id: Uuid, rev: i64) -> Result<()> {
    let sql = format!("UPDATE {} SET rev = max(rev, ?2) WHERE id = ?1", schema::table(def));
    connection.prepare_cached(&sql)?.execute((id.to_string(), rev))?;
    Ok(())
}

/// The remote may not have the document any more.
pub(crate) fn forget_rev(connection: &Connection, def: &CollectionDef, id: Uuid) -> Result<()> {
    let sql = format!("UPDATE {} SET rev = 0 WHERE id = ?1", schema::table(def));
    connection.prepare_cached(&sql)?.execute([id.to_string()])?;
    Ok(())
}
