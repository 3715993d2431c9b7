//! Signal arithmetic shared by voice and balance: Fourier transform, sinc interpolation, filters, resampling, order statistics.
//!
//! Everything here is plain IEEE arithmetic in a fixed order, and every transcendental function comes from `libm`:
//! the same samples give the same bits on every system and processor.

pub(crate) mod burg;
pub(crate) mod chirp;
pub(crate) mod fft;
pub(crate) mod filter;
pub(crate) mod resample;
pub(crate) mod sinc;
pub(crate) mod stats;
pub(crate) mod window;

/// Largest integer not above `x` as an index; negative values and NaN become 0.
#[allow(
    clippy::cast_possible_truncation,
    reason = "float to integer casts saturate, and callers bound the result by a length"
)]
pub(crate) fn floor_index(x: f64) -> usize {
    x.floor() as usize
}

/// Signed floor, for positions that may lie before the first sample.
#[allow(
    clippy::cast_possible_truncation,
    reason = "float to integer casts saturate, and callers bound the result by a length"
)]
pub(crate) fn floor_signed(x: f64) -> isize {
    x.floor() as isize
}

/// Nearest sample position, halves upwards.
pub(crate) fn nearest_signed(x: f64) -> isize {
    floor_signed(x + 0.5)
}

/// A signed position brought into `0..len`.
pub(crate) fn clamp_index(i: isize, len: usize) -> usize {
    usize::try_from(i).unwrap_or(0).min(len.saturating_sub(1))
}

/// Vertex of the parabola through three equally spaced values: offset from the middle one (in steps) and height.
/// `None` where the three do not form a peak.
pub(crate) fn parabola(left: f64, mid: f64, right: f64) -> Option<(f64, f64)> {
    let curvature = 2.0 * mid - left - right;
    if curvature <= 0.0 {
        return None;
    }
    let slope = 0.5 * (right - left);
    Some((slope / curvature, mid + 0.5 * slope * slope / curvature))
}

/// Dot product in four fixed lanes: fast, and in the same order everywhere.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len().min(b.len());
    let (a, b) = (&a[..n], &b[..n]);
    let mut lanes = [0.0f64; 8];
    let (ca, cb) = (a.chunks_exact(8), b.chunks_exact(8));
    let tail: f64 = ca.remainder().iter().zip(cb.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in ca.zip(cb) {
        for k in 0..8 {
            lanes[k] += x[k] * y[k];
        }
    }
    ((lanes[0] + lanes[4]) + (lanes[1] + lanes[5])) + ((lanes[2] + lanes[6]) + (lanes[3] + lanes[7])) + tail
}
