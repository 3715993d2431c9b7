//! Syllable repetition (diadochokinesis), /pa-ta-ka/: onsets from the envelope of the voice, then rate and regularity.

use crate::dsp::{filter, floor_index, stats};
use crate::units::{Decibel, Hertz, Seconds};
use std::f64::consts::PI;

/// Band of the envelope: the voice without bursts and rumble.
const BAND: (Hertz, Hertz) = (90.0, 900.0);
/// Width of the running mean of the envelope.
const SMOOTH: Seconds = 0.05;
/// Distance of the envelope's points.
pub const STEP: Seconds = 0.005;
/// Lowest level of the envelope below its highest point.
const FLOOR: Decibel = -60.0;
/// A syllable's peak lies within this of the loud parts, and this above the quiet ones, …
const DEPTH: Decibel = 25.0;
const ABOVE_QUIET: Decibel = 6.0;
/// … rises so far out of its surroundings, …
const PROMINENCE: Decibel = 3.0;
/// … and is so many points (80 ms) away from a higher one.
const APART: usize = 16;
/// How far back the rise of the first syllable is looked for, points (0.3 s).
const FIRST_RISE: usize = 60;
/// An interval longer than this many medians is an interruption.
const INTERRUPTION: f64 = 2.5;
/// Syllables of one round: p, t and k start their vowels at different delays.
const PLACES: usize = 3;

/// A train of syllables.
#[derive(Debug, Clone, PartialEq)]
pub struct Train {
    /// Level every [`STEP`] from time 0, dB of the highest point.
    pub envelope: Vec<Decibel>,
    /// Point of each syllable's peak.
    pub peaks: Vec<usize>,
    /// Start of each syllable: half-way up the rise before its peak.
    pub onsets: Vec<Seconds>,
}

/// Measures of a train. What could not be computed is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Ddk {
    /// Syllables found.
    pub count: usize,
    /// First to last onset.
    pub span: Seconds,
    /// Syllables per second, interruptions left out.
    pub rate: Option<Hertz>,
    /// Mean interval.
    pub interval_mean: Option<Seconds>,
    /// SD over mean of the intervals.
    pub cv_plain: Option<f64>,
    /// The same after the mean of each place in the round of three is taken out.
    pub cv: Option<f64>,
    /// Normalised pairwise variability index, percent.
    pub npvi: Option<f64>,
    /// Intervals that are interruptions.
    pub interruptions: usize,
    /// Mean interval of the second half over that of the first, minus 1.
    pub slowing: Option<f64>,
    /// SD of the peaks' levels.
    pub peak_sd: Option<Decibel>,
    /// Median of peak minus valley: shallow where closures are not completed.
    pub depth: Option<Decibel>,
}

/// Finds the syllables of a recording.
pub fn find(samples: &[f64], rate: Hertz) -> Train {
    let envelope = envelope(samples, rate);
    let peaks = peaks(&envelope);
    let onsets = (0..peaks.len()).map(|i| onset(&envelope, &peaks, i)).collect();
    Train { envelope, peaks, onsets }
}

impl Train {
    /// The syllables that start within `duration` of the first.
    pub fn first(mut self, duration: Seconds) -> Self {
        let end = self.onsets.first().map_or(0.0, |first| first + duration);
        let kept = self.onsets.iter().take_while(|t| **t <= end).count();
        self.onsets.truncate(kept);
        self.peaks.truncate(kept);
        self
    }

    /// Rate, regularity and depth.
    pub fn measure(&self) -> Ddk {
        let count = self.onsets.len();
        let span = self.onsets.first().zip(self.onsets.last()).map_or(0.0, |(first, last)| last - first);
        if count < 3 {
            return Ddk { count, span, ..Ddk::default() };
        }
        let intervals: Vec<Seconds> = self.onsets.windows(2).map(|w| w[1] - w[0]).collect();
        let limit = INTERRUPTION * stats::quantile(&intervals, 0.5).unwrap_or(0.0);
        let kept: Vec<Seconds> = intervals.iter().copied().filter(|d| *d < limit).collect();
        let mean = stats::mean(&kept);
        let levels: Vec<Decibel> = self.peaks.iter().map(|k| self.envelope[*k]).collect();
        Ddk {
            count,
            span,
            rate: mean.map(|m| 1.0 / m),
            interval_mean: mean,
            cv_plain: stats::sd(&kept).zip(mean).map(|(s, m)| s / m),
            cv: cv_without_places(&intervals, limit),
            npvi: npvi(&intervals, limit),
            interruptions: intervals.len() - kept.len(),
            slowing: slowing(&kept),
            peak_sd: stats::sd(&levels),
            depth: self.depth(),
        }
    }

