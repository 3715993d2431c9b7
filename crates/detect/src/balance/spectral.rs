//! Spectrum of sway, and how far it wanders: power, F50, F95, centroid and dispersion by Welch's method (Welch 1967;
//! measures of Prieto et al. 1996), and the mean frequency as the authors of the norm set compute it.

use super::Cop;
use crate::dsp::chirp::Bins;
use crate::dsp::floor_index;
use crate::units::{Hertz, Seconds};
use std::f64::consts::PI;

/// Lowest and highest frequency of the measures of a centre of pressure.
pub const BAND: (Hertz, Hertz) = (0.15, 5.0);
/// The same for a trunk accelerometer, which is filtered lower.
pub const TRUNK_BAND: (Hertz, Hertz) = (0.15, 3.5);
/// Length of Welch's segments.
const SEGMENT: Seconds = 10.0;

/// Spectrum of one axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spectrum {
    /// Power in the band, cm² (or m²/s⁴).
    pub power: f64,
    /// Half the power lies below.
    pub f50: Hertz,
    /// 95 % of the power lies below.
    pub f95: Hertz,
    /// √(m2/m0).
    pub centroid: Hertz,
    /// √(1 − m1²/(m0·m2)).
    pub dispersion: f64,
}

/// The mean of a segment is removed, or a straight line.
#[derive(Clone, Copy, PartialEq)]
enum Detrend {
    Constant,
    Linear,
}

/// Spectrum of `x`: Hann segments of 10 s overlapping by half, each detrended, padded to the whole length.
/// `None` where the band holds no power or the signal is too short.
pub fn measure(x: &[f64], rate: Hertz, (low, high): (Hertz, Hertz)) -> Option<Spectrum> {
    let n = x.len();
    let segment = n.min(floor_index(SEGMENT * rate));
    let step = rate / n as f64;
    if segment < 8 || !(step > 0.0 && step < low) || high > 0.5 * rate {
        return None;
    }
    let first = floor_index((low / step - 1e-9).ceil());
    let count = (floor_index(high / step + 1e-9) + 1).checked_sub(first).filter(|c| *c > 2)?;
    let power = welch(x, rate, (segment, segment - segment / 2), n, (first, count), Detrend::Linear);
    moments(&power, first as f64 * step, step)
}

fn moments(power: &[f64], from: Hertz, step: Hertz) -> Option<Spectrum> {
    let at = |k: usize| from + k as f64 * step;
    let (mut m, mut sums) = ([0.0f64; 3], Vec::with_capacity(power.len()));
    for (k, p) in power.iter().enumerate() {
        m[0] += p;
        m[1] += at(k) * p;
        m[2] += at(k) * at(k) * p;
        sums.push(m[0]);
    }
    if !(m[0] > 0.0 && m[0].is_finite()) {
        return None;
    }
    let reach = |share: f64| at(sums.partition_point(|s| *s < share * m[0]).min(power.len() - 1));
    Some(Spectrum {
        power: m[0] * step,
        f50: reach(0.5),
        f95: reach(0.95),
        centroid: (m[2] / m[0]).sqrt(),
        dispersion: (1.0 - m[1] * m[1] / (m[0] * m[2])).max(0.0).sqrt(),
    })
}

/// Mean frequency as in the norm set: segments of half the trial overlapping by half, mean removed; per axis
/// ∫f·P/∫P, weighted by the axis's share of the power.
pub fn set_mean_frequency(cop: &Cop) -> Option<Hertz> {
    let segment = cop.ml.len() / 2;
    if segment < 8 {
        return None;
    }
    let step = cop.rate / segment as f64;
    let bins = (0, segment / 2 + 1);
    let axis = |x: &[f64]| {
        let power = welch(x, cop.rate, (segment, segment - segment / 2), segment, bins, Detrend::Constant);
        let trapezoid = |f: &dyn Fn(usize) -> f64| (1..power.len()).map(|k| 0.5 * (f(k - 1) + f(k))).sum::<f64>();
        let (all, first) = (trapezoid(&|k| power[k]), trapezoid(&|k| k as f64 * step * power[k]));
        (first / all, power.iter().sum::<f64>())
    };
    let axes = [axis(&cop.ml), axis(&cop.ap)];
    let total: f64 = axes.iter().map(|(_, p)| p).sum();
    let mean: f64 = axes.iter().filter(|(_, p)| *p > 0.0).map(|(f, p)| f * p / total).sum();
    (mean > 0.0 && mean.is_finite()).then_some(mean)
}

/// One-sided power density, mean over segments of `width` every `hop` samples, at `bins` of a transform of length `len`.
fn welch(
    x: &[f64],
    rate: Hertz,
    (width, hop): (usize, usize),
    len: usize,
    (first, count): (usize, usize),
    detrend: Detrend,
) -> Vec<f64> {
    let hann: Vec<f64> = (0..width).map(|i| 0.5 - 0.5 * libm::cos(2.0 * PI * i as f64 / width as f64)).collect();
    let mut bins = Bins::new(width, len, first, count);
    let (mut power, mut segments) = (vec![0.0; count], 0.0);
    for start in (0..=x.len() - width).step_by(hop.max(1)) {
        bins.add_power(&prepared(&x[start..start + width], &hann, detrend), &mut power);
        segments += 1.0;
    }
    let scale = 1.0 / (rate * hann.iter().map(|w| w * w).sum::<f64>() * segments);
    for (k, p) in power.iter_mut().enumerate() {
        let single = first + k == 0 || 2 * (first + k) == len;
        *p *= if single { scale } else { 2.0 * scale };
    }
    power
}

/// Detrended and under the window.
fn prepared(x: &[f64], window: &[f64], detrend: Detrend) -> Vec<f64> {
    let n = x.len() as f64;
    let (mean, middle) = (x.iter().sum::<f64>() / n, 0.5 * (n - 1.0));
    let slope = if detrend == Detrend::Linear {
        let product: f64 = x.iter().enumerate().map(|(i, v)| (i as f64 - middle) * v).sum();
        product / (n * (n * n - 1.0) / 12.0)
    } else {
        0.0
    };
    x.iter().zip(window).enumerate().map(|(i, (v, w))| (v - mean - slope * (i as f64 - middle)) * w).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_oscillation_has_its_frequency_and_power() {
        let x: Vec<f64> = (0..6000).map(|i| libm::sin(2.0 * PI * 0.5 * f64::from(i) / 100.0)).collect();
        let s = measure(&x, 100.0, BAND).unwrap();
        assert!((s.f50 - 0.5).abs() < 0.02 && (s.centroid - 0.5).abs() < 0.02 && (s.power - 0.5).abs() < 0.01);
        assert!(s.dispersion < 0.2);
        let cop = Cop { rate: 100.0, ml: x.clone(), ap: vec![0.0; 6000] };
        assert!((set_mean_frequency(&cop).unwrap() - 0.5).abs() < 0.01);
    }

    #[test]
    fn stillness_and_short_trials_have_no_spectrum() {
        assert_eq!(measure(&[0.0; 6000], 100.0, BAND), None);
        assert_eq!(measure(&[1.0, 2.0, 1.0], 100.0, BAND), None);
        assert_eq!(measure(&vec![1.0; 200], 6.0, BAND), None);
        assert_eq!(set_mean_frequency(&Cop { rate: 100.0, ml: vec![0.0; 600], ap: vec![0.0; 600] }), None);
    }
}
