//! Records with their files → `DocumentReference` with the data inside.

use super::{FileView, Given, Giving, RecordView, one_code, own_extension, sheet::Sheet};
use crate::fhir::{codes, derive, json::concept, node::Node, take};
use base64::{Engine, engine::general_purpose::STANDARD};
use model::MedicalRecord;
use serde_json::{Map, Value, json};

/// Chosen records, but none that its author marked as deleted.
pub(crate) fn records(giving: &Giving) -> Vec<Given> {
    let chosen = giving.chart.records.iter().filter(|view| giving.chosen(view.id) && !view.record.is_hidden);
    chosen.map(|view| record(giving, view)).collect()
}

fn record(giving: &Giving, view: &RecordView) -> Given {
    let now = view.record;
    let mut sheet = Sheet::start(giving, now.origin.as_ref(), "DocumentReference");
    let before = sheet.before(take::described);
    sheet.set("status", json!("current"));
    if sheet.is_fresh() {
        sheet.set("docStatus", json!("final"));
    }
    kind(&mut sheet, now, before.as_ref());
    words(&mut sheet, now, before.as_ref());
    if before.as_ref().is_none_or(|before| before.date_of_record != now.date_of_record) {
        dated(&mut sheet, now);
    }
    if let (Some(at), None) = (view.created_at.filter(|_| now.date_of_record.is_some()), sheet.get("date")) {
        sheet.set("date", json!(at.to_string()));
    }
    sheet.set("content", contents(view));
    archived(&mut sheet, now);
    sheet.give(view.id, "medical-record-id", Some(("subject", giving.subject())))
}

fn dated(sheet: &mut Sheet, now: &MedicalRecord) {
    // Read back, it would be the date of the record.
    sheet.remove(&["date"]);
    let mut context = part(sheet, "context");
    context.remove("period");
    if let Some(day) = &now.date_of_record {
        context.insert("period".to_owned(), json!({"start": day.as_str()}));
    }
    sheet.put("context", (!context.is_empty()).then(|| json!(context)));
}

/// A part of the original as an object; none is an empty one.
fn part(sheet: &Sheet, name: &str) -> Map<String, Value> {
    match sheet.get(name).and_then(|part| serde_json::to_value(part).ok()) {
        Some(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

/// The local code always, LOINC where there is one, and the title as its words.
fn kind(sheet: &mut Sheet, now: &MedicalRecord, before: Option<&MedicalRecord>) {
    let local = codes::ns("CodeSystem/document-type");
    let is_local = |node: &Node| in_system(node, &local);
    sheet.replace_in("category", is_local, vec![one_code(&local, now.document_type.word(), None)]);
    if before.is_none_or(|before| before.document_type != now.document_type) || sheet.get("type").is_none() {
        let coded = codes::document_type_code(now.document_type);
        let mut kind = coded.map_or_else(|| json!({}), |(code, display)| one_code(codes::LOINC, code, Some(display)));
        kind["text"] = json!(now.title);
        sheet.set("type", kind);
    }
}

fn in_system(category: &Node, system: &str) -> bool {
    let Some(Node::Array(codings)) = category.get("coding") else { return false };
    codings.iter().any(|coding| coding.get("system").and_then(Node::text).as_deref() == Some(system))
}

fn words(sheet: &mut Sheet, now: &MedicalRecord, before: Option<&MedicalRecord>) {
    let named = sheet.get("type").and_then(|kind| serde_json::to_value(kind).ok()).as_ref().and_then(concept);
    let title = (named.as_ref() != Some(&now.title)).then(|| own_extension("title", "valueString", &now.title));
    sheet.extend(&codes::ns("StructureDefinition/title"), title);
    let notes = now.notes.as_ref().map(|words| own_extension("notes", "valueString", words));
    sheet.extend(&codes::ns("StructureDefinition/notes"), notes);
    if before.and_then(|before| before.description.as_ref()) != now.description.as_ref() {
        sheet.put("description", now.description.as_ref().map(|words| json!(words)));
    }
    if before.and_then(|before| before.source_doctor.as_ref()) != now.source_doctor.as_ref() {
        sheet.put("author", now.source_doctor.as_ref().map(|name| json!([{ "display": name }])));
    }
}

fn contents(view: &RecordView) -> Value {
    if view.files.is_empty() {
        return json!([written_entry(view.record)]);
    }
    view.files.iter().map(|file| json!({ "attachment": attachment(view.record, file) })).collect()
}

fn attachment(record: &MedicalRecord, file: &FileView) -> Value {
    let mut attachment = json!({
        "contentType": file.media_type,
        "data": STANDARD.encode(file.bytes),
        "size": file.bytes.len(),
        "hash": STANDARD.encode(derive::sha1(file.bytes)),
        "title": file.name,
    });
    if let Some(day) = &record.date_of_record {
        attachment["creation"] = json!(day.as_str());
    }
    attachment
}

/// A record without a file is its own words; a content is required, so that other readers show them.
fn written_entry(record: &MedicalRecord) -> Value {
    let words = record.description.as_deref().unwrap_or(&record.title);
    json!({
        "attachment": {"contentType": "text/plain; charset=utf-8", "data": STANDARD.encode(words)},
        "format": {"system": codes::ns("CodeSystem/content-format"), "code": take::WRITTEN_ENTRY},
    })
}

fn archived(sheet: &mut Sheet, now: &MedicalRecord) {
    let system = codes::ns("CodeSystem/flag");
    let mut meta = part(sheet, "meta");
    let old = meta.remove("tag").as_ref().and_then(Value::as_array).cloned().unwrap_or_default();
    let mut tags: Vec<Value> = old.into_iter().filter(|tag| tag.get("system") != Some(&json!(system))).collect();
    if now.is_archived {
        tags.push(json!({"system": system, "code": "archived"}));
    }
    if !tags.is_empty() {
        meta.insert("tag".to_owned(), json!(tags));
    }
    sheet.put("meta", (!meta.is_empty()).then(|| json!(meta)));
}
