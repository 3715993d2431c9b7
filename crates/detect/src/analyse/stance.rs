//! Quiet standing: one trial's report, scored together with the session's trial in the other condition.

use super::{Reference, Source, Stance, blank, compare, complete, own_values};
use crate::balance::clean::{Cleaned, clean};
use crate::balance::cop::{self, Sway};
use crate::balance::{diffusion, spectral};
use crate::quality::{self, Verdict};
use crate::refer::{self, AgeBand, Baseline, DeviceClass, Eyes, Norm, RombergMeasure, Scored, Surface, SwayMeasure};
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
    report.measures = measures(&trial, companion.as_ref().ok());
    judge_quotients(&mut report, &trial, stance.surface, reference);
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
    set_mean_frequency: Option<f64>,
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
        let set_mean_frequency = spectral::set_mean_frequency(&cleaned.cop);
        Ok(Self { eyes, cleaned, sway, set_mean_frequency })
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
fn measures(trial: &Trial, companion: Option<&Trial>) -> Vec<Measure> {
    let s = &trial.sway;
    let values = [
        ("ellipse_area", "cm2", s.ellipse.area),
        ("ellipse_major", "cm", s.ellipse.major),
        ("ellipse_minor", "cm", s.ellipse.minor),
        ("ellipse_angle", "deg", s.ellipse.angle),
        ("prieto_area", "cm2", s.prieto_area),
        ("circle_area", "cm2", s.circle_area),
        ("hull_area", "cm2", s.hull_area),
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
    let set = Measure::new("set_mean_frequency", "Hz", trial.set_mean_frequency, "too_short");
    let axes = axis(&trial.cleaned.cop.ml, trial.cleaned.cop.rate, "ml").into_iter().chain(axis(
        &trial.cleaned.cop.ap,
        trial.cleaned.cop.rate,
        "ap",
    ));
    own.into_iter().chain([set]).chain(axes).chain(romberg(s, companion, trial.eyes)).collect()
}

/// Spectrum and diffusion of one axis.
fn axis(x: &[f64], rate: f64, name: &str) -> Vec<Measure> {
    let (s, d) = (spectral::measure(x, rate, spectral::BAND), diffusion::measure(x, rate));
    let values = [
        ("power", "cm2", s.map(|s| s.power)),
        ("f50", "Hz", s.map(|s| s.f50)),
        ("f95", "Hz", s.map(|s| s.f95)),
        ("centroid", "Hz", s.map(|s| s.centroid)),
        ("dispersion", "", s.map(|s| s.dispersion)),
        ("diffusion_short", "cm2/s", d.map(|d| d.short)),
        ("diffusion_long", "cm2/s", d.map(|d| d.long)),
        ("exponent_short", "", d.map(|d| d.short_exponent)),
        ("exponent_long", "", d.map(|d| d.long_exponent)),
        ("critical_time", "s", d.map(|d| d.critical_time)),
        ("critical_square", "cm2", d.map(|d| d.critical_square)),
    ];
    values.map(|(id, unit, value)| Measure::new(&format!("{id}_{name}"), unit, value, "too_short")).into()
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
        for measure in SwayMeasure::ALL {
            let mut elsewhere = Measure::new(measure.id(), "", value(side, measure), "");
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

fn value(trial: &Trial, measure: SwayMeasure) -> Option<f64> {
    match measure {
        SwayMeasure::EllipseArea => Some(trial.sway.ellipse.area),
        SwayMeasure::Velocity => Some(trial.sway.velocity),
        SwayMeasure::SetMeanFrequency => trial.set_mean_frequency,
    }
}

/// Compares the quotients; they are shown, never scored.
fn judge_quotients(report: &mut Report, trial: &Trial, surface: Surface, reference: &Reference) {
    for measure in [RombergMeasure::Area, RombergMeasure::Velocity] {
        let context = Context { side: trial, surface, device: report.input.device_class, reference };
        let norm = context.band().and_then(|band| refer::romberg_norm(measure, band, surface).ok_or("no_norm"));
        if let Some(entry) = report.measures.iter_mut().find(|m| m.id == measure.id() && m.value.is_some()) {
            compare(entry, measure, norm, None);
        }
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
        refer::stance_norm(measure, self.band()?, self.side.eyes, self.surface).ok_or("no_norm")
    }

    /// The age band of the norms, or the condition that fails.
    fn band(&self) -> Result<AgeBand, &'static str> {
        if self.device != DeviceClass::ForcePlate {
            return Err("device_class");
        }
        if self.side.cleaned.cop.duration() < NORM_DURATION {
            return Err("duration_below_55s");
        }
        let age = self.reference.age_years.ok_or("age_unknown")?;
        AgeBand::of(age).ok_or("age_below_18")
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
    complete(report, positive, confidence, false, false);
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
