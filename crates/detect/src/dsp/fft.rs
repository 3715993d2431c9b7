//! Fourier transforms of power-of-two length (Stockham, radix 4 with one radix-2 pass where needed).
//!
//! Own code because a report must be byte-equal on every machine: library transforms choose their
//! instructions, and so their rounding, at run time.

use std::f64::consts::PI;

/// A complex transform in split storage.
pub(crate) struct Complex {
    len: usize,
    /// cos and −sin of 2πk/len for k in 0..len.
    cos: Vec<f64>,
    sin: Vec<f64>,
    scratch_re: Vec<f64>,
    scratch_im: Vec<f64>,
}

impl Complex {
    pub(crate) fn new(len: usize) -> Self {
        let angle = |k: usize| -2.0 * PI * k as f64 / len as f64;
        Self {
            len,
            cos: (0..len).map(|k| libm::cos(angle(k))).collect(),
            sin: (0..len).map(|k| libm::sin(angle(k))).collect(),
            scratch_re: vec![0.0; len],
            scratch_im: vec![0.0; len],
        }
    }

    /// Forward transform in place; the inverse is the forward one with the two parts exchanged, unscaled.
    pub(crate) fn forward(&mut self, re: &mut Vec<f64>, im: &mut Vec<f64>) {
        let (mut n, mut stride) = (self.len, 1);
        while n > 1 {
            let radix = if n % 4 == 0 { 4 } else { 2 };
            let source = (&re[..], &im[..]);
            let target = (&mut self.scratch_re[..], &mut self.scratch_im[..]);
            if radix == 4 {
                pass4(n, stride, (&self.cos, &self.sin), source, target);
            } else {
                pass2(stride, source, target);
            }
            std::mem::swap(re, &mut self.scratch_re);
            std::mem::swap(im, &mut self.scratch_im);
            n /= radix;
            stride *= radix;
        }
    }
}

type Split<'a> = (&'a [f64], &'a [f64]);
type SplitMut<'a> = (&'a mut [f64], &'a mut [f64]);

/// One radix-4 pass over sub-transforms of length `n` interleaved `stride` times.
fn pass4(n: usize, stride: usize, twiddle: Split, source: Split, target: SplitMut) {
    let quarter = n / 4;
    let block = quarter * stride;
    let (re, im) = source;
    let (out_re, out_im) = target;
    let chunks = out_re.chunks_exact_mut(4 * stride).zip(out_im.chunks_exact_mut(4 * stride));
    for (p, (to_re, to_im)) in chunks.enumerate() {
        let k = p * stride;
        let w = [1, 2, 3].map(|m| (twiddle.0[m * k], twiddle.1[m * k]));
        let part = |x: usize| (&re[k + x * block..k + x * block + stride], &im[k + x * block..k + x * block + stride]);
        let (a, b, c, d) = (part(0), part(1), part(2), part(3));
        let (r0, rest) = to_re.split_at_mut(stride);
        let (r1, rest) = rest.split_at_mut(stride);
        let (r2, r3) = rest.split_at_mut(stride);
        let (i0, rest) = to_im.split_at_mut(stride);
        let (i1, rest) = rest.split_at_mut(stride);
        let (i2, i3) = rest.split_at_mut(stride);
        for q in 0..stride {
            let (sum_ac_re, sum_ac_im) = (a.0[q] + c.0[q], a.1[q] + c.1[q]);
            let (dif_ac_re, dif_ac_im) = (a.0[q] - c.0[q], a.1[q] - c.1[q]);
            let (sum_bd_re, sum_bd_im) = (b.0[q] + d.0[q], b.1[q] + d.1[q]);
            let (dif_bd_re, dif_bd_im) = (b.0[q] - d.0[q], b.1[q] - d.1[q]);
            r0[q] = sum_ac_re + sum_bd_re;
            i0[q] = sum_ac_im + sum_bd_im;
            (r1[q], i1[q]) = times(w[0], dif_ac_re + dif_bd_im, dif_ac_im - dif_bd_re);
            (r2[q], i2[q]) = times(w[1], sum_ac_re - sum_bd_re, sum_ac_im - sum_bd_im);
            (r3[q], i3[q]) = times(w[2], dif_ac_re - dif_bd_im, dif_ac_im + dif_bd_re);
        }
    }
}

/// The last pass where the length is twice a power of four: no twiddles are left.
fn pass2(stride: usize, source: Split, target: SplitMut) {
    let ((a_re, b_re), (a_im, b_im)) = (source.0.split_at(stride), source.1.split_at(stride));
    let ((r0, r1), (i0, i1)) = (target.0.split_at_mut(stride), target.1.split_at_mut(stride));
    for q in 0..stride {
        r0[q] = a_re[q] + b_re[q];
        i0[q] = a_im[q] + b_im[q];
        r1[q] = a_re[q] - b_re[q];
        i1[q] = a_im[q] - b_im[q];
    }
}

#[inline(always)]
fn times(w: (f64, f64), re: f64, im: f64) -> (f64, f64) {
    (w.0 * re - w.1 * im, w.0 * im + w.1 * re)
}

