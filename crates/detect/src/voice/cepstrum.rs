//! Cepstral peak prominence, smoothed (Hillenbrand & Houde 1996; settings of Maryn & Weenink 2015, J. Voice 29:35–43).

use crate::dsp::fft::{RealFft, Spectrum};
use crate::dsp::{floor_index, floor_signed, parabola, resample, stats};
use crate::units::{Decibel, Hertz, Seconds};
use std::f64::consts::PI;

/// Rate of analysis: twice the highest frequency looked at.
const RATE: Hertz = 10_000.0;
/// Lowest pitch; the window is six of its periods.
const FLOOR: Hertz = 60.0;
const STEP: Seconds = 0.002;
const PRE_EMPHASIS: Hertz = 50.0;
/// Width of the running means over time and quefrency.
const SMOOTH_TIME: Seconds = 0.01;
const SMOOTH_QUEFRENCY: Seconds = 0.001;
/// The peak is looked for at pitches from 60 to 330 Hz.
const PEAK: (Hertz, Hertz) = (60.0, 330.0);
/// The line is laid through these quefrencies.
const LINE: (Seconds, Seconds) = (0.001, 0.05);

/// Height of the cepstral peak above the line, mean over frames. `None` below 16 kHz, or shorter than one window.
pub fn prominence(samples: &[f64], rate: Hertz) -> Option<Decibel> {
    if rate < 16_000.0 {
        return None;
    }
    let mut x = resample::resample(samples, rate, RATE);
    pre_emphasise(&mut x);
    let (cepstra, bins) = cepstra(&x)?;
    let mut space = Space::default();
    let frames = cepstra.len() / bins;
    let heights: Vec<f64> = (0..frames).filter_map(|t| frame_prominence(&cepstra, bins, t, &mut space)).collect();
    stats::mean(&heights)
}

/// Working space of a frame, allocated once.
#[derive(Default)]
struct Space {
    row: Vec<f64>,
    sums: Vec<f64>,
    db: Vec<f64>,
    line: Vec<f64>,
}

/// Raises the spectrum by 6 dB per octave above 50 Hz.
fn pre_emphasise(x: &mut [f64]) {
    let keep = libm::exp(-2.0 * PI * PRE_EMPHASIS / RATE);
    for i in (1..x.len()).rev() {
        x[i] -= keep * x[i - 1];
    }
}

/// Power cepstra of all frames one after the other, and the length of each.
fn cepstra(x: &[f64]) -> Option<(Vec<f64>, usize)> {
    let width = 6.0 / FLOOR;
    let frames = super::Frames::fill(x.len() as f64 / RATE, width, STEP);
    if frames.count == 0 {
        return None;
    }
    let window = gaussian(floor_index(width * RATE));
    let mut fft = RealFft::at_least(window.len());
    let bins = fft.len() / 2 + 1;
    let (mut spectrum, mut frame) = (Spectrum::default(), vec![0.0; fft.len()]);
    let mut all = vec![0.0; frames.count * bins];
    for (i, cepstrum) in all.chunks_exact_mut(bins).enumerate() {
        let start = floor_signed((frames.time(i) - 0.5 * width) * RATE + 0.5);
        fill_frame(x, &window, start, &mut frame);
        fft.forward(&frame, &mut spectrum);
        for k in 0..bins {
            spectrum.re[k] = libm::log(spectrum.power(k) + 1e-300);
            spectrum.im[k] = 0.0;
        }
        fft.inverse(&spectrum, cepstrum);
        cepstrum.iter_mut().for_each(|c| *c *= *c);
    }
    Some((all, bins))
}

/// Mean-free, windowed samples from `start`, padded with zeros.
fn fill_frame(x: &[f64], window: &[f64], start: isize, frame: &mut [f64]) {
    let from = usize::try_from(start).unwrap_or(0).min(x.len());
    let part = &x[from..(from + window.len()).min(x.len())];
    let mean = stats::mean(part).unwrap_or(0.0);
    frame.fill(0.0);
    for ((f, v), w) in frame.iter_mut().zip(part).zip(window) {
        *f = (v - mean) * w;
    }
}

