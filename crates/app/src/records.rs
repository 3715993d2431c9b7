//! Documents and their files.

use crate::{
    Problem, Session,
    ask::of,
    names,
    patients::{required, tidy},
    pictures,
    problem::{invalid, not_found},
    session::fields,
    views::*,
};
use model::{Attachment, DocumentType, Id, MedicalRecord, Patient, Time};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;
use vault::{FileState, Row, Writer};

/// The largest file that may be added by hand.
pub const FILE_MAX: u64 = 50 * 1024 * 1024;

/// A stretch of a chart's documents, newest first.
pub fn list(session: &Arc<Session>, ask: ListRecords) -> Result<RecordPage, Problem> {
    let rows = session.of_patient::<MedicalRecord>(ask.patient, "date_of_record", 10_000)?;
    let words: Vec<String> = ask.text.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let chosen: Vec<Row<MedicalRecord>> = rows
        .into_iter()
        .filter(|row| !row.value.is_hidden && row.value.is_archived == ask.archived)
        .filter(|row| ask.document_type.is_none_or(|kind| row.value.document_type == kind))
        .filter(|row| words.iter().all(|word| says(&row.value, word)))
        .collect();
    let total = u32::try_from(chosen.len()).unwrap_or(u32::MAX);
    let page = chosen.iter().skip(ask.offset as usize).take(ask.limit.min(200) as usize);
    Ok(RecordPage { total, rows: page.map(|row| record_row(session, row)).collect::<Result<_, _>>()? })
}

fn says(record: &MedicalRecord, word: &str) -> bool {
    let texts =
        [Some(&record.title), record.description.as_ref(), record.notes.as_ref(), record.source_doctor.as_ref()];
    texts.into_iter().flatten().any(|text| text.to_lowercase().contains(word))
}

/// One document.
pub fn view(session: &Arc<Session>, ask: ById) -> Result<RecordRow, Problem> {
    record_row(session, &session.need::<MedicalRecord>(ask.id)?)
}

/// Files a document with its bytes.
pub fn add(session: &Arc<Session>, ask: AddRecord, bytes: Vec<u8>) -> Result<Filed, Problem> {
    session.need::<Patient>(ask.patient)?;
    let title = required("title", &ask.title)?;
    let media_type = accepted(&bytes)?;
    let file_name = file_name(&ask.file_name);
    let record = MedicalRecord {
        source_doctor: tidy(ask.source_doctor.as_deref()),
        date_of_record: ask.date_of_record,
        notes: tidy(ask.notes.as_deref()),
        ..blank(ask.patient, ask.document_type, title)
    };
    let new = NewFile { name: &file_name, media_type, bytes: &bytes, thumbnail: pictures::thumbnail(&bytes) };
    let id = session.write(|w| {
        let attachment = attach(w, ask.patient, &new)?;
        file(w, ask.patient, MedicalRecord { attachments: vec![attachment], ..record })
    })?;
    Ok(Filed { id })
}

/// Writes an entry about a visit, without a file.
pub fn write_visit(session: &Arc<Session>, ask: WriteVisit) -> Result<Filed, Problem> {
    session.need::<Patient>(ask.patient)?;
    let title = required("title", &ask.title)?;
    let record = MedicalRecord {
        description: tidy(Some(&ask.description)),
        date_of_record: ask.date_of_record,
        doctor_id: session.me.clinical.then(|| Id::new(session.me.user)),
        ..blank(ask.patient, DocumentType::Visit, title)
    };
    Ok(Filed { id: session.write(|w| file(w, ask.patient, record))? })
}

/// Takes a document out of the lists, or back in.
pub fn archive(session: &Arc<Session>, ask: ArchiveRecord) -> Result<RecordRow, Problem> {
    session.need::<MedicalRecord>(ask.id)?;
    session.write(|w| w.amend::<MedicalRecord>(ask.id, &fields(json!({ "is_archived": ask.is_archived }))))?;
    view(session, ById { id: ask.id })
}

fn attachment(row: Row<MedicalRecord>, file: Uuid) -> Result<Attachment, Problem> {
    row.value.attachments.into_iter().find(|one| one.id == file).ok_or_else(not_found)
}

/// Fetches a file that is not here, or leaves it where it is.
pub fn want_file(session: &Arc<Session>, ask: WantFile) -> Result<RecordRow, Problem> {
    let file = attachment(session.need::<MedicalRecord>(ask.record)?, ask.file)?.file.blob;
    match ask.wanted {
        true => session.want_file(file)?,
        false => session.vault.leave_file(file)?,
    }
    session.files_moved();
    view(session, ById { id: ask.record })
}

/// The small picture of a file, JPEG.
pub fn thumbnail(session: &Arc<Session>, ask: ReadFile) -> Result<Vec<u8>, Problem> {
    let small = attachment(session.need::<MedicalRecord>(ask.record)?, ask.file)?.thumbnail.ok_or_else(not_found)?;
    session.read_file(&small)
}

/// The bytes of a file.
pub fn file_bytes(session: &Session, record: Uuid, file: Uuid) -> Result<(Attachment, Vec<u8>), Problem> {
    let row = session.need::<MedicalRecord>(record)?;
    let attachment = attachment(row, file)?;
    let bytes = session.read_file(&attachment.file)?;
    Ok((attachment, bytes))
}

