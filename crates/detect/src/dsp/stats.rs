//! Means, deviations, quantiles, the robust line and the normal distribution.

/// Arithmetic mean; `None` for nothing.
pub(crate) fn mean(x: &[f64]) -> Option<f64> {
    (!x.is_empty()).then(|| x.iter().sum::<f64>() / x.len() as f64)
}

/// Standard deviation with n − 1; `None` below two values.
pub(crate) fn sd(x: &[f64]) -> Option<f64> {
    let m = mean(x)?;
    let squares: f64 = x.iter().map(|v| (v - m) * (v - m)).sum();
    (x.len() > 1).then(|| (squares / (x.len() - 1) as f64).sqrt())
}

/// Quantile of sorted values: linear between order statistics placed at (i − ½)/n.
pub(crate) fn quantile_sorted(sorted: &[f64], q: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = (q * sorted.len() as f64 - 0.5).clamp(0.0, last as f64);
    let left = super::floor_index(place).min(last);
    let right = (left + 1).min(last);
    Some(sorted[left] + (place - left as f64) * (sorted[right] - sorted[left]))
}

/// Quantile of values in any order.
pub(crate) fn quantile(x: &[f64], q: f64) -> Option<f64> {
    let mut sorted = x.to_vec();
    sorted.sort_by(f64::total_cmp);
    quantile_sorted(&sorted, q)
}

/// Median without sorting everything; the slice is reordered. 0 for nothing.
fn median_in_place(x: &mut [f64]) -> f64 {
    let n = x.len();
    if n == 0 {
        return 0.0;
    }
    let (below, mid, _) = x.select_nth_unstable_by(n / 2, f64::total_cmp);
    if n % 2 == 1 {
        return *mid;
    }
    let lower = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    0.5 * (lower + *mid)
}

/// Robust straight line (Theil 1950, incomplete: each point of the first half paired with one of the second half):
/// median of the pair slopes, then median of the residual intercepts. Points lie at x0, x0 + dx, … Returns (slope, intercept).
/// `scratch` is working space, so that a caller in a loop allocates once.
pub(crate) fn theil_line(y: &[f64], x0: f64, dx: f64, scratch: &mut Vec<f64>) -> (f64, f64) {
    let half = y.len() / 2;
    let skip = y.len() - half;
    scratch.clear();
    scratch.extend((0..half).map(|i| (y[i + skip] - y[i]) / (skip as f64 * dx)));
    let slope = median_in_place(scratch);
    scratch.clear();
    scratch.extend(y.iter().enumerate().map(|(i, v)| v - slope * (x0 + i as f64 * dx)));
    (slope, median_in_place(scratch))
}

/// Standard normal distribution function Φ.
pub(crate) fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_follow_the_half_step_rule() {
        let x = [4.0, 1.0, 3.0, 2.0];
        assert_eq!(quantile(&x, 0.5), Some(2.5));
        assert_eq!(quantile(&x, 0.125), Some(1.0));
        assert_eq!(quantile(&x, 1.0), Some(4.0));
        assert_eq!(quantile(&[], 0.5), None);
    }

    #[test]
    fn the_robust_line_ignores_an_outlier() {
        let mut y: Vec<f64> = (0..41).map(|i| 2.0 - 0.5 * f64::from(i)).collect();
        y[7] = 1e6;
        let (slope, intercept) = theil_line(&y, 0.0, 1.0, &mut Vec::new());
        assert!((slope + 0.5).abs() < 1e-12 && (intercept - 2.0).abs() < 1e-12);
    }

    #[test]
    fn the_normal_distribution_has_its_known_points() {
        assert_eq!(normal_cdf(0.0), 0.5);
        assert!((normal_cdf(1.959_963_984_540_054) - 0.975).abs() < 1e-12);
    }
}
