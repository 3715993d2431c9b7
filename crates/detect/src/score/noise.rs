//! Seeded noise for the confidence.

use std::f64::consts::PI;

/// Standard normal numbers, the same on every machine and in every run (SplitMix64 and Box–Muller).
pub(super) struct Noise {
    state: u64,
}

impl Noise {
    pub(super) fn seeded(seed: u64) -> Self {
        Self { state: seed }
    }

    pub(super) fn next(&mut self) -> f64 {
        let (u, v) = (self.uniform(), self.uniform());
        (-2.0 * libm::log(u)).sqrt() * libm::cos(2.0 * PI * v)
    }

    /// Between 0 and 1, both excluded.
    fn uniform(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0) + (0.5 / 9_007_199_254_740_992.0)
    }
}
