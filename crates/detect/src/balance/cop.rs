//! Sway measures of the centre of pressure (Prieto et al. 1996, IEEE Trans. Biomed. Eng. 43:956–966, unless named).

use super::Cop;
use crate::units::{Centimetre, Hertz, Seconds};
use std::f64::consts::{PI, SQRT_2};

/// Share of positions the ellipse is to hold.
const CONFIDENCE: f64 = 0.95;

/// The 95 % prediction ellipse (Schubert & Kirchner 2014, Gait Posture 39:518–522).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ellipse {
    /// Area, cm².
    pub area: f64,
    /// Half the long axis.
    pub major: Centimetre,
    /// Half the short axis.
    pub minor: Centimetre,
    /// Direction of the long axis from ML towards AP, degrees, −90 to 90.
    pub angle: f64,
}

/// Measures of a stance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sway {
    /// First to last sample.
    pub duration: Seconds,
    /// Mean distance from the centre.
    pub mean_distance: Centimetre,
    /// Mean absolute sideways deviation.
    pub mean_distance_ml: Centimetre,
    /// Mean absolute forward deviation.
    pub mean_distance_ap: Centimetre,
    /// RMS distance.
    pub rms: Centimetre,
    /// RMS sideways.
    pub rms_ml: Centimetre,
    /// RMS forward.
    pub rms_ap: Centimetre,
    /// Largest minus smallest sideways position.
    pub range_ml: Centimetre,
    /// Largest minus smallest forward position.
    pub range_ap: Centimetre,
    /// Length of the path.
    pub path: Centimetre,
    /// Path over duration, cm/s.
    pub velocity: f64,
    /// Sideways path over duration, cm/s.
    pub velocity_ml: f64,
    /// Forward path over duration, cm/s.
    pub velocity_ap: f64,
    /// 95 % prediction ellipse.
    pub ellipse: Ellipse,
    /// Area of the 95 % circle, cm².
    pub circle_area: f64,
    /// Area of the 95 % ellipse of Prieto (for a sample, not for the next position), cm².
    pub prieto_area: f64,
    /// Area of the convex hull, cm².
    pub hull_area: f64,
    /// Area swept per second, cm²/s.
    pub area_rate: f64,
    /// Turns of a circle of the mean distance per second.
    pub mean_frequency: Hertz,
    /// The same sideways.
    pub mean_frequency_ml: Hertz,
    /// The same forward.
    pub mean_frequency_ap: Hertz,
}

/// Measures a cleaned trial; `None` for fewer than five samples or no movement at all.
pub fn measure(cop: &Cop) -> Option<Sway> {
    let n = cop.ml.len();
    if n < 5 || cop.ap.len() != n || !cop.rate.is_finite() || cop.rate <= 0.0 {
        return None;
    }
    let duration = cop.duration();
    let (ml, ap) = (Axis::of(&cop.ml), Axis::of(&cop.ap));
    let r: Vec<f64> = cop.ml.iter().zip(&cop.ap).map(|(x, y)| (x * x + y * y).sqrt()).collect();
    let mean_distance = mean(&r);
    if !(mean_distance > 0.0 && mean_distance.is_finite()) {
        return None;
    }
    let path = steps(&cop.ml).zip(steps(&cop.ap)).map(|(x, y)| (x * x + y * y).sqrt()).sum::<f64>();
    let mean_square = ml.mean_square + ap.mean_square;
    let spread = (mean_square - mean_distance * mean_distance).max(0.0).sqrt();
    let radius = mean_distance + 1.645 * spread;
    let velocity = path / duration;
    let ellipse = ellipse(cop);
    Some(Sway {
        duration,
        mean_distance,
        mean_distance_ml: ml.mean_abs,
        mean_distance_ap: ap.mean_abs,
        rms: mean_square.sqrt(),
        rms_ml: ml.mean_square.sqrt(),
        rms_ap: ap.mean_square.sqrt(),
        range_ml: ml.range,
        range_ap: ap.range,
        path,
        velocity,
        velocity_ml: ml.path / duration,
        velocity_ap: ap.path / duration,
        prieto_area: ellipse.area * n as f64 * (n as f64 - 2.0) / ((n as f64 - 1.0) * (n as f64 + 1.0)),
        hull_area: hull_area(cop),
        ellipse,
        circle_area: PI * radius * radius,
        area_rate: swept(cop) / (2.0 * duration),
        mean_frequency: velocity / (2.0 * PI * mean_distance),
        mean_frequency_ml: ml.frequency(duration),
        mean_frequency_ap: ap.frequency(duration),
    })
}

/// Area of the smallest convex outline (monotone chain: Andrew 1979, Inf. Process. Lett. 9:216–219).
fn hull_area(cop: &Cop) -> f64 {
    let mut points: Vec<(f64, f64)> = cop.ml.iter().copied().zip(cop.ap.iter().copied()).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let turn = |o: (f64, f64), a: (f64, f64), b: (f64, f64)| (a.0 - o.0) * (b.1 - o.1) - (a.1 - o.1) * (b.0 - o.0);
    let chain = |points: &mut dyn Iterator<Item = &(f64, f64)>| {
        let mut hull: Vec<(f64, f64)> = Vec::new();
        for p in points {
            while hull.len() >= 2 && turn(hull[hull.len() - 2], hull[hull.len() - 1], *p) <= 0.0 {
                hull.pop();
            }
            hull.push(*p);
        }
        hull.pop();
        hull
    };
    let mut hull = chain(&mut points.iter());
    hull.extend(chain(&mut points.iter().rev()));
    let pairs = hull.iter().zip(hull.iter().cycle().skip(1));
    0.5 * pairs.map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f64>().abs()
}

