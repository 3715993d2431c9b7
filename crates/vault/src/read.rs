//! Documents as their Rust types: one, lists by indexed or known fields, counts, and search.

use crate::{
    Error, Result,
    rows::{self, Raw},
    schema, search, store,
};
use model::{Collection, CollectionDef, Stamp, Time};
use rusqlite::{Connection, OptionalExtension, types::Value as Sql};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

/// A document of the collection `T` with what belongs to the row and not to the struct.
#[derive(Clone, Debug, PartialEq)]
pub struct Row<T> {
    /// The document's id.
    pub id: Uuid,
    /// The scope whose members may have it.
    pub scope: Uuid,
    /// The newest stamp in it.
    pub stamp: Stamp,
    /// The user who wrote last, where that is known.
    pub author: Option<Uuid>,
    /// The remote's revision; 0 when the document was never there.
    pub rev: i64,
    /// When it was made.
    pub created_at: Time,
    /// When a field last changed.
    pub updated_at: Time,
    /// Is it marked as deleted?
    pub deleted: bool,
    /// The values.
    pub value: T,
    /// Does a change of it still wait to be sent?
    pub waiting: bool,
}

/// What a list asks for. Names are fields of the collection's definition, or `created_at`, `updated_at`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Find<'a> {
    /// Fields that must have these values; null asks for an absent one.
    pub equal: Vec<(&'a str, Value)>,
    /// A field with its lowest value (inclusive) and its end (exclusive).
    pub range: Option<(&'a str, Option<Value>, Option<Value>)>,
    /// Only these documents, when given.
    pub among: Option<Vec<Uuid>>,
    /// The field to order by, and whether downwards; the order in which they were made without one.
    pub order: Option<(&'a str, bool)>,
    /// How many to leave out.
    pub offset: u64,
    /// How many at most; 0 means [`LIST_MAX`].
    pub limit: u64,
    /// Are documents that are marked as deleted asked for, instead of those that are not?
    pub deleted: bool,
}

/// No list is longer.
pub const LIST_MAX: u64 = 10_000;

const WAITS: &str = "EXISTS (SELECT 1 FROM outbox o WHERE o.collection = ?1 AND o.id = t.id) \
    OR EXISTS (SELECT 1 FROM batch_parcels b WHERE b.collection = ?1 AND b.id = t.id)";

/// The part of every document that the structs do not have.
#[derive(Deserialize)]
struct Common {
    created_at: Time,
    updated_at: Time,
    #[serde(default)]
    is_deleted: bool,
}

/// Reads one document.
pub(crate) fn get<T: Collection>(connection: &Connection, id: Uuid) -> Result<Option<Row<T>>> {
    let sql = format!("SELECT {}, {WAITS} FROM {} t WHERE t.id = ?2", rows::COLUMNS, schema::table(T::DEF));
    let mut statement = connection.prepare_cached(&sql)?;
    let found =
        statement.query_row((T::DEF.name, id.to_string()), |row| Ok((Raw::read(row)?, row.get(8)?))).optional()?;
    found.map(|(raw, waiting)| typed(raw, waiting)).transpose()
}

/// Reads the documents that fit.
pub(crate) fn list<T: Collection>(connection: &Connection, find: &Find<'_>) -> Result<Vec<Row<T>>> {
    let mut filter = Filter::of(T::DEF, find)?;
    let order = order_of(T::DEF, find)?;
    let (limit, offset) =
        (filter.bind(Sql::Integer(limit(find.limit))), filter.bind(Sql::Integer(store::whole(find.offset)?)));
    let sql = format!(
        "SELECT {}, {WAITS} FROM {} t WHERE {} ORDER BY {order} LIMIT {limit} OFFSET {offset}",
        rows::COLUMNS,
        schema::table(T::DEF),
        filter.sql
    );
    typed_rows(connection, &sql, filter.values)
}

/// Counts the documents that fit.
pub(crate) fn count<T: Collection>(connection: &Connection, find: &Find<'_>) -> Result<u64> {
    let filter = Filter::of(T::DEF, find)?;
    // The name takes part so that both statements bind the same values.
    let sql = format!("SELECT count(*) FROM {} t WHERE ?1 <> '' AND {}", schema::table(T::DEF), filter.sql);
    let mut statement = connection.prepare_cached(&sql)?;
    store::count(statement.query_row(rusqlite::params_from_iter(filter.values), |row| row.get(0))?)
}

/// Finds documents by the beginnings of words, best first, only `among` these when given; with the number of all that fit.
pub(crate) fn search<T: Collection>(
    connection: &Connection,
    typed: &str,
    among: Option<&[Uuid]>,
    offset: u64,
    limit_asked: u64,
) -> Result<(u64, Vec<Row<T>>)> {
    let Some(query) = search::query_of(typed).filter(|_| schema::is_searched(T::DEF)) else {
        return Ok((0, Vec::new()));
    };
    let (fts, table) = (schema::search_table(T::DEF), schema::table(T::DEF));
    let mut found = Filter { sql: format!("{fts} MATCH ?2"), values: vec![text(T::DEF.name), Sql::Text(query)] };
    if let Some(ids) = among {
        let place = found.bind(list_of(ids));
        let those = format!("SELECT n FROM {table} WHERE id IN (SELECT value FROM json_each({place}))");
        found.sql.push_str(&format!(" AND rowid IN ({those})"));
    }
    // The name takes part so that both statements bind the same values.
    let count = format!("SELECT count(*) FROM {fts} WHERE ?1 <> '' AND {}", found.sql);
    let values = rusqlite::params_from_iter(found.values.clone());
    let total = connection.prepare_cached(&count)?.query_row(values, |row| row.get(0))?;
    let fits = found.sql.clone();
    let (limit, offset) =
        (found.bind(Sql::Integer(limit(limit_asked))), found.bind(Sql::Integer(store::whole(offset)?)));
    let sql = format!(
        "SELECT {}, {WAITS} FROM (SELECT rowid AS found, rank FROM {fts} WHERE {fits} ORDER BY rank, rowid LIMIT {limit} OFFSET {offset}) \
         JOIN {table} t ON t.n = found ORDER BY rank, found",
        rows::COLUMNS,
    );
    Ok((store::count(total)?, typed_rows(connection, &sql, found.values)?))
}

fn typed_rows<T: Collection>(connection: &Connection, sql: &str, values: Vec<Sql>) -> Result<Vec<Row<T>>> {
    let mut statement = connection.prepare_cached(sql)?;
    let raws = statement.query_map(rusqlite::params_from_iter(values), |row| Ok((Raw::read(row)?, row.get(8)?)))?;
    raws.map(|found| found.map_err(Error::from).and_then(|(raw, waiting)| typed(raw, waiting))).collect()
}

fn typed<T: Collection>(raw: Raw, waiting: bool) -> Result<Row<T>> {
    let shape = |problem: String| Error::Shape { collection: T::DEF.name.to_owned(), problem };
    let value: T = serde_json::from_str(&raw.doc).map_err(|error| shape(place_of(&error)))?;
    let common: Common = serde_json::from_str(&raw.doc).map_err(|error| shape(place_of(&error)))?;
    Ok(Row {
        id: raw.id,
        scope: raw.scope,
        stamp: raw.stamp,
        author: raw.author,
        rev: raw.rev,
        created_at: common.created_at,
        updated_at: common.updated_at,
        deleted: common.is_deleted,
        value,
        waiting,
    })
}

/// Where a document does not read; the parser's own words could quote a value.
pub(crate) fn place_of(error: &serde_json::Error) -> String {
    format!("does not read at column {}", error.column())
}

fn limit(asked: u64) -> i64 {
    let asked = if asked == 0 { LIST_MAX } else { asked.min(LIST_MAX) };
    i64::try_from(asked).unwrap_or(i64::MAX)
}

/// Ids as one value: however many there are, the statement is the same.
fn list_of(ids: &[Uuid]) -> Sql {
    Sql::Text(Value::from(ids.iter().map(Uuid::to_string).collect::<Vec<_>>()).to_string())
}

fn text(value: &str) -> Sql {
    Sql::Text(value.to_owned())
}

/// A condition with its values; `?1` is the collection's name.
struct Filter {
    sql: String,
    values: Vec<Sql>,
}

impl Filter {
    fn of(def: &CollectionDef, find: &Find<'_>) -> Result<Self> {
        let mut filter =
            Filter { sql: format!("t.deleted = {}", i32::from(find.deleted)), values: vec![text(def.name)] };
        for (name, value) in &find.equal {
            filter.compare(def, name, "IS", value)?;
        }
        if let Some((name, from, to)) = &find.range {
            for (operator, value) in [(">=", from), ("<", to)] {
                value.as_ref().map_or(Ok(()), |value| filter.compare(def, name, operator, value))?;
            }
        }
        if let Some(ids) = &find.among {
            let place = filter.bind(list_of(ids));
            filter.sql.push_str(&format!(" AND t.id IN (SELECT value FROM json_each({place}))"));
        }
        Ok(filter)
    }

    fn compare(&mut self, def: &CollectionDef, name: &str, operator: &str, value: &Value) -> Result<()> {
        let field = schema::expression(def, name)?;
        let place = self.bind(sql_of(value)?);
        self.sql.push_str(&format!(" AND {field} {operator} {place}"));
        Ok(())
    }

    fn bind(&mut self, value: Sql) -> String {
        self.values.push(value);
        format!("?{}", self.values.len())
    }
}

/// A value as `json_extract` gives it.
fn sql_of(value: &Value) -> Result<Sql> {
    Ok(match value {
        Value::Null => Sql::Null,
        Value::Bool(flag) => Sql::Integer(i64::from(*flag)),
        Value::String(text) => Sql::Text(text.clone()),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Sql::Integer(whole),
            (None, Some(real)) => Sql::Real(real),
            (None, None) => return Err(Error::UnknownName("a number out of range".into())),
        },
        Value::Array(_) | Value::Object(_) => {
            return Err(Error::UnknownName("a list or structure to compare with".into()));
        }
    })
}

fn order_of(def: &CollectionDef, find: &Find<'_>) -> Result<String> {
    let Some((name, down)) = find.order else { return Ok("t.n".into()) };
    let direction = if down { "DESC" } else { "ASC" };
    Ok(format!("{field} {direction}, t.n {direction}", field = schema::expression(def, name)?))
}
