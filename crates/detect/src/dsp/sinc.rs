//! Band-limited interpolation: a sinc under a raised cosine that ends with the samples used.

use std::f64::consts::PI;

/// Value of the sampled function `y` at fractional index `x`, from up to `depth` samples on each side.
/// Near an end fewer samples are used on both sides; outside, the end value holds.
pub(crate) fn interpolate(y: &[f64], x: f64, depth: usize) -> f64 {
    let Some(last) = y.len().checked_sub(1) else {
        return 0.0;
    };
    if x <= 0.0 {
        return y[0];
    }
    if x >= last as f64 {
        return y[last];
    }
    let left = super::floor_index(x);
    let fraction = x - left as f64;
    if fraction == 0.0 {
        return y[left];
    }
    let depth = depth.min(left + 1).min(last - left);
    let sine = libm::sin(PI * fraction);
    let below = side(y[left + 1 - depth..=left].iter().rev(), fraction, depth);
    let above = side(y[left + 1..=left + depth].iter(), 1.0 - fraction, depth);
    sine / (2.0 * PI) * (below + above)
}

/// Σ ±y·(1 + cos)/distance outward from the position; the shared sine is applied by the caller.
/// The cosine advances by the recurrence cos(a + d) = 2·cos d·cos a − cos(a − d).
fn side<'a>(samples: impl Iterator<Item = &'a f64>, start: f64, depth: usize) -> f64 {
    let reach = start + depth as f64;
    let step = PI / reach;
    let double = 2.0 * libm::cos(step);
    let (mut now, mut before) = (libm::cos(start * step), libm::cos((start - 1.0) * step));
    let (mut sum, mut distance, mut sign) = (0.0, start, 1.0);
    for y in samples {
        sum += sign * y * (1.0 + now) / distance;
        (now, before) = (double * now - before, now);
        distance += 1.0;
        sign = -sign;
    }
    sum
}

/// Highest point of the interpolated function within one sample of the sampled maximum `peak`: (index, height).
pub(crate) fn maximum(y: &[f64], peak: usize, depth: usize) -> (f64, f64) {
    let (lo, hi) = (peak as f64 - 1.0, peak as f64 + 1.0);
    let at = |x: f64| interpolate(y, x, depth);
    let mut x = peak as f64;
    if let (Some(l), Some(r)) = (peak.checked_sub(1).map(|i| y[i]), y.get(peak + 1)) {
        x += super::parabola(l, y[peak], *r).map_or(0.0, |(shift, _)| shift);
    }
    let mut best = (x, at(x));
    for step in [0.2, 0.03, 0.005] {
        let (l, r) = (at(best.0 - step), at(best.0 + step));
        let shift = super::parabola(l, best.1, r).map_or(0.0, |(shift, _)| shift * step);
        let next = (best.0 + shift).clamp(lo, hi);
        let height = at(next);
        for candidate in [(next, height), (best.0 - step, l), (best.0 + step, r)] {
            if candidate.1 > best.1 && candidate.0 >= lo && candidate.0 <= hi {
                best = candidate;
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_limited_tone_is_restored_between_samples() {
        let tone = |t: f64| libm::cos(0.4 * (t - 200.3));
        let y: Vec<f64> = (0..400).map(|i| tone(i as f64)).collect();
        for x in [150.25, 199.9, 230.5] {
            assert!((interpolate(&y, x, 70) - tone(x)).abs() < 1e-5);
        }
        assert_eq!(interpolate(&y, 17.0, 70), y[17]);
    }

    #[test]
    fn the_maximum_lies_between_samples() {
        let y: Vec<f64> = (0..400).map(|i| libm::cos(0.4 * (f64::from(i) - 200.3))).collect();
        let (x, height) = maximum(&y, 200, 70);
        assert!((x - 200.3).abs() < 1e-4 && (height - 1.0).abs() < 1e-5);
    }
}
