//! Checks as a person sees them.

use super::{Draft, input_type, measure, quality_check, result, status};
use crate::{
    Problem, Session, names, patients,
    views::{CheckRow, CheckView, MeasureView, QualityView, ScorePart, ScoreView},
};
use detect::{Report, Verdict, report::Basis};
use model::{CheckStatus, Detection, Measure, QualityCheck};
use uuid::Uuid;
use vault::Row;

/// The word for a verdict.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Accept => "accept",
        Verdict::Warn => "warn",
        Verdict::Reject => "reject",
    }
}

/// A line of the list.
pub fn check_row(session: &Session, row: &Row<Detection>) -> CheckRow {
    let one = &row.value;
    CheckRow {
        id: row.id,
        patient: one.patient_id.uuid,
        patient_name: patients::name_of(session, one.patient_id),
        detected_at: one.detected_at,
        input_type: one.input_type,
        task: one.task.clone(),
        status: one.status,
        // Whatever a document says, an attempt that was not judged has no result.
        result: one.result.filter(|_| one.status == CheckStatus::Completed),
        inability: inability(one),
        confidence: one.confidence_score.filter(|score| (0.0..=1.0).contains(score)),
        model_version: one.model_version.clone(),
        reviewed_by: one.reviewed_by.and_then(|user| names::of_user(session, user.uuid)),
        reviewed_at: one.reviewed_at,
        waiting: row.waiting,
    }
}

/// Reports are read for it only where no model judged.
fn inability(one: &Detection) -> Option<String> {
    (one.model_version == detect::report::PROTOCOL_VERSION).then(|| report_of(one)?.inability).flatten()
}

/// What was stored of the analysis.
pub(super) fn report_of(one: &Detection) -> Option<Report> {
    one.report.as_deref().and_then(|text| serde_json::from_str(text).ok())
}

/// A check in full.
pub fn check_view(session: &Session, row: &Row<Detection>) -> Result<CheckView, Problem> {
    let one = &row.value;
    let report = report_of(one);
    let said_by_program = |words: &String| report.as_ref().is_some_and(|r| r.inability.is_some() && r.notes == *words);
    Ok(CheckView {
        measures: one.measures.iter().map(measure_view).collect(),
        quality: one.quality.iter().map(quality_view).collect(),
        quality_verdict: one.quality_verdict.clone(),
        score: report.as_ref().and_then(score_view),
        // The reason stands in the row, in the reader's language.
        notes: one.notes.clone().filter(|words| !said_by_program(words)),
        review: one.review.clone(),
        performed_by: one.performed_by.and_then(|user| names::of_user(session, user.uuid)),
        duration_s: report.as_ref().map(|report| report.input.duration_s),
        device: report
            .as_ref()
            .filter(|report| report.inability.is_none())
            .map(|report| report.input.device_class.id().to_owned()),
        has_recording: one.recording.as_ref().is_some_and(|file| session.vault.has_file(file.blob).unwrap_or(false)),
        only_supports: report.as_ref().is_some_and(Report::only_supports),
        row: check_row(session, row),
    })
}

/// An analysed recording that is not in the chart yet.
pub fn draft_view(session: &Session, id: Uuid, draft: &Draft) -> CheckView {
    let report = &draft.report;
    CheckView {
        row: CheckRow {
            id,
            patient: draft.patient,
            patient_name: patients::name_of(session, model::Id::new(draft.patient)),
            detected_at: session.now(),
            input_type: input_type(report),
            task: draft.task.id().to_owned(),
            status: status(report),
            result: result(report),
            inability: report.inability.clone(),
            confidence: report.confidence_score,
            model_version: report.model_version.clone(),
            reviewed_by: None,
            reviewed_at: None,
            waiting: false,
        },
        measures: report.measures.iter().map(|one| measure_view(&measure(one))).collect(),
        quality: report.quality.checks.iter().map(|one| quality_view(&quality_check(one))).collect(),
        quality_verdict: verdict(report.quality.verdict).to_owned(),
        score: score_view(report),
        notes: Some(report.notes.clone()).filter(|words| !words.is_empty()),
        review: None,
        performed_by: names::of_user(session, session.me.user),
        duration_s: Some(report.input.duration_s),
        device: Some(report.input.device_class.id().to_owned()),
        has_recording: true,
        only_supports: report.only_supports(),
    }
}

fn measure_view(one: &Measure) -> MeasureView {
    MeasureView {
        name: one.name.clone(),
        value: one.value,
        unit: one.unit.clone(),
        norm_mean: one.norm_mean,
        norm_sd: one.norm_sd,
        z: one.z,
        absent: one.absent.clone(),
    }
}

fn quality_view(one: &QualityCheck) -> QualityView {
    QualityView {
        code: one.code.clone(),
        value: one.value,
        unit: one.unit.clone(),
        limit: one.limit,
        verdict: one.verdict.clone(),
    }
}

fn score_view(report: &Report) -> Option<ScoreView> {
    let score = report.score.as_ref()?;
    let part = |block: &detect::report::Block| ScorePart {
        name: block.id.clone(),
        z: block.z,
        points: block.points,
        basis: match block.basis {
            Basis::Baseline => "baseline",
            Basis::Norm => "norm",
            Basis::NormProvisional => "norm_provisional",
        }
        .to_owned(),
    };
    Some(ScoreView {
        total: score.total,
        threshold: score.threshold,
        healthy_share: report.healthy_share.map(|share| share.value),
        parts: score.blocks.iter().map(part).collect(),
    })
}
