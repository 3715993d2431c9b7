//! Voice: from samples to measures of pitch, perturbation, noise and level.

pub mod cepstrum;
pub mod ddk;
pub mod formant;
pub mod hnr;
pub mod intensity;
mod path;
pub mod perturb;
pub mod pitch;
pub mod pulses;
pub mod reading;
pub mod vowel;

/// Where analysis frames lie: as many as fit, centred in the recording.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frames {
    /// Centre of the first frame, seconds.
    pub first: f64,
    /// Distance between centres, seconds.
    pub step: f64,
    /// How many.
    pub count: usize,
}

impl Frames {
    /// Frames of width `window` every `step` seconds in a recording of `duration` seconds.
    pub(crate) fn fill(duration: f64, window: f64, step: f64) -> Self {
        if duration < window || step <= 0.0 {
            return Self { first: 0.0, step, count: 0 };
        }
        let count = crate::dsp::floor_index((duration - window) / step) + 1;
        // Frames often fall exactly between two samples; written this way, rounding takes the same side as the reference program.
        Self { first: 0.5 * duration - 0.5 * (count as f64 * step) + 0.5 * step, step, count }
    }

    /// Centre of frame `i`, seconds.
    pub fn time(&self, i: usize) -> f64 {
        self.first + i as f64 * self.step
    }
}

/// Where time `t` lies among samples of length `dx`: sample i has its centre at (i + ½)·dx.
pub(crate) fn sample_position(t: f64, dx: f64) -> f64 {
    (t - 0.5 * dx) / dx
}
