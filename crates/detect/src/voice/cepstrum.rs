//! Cepstral peak prominence, smoothed (Hillenbrand & Houde 1996; settings of Maryn & Weenink 2015, J. Voice 29:35–43).

use crate::dsp::fft::{RealFft, Spectrum};
use crate::dsp::{floor_index, floor_signed, parabola, resample, stats, window};
use crate::units::{Decibel, Hertz, Seconds};

/// Rate of analysis: twice the highest frequency looked at.
const RATE: Hertz = 10_000.0;
/// Lowest pitch; the window is six of its periods.
const FLOOR: Hertz = 60.0;
const STEP: Seconds = 0.002;
const PRE_EMPHASIS: Hertz = 50.0;
/// Width of the running mean over quefrency; that over time is 10 ms, five frames.
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
    window::pre_emphasise(&mut x, PRE_EMPHASIS, RATE);
    let mut cepstra = Cepstra::of(&x)?;
    let mut space = Space::default();
    let heights: Vec<f64> =
        (0..cepstra.frames.count).filter_map(|t| frame_prominence(&mut cepstra, t, &mut space)).collect();
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

/// Frames that the running mean looks at on each side.
const HALF: usize = 2;
/// Cepstra kept at a time.
const KEPT: usize = 2 * HALF + 1;

/// Power cepstra frame by frame; only those under the running mean are kept, so a long recording needs no more memory.
struct Cepstra<'a> {
    x: &'a [f64],
    frames: super::Frames,
    bins: usize,
    width: Seconds,
    window: Vec<f64>,
    fft: RealFft,
    spectrum: Spectrum,
    frame: Vec<f64>,
    /// Frame t lies in row t mod [`KEPT`].
    kept: Vec<f64>,
    made: usize,
}

impl<'a> Cepstra<'a> {
    fn of(x: &'a [f64]) -> Option<Self> {
        let width = 6.0 / FLOOR;
        let frames = super::Frames::fill(x.len() as f64 / RATE, width, STEP);
        if frames.count == 0 {
            return None;
        }
        let window = window::gaussian(floor_index(width * RATE));
        let fft = RealFft::at_least(window.len());
        let bins = fft.len() / 2 + 1;
        let frame = vec![0.0; fft.len()];
        Some(Self {
            x,
            frames,
            bins,
            width,
            window,
            fft,
            spectrum: Spectrum::default(),
            frame,
            kept: vec![0.0; KEPT * bins],
            made: 0,
        })
    }

    /// The cepstrum of frame `t`; frames are asked for in order, at most [`KEPT`] back.
    fn row(&self, t: usize) -> &[f64] {
        let at = (t % KEPT) * self.bins;
        &self.kept[at..at + self.bins]
    }

    /// Makes all frames up to `t`.
    fn make(&mut self, t: usize) {
        while self.made <= t {
            let start = floor_signed((self.frames.time(self.made) - 0.5 * self.width) * RATE + 0.5);
            fill_frame(self.x, &self.window, start, &mut self.frame);
            self.fft.forward(&self.frame, &mut self.spectrum);
            for k in 0..self.bins {
                self.spectrum.re[k] = libm::log(self.spectrum.power(k) + 1e-300);
                self.spectrum.im[k] = 0.0;
            }
            let at = (self.made % KEPT) * self.bins;
            let cepstrum = &mut self.kept[at..at + self.bins];
            self.fft.inverse(&self.spectrum, cepstrum);
            cepstrum.iter_mut().for_each(|c| *c *= *c);
            self.made += 1;
        }
    }
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

/// Peak over line of frame `t`, both in dB, after running means over time and quefrency.
fn frame_prominence(cepstra: &mut Cepstra, t: usize, space: &mut Space) -> Option<Decibel> {
    mean_over_time(cepstra, t, &mut space.row);
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
fn mean_over_time(cepstra: &mut Cepstra, t: usize, row: &mut Vec<f64>) {
    let (from, to) = (t.saturating_sub(HALF), (t + HALF + 1).min(cepstra.frames.count));
    cepstra.make(to - 1);
    row.clear();
    row.resize(cepstra.bins, 0.0);
    for frame in from..to {
        row.iter_mut().zip(cepstra.row(frame)).for_each(|(sum, c)| *sum += c);
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
    use std::f64::consts::PI;

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
