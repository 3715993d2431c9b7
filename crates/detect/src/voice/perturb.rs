//! Jitter and shimmer: how much neighbouring periods and their amplitudes differ, from pulse times.

use crate::units::{Hertz, Seconds};
use std::f64::consts::PI;

/// Shortest and longest interval that counts as a period.
const PERIOD: (Seconds, Seconds) = (0.0001, 0.02);
/// Neighbouring periods, and neighbouring amplitudes, must lie within these factors of each other.
const PERIOD_FACTOR: f64 = 1.3;
const AMPLITUDE_FACTOR: f64 = 1.6;
/// Reach of an amplitude window, in neighbouring periods.
const REACH: f64 = 0.2;

/// Jitter; every share is relative to the mean period. `None` where too few neighbouring periods are valid.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Jitter {
    /// Mean of the valid periods.
    pub mean_period: Option<Seconds>,
    /// Mean difference of neighbouring periods, share.
    pub local: Option<f64>,
    /// The same in seconds.
    pub absolute: Option<Seconds>,
    /// Mean deviation from the mean of three, share.
    pub rap: Option<f64>,
    /// Mean deviation from the mean of five, share.
    pub ppq5: Option<f64>,
    /// 3 · rap.
    pub ddp: Option<f64>,
}

/// Shimmer; every share is relative to the mean amplitude. `None` where too few neighbouring amplitudes are valid.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Shimmer {
    /// Mean difference of neighbouring amplitudes, share.
    pub local: Option<f64>,
    /// Mean absolute level difference of neighbours, dB.
    pub local_db: Option<f64>,
    /// Mean deviation from the mean of three, share.
    pub apq3: Option<f64>,
    /// Mean deviation from the mean of five, share.
    pub apq5: Option<f64>,
    /// Mean deviation from the mean of eleven, share.
    pub apq11: Option<f64>,
    /// 3 · apq3.
    pub dda: Option<f64>,
}

/// Gaps between pulses.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Breaks {
    /// Gaps longer than 1.25 longest periods.
    pub count: usize,
    /// Their total over the duration.
    pub degree: f64,
}

/// Jitter of pulses at these times (seconds, ascending).
pub fn jitter(pulses: &[Seconds]) -> Jitter {
    let t = intervals(pulses);
    let Some(mean) = mean_period(&t) else {
        return Jitter::default();
    };
    let absolute = mean_of(t.windows(2).filter(|w| is_run(w)).map(|w| (w[0] - w[1]).abs()));
    let rap = perturbation(&t, 3, is_run).map(|d| d / mean);
    Jitter {
        mean_period: Some(mean),
        local: absolute.map(|a| a / mean),
        absolute,
        rap,
        ppq5: perturbation(&t, 5, is_run).map(|d| d / mean),
        ddp: rap.map(|r| 3.0 * r),
    }
}

/// Shimmer of pulses at these times in the recording they were found in.
pub fn shimmer(samples: &[f64], rate: Hertz, pulses: &[Seconds]) -> Shimmer {
    let a = amplitudes(samples, rate, pulses);
    let base: Vec<f64> = a.iter().take(a.len().saturating_sub(1)).flatten().copied().collect();
    let Some(mean) = crate::dsp::stats::mean(&base).filter(|m| *m > 0.0) else {
        return Shimmer::default();
    };
    let a: Vec<f64> = a.into_iter().map(|v| v.unwrap_or(0.0)).collect();
    let pairs = || a.windows(2).filter(|w| is_even(w));
    let apq3 = perturbation(&a, 3, is_even).map(|d| d / mean);
    Shimmer {
        local: mean_of(pairs().map(|w| (w[0] - w[1]).abs())).map(|d| d / mean),
        local_db: mean_of(pairs().map(|w| (20.0 * libm::log10(w[1] / w[0])).abs())),
        apq3,
        apq5: perturbation(&a, 5, is_even).map(|d| d / mean),
        apq11: perturbation(&a, 11, is_even).map(|d| d / mean),
        dda: apq3.map(|d| 3.0 * d),
    }
}

/// Voice breaks for a pitch floor, over a recording of `duration` seconds.
pub fn breaks(pulses: &[Seconds], floor: Hertz, duration: Seconds) -> Breaks {
    let gaps: Vec<f64> = intervals(pulses).into_iter().filter(|t| *t > 1.25 / floor).collect();
    let degree = if duration > 0.0 { gaps.iter().sum::<f64>() / duration } else { 0.0 };
    Breaks { count: gaps.len(), degree }
}

fn intervals(pulses: &[Seconds]) -> Vec<Seconds> {
    pulses.windows(2).map(|w| w[1] - w[0]).collect()
}

fn is_period(t: Seconds) -> bool {
    t >= PERIOD.0 && t <= PERIOD.1
}

fn within(a: f64, b: f64, factor: f64) -> bool {
    a.max(b) <= factor * a.min(b)
}

