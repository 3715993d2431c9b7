//! Notes: signed when saved, amended but never edited. What is being written is kept as a draft.

use crate::{Problem, Session, names, patients::required, problem::not_allowed, saved, views::*};
use model::{DoctorNote, Id, Patient, Time};
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;
use vault::{Draft, Row};

/// A chart's notes, newest first.
pub fn list(session: &Arc<Session>, ask: OfPatient) -> Result<Vec<NoteRow>, Problem> {
    newest(session, ask.patient, 2_000)
}

/// The newest notes of a chart.
pub fn newest(session: &Session, patient: Uuid, limit: u32) -> Result<Vec<NoteRow>, Problem> {
    let mut rows = session.of_patient::<DoctorNote>(patient, "created_at", limit)?;
    rows.sort_by_key(|row| std::cmp::Reverse(row.created_at));
    let amended: BTreeMap<Uuid, Uuid> = rows.iter().filter_map(|row| Some((row.value.amends?.uuid, row.id))).collect();
    Ok(rows.iter().map(|row| note_row(session, row, amended.get(&row.id).copied())).collect())
}

/// Signs a note. One that is not shared is sealed for the care team, so that the patient's devices cannot open it.
pub fn save(session: &Arc<Session>, ask: SaveNote) -> Result<NoteRow, Problem> {
    if !session.me.clinical {
        return Err(not_allowed());
    }
    session.need::<Patient>(ask.patient)?;
    let text = long_text(&ask.text)?;
    if let Some(earlier) = ask.amends {
        session.need::<DoctorNote>(earlier)?;
    }
    let note = DoctorNote {
        doctor_id: Id::new(session.me.user),
        patient_id: Id::new(ask.patient),
        note_text: text,
        is_audio_transcript: false,
        audio: None,
        is_shared_with_patient: ask.shared_with_patient,
        amends: ask.amends.map(Id::new),
    };
    let scope = if ask.shared_with_patient { ask.patient } else { session.me.team };
    let seen = saved::seen(session, ask.patient)?;
    let id = session.write(|w| {
        let id = w.new_id()?;
        w.append(id, scope, &note)?;
        w.drop_draft(draft_id(session, ask.patient))?;
        seen(w)?;
        Ok(id)
    })?;
    Ok(note_row(session, &session.need::<DoctorNote>(id)?, None))
}

const DRAFT: &str = "note";
const TEXT_MAX: usize = 100_000;

fn long_text(text: &str) -> Result<String, Problem> {
    if text.len() > TEXT_MAX {
        return Err(Problem::new("text_too_long", format!("{TEXT_MAX} bytes at most")));
    }
    if text.trim().is_empty() {
        return required("text", "");
    }
    Ok(text.trim_end().to_owned())
}

/// What was being written in this chart.
pub fn draft(session: &Arc<Session>, ask: OfPatient) -> Result<DraftView, Problem> {
    let id = draft_id(session, ask.patient);
    let draft = session.vault.drafts()?.into_iter().find(|draft| draft.id == id);
    let at = |draft: &Draft| Time::from_unsigned_ms(draft.at_ms);
    Ok(draft.map_or_else(no_draft, |draft| DraftView { at: Some(at(&draft)), text: draft.text }))
}

/// Keeps what is being written; empty text throws the draft away.
pub fn keep_draft(session: &Arc<Session>, ask: KeepDraft) -> Result<DraftView, Problem> {
    if ask.text.trim().is_empty() {
        session.vault.write(session.clock.now_ms(), |w| w.drop_draft(draft_id(session, ask.patient)))?;
        return Ok(no_draft());
    }
    long_text(&ask.text)?;
    let now = session.now();
    let draft = Draft {
        id: draft_id(session, ask.patient),
        author: session.me.user,
        patient: Some(ask.patient),
        kind: DRAFT.to_owned(),
        text: ask.text.clone(),
        at_ms: now.unsigned_ms(),
    };
    session.vault.write(session.clock.now_ms(), |w| w.draft(&draft))?;
    Ok(DraftView { text: ask.text, at: Some(now) })
}

/// One draft for each author and chart.
fn draft_id(session: &Session, patient: Uuid) -> Uuid {
    let parts = crypto::encode::lp(&[DRAFT.as_bytes(), session.me.user.as_bytes(), patient.as_bytes()]);
    let digest = crypto::encode::sha256(&parts);
    let first = digest.first_chunk().expect("a digest has 32 bytes");
    uuid::Builder::from_custom_bytes(*first).into_uuid()
}

fn no_draft() -> DraftView {
    DraftView { text: String::new(), at: None }
}

fn note_row(session: &Session, row: &Row<DoctorNote>, amended_by: Option<Uuid>) -> NoteRow {
    let note = &row.value;
    NoteRow {
        id: row.id,
        text: note.note_text.clone(),
        author: names::of_user(session, note.doctor_id.uuid).unwrap_or_default(),
        mine: note.doctor_id.uuid == session.me.user,
        created_at: row.created_at,
        shared_with_patient: note.is_shared_with_patient,
        amends: note.amends.map(|earlier| earlier.uuid),
        amended_by,
        waiting: row.waiting,
    }
}
