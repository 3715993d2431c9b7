//! Pitch after Boersma 1993 ("Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise
//! ratio of a sampled sound", IFA Proceedings 17:97–110), by autocorrelation or by forward cross-correlation.

use super::{Frames, sample_position};
use crate::dsp::fft::{RealFft, Spectrum};
use crate::dsp::{clamp_index, floor_index, floor_signed, sinc, stats};
use crate::units::{Hertz, Seconds};
use std::f64::consts::PI;

/// Samples on each side for the interpolation that ranks a frame's peaks.
const RANK_DEPTH: usize = 30;

/// How a frame is compared with its own past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Autocorrelation under a Hann window of three longest periods, divided by the window's own: for speech.
    Auto,
    /// One longest period against itself shifted, normalised by both energies: for sustained vowels.
    Cross,
}

/// What the tracker looks for, and what its path through the candidates costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Auto- or cross-correlation.
    pub method: Method,
    /// Lowest pitch; also sets the window.
    pub floor: Hertz,
    /// Highest pitch.
    pub ceiling: Hertz,
    /// Distance between frames.
    pub step: Seconds,
    /// Most candidates of a frame, the unvoiced one included.
    pub candidates: usize,
    /// Frames quieter than this share of the recording's peak lean towards unvoiced.
    pub silence: f64,
    /// Strength of the unvoiced candidate.
    pub voicing: f64,
    /// Preference for higher candidates, per octave.
    pub octave: f64,
    /// Cost of a jump, per octave.
    pub octave_jump: f64,
    /// Cost of a change between voiced and unvoiced.
    pub voiced_unvoiced: f64,
    /// Samples on each side for the interpolation that finds a candidate's lag and height.
    pub depth: usize,
}

impl Settings {
    /// Sustained vowels: cross-correlation, 75–600 Hz, four frames per longest period.
    pub const VOWEL: Self = Self {
        method: Method::Cross,
        floor: 75.0,
        ceiling: 600.0,
        step: 0.25 / 75.0,
        candidates: 15,
        silence: 0.03,
        voicing: 0.45,
        octave: 0.01,
        octave_jump: 0.35,
        voiced_unvoiced: 0.14,
        depth: 70,
    };
    /// Speech: autocorrelation, 75–600 Hz, every 10 ms.
    pub const SPEECH: Self = Self { method: Method::Auto, step: 0.75 / 75.0, ..Self::VOWEL };
}

/// One possible answer for a frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Candidate {
    pub frequency: Hertz,
    /// Normalised correlation at its lag; a height above 1 has become its inverse.
    pub strength: f64,
}

/// A frame before the path is chosen.
#[derive(Debug, Clone, Default)]
pub(crate) struct Frame {
    pub candidates: Vec<Candidate>,
    /// Local peak over the recording's peak.
    pub intensity: f64,
}

/// A pitch contour: one entry per frame, 0 Hz where unvoiced.
#[derive(Debug, Clone, PartialEq)]
pub struct Contour {
    /// Where the frames lie.
    pub frames: Frames,
    /// Fundamental frequency per frame; 0 where unvoiced.
    pub f0: Vec<Hertz>,
    /// Correlation of the chosen candidate; 0 where unvoiced.
    pub strength: Vec<f64>,
}

impl Contour {
    /// F0 of the voiced frames, in order.
    pub fn voiced(&self) -> Vec<Hertz> {
        self.f0.iter().copied().filter(|f| *f > 0.0).collect()
    }

    /// Share of frames that are voiced; 0 without frames.
    pub fn voiced_fraction(&self) -> f64 {
        self.f0.iter().filter(|f| **f > 0.0).count() as f64 / self.f0.len().max(1) as f64
    }

    /// Median of the voiced frames.
    pub fn median(&self) -> Option<Hertz> {
        stats::quantile(&self.voiced(), 0.5)
    }

