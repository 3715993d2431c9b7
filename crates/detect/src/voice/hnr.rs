//! Harmonics-to-noise ratio by cross-correlation (Boersma 1993): 10·log10(r / (1 − r)) of the strongest candidate.

use super::Frames;
use super::pitch::{self, Frame, Settings};
use crate::units::{Decibel, Hertz};

/// Frames every 10 ms, floor 75 Hz; frames below a tenth of the peak count as silent; no preference and no path.
/// Only the strongest candidate matters, so few are followed, and those by the widest interpolation there is:
/// at 50 dB the ratio hangs on the sixth digit of the height.
const SETTINGS: Settings = Settings {
    step: 0.01,
    ceiling: f64::INFINITY,
    candidates: 4,
    silence: 0.1,
    voicing: 0.0,
    octave: 0.0,
    octave_jump: 0.0,
    voiced_unvoiced: 0.0,
    depth: 700,
    ..Settings::VOWEL
};

/// Ratio per frame, `None` where silent or aperiodic.
pub fn track(samples: &[f64], rate: Hertz) -> (Frames, Vec<Option<Decibel>>) {
    let settings = Settings { ceiling: 0.5 * rate, ..SETTINGS };
    let (frames, analysed) = pitch::candidates(samples, rate, &settings);
    (frames, analysed.iter().map(ratio).collect())
}

fn ratio(frame: &Frame) -> Option<Decibel> {
    let unvoiced = (2.0 - frame.intensity / SETTINGS.silence).max(0.0);
    let best = frame.candidates.iter().map(|c| c.strength).fold(0.0, f64::max);
    if best <= unvoiced {
        return None;
    }
    // A perfectly periodic frame would be infinitely clean; ±150 dB stands for the ends of the scale.
    Some((10.0 * libm::log10(best / (1.0 - best))).clamp(-150.0, 150.0))
}

/// Mean of the frames that have a ratio.
pub fn mean(samples: &[f64], rate: Hertz) -> Option<Decibel> {
    let values: Vec<f64> = track(samples, rate).1.into_iter().flatten().collect();
    crate::dsp::stats::mean(&values)
}
