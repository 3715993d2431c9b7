//! `DocumentReference`, `DiagnosticReport.presentedForm` and `Media` → records with their files.

use super::Around;
use crate::fhir::{
    codes, derive,
    draft::{FileDraft, RecordDraft},
    json::{Notes, code_in, concept, extension, list, word},
    media,
    report::Ignored,
};
use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use model::{DocumentType, Id, MedicalRecord};
use serde_json::Value;
use uuid::Uuid;

/// Senders forget the padding, and some set bits that no reader needs.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Marks the content of a record that has no file: its description, written out for other readers.
pub(crate) const WRITTEN_ENTRY: &str = "written-entry";

/// Maps a document; `patient_id` and `origin` are the caller's. `None`: there is no file in it to take.
pub(crate) fn record(of: &Value, id: Uuid, around: &Around, notes: &mut Notes) -> Result<Option<RecordDraft>, Ignored> {
    match word(of, "status") {
        Some("entered-in-error") => return Err(Ignored::EnteredInError),
        Some("cancelled") => return Err(Ignored::Cancelled),
        _ if word(of, "docStatus") == Some("entered-in-error") => return Err(Ignored::EnteredInError),
        _ => {}
    }
    let attachments = attachments(of);
    let files: Vec<FileDraft> = attachments
        .iter()
        .enumerate()
        .filter_map(|(place, attachment)| file(of, attachment, id, place, around, notes))
        .collect();
    if files.is_empty() && !list(of, "content").iter().any(is_written_entry) {
        return if attachments.iter().any(|attachment| attachment.get("data").is_some()) {
            Err(Ignored::Unusable)
        } else {
            Ok(None)
        };
    }
    let record = describe(of, attachments.first().copied(), around, notes);
    Ok(Some(RecordDraft { record, files }))
}

fn attachments(of: &Value) -> Vec<&Value> {
    match word(of, "resourceType") {
        Some("DiagnosticReport") => list(of, "presentedForm").iter().collect(),
        Some("Media") => of.get("content").into_iter().collect(),
        _ => {
            let content = list(of, "content").iter().filter(|content| !is_written_entry(content));
            content.filter_map(|content| content.get("attachment")).collect()
        }
    }
}

/// What a document says of itself, without its files.
pub(crate) fn described(of: &Value, around: &Around, notes: &mut Notes) -> Option<MedicalRecord> {
    Some(describe(of, attachments(of).first().copied(), around, notes))
}

fn is_written_entry(content: &Value) -> bool {
    content.get("format").is_some_and(|format| word(format, "code") == Some(WRITTEN_ENTRY))
}

fn describe(of: &Value, attachment: Option<&Value>, around: &Around, notes: &mut Notes) -> MedicalRecord {
    let own = |name: &str| {
        let found = extension(of, &codes::ns(&format!("StructureDefinition/{name}")))?;
        word(found, "valueString").map(str::to_owned)
    };
    let kind = of.get("type").or_else(|| of.get("code"));
    let named = || kind.and_then(concept);
    let titled = || attachment.and_then(|attachment| word(attachment, "title")).map(str::to_owned);
    let description = notes.text(of, "description").or_else(|| word(of, "conclusion")).map(str::to_owned);
    let title = own("title").or_else(named).or_else(titled).or_else(|| description.clone());
    MedicalRecord {
        patient_id: Id::new(Uuid::nil()),
        doctor_id: None,
        source_doctor: author(of, around),
        document_type: document_type(of),
        title: title.unwrap_or_else(|| "Document".to_owned()),
        date_of_record: date(of, attachment, notes),
        description,
        notes: own("notes"),
        attachments: Vec::new(),
        origin: None,
        is_archived: is_archived(of),
        is_hidden: false,
    }
}

fn author(of: &Value, around: &Around) -> Option<String> {
    let lists = ["author", "performer", "resultsInterpreter"].iter().flat_map(|name| list(of, name));
    lists.chain(of.get("operator")).find_map(|reference| around.name(of, reference))
}

/// By the local code that this program writes, else by LOINC, else by the department of a report (HL7 v2 table 0074).
fn document_type(of: &Value) -> DocumentType {
    let local = codes::ns("CodeSystem/document-type");
    let by_local = list(of, "category").iter().find_map(|category| DocumentType::from_word(code_in(category, &local)?));
    let by_loinc = || {
        let kind = of.get("type").or_else(|| of.get("code"))?;
        super::codings(kind)
            .filter(|(system, _)| *system == codes::LOINC)
            .find_map(|(_, code)| codes::document_type_of(code))
    };
    by_local.or_else(by_loinc).or_else(|| department(of)).unwrap_or(DocumentType::Other)
}