    /// Runs of voiced frames as (start, end) in seconds, half a step beyond the outer frames' centres.
    pub fn stretches(&self) -> Vec<(Seconds, Seconds)> {
        let (half, mut runs, mut start) = (0.5 * self.frames.step, Vec::new(), None);
        for (i, f) in self.f0.iter().chain(std::iter::once(&0.0)).enumerate() {
            match (start, *f > 0.0) {
                (None, true) => start = Some(i),
                (Some(s), false) => {
                    runs.push((self.frames.time(s) - half, self.frames.time(i - 1) + half));
                    start = None;
                }
                _ => {}
            }
        }
        runs
    }

    /// F0 at time `t`: linear between voiced frames; beside an unvoiced one, the voiced frame's value for half a step.
    pub fn at(&self, t: Seconds) -> Option<Hertz> {
        let position = (t - self.frames.first) / self.frames.step;
        let left = floor_signed(position);
        let value = |i: isize| usize::try_from(i).ok().and_then(|i| self.f0.get(i)).copied().filter(|f| *f > 0.0);
        let fraction = position - left as f64;
        match (value(left), value(left + 1)) {
            (Some(a), Some(b)) => Some(a + fraction * (b - a)),
            (Some(a), None) if fraction <= 0.5 => Some(a),
            (None, Some(b)) if fraction >= 0.5 => Some(b),
            _ => None,
        }
    }
}

/// The pitch contour of a recording. Too short or silent: a contour without voiced frames.
pub fn track(samples: &[f64], rate: Hertz, settings: &Settings) -> Contour {
    let (frames, analysed) = candidates(samples, rate, settings);
    let (f0, strength) = super::path::best(&analysed, settings);
    Contour { frames, f0, strength }
}

/// Candidates of every frame.
pub(crate) fn candidates(samples: &[f64], rate: Hertz, settings: &Settings) -> (Frames, Vec<Frame>) {
    let duration = samples.len() as f64 * (1.0 / rate);
    let frames = Frames::fill(duration, settings.window(), settings.step);
    let mean = stats::mean(samples).unwrap_or(0.0);
    let peak = samples.iter().fold(0.0f64, |p, x| p.max((x - mean).abs()));
    let mut correlator = Correlator::new(rate, settings);
    if peak == 0.0 || !correlator.is_usable() {
        return (frames, vec![Frame::default(); frames.count]);
    }
    let analysed = (0..frames.count).map(|i| correlator.frame(samples, frames.time(i), peak)).collect();
    (frames, analysed)
}

impl Settings {
    /// Width of signal a frame looks at.
    fn window(&self) -> Seconds {
        match self.method {
            Method::Auto => 3.0 / self.floor,
            Method::Cross => 2.0 / self.floor,
        }
    }
}

/// Working space for one recording: nothing is allocated per frame but the candidates.
struct Correlator<'a> {
    settings: &'a Settings,
    rate: Hertz,
    /// Samples of the longest period.
    period: usize,
    /// Samples correlated (even).
    width: usize,
    /// Largest lag looked at, and largest lag known.
    max_lag: usize,
    known_lag: usize,
    fft: RealFft,
    spectra: (Spectrum, Spectrum),
    window: Vec<f64>,
    window_correlation: Vec<f64>,
    /// Mean-free samples of the frame.
    stretch: Vec<f64>,
    /// Correlation for lags −known to known; it is symmetric.
    mirrored: Vec<f64>,
    correlation: Vec<f64>,
}

impl<'a> Correlator<'a> {
    fn new(rate: Hertz, settings: &'a Settings) -> Self {
        let period = floor_index(rate / settings.floor);
        let periods = if settings.method == Method::Auto { 3.0 } else { 1.0 };
        let half = (floor_index(periods * rate / settings.floor) / 2).saturating_sub(1);
        let width = 2 * half;
        let (max_lag, known_lag) = match settings.method {
            Method::Auto => ((width / 3 + 2).min(width), half),
            Method::Cross => (width, width),
        };
        let mut new = Self {
            settings,
            rate,
            period,
            width,
            max_lag,
            known_lag,
            fft: RealFft::at_least(width + known_lag + 1),
            spectra: Default::default(),
            window: vec![1.0; width],
            window_correlation: Vec::new(),
            stretch: Vec::new(),
            mirrored: vec![0.0; 2 * known_lag + 1],
            correlation: vec![0.0; known_lag + 1],
        };
        if settings.method == Method::Auto {
            new.prepare_window();
        }
        new
    }

