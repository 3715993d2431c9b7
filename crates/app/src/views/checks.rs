//! Stroke checks.

use model::{CheckResult, CheckStatus, InputType, Time};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct CheckRow {
    /// The check.
    pub id: Uuid,
    /// The chart.
    pub patient: Uuid,
    /// Whose.
    pub patient_name: String,
    /// When it was recorded.
    pub detected_at: Time,
    /// Voice or balance.
    pub input_type: InputType,
    /// What was asked: `vowel`, `ddk_pataka`, `reading`, `stance_eyes_open`, `stance_eyes_closed`.
    pub task: String,
    /// Could it be judged?
    pub status: CheckStatus,
    /// Only when completed.
    pub result: Option<CheckResult>,
    /// Why the task could not be done, as reports name it; nothing was measured then.
    pub inability: Option<String>,
    /// Would a repeat give the same? 0 to 1.
    pub confidence: Option<f64>,
    /// What judged it.
    pub model_version: String,
    /// Who looked at it.
    pub reviewed_by: Option<String>,
    /// When.
    pub reviewed_at: Option<Time>,
    /// Still to be sent?
    pub waiting: bool,
}

/// A check in full.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct CheckView {
    /// The line of the list.
    pub row: CheckRow,
    /// What was measured.
    pub measures: Vec<MeasureView>,
    /// How good the recording was.
    pub quality: Vec<QualityView>,
    /// `accept`, `warn` or `reject`.
    pub quality_verdict: String,
    /// How the points add up.
    pub score: Option<ScoreView>,
    /// A line in words.
    pub notes: Option<String>,
    /// What the clinician found.
    pub review: Option<String>,
    /// Who led it.
    pub performed_by: Option<String>,
    /// Length of the recording.
    pub duration_s: Option<f64>,
    /// What recorded it, as an id of device classes.
    pub device: Option<String>,
    /// Is the recording kept here?
    pub has_recording: bool,
    /// A vowel or a text alone supports and can never decide; the screen says so.
    pub only_supports: bool,
}

/// How the points add up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ScoreView {
    /// The score.
    pub total: f64,
    /// From here on it counts as signs.
    pub threshold: f64,
    /// Share of reference people who score at least as high.
    pub healthy_share: Option<f64>,
    /// The blocks.
    pub parts: Vec<ScorePart>,
}

/// One block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ScorePart {
    /// Stable name.
    pub name: String,
    /// Distance from the reference in standard deviations.
    pub z: f64,
    /// What it adds.
    pub points: f64,
    /// `norm`, `norm_provisional` or `baseline`.
    pub basis: String,
}

/// One measure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MeasureView {
    /// Stable name.
    pub name: String,
    /// The value.
    pub value: Option<f64>,
    /// Unit.
    pub unit: String,
    /// Mean of the norm.
    pub norm_mean: Option<f64>,
    /// Its standard deviation.
    pub norm_sd: Option<f64>,
    /// Distance from the norm; positive is worse.
    pub z: Option<f64>,
    /// Code for why there is no value.
    pub absent: Option<String>,
}

/// One check of quality.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct QualityView {
    /// Stable code.
    pub code: String,
    /// What was measured.
    pub value: Option<f64>,
    /// Unit.
    pub unit: String,
    /// The limit.
    pub limit: Option<f64>,
    /// `accept`, `warn` or `reject`.
    pub verdict: String,
}

/// The pictures of a recording.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct PictureView {
    /// Smallest and largest sample of each stretch, -1 to 1.
    pub waveform: Vec<MinMax>,
    /// Length.
    pub duration_s: f64,
    /// Stretches that were analysed.
    pub marked: Vec<Span>,
    /// Pitch, where there is one.
    pub f0: Vec<TrackPoint>,
    /// Level, decibels: of syllables and reading.
    pub level: Vec<TrackPoint>,
    /// Starts of the syllables, or middles of those heard while reading, seconds.
    pub onsets: Vec<f64>,
    /// Centre of pressure, centimetres; acceleration, m/s², of a trial with an accelerometer.
    pub path: Vec<PathPoint>,
    /// Outline of the 95 % ellipse.
    pub ellipse: Vec<PathPoint>,
}

