//! Sharing chosen records as SMART Health Links.

use crate::{
    App, Problem, Session,
    ask::of,
    patients,
    problem::{invalid, not_allowed},
    records,
    session::{fields, off_thread},
    views::*,
};
use interop::fhir;
use model::{
    AccessLog, AccessOutcome, Attachment, Id, MedicalRecord, Medication, Observation, Patient, ShareMethod, ShareToken,
    Time,
};
use serde_json::json;
use share::{Flags, Link, LinkKey, tally};
use std::{collections::BTreeSet, sync::Arc};
use uuid::Uuid;
use vault::{FileState, Row};

const DAY_MINUTES: u32 = 24 * 60;
const LONGEST_MINUTES: u32 = 366 * DAY_MINUTES;

/// What of a chart may be shared: parts of the front page, and documents. Notes that are kept from the patient never appear.
pub fn choices(session: &Arc<Session>, ask: OfPatient) -> Result<Vec<ShareChoice>, Problem> {
    let patient = session.need::<Patient>(ask.patient)?.value;
    let part = |kind: &str, count: usize| ShareChoice {
        id: ask.patient,
        kind: kind.to_owned(),
        title: String::new(),
        date: None,
        detail: Some(count.to_string()),
    };
    let mut all = vec![
        part("allergies", patient.allergies.len()),
        part("conditions", patient.chronic_conditions.len() + patient.medical_history.len()),
        part("medications", session.of_patient::<Medication>(ask.patient, "created_at", 5_000)?.len()),
        part("vitals", session.of_patient::<Observation>(ask.patient, "observed_at", 10_000)?.len()),
    ];
    for row in records::newest(session, ask.patient, 10_000)?.into_iter().filter(|row| !row.value.is_hidden) {
        all.push(ShareChoice {
            id: row.id,
            kind: "record".to_owned(),
            title: row.value.title,
            date: row.value.date_of_record,
            detail: Some(row.value.document_type.word().to_owned()),
        });
    }
    Ok(all)
}

/// Makes a share: gathers, encrypts with a fresh key, stores, and starts the link host.
pub async fn make(app: &Arc<App>, session: &Arc<Session>, ask: MakeShare) -> Result<ShareView, Problem> {
    check(session, &ask)?;
    // Nothing leaves a record that does not agree with itself.
    crate::soundness::check(session).await?;
    let host = session.links.ensure(session).await?;
    let this = session.clone();
    let id = off_thread(move || store(&this, &ask, &host.base())).await?;
    app.blocking(move |session| view(session, ById { id })).await
}

fn check(session: &Session, ask: &MakeShare) -> Result<(), Problem> {
    let patient = session.need::<Patient>(ask.patient)?;
    if session.me.role == model::Role::Patient && patient.value.user_id.is_some_and(|user| user.uuid != session.me.user)
    {
        return Err(not_allowed());
    }
    if ask.choices.is_empty() && ask.kinds.is_empty() {
        return Err(Problem::new("nothing_chosen", None));
    }
    let label = ask.label.trim();
    if label.is_empty() || label.chars().count() > share::text::SHOWN_MAX {
        return Err(invalid("label"));
    }
    if ask.direct && ask.passcode.is_some() {
        return Err(Problem::new("passcode_needs_manifest", None));
    }
    if ask.minutes.is_some_and(|minutes| minutes == 0 || minutes > LONGEST_MINUTES) || ask.max_uses == Some(0) {
        return Err(invalid("limits"));
    }
    // The standard asks for an end where a reader is given the file itself: there is no manifest to refuse later.
    if ask.direct && ask.minutes.is_none() {
        return Err(invalid("minutes"));
    }
    Ok(())
}

