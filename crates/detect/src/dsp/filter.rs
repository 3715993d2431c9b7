//! Butterworth low-pass of order 4, run forward and back: no delay, squared magnitude.

use std::f64::consts::PI;

/// Samples added at each end by point reflection before filtering; three times the filter's length.
const EDGE: usize = 15;

/// One second-order section, transposed direct form II, unit gain at 0 Hz.
#[derive(Debug, Clone, Copy)]
struct Section {
    b0: f64,
    b1: f64,
    b2: f64,
    a1: f64,
    a2: f64,
}

impl Section {
    /// Bilinear transform of a second-order low-pass with prewarped cut-off.
    fn low_pass(cutoff: f64, rate: f64, q: f64) -> Self {
        let k = libm::tan(PI * cutoff / rate);
        let norm = 1.0 / (1.0 + k / q + k * k);
        let b0 = k * k * norm;
        Self { b0, b1: 2.0 * b0, b2: b0, a1: 2.0 * (k * k - 1.0) * norm, a2: (1.0 - k / q + k * k) * norm }
    }

    /// Filters in place, starting as if the first value had been there for ever.
    fn run(&self, x: &mut [f64]) {
        let first = x.first().copied().unwrap_or(0.0);
        let (mut s1, mut s2) = ((1.0 - self.b0) * first, (self.b2 - self.a2) * first);
        for v in x {
            let y = self.b0 * *v + s1;
            s1 = self.b1 * *v - self.a1 * y + s2;
            s2 = self.b2 * *v - self.a2 * y;
            *v = y;
        }
    }
}

/// Zero-phase Butterworth low-pass, order 4 in each direction; `cutoff` and `rate` in hertz.
/// Signals no longer than the edge, and cut-offs at or above half the rate, come back unchanged.
pub(crate) fn low_pass_zero_phase(x: &[f64], rate: f64, cutoff: f64) -> Vec<f64> {
    let n = x.len();
    if n <= EDGE || cutoff >= 0.5 * rate {
        return x.to_vec();
    }
    let sections = [PI / 8.0, 3.0 * PI / 8.0].map(|angle| Section::low_pass(cutoff, rate, 0.5 / libm::cos(angle)));
    let before = (1..=EDGE).rev().map(|i| 2.0 * x[0] - x[i]);
    let after = (1..=EDGE).map(|i| 2.0 * x[n - 1] - x[n - 1 - i]);
    let mut y: Vec<f64> = before.chain(x.iter().copied()).chain(after).collect();
    for _ in 0..2 {
        sections.iter().for_each(|s| s.run(&mut y));
        y.reverse();
    }
    y[EDGE..EDGE + n].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_tones_pass_and_fast_ones_do_not() {
        let tone =
            |hz: f64| -> Vec<f64> { (0..2000).map(|i| libm::sin(2.0 * PI * hz * f64::from(i) / 100.0)).collect() };
        let (slow, fast) = (tone(1.0), tone(30.0));
        let kept = low_pass_zero_phase(&slow, 100.0, 10.0);
        assert!(slow.iter().zip(&kept).skip(100).take(1800).all(|(a, b)| (a - b).abs() < 1e-3));
        assert!(low_pass_zero_phase(&fast, 100.0, 10.0)[100..1900].iter().all(|v| v.abs() < 1e-3));
    }
}
