//! Formants: resonances of the vocal tract by linear prediction (Burg), as described in the Praat manual.

use super::Frames;
use crate::dsp::burg::{self, Burg, Complex};
use crate::dsp::{floor_index, floor_signed, resample, stats, window};
use crate::units::{Hertz, Seconds};
use std::f64::consts::PI;

/// Highest frequency looked at: for men, and for women or where unknown.
pub const CEILING_MEN: Hertz = 5000.0;
/// See [`CEILING_MEN`].
pub const CEILING: Hertz = 5500.0;
/// Two poles for each of five formants.
const ORDER: usize = 10;
/// The whole window; the Gaussian's effective width is half of it.
const WINDOW: Seconds = 0.05;
const STEP: Seconds = 0.006_25;
const PRE_EMPHASIS: Hertz = 50.0;
/// Resonances so near to 0 Hz or to the ceiling only shape the slope of the spectrum.
const MARGIN: Hertz = 50.0;

/// The lowest formants of one frame, ascending; missing ones are `None`.
pub type Triple = [Option<Hertz>; 3];

/// Formants per frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Formants {
    /// Where the frames lie.
    pub frames: Frames,
    /// F1 to F3 of each frame.
    pub values: Vec<Triple>,
}

impl Formants {
    /// Median of formant `i` (0 for F1) over the frames whose time is accepted.
    pub fn median(&self, i: usize, accept: impl Fn(Seconds) -> bool) -> Option<Hertz> {
        stats::quantile(&self.of(i, accept), 0.5)
    }

    /// Distance between the quartiles of formant `i`.
    pub fn quartile_range(&self, i: usize, accept: impl Fn(Seconds) -> bool) -> Option<Hertz> {
        let values = self.of(i, accept);
        Some(stats::quantile(&values, 0.75)? - stats::quantile(&values, 0.25)?)
    }

    fn of(&self, i: usize, accept: impl Fn(Seconds) -> bool) -> Vec<Hertz> {
        let frames = self.values.iter().enumerate().filter(|(t, _)| accept(self.frames.time(*t)));
        frames.filter_map(|(_, triple)| triple.get(i).copied().flatten()).collect()
    }
}

/// Formants below `ceiling`, every 6.25 ms.
pub fn track(samples: &[f64], rate: Hertz, ceiling: Hertz) -> Formants {
    let to = 2.0 * ceiling;
    let mut x = if (to - rate).abs() < 1e-9 { samples.to_vec() } else { resample::resample(samples, rate, to) };
    window::pre_emphasise(&mut x, PRE_EMPHASIS, to);
    // The resampled recording keeps its middle, not its first sample: frames and samples are placed from there, in the
    // reference program's order of sums, because frames often fall exactly between two samples.
    let (dx, duration) = (1.0 / to, samples.len() as f64 / rate);
    let first = 0.5 * (duration - x.len().saturating_sub(1) as f64 / to);
    let count = Frames::fill(dx * x.len() as f64, WINDOW, STEP).count;
    let middle = first - 0.5 * dx + 0.5 * (dx * x.len() as f64);
    let frames = Frames { first: middle - 0.5 * (count as f64 * STEP) + 0.5 * STEP, step: STEP, count };
    let half = floor_index(WINDOW * to) / 2;
    let mut analyser = Analyser {
        window: window::gaussian(floor_index(WINDOW * to)),
        burg: Burg::new(ORDER),
        roots: Vec::new(),
        frame: Vec::new(),
        found: Vec::new(),
        ceiling,
    };
    let one = |i: usize| {
        let left = floor_signed((frames.time(i) - first) / dx + 1.0) - 1;
        analyser.frame(&x, left + 1 - half.cast_signed(), 2 * half)
    };
    Formants { frames, values: (0..frames.count).map(one).collect() }
}

/// Working space of a frame, allocated once.
struct Analyser {
    window: Vec<f64>,
    burg: Burg,
    roots: Vec<Complex>,
    frame: Vec<f64>,
    found: Vec<Hertz>,
    ceiling: Hertz,
}

impl Analyser {
    fn frame(&mut self, x: &[f64], start: isize, width: usize) -> Triple {
        let from = usize::try_from(start).unwrap_or(0).min(x.len());
        let part = &x[from..(from + width).min(x.len())];
        self.frame.clear();
        self.frame.extend(part.iter().zip(&self.window).map(|(v, w)| v * w));
        if !self.burg.fit(&self.frame) || !burg::roots(&self.burg.coefficients, &mut self.roots) {
            return [None; 3];
        }
        let ceiling = self.ceiling;
        let frequency = |z: &Complex| libm::atan2(z.im, z.re) * ceiling / PI;
        self.found.clear();
        self.found.extend(self.roots.iter().filter(|z| z.im >= 0.0).map(frequency));
        self.found.retain(|f| *f >= MARGIN && *f <= ceiling - MARGIN);
        self.found.sort_by(f64::total_cmp);
        [0, 1, 2].map(|i| self.found.get(i).copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resonances_of_a_pulse_train_are_found() {
        let rate = 11_000.0;
        let mut x = vec![0.0; 11_000];
        x.iter_mut().step_by(100).for_each(|v| *v = 1.0);
        // The source falls by 6 dB per octave, as a voice does; the pre-emphasis takes that away again.
        for i in 1..x.len() {
            x[i] += libm::exp(-2.0 * PI * PRE_EMPHASIS / rate) * x[i - 1];
        }
        for (hz, width) in [(700.0, 60.0), (1200.0, 80.0), (2600.0, 120.0), (3500.0, 200.0), (4500.0, 250.0)] {
            let r = libm::exp(-PI * width / rate);
            let (a, b) = (2.0 * r * libm::cos(2.0 * PI * hz / rate), -r * r);
            for i in 2..x.len() {
                x[i] += a * x[i - 1] + b * x[i - 2];
            }
        }
        let formants = track(&x, rate, CEILING);
        for (i, hz) in [700.0, 1200.0, 2600.0].into_iter().enumerate() {
            let found = formants.median(i, |_| true).unwrap();
            assert!((found / hz - 1.0).abs() < 0.05, "F{} {found}", i + 1);
        }
        assert!(formants.quartile_range(1, |_| true).unwrap() < 100.0);
    }

    #[test]
    fn silence_has_no_formants() {
        assert_eq!(track(&vec![0.0; 8000], 16_000.0, CEILING).median(0, |_| true), None);
        assert_eq!(track(&[0.1; 100], 16_000.0, CEILING).frames.count, 0);
    }
}