    fn depth(&self) -> Option<Decibel> {
        let level = |k: usize| self.envelope[k];
        let one = |w: &[usize]| {
            let valley = self.envelope[w[0]..w[1]].iter().copied().fold(f64::INFINITY, f64::min);
            0.5 * (level(w[0]) + level(w[1])) - valley
        };
        stats::quantile(&self.peaks.windows(2).map(one).collect::<Vec<_>>(), 0.5)
    }
}

/// Energy of the band under a running Hann mean, dB of the highest point.
fn envelope(samples: &[f64], rate: Hertz) -> Vec<Decibel> {
    let mut energy = filter::band_pass_zero_phase(samples, rate, BAND);
    energy.iter_mut().for_each(|v| *v *= *v);
    let width = floor_index(SMOOTH * rate).max(1);
    let hann: Vec<f64> = (1..=width).map(|i| 0.5 - 0.5 * libm::cos(2.0 * PI * i as f64 / (width + 1) as f64)).collect();
    let count = floor_index(samples.len() as f64 / rate / STEP);
    let half = (width - 1) / 2;
    let mean = |i: usize| {
        // The mean's middle lies on the sample of the point's time.
        let last = floor_index(i as f64 * STEP * rate) + half;
        let first = (last + 1).saturating_sub(width);
        let skip = (first + width).saturating_sub(last + 1);
        let part = &energy[first.min(energy.len())..(last + 1).min(energy.len())];
        crate::dsp::dot(part, &hann[skip..])
    };
    let means: Vec<f64> = (0..count).map(mean).collect();
    let top = means.iter().copied().fold(0.0, f64::max);
    if top <= 0.0 {
        return vec![FLOOR; count];
    }
    means.iter().map(|e| (10.0 * libm::log10(e / top + 1e-9)).max(FLOOR)).collect()
}

/// Local maxima that are high, prominent and apart enough.
fn peaks(envelope: &[Decibel]) -> Vec<usize> {
    let (Some(loud), Some(quiet)) = (stats::quantile(envelope, 0.95), stats::quantile(envelope, 0.05)) else {
        return Vec::new();
    };
    let threshold = (loud - DEPTH).max(quiet + ABOVE_QUIET);
    let mut found = maxima(envelope);
    found.retain(|k| envelope[*k] >= threshold);
    let mut found = spaced(envelope, &found);
    found.retain(|k| prominence(envelope, *k) >= PROMINENCE);
    found
}

/// Middles of all local maxima; a plateau counts once.
fn maxima(x: &[Decibel]) -> Vec<usize> {
    let (mut found, mut i) = (Vec::new(), 1);
    while i + 1 < x.len() {
        let mut end = i;
        while end + 1 < x.len() && x[end + 1] == x[i] {
            end += 1;
        }
        if x[i] > x[i - 1] && end + 1 < x.len() && x[end + 1] < x[i] {
            found.push(usize::midpoint(i, end));
        }
        i = end + 1;
    }
    found
}

/// From the highest down: a peak removes lower ones nearer than [`APART`].
fn spaced(x: &[Decibel], peaks: &[usize]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..peaks.len()).collect();
    order.sort_by(|a, b| x[peaks[*b]].total_cmp(&x[peaks[*a]]).then(b.cmp(a)));
    let mut kept = vec![true; peaks.len()];
    for i in order {
        if !kept[i] {
            continue;
        }
        let near = |j: &usize| peaks[*j].abs_diff(peaks[i]) < APART;
        (0..i).rev().take_while(near).for_each(|j| kept[j] = false);
        (i + 1..peaks.len()).take_while(near).for_each(|j| kept[j] = false);
    }
    peaks.iter().zip(kept).filter(|(_, kept)| *kept).map(|(k, _)| *k).collect()
}

/// Height above the higher of the two lowest points towards the next higher point (or the end) on each side.
fn prominence(x: &[Decibel], peak: usize) -> Decibel {
    let lowest =
        |side: &mut dyn Iterator<Item = &f64>| side.take_while(|v| **v <= x[peak]).fold(x[peak], |low, v| low.min(*v));
    x[peak] - lowest(&mut x[..peak].iter().rev()).max(lowest(&mut x[peak + 1..].iter()))
}

