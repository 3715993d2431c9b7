//! Change of sampling rate: ideal low-pass in the frequency domain, then sinc interpolation.

use super::fft::{RealFft, Spectrum};

/// Samples on each side used by the interpolation.
const DEPTH: usize = 50;
/// Zeros before and after, so that the low-pass does not wrap one end into the other.
const PAD: usize = 1000;

/// The signal at `to` hertz. Samples keep their centres: the first of n lies half a step plus half the remainder in.
pub(crate) fn resample(x: &[f64], from: f64, to: f64) -> Vec<f64> {
    let duration = x.len() as f64 / from;
    let count = super::floor_index(duration * to + 0.5);
    if count == 0 {
        return Vec::new();
    }
    let limited = if to < from { low_pass(x, to / from) } else { x.to_vec() };
    let first = 0.5 * (duration - (count - 1) as f64 / to);
    (0..count).map(|i| super::sinc::interpolate(&limited, (first + i as f64 / to) * from - 0.5, DEPTH)).collect()
}

/// Removes everything above `share` of the present half rate.
fn low_pass(x: &[f64], share: f64) -> Vec<f64> {
    let mut padded = vec![0.0; PAD];
    padded.extend_from_slice(x);
    let mut fft = RealFft::at_least(padded.len() + PAD);
    let mut spectrum = Spectrum::default();
    fft.forward(&padded, &mut spectrum);
    let keep = super::floor_index(share * (fft.len() / 2) as f64);
    for k in keep.max(1)..spectrum.bins() {
        spectrum.re[k] = 0.0;
        spectrum.im[k] = 0.0;
    }
    fft.inverse(&spectrum, &mut padded);
    padded.split_off(PAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_keeps_its_shape_at_the_new_rate() {
        let tone = |t: f64| libm::sin(2.0 * std::f64::consts::PI * 440.0 * t);
        let x: Vec<f64> = (0..44100).map(|i| tone((f64::from(i) + 0.5) / 44100.0)).collect();
        let y = resample(&x, 44100.0, 10000.0);
        assert_eq!(y.len(), 10000);
        for (i, v) in y.iter().enumerate().take(9000).skip(1000) {
            let expected = tone((i as f64 + 0.5) / 10000.0);
            assert!((v - expected).abs() < 1e-3, "sample {i}");
        }
    }
}