fn department(of: &Value) -> Option<DocumentType> {
    let table = codes::hl7("v2-0074");
    list(of, "category").iter().find_map(|category| match code_in(category, &table)? {
        "LAB" | "HM" | "CH" | "MB" | "SR" | "IMM" => Some(DocumentType::LabReport),
        "RAD" | "CT" | "NMR" | "NMS" | "RUS" | "OUS" | "VUS" | "CUS" | "RX" | "XRC" => Some(DocumentType::Scan),
        _ => None,
    })
}

fn date(of: &Value, attachment: Option<&Value>, notes: &mut Notes) -> Option<model::Date> {
    let period =
        of.pointer("/context/period").or_else(|| of.get("effectivePeriod")).or_else(|| of.get("createdPeriod"));
    let mut date = period.and_then(|period| notes.day(period, "period.start"));
    date = date.or_else(|| notes.day(of, "effectiveDateTime")).or_else(|| notes.day(of, "createdDateTime"));
    date = date.or_else(|| notes.day(attachment?, "attachment.creation"));
    date.or_else(|| notes.day(of, "date")).or_else(|| notes.day(of, "issued"))
}

fn is_archived(of: &Value) -> bool {
    let flags = codes::ns("CodeSystem/flag");
    let tags = of.get("meta").map(|meta| list(meta, "tag")).unwrap_or_default();
    let tagged = tags.iter().any(|tag| word(tag, "system") == Some(&flags) && word(tag, "code") == Some("archived"));
    tagged || word(of, "status") == Some("superseded")
}

fn file(
    of: &Value,
    attachment: &Value,
    record: Uuid,
    place: usize,
    around: &Around,
    notes: &mut Notes,
) -> Option<FileDraft> {
    let (encoded, declared) = encoded(of, attachment, around, notes)?;
    let bytes = decode(encoded, notes)?;
    check(attachment, &bytes, notes);
    let media_type = media_kind(declared, &bytes, notes);
    let name = word(attachment, "title")
        .map_or_else(|| format!("document-{}.{}", place + 1, media::extension(&media_type)), safe_name);
    let id = derive::id(record, "file", &place.to_string());
    Some(FileDraft { id, name, media_type, sha256: derive::sha256(&bytes), bytes })
}

/// The data in place, else that of the `Binary` which the address names.
fn encoded<'v>(
    of: &'v Value,
    attachment: &'v Value,
    around: &Around<'v>,
    notes: &mut Notes,
) -> Option<(&'v str, Option<&'v str>)> {
    let declared = word(attachment, "contentType");
    if let Some(data) = notes.text(attachment, "attachment.data") {
        return Some((data, declared));
    }
    let address = word(attachment, "url")?;
    let binary = match address.strip_prefix('#') {
        Some(local) => list(of, "contained").iter().find(|inner| word(inner, "id") == Some(local)),
        None => around.at(address),
    };
    let data = binary.and_then(|binary| word(binary, "data").or_else(|| word(binary, "content")));
    if data.is_none() {
        notes.say(
            "attachment.url",
            "elsewhere",
            "The document itself is not in the file but at another address. Ask the sender for it.",
        );
    }
    data.map(|data| (data, declared.or_else(|| word(binary?, "contentType"))))
}

fn decode(encoded: &str, notes: &mut Notes) -> Option<Vec<u8>> {
    let dense: Vec<u8> = encoded.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    match BASE64.decode(dense) {
        Ok(bytes) if !bytes.is_empty() => Some(bytes),
        _ => {
            notes.say("attachment.data", "base64", "The document's content is damaged or empty. It was left out.");
            None
        }
    }
}

/// Size and checksum are the sender's claim; a document that does not match is kept, and named.
fn check(attachment: &Value, bytes: &[u8], notes: &mut Notes) {
    let size = attachment.get("size").and_then(Value::as_u64);
    if size.is_some_and(|size| usize::try_from(size) != Ok(bytes.len())) {
        notes.say("attachment.size", "size", "The document is not as long as the file says. It was kept as it came.");
    }
    let hash = word(attachment, "hash").and_then(|hash| BASE64.decode(hash).ok());
    if hash.is_some_and(|hash| hash != derive::sha1(bytes)) {
        notes.say(
            "attachment.hash",
            "hash",
            "The document does not match its checksum: it was changed or damaged. It was kept as it came.",
        );
    }
}