/// Romberg quotient: eyes closed over eyes open, of area or of velocity. `None` unless both are positive.
pub fn romberg(closed: f64, open: f64) -> Option<f64> {
    (closed > 0.0 && open > 0.0).then(|| closed / open).filter(|q| q.is_finite())
}

/// Sums over one axis.
struct Axis {
    mean_abs: f64,
    mean_square: f64,
    range: f64,
    path: f64,
}

impl Axis {
    fn of(x: &[f64]) -> Self {
        let n = x.len() as f64;
        let (low, high) = x.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v)));
        Self {
            mean_abs: x.iter().map(|v| v.abs()).sum::<f64>() / n,
            mean_square: x.iter().map(|v| v * v).sum::<f64>() / n,
            range: high - low,
            path: steps(x).map(f64::abs).sum(),
        }
    }

    /// A still axis has no frequency to speak of: 0.
    fn frequency(&self, duration: Seconds) -> Hertz {
        if self.mean_abs > 0.0 { self.path / duration / (4.0 * SQRT_2 * self.mean_abs) } else { 0.0 }
    }
}

fn steps(x: &[f64]) -> impl Iterator<Item = f64> {
    x.windows(2).map(|w| w[1] - w[0])
}

fn mean(x: &[f64]) -> f64 {
    x.iter().sum::<f64>() / x.len() as f64
}

/// Twice the area swept by the line from the centre.
fn swept(cop: &Cop) -> f64 {
    let pairs = cop.ml.windows(2).zip(cop.ap.windows(2));
    pairs.map(|(x, y)| (y[1] * x[0] - y[0] * x[1]).abs()).sum()
}

/// Ellipse that holds the next position with 95 % probability: eigenvalues of the covariance (n − 1) times
/// 2(n−1)(n+1)/(n(n−2))·F(0.95; 2, n−2). For two numerator degrees of freedom F has a closed form.
fn ellipse(cop: &Cop) -> Ellipse {
    let n = cop.ml.len() as f64;
    let (mx, my) = (mean(&cop.ml), mean(&cop.ap));
    let sum = |f: &dyn Fn(f64, f64) -> f64| {
        cop.ml.iter().zip(&cop.ap).map(|(x, y)| f(x - mx, y - my)).sum::<f64>() / (n - 1.0)
    };
    let (xx, yy, xy) = (sum(&|x, _| x * x), sum(&|_, y| y * y), sum(&|x, y| x * y));
    let m = n - 2.0;
    let f = 0.5 * m * libm::expm1(-2.0 / m * libm::log(1.0 - CONFIDENCE));
    let factor = 2.0 * (n - 1.0) * (n + 1.0) / (n * m) * f;
    let (half_sum, half_dif) = (0.5 * (xx + yy), 0.5 * (xx - yy));
    let root = (half_dif * half_dif + xy * xy).sqrt();
    let determinant = (xx * yy - xy * xy).max(0.0);
    Ellipse {
        area: PI * factor * determinant.sqrt(),
        major: ((half_sum + root) * factor).sqrt(),
        minor: ((half_sum - root).max(0.0) * factor).sqrt(),
        angle: 0.5 * libm::atan2(2.0 * xy, xx - yy).to_degrees(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A circle of radius 1 cm once per second for ten seconds.
    fn circle() -> Cop {
        let angle = |i: i32| 2.0 * PI * f64::from(i) / 100.0;
        Cop {
            rate: 100.0,
            ml: (0..1001).map(|i| libm::cos(angle(i))).collect(),
            ap: (0..1001).map(|i| libm::sin(angle(i))).collect(),
        }
    }

    #[test]
    fn a_circle_has_the_measures_of_a_circle() {
        let s = measure(&circle()).unwrap();
        assert!((s.mean_distance - 1.0).abs() < 1e-9);
        assert!((s.velocity - 2.0 * PI).abs() < 0.01);
        assert!((s.mean_frequency - 1.0).abs() < 0.001);
        assert!((s.area_rate - PI).abs() < 0.01);
        assert!((s.range_ml - 2.0).abs() < 1e-12);
        assert!((s.ellipse.major / s.ellipse.minor - 1.0).abs() < 0.01);
        assert!((s.hull_area - PI).abs() < 0.01);
    }

    #[test]
    fn standing_perfectly_still_has_no_measures() {
        assert_eq!(measure(&Cop { rate: 100.0, ml: vec![0.0; 100], ap: vec![0.0; 100] }), None);
        assert_eq!(measure(&Cop { rate: 100.0, ml: vec![], ap: vec![] }), None);
    }

    #[test]
    fn the_romberg_quotient_needs_both() {
        assert_eq!(romberg(3.0, 2.0), Some(1.5));
        assert_eq!(romberg(3.0, 0.0), None);
    }
}
