//! The report: what is stored, shown and compared. Its JSON is stable; numbers print in their shortest round-trip form.

use crate::quality::Quality;
use crate::refer::{DeviceClass, Eyes, Scale, Surface};
use serde::{Deserialize, Serialize, Serializer};

/// Version of this JSON.
pub const SCHEMA: &str = "aidpost.detect/1";
/// Version of the score model.
pub const MODEL_VERSION: &str = "aidpost-screen 1.0.0";
/// Model version of a result that rests on the protocol (a step, an inability), not on arithmetic.
pub const PROTOCOL_VERSION: &str = "protocol";
/// What the confidence is the probability of.
pub const CONFIDENCE_MEANING: &str = "same_result_on_repeat";

/// What the person was asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Task {
    /// A sustained /a/.
    Vowel,
    /// /pa-ta-ka/ repeated.
    Syllables,
    /// A text read aloud.
    Reading,
    /// Quiet standing.
    Stance {
        /// Eyes open or closed.
        eyes: Eyes,
    },
}

impl Task {
    /// All there are.
    pub const ALL: [Self; 5] = [
        Self::Vowel,
        Self::Syllables,
        Self::Reading,
        Self::Stance { eyes: Eyes::Open },
        Self::Stance { eyes: Eyes::Closed },
    ];

    /// Its id in reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::Vowel => "vowel",
            Self::Syllables => "ddk_pataka",
            Self::Reading => "reading",
            Self::Stance { eyes: Eyes::Open } => "stance_eyes_open",
            Self::Stance { eyes: Eyes::Closed } => "stance_eyes_closed",
        }
    }

    /// Voice or balance.
    pub fn input_type(self) -> InputType {
        match self {
            Self::Vowel | Self::Syllables | Self::Reading => InputType::Voice,
            Self::Stance { .. } => InputType::Balance,
        }
    }
}

impl From<Task> for String {
    fn from(task: Task) -> Self {
        task.id().to_owned()
    }
}

impl TryFrom<String> for Task {
    type Error = String;
    fn try_from(id: String) -> Result<Self, Self::Error> {
        Self::ALL.into_iter().find(|t| t.id() == id).ok_or_else(|| format!("unknown task {id:?}"))
    }
}

/// Kind of signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputType {
    /// Sound.
    Voice,
    /// Centre of pressure.
    Balance,
}

/// How far the analysis came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Measured and compared: there is a result.
    Completed,
    /// A gate rejected the signal: no result.
    InsufficientQuality,
    /// Measured, but nothing to compare with: no result.
    NoReference,
}

/// The stored result; what screens print is worded elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// At or above the threshold. The name is the older system's.
    StrokeDetected,
    /// Below it. Does not rule out a stroke.
    Normal,
}

/// A whole report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: String,
    /// [`MODEL_VERSION`] or [`PROTOCOL_VERSION`].
    pub model_version: String,
    /// Voice or balance.
    pub input_type: InputType,
    /// What was done.
    pub task: Task,
    /// How far it came.
    pub status: Status,
    /// Only when completed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Outcome>,
    /// Estimated probability of the same result on an immediate repeat; only when completed by the model.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "number_opt")]
    pub confidence_score: Option<f64>,
    /// [`CONFIDENCE_MEANING`], beside the confidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence_meaning: Option<String>,
    /// How common such a score is among healthy people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub healthy_share: Option<HealthyShare>,
    /// The score that stands for the result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Score>,
    /// The own-baseline score, where the norm score stands in `score`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline_score: Option<Score>,
    /// Every measure, computed or absent.
    pub measures: Vec<Measure>,
    /// Gates.
    pub quality: Quality,
    /// What was analysed.
    pub input: InputSummary,
    /// Where the recording is kept, for pictures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracks: Option<Tracks>,
    /// Which program measured.
    pub engine: Engine,
    /// Why the task could not be done, as [`crate::Inability::code`]; only of such an attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inability: Option<String>,
    /// One line of summary, English.
    pub notes: String,
}

impl Report {
    /// The report as JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a report holds only strings, finite numbers and lists")
    }

    /// Does the score rest on a vowel or a text alone? Neither block reaches the threshold by itself: such a task supports an
    /// examination and never decides.
    pub fn only_supports(&self) -> bool {
        let blocks = self.score.as_ref().map(|score| &score.blocks[..]);
        matches!(blocks, Some([one]) if one.id == "B" || one.id == "C")
    }
}

/// Share of reference people scoring at least as high.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct HealthyShare {
    /// (1 + k)/(1 + n), or the model's probability.
    #[serde(serialize_with = "number")]
    pub value: f64,
    /// Reference people or sessions; none for a model.
    pub n: Option<usize>,
    /// Counted or computed.
    pub kind: ShareKind,
}

/// Where a healthy share comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShareKind {
    /// Counted among measured people.
    Reference,
    /// Computed from the reference distributions.
    Model,
}

/// A score and what it is made of: the points of the blocks add up to the total.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Sum of the points.
    #[serde(serialize_with = "number")]
    pub total: f64,
    /// Positive from here on.
    #[serde(serialize_with = "number")]
    pub threshold: f64,
    /// Contributions.
    pub blocks: Vec<Block>,
}

impl Score {
    /// Whether the total reaches the threshold.
    pub fn is_positive(&self) -> bool {
        self.total >= self.threshold
    }
}

/// One contribution to a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// A, B or C for voice; measure and condition for balance.
    pub id: String,
    /// Deviation, positive is worse.
    #[serde(serialize_with = "number")]
    pub z: f64,
    /// What it adds to the total.
    #[serde(serialize_with = "number")]
    pub points: f64,
    /// What the z is against.
    pub basis: Basis,
}

