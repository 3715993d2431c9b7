//! From a signal to a report: gates first, then measures, then references, then the score.

mod heard;
mod reading;
mod stance;
pub(crate) mod syllables;
mod trunk;
mod voice;
mod vowel;

use crate::balance::Trace;
use crate::balance::accel::Shake;
use crate::quality::{Quality, Verdict};
use crate::refer::{Baseline, DeviceClass, Eyes, Norm, Scale, Scored, Session, Surface};
use crate::report::{
    AgainstBaseline, AgainstNorm, Basis, CONFIDENCE_MEANING, Engine, InputSummary, MODEL_VERSION, Measure, Outcome,
    PROTOCOL_VERSION, Report, SCHEMA, Status, Task, Tracks,
};
use crate::score::{Deviation, PROVISIONAL_CAP, WARN_CAP};
use crate::units::Hertz;

/// A signal and where it came from.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    /// The samples of one task.
    pub signal: Signal<'a>,
    /// What recorded them.
    pub source: Source,
}

/// The samples of one task.
#[derive(Debug, Clone)]
pub enum Signal<'a> {
    /// A sustained /a/.
    Vowel(Sound<'a>),
    /// /pa-ta-ka/ as fast and evenly as possible.
    Syllables(Sound<'a>),
    /// A text read aloud.
    Reading(Passage<'a>),
    /// Quiet standing on a plate.
    Stance(Stance<'a>),
    /// Quiet standing with an accelerometer at the small of the back.
    Trunk(Trunk<'a>),
}

/// A text read aloud.
#[derive(Debug, Clone, Copy)]
pub struct Passage<'a> {
    /// The recording.
    pub sound: Sound<'a>,
    /// Syllables of the text, where it is known: then they are counted, not those that were heard.
    pub syllables: Option<u32>,
}

/// One trial of standing with an accelerometer, and the session's trial in the other condition.
#[derive(Debug, Clone, Copy)]
pub struct Trunk<'a> {
    /// Eyes open or closed in `trial`.
    pub eyes: Eyes,
    /// The trial to report on.
    pub trial: &'a Shake,
    /// The same session's trial with the eyes the other way.
    pub companion: Option<&'a Shake>,
    /// Floor or foam.
    pub surface: Surface,
}

/// One channel of sound, full scale ±1.
#[derive(Debug, Clone, Copy)]
pub struct Sound<'a> {
    /// The chosen channel (see [`crate::pcm::choose_channel`]).
    pub samples: &'a [f32],
    /// Samples per second.
    pub rate: Hertz,
    /// Channels the recording had.
    pub channels: u16,
    /// Room noise recorded just before at the same rate; may be empty.
    pub quiet: &'a [f32],
}

/// One trial of standing, and the session's trial in the other condition, without which there is no score.
#[derive(Debug, Clone, Copy)]
pub struct Stance<'a> {
    /// Eyes open or closed in `trial`.
    pub eyes: Eyes,
    /// The trial to report on.
    pub trial: &'a Trace,
    /// The same session's trial with the eyes the other way.
    pub companion: Option<&'a Trace>,
    /// Floor or foam.
    pub surface: Surface,
    /// The source has already low-passed at 10 Hz: filtering again would lower the velocity by up to 4 %.
    pub filtered_at_source: bool,
}

impl Signal<'_> {
    /// The task this is a signal of.
    pub fn task(&self) -> Task {
        match self {
            Self::Vowel(_) => Task::Vowel,
            Self::Syllables(_) => Task::Syllables,
            Self::Reading(_) => Task::Reading,
            Self::Stance(s) => Task::Stance { eyes: s.eyes },
            Self::Trunk(t) => Task::Stance { eyes: t.eyes },
        }
    }
}

/// Where a signal came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What recorded it.
    pub device_class: DeviceClass,
    /// Hash of the stored recording.
    pub sha256: Option<String>,
    /// Blob id of the stored recording.
    pub blob: Option<String>,
}

impl Source {
    /// A source of which only the kind is known.
    pub fn of(device_class: DeviceClass) -> Self {
        Self { device_class, sha256: None, blob: None }
    }
}

