//! Quiet standing: one trial's report, scored together with the session's trial in the other condition.

use super::{Reference, Source, Stance, blank, compare, complete, own_values};
use crate::balance::clean::{Cleaned, clean};
use crate::balance::cop::{self, Sway};
use crate::quality::{self, Verdict};
use crate::refer::{self, AgeBand, Baseline, DeviceClass, Eyes, Norm, Scored, Surface, SwayMeasure};
use crate::report::{Basis, HealthyShare, InputSummary, Measure, Report, Score, ShareKind, Task};
use crate::score::{self, SwayDeviation};
use crate::units::Seconds;

/// Shortest trial that is compared with the norm of 60 s.
const NORM_DURATION: Seconds = 55.0;
/// Most samples looked at: an hour at 1 kHz is no trial.
const MOST_SAMPLES: usize = 1_000_000;

pub(super) fn analyse(stance: &Stance, source: &Source, reference: &Reference) -> Report {
    let task = Task::Stance { eyes: stance.eyes };
    let trial = match Trial::of(stance, false) {
        Ok(trial) => trial,
        Err(reason) => return unreadable(task, stance, source, &reason),
    };
    let quality = quality::stance(&trial.cleaned);
    let mut report =
        blank(task, source, quality, summary(stance, source, trial.cleaned.rate, trial.cleaned.cop.duration()));
    if report.quality.verdict == Verdict::Reject {
        return report;
    }
    let companion = companion(stance);
    report.measures = measures(&trial.sway, companion.as_ref().ok(), stance.eyes);
    let scores = judge(&mut report, &trial, companion.as_ref().ok(), stance, reference);
    report.notes = notes(&trial.sway, &scores, companion.as_ref().err().map(String::as_str));
    conclude(&mut report, scores);
    report
}

fn summary(stance: &Stance, source: &Source, rate: f64, duration: Seconds) -> InputSummary {
    InputSummary {
        sample_rate: rate,
        channels: 2,
        duration_s: duration,
        sha256: source.sha256.clone(),
        device_class: source.device_class,
        surface: Some(stance.surface),
    }
}

fn unreadable(task: Task, stance: &Stance, source: &Source, reason: &str) -> Report {
    let mut report = blank(task, source, quality::unreadable(1.0), summary(stance, source, 0.0, 0.0));
    report.notes = format!("{} {reason}", report.notes);
    report
}

/// A trial cleaned and measured.
struct Trial {
    eyes: Eyes,
    cleaned: Cleaned,
    sway: Sway,
}

impl Trial {
    /// The stance's own trial, or its companion. The error is a sentence.
    fn of(stance: &Stance, companion: bool) -> Result<Self, String> {
        let (trace, eyes) = match (companion, stance.companion) {
            (false, _) => (stance.trial, stance.eyes),
            (true, Some(other)) => (other, stance.eyes.other()),
            (true, None) => return Err("the other eyes condition is missing".to_owned()),
        };
        if trace.t.len() > MOST_SAMPLES {
            return Err(format!("more than {MOST_SAMPLES} samples"));
        }
        let cleaned = clean(trace, stance.filtered_at_source).map_err(|e| e.to_string())?;
        let sway = cop::measure(&cleaned.cop).ok_or("no movement was recorded")?;
        Ok(Self { eyes, cleaned, sway })
    }
}

/// The other condition, if it passes its own gates.
fn companion(stance: &Stance) -> Result<Trial, String> {
    let trial = Trial::of(stance, true)?;
    if quality::stance(&trial.cleaned).verdict == Verdict::Reject {
        return Err("the other eyes condition did not pass its quality checks".to_owned());
    }
    Ok(trial)
}

/// Every measure in the order of the report.
fn measures(s: &Sway, companion: Option<&Trial>, eyes: Eyes) -> Vec<Measure> {
    let values = [
        ("ellipse_area", "cm2", s.ellipse.area),
        ("ellipse_major", "cm", s.ellipse.major),
        ("ellipse_minor", "cm", s.ellipse.minor),
        ("ellipse_angle", "deg", s.ellipse.angle),
        ("circle_area", "cm2", s.circle_area),
        ("path_length", "cm", s.path),
        ("mean_velocity", "cm/s", s.velocity),
        ("mean_velocity_ml", "cm/s", s.velocity_ml),
        ("mean_velocity_ap", "cm/s", s.velocity_ap),
        ("rms_distance", "cm", s.rms),
        ("rms_ml", "cm", s.rms_ml),
        ("rms_ap", "cm", s.rms_ap),
        ("mean_distance", "cm", s.mean_distance),
        ("mean_distance_ml", "cm", s.mean_distance_ml),
        ("mean_distance_ap", "cm", s.mean_distance_ap),
        ("range_ml", "cm", s.range_ml),
        ("range_ap", "cm", s.range_ap),
        ("sway_area_rate", "cm2/s", s.area_rate),
        ("mean_frequency", "Hz", s.mean_frequency),
        ("mean_frequency_ml", "Hz", s.mean_frequency_ml),
        ("mean_frequency_ap", "Hz", s.mean_frequency_ap),
    ];
    let own = values.map(|(id, unit, value)| Measure::new(id, unit, Some(value), "no_movement"));
    own.into_iter().chain(romberg(s, companion, eyes)).collect()
}