/// Smallest and largest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MinMax {
    /// Smallest.
    pub min: f64,
    /// Largest.
    pub max: f64,
}

/// A stretch of time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Span {
    /// Begin, seconds.
    pub from_s: f64,
    /// End, seconds.
    pub to_s: f64,
}

/// A value at a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TrackPoint {
    /// Seconds.
    pub at_s: f64,
    /// The value.
    pub value: f64,
}

/// A point on the floor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PathPoint {
    /// Seconds.
    pub at_s: f64,
    /// To the right, centimetres.
    pub ml: f64,
    /// Forward, centimetres.
    pub ap: f64,
}

/// Analyses a recording whose bytes come beside it; nothing is stored yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AnalyseFile {
    /// The chart.
    pub patient: Uuid,
    /// What was asked.
    pub task: String,
    /// Name of the file.
    pub file_name: String,
    /// What recorded a voice, as an id of device classes; null where that is not known.
    pub device: Option<String>,
    /// Syllables of the text that was read aloud; null where another text was read.
    pub syllables: Option<u32>,
}

/// An analysed recording that is not yet in the chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct CheckDraft {
    /// Its name until it is kept or thrown away.
    pub draft: Uuid,
    /// What came out.
    pub view: CheckView,
    /// The pictures.
    pub picture: PictureView,
}

/// Enters an analysed recording into the chart, signed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct KeepCheck {
    /// Which.
    pub draft: Uuid,
    /// Remarks.
    pub notes: Option<String>,
}

/// Throws an analysed recording away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DiscardCheck {
    /// Which.
    pub draft: Uuid,
}

/// Starts the microphone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct StartRecording {
    /// The chart.
    pub patient: Uuid,
    /// What is asked.
    pub task: String,
    /// What records, as an id of device classes; null where that is not known.
    pub device: Option<String>,
    /// Syllables of the text that is read aloud.
    pub syllables: Option<u32>,
}

/// A task that could not be done; it is kept as an attempt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CouldNotDo {
    /// The chart.
    pub patient: Uuid,
    /// What was asked.
    pub task: String,
    /// `cannot_speak`, `cannot_stand`, `needs_support`, `step`, `unsafe` or `other`.
    pub reason: String,
    /// Could the person do it until now? Then it is a sign by itself, and no result of a measurement.
    pub is_new: bool,
    /// Remarks.
    pub notes: Option<String>,
}

/// One measure of one task over all checks of a chart, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TrendView {
    /// What was asked.
    pub task: String,
    /// Stable name of the measure.
    pub measure: String,
    /// Its unit; empty for a share.
    pub unit: String,
    /// The attempts.
    pub points: Vec<TrendMark>,
}

/// One attempt in a trend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TrendMark {
    /// The check.
    pub id: Uuid,
    /// When.
    pub at: Time,
    /// The value; null where there is none, which is a gap.
    pub value: Option<f64>,
    /// What recorded it, as an id of device classes. Values of two classes are not comparable.
    pub device: String,
    /// Could it be judged?
    pub status: CheckStatus,
    /// Only when completed.
    pub result: Option<CheckResult>,
    /// Another result than the one before it of the same task.
    pub changed: bool,
    /// The own band that this value was compared with; null before there were enough own recordings.
    pub own: Option<OwnBand>,
}

/// The person's own usual values: two deviations either side of the own mean, as the check compared them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct OwnBand {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Own recordings behind it.
    pub sessions: u32,
}

/// Is there a microphone?
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MicrophoneView {
    /// Its name; null where there is none.
    pub name: Option<String>,
}

/// A clinician's look at a check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReviewCheck {
    /// The check.
    pub id: Uuid,
    /// What was found.
    pub review: String,
}
