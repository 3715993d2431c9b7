//! The person's own enrolment: sessions measured while well.

use super::{DeviceClass, Surface};
use crate::report::{Report, Status, Task};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Sessions an own baseline needs, and on how many different days.
pub const MIN_SESSIONS: usize = 3;
/// Days the sessions must be spread over.
pub const MIN_DAYS: usize = 2;
/// How many sessions' worth the population's scatter counts.
const PRIOR: f64 = 4.0;

/// One accepted session of enrolment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// Day number; only equality matters.
    pub day: i32,
    /// What was done.
    pub task: Task,
    /// What it was recorded with.
    pub device_class: DeviceClass,
    /// What the person stood on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surface: Option<Surface>,
    /// Values by measure id.
    pub values: BTreeMap<String, f64>,
}

impl Session {
    /// The session of a report that passed its gates; `None` for a rejected one, and for a task that could not be done.
    pub fn from_report(report: &Report, day: i32) -> Option<Self> {
        let values: BTreeMap<_, _> = report.measures.iter().filter_map(|m| Some((m.id.clone(), m.value?))).collect();
        if report.status == Status::InsufficientQuality || values.is_empty() {
            return None;
        }
        let input = &report.input;
        Some(Self { day, task: report.task, device_class: input.device_class, surface: input.surface, values })
    }
}

/// The person's own mean and scatter of one measure, on the measure's scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Baseline {
    /// Mean.
    pub mean: f64,
    /// Own scatter steadied by the population's: √((4·s0² + (n−1)·s²)/(4 + n − 1)).
    pub s: f64,
    /// Sessions.
    pub n: usize,
}

impl Baseline {
    /// From values on the measure's scale and the population's day-to-day SD `s0`. `None` below three values.
    pub fn of(values: &[f64], s0: f64) -> Option<Self> {
        let n = values.len();
        if n < MIN_SESSIONS {
            return None;
        }
        let mean = crate::dsp::stats::mean(values)?;
        let own = crate::dsp::stats::sd(values)?;
        let free = (n - 1) as f64;
        let s = ((PRIOR * s0 * s0 + free * own * own) / (PRIOR + free)).sqrt();
        (mean.is_finite() && s > 0.0 && s.is_finite()).then_some(Self { mean, s, n })
    }

    /// Deviation of `x` from the own mean, widened for its uncertainty: (x − mean)/(s·√(1 + 1/n)).
    pub fn z(&self, x: f64) -> f64 {
        (x - self.mean) / (self.s * (1.0 + 1.0 / self.n as f64).sqrt())
    }
}

/// The sessions that may serve as a baseline for a task, device and surface: `None` unless there are enough, on enough days.
pub(crate) fn matching(
    sessions: &[Session],
    task: Task,
    device: DeviceClass,
    surface: Option<Surface>,
) -> Option<Vec<&Session>> {
    let same = sessions.iter().filter(|s| s.task == task && s.device_class == device && s.surface == surface);
    let same: Vec<&Session> = same.collect();
    let days: std::collections::BTreeSet<i32> = same.iter().map(|s| s.day).collect();
    (same.len() >= MIN_SESSIONS && days.len() >= MIN_DAYS).then_some(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_scatter_is_steadied_by_the_population() {
        let b = Baseline::of(&[1.0, 2.0, 3.0], 0.5).unwrap();
        assert_eq!((b.mean, b.n), (2.0, 3));
        assert!((b.s - ((4.0 * 0.25 + 2.0) / 6.0f64).sqrt()).abs() < 1e-15);
        assert!((b.z(3.0) - 1.0 / (b.s * (4.0f64 / 3.0).sqrt())).abs() < 1e-15);
        assert_eq!(Baseline::of(&[1.0, 2.0], 0.5), None);
    }

    #[test]
    fn a_task_that_could_not_be_done_is_no_session() {
        let phone = DeviceClass::PhoneBuiltin;
        let report = crate::could_not_do(Task::Reading, crate::Inability::CannotSpeak, false, phone);
        assert_eq!(Session::from_report(&report, 1), None);
    }

    #[test]
    fn three_sessions_on_two_days_with_the_same_device_are_needed() {
        let session = |day, device_class| Session {
            day,
            task: Task::Vowel,
            device_class,
            surface: None,
            values: BTreeMap::new(),
        };
        let phone = DeviceClass::PhoneBuiltin;
        let enough = [session(1, phone), session(1, phone), session(2, phone)];
        assert!(matching(&enough, Task::Vowel, phone, None).is_some());
        assert!(matching(&enough, Task::Vowel, DeviceClass::PhoneHeadset, None).is_none());
        assert!(matching(&enough[..2], Task::Vowel, phone, None).is_none());
        assert!(
            matching(&[session(1, phone), session(1, phone), session(1, phone)], Task::Vowel, phone, None).is_none()
        );
    }
}
