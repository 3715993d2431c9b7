//! Windows and pre-emphasis shared by the cepstrum and the formants.

use crate::units::Hertz;
use std::f64::consts::PI;

/// Gaussian that reaches 0 at both ends: (e^(−12u²) − e^(−12)) / (1 − e^(−12)), u from −1 to 1 (Boersma 1993, postscript).
pub(crate) fn gaussian(n: usize) -> Vec<f64> {
    let (middle, edge) = (0.5 * (n as f64 + 1.0), libm::exp(-12.0));
    let value = |i: usize| {
        let u = (i as f64 - middle) / middle;
        (libm::exp(-12.0 * u * u) - edge) / (1.0 - edge)
    };
    (1..=n).map(value).collect()
}

/// Raises the spectrum by 6 dB per octave above `from`.
pub(crate) fn pre_emphasise(x: &mut [f64], from: Hertz, rate: Hertz) {
    let keep = libm::exp(-2.0 * PI * from / rate);
    for i in (1..x.len()).rev() {
        x[i] -= keep * x[i - 1];
    }
}
