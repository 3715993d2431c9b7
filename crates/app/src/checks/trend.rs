//! What was measured of one person over the months: per task and measure, with the own band each value was compared with.

use super::views::report_of;
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
            Attempt { id: *id, row: one, report: report_of(one), result, changed }
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

#[cfg(test)]
mod tests {
    use super::*;
    use detect::{DeviceClass, Inability, could_not_do, report::AgainstBaseline};
    use model::{Id, InputType, Time};

    const DAY_MS: i64 = 86_400_000;

    /// A check of syllables on a day: a value, a device, what was decided, and the own mean and scatter it was compared with.
    fn check(day: u32, rate: Option<f64>, result: Option<CheckResult>, own: Option<(f64, f64)>) -> (Uuid, Detection) {
        let mut report = could_not_do(Task::Syllables, Inability::Other, false, DeviceClass::ComputerHeadset);
        if let Some(rate) = rate {
            let json = serde_json::json!({ "id": "ddk_rate", "value": rate, "unit": "syll/s" });
            let mut measure: Measure = serde_json::from_value(json).unwrap();
            let scale = detect::refer::Scale::Linear;
            measure.baseline = own.map(|(mean, s)| AgainstBaseline { z: 0.0, mean, s, n: 3, scale });
            report.measures.push(measure);
        }
        let detection = Detection {
            user_id: None,
            patient_id: Id::new(Uuid::from_u128(1)),
            detected_at: Time::from_ms(i64::from(day) * DAY_MS),
            status: if result.is_some() { CheckStatus::Completed } else { CheckStatus::NoReference },
            result,
            input_type: InputType::Voice,
            model_version: report.model_version.clone(),
            confidence_score: None,
            notes: None,
            measures: report.measures.iter().map(super::super::measure).collect(),
            quality: Vec::new(),
            quality_verdict: "accept".to_owned(),
            report: Some(report.to_json()),
            recording: None,
            task: "ddk_pataka".to_owned(),
            performed_by: None,
            reviewed_by: None,
            reviewed_at: None,
            review: None,
        };
        (Uuid::from_u128(day.into()), detection)
    }

    #[test]
    fn nothing_measured_gives_no_trend_and_one_check_one_point() {
        assert_eq!(of_task(Task::Syllables, &[]), []);
        assert_eq!(of_task(Task::Syllables, &[check(1, None, None, None)]), [], "an attempt alone is no trend");
        let one = of_task(Task::Syllables, &[check(1, Some(6.1), None, None)]);
        assert_eq!((one.len(), one[0].points.len(), one[0].points[0].value), (1, 1, Some(6.1)));
        assert_eq!((one[0].measure.as_str(), one[0].unit.as_str()), ("ddk_rate", "syll/s"));
        assert_eq!(of_task(Task::Vowel, &[check(1, Some(6.1), None, None)]), [], "of another task");
    }

    #[test]
    fn a_gap_stays_a_gap_and_a_changed_result_is_marked_across_it() {
        use CheckResult::{Normal, StrokeDetected};
        let rows = [
            check(1, Some(6.0), Some(Normal), None),
            check(2, None, None, None),
            check(3, Some(4.0), Some(StrokeDetected), Some((6.0, 0.3))),
            check(4, Some(4.1), Some(StrokeDetected), None),
        ];
        let trend = &of_task(Task::Syllables, &rows)[0];
        let of = |get: fn(&TrendMark) -> bool| trend.points.iter().map(get).collect::<Vec<_>>();
        assert_eq!(of(|p| p.value.is_none()), [false, true, false, false]);
        assert_eq!(of(|p| p.changed), [false, false, true, false]);
        assert_eq!(trend.points[2].device, "computer-headset");
        let own = trend.points[2].own.clone().unwrap();
        let half = 2.0 * 0.3 * (4.0_f64 / 3.0).sqrt();
        assert!((own.low - (6.0 - half)).abs() < 1e-12 && (own.high - (6.0 + half)).abs() < 1e-12);
        assert_eq!(own.sessions, 3);
    }

    #[test]
    fn what_was_not_judged_has_no_result_whatever_a_document_says() {
        let (id, one) = check(1, Some(6.0), Some(CheckResult::StrokeDetected), None);
        let claimed = Detection { status: CheckStatus::InsufficientQuality, ..one };
        assert_eq!(of_task(Task::Syllables, &[(id, claimed)])[0].points[0].result, None);
    }

    #[test]
    fn a_measure_of_another_device_has_no_place_in_the_trend() {
        let (id, mut one) = check(1, Some(6.0), None, None);
        one.measures[0].name = "ddk_cv".to_owned();
        let trends = of_task(Task::Syllables, &[check(2, Some(6.0), None, None), (id, one)]);
        assert_eq!(trends.iter().map(|trend| trend.points.len()).collect::<Vec<_>>(), [1, 1]);
    }
}
