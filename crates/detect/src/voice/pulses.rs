//! Glottal pulses by cross-correlation: from the strongest sample of each voiced stretch, period by period both ways.

use super::pitch::Contour;
use crate::dsp::{dot, floor_signed, nearest_signed, parabola, stats};
use crate::units::{Hertz, Seconds};

/// The next pulse lies between these multiples of the local period away.
const NEAREST: f64 = 0.8;
const FURTHEST: f64 = 1.25;
/// Correlation and share of the recording's peak that a pulse inside a stretch needs.
const KEEP: (f64, f64) = (0.3, 0.01);
/// The same for the one pulse that may lie beyond the stretch.
const KEEP_BEYOND: (f64, f64) = (0.7, 0.023_333);

/// Pulse times in seconds, ascending.
pub fn find(samples: &[f64], rate: Hertz, contour: &Contour) -> Vec<Seconds> {
    let finder = Finder::new(samples, rate, contour);
    let mut pulses = Vec::new();
    let mut placed = f64::NEG_INFINITY;
    for stretch in contour.stretches() {
        finder.walk(stretch, &mut placed, &mut pulses);
    }
    pulses.sort_by(f64::total_cmp);
    pulses
}

struct Finder<'a> {
    x: &'a [f64],
    rate: Hertz,
    contour: &'a Contour,
    peak: f64,
    /// Sum of squares of all samples before each index.
    energy: Vec<f64>,
}

/// A place where the waveform repeats.
struct Match {
    time: Seconds,
    correlation: f64,
    peak: f64,
}

impl<'a> Finder<'a> {
    fn new(x: &'a [f64], rate: Hertz, contour: &'a Contour) -> Self {
        let mean = stats::mean(x).unwrap_or(0.0);
        let peak = x.iter().fold(0.0f64, |p, v| p.max((v - mean).abs()));
        let mut energy = Vec::with_capacity(x.len() + 1);
        energy.push(0.0);
        let mut sum = 0.0;
        energy.extend(x.iter().map(|v| {
            sum += v * v;
            sum
        }));
        Self { x, rate, contour, peak, energy }
    }

    fn walk(&self, (start, end): (Seconds, Seconds), placed: &mut Seconds, pulses: &mut Vec<Seconds>) {
        let Some(middle) = self.start((start, end)) else {
            return;
        };
        pulses.push(middle);
        self.walk_left(middle, start, *placed, pulses);
        *placed = self.walk_right(middle, end, pulses).max(*placed);
    }

    /// The largest absolute sample within half a period of the middle, placed by a parabola.
    fn start(&self, (start, end): (Seconds, Seconds)) -> Option<Seconds> {
        let middle = 0.5 * (start + end);
        let half = 0.5 / self.contour.at(middle)?;
        let first = floor_signed((middle - half) * self.rate - 0.5) + 1;
        let last = floor_signed((middle + half) * self.rate - 0.5);
        let (first, last) =
            (usize::try_from(first).unwrap_or(0), usize::try_from(last).unwrap_or(0).min(self.x.len().checked_sub(1)?));
        let i = (first..=last).reduce(|b, i| if self.x[i].abs() > self.x[b].abs() { i } else { b })?;
        let at = |k: usize| self.x.get(k).map_or(0.0, |v| v.abs());
        let shift = parabola(at(i.wrapping_sub(1)), at(i), at(i + 1)).map_or(0.0, |(shift, _)| shift);
        Some((i as f64 + 0.5 + shift) / self.rate)
    }

    fn walk_left(&self, from: Seconds, start: Seconds, placed: Seconds, pulses: &mut Vec<Seconds>) {
        let mut now = from;
        while let Some(f0) = self.contour.at(now) {
            let period = 1.0 / f0;
            let next = self.best_match(now, period, now - FURTHEST * period, now - NEAREST * period);
            now = next.time;
            let apart = now - placed > NEAREST * period;
            if now < start {
                if self.is_kept(&next, KEEP_BEYOND) && apart {
                    pulses.push(now);
                }
                return;
            }
            if self.is_kept(&next, KEEP) && apart {
                pulses.push(now);
            }
        }
    }