fn store(session: &Arc<Session>, ask: &MakeShare, base: &str) -> Result<Uuid, Problem> {
    let now = session.now();
    let bundle = gather(session, ask, now)?;
    let manifest_id = share::link::make_id()?;
    let expires_at = ask.minutes.map(|minutes| Time::from_ms(now.ms() + i64::from(minutes) * 60_000));
    let flags = match ask.direct {
        true => Flags::direct(),
        false => Flags::manifest(ask.minutes.is_none(), ask.passcode.is_some()),
    };
    let exp = expires_at.map(|at| at.unsigned_ms() / 1000);
    let url = format!("{base}/shl/{manifest_id}");
    let link = Link::make(&url, LinkKey::make()?, exp, flags, Some(ask.label.trim()))?;
    let jwe = share::jwe::encrypt(link.key(), "application/fhir+json", &bundle, true)?;
    let passcode_hash = ask.passcode.as_deref().map(tally::hash_passcode).transpose()?;
    session.write(|w| {
        let file: Attachment = records::attach(w, ask.patient, "bundle.jwe", "application/jose", jwe.as_bytes())?;
        let token = ShareToken {
            patient_id: Id::new(ask.patient),
            records: ask.choices.clone(),
            label: ask.label.trim().to_owned(),
            share_method: ShareMethod::QrCode,
            encrypted_token: link.to_text().to_string(),
            manifest_id,
            files: vec![file],
            passcode_hash,
            expires_at,
            is_revoked: false,
            revoked_at: None,
            is_paused: false,
            max_access_count: ask.max_uses,
        };
        let id = w.new_id()?;
        w.append(id, ask.patient, &token)?;
        Ok(id)
    })
}

