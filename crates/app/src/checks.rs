//! Stroke checks: analysed first, entered into the chart by a person's choice, reviewed by a clinician.

mod analysis;
mod audio;
mod views;

use crate::{
    Problem, Session,
    patients::required,
    problem::{invalid, not_allowed, not_found},
    records,
    session::fields,
    views::*,
};
use detect::{Report, Task};
use model::{CheckStatus, Detection, Id, InputType, Measure, NotificationType, Patient, QualityCheck};
use serde_json::json;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;
use vault::FileState;

pub use views::check_row;

/// Analysed recordings that are not yet in the chart; forgotten when the vault is closed.
#[derive(Default)]
pub struct Drafts(Mutex<BTreeMap<Uuid, Arc<Draft>>>);

/// At most so many are kept; the oldest goes first.
const KEPT: usize = 8;

/// One analysed recording.
pub struct Draft {
    patient: Uuid,
    task: Task,
    report: Report,
    bytes: Vec<u8>,
}

impl Drafts {
    fn keep(&self, id: Uuid, draft: Draft) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(id, Arc::new(draft));
        while all.len() > KEPT {
            all.pop_first();
        }
    }

    fn get(&self, id: Uuid) -> Result<Arc<Draft>, Problem> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned().ok_or_else(not_found)
    }

    fn forget(&self, id: Uuid) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    fn newest(&self, fits: impl Fn(&Draft) -> bool) -> Option<Arc<Draft>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.values().rev().find(|draft| fits(draft)).cloned()
    }
}

/// A chart's checks, newest first.
pub fn list(session: &Arc<Session>, ask: OfPatient) -> Result<Vec<CheckRow>, Problem> {
    let rows = session.of_patient::<Detection>(ask.patient, "detected_at", 2_000)?;
    Ok(rows.iter().map(|row| check_row(session, row)).collect())
}

/// A check in full.
pub fn view(session: &Arc<Session>, ask: ById) -> Result<CheckView, Problem> {
    let row = session.need::<Detection>(ask.id)?;
    if let Some(recording) = &row.value.recording
        && session.vault.file_state(recording.blob)? == FileState::Away
    {
        session.want_file(recording.blob)?;
    }
    views::check_view(session, &row)
}

/// The pictures of a check, made from its recording.
pub fn picture(session: &Arc<Session>, ask: ById) -> Result<PictureView, Problem> {
    let row = session.need::<Detection>(ask.id)?;
    let recording = row.value.recording.ok_or_else(not_found)?;
    let task = Task::try_from(row.value.task).map_err(|error| Problem::new("invalid_request", error))?;
    analysis::picture(task, &session.read_file(&recording)?)
}

/// Analyses a recording; nothing is stored yet.
pub fn analyse(session: &Arc<Session>, ask: AnalyseFile, bytes: Vec<u8>) -> Result<CheckDraft, Problem> {
    let task = Task::try_from(ask.task).map_err(|error| Problem::new("invalid_request", error))?;
    draft(session, ask.patient, task, bytes)
}

fn draft(session: &Arc<Session>, patient: Uuid, task: Task, bytes: Vec<u8>) -> Result<CheckDraft, Problem> {
    session.need::<Patient>(patient)?;
    let report = analysis::report(session, patient, task, &bytes)?;
    let picture = analysis::picture(task, &bytes)?;
    let id = session.vault.new_id(session.clock.now_ms())?;
    let draft = Draft { patient, task, report, bytes };
    let view = views::draft_view(session, id, &draft);
    session.drafts.keep(id, draft);
    Ok(CheckDraft { draft: id, view, picture })
}

/// Enters an analysed recording into the chart, signed.
pub fn keep(session: &Arc<Session>, ask: KeepCheck) -> Result<CheckView, Problem> {
    let draft = session.drafts.get(ask.draft)?;
    let row = session.need::<Patient>(draft.patient)?;
    let detection = detection(session, &draft, row.value.user_id, ask.notes);
    let alert = detection.result == Some(model::CheckResult::StrokeDetected);
    let id = session.write(|w| {
        let id = w.new_id()?;
        let recording =
            w.keep_file(draft.patient, &mut draft.bytes.as_slice(), draft.bytes.len() as u64, records::FILE_MAX * 2)?;
        w.append(id, draft.patient, &Detection { recording: Some(recording), ..detection })?;
        if alert {
            let about = Some(draft.patient);
            crate::summary::notify(w, session, NotificationType::StrokeAlert, about, "")?;
        }
        Ok(id)
    })?;
    session.drafts.forget(ask.draft);
    view(session, ById { id })
}