/// All periods in range and every neighbouring pair within the factor.
fn is_run(t: &[Seconds]) -> bool {
    t.iter().all(|v| is_period(*v)) && t.windows(2).all(|w| within(w[0], w[1], PERIOD_FACTOR))
}

/// All amplitudes known and every neighbouring pair within the factor. An unknown one is 0.
fn is_even(a: &[f64]) -> bool {
    a.iter().all(|v| *v > 0.0) && a.windows(2).all(|w| within(w[0], w[1], AMPLITUDE_FACTOR))
}

/// Mean of the periods in range that agree with at least one neighbour; a lone interval has nothing to disagree with.
fn mean_period(t: &[Seconds]) -> Option<Seconds> {
    let agrees =
        |i: usize, j: Option<usize>| j.and_then(|j| t.get(j)).is_some_and(|other| within(t[i], *other, PERIOD_FACTOR));
    let valid =
        |i: &usize| is_period(t[*i]) && (t.len() == 1 || agrees(*i, i.checked_sub(1)) || agrees(*i, Some(i + 1)));
    mean_of((0..t.len()).filter(valid).map(|i| t[i]))
}

/// Mean absolute difference between the middle of `k` values and their mean, over valid groups.
fn perturbation(x: &[f64], k: usize, valid: fn(&[f64]) -> bool) -> Option<f64> {
    let deviation = |w: &[f64]| (w[k / 2] - w.iter().sum::<f64>() / k as f64).abs();
    mean_of(x.windows(k).filter(|w| valid(w)).map(deviation))
}

fn mean_of(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, n) = values.fold((0.0, 0usize), |(s, n), v| (s + v, n + 1));
    (n > 0).then(|| sum / n as f64)
}

/// Amplitude at every pulse that has a valid interval on both sides.
fn amplitudes(samples: &[f64], rate: Hertz, pulses: &[Seconds]) -> Vec<Option<f64>> {
    pulses
        .windows(3)
        .map(|p| {
            let (left, right) = (p[1] - p[0], p[2] - p[1]);
            is_run(&[left, right]).then(|| windowed_rms(samples, rate, p[1], REACH * left, REACH * right)).flatten()
        })
        .collect()
}

/// RMS under a raised cosine that is 1 at `t` and 0 at `t − left` and `t + right`.
fn windowed_rms(samples: &[f64], rate: Hertz, t: Seconds, left: Seconds, right: Seconds) -> Option<f64> {
    let position = |s: f64| s * rate - 0.5;
    let first = usize::try_from(-crate::dsp::floor_signed(-position(t - left))).unwrap_or(0);
    let last = usize::try_from(crate::dsp::floor_signed(position(t + right))).ok()?.min(samples.len().checked_sub(1)?);
    let (mut sum, mut weight) = (0.0, 0.0);
    for (i, x) in samples.iter().enumerate().take(last + 1).skip(first) {
        let offset = (i as f64 + 0.5) / rate - t;
        let reach = if offset < 0.0 { left } else { right };
        let w = 0.5 + 0.5 * libm::cos(PI * offset / reach);
        sum += w * x * (w * x);
        weight += w * w;
    }
    (weight > 0.0).then(|| (sum / weight).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_even_train_has_no_jitter() {
        let pulses: Vec<f64> = (0..50).map(|i| 0.01 * f64::from(i)).collect();
        let j = jitter(&pulses);
        assert!(j.local.unwrap() < 1e-12 && (j.mean_period.unwrap() - 0.01).abs() < 1e-15);
    }

    #[test]
    fn alternating_periods_give_the_hand_computed_jitter() {
        let mut pulses = vec![0.0];
        for i in 0..40 {
            pulses.push(pulses[i] + if i % 2 == 0 { 0.010 } else { 0.011 });
        }
        let j = jitter(&pulses);
        assert!((j.local.unwrap() - 0.001 / 0.0105).abs() < 1e-12);
        // Middle of three: |0.010 − (0.011 + 0.010 + 0.011)/3| = 0.0006667 for either parity.
        assert!((j.rap.unwrap() - 0.002 / 3.0 / 0.0105).abs() < 1e-12);
        assert_eq!(j.ddp.unwrap(), 3.0 * j.rap.unwrap());
    }

    #[test]
    fn a_gap_is_a_break_and_leaves_the_statistics() {
        let pulses = [0.0, 0.01, 0.02, 0.12, 0.13, 0.14];
        let b = breaks(&pulses, 75.0, 0.2);
        assert_eq!(b.count, 1);
        assert!((b.degree - 0.5).abs() < 1e-12);
        assert!((jitter(&pulses).mean_period.unwrap() - 0.01).abs() < 1e-12);
    }

    #[test]
    fn nothing_gives_nothing() {
        assert_eq!(jitter(&[]), Jitter::default());
        assert_eq!(shimmer(&[], 8000.0, &[0.1, 0.2]), Shimmer::default());
    }
}
