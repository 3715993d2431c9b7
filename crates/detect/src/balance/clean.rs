//! Time base and filter: what happens to a trial before it is measured.

use super::{Cop, Trace};
use crate::dsp::{filter, floor_index, stats};
use crate::error::Error;
use crate::units::{Hertz, Seconds};

/// Rate of an even time base made from uneven stamps.
const RATE: Hertz = 100.0;
/// Cut-off of the low-pass.
pub const CUTOFF: Hertz = 10.0;
/// Intervals may differ by this share of their mean and still count as even.
const EVEN: f64 = 0.01;
/// A gap this long ends the trial.
const GAP: Seconds = 0.1;

/// A cleaned trial, and what its time base was like.
#[derive(Debug, Clone, PartialEq)]
pub struct Cleaned {
    /// Even, filtered if asked, mean-free.
    pub cop: Cop,
    /// Mean rate of the stamps before any gap.
    pub rate: Hertz,
    /// Share of the delivered time that lies in missing samples.
    pub gap_share: f64,
}

/// Even time base, zero-phase low-pass at 10 Hz unless the source has filtered, mean removed. Never detrended.
///
/// # Errors
/// [`Error::LengthMismatch`], [`Error::TooShort`], [`Error::NotFinite`], [`Error::TimeNotIncreasing`].
pub fn clean(trace: &Trace, filtered_at_source: bool) -> Result<Cleaned, Error> {
    check(&trace.t, &[&trace.ml, &trace.ap])?;
    let end = usable_length(&trace.t);
    if end < 3 {
        return Err(Error::TooShort { samples: end });
    }
    let t = &trace.t[..end];
    let rate = (end - 1) as f64 / (t[end - 1] - t[0]);
    let even = is_even(t);
    let out = if even { rate } else { RATE };
    let axis = |x: &[f64]| {
        let x = if even { x[..end].to_vec() } else { interpolate(t, &x[..end]) };
        let x = if filtered_at_source { x } else { filter::low_pass_zero_phase(&x, out, CUTOFF) };
        let mean = stats::mean(&x).unwrap_or(0.0);
        x.into_iter().map(|v| v - mean).collect()
    };
    Ok(Cleaned {
        cop: Cop { rate: out, ml: axis(&trace.ml), ap: axis(&trace.ap) },
        rate,
        gap_share: gap_share(&trace.t),
    })
}

/// Same lengths, finite values, ascending stamps.
pub(super) fn check(t: &[Seconds], axes: &[&[f64]]) -> Result<(), Error> {
    let n = t.len();
    if axes.iter().any(|x| x.len() != n) {
        return Err(Error::LengthMismatch);
    }
    if n < 3 {
        return Err(Error::TooShort { samples: n });
    }
    let count = axes.iter().flat_map(|x| x.iter()).chain(t).filter(|v| !v.is_finite()).count();
    if count > 0 {
        return Err(Error::NotFinite { count });
    }
    let back = t.windows(2).position(|w| w[1] <= w[0]);
    back.map_or(Ok(()), |i| Err(Error::TimeNotIncreasing { row: i + 2 }))
}

/// Samples before the first gap; all of them where the whole trial is sampled that slowly (the rate gate speaks then).
pub(super) fn usable_length(t: &[Seconds]) -> usize {
    let slow = median_interval(t) > GAP;
    let gap = t.windows(2).position(|w| w[1] - w[0] > GAP);
    gap.filter(|_| !slow).map_or(t.len(), |i| i + 1)
}

fn median_interval(t: &[Seconds]) -> Seconds {
    let intervals: Vec<f64> = t.windows(2).map(|w| w[1] - w[0]).collect();
    stats::quantile(&intervals, 0.5).unwrap_or(0.0)
}

/// Time in intervals longer than one and a half usual ones, beyond the usual one, over all time.
pub(super) fn gap_share(t: &[Seconds]) -> f64 {
    let usual = median_interval(t);
    let missing: f64 = t.windows(2).map(|w| w[1] - w[0]).filter(|d| *d > 1.5 * usual).map(|d| d - usual).sum();
    missing / (t[t.len() - 1] - t[0])
}

fn is_even(t: &[Seconds]) -> bool {
    let mean = (t[t.len() - 1] - t[0]) / (t.len() - 1) as f64;
    t.windows(2).all(|w| (w[1] - w[0] - mean).abs() <= EVEN * mean)
}

/// Linear interpolation to 100 Hz from the first stamp on.
pub(super) fn interpolate(t: &[Seconds], x: &[f64]) -> Vec<f64> {
    let count = floor_index((t[t.len() - 1] - t[0]) * RATE + 1e-9) + 1;
    let mut i = 0;
    let at = |k: usize| {
        let now = t[0] + k as f64 / RATE;
        while i + 2 < t.len() && t[i + 1] <= now {
            i += 1;
        }
        let share = ((now - t[i]) / (t[i + 1] - t[i])).clamp(0.0, 1.0);
        x[i] + share * (x[i + 1] - x[i])
    };
    (0..count).map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trace(t: Vec<f64>) -> Trace {
        let ml: Vec<f64> = t.iter().map(|t| 2.0 + t).collect();
        Trace { ap: ml.iter().map(|v| -v).collect(), ml, t }
    }

    #[test]
    fn even_stamps_are_kept_and_the_mean_is_removed() {
        let cleaned = clean(&trace((0..300).map(|i| 5.0 + f64::from(i) / 50.0).collect()), true).unwrap();
        assert_eq!(cleaned.cop.ml.len(), 300);
        assert!((cleaned.cop.rate - 50.0).abs() < 1e-9 && cleaned.gap_share == 0.0);
        assert!(cleaned.cop.ml.iter().sum::<f64>().abs() < 1e-9);
    }

    #[test]
    fn uneven_stamps_become_100_hz() {
        let t: Vec<f64> = (0..300).map(|i| f64::from(i) * 0.02 + if i % 2 == 0 { 0.0 } else { 0.004 }).collect();
        let cleaned = clean(&trace(t), true).unwrap();
        assert_eq!(cleaned.cop.rate, 100.0);
        let steps: Vec<f64> = cleaned.cop.ml.windows(2).map(|w| w[1] - w[0]).collect();
        assert!(steps.iter().all(|s| (s - 0.01).abs() < 1e-9));
    }

    #[test]
    fn a_gap_ends_the_trial_and_counts_as_missing() {
        let t: Vec<f64> = (0..400).map(|i| f64::from(i) * 0.01 + if i >= 200 { 1.0 } else { 0.0 }).collect();
        let cleaned = clean(&trace(t), true).unwrap();
        assert_eq!(cleaned.cop.ml.len(), 200);
        assert!((cleaned.gap_share - 1.0 / 4.99).abs() < 1e-9);
    }

    #[test]
    fn bad_traces_are_errors() {
        assert_eq!(clean(&Trace::default(), true), Err(Error::TooShort { samples: 0 }));
        assert_eq!(clean(&trace(vec![0.0, 0.1, 0.1]), true), Err(Error::TimeNotIncreasing { row: 3 }));
        assert_eq!(clean(&trace(vec![0.0, 0.1, f64::NAN]), true), Err(Error::NotFinite { count: 3 }));
        assert_eq!(clean(&Trace { t: vec![0.0; 5], ..Trace::default() }, true), Err(Error::LengthMismatch));
    }
}