/// The FHIR bundle of what was chosen.
fn gather(session: &Session, ask: &MakeShare, now: Time) -> Result<Vec<u8>, Problem> {
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
    let chosen: BTreeSet<Uuid> = ask.choices.iter().copied().collect();
    let (mut medications, mut observations) = (Vec::new(), Vec::new());
    if wants("medications") {
        medications = pairs(session.of_patient::<Medication>(ask.patient, "created_at", 5_000)?);
    }
    if wants("vitals") {
        let rows = session.of_patient::<Observation>(ask.patient, "observed_at", 10_000)?;
        observations = pairs(rows.into_iter().filter(|row| !row.value.is_withdrawn).collect());
    }
    let rows = records::newest(session, ask.patient, 10_000)?.into_iter().filter(|row| chosen.contains(&row.id));
    let records = rows.map(|row| with_files(session, row)).collect::<Result<Vec<_>, _>>()?;
    if records.len() < chosen.len() {
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

/// A share with its code.
pub fn view(session: &Arc<Session>, ask: ById) -> Result<ShareView, Problem> {
    let row = session.need::<ShareToken>(ask.id)?;
    let token = &row.value;
    let link = Link::parse(&token.encrypted_token)?;
    let titles = token.records.iter().filter_map(|id| session.vault.get::<MedicalRecord>(*id).ok().flatten());
    Ok(ShareView {
        qr: share::qr::svg(&token.encrypted_token)?,
        address: link.preview().host,
        reachable: crate::lan::reach_of(link.url()).to_owned(),
        titles: titles.map(|row| row.value.title).collect(),
        link: token.encrypted_token.clone(),
        row: share_row(session, &row)?,
    })
}

/// The code as a picture for paper or a message.
pub fn png(session: &Arc<Session>, ask: ById) -> Result<Vec<u8>, Problem> {
    let row = session.need::<ShareToken>(ask.id)?;
    Ok(share::qr::png(&row.value.encrypted_token, 8)?)
}

/// Takes a share back, for good.
pub fn revoke(session: &Arc<Session>, ask: ById) -> Result<ShareRow, Problem> {
    amend(session, ask.id, json!({ "is_revoked": true, "revoked_at": session.now() }))
}

/// Answers nothing for a while.
pub fn pause(session: &Arc<Session>, ask: ById) -> Result<ShareRow, Problem> {
    amend(session, ask.id, json!({ "is_paused": true }))
}

/// Answers again.
pub fn resume(session: &Arc<Session>, ask: ById) -> Result<ShareRow, Problem> {
    amend(session, ask.id, json!({ "is_paused": false }))
}

fn amend(session: &Arc<Session>, id: Uuid, changes: serde_json::Value) -> Result<ShareRow, Problem> {
    session.need::<ShareToken>(id)?;
    session.write(|w| w.amend::<ShareToken>(id, &fields(changes)))?;
    share_row(session, &session.need::<ShareToken>(id)?)
}

/// Lines of the list.
pub fn rows(session: &Session, tokens: Vec<Row<ShareToken>>) -> Result<Vec<ShareRow>, Problem> {
    tokens.iter().map(|row| share_row(session, row)).collect()
}

fn share_row(session: &Session, row: &Row<ShareToken>) -> Result<ShareRow, Problem> {
    let token = &row.value;
    let state = state_of(session, row)?;
    let link = Link::parse(&token.encrypted_token)?;
    Ok(ShareRow {
        id: row.id,
        patient: token.patient_id.uuid,
        patient_name: patients::name_of(session, token.patient_id),
        label: token.label.clone(),
        created_at: row.created_at,
        expires_at: token.expires_at,
        uses: state.uses,
        max_uses: token.max_access_count,
        method: token.share_method,
        long_term: link.flags().long_term,
        has_passcode: token.passcode_hash.is_some(),
        records: u32::try_from(token.records.len()).unwrap_or(u32::MAX),
        state: match state.dead(session.clock.now_ms() / 1000) {
            None => ShareState::Active,
            Some(tally::Dead::Revoked) => ShareState::Revoked,
            Some(tally::Dead::Paused) => ShareState::Paused,
            Some(tally::Dead::Expired) => ShareState::Expired,
            Some(tally::Dead::Exhausted | tally::Dead::Disabled) => ShareState::UsedUp,
        },
    })
}

/// What the rule book needs to know of a share; uses are counted from the access log, so none is ever lost.
pub fn state_of(session: &Session, row: &Row<ShareToken>) -> Result<tally::LinkState, Problem> {
    let token = &row.value;
    let logs = session.vault.list::<AccessLog>(&of("share_token_id", row.id))?;
    let count = |outcome: AccessOutcome| {
        u32::try_from(logs.iter().filter(|log| log.value.outcome == outcome).count()).unwrap_or(u32::MAX)
    };
    let standing = match (token.is_revoked, token.is_paused) {
        (true, _) => tally::Standing::Revoked,
        (false, true) => tally::Standing::Paused,
        (false, false) => tally::Standing::Active,
    };
    Ok(tally::LinkState {
        standing,
        expires: token.expires_at.map(|at| at.unsigned_ms() / 1000),
        max_uses: token.max_access_count,
        uses: count(AccessOutcome::Granted),
        passcode_hash: token.passcode_hash.clone(),
        wrong_left: tally::WRONG_BUDGET.saturating_sub(count(AccessOutcome::WrongPasscode)),
    })
}

/// How many of these shares can be opened now.
pub fn open_ones(session: &Session, tokens: Vec<Row<ShareToken>>) -> usize {
    let live = |row: &Row<ShareToken>| is_live(session, row).unwrap_or(false);
    tokens.iter().filter(|row| live(row)).count()
}

/// Can the share be opened now, or again later without a new code?
pub fn is_live(session: &Session, row: &Row<ShareToken>) -> Result<bool, Problem> {
    Ok(state_of(session, row)?.dead(session.clock.now_ms() / 1000).is_none())
}

/// In how many open shares a document is.
pub fn open_with(session: &Session, patient: Uuid, document: Uuid) -> Result<u32, Problem> {
    let tokens = session.vault.list::<ShareToken>(&of("patient_id", patient).and("is_revoked", false))?;
    let with = tokens.into_iter().filter(|row| row.value.records.contains(&document)).collect();
    Ok(u32::try_from(open_ones(session, with)).unwrap_or(u32::MAX))
}