/// What there is to compare with.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reference {
    /// Age in years on the day of the test.
    pub age_years: Option<u32>,
    /// Language spoken, as a BCP 47 tag: syllable rates differ between languages.
    pub language: Option<String>,
    /// Only moves the highest frequency that formants are looked for at.
    pub sex: Option<Sex>,
    /// Accepted sessions of the person's enrolment, any task and device; what fits is chosen.
    pub sessions: Vec<Session>,
    /// Reports of the other voice tasks done within the same hour, oldest first: their blocks count in the score.
    pub beside: Vec<Report>,
}

/// Size of the vocal tract, as far as formants need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// A woman's, or unknown.
    Female,
    /// A man's.
    Male,
}

impl Reference {
    fn formant_ceiling(&self) -> Hertz {
        use crate::voice::formant;
        if self.sex == Some(Sex::Male) { formant::CEILING_MEN } else { formant::CEILING }
    }
}

/// How the test was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// How often the task was done; the best is given. Raises the confidence.
    pub repeats: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self { repeats: 1 }
    }
}

/// Measures a signal and compares it. Never fails: what cannot be measured becomes a report without a result.
pub fn analyse(input: &Input, reference: &Reference, options: &Options) -> Report {
    match &input.signal {
        Signal::Vowel(sound) => vowel::analyse(sound, &input.source, reference, *options),
        Signal::Syllables(sound) => syllables::analyse(sound, &input.source, reference, *options),
        Signal::Reading(passage) => reading::analyse(passage, &input.source, reference, *options),
        Signal::Trunk(trunk) => trunk::analyse(trunk, &input.source, reference),
        Signal::Stance(stance) => stance::analyse(stance, &input.source, reference),
    }
}

/// Why a task was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inability {
    /// The person cannot speak.
    CannotSpeak,
    /// The person cannot stand.
    CannotStand,
    /// The person stands only with support.
    NeedsSupport,
    /// A step ended the stance.
    Step,
    /// The helper thinks it unsafe.
    Unsafe,
    /// Anything else.
    Other,
}

impl Inability {
    /// All there are.
    pub const ALL: [Self; 6] =
        [Self::CannotSpeak, Self::CannotStand, Self::NeedsSupport, Self::Step, Self::Unsafe, Self::Other];

    /// May it be the reason why this task was not done? Nobody steps out of a vowel.
    pub fn fits(self, task: Task) -> bool {
        let stands = matches!(task, Task::Stance { .. });
        match self {
            Self::CannotSpeak => !stands,
            Self::CannotStand | Self::NeedsSupport | Self::Step => stands,
            Self::Unsafe | Self::Other => true,
        }
    }

    /// Its code in notes and requests.
    pub fn code(self) -> &'static str {
        match self {
            Self::CannotSpeak => "cannot_speak",
            Self::CannotStand => "cannot_stand",
            Self::NeedsSupport => "needs_support",
            Self::Step => "step",
            Self::Unsafe => "unsafe",
            Self::Other => "other",
        }
    }
}

/// The report of a task that could not be done. New: positive by protocol, without score or confidence. Known before: no result.
pub fn could_not_do(task: Task, reason: Inability, new: bool, device_class: DeviceClass) -> Report {
    let age = if new { "new" } else { "not new" };
    let input =
        InputSummary { sample_rate: 0.0, channels: 0, duration_s: 0.0, sha256: None, device_class, surface: None };
    let mut report = blank(task, &Source::of(device_class), Quality::of(Vec::new()), input);
    report.model_version = PROTOCOL_VERSION.to_owned();
    report.status = if new { Status::Completed } else { Status::NoReference };
    report.result = new.then_some(Outcome::StrokeDetected);
    report.inability = Some(reason.code().to_owned());
    report.notes = format!("{}: could not be done ({}, {age})", task.id(), reason.code());
    report
}

