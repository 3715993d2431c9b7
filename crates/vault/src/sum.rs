//! The accumulator by which the vault notices that older rows were put back into its file.
//!
//! It is the exclusive-or of one keyed term for each row of a collection, each signed statement and each object of
//! keys and trust. It changes in the same transaction as the row.

use crate::{Error, Result, db, schema, search, store};
use crypto::row_mac::{RowKey, fold};
use rusqlite::{Connection, Row};
use uuid::Uuid;

/// The name under which the accumulator is kept.
const NAME: &str = "sum";
/// The accumulator under the key that the database is about to get.
const NEXT: &str = "sum_next";

/// The accumulator during one transaction.
pub(crate) struct Sum<'a> {
    key: &'a RowKey,
    value: [u8; 32],
}

impl<'a> Sum<'a> {
    /// Reads it at the beginning of a transaction.
    pub(crate) fn load(connection: &Connection, key: &'a RowKey) -> Result<Self> {
        let value = match store::state(connection, NAME)? {
            Some(bytes) => bytes.try_into().map_err(|_| Error::Damaged("the accumulator".into()))?,
            None => [0; 32],
        };
        Ok(Sum { key, value })
    }

    /// Puts a row in, or takes it out again: the operation is its own inverse.
    pub(crate) fn toggle(&mut self, table: &str, id: Uuid, stamp: &[u8], row: &[u8]) {
        fold(&mut self.value, &self.key.term(table, id.as_bytes(), stamp, row));
    }

    /// Writes it at the end of the transaction.
    pub(crate) fn save(&self, connection: &Connection) -> Result<()> {
        store::set_state(connection, NAME, &self.value)
    }
}

/// The reading part of [`crate::Vault::state_check`]: damage, put-back rows, and texts that belong to other rows. `goes_on` is asked in
/// between; its error ends the check.
pub(crate) fn check(connection: &Connection, key: &RowKey, goes_on: &dyn Fn() -> Result<()>) -> Result<()> {
    db::full_check(connection)?;
    for def in model::ALL.iter().filter(|def| schema::is_searched(def)) {
        goes_on()?;
        search::check_text(connection, def)?;
    }
    match total(connection, key, goes_on)? == Sum::load(connection, key)?.value {
        true => Ok(()),
        false => Err(Error::Damaged("rows of an older state were put back".into())),
    }
}

/// The accumulator, made anew from all that is there.
fn total(connection: &Connection, key: &RowKey, goes_on: &dyn Fn() -> Result<()>) -> Result<[u8; 32]> {
    let mut found = Sum { key, value: [0; 32] };
    for def in model::ALL {
        goes_on()?;
        add_table(connection, &mut found, def.name, &schema::table(def), ROW_COLUMNS)?;
    }
    add_table(connection, &mut found, "statements", "statements", STATEMENT_COLUMNS)?;
    add_table(connection, &mut found, "objects", "objects", OBJECT_COLUMNS)?;
    Ok(found.value)
}

/// Keeps beside the accumulator the one under another key. To be called when the rows were checked, before the database gets that key.
pub(crate) fn prepare_next(connection: &Connection, next: &RowKey) -> Result<()> {
    store::set_state(connection, NEXT, &total(connection, next, &|| Ok(()))?)
}

/// The database has its new key: the accumulator under it takes the place of the old one, if it has not done so before.
pub(crate) fn take_next(connection: &mut Connection) -> Result<()> {
    let transaction = connection.transaction()?;
    if let Some(next) = store::state(&transaction, NEXT)? {
        store::set_state(&transaction, NAME, &next)?;
        transaction.execute("DELETE FROM state WHERE name = ?1", [NEXT])?;
    }
    Ok(transaction.commit()?)
}

/// The other part: put-back pages of search indexes. SQLite's own check of them is a command that writes, as it sees it.
pub(crate) fn check_indexes(connection: &Connection) -> Result<()> {
    model::ALL.iter().filter(|def| schema::is_searched(def)).try_for_each(|def| search::check_index(connection, def))
}

const ROW_COLUMNS: &str = "id, stamp, scope, author, device, doc, stamps";
const STATEMENT_COLUMNS: &str = "id, stamp, collection, signed, NULL, NULL, NULL";
const OBJECT_COLUMNS: &str = "id, stamp, collection, scope, by, body, NULL";

/// A table scan: an index could hide rows.
fn add_table(connection: &Connection, sum: &mut Sum<'_>, name: &str, table: &str, columns: &str) -> Result<()> {
    let mut statement = connection.prepare(&format!("SELECT {columns} FROM {table} NOT INDEXED"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (id, stamp): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let id = Uuid::try_parse(&id).map_err(|_| Error::Damaged("an id is no UUID".into()))?;
        sum.toggle(
            name,
            id,
            &stamp,
            &row_bytes(&[part(row, 2)?, part(row, 3)?, part(row, 4)?, part(row, 5)?, part(row, 6)?]),
        );
    }
    Ok(())
}

fn part<'a>(row: &'a Row<'_>, column: usize) -> Result<&'a [u8]> {
    use rusqlite::types::ValueRef;
    match row.get_ref(column)? {
        ValueRef::Null => Ok(&[]),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Ok(bytes),
        ValueRef::Integer(_) | ValueRef::Real(_) => Err(Error::Damaged("a column holds another kind of value".into())),
    }
}

/// The bytes of a row that its term is made of: each part behind its length.
pub(crate) fn row_bytes(parts: &[&[u8]; 5]) -> Vec<u8> {
    let mut out = Vec::with_capacity(parts.iter().map(|part| part.len() + 8).sum());
    for part in parts {
        out.extend_from_slice(&(part.len() as u64).to_be_bytes());
        out.extend_from_slice(part);
    }
    out
}
