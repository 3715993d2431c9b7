//! Search as one types: every word of the query is the beginning of a word of the document.
//!
//! Letters are compared without case and without accents. A telephone number is found by any run of four or more of
//! its digits, however it was grouped.

use crate::{Error, Result, schema};
use model::{CollectionDef, Map};
use rusqlite::Connection;
use serde_json::Value;
use std::fmt::Write;

/// Shortest run of digits by which a number is found from its middle.
const DIGITS_MIN: usize = 4;
/// Digits that a telephone number has (ITU-T E.164 allows at most 15).
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;
/// A longer query is cut: nobody types it.
const QUERY_WORDS_MAX: usize = 12;

/// The text of a document that the search finds; `None` for one that is deleted or has none.
pub(crate) fn text_of(def: &CollectionDef, values: &Map) -> Option<String> {
    if values.get("is_deleted") == Some(&Value::Bool(true)) {
        return None;
    }
    let mut text = String::new();
    for field in def.fields.iter().filter(|field| field.search) {
        collect(values.get(field.name), &mut text);
    }
    (!text.is_empty()).then_some(text)
}

fn collect(value: Option<&Value>, into: &mut String) {
    match value {
        Some(Value::String(text)) => {
            into.push_str(text);
            into.push('\n');
            add_endings(text, into);
        }
        Some(Value::Array(items)) => items.iter().for_each(|item| collect(Some(item), into)),
        Some(Value::Object(parts)) => parts.values().for_each(|part| collect(Some(part), into)),
        Some(Value::Null | Value::Bool(_) | Value::Number(_)) | None => {}
    }
}

/// Adds every ending of a telephone number, so that a search by its beginning finds it from the middle.
fn add_endings(text: &str, into: &mut String) {
    let Some(digits) = number_in(text).filter(|digits| PHONE_DIGITS.contains(&digits.len())) else { return };
    for start in 0..=digits.len() - DIGITS_MIN {
        into.push_str(&digits[start..]);
        into.push(' ');
    }
}

/// The digits of a text that holds nothing but digits and what groups them.
fn number_in(text: &str) -> Option<String> {
    let grouped = text.chars().all(|c| c.is_ascii_digit() || " +-()./\u{a0}".contains(c));
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (grouped && digits.len() >= DIGITS_MIN).then_some(digits)
}

/// The FTS5 query for what a person typed; `None` when there is nothing to look for.
pub(crate) fn query_of(typed: &str) -> Option<String> {
    let words = typed.split(|c: char| !is_word(c)).filter(|word| !word.is_empty()).take(QUERY_WORDS_MAX);
    let mut query = String::new();
    for word in words {
        let joint = if query.is_empty() { "" } else { " AND " };
        let _ = write!(query, "{joint}\"{word}\"*");
    }
    if query.is_empty() {
        return None;
    }
    match number_in(typed).map(|digits| digits.trim_start_matches('0').to_owned()) {
        Some(digits) if digits.len() >= DIGITS_MIN => Some(format!("({query}) OR \"{digits}\"*")),
        _ => Some(query),
    }
}

/// Letters, digits, and the accents of decomposed text.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c)
}

/// Replaces the text of a row in the full-text table.
pub(crate) fn replace(
    connection: &Connection,
    def: &CollectionDef,
    n: i64,
    was_there: bool,
    text: Option<&str>,
) -> Result<()> {
    let table = schema::search_table(def);
    if was_there {
        connection.prepare_cached(&format!("DELETE FROM {table} WHERE rowid = ?1"))?.execute([n])?;
    }
    if let Some(text) = text {
        connection.prepare_cached(&format!("INSERT INTO {table} (rowid, text) VALUES (?1, ?2)"))?.execute((n, text))?;
    }
    Ok(())
}

/// Writes the index anew: until then, the words of a row that was deleted still stand in it.
pub(crate) fn optimize(connection: &Connection, def: &CollectionDef) -> Result<()> {
    let fts = schema::search_table(def);
    connection.execute(&format!("INSERT INTO {fts} ({fts}) VALUES ('optimize')"), [])?;
    Ok(())
}

/// Compares the full-text table with its own text.
pub(crate) fn check_index(connection: &Connection, def: &CollectionDef) -> Result<()> {
    let fts = schema::search_table(def);
    connection.execute(&format!("INSERT INTO {fts} ({fts}, rank) VALUES ('integrity-check', 1)"), [])?;
    Ok(())
}

/// Compares the text of the full-text table with the rows.
pub(crate) fn check_text(connection: &Connection, def: &CollectionDef) -> Result<()> {
    let (table, fts) = (schema::table(def), schema::search_table(def));
    let sql = format!("SELECT t.doc, f.text FROM {table} t NOT INDEXED LEFT JOIN {fts} f ON f.rowid = t.n");
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let mut with_text = 0u64;
    while let Some(row) = rows.next()? {
        let (doc, text): (String, Option<String>) = (row.get(0)?, row.get(1)?);
        let values: Map = serde_json::from_str(&doc).map_err(|_| Error::Damaged("a row does not read".into()))?;
        with_text += u64::from(text.is_some());
        if text_of(def, &values) != text {
            return Err(Error::Damaged("the search index is of an older state".into()));
        }
    }
    let all: i64 = connection.query_row(&format!("SELECT count(*) FROM {fts}"), [], |row| row.get(0))?;
    match u64::try_from(all) == Ok(with_text) {
        true => Ok(()),
        false => Err(Error::Damaged("the search index is of an older state".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_beginnings_and_syntax_is_inert() {
        assert_eq!(query_of("  "), None);
        assert_eq!(query_of("ann le"), Some("\"ann\"* AND \"le\"*".into()));
        assert_eq!(query_of("a\" OR *"), Some("\"a\"* AND \"OR\"*".into()));
    }

    #[test]
    fn a_number_is_also_looked_for_as_one_run() {
        assert_eq!(query_of("029 12-34"), Some("(\"029\"* AND \"12\"* AND \"34\"*) OR \"291234\"*".into()));
        let mut text = String::new();
        add_endings("+375 29 123-45-67", &mut text);
        assert!(text.split(' ').any(|run| run.starts_with("291234")));
        assert!(text.ends_with("4567 "));
    }
}
