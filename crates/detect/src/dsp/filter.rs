//! Butterworth low-pass and band-pass of order 4, run forward and back: no delay, squared magnitude.

use std::f64::consts::PI;

/// Samples added at each end by point reflection before filtering: three times the filter's length, 2 × sections + 1.
const LOW_PASS_EDGE: usize = 15;
const BAND_PASS_EDGE: usize = 27;

/// One second-order section, transposed direct form II.
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

    /// A pole pair with zeros at 0 Hz and at half the rate; the gain is left as it comes.
    fn band_pass((re, im): (f64, f64)) -> Self {
        Self { b0: 1.0, b1: 0.0, b2: -1.0, a1: -2.0 * re, a2: re * re + im * im }
    }

    /// Filters in place, starting as if `first` had been there for ever. Returns what would then have come out for ever.
    fn run(&self, x: &mut [f64], first: f64) -> f64 {
        let settled = first * (self.b0 + self.b1 + self.b2) / (1.0 + self.a1 + self.a2);
        let (mut s1, mut s2) = (settled - self.b0 * first, self.b2 * first - self.a2 * settled);
        for v in x {
            let y = self.b0 * *v + s1;
            s1 = self.b1 * *v - self.a1 * y + s2;
            s2 = self.b2 * *v - self.a2 * y;
            *v = y;
        }
        settled
    }
}

/// Zero-phase Butterworth low-pass, order 4 in each direction; `cutoff` and `rate` in hertz.
/// Signals no longer than the edge, and cut-offs at or above half the rate, come back unchanged.
pub(crate) fn low_pass_zero_phase(x: &[f64], rate: f64, cutoff: f64) -> Vec<f64> {
    if cutoff >= 0.5 * rate {
        return x.to_vec();
    }
    let sections = [PI / 8.0, 3.0 * PI / 8.0].map(|angle| Section::low_pass(cutoff, rate, 0.5 / libm::cos(angle)));
    zero_phase(x, &sections, LOW_PASS_EDGE)
}

/// Zero-phase Butterworth band-pass, order 4 in each direction; levels are relative, the gain in the band is not 1.
/// Signals no longer than the edge, and bands that reach half the rate, come back unchanged.
pub(crate) fn band_pass_zero_phase(x: &[f64], rate: f64, (low, high): (f64, f64)) -> Vec<f64> {
    if high >= 0.5 * rate {
        return x.to_vec();
    }
    // Prewarped edges; each pole of the low-pass becomes two of the band-pass: s² − p·width·s + centre² = 0.
    let warp = |hz: f64| 2.0 * rate * libm::tan(PI * hz / rate);
    let (from, to) = (warp(low), warp(high));
    let (width, centre) = (to - from, from * to);
    let pole = |angle: f64| (-libm::cos(angle) * 0.5 * width, libm::sin(angle) * 0.5 * width);
    let pairs = [PI / 8.0, 3.0 * PI / 8.0].map(|angle| {
        let (re, im) = pole(angle);
        let (root_re, root_im) = square_root(re * re - im * im - centre, 2.0 * re * im);
        [(re + root_re, im + root_im), (re - root_re, im - root_im)]
            .map(|s| Section::band_pass(bilinear(s, 2.0 * rate)))
    });
    zero_phase(x, &[pairs[0][0], pairs[0][1], pairs[1][0], pairs[1][1]], BAND_PASS_EDGE)
}

/// (k + s)/(k − s).
fn bilinear((re, im): (f64, f64), k: f64) -> (f64, f64) {
    let d = (k - re) * (k - re) + im * im;
    (((k + re) * (k - re) - im * im) / d, 2.0 * k * im / d)
}

/// Principal square root of a complex number.
fn square_root(re: f64, im: f64) -> (f64, f64) {
    let size = (re * re + im * im).sqrt();
    let (root_re, root_im) = ((0.5 * (size + re)).max(0.0).sqrt(), (0.5 * (size - re)).max(0.0).sqrt());
    (root_re, if im < 0.0 { -root_im } else { root_im })
}

fn zero_phase(x: &[f64], sections: &[Section], edge: usize) -> Vec<f64> {
    let n = x.len();
    if n <= edge {
        return x.to_vec();
    }
    let before = (1..=edge).rev().map(|i| 2.0 * x[0] - x[i]);
    let after = (1..=edge).map(|i| 2.0 * x[n - 1] - x[n - 1 - i]);
    let mut y: Vec<f64> = before.chain(x.iter().copied()).chain(after).collect();
    for _ in 0..2 {
        let first = y[0];
        sections.iter().fold(first, |first, section| section.run(&mut y, first));
        y.reverse();
    }
    y[edge..edge + n].to_vec()
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

    #[test]
    fn the_band_passes_its_middle_and_stops_what_lies_beside() {
        let level = |hz: f64| {
            let x: Vec<f64> = (0..8000).map(|i| libm::sin(2.0 * PI * hz * f64::from(i) / 16_000.0)).collect();
            let y = band_pass_zero_phase(&x, 16_000.0, (90.0, 900.0));
            10.0 * libm::log10(y[2000..6000].iter().map(|v| v * v).sum::<f64>() / 4000.0)
        };
        let middle = level(285.0);
        // At the edges of the band a filter run twice has lost 6 dB.
        assert!((level(900.0) - middle + 6.02).abs() < 0.1 && (level(90.0) - middle + 6.02).abs() < 0.1);
        assert!((level(200.0) - middle).abs() < 0.01 && level(1800.0) < middle - 50.0 && level(45.0) < middle - 50.0);
    }
}