/// Gaussian that reaches 0 at both ends: (e^(−12u²) − e^(−12)) / (1 − e^(−12)), u from −1 to 1 (Boersma 1993, postscript).
fn gaussian(n: usize) -> Vec<f64> {
    let (middle, edge) = (0.5 * (n as f64 + 1.0), libm::exp(-12.0));
    let value = |i: usize| {
        let u = (i as f64 - middle) / middle;
        (libm::exp(-12.0 * u * u) - edge) / (1.0 - edge)
    };
    (1..=n).map(value).collect()
}

/// Peak over line of frame `t`, both in dB, after running means over time and quefrency.
fn frame_prominence(cepstra: &[f64], bins: usize, t: usize, space: &mut Space) -> Option<Decibel> {
    mean_over_time(cepstra, bins, t, &mut space.row);
    mean_over_quefrency(space);
    let db = &space.db;
    let (first, last) = (floor_index(RATE / PEAK.1) + 1, floor_index(RATE / PEAK.0).min(db.len().checked_sub(2)?));
    let peak = (first..=last).reduce(|b, i| if db[i] > db[b] { i } else { b })?;
    let (shift, height) = parabola(db[peak - 1], db[peak], db[peak + 1]).unwrap_or((0.0, db[peak]));
    let index = |quefrency: f64| floor_index(quefrency * RATE + 0.5).min(db.len());
    let (from, to) = (index(LINE.0), index(LINE.1));
    let (slope, intercept) = stats::theil_line(&db[from..to], from as f64, 1.0, &mut space.line);
    Some(height - (slope * (peak as f64 + shift) + intercept))
}

/// Mean of the frames around `t`; fewer at the ends.
fn mean_over_time(cepstra: &[f64], bins: usize, t: usize, row: &mut Vec<f64>) {
    let half = floor_index(SMOOTH_TIME / STEP + 1e-9) / 2;
    let (from, to) = (t.saturating_sub(half), (t + half + 1).min(cepstra.len() / bins));
    row.clear();
    row.resize(bins, 0.0);
    for frame in cepstra[from * bins..to * bins].chunks_exact(bins) {
        row.iter_mut().zip(frame).for_each(|(sum, c)| *sum += c);
    }
    let scale = 1.0 / (to - from) as f64;
    row.iter_mut().for_each(|v| *v *= scale);
}

/// Mean of the quefrencies around each, in dB; fewer at the ends.
fn mean_over_quefrency(space: &mut Space) {
    let width = floor_index(SMOOTH_QUEFRENCY * RATE + 1e-9);
    let (before, after) = (width / 2, width - width / 2);
    let n = space.row.len();
    let mut sum = 0.0;
    space.sums.clear();
    space.sums.push(0.0);
    space.sums.extend(space.row.iter().map(|v| {
        sum += v;
        sum
    }));
    let sums = &space.sums;
    let level = |i: usize| {
        let (from, to) = (i.saturating_sub(before), (i + after).min(n));
        10.0 * libm::log10((sums[to] - sums[from]) / (to - from) as f64 + 1e-30)
    };
    space.db.clear();
    space.db.extend((0..n).map(level));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pulses every 1/120 s through a resonance, with noise of a fixed pattern.
    fn voice(noise: f64) -> Vec<f64> {
        let mut state = 1u32;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(state) / f64::from(u32::MAX) - 0.5
        };
        let tone = |i: usize| {
            let t = (i as f64 / 44_100.0 * 120.0).fract() / 120.0;
            libm::exp(-400.0 * t) * libm::cos(2.0 * PI * 700.0 * t)
        };
        (0..44_100).map(|i| tone(i) + noise * random()).collect()
    }

    #[test]
    fn noise_lowers_the_peak() {
        let (clean, noisy) = (prominence(&voice(0.01), 44_100.0).unwrap(), prominence(&voice(1.0), 44_100.0).unwrap());
        assert!(clean > 15.0 && noisy < clean - 5.0, "{clean} {noisy}");
    }

    #[test]
    fn slow_or_short_recordings_have_none() {
        assert_eq!(prominence(&voice(0.1), 8_000.0), None);
        assert_eq!(prominence(&voice(0.1)[..1000], 44_100.0), None);
    }
}
