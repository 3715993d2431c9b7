//! Intensity: level under a smooth window, decibels relative to 2·10⁻⁵ of full scale.

use super::{Frames, sample_position};
use crate::dsp::{floor_signed, nearest_signed, stats};
use crate::units::{Decibel, Hertz};
use std::f64::consts::PI;

/// Lowest pitch whose cycles must not show as ripples: the usual one.
pub const FLOOR: Hertz = 75.0;
/// Square of the reference pressure.
const REFERENCE: f64 = 4e-10;

/// Level of a recording.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Intensity {
    /// Level of the mean energy.
    pub mean: Decibel,
    /// Standard deviation of the frames' levels.
    pub sd: Option<Decibel>,
    /// Lowest frame.
    pub min: Decibel,
    /// Highest frame.
    pub max: Decibel,
}

/// Level per frame: Kaiser window (β = 2π², half width 3.2 longest periods), the window's mean removed, every 0.8 longest periods of
/// the pitch `floor`.
pub fn track(samples: &[f64], rate: Hertz, floor: Hertz) -> (Frames, Vec<Decibel>) {
    let half_width = 3.2 / floor;
    let frames = Frames::fill(samples.len() as f64 / rate, 2.0 * half_width, 0.8 / floor);
    let half = floor_signed(half_width * rate);
    let window: Vec<f64> = (-half..=half).map(|i| kaiser(i as f64 / (half_width * rate))).collect();
    let level =
        |i: usize| level_at(samples, &window, nearest_signed(sample_position(frames.time(i), 1.0 / rate)) - half);
    (frames, (0..frames.count).map(level).collect())
}

/// Summary of the level; `None` if the recording is shorter than one window.
pub fn summary(samples: &[f64], rate: Hertz) -> Option<Intensity> {
    let levels = track(samples, rate, FLOOR).1;
    let energies: Vec<f64> = levels.iter().map(|db| libm::pow(10.0, db / 10.0)).collect();
    let mean = 10.0 * libm::log10(stats::mean(&energies)?);
    let min = levels.iter().copied().fold(f64::INFINITY, f64::min);
    let max = levels.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    Some(Intensity { mean, sd: stats::sd(&levels), min, max })
}

fn level_at(samples: &[f64], window: &[f64], start: isize) -> Decibel {
    let from = usize::try_from(start).unwrap_or(0).min(samples.len());
    let skip = usize::try_from(-start).unwrap_or(0).min(window.len());
    let part = &samples[from..(from + window.len() - skip).min(samples.len())];
    let mean = stats::mean(part).unwrap_or(0.0);
    let (mut sum, mut weight) = (0.0, 0.0);
    for (x, w) in part.iter().zip(&window[skip..]) {
        sum += (x - mean) * (x - mean) * w;
        weight += w;
    }
    let energy = if weight > 0.0 { sum / weight / REFERENCE } else { 0.0 };
    if energy < 1e-30 { -300.0 } else { 10.0 * libm::log10(energy) }
}

/// Kaiser window at `x` from −1 to 1, unnormalised.
fn kaiser(x: f64) -> f64 {
    let root = 1.0 - x * x;
    if root <= 0.0 { 0.0 } else { bessel_i0((2.0 * PI * PI + 0.5) * root.sqrt()) }
}

/// Modified Bessel function of the first kind, order 0, by its power series.
fn bessel_i0(x: f64) -> f64 {
    let quarter = 0.25 * x * x;
    let (mut sum, mut term, mut k) = (1.0, 1.0, 1.0);
    while term > 1e-17 * sum {
        term *= quarter / (k * k);
        sum += term;
        k += 1.0;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sine_has_the_level_of_its_rms() {
        let x: Vec<f64> = (0..16000).map(|i| 0.5 * libm::sin(2.0 * PI * 200.0 * f64::from(i) / 16000.0)).collect();
        let i = summary(&x, 16000.0).unwrap();
        assert!((i.mean - 10.0 * libm::log10(0.125 / REFERENCE)).abs() < 0.01 && i.sd.unwrap() < 0.01);
        assert_eq!(summary(&x[..100], 16000.0), None);
    }
}
