//! Fourier bins of any length: the chirp transform (Rabiner, Schafer & Rader 1969, Bell Syst. Tech. J. 48:1249–1292).

use super::fft::Complex;
use std::f64::consts::PI;

/// Power of the bins `first..first + count` of a transform of length `len`, for real signals of `width` samples.
pub(crate) struct Bins {
    first: usize,
    count: usize,
    width: usize,
    len: usize,
    fft: Complex,
    /// Transform of the chirp.
    chirp: (Vec<f64>, Vec<f64>),
    re: Vec<f64>,
    im: Vec<f64>,
}

impl Bins {
    pub fn new(width: usize, len: usize, first: usize, count: usize) -> Self {
        let size = (width + count).next_power_of_two().max(4);
        let mut fft = Complex::new(size);
        let (mut re, mut im) = (vec![0.0; size], vec![0.0; size]);
        for k in 0..count {
            let (cos, sin) = turn(k * k, len);
            (re[k], im[k]) = (cos, sin);
        }
        for n in 1..width {
            let (cos, sin) = turn(n * n, len);
            (re[size - n], im[size - n]) = (cos, sin);
        }
        fft.forward(&mut re, &mut im);
        Self { first, count, width, len, fft, chirp: (re, im), re: vec![0.0; size], im: vec![0.0; size] }
    }

    /// Adds |X|² of each bin to `power`.
    pub fn add_power(&mut self, x: &[f64], power: &mut [f64]) {
        self.re.fill(0.0);
        self.im.fill(0.0);
        for (n, v) in x.iter().take(self.width).enumerate() {
            // n² + 2·first·n: the shift to the first bin lies in the same angle.
            let (cos, sin) = turn(n * n + 2 * self.first * n, self.len);
            (self.re[n], self.im[n]) = (v * cos, -v * sin);
        }
        self.fft.forward(&mut self.re, &mut self.im);
        for k in 0..self.re.len() {
            let (re, im) = (self.re[k], self.im[k]);
            self.re[k] = re * self.chirp.0[k] - im * self.chirp.1[k];
            self.im[k] = re * self.chirp.1[k] + im * self.chirp.0[k];
        }
        self.fft.forward(&mut self.im, &mut self.re);
        let scale = 1.0 / self.re.len() as f64;
        for (k, p) in power.iter_mut().enumerate().take(self.count) {
            *p += (self.re[k] * self.re[k] + self.im[k] * self.im[k]) * scale * scale;
        }
    }
}

/// cos and sin of π·square/len, reduced in whole numbers so that long signals lose nothing.
fn turn(square: usize, len: usize) -> (f64, f64) {
    let angle = PI * (square % (2 * len)) as f64 / len as f64;
    (libm::cos(angle), libm::sin(angle))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_of_an_odd_length_match_the_definition() {
        let x: Vec<f64> = (0..50).map(|i| libm::sin(0.3 * f64::from(i)) + 0.1 * f64::from(i % 7)).collect();
        let (len, first, count) = (75, 3, 20);
        let mut power = vec![0.0; count];
        Bins::new(x.len(), len, first, count).add_power(&x, &mut power);
        for (k, p) in power.iter().enumerate() {
            let angle = |n: usize| -2.0 * PI * (n * (k + first)) as f64 / len as f64;
            let re: f64 = x.iter().enumerate().map(|(n, v)| v * libm::cos(angle(n))).sum();
            let im: f64 = x.iter().enumerate().map(|(n, v)| v * libm::sin(angle(n))).sum();
            assert!((p - re * re - im * im).abs() < 1e-9 * (1.0 + p), "bin {k}");
        }
    }
}
