//! Linear prediction by Burg's method (Burg 1967; the recursion as in Anderson 1978, Geophysics 43:1532–1534), and the
//! roots of the predictor's polynomial by the simultaneous iteration of Aberth (1973, Math. Comp. 27:339–344).

/// Most rounds of the root search; a dozen are usual.
const ROUNDS: usize = 80;
/// A step this small relative to the root ends the search (squared).
const STILL: f64 = 1e-26;

/// Working space for one order, so that a caller in a loop allocates once.
pub(crate) struct Burg {
    forward: Vec<f64>,
    backward: Vec<f64>,
    before: Vec<f64>,
    /// Coefficients: x(n) is predicted as Σ a(k)·x(n − k), k from 1.
    pub coefficients: Vec<f64>,
}

impl Burg {
    pub fn new(order: usize) -> Self {
        Self { forward: Vec::new(), backward: Vec::new(), before: vec![0.0; order], coefficients: vec![0.0; order] }
    }

    /// Fits the coefficients to `x`; false where `x` is too short or silent.
    pub fn fit(&mut self, x: &[f64]) -> bool {
        let order = self.coefficients.len();
        if x.len() <= order + 1 {
            return false;
        }
        self.forward.clear();
        self.forward.extend_from_slice(&x[..x.len() - 1]);
        self.backward.clear();
        self.backward.extend_from_slice(&x[1..]);
        for i in 0..order {
            let n = x.len() - 1 - i;
            let (f, b) = (&self.forward[..n], &self.backward[..n]);
            let energy = super::dot(f, f) + super::dot(b, b);
            if !(energy > 0.0 && energy.is_finite()) {
                return false;
            }
            let reflection = 2.0 * super::dot(f, b) / energy;
            self.raise(i, reflection);
            for j in 0..n - 1 {
                let (f, b) = (self.forward[j], self.backward[j]);
                self.backward[j] = self.backward[j + 1] - reflection * self.forward[j + 1];
                self.forward[j] = f - reflection * b;
            }
        }
        true
    }

    /// Coefficients of order i + 1 from those of order i (Levinson).
    fn raise(&mut self, i: usize, reflection: f64) {
        self.before[..i].copy_from_slice(&self.coefficients[..i]);
        for j in 0..i {
            self.coefficients[j] = self.before[j] - reflection * self.before[i - 1 - j];
        }
        self.coefficients[i] = reflection;
    }
}

/// A complex number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Complex {
    pub re: f64,
    pub im: f64,
}

impl Complex {
    fn minus(self, b: Self) -> Self {
        Self { re: self.re - b.re, im: self.im - b.im }
    }

    fn times(self, b: Self) -> Self {
        Self { re: self.re * b.re - self.im * b.im, im: self.re * b.im + self.im * b.re }
    }

    fn over(self, b: Self) -> Self {
        let d = b.square();
        Self { re: (self.re * b.re + self.im * b.im) / d, im: (self.im * b.re - self.re * b.im) / d }
    }

    /// Squared absolute value.
    pub fn square(self) -> f64 {
        self.re * self.re + self.im * self.im
    }
}

/// Roots of z^m − Σ a(k)·z^(m − k) into `roots`; false where the search does not settle.
pub(crate) fn roots(a: &[f64], roots: &mut Vec<Complex>) -> bool {
    start(a.len(), roots);
    for _ in 0..ROUNDS {
        let mut moved = 0.0f64;
        for i in 0..roots.len() {
            let step = step(a, roots, i);
            roots[i] = roots[i].minus(step);
            moved = moved.max(step.square() / roots[i].square().max(1e-12));
        }
        if moved.is_nan() {
            return false;
        }
        if moved < STILL {
            return true;
        }
    }
    false
}

/// Points on a circle that is not symmetric about the real axis: symmetric starts could not part a real pair.
fn start(count: usize, roots: &mut Vec<Complex>) {
    roots.clear();
    roots.extend((0..count).map(|i| {
        let angle = std::f64::consts::TAU * (i as f64 + 0.3) / count as f64;
        Complex { re: 0.9 * libm::cos(angle), im: 0.9 * libm::sin(angle) }
    }));
}

/// Newton's step of one root, pushed away from the others.
fn step(a: &[f64], roots: &[Complex], i: usize) -> Complex {
    let z = roots[i];
    let (mut value, mut slope) = (Complex { re: 1.0, im: 0.0 }, Complex { re: 0.0, im: 0.0 });
    for c in a {
        slope = slope.times(z);
        slope = Complex { re: slope.re + value.re, im: slope.im + value.im };
        value = value.times(z);
        value.re -= c;
    }
    if value.square() == 0.0 {
        return value;
    }
    let newton = value.over(slope);
    let mut push = Complex { re: 0.0, im: 0.0 };
    let one = Complex { re: 1.0, im: 0.0 };
    for (_, other) in roots.iter().enumerate().filter(|(j, _)| *j != i) {
        let away = one.over(z.minus(*other));
        push = Complex { re: push.re + away.re, im: push.im + away.im };
    }
    newton.over(one.minus(newton.times(push)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_roots_of_a_known_polynomial_are_found() {
        // (z² − 1.2z + 0.72)(z − 0.5)(z + 0.25): z⁴ − 1.45z³ + 0.895z² − 0.03z − 0.09.
        let mut found = Vec::new();
        assert!(roots(&[1.45, -0.895, 0.03, 0.09], &mut found));
        found.sort_by(|a, b| (a.re, a.im).partial_cmp(&(b.re, b.im)).unwrap());
        let expected = [(-0.25, 0.0), (0.5, 0.0), (0.6, -0.6), (0.6, 0.6)];
        for (z, (re, im)) in found.iter().zip(expected) {
            assert!((z.re - re).abs() < 1e-10 && (z.im - im).abs() < 1e-10, "{z:?}");
        }
    }

    #[test]
    fn a_resonance_is_recovered_and_silence_is_not_fitted() {
        let (mut x, mut before, mut state) = (Vec::new(), [0.0, 0.0], 1u32);
        for _ in 0..20_000 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let next = 1.6 * before[0] - 0.9 * before[1] + f64::from(state) / f64::from(u32::MAX) - 0.5;
            before = [next, before[0]];
            x.push(next);
        }
        let mut burg = Burg::new(2);
        assert!(burg.fit(&x));
        assert!((burg.coefficients[0] - 1.6).abs() < 0.02 && (burg.coefficients[1] + 0.9).abs() < 0.02);
        assert!(!burg.fit(&[0.0; 100]) && !burg.fit(&[1.0, 2.0]));
    }
}