/// The bytes of a file, for the window.
pub fn file(w: &mut Writer<'_, '_>, chart: Uuid, record: MedicalRecord) -> vault::Result<Uuid> {
    let id = w.new_id()?;
    w.append(id, chart, &record)?;
    Ok(id)
}

/// Answers with a file's bytes.
pub fn download(session: &Arc<Session>, ask: ReadFile) -> Result<Vec<u8>, Problem> {
    Ok(file_bytes(session, ask.record, ask.file)?.1)
}

/// A file that is about to be filed.
pub struct NewFile<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its media type.
    pub media_type: &'a str,
    /// What is in it.
    pub bytes: &'a [u8],
    /// Its small picture, where it is one. It is made before the write, which others wait for.
    pub thumbnail: Option<Vec<u8>>,
}

/// Encrypts a file and describes it as an attachment.
pub fn attach(w: &mut Writer<'_, '_>, chart: Uuid, new: &NewFile<'_>) -> vault::Result<Attachment> {
    let mut keep = |bytes: &[u8]| w.keep_file(chart, &mut &*bytes, bytes.len() as u64, FILE_MAX * 2);
    let file = keep(new.bytes)?;
    let thumbnail = new.thumbnail.as_deref().map(keep).transpose()?;
    let (file_name, file_type) = (new.name.to_owned(), new.media_type.to_owned());
    Ok(Attachment { id: w.new_id()?, file, file_name, file_type, thumbnail })
}

/// A document with nothing but what every document has.
pub fn blank(patient: Uuid, document_type: DocumentType, title: String) -> MedicalRecord {
    MedicalRecord {
        patient_id: Id::new(patient),
        doctor_id: None,
        source_doctor: None,
        document_type,
        title,
        date_of_record: None,
        description: None,
        notes: None,
        attachments: Vec::new(),
        origin: None,
        is_archived: false,
        is_hidden: false,
    }
}

/// The media type of a file that may be added, decided by its first bytes.
fn accepted(bytes: &[u8]) -> Result<&'static str, Problem> {
    if bytes.is_empty() {
        return Err(Problem::new("file_empty", None));
    }
    if bytes.len() as u64 > FILE_MAX {
        return Err(Problem::new("file_too_large", format!("{} bytes", bytes.len())));
    }
    match interop::fhir::media_type(bytes) {
        Some(known @ ("application/pdf" | "image/jpeg" | "image/png" | "application/dicom")) => Ok(known),
        Some(other) => Err(Problem::new("file_type_not_accepted", other.to_owned())),
        None => Err(Problem::new("file_type_not_accepted", None)),
    }
}

/// The last part of a file's name, bounded, without control characters.
pub fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|letter| !letter.is_control()).take(120).collect();
    if clean.trim().is_empty() { "file".to_owned() } else { clean }
}

/// A line of the list.
pub fn record_row(session: &Session, row: &Row<MedicalRecord>) -> Result<RecordRow, Problem> {
    let record = &row.value;
    let files = record.attachments.iter().map(|one| file_row(session, one)).collect::<Result<_, Problem>>()?;
    Ok(RecordRow {
        id: row.id,
        title: record.title.clone(),
        document_type: record.document_type,
        date_of_record: record.date_of_record.clone(),
        source_doctor: record.source_doctor.clone(),
        description: record.description.clone(),
        notes: record.notes.clone(),
        files,
        shared: crate::shares::open_with(session, record.patient_id.uuid, row.id)?,
        author: row.author.and_then(|user| names::of_user(session, user)),
        origin: record.origin.as_ref().map(|origin| origin.source.clone()),
        created_at: row.created_at,
        is_archived: record.is_archived,
        waiting: row.waiting,
    })
}

fn file_row(session: &Session, one: &Attachment) -> Result<FileRow, Problem> {
    let state = session.vault.file_state(one.file.blob)?;
    let small = one.thumbnail.as_ref();
    let small_here = small.is_some_and(|small| session.vault.has_file(small.blob).unwrap_or(false));
    Ok(FileRow {
        id: one.id,
        name: one.file_name.clone(),
        media_type: one.file_type.clone(),
        size: one.file.length,
        here: state == FileState::Here,
        coming: state == FileState::Coming,
        thumbnail: small_here,
        sha256: one.file.sha256.clone(),
    })
}

/// All documents of a chart, newest first.
pub fn newest(session: &Session, patient: Uuid, limit: u32) -> Result<Vec<Row<MedicalRecord>>, Problem> {
    let find = of("patient_id", patient).newest("date_of_record").limit(limit);
    Ok(session.vault.list::<MedicalRecord>(&find)?)
}

/// Is a day not in the future? A document cannot speak of tomorrow.
pub fn not_in_future(now: Time, day: &model::Date) -> Result<(), Problem> {
    // A clinic east of Greenwich may already be in tomorrow's date.
    let tomorrow = Time::from_ms(now.ms() + 86_400_000).utc_day();
    if day.as_str() > tomorrow.as_str() { Err(invalid("date")) } else { Ok(()) }
}