    /// Returns the last pulse placed.
    fn walk_right(&self, from: Seconds, end: Seconds, pulses: &mut Vec<Seconds>) -> Seconds {
        let (mut now, mut placed) = (from, from);
        while let Some(f0) = self.contour.at(now) {
            let period = 1.0 / f0;
            let next = self.best_match(now, period, now + NEAREST * period, now + FURTHEST * period);
            now = next.time;
            let apart = now - placed > NEAREST * period;
            let limits = if now > end { KEEP_BEYOND } else { KEEP };
            if self.is_kept(&next, limits) && apart {
                pulses.push(now);
                placed = now;
            }
            if now > end {
                break;
            }
        }
        placed
    }

    fn is_kept(&self, found: &Match, (correlation, share): (f64, f64)) -> bool {
        found.correlation > correlation && found.peak > share * self.peak
    }

    /// Where, with the window's middle between `from` and `to`, the window of one period around `at` is best repeated.
    fn best_match(&self, at: Seconds, period: Seconds, from: Seconds, to: Seconds) -> Match {
        let (half, position) = (0.5 * period, |t: f64| t * self.rate - 0.5);
        let left = nearest_signed(position(at - half));
        let width = nearest_signed(position(at + half)) - left + 1;
        let first = floor_signed(position(from - half));
        let last = -floor_signed(-position(to - half));
        match self.best_peak(left, width, first, last) {
            Some((start, shift, correlation)) => Match {
                time: at + (start as f64 + shift - left as f64) / self.rate,
                correlation,
                peak: self.peak_of(start, width),
            },
            // Without any repetition the walk goes on by exactly one period, and nothing is kept here.
            None => Match { time: if to < at { at - period } else { at + period }, correlation: -1.0, peak: 0.0 },
        }
    }

    /// The highest local maximum among window starts `first..=last`: (start, shift by the parabola, height).
    fn best_peak(&self, left: isize, width: isize, first: isize, last: isize) -> Option<(isize, f64, f64)> {
        let (mut before, mut here) = (0.0, 0.0);
        let mut best: Option<(isize, f64, f64, f64)> = None;
        for start in first..=last {
            let after = self.correlation(left, start, width);
            let is_peak = here > 0.0 && here >= before && here >= after;
            if is_peak && best.is_none_or(|b| here > b.2) {
                best = Some((start - 1, before, here, after));
            }
            (before, here) = (here, after);
        }
        best.map(|(start, l, m, r)| {
            let (shift, height) = parabola(l, m, r).unwrap_or((0.0, m));
            (start, shift, height)
        })
    }

    /// Normalised correlation of two windows, over the part where both lie inside the recording.
    fn correlation(&self, a: isize, b: isize, width: isize) -> f64 {
        let n = self.x.len().cast_signed();
        let skip = 0.max(-a).max(-b);
        let end = width.min(n - a).min(n - b);
        let (Ok(i), Ok(j), Ok(count)) =
            (usize::try_from(a + skip), usize::try_from(b + skip), usize::try_from(end - skip))
        else {
            return 0.0;
        };
        let energy = |k: usize| self.energy[k + count] - self.energy[k];
        let product = dot(&self.x[i..i + count], &self.x[j..j + count]);
        let norm = (energy(i) * energy(j)).sqrt();
        if product == 0.0 || norm <= 0.0 { 0.0 } else { product / norm }
    }

    fn peak_of(&self, start: isize, width: isize) -> f64 {
        let from = usize::try_from(start).unwrap_or(0).min(self.x.len());
        let to = usize::try_from(start + width).unwrap_or(0).clamp(from, self.x.len());
        self.x[from..to].iter().fold(0.0f64, |p, v| p.max(v.abs()))
    }
}
