//! Stabilogram diffusion (Collins & De Luca 1993, Exp. Brain Res. 95:308–318): how far the centre of pressure has moved
//! after a lag; short lags wander freely, long ones are held back.

use crate::dsp::fft::{RealFft, Spectrum};
use crate::dsp::floor_index;
use crate::units::{Hertz, Seconds};

/// Longest lag.
const LONGEST: Seconds = 10.0;
/// The short-term line ends, the long-term line begins.
const SHORT: Seconds = 0.5;
const LONG: Seconds = 2.5;

/// Diffusion of one axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Diffusion {
    /// Half the slope of the short-term line, cm²/s.
    pub short: f64,
    /// Half the slope of the long-term line, cm²/s.
    pub long: f64,
    /// Half the slope of the short-term line in log–log: scaling exponent.
    pub short_exponent: f64,
    /// The same of the long-term line.
    pub long_exponent: f64,
    /// Where the lines cross.
    pub critical_time: Seconds,
    /// Mean squared displacement there, cm².
    pub critical_square: f64,
}

/// Diffusion of `x`; `None` below 7.5 s or without movement.
pub fn measure(x: &[f64], rate: Hertz) -> Option<Diffusion> {
    let most = floor_index(LONGEST * rate).min(x.len() / 3);
    let squares = displacements(x, most);
    let points = |accept: &dyn Fn(f64) -> bool| -> Vec<(f64, f64)> {
        let all = squares.iter().enumerate().map(|(i, msd)| ((i + 1) as f64 / rate, *msd));
        all.filter(|(t, _)| accept(*t)).collect()
    };
    let (short, long) = (points(&|t| t <= SHORT), points(&|t| t >= LONG));
    let (s, l) = (line(&short)?, line(&long)?);
    let log = |p: &[(f64, f64)]| line(&p.iter().map(|(t, v)| (libm::log(*t), libm::log(*v))).collect::<Vec<_>>());
    let critical_time = (l.1 - s.1) / (s.0 - l.0);
    let found = Diffusion {
        short: 0.5 * s.0,
        long: 0.5 * l.0,
        short_exponent: 0.5 * log(&short)?.0,
        long_exponent: 0.5 * log(&long)?.0,
        critical_time,
        critical_square: s.0 * critical_time + s.1,
    };
    let values = [found.short, found.long, found.short_exponent, found.long_exponent, critical_time];
    values.iter().all(|v| v.is_finite()).then_some(found)
}

/// Mean squared displacement for lags 1 to `most`: Σx² of both ends minus twice the autocorrelation.
fn displacements(x: &[f64], most: usize) -> Vec<f64> {
    let n = x.len();
    let (mut fft, mut spectrum) = (RealFft::at_least(n + most + 1), Spectrum::default());
    fft.forward(x, &mut spectrum);
    for k in 0..spectrum.bins() {
        spectrum.re[k] = spectrum.power(k);
        spectrum.im[k] = 0.0;
    }
    let mut correlation = vec![0.0; most + 1];
    fft.inverse(&spectrum, &mut correlation);
    let total: f64 = x.iter().map(|v| v * v).sum();
    let (mut first, mut last) = (total, total);
    (1..=most)
        .map(|lag| {
            first -= x[n - lag] * x[n - lag];
            last -= x[lag - 1] * x[lag - 1];
            ((first + last - 2.0 * correlation[lag]) / (n - lag) as f64).max(0.0)
        })
        .collect()
}

/// Least-squares line through points: (slope, intercept); `None` below two.
fn line(points: &[(f64, f64)]) -> Option<(f64, f64)> {
    if points.len() < 2 {
        return None;
    }
    let n = points.len() as f64;
    let (mx, my) = (points.iter().map(|p| p.0).sum::<f64>() / n, points.iter().map(|p| p.1).sum::<f64>() / n);
    let (xx, xy) =
        points.iter().fold((0.0, 0.0), |(xx, xy), (x, y)| (xx + (x - mx) * (x - mx), xy + (x - mx) * (y - my)));
    let slope = xy / xx;
    slope.is_finite().then_some((slope, my - slope * mx))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn displacements_match_their_definition() {
        let x: Vec<f64> = (0..400).map(|i| libm::sin(0.05 * f64::from(i)) + 0.2 * f64::from(i % 5)).collect();
        let fast = displacements(&x, 100);
        for lag in [1, 7, 100] {
            let plain: f64 = x.windows(lag + 1).map(|w| (w[lag] - w[0]) * (w[lag] - w[0])).sum::<f64>();
            assert!((fast[lag - 1] - plain / (400 - lag) as f64).abs() < 1e-11);
        }
    }

    #[test]
    fn a_free_walk_has_an_exponent_of_a_half_and_stillness_none() {
        let (mut state, mut at) = (7u64, 0.0);
        let x: Vec<f64> = (0..60_000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                at += if state >> 63 == 0 { 0.01 } else { -0.01 };
                at
            })
            .collect();
        let d = measure(&x, 100.0).unwrap();
        assert!((d.short_exponent - 0.5).abs() < 0.05 && (d.short / 0.005 - 1.0).abs() < 0.1, "{d:?}");
        assert_eq!(measure(&[0.0; 6000], 100.0), None);
        assert_eq!(measure(&[0.0, 1.0, 0.0], 100.0), None);
    }
}
