//! Stroke checks: analysed first, entered into the chart by a person's choice, reviewed by a clinician.

mod analysis;
mod audio;
mod inability;
mod outside;
mod trend;
mod views;

use crate::{
    Problem, Session,
    patients::required,
    problem::{invalid, not_allowed, not_found},
    records,
    session::fields,
    views::*,
};
use detect::Task;
use model::{CheckStatus, Detection, Id, InputType, Measure, NotificationType, Patient, QualityCheck};
use serde_json::json;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;
use vault::FileState;

pub use detect::Report;
pub use inability::could_not_do;
pub use outside::{Setting, device_class, measure_file};
pub use trend::trends;
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
    analysis::picture(task_of(row.value.task)?, &session.read_file(&recording)?)
}

/// Where the energy of a voice lies, of a check or of a recording that is not in the chart yet; see [`detect::spectrogram`].
pub fn spectrogram(session: &Arc<Session>, ask: ById) -> Result<Vec<u8>, Problem> {
    if let Ok(draft) = session.drafts.get(ask.id) {
        return analysis::spectrogram(draft.task, &draft.bytes);
    }
    let row = session.need::<Detection>(ask.id)?;
    let recording = row.value.recording.ok_or_else(not_found)?;
    analysis::spectrogram(task_of(row.value.task)?, &session.read_file(&recording)?)
}

fn task_of(name: String) -> Result<Task, Problem> {
    Task::try_from(name).map_err(|error| Problem::new("invalid_request", error))
}

/// Analyses a recording; nothing is stored yet.
pub fn analyse(session: &Arc<Session>, ask: AnalyseFile, bytes: Vec<u8>) -> Result<CheckDraft, Problem> {
    let given = analysis::Given::of(ask.device.as_deref(), ask.syllables)?;
    draft(session, ask.patient, task_of(ask.task)?, given, bytes)
}

fn draft(
    session: &Arc<Session>,
    patient: Uuid,
    task: Task,
    given: analysis::Given,
    bytes: Vec<u8>,
) -> Result<CheckDraft, Problem> {
    session.need::<Patient>(patient)?;
    let report = analysis::report(session, patient, task, given, &bytes)?;
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
    let detection = detection(session, draft.patient, &draft.report, row.value.user_id, ask.notes);
    let id = enter(session, detection, Some(&draft.bytes))?;
    session.drafts.forget(ask.draft);
    view(session, ById { id })
}

/// Writes an attempt into its chart, with its recording if there is one; signs also ring the bell.
fn enter(session: &Arc<Session>, detection: Detection, bytes: Option<&[u8]>) -> Result<Uuid, Problem> {
    let chart = detection.patient_id.uuid;
    let alert = detection.result == Some(model::CheckResult::StrokeDetected);
    session.write(|w| {
        let id = w.new_id()?;
        let recording = bytes
            .map(|mut bytes| {
                let length = bytes.len() as u64;
                w.keep_file(chart, &mut bytes, length, records::FILE_MAX * 2)
            })
            .transpose()?;
        w.append(id, chart, &Detection { recording, ..detection })?;
        if alert {
            crate::summary::notify(w, session, NotificationType::StrokeAlert, Some(chart), "")?;
        }
        Ok(id)
    })
}

fn detection(
    session: &Session,
    patient: Uuid,
    report: &Report,
    user: Option<Id<model::User>>,
    notes: Option<String>,
) -> Detection {
    let line = crate::patients::tidy(notes.as_deref()).unwrap_or_else(|| report.notes.clone());
    Detection {
        user_id: user,
        patient_id: Id::new(patient),
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
        task: report.task.id().to_owned(),
        performed_by: Some(Id::new(session.me.user)),
        reviewed_by: None,
        reviewed_at: None,
        review: None,
    }
}

/// How far an analysis came.
pub fn status(report: &Report) -> CheckStatus {
    match report.status {
        detect::Status::Completed => CheckStatus::Completed,
        detect::Status::InsufficientQuality => CheckStatus::InsufficientQuality,
        detect::Status::NoReference => CheckStatus::NoReference,
    }
}

/// The stored result of a report.
pub fn result(report: &Report) -> Option<model::CheckResult> {
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
    if matches!(task_of(ask.task.clone())?, Task::Stance { .. }) {
        return Err(invalid("task"));
    }
    analysis::Given::of(ask.device.as_deref(), ask.syllables)?;
    session.recorder.start(session, ask)?;
    Ok(Nothing {})
}

/// Stops the microphone and analyses what it heard.
pub fn stop_recording(session: &Arc<Session>, _: Nothing) -> Result<CheckDraft, Problem> {
    let recorded = session.recorder.stop()?;
    let bytes = analysis::wav(&recorded.samples, recorded.rate)?;
    let ask = recorded.ask;
    let given = analysis::Given::of(ask.device.as_deref(), ask.syllables)?;
    draft(session, ask.patient, task_of(ask.task)?, given, bytes)
}