/// Half spectrum of a real signal: bins 0 to len/2.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spectrum {
    pub re: Vec<f64>,
    pub im: Vec<f64>,
}

impl Spectrum {
    /// |X|² of bin `k`.
    pub fn power(&self, k: usize) -> f64 {
        self.re[k] * self.re[k] + self.im[k] * self.im[k]
    }

    /// Number of bins.
    pub fn bins(&self) -> usize {
        self.re.len()
    }
}

/// Transform of real signals of one power-of-two length, with its working space: no allocation per call.
pub(crate) struct RealFft {
    len: usize,
    half: Complex,
    cos: Vec<f64>,
    sin: Vec<f64>,
    re: Vec<f64>,
    im: Vec<f64>,
}

impl RealFft {
    /// For signals up to `at_least` samples: the next power of two, at least 4.
    pub fn at_least(at_least: usize) -> Self {
        let len = at_least.max(4).next_power_of_two();
        let half = len / 2;
        let angle = |k: usize| -2.0 * PI * k as f64 / len as f64;
        Self {
            len,
            half: Complex::new(half),
            cos: (0..=half).map(|k| libm::cos(angle(k))).collect(),
            sin: (0..=half).map(|k| libm::sin(angle(k))).collect(),
            re: vec![0.0; half],
            im: vec![0.0; half],
        }
    }

    pub fn len(&self) -> usize {
        self.len
    }

    /// Unscaled transform of `signal`, padded with zeros.
    pub fn forward(&mut self, signal: &[f64], spectrum: &mut Spectrum) {
        let half = self.len / 2;
        let at = |i: usize| signal.get(i).copied().unwrap_or(0.0);
        for k in 0..half {
            self.re[k] = at(2 * k);
            self.im[k] = at(2 * k + 1);
        }
        self.half.forward(&mut self.re, &mut self.im);
        spectrum.re.resize(half + 1, 0.0);
        spectrum.im.resize(half + 1, 0.0);
        for k in 0..=half {
            let (j, m) = (k % half, (half - k) % half);
            let (even_re, even_im) = (0.5 * (self.re[j] + self.re[m]), 0.5 * (self.im[j] - self.im[m]));
            let (odd_re, odd_im) = (0.5 * (self.im[j] + self.im[m]), -0.5 * (self.re[j] - self.re[m]));
            let (re, im) = times((self.cos[k], self.sin[k]), odd_re, odd_im);
            spectrum.re[k] = even_re + re;
            spectrum.im[k] = even_im + im;
        }
    }

    /// Inverse of [`forward`](Self::forward), scaled so that the two cancel. `signal` takes as many samples as it holds.
    pub fn inverse(&mut self, spectrum: &Spectrum, signal: &mut [f64]) {
        let half = self.len / 2;
        for k in 0..half {
            let m = half - k;
            let (even_re, even_im) = (spectrum.re[k] + spectrum.re[m], spectrum.im[k] - spectrum.im[m]);
            let (dif_re, dif_im) = (spectrum.re[k] - spectrum.re[m], spectrum.im[k] + spectrum.im[m]);
            let (odd_re, odd_im) = times((self.cos[k], -self.sin[k]), dif_re, dif_im);
            self.re[k] = even_re - odd_im;
            self.im[k] = even_im + odd_re;
        }
        self.half.forward(&mut self.im, &mut self.re);
        let scale = 1.0 / self.len as f64;
        for (k, pair) in signal.chunks_mut(2).enumerate().take(half) {
            pair[0] = self.re[k] * scale;
            if let Some(second) = pair.get_mut(1) {
                *second = self.im[k] * scale;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signal(n: usize) -> Vec<f64> {
        (0..n).map(|i| libm::sin(0.3 * i as f64) + 0.2 * libm::cos(1.7 * (i * i) as f64)).collect()
    }

    #[test]
    fn matches_the_definition() {
        for n in [4, 8, 16, 32, 64, 128] {
            let x = signal(n);
            let mut spectrum = Spectrum::default();
            RealFft::at_least(n).forward(&x, &mut spectrum);
            for k in 0..=n / 2 {
                let angle = |i: usize| -2.0 * PI * (i * k) as f64 / n as f64;
                let re: f64 = x.iter().enumerate().map(|(i, v)| v * libm::cos(angle(i))).sum();
                let im: f64 = x.iter().enumerate().map(|(i, v)| v * libm::sin(angle(i))).sum();
                assert!((spectrum.re[k] - re).abs() < 1e-11 && (spectrum.im[k] - im).abs() < 1e-11, "n {n} bin {k}");
            }
        }
    }

    #[test]
    fn inverse_gives_the_signal_back() {
        for n in [4, 8, 512, 2048] {
            let x = signal(n);
            let (mut fft, mut spectrum, mut back) = (RealFft::at_least(n), Spectrum::default(), vec![0.0; n]);
            fft.forward(&x, &mut spectrum);
            fft.inverse(&spectrum, &mut back);
            assert!(x.iter().zip(&back).all(|(a, b)| (a - b).abs() < 1e-13), "n {n}");
        }
    }
}