    /// Rates so low that no period can be looked at have no pitch.
    fn is_usable(&self) -> bool {
        self.width >= 8
    }

    fn prepare_window(&mut self) {
        let n = self.width as f64 + 1.0;
        self.window = (1..=self.width).map(|i| 0.5 - 0.5 * libm::cos(2.0 * PI * i as f64 / n)).collect();
        self.stretch.clone_from(&self.window);
        self.autocorrelate();
        let zero = self.correlation[0];
        self.window_correlation = self.correlation.iter().map(|r| r / zero).collect();
    }

    /// Unnormalised autocorrelation of `stretch` into `correlation`.
    fn autocorrelate(&mut self) {
        let spectrum = &mut self.spectra.0;
        self.fft.forward(&self.stretch, spectrum);
        for k in 0..spectrum.bins() {
            spectrum.re[k] = spectrum.power(k);
            spectrum.im[k] = 0.0;
        }
        self.correlation.resize(self.known_lag + 1, 0.0);
        self.fft.inverse(spectrum, &mut self.correlation);
    }

    fn frame(&mut self, x: &[f64], time: Seconds, global_peak: f64) -> Frame {
        let left = floor_signed(sample_position(time, 1.0 / self.rate));
        let mean = self.local_mean(x, left);
        let local_peak = match self.settings.method {
            Method::Auto => self.windowed(x, left, mean),
            Method::Cross => self.peak_around(x, left, mean),
        };
        let intensity = (local_peak / global_peak).min(1.0);
        if local_peak == 0.0 {
            return Frame { candidates: Vec::new(), intensity };
        }
        match self.settings.method {
            Method::Auto => self.normalise_auto(),
            Method::Cross => self.cross(x, time, mean),
        }
        Frame { candidates: self.pick(), intensity }
    }

    /// Mean over one longest period on each side.
    fn local_mean(&self, x: &[f64], left: isize) -> f64 {
        let period = self.period.cast_signed();
        stats::mean(between(x, left + 1 - period, left + period)).unwrap_or(0.0)
    }

    /// Largest deviation within half a longest period on each side.
    fn peak_around(&self, x: &[f64], left: isize, mean: f64) -> f64 {
        let half = (self.period / 2 + 1).cast_signed();
        between(x, left + 1 - half, left + half).iter().fold(0.0f64, |p, v| p.max((v - mean).abs()))
    }

    /// Fills `stretch` with the windowed frame; returns its peak near the middle.
    fn windowed(&mut self, x: &[f64], left: isize, mean: f64) -> f64 {
        let half = self.width / 2;
        let start = left + 1 - half.cast_signed();
        self.stretch.clear();
        self.stretch.extend((0..self.width).map(|i| {
            let position = usize::try_from(start + i.cast_signed()).ok();
            position.and_then(|p| x.get(p)).map_or(0.0, |v| (v - mean) * self.window[i])
        }));
        let reach = (self.period / 2 + 1).min(half);
        self.stretch[half - reach..half + reach].iter().fold(0.0f64, |p, v| p.max(v.abs()))
    }

    fn normalise_auto(&mut self) {
        self.autocorrelate();
        let zero = self.correlation[0];
        for (r, w) in self.correlation.iter_mut().zip(&self.window_correlation) {
            *r /= zero * w;
        }
    }

