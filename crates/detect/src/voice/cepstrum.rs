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
/// The line starts here.
const LINE_FROM: Seconds = 0.001;

/// Height of the cepstral peak above the line, mean over frames. `None` below 16 kHz, or shorter than one window.
pub fn prominence(samples: &[f64], rate: Hertz) -> Option<Decibel> {
    if rate < 16_000.0 {
        return None;
    }
    let mut x = resample::resample(samples, rate, RATE);
    pre_emphasise(&mut x);
    let mut cepstra = cepstra(&x)?;
    smooth_over_time(&mut cepstra);
    let mut scratch = Vec::new();
    let heights: Vec<f64> = cepstra.iter_mut().filter_map(|c| frame_prominence(c, &mut scratch)).collect();
    stats::mean(&heights)
}

/// Raises the spectrum by 6 dB per octave above 50 Hz.
fn pre_emphasise(x: &mut [f64]) {
    let keep = libm::exp(-2.0 * PI * PRE_EMPHASIS / RATE);
    for i in (1..x.len()).rev() {
        x[i] -= keep * x[i - 1];
    }
}

/// Power cepstrum of every frame.
fn cepstra(x: &[f64]) -> Option<Vec<Vec<f64>>> {
    let width = 6.0 / FLOOR;
    let frames = super::Frames::fill(x.len() as f64 / RATE, width, STEP);
    if frames.count == 0 {
        return None;
    }
    let window = gaussian(floor_index(width * RATE));
    let mut fft = RealFft::at_least(window.len());
    let (mut spectrum, mut frame) = (Spectrum::default(), vec![0.0; fft.len()]);
    let one = |i: usize| {
        let start = floor_signed((frames.time(i) - 0.5 * width) * RATE + 0.5);
        fill_frame(x, &window, start, &mut frame);
        fft.forward(&frame, &mut spectrum);
        for k in 0..spectrum.bins() {
            spectrum.re[k] = libm::log(spectrum.power(k) + 1e-300);
            spectrum.im[k] = 0.0;
        }
        let mut cepstrum = vec![0.0; spectrum.bins()];
        fft.inverse(&spectrum, &mut cepstrum);
        cepstrum.iter().map(|c| c * c).collect()
    };
    Some((0..frames.count).map(one).collect())
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

/// Running mean over neighbouring frames; fewer at the ends.
fn smooth_over_time(cepstra: &mut Vec<Vec<f64>>) {
    let half = floor_index(SMOOTH_TIME / STEP + 1e-9) / 2;
    let bins = cepstra.first().map_or(0, Vec::len);
    let smoothed = (0..cepstra.len()).map(|t| {
        let near = &cepstra[t.saturating_sub(half)..(t + half + 1).min(cepstra.len())];
        (0..bins).map(|k| near.iter().map(|c| c[k]).sum::<f64>() / near.len() as f64).collect()
    });
    *cepstra = smoothed.collect();
}

/// Running mean over neighbouring quefrencies, peak, robust line, difference.
fn frame_prominence(cepstrum: &mut Vec<f64>, scratch: &mut Vec<f64>) -> Option<Decibel> {
    *cepstrum = running_mean(cepstrum, floor_index(SMOOTH_QUEFRENCY * RATE + 1e-9));
    let db: Vec<f64> = cepstrum.iter().map(|p| 10.0 * libm::log10(p + 1e-30)).collect();
    let (first, last) = (floor_index(RATE / PEAK.1) + 1, floor_index(RATE / PEAK.0).min(db.len().checked_sub(2)?));
    let peak = (first..=last).reduce(|b, i| if db[i] > db[b] { i } else { b })?;
    let (shift, height) = parabola(db[peak - 1], db[peak], db[peak + 1]).unwrap_or((0.0, db[peak]));
    let from = floor_index(LINE_FROM * RATE + 0.5);
    let (slope, intercept) = stats::theil_line(&db[from..], from as f64, 1.0, scratch);
    Some(height - (slope * (peak as f64 + shift) + intercept))
}

/// Mean of `width` neighbours around each value; fewer at the ends.
fn running_mean(x: &[f64], width: usize) -> Vec<f64> {
    let (before, after) = (width / 2, width - width / 2);
    let mut sums = Vec::with_capacity(x.len() + 1);
    sums.push(0.0);
    for v in x {
        sums.push(sums[sums.len() - 1] + v);
    }
    let mean = |i: usize| {
        let (from, to) = (i.saturating_sub(before), (i + after).min(x.len()));
        (sums[to] - sums[from]) / (to - from) as f64
    };
    (0..x.len()).map(mean).collect()
}