/// What a deviation was measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The person's own enrolment.
    Baseline,
    /// A norm.
    Norm,
    /// A norm too small to decide anything.
    NormProvisional,
}

/// One measure: a value, or the reason why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// Id in the data dictionary.
    pub id: String,
    /// The value.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "number_opt")]
    pub value: Option<f64>,
    /// Its unit; empty for a share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Code of a doubt about the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<String>,
    /// Why there is no value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absent: Option<String>,
    /// Against the norm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub norm: Option<AgainstNorm>,
    /// Which condition of the norm failed, where there is a norm that does not apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub norm_absent: Option<String>,
    /// Against the own baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<AgainstBaseline>,
}

impl Measure {
    /// A measure, or its absence with the reason. A value that is not finite is absent.
    pub(crate) fn new(id: &str, unit: &str, value: Option<f64>, reason: &str) -> Self {
        // Adding zero turns the negative zero of an empty sum into a plain one.
        let value = value.filter(|v| v.is_finite()).map(|v| v + 0.0);
        Self {
            id: id.to_owned(),
            value,
            unit: value.map(|_| unit.to_owned()),
            mark: None,
            absent: if value.is_none() { Some(reason.to_owned()) } else { None },
            norm: None,
            norm_absent: None,
            baseline: None,
        }
    }
}

/// Deviation from other people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgainstNorm {
    /// Positive is worse.
    #[serde(serialize_with = "number")]
    pub z: f64,
    /// Mean on the scale.
    #[serde(serialize_with = "number")]
    pub mean: f64,
    /// SD on the scale.
    #[serde(serialize_with = "number")]
    pub sd: f64,
    /// People.
    pub n: u32,
    /// Scale of mean and SD.
    pub scale: Scale,
    /// Source key.
    pub source: String,
    /// Too small to decide anything.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub provisional: bool,
}

/// Deviation from the own baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgainstBaseline {
    /// Positive is worse.
    #[serde(serialize_with = "number")]
    pub z: f64,
    /// Own mean on the scale.
    #[serde(serialize_with = "number")]
    pub mean: f64,
    /// Own scatter on the scale, steadied.
    #[serde(serialize_with = "number")]
    pub s: f64,
    /// Sessions.
    pub n: usize,
    /// Scale of mean and scatter.
    pub scale: Scale,
}

impl AgainstBaseline {
    /// The values within `spread` deviations of the own mean, in the measure's unit: what the z of a next value is judged by.
    pub fn band(&self, spread: f64) -> (f64, f64) {
        let half = spread * self.s * (1.0 + 1.0 / self.n as f64).sqrt();
        let back = |x: f64| if self.scale == Scale::Ln { libm::exp(x) } else { x };
        (back(self.mean - half), back(self.mean + half))
    }
}

/// What was analysed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InputSummary {
    /// Samples per second.
    #[serde(serialize_with = "number")]
    pub sample_rate: f64,
    /// Channels delivered.
    pub channels: u16,
    /// Length delivered, seconds.
    #[serde(serialize_with = "number")]
    pub duration_s: f64,
    /// Hash of the recording, as the shell computed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// What recorded it.
    pub device_class: DeviceClass,
    /// What the person stood on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surface: Option<Surface>,
}

/// Where the recording is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tracks {
    /// Blob id.
    #[serde(rename = "ref")]
    pub reference: String,
}

/// Which program measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engine {
    /// Always `detect`.
    #[serde(rename = "crate")]
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Engine {
    /// This build.
    pub(crate) fn this() -> Self {
        Self { name: "detect".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

/// Shortest form: whole numbers without a fraction.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "the signature serde calls")]
pub(crate) fn number<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    // Beyond 2^53 not every integer is a double; such values keep their float form.
    if value.floor() == *value && value.abs() < 9_007_199_254_740_992.0 {
        #[allow(clippy::cast_possible_truncation, reason = "whole and within 53 bits")]
        return serializer.serialize_i64(*value as i64);
    }
    serializer.serialize_f64(*value)
}

/// The same for a value that may be missing.
#[allow(clippy::ref_option, reason = "the signature serde calls")]
pub(crate) fn number_opt<S: Serializer>(value: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(v) => number(v, serializer),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_print_without_a_fraction() {
        let share = |value| serde_json::to_string(&HealthyShare { value, n: None, kind: ShareKind::Model }).unwrap();
        assert_eq!(share(1.0), r#"{"value":1,"n":null,"kind":"model"}"#);
        assert_eq!(share(0.41), r#"{"value":0.41,"n":null,"kind":"model"}"#);
    }

    #[test]
    fn the_own_band_ends_where_its_z_does() {
        for (scale, values) in [(Scale::Linear, [3.0, 5.0, 4.0]), (Scale::Ln, [1.0, 2.0, 1.5])] {
            let own = crate::refer::Baseline::of(&values, 0.5).unwrap();
            let against = AgainstBaseline { z: 0.0, mean: own.mean, s: own.s, n: own.n, scale };
            let (low, high) = against.band(2.0);
            let z = |value: f64| own.z(scale.apply(value).unwrap());
            assert!((z(low) + 2.0).abs() < 1e-12 && (z(high) - 2.0).abs() < 1e-12, "{scale:?}");
        }
    }

    #[test]
    fn task_ids_read_back() {
        for task in Task::ALL {
            let json = serde_json::to_string(&task).unwrap();
            assert_eq!(serde_json::from_str::<Task>(&json).unwrap(), task);
        }
        assert!(serde_json::from_str::<Task>("\"dance\"").is_err());
    }
}
