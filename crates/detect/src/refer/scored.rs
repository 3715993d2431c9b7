//! Measures that are compared: their ids, scales, signs, and how much they vary from day to day.

use crate::report::Task;
use serde::{Deserialize, Serialize};

/// Sway measures that have a norm; area and velocity have a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SwayMeasure {
    /// Area of the 95 % prediction ellipse.
    EllipseArea,
    /// Mean velocity.
    Velocity,
    /// Mean frequency as the authors of the norm set compute it; compared, never scored.
    SetMeanFrequency,
}

/// Vowel measures that have a norm and count in the phonation block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VowelMeasure {
    /// Jitter, five-point quotient.
    JitterPpq5,
    /// Shimmer, eleven-point quotient.
    ShimmerApq11,
    /// Harmonics-to-noise ratio.
    Hnr,
    /// Smoothed cepstral peak prominence.
    Cpps,
    /// Coefficient of variation of F0.
    F0Cv,
}

/// The measures of a task that are followed over months: those that its score is made of. Of a stance, of both kinds of device.
pub fn followed(task: Task) -> Vec<&'static str> {
    match task {
        Task::Vowel => VowelMeasure::ALL.map(Scored::id).to_vec(),
        Task::Syllables => [DdkMeasure::Rate, DdkMeasure::Cv].map(Scored::id).to_vec(),
        Task::Reading => {
            use ReadingMeasure::{HeardRate, PauseRatio, TextRate};
            [TextRate, HeardRate, PauseRatio].map(Scored::id).to_vec()
        }
        Task::Stance { .. } => {
            let plate = [SwayMeasure::EllipseArea, SwayMeasure::Velocity].map(Scored::id);
            [plate, TrunkMeasure::ALL.map(Scored::id)].concat()
        }
    }
}

/// Anything that is compared: its id in reports, its scale and its sign.
pub trait Scored: Copy {
    /// Id of the measure in a report.
    fn id(self) -> &'static str;
    /// Scale on which mean and SD are meant; the logarithm, as for everything that sways.
    fn scale(self) -> Scale {
        Scale::Ln
    }
    /// +1 if larger values are worse, −1 if smaller ones are.
    fn worse(self) -> f64 {
        1.0
    }
}

impl SwayMeasure {
    /// All, in the order of a report.
    pub const ALL: [Self; 3] = [Self::EllipseArea, Self::Velocity, Self::SetMeanFrequency];
}

impl Scored for SwayMeasure {
    fn id(self) -> &'static str {
        match self {
            Self::EllipseArea => "ellipse_area",
            Self::Velocity => "mean_velocity",
            Self::SetMeanFrequency => "set_mean_frequency",
        }
    }
}

impl VowelMeasure {
    /// All, in the order of a report.
    pub const ALL: [Self; 5] = [Self::JitterPpq5, Self::ShimmerApq11, Self::Hnr, Self::Cpps, Self::F0Cv];

    /// Day-to-day SD before the person's own is known: SD·√(1 − ICC) with the ICC of Park & Stepp 2019; provisional.
    pub fn day_to_day(self) -> f64 {
        match self {
            Self::JitterPpq5 | Self::F0Cv => 0.35,
            Self::ShimmerApq11 => 0.30,
            Self::Hnr => 2.0,
            Self::Cpps => 1.0,
        }
    }
}

impl Scored for VowelMeasure {
    fn id(self) -> &'static str {
        match self {
            Self::JitterPpq5 => "jitter_ppq5",
            Self::ShimmerApq11 => "shimmer_apq11",
            Self::Hnr => "hnr",
            Self::Cpps => "cpps",
            Self::F0Cv => "f0_cv",
        }
    }
    fn scale(self) -> Scale {
        match self {
            Self::Hnr | Self::Cpps => Scale::Linear,
            Self::JitterPpq5 | Self::ShimmerApq11 | Self::F0Cv => Scale::Ln,
        }
    }
    fn worse(self) -> f64 {
        match self {
            Self::Hnr | Self::Cpps => -1.0,
            Self::JitterPpq5 | Self::ShimmerApq11 | Self::F0Cv => 1.0,
        }
    }
}

/// Scale of a mean and SD.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// The value itself.
    Linear,
    /// Its natural logarithm.
    Ln,
}

impl Scale {
    /// The value on this scale; `None` where it has none.
    pub fn apply(self, value: f64) -> Option<f64> {
        let on_scale = match self {
            Self::Linear => value,
            Self::Ln if value > 0.0 => libm::log(value),
            Self::Ln => return None,
        };
        on_scale.is_finite().then_some(on_scale)
    }
}

/// Syllable measures of block A.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DdkMeasure {
    /// Syllables per second.
    Rate,
    /// Irregularity after the places in the round are taken out.
    Cv,
}

impl DdkMeasure {
    /// Day-to-day SD before the person's own is known; provisional.
    pub fn day_to_day(self) -> f64 {
        match self {
            Self::Rate => 0.35,
            Self::Cv => 0.02,
        }
    }
}

impl Scored for DdkMeasure {
    fn id(self) -> &'static str {
        match self {
            Self::Rate => "ddk_rate",
            Self::Cv => "ddk_cv",
        }
    }
    fn scale(self) -> Scale {
        Scale::Linear
    }
    fn worse(self) -> f64 {
        match self {
            Self::Rate => -1.0,
            Self::Cv => 1.0,
        }
    }
}

/// Reading measures of block B.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadingMeasure {
    /// Syllables of the text per second of speech.
    TextRate,
    /// Syllables heard per second of speech, where the text is not known.
    HeardRate,
    /// Pauses over the time from first to last sound.
    PauseRatio,
}

impl ReadingMeasure {
    /// Day-to-day SD before the person's own is known; provisional.
    pub fn day_to_day(self) -> f64 {
        match self {
            Self::TextRate | Self::HeardRate => 0.25,
            Self::PauseRatio => 0.04,
        }
    }
}

impl Scored for ReadingMeasure {
    fn id(self) -> &'static str {
        match self {
            Self::TextRate => "text_articulation_rate",
            Self::HeardRate => "articulation_rate",
            Self::PauseRatio => "pause_ratio",
        }
    }
    fn scale(self) -> Scale {
        Scale::Linear
    }
    fn worse(self) -> f64 {
        match self {
            Self::TextRate | Self::HeardRate => -1.0,
            Self::PauseRatio => 1.0,
        }
    }
}

/// Accelerometer measures of the own score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrunkMeasure {
    /// Area of the 95 % prediction ellipse.
    Area,
    /// Path over duration.
    PathRate,
}

impl TrunkMeasure {
    /// All, in the order of a report.
    pub const ALL: [Self; 2] = [Self::Area, Self::PathRate];

    /// The measure of a plate that stands in its place in the score, and whose scatter it borrows.
    pub fn on_plate(self) -> SwayMeasure {
        match self {
            Self::Area => SwayMeasure::EllipseArea,
            Self::PathRate => SwayMeasure::Velocity,
        }
    }
}

impl Scored for TrunkMeasure {
    fn id(self) -> &'static str {
        match self {
            Self::Area => "trunk_area",
            Self::PathRate => "trunk_path_rate",
        }
    }
}

/// Quotients of eyes closed over eyes open; compared, never scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RombergMeasure {
    /// Of the ellipse's area.
    Area,
    /// Of the mean velocity.
    Velocity,
}

impl Scored for RombergMeasure {
    fn id(self) -> &'static str {
        match self {
            Self::Area => "romberg_area",
            Self::Velocity => "romberg_velocity",
        }
    }
}
