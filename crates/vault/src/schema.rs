//! Tables: one for each collection, made from its definition, and those of the engine.

use crate::{Error, Result};
use model::{CollectionDef, FieldDef};
use rusqlite::Connection;
use std::collections::BTreeSet;

/// The schema version that this program writes.
pub(crate) const VERSION: u32 = 1;

/// The tables of the engine.
const ENGINE: &str = include_str!("engine.sql");

/// Older schemas become newer ones by these numbered steps: (the version reached, what to run).
const STEPS: &[(u32, &str)] = &[];

/// Brings the file to this program's version in one transaction: a new file is made from the definitions.
pub(crate) fn prepare(connection: &mut Connection) -> Result<()> {
    let found = version(connection)?;
    if found > VERSION {
        return Err(Error::Newer { found, known: VERSION });
    }
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    // Another process may have migrated the file between the look and the lock.
    let found = version(&transaction)?;
    match found {
        0 => transaction.execute_batch(ENGINE)?,
        _ => climb(&transaction, found, STEPS)?,
    }
    make_collections(&transaction, model::ALL)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    Ok(transaction.commit()?)
}

fn version(connection: &Connection) -> Result<u32> {
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    u32::try_from(found).map_err(|_| Error::Damaged("the schema version is no version".into()))
}

fn climb(connection: &Connection, found: u32, steps: &[(u32, &str)]) -> Result<()> {
    for (_, sql) in steps.iter().filter(|(reached, _)| *reached > found) {
        connection.execute_batch(sql)?;
    }
    Ok(())
}

/// Makes what is missing: a newer program may have new collections, indexed fields and indexes. Nothing is dropped.
fn make_collections(connection: &Connection, defs: &[&CollectionDef]) -> Result<()> {
    for def in defs {
        connection.execute_batch(&create_table(def))?;
        add_columns(connection, def)?;
        connection.execute_batch(&create_indexes(def))?;
        if is_searched(def) {
            connection.execute_batch(&create_search(def))?;
        }
    }
    Ok(())
}

/// The table of one collection. Values live in `doc`; a field that an index names is also a virtual column.
fn create_table(def: &CollectionDef) -> String {
    let columns: String = indexed_fields(def).iter().map(|name| format!(",\n  {}", column_definition(name))).collect();
    format!(
        "CREATE TABLE IF NOT EXISTS {table} (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL, -- the newest of stamps
  rev INTEGER NOT NULL DEFAULT 0, -- the remote's; 0: never there
  author TEXT, -- user who wrote last
  device TEXT, -- their device
  deleted INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL, -- values by field, unknown ones too
  stamps TEXT NOT NULL{columns}
) STRICT;",
        table = table(def),
    )
}

fn column_definition(field: &str) -> String {
    format!("{} ANY GENERATED ALWAYS AS (json_extract(doc, '$.{field}')) VIRTUAL", column(field))
}

fn add_columns(connection: &Connection, def: &CollectionDef) -> Result<()> {
    let mut statement = connection.prepare("SELECT name FROM pragma_table_xinfo(?1)")?;
    let present: BTreeSet<String> =
        statement.query_map([def.name], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    for field in indexed_fields(def).iter().filter(|field| !present.contains(&format!("f_{field}"))) {
        connection.execute_batch(&format!("ALTER TABLE {} ADD COLUMN {}", table(def), column_definition(field)))?;
    }
    Ok(())
}

/// No index is unique in the file: two devices may each add the same value while apart, and both documents must
/// be taken in. Uniqueness is asked for when a person writes (see [`crate::Writer::put`]).
fn create_indexes(def: &CollectionDef) -> String {
    let own = def.indexes.iter().map(|index| index.fields.to_vec());
    let common = [vec!["updated_at"]];
    own.chain(common)
        .map(|fields| {
            let columns: Vec<String> = fields.iter().map(|field| column(field)).collect();
            let name = format!("i_{}_{}", def.name, fields.join("_"));
            format!("CREATE INDEX IF NOT EXISTS {} ON {} ({});\n", quoted(&name), table(def), columns.join(", "))
        })
        .collect()
}

/// The text is kept with the index, so that the state check can compare the two, the prefix indexes included.
fn create_search(def: &CollectionDef) -> String {
    format!(
        "CREATE VIRTUAL TABLE IF NOT EXISTS {} USING fts5(text, prefix='2 3 4', tokenize='unicode61 remove_diacritics 2');",
        search_table(def)
    )
}

/// The fields that have a column: those that an index names, and the times that lists are ordered by.
pub(crate) fn indexed_fields(def: &CollectionDef) -> BTreeSet<&'static str> {
    let named = def.indexes.iter().flat_map(|index| index.fields.iter().copied());
    named.chain(["created_at", "updated_at"]).collect()
}

/// Does the search find documents of this collection?
pub(crate) fn is_searched(def: &CollectionDef) -> bool {
    def.fields.iter().any(|field| field.search)
}

