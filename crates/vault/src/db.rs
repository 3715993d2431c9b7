//! Opens the SQLCipher file and proves that it is one: every setting is read back and compared.

use crate::{Error, Result};
use crypto::{Key, Zeroizing};
use rusqlite::{Connection, OpenFlags, config::DbConfig, types::Value};
use std::{fs, io::Read, path::Path, time::Duration};

/// How long a reader waits for a writer in the same process, e.g. during a checkpoint.
const BUSY: Duration = Duration::from_secs(5);

/// Pragmas set after the key, in this order, with the value that each must then have.
const PRAGMAS: &[(&str, &str, &str)] = &[
    ("cipher_page_size", "4096", "4096"),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", "2"),
    ("secure_delete", "ON", "1"),
    ("temp_store", "MEMORY", "2"),
    ("cache_size", "-65536", "-65536"),
    ("foreign_keys", "ON", "1"),
    ("trusted_schema", "OFF", "0"),
    ("cell_size_check", "ON", "1"),
];

/// What the connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Makes the file.
    Create,
    /// Writes to an existing file.
    Write,
    /// Reads only.
    Read,
}

/// Opens the database with its raw key.
pub(crate) fn open(path: &Path, key: &Key, purpose: Purpose) -> Result<Connection> {
    if purpose != Purpose::Create {
        refuse_plain(path)?;
    }
    let connection = Connection::open_with_flags(path, flags(purpose))?;
    connection.busy_timeout(BUSY)?;
    require_cipher(&connection)?;
    unlock(&connection, key)?;
    set_pragmas(&connection)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    if purpose == Purpose::Read {
        set(&connection, "query_only", "ON", "1")?;
    }
    Ok(connection)
}

fn flags(purpose: Purpose) -> OpenFlags {
    // A WAL reader needs a writable handle for the shared index; `query_only` keeps it from writing.
    let base = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    match purpose {
        Purpose::Create => base | OpenFlags::SQLITE_OPEN_CREATE,
        Purpose::Write | Purpose::Read => base,
    }
}

/// An encrypted file begins with a random salt; one that begins like SQLite's own was never encrypted.
fn refuse_plain(path: &Path) -> Result<()> {
    let mut start = [0; 16];
    let mut file = fs::File::open(path)?;
    if file.read_exact(&mut start).is_err() {
        return Err(Error::Damaged("the database file is cut short".into()));
    }
    if &start == b"SQLite format 3\0" {
        return Err(Error::NotAVault);
    }
    Ok(())
}

/// A build without the cipher would write plain text: it must fail here.
fn require_cipher(connection: &Connection) -> Result<()> {
    let version: String = connection.query_row("PRAGMA cipher_version", [], |row| row.get(0))?;
    if !version.starts_with("4.") {
        return Err(Error::Damaged("the program was built without the cipher".into()));
    }
    // The library otherwise writes to standard error. Some builds answer with a row, some with none.
    drain(connection, "PRAGMA cipher_log_level = NONE")
}

fn unlock(connection: &Connection, key: &Key) -> Result<()> {
    say_key(connection, "key", key)?;
    // The first page is read and its MAC checked: a wrong key or a damaged page fails here.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))?;
    Ok(())
}

/// Writes every page anew under another key, as one transaction: a process that is killed meanwhile leaves a file that opens with
/// exactly one of the two. Nobody else may have the file open.
pub(crate) fn rekey(connection: &Connection, key: &Key) -> Result<()> {
    say_key(connection, "rekey", key)?;
    // Until then the log beside the file is what holds the new pages.
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

fn say_key(connection: &Connection, pragma: &str, key: &Key) -> Result<()> {
    let mut statement = Zeroizing::new(String::with_capacity(96));
    statement.extend(["PRAGMA ", pragma, " = \"x'"]);
    data_encoding::HEXLOWER.encode_append(key.expose(), &mut statement);
    statement.push_str("'\"");
    drain(connection, &statement)
}

fn set_pragmas(connection: &Connection) -> Result<()> {
    PRAGMAS.iter().try_for_each(|(name, value, expected)| set(connection, name, value, expected))
}

fn set(connection: &Connection, name: &str, value: &str, expected: &str) -> Result<()> {
    drain(connection, &format!("PRAGMA {name} = {value}"))?;
    require(connection, name, expected)
}

fn require(connection: &Connection, name: &str, expected: &str) -> Result<()> {
    let found: Value = connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))?;
    let found = match found {
        Value::Integer(number) => number.to_string(),
        Value::Text(text) => text,
        Value::Null | Value::Real(_) | Value::Blob(_) => String::new(),
    };
    match found == expected {
        true => Ok(()),
        false => Err(Error::Damaged(format!("the setting {name} did not take"))),
    }
}

/// Runs a statement that may or may not answer with rows.
fn drain(connection: &Connection, sql: &str) -> Result<()> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    while rows.next()?.is_some() {}
    Ok(())
}

/// `PRAGMA quick_check`, after an unclean end.
pub(crate) fn quick_check(connection: &Connection) -> Result<()> {
    expect_clean(connection, "PRAGMA quick_check(1)", "ok")
}

/// The checks that find damage: every page's MAC, then the structure of tables and indexes.
pub(crate) fn full_check(connection: &Connection) -> Result<()> {
    let mut statement = connection.prepare("PRAGMA cipher_integrity_check")?;
    if statement.query([])?.next()?.is_some() {
        return Err(Error::Damaged("a page does not authenticate".into()));
    }
    expect_clean(connection, "PRAGMA integrity_check(1)", "ok")
}

fn expect_clean(connection: &Connection, sql: &str, clean: &str) -> Result<()> {
    let found: String = connection.query_row(sql, [], |row| row.get(0))?;
    match found == clean {
        true => Ok(()),
        false => Err(Error::Damaged("tables and indexes disagree".into())),
    }
}