/// A report with nothing measured yet.
fn blank(task: Task, source: &Source, quality: Quality, input: InputSummary) -> Report {
    let rejected = quality.verdict == Verdict::Reject;
    Report {
        schema: SCHEMA.to_owned(),
        model_version: MODEL_VERSION.to_owned(),
        input_type: task.input_type(),
        task,
        status: if rejected { Status::InsufficientQuality } else { Status::NoReference },
        result: None,
        confidence_score: None,
        confidence_meaning: None,
        healthy_share: None,
        score: None,
        baseline_score: None,
        measures: Vec::new(),
        inability: None,
        notes: if rejected { rejection(task, &quality) } else { String::new() },
        quality,
        input,
        tracks: source.blob.clone().map(|reference| Tracks { reference }),
        engine: Engine::this(),
    }
}

fn rejection(task: Task, quality: &Quality) -> String {
    let reasons: Vec<String> = quality.reasons().map(|c| c.code.to_string()).collect();
    format!("{}: no result. {}", task.id(), reasons.join(" "))
}

/// Writes the result of a positive or normal comparison, with its confidence under the caps.
/// `warned` says that a recording beside this one had a warning.
fn complete(report: &mut Report, positive: bool, confidence: f64, provisional: bool, warned: bool) {
    let warned = warned || report.quality.verdict == Verdict::Warn;
    let capped =
        confidence.min(if warned { WARN_CAP } else { 1.0 }).min(if provisional { PROVISIONAL_CAP } else { 1.0 });
    report.status = Status::Completed;
    report.result = Some(if positive { Outcome::StrokeDetected } else { Outcome::Normal });
    report.confidence_score = Some(capped);
    report.confidence_meaning = Some(CONFIDENCE_MEANING.to_owned());
}

/// Values of a measure over enrolment sessions, on its scale.
fn own_values<M: Scored>(sessions: &[&Session], measure: M) -> Vec<f64> {
    sessions.iter().filter_map(|s| measure.scale().apply(*s.values.get(measure.id())?)).collect()
}

/// Compares one measure with its norm and its baseline, and notes both at the measure.
fn compare<M: Scored>(
    entry: &mut Measure,
    measure: M,
    norm: Result<Norm, &'static str>,
    own: Option<Baseline>,
) -> Compared {
    let Some(x) = entry.value.and_then(|v| measure.scale().apply(v)) else {
        return Compared::default();
    };
    let scale: Scale = measure.scale();
    let mut found = Compared::default();
    match norm {
        Ok(n) => {
            let z = measure.worse() * (x - n.mean) / n.sd;
            entry.norm = Some(AgainstNorm {
                z,
                mean: n.mean,
                sd: n.sd,
                n: n.n,
                scale,
                source: n.source.to_owned(),
                provisional: n.provisional,
            });
            found.norm = Some((z, n));
        }
        Err(condition) => entry.norm_absent = Some(condition.to_owned()),
    }
    if let Some(b) = own {
        let z = measure.worse() * b.z(x);
        entry.baseline = Some(AgainstBaseline { z, mean: b.mean, s: b.s, n: b.n, scale });
        found.own = Some((z, b));
    }
    found
}

/// Deviations of one measure.
#[derive(Debug, Clone, Copy, Default)]
struct Compared {
    norm: Option<(f64, Norm)>,
    own: Option<(f64, Baseline)>,
}

impl Compared {
    /// The own baseline if there, else the norm. `day_to_day`: SD of the measure between repeats, on its scale.
    fn best(&self, day_to_day: f64) -> Option<Deviation> {
        self.own_only(day_to_day).or_else(|| self.norm_only(day_to_day))
    }

    fn own_only(&self, day_to_day: f64) -> Option<Deviation> {
        let (z, b) = self.own?;
        let unit = b.s * (1.0 + 1.0 / b.n as f64).sqrt();
        Some(Deviation { z, basis: Basis::Baseline, repeat_sd: day_to_day / unit })
    }

    fn norm_only(&self, day_to_day: f64) -> Option<Deviation> {
        let (z, n) = self.norm?;
        let basis = if n.provisional { Basis::NormProvisional } else { Basis::Norm };
        Some(Deviation { z, basis, repeat_sd: day_to_day / n.sd })
    }
}