/// The first bytes decide. What is declared counts where they prove nothing.
fn media_kind(declared: Option<&str>, bytes: &[u8], notes: &mut Notes) -> String {
    let base = declared.map(|declared| declared.split(';').next().unwrap_or(declared).trim().to_lowercase());
    let base = base.map(|base| if base == "image/jpg" { "image/jpeg".to_owned() } else { base });
    let found = media::media_type(bytes);
    let provable = ["application/pdf", "image/jpeg", "image/png"];
    match (found, base.as_deref()) {
        (Some(found), Some(base))
            if found != base && !(found == "application/zip" && base.starts_with("application/")) =>
        {
            notes.say(
                "attachment.contentType",
                "media_type",
                format!("The document is called {} but is {found}. It was kept as {found}.", short(base)),
            );
            found.to_owned()
        }
        (None, Some(base)) if provable.contains(&base) => {
            notes.say(
                "attachment.contentType",
                "media_type",
                format!("The document is called {base} but is not. It was kept unnamed."),
            );
            "application/octet-stream".to_owned()
        }
        (_, Some(_)) => declared.map(short).unwrap_or_default(),
        (Some(found), None) => found.to_owned(),
        (None, None) if std::str::from_utf8(bytes).is_ok() => "text/plain".to_owned(),
        (None, None) => "application/octet-stream".to_owned(),
    }
}

fn short(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(100).collect()
}

/// A name that cannot lead anywhere: no path, no control characters, at most 200 characters.
fn safe_name(name: &str) -> String {
    let safe =
        |character: char| if character.is_control() || matches!(character, '/' | '\\' | ':') { '_' } else { character };
    let name: String = name.chars().map(safe).take(200).collect();
    if name.trim_matches('.').is_empty() { "document.bin".to_owned() } else { name }
}

/// A picture of the face on the front page, where it is inside the file.
pub(crate) fn photo(patient: &Value, chart: Uuid, notes: &mut Notes) -> Option<FileDraft> {
    let with_data = list(patient, "photo").iter().find(|photo| photo.get("data").is_some())?;
    let bytes = decode(notes.text(with_data, "photo.data")?, notes)?;
    let media_type = media::media_type(&bytes).filter(|kind| kind.starts_with("image/"));
    let Some(media_type) = media_type else {
        notes.say("photo", "media_type", "The photo is no picture. It was left out.");
        return None;
    };
    let name = format!("photo.{}", media::extension(media_type));
    let id = derive::id(chart, "photo", "0");
    Some(FileDraft { id, name, media_type: media_type.to_owned(), sha256: derive::sha256(&bytes), bytes })
}

/// Files are stored by themselves: the text that is kept beside a record has its long `data` emptied, and is otherwise unchanged.
pub(crate) fn without_data(text: &str) -> String {
    let mut out = String::new();
    let (mut copied, mut place, mut after_data) = (0, 0, false);
    let bytes = text.as_bytes();
    while let Some(byte) = bytes.get(place) {
        if *byte != b'"' {
            after_data &= byte.is_ascii_whitespace() || *byte == b':';
            place += 1;
            continue;
        }
        let end = string_end(bytes, place);
        if after_data && end - place > LONG_DATA {
            out.push_str(&text[copied..place]);
            out.push_str("\"\"");
            copied = end;
        }
        after_data = &bytes[place..end] == b"\"data\"" && is_key(&bytes[end..]);
        place = end;
    }
    out.push_str(&text[copied..]);
    out
}

/// Shorter data is not worth a second look at export.
const LONG_DATA: usize = 256;

/// The place after the closing quote of the string that begins at `start`.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut place = start + 1;
    while let Some(byte) = bytes.get(place) {
        match byte {
            b'\\' => place += 2,
            b'"' => return place + 1,
            _ => place += 1,
        }
    }
    bytes.len()
}

fn is_key(rest: &[u8]) -> bool {
    rest.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_long_data_is_emptied() {
        let long = "A".repeat(400);
        let text = format!(r#"{{"a":"data","x":{{"data" : "{long}", "size":2.50,"title":"{long}"}},"data":"QQ=="}}"#);
        let kept = format!(r#"{{"a":"data","x":{{"data" : "", "size":2.50,"title":"{long}"}},"data":"QQ=="}}"#);
        assert_eq!(without_data(&text), kept);
        assert_eq!(without_data(r#"{"a":"\"#), r#"{"a":"\"#);
    }

    #[test]
    fn names_lead_nowhere() {
        assert_eq!(safe_name("../../etc/passwd"), ".._.._etc_passwd");
        assert_eq!(safe_name(".."), "document.bin");
        assert_eq!(safe_name("Blutbild März.pdf"), "Blutbild März.pdf");
    }

    #[test]
    fn first_bytes_win_over_the_label() {
        let mut notes = Notes::new("DocumentReference/1");
        assert_eq!(media_kind(Some("application/pdf"), b"\x89PNG\r\n\x1a\n", &mut notes), "image/png");
        assert_eq!(media_kind(Some("application/pdf"), b"hello", &mut notes), "application/octet-stream");
        assert_eq!(notes.problems.len(), 2);
        assert_eq!(media_kind(Some("text/plain; charset=utf-8"), b"hello", &mut notes), "text/plain; charset=utf-8");
        assert_eq!(media_kind(Some("image/jpg"), b"\xff\xd8\xff", &mut notes), "image/jpg");
        assert_eq!(notes.problems.len(), 2);
    }
}
