//! Data for pictures, at most [`MAX_POINTS`] points each; the drawing is the UI's.

use crate::balance::Cop;
use crate::balance::cop::{self, Ellipse};
use crate::units::{Hertz, Seconds};
use crate::voice::pitch::Contour;
use serde::Serialize;
use std::f64::consts::PI;

/// Most points of one line.
pub const MAX_POINTS: usize = 2000;
/// Corners of the ellipse's outline; the first is repeated at the end.
const OUTLINE: usize = 72;

/// Lowest and highest value of one column of pixels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Extent {
    /// Lowest.
    pub low: f64,
    /// Highest.
    pub high: f64,
}

/// A line over time as columns of equal width.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Series {
    /// Time of the first column's left edge.
    pub start_s: Seconds,
    /// Time of the last column's right edge.
    pub end_s: Seconds,
    /// The columns.
    pub columns: Vec<Extent>,
}

/// One point of a pitch track.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PitchPoint {
    /// Time.
    pub t_s: Seconds,
    /// Fundamental frequency; none where unvoiced.
    pub f0_hz: Option<Hertz>,
}

/// A stance seen from above, and against time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stabilogram {
    /// Path as (ML, AP), centimetres from the mean.
    pub path: Vec<[f64; 2]>,
    /// Closed outline of the 95 % prediction ellipse.
    pub ellipse: Vec<[f64; 2]>,
    /// Sideways against time.
    pub ml: Series,
    /// Forward against time.
    pub ap: Series,
}

/// Lowest and highest sample per column. Values that are not finite are left out.
pub fn waveform(samples: &[f32], rate: Hertz, points: usize) -> Series {
    series(samples.iter().map(|v| f64::from(*v)), samples.len(), rate, points)
}

/// The contour, thinned to `points`. The median of each group of voiced frames keeps steps from being smeared.
pub fn f0_track(contour: &Contour, points: usize) -> Vec<PitchPoint> {
    let group = contour.f0.len().div_ceil(bounded(points)).max(1);
    let point = |(i, f): (usize, &[f64])| {
        let voiced: Vec<f64> = f.iter().copied().filter(|v| *v > 0.0).collect();
        let t_s = contour.frames.time(i * group) + 0.5 * (f.len() - 1) as f64 * contour.frames.step;
        PitchPoint { t_s, f0_hz: crate::dsp::stats::quantile(&voiced, 0.5) }
    };
    contour.f0.chunks(group).enumerate().map(point).collect()
}

/// A line with a value every `step` seconds from 0, thinned to `points` by the middle of each group: (time, value).
pub fn thinned(values: &[f64], step: Seconds, points: usize) -> Vec<(Seconds, f64)> {
    let group = values.len().div_ceil(bounded(points)).max(1);
    let middle = |(i, part): (usize, &[f64])| {
        let value = crate::dsp::stats::quantile(part, 0.5).unwrap_or(0.0);
        ((i * group) as f64 * step + 0.5 * (part.len() - 1) as f64 * step, value)
    };
    values.chunks(group).enumerate().map(middle).collect()
}

/// A cleaned trial as a picture.
pub fn stabilogram(trial: &Cop, points: usize) -> Stabilogram {
    let n = trial.ml.len().min(trial.ap.len());
    let stride = n.div_ceil(bounded(points)).max(1);
    let path = (0..n).step_by(stride).map(|i| [trial.ml[i], trial.ap[i]]).collect();
    let axis = |x: &[f64]| series(x.iter().copied(), x.len(), trial.rate, points);
    let ellipse = cop::measure(trial).map(|s| outline(&s.ellipse)).unwrap_or_default();
    Stabilogram { path, ellipse, ml: axis(&trial.ml), ap: axis(&trial.ap) }
}

fn bounded(points: usize) -> usize {
    points.clamp(1, MAX_POINTS)
}

fn series(values: impl Iterator<Item = f64>, n: usize, rate: Hertz, points: usize) -> Series {
    let columns = bounded(points).min(n);
    let mut extents = vec![Extent { low: f64::INFINITY, high: f64::NEG_INFINITY }; columns];
    for (i, v) in values.enumerate().filter(|(_, v)| v.is_finite()) {
        let column = &mut extents[i * columns / n];
        column.low = column.low.min(v);
        column.high = column.high.max(v);
    }
    for column in extents.iter_mut().filter(|c| c.low > c.high) {
        *column = Extent { low: 0.0, high: 0.0 };
    }
    let end_s = n as f64 / rate;
    Series { start_s: 0.0, end_s: if end_s.is_finite() { end_s } else { 0.0 }, columns: extents }
}

fn outline(e: &Ellipse) -> Vec<[f64; 2]> {
    let turn = e.angle.to_radians();
    let (sin, cos) = (libm::sin(turn), libm::cos(turn));
    let corner = |k: usize| {
        let angle = 2.0 * PI * (k % OUTLINE) as f64 / OUTLINE as f64;
        let (along, across) = (e.major * libm::cos(angle), e.minor * libm::sin(angle));
        [along * cos - across * sin, along * sin + across * cos]
    };
    (0..=OUTLINE).map(corner).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voice::Frames;

    #[test]
    fn a_waveform_keeps_its_peaks_and_its_bound() {
        let mut samples = vec![0.0f32; 100_000];
        samples[12_345] = 0.9;
        samples[54_321] = f32::NAN;
        let s = waveform(&samples, 44_100.0, 5_000);
        assert_eq!(s.columns.len(), MAX_POINTS);
        assert_eq!(s.columns[12_345 * MAX_POINTS / 100_000].high, f64::from(0.9f32));
        assert!(s.columns.iter().all(|c| c.low.is_finite() && c.high.is_finite()));
        assert!(waveform(&[], 44_100.0, 100).columns.is_empty());
    }

    #[test]
    fn a_pitch_track_is_thinned_by_medians() {
        let frames = Frames { first: 0.5, step: 0.1, count: 6 };
        let contour = Contour { frames, f0: vec![100.0, 110.0, 0.0, 0.0, 0.0, 120.0], strength: vec![0.9; 6] };
        let points = f0_track(&contour, 3);
        assert_eq!(points.iter().map(|p| p.f0_hz).collect::<Vec<_>>(), [Some(105.0), None, Some(120.0)]);
        assert!((points[0].t_s - 0.55).abs() < 1e-12);
    }

    #[test]
    fn a_long_line_is_thinned_by_middles() {
        assert_eq!(thinned(&[1.0, 9.0, 2.0, 4.0, 5.0], 0.25, 2), [(0.25, 2.0), (0.875, 4.5)]);
        assert_eq!(thinned(&vec![1.0; 10_000], 0.1, 100_000).len(), MAX_POINTS);
        assert!(thinned(&[], 0.1, 5).is_empty());
    }

    #[test]
    fn the_ellipse_outline_is_closed_and_has_the_long_axis_in_its_direction() {
        let points = outline(&Ellipse { area: 0.0, major: 2.0, minor: 1.0, angle: 90.0 });
        assert_eq!((points.len(), points[0]), (OUTLINE + 1, points[OUTLINE]));
        assert!(points[0][0].abs() < 1e-12 && (points[0][1] - 2.0).abs() < 1e-12);
    }
}