fn detection(session: &Session, draft: &Draft, user: Option<Id<model::User>>, notes: Option<String>) -> Detection {
    let report = &draft.report;
    let line = crate::patients::tidy(notes.as_deref()).unwrap_or_else(|| report.notes.clone());
    Detection {
        user_id: user,
        patient_id: Id::new(draft.patient),
        detected_at: session.now(),
        status: status(report),
        result: result(report),
        input_type: input_type(report),
        model_version: report.model_version.clone(),
        confidence_score: report.confidence_score,
        notes: (!line.is_empty()).then_some(line),
        measures: report.measures.iter().map(measure).collect(),
        quality: report.quality.checks.iter().map(quality_check).collect(),
        quality_verdict: views::verdict(report.quality.verdict).to_owned(),
        report: Some(report.to_json()),
        recording: None,
        task: draft.task.id().to_owned(),
        performed_by: Some(Id::new(session.me.user)),
        reviewed_by: None,
        reviewed_at: None,
        review: None,
    }
}

fn status(report: &Report) -> CheckStatus {
    match report.status {
        detect::Status::Completed => CheckStatus::Completed,
        detect::Status::InsufficientQuality => CheckStatus::InsufficientQuality,
        detect::Status::NoReference => CheckStatus::NoReference,
    }
}

fn result(report: &Report) -> Option<model::CheckResult> {
    report.result.map(|outcome| match outcome {
        detect::Outcome::StrokeDetected => model::CheckResult::StrokeDetected,
        detect::Outcome::Normal => model::CheckResult::Normal,
    })
}

fn input_type(report: &Report) -> InputType {
    match report.input_type {
        detect::report::InputType::Voice => InputType::Voice,
        detect::report::InputType::Balance => InputType::Balance,
    }
}

fn measure(one: &detect::report::Measure) -> Measure {
    Measure {
        name: one.id.clone(),
        value: one.value,
        unit: one.unit.clone().unwrap_or_default(),
        norm_mean: one.norm.as_ref().map(|norm| norm.mean),
        norm_sd: one.norm.as_ref().map(|norm| norm.sd),
        z: one.norm.as_ref().map(|norm| norm.z),
        baseline_z: one.baseline.as_ref().map(|own| own.z),
        absent: one.absent.clone(),
    }
}

fn quality_check(one: &detect::quality::Check) -> QualityCheck {
    QualityCheck {
        code: one.code.code().to_owned(),
        value: Some(one.value),
        unit: one.unit.clone(),
        limit: Some(one.limit),
        verdict: views::verdict(one.verdict).to_owned(),
    }
}

/// Throws an analysed recording away.
pub fn discard(session: &Arc<Session>, ask: DiscardCheck) -> Result<Nothing, Problem> {
    session.drafts.forget(ask.draft);
    Ok(Nothing {})
}

/// A clinician's look at a check.
pub fn review(session: &Arc<Session>, ask: ReviewCheck) -> Result<CheckView, Problem> {
    if !session.me.clinical {
        return Err(not_allowed());
    }
    session.need::<Detection>(ask.id)?;
    let words = required("review", &ask.review)?;
    let changes = fields(json!({ "reviewed_by": session.me.user, "reviewed_at": session.now(), "review": words }));
    session.write(|w| w.amend::<Detection>(ask.id, &changes))?;
    view(session, ById { id: ask.id })
}

/// Is there a microphone?
pub fn microphone(_: &Arc<Session>, _: Nothing) -> Result<MicrophoneView, Problem> {
    Ok(MicrophoneView { name: crate::recorder::microphone() })
}

/// Starts the microphone.
pub fn start_recording(session: &Arc<Session>, ask: StartRecording) -> Result<Nothing, Problem> {
    session.need::<Patient>(ask.patient)?;
    let task = Task::try_from(ask.task).map_err(|error| Problem::new("invalid_request", error))?;
    if matches!(task, Task::Stance { .. }) {
        return Err(invalid("task"));
    }
    session.recorder.start(session, ask.patient, task.id().to_owned())?;
    Ok(Nothing {})
}

/// Stops the microphone and analyses what it heard.
pub fn stop_recording(session: &Arc<Session>, _: Nothing) -> Result<CheckDraft, Problem> {
    let recorded = session.recorder.stop()?;
    let bytes = analysis::wav(&recorded.samples, recorded.rate)?;
    let task = Task::try_from(recorded.task).map_err(|error| Problem::new("invalid_request", error))?;
    draft(session, recorded.patient, task, bytes)
}
