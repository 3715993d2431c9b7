//! Small reads and writes of the engine's own tables.

use crate::{Error, Result};
use model::Stamp;
use rusqlite::{Connection, OptionalExtension, Row, types::Type};
use uuid::Uuid;

/// Reads a value of the engine's memory.
pub(crate) fn state(connection: &Connection, name: &str) -> Result<Option<Vec<u8>>> {
    let mut statement = connection.prepare_cached("SELECT value FROM state WHERE name = ?1")?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

/// Writes a value of the engine's memory.
pub(crate) fn set_state(connection: &Connection, name: &str, value: &[u8]) -> Result<()> {
    let sql = "INSERT INTO state (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    connection.prepare_cached(sql)?.execute((name, value))?;
    Ok(())
}

/// Reads a setting.
pub(crate) fn setting(connection: &Connection, key: &str) -> Result<Option<String>> {
    let mut statement = connection.prepare_cached("SELECT value FROM settings WHERE key = ?1")?;
    Ok(statement.query_row([key], |row| row.get(0)).optional()?)
}

/// Writes a setting; `None` removes it.
pub(crate) fn set_setting(connection: &Connection, key: &str, value: Option<&str>) -> Result<()> {
    let Some(value) = value else {
        connection.prepare_cached("DELETE FROM settings WHERE key = ?1")?.execute([key])?;
        return Ok(());
    };
    let sql =
        "INSERT INTO settings (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    connection.prepare_cached(sql)?.execute((key, value))?;
    Ok(())
}

/// Reads a UUID column.
pub(crate) fn uuid(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    let text = row.get_ref(column)?.as_str().map_err(|error| wrong(column, error))?;
    Uuid::try_parse(text).map_err(|error| wrong(column, error))
}

/// Reads a UUID column that may be empty.
pub(crate) fn optional_uuid(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Uuid>> {
    match row.get_ref(column)? {
        rusqlite::types::ValueRef::Null => Ok(None),
        _ => uuid(row, column).map(Some),
    }
}

/// Reads a stamp column.
pub(crate) fn stamp(row: &Row<'_>, column: usize) -> rusqlite::Result<Stamp> {
    let bytes = row.get_ref(column)?.as_blob().map_err(|error| wrong(column, error))?;
    bytes.try_into().map(Stamp).map_err(|error| wrong(column, error))
}

fn wrong(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}

/// Turns a count or a length of SQLite's into ours.
pub(crate) fn count(number: i64) -> Result<u64> {
    u64::try_from(number).map_err(|_| Error::Damaged("a count is negative".into()))
}

/// Turns a count or a length of ours into SQLite's.
pub(crate) fn whole(number: u64) -> Result<i64> {
    i64::try_from(number).map_err(|_| Error::TooLarge { limit: i64::MAX.unsigned_abs() })
}
