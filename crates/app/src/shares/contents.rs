//! What is in a share: gathered as a FHIR bundle, and gathered again when the chart has changed.

use super::FHIR;
use crate::{
    Problem, Session,
    records::{self, NewFile},
    session::fields,
};
use interop::fhir;
use model::{Attachment, MedicalRecord, Medication, Observation, Patient, ShareToken, Time};
use serde_json::json;
use share::{Link, jwe};
use std::collections::BTreeSet;
use uuid::Uuid;
use vault::{FileState, Row};

pub(super) fn attach(w: &mut vault::Writer<'_, '_>, patient: Uuid, jwe: &str) -> vault::Result<Attachment> {
    let new = NewFile { name: "bundle.jwe", media_type: "application/jose", bytes: jwe.as_bytes(), thumbnail: None };
    records::attach(w, patient, &new)
}

/// What is in a share.
pub(crate) struct Contents<'a> {
    patient: Uuid,
    records: &'a [Uuid],
    kinds: &'a [String],
    /// May documents be missing? Those that were withdrawn since leave a long-lived share.
    may_miss: bool,
}

impl<'a> Contents<'a> {
    pub(crate) fn chosen(patient: Uuid, records: &'a [Uuid], kinds: &'a [String]) -> Self {
        Contents { patient, records, kinds, may_miss: false }
    }

    fn since(token: &'a ShareToken) -> Self {
        Contents { patient: token.patient_id.uuid, records: &token.records, kinds: &token.kinds, may_miss: true }
    }
}

/// Makes the file of a long-lived link anew if what is in it has changed: the same key, a fresh IV, a later date. Answers the share
/// as it is then.
pub fn bring_up_to_date(session: &Session, row: Row<ShareToken>) -> Result<Row<ShareToken>, Problem> {
    let token = &row.value;
    let link = Link::parse(&token.encrypted_token)?;
    // Shares of an earlier release do not say which parts are in them: they stay as they were made.
    let (true, Some(content_at), [file]) = (link.flags().long_term, token.content_at, &token.files[..]) else {
        return Ok(row);
    };
    let contents = Contents::since(token);
    let text = String::from_utf8(session.read_file(&file.file)?).map_err(|error| Problem::said("internal", &error))?;
    let served = jwe::decrypt(link.key(), &text, jwe::Limits::default())?.bytes;
    match gather(session, &contents, content_at) {
        Ok(same) if same == served => return Ok(row),
        // A file of the chart is on its way to this device: until it is here the share stays as it is.
        Err(problem) if problem.code == "file_not_here" => return Ok(row),
        outcome => drop(outcome?),
    }
    let now = session.now();
    let jwe = jwe::encrypt(link.key(), FHIR, &gather(session, &contents, now)?, true)?;
    session.write(|w| {
        let file = attach(w, contents.patient, &jwe)?;
        w.amend::<ShareToken>(row.id, &fields(json!({ "files": [file], "content_at": now })))
    })?;
    session.need::<ShareToken>(row.id)
}

/// The FHIR bundle of what was chosen, as of `now`.
pub(crate) fn gather(session: &Session, ask: &Contents<'_>, now: Time) -> Result<Vec<u8>, Problem> {
    let row = session.need::<Patient>(ask.patient)?;
    let wants = |kind: &str| ask.kinds.iter().any(|one| one == kind);
    let mut patient = row.value;
    if !wants("allergies") {
        patient.allergies.clear();
        patient.allergies_asked = None;
    }
    if !wants("conditions") {
        patient.chronic_conditions.clear();
        patient.medical_history.clear();
    }
    // What nobody chose does not travel: a share holds the front page's identity, not its contact details.
    patient.emergency_contacts.clear();
    let chosen: BTreeSet<Uuid> = ask.records.iter().copied().collect();
    let (mut medications, mut observations) = (Vec::new(), Vec::new());
    if wants("medications") {
        medications = pairs(session.of_patient::<Medication>(ask.patient, "created_at", 5_000)?);
    }
    if wants("vitals") {
        let rows = session.of_patient::<Observation>(ask.patient, "observed_at", 10_000)?;
        observations = pairs(rows.into_iter().filter(|row| !row.value.is_withdrawn).collect());
    }
    let rows = records::newest(session, ask.patient, 10_000)?;
    let rows = rows.into_iter().filter(|row| chosen.contains(&row.id) && !row.value.is_hidden);
    let records = rows.map(|row| with_files(session, row)).collect::<Result<Vec<_>, _>>()?;
    if records.len() < chosen.len() && !ask.may_miss {
        return Err(crate::problem::not_found());
    }
    let records: Vec<fhir::RecordView<'_>> = records.iter().map(Opened::view).collect();
    let view = fhir::ChartView {
        chart_id: ask.patient,
        patient: &patient,
        medications: &medications,
        observations: &observations,
        records: &records,
    };
    let choice =
        fhir::Choice { form: fhir::Form::Collection, what: fhir::What::Everything, answers: fhir::Answers::default() };
    let author = fhir::Author::Program { version: env!("CARGO_PKG_VERSION") };
    Ok(fhir::bundle(&view, &choice, now, author).into_bytes())
}

fn pairs<T>(rows: Vec<Row<T>>) -> Vec<(Uuid, T)> {
    rows.into_iter().map(|row| (row.id, row.value)).collect()
}

/// A document with the plain bytes of its files.
struct Opened {
    row: Row<MedicalRecord>,
    files: Vec<Vec<u8>>,
}

impl Opened {
    fn view(&self) -> fhir::RecordView<'_> {
        let described = self.row.value.attachments.iter().zip(&self.files);
        fhir::RecordView {
            id: self.row.id,
            record: &self.row.value,
            created_at: Some(self.row.created_at),
            files: described
                .map(|(one, bytes)| fhir::FileView { name: &one.file_name, media_type: &one.file_type, bytes })
                .collect(),
        }
    }
}

fn with_files(session: &Session, row: Row<MedicalRecord>) -> Result<Opened, Problem> {
    // All that is missing is asked for before the first that is missing ends this.
    for attachment in &row.value.attachments {
        if session.vault.file_state(attachment.file.blob)? == FileState::Away {
            session.want_file(attachment.file.blob)?;
        }
    }
    let files = row.value.attachments.iter().map(|one| session.read_file(&one.file)).collect::<Result<_, _>>()?;
    Ok(Opened { row, files })
}
