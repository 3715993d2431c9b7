//! The sustained vowel: every measure of one stretch of voice.

use super::perturb::{self, Breaks, Jitter, Shimmer};
use super::pitch::{self, Contour, Settings};
use super::{cepstrum, hnr, intensity, intensity::Intensity, pulses};
use crate::dsp::stats;
use crate::units::{Decibel, Hertz, Seconds};

/// Measures of F0 over the voiced frames.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct F0 {
    /// Mean.
    pub mean: Hertz,
    /// Median.
    pub median: Hertz,
    /// Standard deviation.
    pub sd: Option<Hertz>,
    /// SD over mean.
    pub cv: Option<f64>,
    /// SD of 12·log2(f / median), semitones.
    pub sd_semitones: Option<f64>,
    /// 5 % quantile.
    pub p05: Hertz,
    /// 95 % quantile.
    pub p95: Hertz,
}

/// All measures of a vowel. What could not be computed is `None`.
#[derive(Debug, Clone, PartialEq)]
pub struct Vowel {
    /// Length of what was analysed.
    pub duration: Seconds,
    /// Pitch contour (cross-correlation).
    pub contour: Contour,
    /// Pulse times.
    pub pulses: Vec<Seconds>,
    /// Pitch; `None` without voiced frames.
    pub f0: Option<F0>,
    /// Period perturbation.
    pub jitter: Jitter,
    /// Amplitude perturbation.
    pub shimmer: Shimmer,
    /// Interruptions.
    pub breaks: Breaks,
    /// Harmonics-to-noise ratio.
    pub hnr: Option<Decibel>,
    /// Smoothed cepstral peak prominence.
    pub cpps: Option<Decibel>,
    /// Level.
    pub intensity: Option<Intensity>,
}

/// Measures `samples` as they are: the caller has chosen the stretch.
pub fn measure(samples: &[f64], rate: Hertz) -> Vowel {
    let contour = pitch::track(samples, rate, &Settings::VOWEL);
    let pulses = pulses::find(samples, rate, &contour);
    let duration = samples.len() as f64 / rate;
    Vowel {
        duration,
        f0: f0(&contour),
        jitter: perturb::jitter(&pulses),
        shimmer: perturb::shimmer(samples, rate, &pulses),
        breaks: perturb::breaks(&pulses, Settings::VOWEL.floor, duration),
        hnr: hnr::mean(samples, rate),
        cpps: cepstrum::prominence(samples, rate),
        intensity: intensity::summary(samples, rate),
        contour,
        pulses,
    }
}

/// Measures of a contour's voiced frames; `None` without any.
pub fn f0(contour: &Contour) -> Option<F0> {
    let mut voiced = contour.voiced();
    let (mean, sd) = (stats::mean(&voiced)?, stats::sd(&voiced));
    voiced.sort_by(f64::total_cmp);
    let at = |q: f64| stats::quantile_sorted(&voiced, q);
    let median = at(0.5)?;
    let semitones: Vec<f64> = voiced.iter().map(|f| 12.0 * libm::log2(f / median)).collect();
    Some(F0 {
        mean,
        median,
        sd,
        cv: sd.map(|s| s / mean),
        sd_semitones: stats::sd(&semitones),
        p05: at(0.05)?,
        p95: at(0.95)?,
    })
}

/// First to last pulse of the longest run without a gap over 0.3 s: maximum phonation time.
pub fn phonation_time(pulses: &[Seconds]) -> Option<Seconds> {
    let mut runs = pulses.chunk_by(|a, b| b - a <= 0.3);
    let length = |run: &[f64]| run[run.len() - 1] - run[0];
    runs.by_ref().filter(|r| r.len() > 1).map(length).reduce(f64::max)
}
