//! Trunk accelerometer at the small of the back (ISway: Mancini et al. 2012, J. NeuroEng. Rehabil. 9:59).

use super::Cop;
use super::clean::{gap_share, interpolate, usable_length};
use super::cop::{self, Sway};
use super::spectral::{self, Spectrum, TRUNK_BAND};
use crate::dsp::{filter, stats};
use crate::error::Error;
use crate::units::{Hertz, Seconds};

/// Rate after interpolation.
const RATE: Hertz = 100.0;
/// Cut-off of the low-pass.
const CUTOFF: Hertz = 3.5;
/// A sensor axis this near to the vertical cannot tell forward from sideways.
const NEAR_VERTICAL: f64 = 0.9;

/// A trial as delivered: stamps and acceleration along the sensor's axes, m/s².
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shake {
    /// Time stamps, ascending.
    pub t: Vec<Seconds>,
    /// The sensor's axes; z lies across the back, pointing away from it or into it.
    pub axes: [Vec<f64>; 3],
}

/// A trial made level, and what its signal was like.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// Horizontal acceleration, m/s², at 100 Hz, low-passed, mean-free.
    pub horizontal: Cop,
    /// Mean rate of the stamps.
    pub rate: Hertz,
    /// Share of the delivered time that lies in missing samples.
    pub gap_share: f64,
    /// Length of the mean acceleration, m/s²: gravity, if the unit is right.
    pub gravity: f64,
    /// Largest vertical deviation from gravity, m/s²: a step or a bump.
    pub vertical_peak: f64,
}

/// Measures of a trial; lengths of [`Sway`] are m/s² here, its velocity m/s³.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trunk {
    /// RMS, mean distance, path, range, ellipse and mean frequency.
    pub sway: Sway,
    /// ½∫(ȧ_AP² + ȧ_ML²)dt, m²/s⁵.
    pub jerk: f64,
    /// Spectrum sideways.
    pub ml: Option<Spectrum>,
    /// Spectrum forward.
    pub ap: Option<Spectrum>,
}

/// Even time base at 100 Hz, vertical found as the mean acceleration and turned upright (Moe-Nilssen 1998), low-pass at 3.5 Hz.
///
/// # Errors
/// [`Error::LengthMismatch`], [`Error::TooShort`], [`Error::NotFinite`], [`Error::TimeNotIncreasing`].
pub fn level(shake: &Shake) -> Result<Level, Error> {
    super::clean::check(&shake.t, &shake.axes.each_ref().map(Vec::as_slice))?;
    let end = usable_length(&shake.t);
    if end < 3 {
        return Err(Error::TooShort { samples: end });
    }
    let t = &shake.t[..end];
    let axes = shake.axes.each_ref().map(|x| interpolate(t, &x[..end]));
    let mean = axes.each_ref().map(|x| stats::mean(x).unwrap_or(0.0));
    let gravity = dot(mean, mean).sqrt();
    let (forward, sideways, up) = directions(mean, gravity);
    let along = |d: [f64; 3]| -> Vec<f64> {
        (0..axes[0].len()).map(|i| axes[0][i] * d[0] + axes[1][i] * d[1] + axes[2][i] * d[2]).collect()
    };
    let horizontal = |d| {
        let x = along(d);
        centred(filter::low_pass_zero_phase(&centred(x), RATE, CUTOFF))
    };
    Ok(Level {
        vertical_peak: along(up).iter().fold(0.0, |peak, v| (v - gravity).abs().max(peak)),
        horizontal: Cop { rate: RATE, ml: horizontal(sideways), ap: horizontal(forward) },
        rate: (end - 1) as f64 / (t[end - 1] - t[0]),
        gap_share: gap_share(&shake.t),
        gravity,
    })
}

