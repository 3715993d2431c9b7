//! Quiet standing with an accelerometer at the small of the back: compared with the person's own enrolment only.

use super::{Reference, Source, Trunk, blank, compare, complete, own_values};
use crate::balance::accel::{self, Level};
use crate::balance::spectral::Spectrum;
use crate::quality::{self, Verdict};
use crate::refer::{self, AgeBand, Baseline, Eyes, Surface, TrunkMeasure};
use crate::report::{Basis, InputSummary, Measure, Report, Task};
use crate::score::{self, SwayDeviation};

/// Most samples looked at.
const MOST_SAMPLES: usize = 1_000_000;

/// A trial levelled and measured.
struct Trial {
    eyes: Eyes,
    level: Level,
    measured: accel::Trunk,
}

impl Trial {
    /// The error is a sentence.
    fn of(shake: &accel::Shake, eyes: Eyes) -> Result<Self, String> {
        if shake.t.len() > MOST_SAMPLES {
            return Err(format!("more than {MOST_SAMPLES} samples"));
        }
        let level = accel::level(shake).map_err(|e| e.to_string())?;
        let measured = accel::measure(&level).ok_or("no movement was recorded")?;
        Ok(Self { eyes, level, measured })
    }
}

pub(super) fn analyse(trunk: &Trunk, source: &Source, reference: &Reference) -> Report {
    let task = Task::Stance { eyes: trunk.eyes };
    let summary = |rate: f64, duration: f64| InputSummary {
        sample_rate: rate,
        channels: 3,
        duration_s: duration,
        sha256: source.sha256.clone(),
        device_class: source.device_class,
        surface: Some(trunk.surface),
    };
    let trial = match Trial::of(trunk.trial, trunk.eyes) {
        Ok(trial) => trial,
        Err(reason) => {
            let mut report = blank(task, source, quality::unreadable(1.0), summary(0.0, 0.0));
            report.notes = format!("{} {reason}", report.notes);
            return report;
        }
    };
    let duration = trial.level.horizontal.duration();
    let mut report = blank(task, source, quality::trunk(&trial.level), summary(trial.level.rate, duration));
    if report.quality.verdict == Verdict::Reject {
        return report;
    }
    report.measures = measures(&trial.measured);
    let other = trunk.companion.and_then(|shake| Trial::of(shake, trunk.eyes.other()).ok());
    let other = other.filter(|t| quality::trunk(&t.level).verdict != Verdict::Reject);
    judge(&mut report, &trial, other.as_ref(), trunk.surface, reference);
    report
}

/// Every measure in the order of the report.
fn measures(m: &accel::Trunk) -> Vec<Measure> {
    let (s, f) = (&m.sway, |axis: Option<Spectrum>, of: fn(&Spectrum) -> f64| axis.as_ref().map(of));
    [
        ("trunk_area", "m2/s4", Some(s.ellipse.area)),
        ("trunk_path_rate", "m/s3", Some(s.velocity)),
        ("trunk_rms", "m/s2", Some(s.rms)),
        ("trunk_rms_ml", "m/s2", Some(s.rms_ml)),
        ("trunk_rms_ap", "m/s2", Some(s.rms_ap)),
        ("trunk_mean_distance", "m/s2", Some(s.mean_distance)),
        ("trunk_range_ml", "m/s2", Some(s.range_ml)),
        ("trunk_range_ap", "m/s2", Some(s.range_ap)),
        ("trunk_path", "m/s2", Some(s.path)),
        ("trunk_jerk", "m2/s5", Some(m.jerk)),
        ("mean_frequency", "Hz", Some(s.mean_frequency)),
        ("f50_ml", "Hz", f(m.ml, |s| s.f50)),
        ("f50_ap", "Hz", f(m.ap, |s| s.f50)),
        ("f95_ml", "Hz", f(m.ml, |s| s.f95)),
        ("f95_ap", "Hz", f(m.ap, |s| s.f95)),
        ("centroid_ml", "Hz", f(m.ml, |s| s.centroid)),
        ("centroid_ap", "Hz", f(m.ap, |s| s.centroid)),
    ]
    .into_iter()
    .map(|(id, unit, value)| Measure::new(id, unit, value, "no_movement"))
    .collect()
}

/// Own score O from area and path rate of both trials. Its day-to-day scatter is borrowed from the plate: provisional.
fn judge(report: &mut Report, trial: &Trial, other: Option<&Trial>, surface: Surface, reference: &Reference) {
    let mut own = Vec::new();
    for side in std::iter::once(trial).chain(other) {
        for measure in TrunkMeasure::ALL {
            let value = match measure {
                TrunkMeasure::Area => side.measured.sway.ellipse.area,
                TrunkMeasure::PathRate => side.measured.sway.velocity,
            };
            let task = Task::Stance { eyes: side.eyes };
            let sessions = refer::matching(&reference.sessions, task, report.input.device_class, Some(surface));
            let band = reference.age_years.and_then(AgeBand::of);
            let s0 = refer::stance_day_to_day(measure.on_plate(), band, side.eyes, surface);
            let baseline = sessions.and_then(|s| Baseline::of(&own_values(&s, measure), s0));
            let mut elsewhere = Measure::new("", "", Some(value), "");
            let id = crate::refer::Scored::id(measure);
            let here = report.measures.iter_mut().find(|m| m.id == id).filter(|_| side.eyes == trial.eyes);
            let found = compare(here.unwrap_or(&mut elsewhere), measure, Err("device_class"), baseline);
            own.extend(found.own.map(|(z, _)| SwayDeviation { measure: measure.on_plate(), eyes: side.eyes, z }));
        }
    }
    let s = &trial.measured.sway;
    let measured = format!("trunk: RMS {:.4} m/s2, area {:.5} m2/s4 over {:.0} s", s.rms, s.ellipse.area, s.duration);
    let score = score::balance(&own, Basis::Baseline);
    let words = score.as_ref().map_or("no score (own baseline of both conditions needed)".to_owned(), |score| {
        format!("own baseline score {:.2} (threshold {})", score.total, score.threshold)
    });
    report.notes = format!("{measured}; {words}. It does not rule out a stroke.");
    if let (Some(score), Some(confidence)) = (&score, score::balance_confidence(None, score.as_ref())) {
        let positive = score.is_positive();
        report.score = Some(score.clone());
        complete(report, positive, confidence, true, false);
    }
}