/// Half-way (in dB) up the rise from the lowest point before the peak, linear between points.
fn onset(x: &[Decibel], peaks: &[usize], i: usize) -> Seconds {
    let peak = peaks[i];
    let from = if i > 0 { peaks[i - 1] } else { peak.saturating_sub(FIRST_RISE) };
    let valley = (from..=peak).fold(from, |low, k| if x[k] < x[low] { k } else { low });
    let half = 0.5 * (x[valley] + x[peak]);
    let reached = (valley..peak).find(|k| x[*k] >= half).unwrap_or(peak);
    if reached == valley {
        return valley as f64 * STEP;
    }
    let (below, above) = (x[reached - 1], x[reached]);
    let share = if above > below { (half - below) / (above - below) } else { 0.0 };
    ((reached - 1) as f64 + share) * STEP
}

fn cv_without_places(intervals: &[Seconds], limit: Seconds) -> Option<f64> {
    let at = |place: usize| {
        let own: Vec<f64> = intervals.iter().skip(place).step_by(PLACES).copied().filter(|d| *d < limit).collect();
        let mean = stats::mean(&own).unwrap_or(0.0);
        (own.iter().map(|d| d - mean).collect::<Vec<_>>(), own)
    };
    let (mut left, mut kept) = (Vec::new(), Vec::new());
    for (residues, own) in (0..PLACES).map(at) {
        left.extend(residues);
        kept.extend(own);
    }
    let free = kept.len().checked_sub(PLACES).filter(|n| *n > 0)?;
    let squares: f64 = left.iter().map(|v| v * v).sum();
    Some((squares / free as f64).sqrt() / stats::mean(&kept)?)
}

fn npvi(intervals: &[Seconds], limit: Seconds) -> Option<f64> {
    let pairs = intervals.windows(2).filter(|w| w[0] < limit && w[1] < limit);
    let parts: Vec<f64> = pairs.map(|w| 2.0 * (w[0] - w[1]).abs() / (w[0] + w[1])).collect();
    stats::mean(&parts).map(|m| 100.0 * m)
}

fn slowing(kept: &[Seconds]) -> Option<f64> {
    let half = kept.len() / 2;
    let (first, second) = (kept.get(..half)?, kept.get(kept.len() - half..)?);
    (half >= 2).then(|| Some(stats::mean(second)? / stats::mean(first)? - 1.0)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tone bursts of 100 ms with soft ends, at the given times.
    fn bursts(onsets: &[f64], rate: f64) -> Vec<f64> {
        let end = onsets.last().unwrap() + 0.6;
        let gain = |t: f64| {
            let since = onsets.iter().map(|o| t - o).find(|s| (0.0..0.1).contains(s));
            since.map_or(1e-3, |s| libm::sin(PI * s / 0.1))
        };
        (0..floor_index(end * rate))
            .map(|i| i as f64 / rate)
            .map(|t| gain(t) * libm::sin(2.0 * PI * 200.0 * t))
            .collect()
    }

    #[test]
    fn an_even_train_has_its_rate_and_no_irregularity() {
        let onsets: Vec<f64> = (0..25).map(|i| 0.5 + 0.2 * f64::from(i)).collect();
        let train = find(&bursts(&onsets, 16_000.0), 16_000.0);
        let m = train.measure();
        assert_eq!((m.count, m.interruptions), (25, 0));
        assert!((m.rate.unwrap() - 5.0).abs() < 0.01 && m.cv_plain.unwrap() < 0.01 && m.cv.unwrap() < 0.01);
        assert!(m.slowing.unwrap().abs() < 0.01 && m.depth.unwrap() > 20.0);
        assert_eq!(train.first(2.0).onsets.len(), 11);
    }

    #[test]
    fn places_in_the_round_and_interruptions_do_not_count_as_irregular() {
        let mut t = 0.5;
        let onsets: Vec<f64> = (0..24)
            .map(|i| {
                t += if i == 12 { 0.9 } else { [0.18, 0.2, 0.24][i % 3] };
                t
            })
            .collect();
        let m = find(&bursts(&onsets, 16_000.0), 16_000.0).measure();
        assert_eq!((m.count, m.interruptions), (24, 1));
        assert!(m.cv_plain.unwrap() > 0.1 && m.cv.unwrap() < 0.02, "{m:?}");
    }

    #[test]
    fn silence_and_noise_free_of_syllables_give_no_rate() {
        assert_eq!(find(&vec![0.0; 16_000], 16_000.0).measure(), Ddk::default());
        assert_eq!(find(&[], 16_000.0).measure().count, 0);
    }
}