/// The SQL expression for a field of a definition: its column, or a look into the document.
pub(crate) fn expression(def: &CollectionDef, name: &str) -> Result<String> {
    let field: &FieldDef = def.field(name).ok_or_else(|| Error::UnknownName(format!("{}.{name}", def.name)))?;
    Ok(match indexed_fields(def).contains(field.name) {
        true => column(field.name),
        false => format!("json_extract(doc, '$.{}')", field.name),
    })
}

/// The quoted name of the collection's table.
pub(crate) fn table(def: &CollectionDef) -> String {
    quoted(def.name)
}

/// The quoted name of the collection's full-text table.
pub(crate) fn search_table(def: &CollectionDef) -> String {
    quoted(&format!("fts_{}", def.name))
}

fn column(field: &str) -> String {
    quoted(&format!("f_{field}"))
}

/// Names come from the definitions, which are compiled in; the quotes keep keywords apart from names.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{env, fs, path::PathBuf};

    /// Set this to write the dump anew, for as long as version 1 was not released.
    const UPDATE: &str = "AIDPOST_UPDATE_SCHEMA";

    fn fixture() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/schema_v1.sql")
    }

    fn fresh() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        prepare(&mut connection).unwrap();
        connection
    }

    /// The statements that make the schema; those that SQLite and its full-text search make by themselves are left out.
    fn dump(connection: &Connection) -> String {
        let own = "sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND NOT (name GLOB 'fts_*_data' OR name GLOB 'fts_*_idx' \
                   OR name GLOB 'fts_*_docsize' OR name GLOB 'fts_*_config' OR name GLOB 'fts_*_content')";
        let mut statement =
            connection.prepare(&format!("SELECT sql FROM sqlite_schema WHERE {own} ORDER BY rowid")).unwrap();
        let statements = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        let statements: String = statements.map(|sql| format!("{};\n\n", sql.unwrap())).collect();
        format!("{}PRAGMA user_version = {};\n", statements, version(connection).unwrap())
    }

    #[test]
    fn a_fresh_schema_is_the_released_one() {
        let found = dump(&fresh());
        if env::var_os(UPDATE).is_some() {
            fs::write(fixture(), &found).unwrap();
        }
        let released = fs::read_to_string(fixture()).unwrap();
        assert!(
            found == released,
            "the schema differs from tests/schema_v1.sql; set {UPDATE}=1 while version 1 is not released"
        );
    }

    #[test]
    fn a_released_schema_opens_and_equals_a_fresh_one() {
        let mut old = Connection::open_in_memory().unwrap();
        old.execute_batch(&fs::read_to_string(fixture()).unwrap()).unwrap();
        old.execute("INSERT INTO settings (key, value) VALUES ('theme', 'dark')", []).unwrap();
        prepare(&mut old).unwrap();
        assert_eq!(dump(&old), dump(&fresh()));
        let kept: String =
            old.query_row("SELECT value FROM settings WHERE key = 'theme'", [], |row| row.get(0)).unwrap();
        assert_eq!(kept, "dark");
    }

    #[test]
    fn a_newer_schema_is_refused_untouched() {
        let mut newer = fresh();
        newer.pragma_update(None, "user_version", VERSION + 1).unwrap();
        let before = dump(&newer);
        assert!(
            matches!(prepare(&mut newer), Err(Error::Newer { found, known }) if (found, known) == (VERSION + 1, VERSION))
        );
        assert_eq!(dump(&newer), before);
    }

    #[test]
    fn steps_run_in_order_from_where_the_file_stands() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE t (a)").unwrap();
        let steps = [(2, "ALTER TABLE t ADD COLUMN b"), (3, "ALTER TABLE t RENAME COLUMN b TO c")];
        climb(&connection, 1, &steps).unwrap();
        climb(&connection, 3, &steps).unwrap();
        assert!(connection.prepare("SELECT a, c FROM t").is_ok());
    }

    #[test]
    fn a_new_indexed_field_becomes_a_column_of_an_old_table() {
        const OLD: &CollectionDef = &CollectionDef { indexes: &[], ..*PROBE };
        const NEW: &CollectionDef =
            &CollectionDef { indexes: &[model::IndexDef { fields: &["level"], unique: false }], ..*PROBE };
        let connection = Connection::open_in_memory().unwrap();
        make_collections(&connection, &[OLD]).unwrap();
        let insert = "INSERT INTO probe (id, scope, stamp, doc, stamps) VALUES ('i', 's', x'00', '{\"level\": 3}', '')";
        connection.execute(insert, []).unwrap();
        make_collections(&connection, &[NEW]).unwrap();
        make_collections(&connection, &[NEW]).unwrap();
        let level: i64 =
            connection.query_row("SELECT f_level FROM probe WHERE f_level = 3", [], |row| row.get(0)).unwrap();
        assert_eq!(level, 3);
    }

    const PROBE: &CollectionDef = &CollectionDef {
        name: "probe",
        doc: "",
        class: model::Class::Mergeable,
        key: model::Scope::Local,
        sync: model::Scope::Local,
        fields: &[],
        identity: &[],
        indexes: &[],
    };
}
