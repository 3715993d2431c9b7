//! What was measured of one person over the months: per task and measure, with the own band each value was compared with.

use crate::{Problem, Session, views::*};
use detect::{Report, Task, refer::followed, report::Measure};
use model::{CheckResult, CheckStatus, Detection};
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

/// Checks looked at: the newest. One a week for nine years.
const MOST: u32 = 500;
/// The own band reaches so many deviations either side of the own mean: about 95 of 100 own values.
const SPREAD: f64 = 2.0;

/// The measures that scores are made of, over all checks of a chart, oldest first. A measure without any value is left out.
pub fn trends(session: &Arc<Session>, ask: OfPatient) -> Result<Vec<TrendView>, Problem> {
    let rows = session.of_patient::<Detection>(ask.patient, "detected_at", MOST)?;
    let rows: Vec<_> = rows.into_iter().rev().map(|row| (row.id, row.value)).collect();
    Ok(Task::ALL.into_iter().flat_map(|task| of_task(task, &rows)).collect())
}

/// An attempt, and what its report says.
struct Attempt<'a> {
    id: Uuid,
    row: &'a Detection,
    report: Option<Report>,
    result: Option<CheckResult>,
    changed: bool,
}

fn of_task(task: Task, rows: &[(Uuid, Detection)]) -> Vec<TrendView> {
    let mut last = None;
    let attempts: Vec<Attempt> = rows
        .iter()
        .filter(|(_, one)| one.task == task.id())
        .map(|(id, one)| {
            // Whatever a document says, an attempt that was not judged has no result.
            let result = one.result.filter(|_| one.status == CheckStatus::Completed);
            let changed = result.is_some() && last.is_some() && result != last;
            last = result.or(last);
            let report = one.report.as_deref().and_then(|text| serde_json::from_str(text).ok());
            Attempt { id: *id, row: one, report, result, changed }
        })
        .collect();
    let mut units: BTreeMap<&str, &str> = BTreeMap::new();
    for (measure, unit) in attempts.iter().flat_map(|attempt| &attempt.row.measures).map(|m| (&m.name, &m.unit)) {
        let known = units.entry(measure).or_default();
        if known.is_empty() {
            *known = unit;
        }
    }
    let of_measure = |measure: &str| TrendView {
        task: task.id().to_owned(),
        measure: measure.to_owned(),
        unit: units.get(measure).copied().unwrap_or_default().to_owned(),
        points: attempts.iter().filter_map(|attempt| attempt.mark(measure)).collect(),
    };
    let all = followed(task).into_iter().map(of_measure);
    all.filter(|trend| trend.points.iter().any(|point| point.value.is_some())).collect()
}

impl Attempt<'_> {
    /// The attempt in the trend of a measure. Where other measures were taken (another device), it has no place there; where
    /// nothing was measured, it is a gap.
    fn mark(&self, measure: &str) -> Option<TrendMark> {
        let one = self.row;
        let found = one.measures.iter().find(|m| m.name == measure);
        if found.is_none() && !one.measures.is_empty() {
            return None;
        }
        let report = self.report.as_ref();
        let own = report.and_then(|report| report.measures.iter().find(|m| m.id == measure)).and_then(band);
        Some(TrendMark {
            id: self.id,
            at: one.detected_at,
            value: found.and_then(|m| m.value).filter(|value| value.is_finite()),
            device: report.map_or("unknown", |report| report.input.device_class.id()).to_owned(),
            status: one.status,
            result: self.result,
            changed: self.changed,
            own,
        })
    }
}

fn band(measure: &Measure) -> Option<OwnBand> {
    let own = measure.baseline.as_ref()?;
    let (low, high) = own.band(SPREAD);
    let sessions = u32::try_from(own.n).unwrap_or(u32::MAX);
    (low.is_finite() && high.is_finite()).then_some(OwnBand { low, high, sessions })
}
