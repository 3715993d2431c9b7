//! The data dictionary: the definitions as a page for people.

use crate::{
    ALL, DERIVED,
    def::{COMMON, Class, CollectionDef, FieldDef, Kind, Merge, Scope, Sense},
};
use std::fmt::Write as _;

/// The whole page, Markdown.
pub fn page() -> String {
    let mut out = String::from(
        "# Data dictionary\n\nMade from the definitions in `crates/model` by `make dictionary`; do not edit by hand.\n\n\
         Older systems: S stroke screening, R record sharing, M telemedicine practice, C character chat.\n\n\
         Every document also has:\n\n",
    );
    table(&mut out, COMMON);
    for def in ALL {
        describe(&mut out, def);
    }
    out.push_str("\n## Fields of the older systems that are not stored\n\n| older field | instead |\n|---|---|\n");
    for (field, instead) in DERIVED {
        line(&mut out, format_args!("| `{field}` | {instead} |"));
    }
    out
}

fn describe(out: &mut String, def: &CollectionDef) {
    line(out, format_args!("\n## {}\n\n{}\n", def.name, def.doc));
    let (class, key, sync) = (class_word(def.class), scope_word(def.key), scope_word(def.sync));
    line(out, format_args!("Class: {class} · sealed for: {key} · pulled by: {sync}\n"));
    table(out, def.fields);
    if !def.identity.is_empty() {
        line(out, format_args!("\nThe only one of its: {} (its id is derived from them)", def.identity.join(", ")));
    }
    for index in def.indexes {
        let unique = if index.unique { ", unique" } else { "" };
        line(out, format_args!("\nIndex: {}{unique}", index.fields.join(", ")));
    }
}

fn table(out: &mut String, fields: &[FieldDef]) {
    out.push_str("| field | kind | leaves the device | merge | meaning | from |\n|---|---|---|---|---|---|\n");
    for field in fields {
        let group = field.group.map(|group| format!(" ({group})")).unwrap_or_default();
        let optional = if field.optional { "?" } else { "" };
        let kind = kind_word(field.kind);
        let (sense, merge) = (sense_word(field), merge_word(field.merge));
        let (meaning, from) = (cell(field.doc), field.from.join(", "));
        line(
            out,
            format_args!("| {} | {kind}{optional} | {sense} | {merge}{group} | {meaning} | {from} |", field.name),
        );
    }
}

/// A bar would end the cell, even between backticks.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn line(out: &mut String, words: std::fmt::Arguments<'_>) {
    writeln!(out, "{words}").expect("writing to a String cannot fail");
}

fn class_word(class: Class) -> &'static str {
    match class {
        Class::Key => "key",
        Class::Statement => "statement (signed, only amended)",
        Class::Mergeable => "mergeable",
    }
}

fn scope_word(scope: Scope) -> &'static str {
    match scope {
        Scope::Chart => "chart",
        Scope::Team => "care team",
        Scope::Realm => "realm",
        Scope::User => "user",
        Scope::Local => "this device only",
    }
}

fn kind_word(kind: Kind) -> String {
    match kind {
        Kind::Text => "text".into(),
        Kind::Code => "code".into(),
        Kind::Bool => "yes/no".into(),
        Kind::Whole => "whole number".into(),
        Kind::Real => "number".into(),
        Kind::Time => "instant".into(),
        Kind::Date => "day".into(),
        Kind::Id(of) => format!("id of {of}"),
        Kind::Blob => "file".into(),
        Kind::List => "list".into(),
        Kind::Part => "structure".into(),
    }
}

fn sense_word(field: &FieldDef) -> String {
    let blind = field.blind.map(|kind| format!(" + {kind} token")).unwrap_or_default();
    let word = match field.sense {
        Sense::Clear => "clear",
        Sense::Sealed => "sealed",
        Sense::Local => "never",
    };
    format!("{word}{blind}")
}

fn merge_word(merge: Merge) -> &'static str {
    match merge {
        Merge::Keep => "keep",
        Merge::Latest => "latest",
        Merge::Union => "union",
        Merge::Rise => "rise",
        Merge::Fork => "fork",
    }
}
