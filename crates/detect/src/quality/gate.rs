//! The gates by name: stable codes, and the reference sentence of each.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The gates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// The signal can be read at all: share of samples that are missing, not finite or out of order.
    Readable,
    /// The recording is not longer than a test can be.
    Length,
    /// Samples per second.
    SampleRate,
    /// Share of samples clipped.
    Clipping,
    /// Peak level.
    Level,
    /// Voice over room noise.
    Snr,
    /// Mains hum over everything.
    Hum,
    /// Share of the recording lost.
    Dropout,
    /// Seconds of voice.
    VoicedTime,
    /// Share of the sounding time that is voiced.
    VoicedFraction,
    /// Two ways of measuring pitch disagree.
    PitchDoubt,
    /// Samples per second of a balance trial.
    CopTimeBase,
    /// Missing samples of a balance trial.
    CopGaps,
    /// Largest range of a balance trial.
    CopRange,
    /// Largest move within a tenth of a second.
    StanceJump,
    /// Length of a balance trial.
    Duration,
    /// Syllables repeated.
    Syllables,
    /// Seconds from the first to the last syllable.
    SyllableTime,
    /// Seconds of speech while reading.
    SpeechTime,
    /// Samples per second of an accelerometer.
    AccelTimeBase,
    /// Length of the mean acceleration.
    Gravity,
    /// Largest vertical jolt.
    VerticalPeak,
}

impl Gate {
    /// Its stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Readable => "readable",
            Self::Length => "length",
            Self::SampleRate => "sample_rate",
            Self::Clipping => "clipping",
            Self::Level => "level",
            Self::Snr => "snr",
            Self::Hum => "hum",
            Self::Dropout => "dropout",
            Self::VoicedTime => "voiced_time",
            Self::VoicedFraction => "voiced_fraction",
            Self::PitchDoubt => "pitch_doubt",
            Self::CopTimeBase => "cop_time_base",
            Self::CopGaps => "cop_gaps",
            Self::CopRange => "cop_range",
            Self::StanceJump => "stance_jump",
            Self::Duration => "duration",
            Self::Syllables => "syllables",
            Self::SyllableTime => "syllable_time",
            Self::SpeechTime => "speech_time",
            Self::AccelTimeBase => "accel_time_base",
            Self::Gravity => "gravity",
            Self::VerticalPeak => "vertical_peak",
        }
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Readable => "The recording could not be read. Record again.",
            Self::Length => "The recording is longer than a test. Record a single test.",
            Self::SampleRate => "This recording is low quality. Voice quality measures are left out.",
            Self::Clipping => "Too loud: hold the microphone a hand's breadth further away.",
            Self::Level => "Too quiet: come closer to the microphone.",
            Self::Snr => "Too noisy here. Find a quieter place.",
            Self::Hum => "Electric hum in the recording.",
            Self::Dropout => "The microphone stopped for a moment.",
            Self::VoicedTime => "Hold the aaah a little longer.",
            Self::VoicedFraction => {
                "Mostly no voice was heard. In a quiet place this may be a sign in itself: repeat once."
            }
            Self::PitchDoubt => "Pitch could not be fixed; pitch-based measures carry a mark.",
            Self::CopTimeBase => "The balance signal has too few samples per second.",
            Self::CopGaps => "Part of the balance signal is missing.",
            Self::CopRange => "Check the units of this file (centimetres expected).",
            Self::StanceJump => "A step was detected. Start again, or press could not do it.",
            Self::Duration => "Stand for a full minute.",
            Self::Syllables => "Too few syllables: keep going until the bar is full.",
            Self::SyllableTime => "Too short: keep going until the bar is full.",
            Self::SpeechTime => "Too little speech: read the whole text aloud.",
            Self::AccelTimeBase => "The accelerometer gives too few samples per second.",
            Self::Gravity => "Check the units of this file (metres per second squared expected, at rest 9.81).",
            Self::VerticalPeak => "A step or a jolt was detected. Start again, or press could not do it.",
        })
    }
}