/// Forward, sideways and up as unit vectors of the sensor. Forward is its z axis made horizontal, or x if z is upright.
fn directions(mean: [f64; 3], gravity: f64) -> ([f64; 3], [f64; 3], [f64; 3]) {
    let up = if gravity > 0.0 { mean.map(|v| v / gravity) } else { [0.0, 1.0, 0.0] };
    let axis = if up[2].abs() < NEAR_VERTICAL { [0.0, 0.0, 1.0] } else { [1.0, 0.0, 0.0] };
    let share = dot(axis, up);
    let level: [f64; 3] = std::array::from_fn(|i| axis[i] - share * up[i]);
    let length = dot(level, level).sqrt();
    let forward = level.map(|v| v / length);
    let cross = |i: usize, j: usize| up[i] * forward[j] - up[j] * forward[i];
    (forward, [cross(1, 2), cross(2, 0), cross(0, 1)], up)
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn centred(x: Vec<f64>) -> Vec<f64> {
    let mean = stats::mean(&x).unwrap_or(0.0);
    x.into_iter().map(|v| v - mean).collect()
}

/// Measures a levelled trial; `None` without movement.
pub fn measure(trial: &Level) -> Option<Trunk> {
    let cop = &trial.horizontal;
    let change = |x: &[f64]| x.windows(2).map(|w| (w[1] - w[0]) * RATE).map(|d| d * d).sum::<f64>();
    Some(Trunk {
        sway: cop::measure(cop)?,
        jerk: 0.5 * (change(&cop.ml) + change(&cop.ap)) / RATE,
        ml: spectral::measure(&cop.ml, RATE, TRUNK_BAND),
        ap: spectral::measure(&cop.ap, RATE, TRUNK_BAND),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sideways swing of 0.2 m/s² at 0.5 Hz along the sensor's x axis, gravity along y.
    fn swing() -> Shake {
        let t: Vec<f64> = (0..1500).map(|i| f64::from(i) / 50.0).collect();
        let x = t.iter().map(|t| 0.2 * libm::sin(std::f64::consts::PI * t)).collect();
        Shake { axes: [x, vec![9.81; t.len()], vec![0.0; t.len()]], t }
    }

    #[test]
    fn a_swing_is_measured_along_its_axis() {
        let level = level(&swing()).unwrap();
        assert!((level.gravity - 9.81).abs() < 1e-9 && (level.rate - 50.0).abs() < 1e-9);
        let m = measure(&level).unwrap();
        assert!((m.sway.rms_ml - 0.2 / 2f64.sqrt()).abs() < 0.002 && m.sway.rms_ap < 1e-6);
        assert!((m.ml.unwrap().f50 - 0.5).abs() < 0.04);
    }

    #[test]
    fn turning_the_sensor_changes_nothing_but_the_names() {
        let turned = {
            let s = swing();
            let (sin, cos) = (0.6, 0.8);
            let mix = |a: &[f64], b: &[f64], f: (f64, f64)| a.iter().zip(b).map(|(a, b)| f.0 * a + f.1 * b).collect();
            let [x, y, z] = &s.axes;
            Shake { axes: [mix(x, y, (cos, -sin)), mix(x, y, (sin, cos)), z.clone()], t: s.t.clone() }
        };
        let (a, b) = (measure(&level(&swing()).unwrap()).unwrap(), measure(&level(&turned).unwrap()).unwrap());
        assert!((a.sway.rms / b.sway.rms - 1.0).abs() < 1e-3 && (a.jerk / b.jerk - 1.0).abs() < 1e-2);
    }

    #[test]
    fn broken_trials_are_errors() {
        assert_eq!(level(&Shake::default()), Err(Error::TooShort { samples: 0 }));
        let mut bad = swing();
        bad.axes[1][7] = f64::NAN;
        assert_eq!(level(&bad), Err(Error::NotFinite { count: 1 }));
        bad.axes[1].pop();
        assert_eq!(level(&bad), Err(Error::LengthMismatch));
        let still = Shake { t: (0..100).map(f64::from).collect(), axes: std::array::from_fn(|_| vec![0.0; 100]) };
        assert_eq!(level(&still).map(|l| measure(&l)), Ok(None));
    }
}