/// Closed over open, from whichever trial is which.
fn romberg(s: &Sway, companion: Option<&Trial>, eyes: Eyes) -> [Measure; 2] {
    let quotient = |of: fn(&Sway) -> f64| {
        let other = companion.map(|c| of(&c.sway))?;
        let (closed, open) = if eyes == Eyes::Closed { (of(s), other) } else { (other, of(s)) };
        cop::romberg(closed, open)
    };
    let entry = |id, of| Measure::new(id, "", quotient(of), "other_eyes_condition_missing");
    [entry("romberg_area", |s: &Sway| s.ellipse.area), entry("romberg_velocity", |s: &Sway| s.velocity)]
}

/// The scores that could be formed.
struct Scores {
    norm: Option<Score>,
    own: Option<Score>,
}

/// Compares area and velocity of both trials; the report keeps the comparison of its own trial.
fn judge(
    report: &mut Report,
    trial: &Trial,
    companion: Option<&Trial>,
    stance: &Stance,
    reference: &Reference,
) -> Scores {
    let (mut norm, mut own) = (Vec::new(), Vec::new());
    for side in std::iter::once(trial).chain(companion) {
        for measure in [SwayMeasure::EllipseArea, SwayMeasure::Velocity] {
            let mut elsewhere = Measure::new(measure.id(), "", Some(value(&side.sway, measure)), "");
            let here = report.measures.iter_mut().find(|m| m.id == measure.id()).filter(|_| side.eyes == trial.eyes);
            let entry = here.unwrap_or(&mut elsewhere);
            let context = Context { side, surface: stance.surface, device: report.input.device_class, reference };
            let found = compare(entry, measure, context.norm(measure), context.baseline(measure));
            let deviation = |z| SwayDeviation { measure, eyes: side.eyes, z };
            norm.extend(found.norm.map(|(z, _)| deviation(z)));
            own.extend(found.own.map(|(z, _)| deviation(z)));
        }
    }
    Scores { norm: score::balance(&norm, Basis::Norm), own: score::balance(&own, Basis::Baseline) }
}

fn value(s: &Sway, measure: SwayMeasure) -> f64 {
    match measure {
        SwayMeasure::EllipseArea => s.ellipse.area,
        SwayMeasure::Velocity => s.velocity,
    }
}

/// What decides which reference fits one trial.
struct Context<'a> {
    side: &'a Trial,
    surface: Surface,
    device: DeviceClass,
    reference: &'a Reference,
}

impl Context<'_> {
    /// The norm, or the condition that fails.
    fn norm(&self, measure: SwayMeasure) -> Result<Norm, &'static str> {
        if self.device != DeviceClass::ForcePlate {
            return Err("device_class");
        }
        if self.side.cleaned.cop.duration() < NORM_DURATION {
            return Err("duration_below_55s");
        }
        let age = self.reference.age_years.ok_or("age_unknown")?;
        let band = AgeBand::of(age).ok_or("age_below_18")?;
        refer::stance_norm(measure, band, self.side.eyes, self.surface).ok_or("no_norm")
    }

    fn baseline(&self, measure: SwayMeasure) -> Option<Baseline> {
        let task = Task::Stance { eyes: self.side.eyes };
        let sessions = refer::matching(&self.reference.sessions, task, self.device, Some(self.surface))?;
        let band = self.reference.age_years.and_then(AgeBand::of);
        Baseline::of(
            &own_values(&sessions, measure),
            refer::stance_day_to_day(measure, band, self.side.eyes, self.surface),
        )
    }
}

/// Writes scores and result. The score that fired stands first; the norm score otherwise.
fn conclude(report: &mut Report, scores: Scores) {
    let Some(confidence) = score::balance_confidence(scores.norm.as_ref(), scores.own.as_ref()) else {
        return;
    };
    let positive = [&scores.norm, &scores.own].into_iter().flatten().any(Score::is_positive);
    report.healthy_share = scores.norm.as_ref().map(|s| reference_share(refer::healthy_share_norm(s.total)));
    if report.healthy_share.is_none() {
        report.healthy_share = scores.own.as_ref().map(|s| reference_share(refer::healthy_share_own(s.total)));
    }
    if scores.norm.is_some() {
        (report.score, report.baseline_score) = (scores.norm, scores.own);
    } else {
        report.score = scores.own;
    }
    complete(report, positive, confidence, false);
}

fn reference_share((value, n): (f64, usize)) -> HealthyShare {
    HealthyShare { value, n: Some(n), kind: ShareKind::Reference }
}

/// One line: what was measured and what it was compared with.
fn notes(s: &Sway, scores: &Scores, missing: Option<&str>) -> String {
    let mut line =
        format!("stance: area {:.2} cm2, velocity {:.2} cm/s over {:.0} s", s.ellipse.area, s.velocity, s.duration);
    for (name, score) in [("norm", &scores.norm), ("own baseline", &scores.own)] {
        if let Some(score) = score {
            line.push_str(&format!("; {name} score {:.2} (threshold {})", score.total, score.threshold));
        }
    }
    if scores.norm.is_none() && scores.own.is_none() {
        line.push_str(&format!("; no score ({})", missing.unwrap_or("no reference applied to both conditions")));
    }
    line.push_str(". It does not rule out a stroke.");
    line
}