    /// Forward cross-correlation: products by Fourier transform, energies by running sums.
    fn cross(&mut self, x: &[f64], time: Seconds, mean: f64) {
        let start_time = time - 1.0 / self.settings.floor;
        let start = clamp_index(floor_signed(sample_position(start_time, 1.0 / self.rate)), x.len());
        let span = (self.known_lag + self.width).min(x.len() - start);
        let lags = span.saturating_sub(self.width).min(self.known_lag);
        self.stretch.clear();
        self.stretch.extend(x[start..start + span].iter().map(|v| v - mean));
        self.correlation.clear();
        self.correlation.resize(self.known_lag + 1, 0.0);
        let width = self.width.min(span);
        self.fft.forward(&self.stretch[..width], &mut self.spectra.0);
        self.fft.forward(&self.stretch, &mut self.spectra.1);
        conjugate_product(&mut self.spectra);
        self.fft.inverse(&self.spectra.0, &mut self.correlation);
        self.divide_by_energies(width, lags);
    }

    fn divide_by_energies(&mut self, width: usize, lags: usize) {
        let s = &self.stretch;
        let own: f64 = s[..width].iter().map(|v| v * v).sum();
        let mut shifted = own;
        self.correlation[0] = 1.0;
        for lag in 1..=lags {
            shifted += s[lag + width - 1] * s[lag + width - 1] - s[lag - 1] * s[lag - 1];
            let norm = (own * shifted.max(0.0)).sqrt();
            self.correlation[lag] = if norm > 0.0 { self.correlation[lag] / norm } else { 0.0 };
        }
        self.correlation[lags + 1..].fill(0.0);
    }

    /// Local maxima of the correlation, the strongest few, with lag and height by sinc interpolation.
    fn pick(&mut self) -> Vec<Candidate> {
        self.mirror();
        let known = self.known_lag;
        let r = &self.correlation;
        let threshold = 0.5 * self.settings.voicing;
        let is_peak = |&i: &usize| r[i] > threshold && r[i] > r[i - 1] && r[i] >= r[i + 1];
        let last = self.max_lag.min(known);
        let mut ranked: Vec<(usize, f64)> = (2..last).filter(is_peak).map(|i| (i, self.rank(i))).collect();
        let most = self.settings.candidates.saturating_sub(1);
        if ranked.len() > most {
            ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            ranked.truncate(most);
            ranked.sort_by_key(|peak| peak.0);
        }
        ranked.iter().map(|(i, _)| self.refine(*i)).collect()
    }

    fn mirror(&mut self) {
        let known = self.known_lag;
        for (i, r) in self.correlation.iter().enumerate() {
            self.mirrored[known + i] = *r;
            self.mirrored[known - i] = *r;
        }
    }

    /// Strength for choosing among many peaks.
    fn rank(&self, lag: usize) -> f64 {
        let r = &self.correlation;
        let shift = crate::dsp::parabola(r[lag - 1], r[lag], r[lag + 1]).map_or(0.0, |(shift, _)| shift);
        let position = lag as f64 + shift;
        let height = below_one(sinc::interpolate(&self.mirrored, self.known_lag as f64 + position, RANK_DEPTH));
        height - self.settings.octave * libm::log2(self.settings.floor * position / self.rate)
    }

    fn refine(&self, lag: usize) -> Candidate {
        let (position, height) = sinc::maximum(&self.mirrored, self.known_lag + lag, self.settings.depth);
        Candidate { frequency: self.rate / (position - self.known_lag as f64), strength: below_one(height) }
    }
}

/// conj(a)·b into a.
fn conjugate_product((a, b): &mut (Spectrum, Spectrum)) {
    for k in 0..a.bins() {
        let (re, im) = (a.re[k] * b.re[k] + a.im[k] * b.im[k], a.re[k] * b.im[k] - a.im[k] * b.re[k]);
        (a.re[k], a.im[k]) = (re, im);
    }
}

/// Interpolation between samples of a correlation can pass 1; such a height is as good as its inverse.
fn below_one(height: f64) -> f64 {
    if height > 1.0 { 1.0 / height } else { height }
}

/// Samples from `from` to `to`, both included, as far as they exist.
fn between(x: &[f64], from: isize, to: isize) -> &[f64] {
    let start = usize::try_from(from).unwrap_or(0).min(x.len());
    let end = usize::try_from(to + 1).unwrap_or(0).min(x.len());
    x.get(start..end).unwrap_or(&[])
}
