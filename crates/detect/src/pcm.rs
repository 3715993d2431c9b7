//! Raw samples before any analysis: channel choice, offset, level, clipping, dropouts, mains hum.

use crate::dsp::fft::{RealFft, Spectrum};
use crate::dsp::{floor_index, stats};
use crate::error::Error;
use crate::units::{Decibel, Hertz, Seconds};
use std::f64::consts::PI;

/// Most channels a recording may have.
pub const MAX_CHANNELS: u16 = 8;
/// A channel this far below the strongest carries nothing.
const DEAD: f64 = 1e-4;
/// Runs of at least so many samples at full scale are clipping.
const CLIPPED_RUN: usize = 3;
/// A recording whose peak stays below this was not clipped by its recorder.
const FULL_SCALE: f64 = 0.98;
/// Equal samples for so long are a dropout, not a sound.
const DROPOUT: Seconds = 0.05;
/// Level frames: width and step.
const LEVEL_FRAME: (Seconds, Seconds) = (0.02, 0.01);

/// One channel out of several.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// Its samples.
    pub samples: Vec<f32>,
    /// Its number, from 0.
    pub used: u16,
    /// Channels without signal.
    pub dead: Vec<u16>,
}

/// The strongest channel (the first, if equal). Channels are not mixed: two microphones at different distances would
/// cancel part of each other.
///
/// # Errors
/// [`Error::Channels`] for none or more than [`MAX_CHANNELS`].
pub fn choose_channel(interleaved: &[f32], channels: u16) -> Result<Chosen, Error> {
    if !(1..=MAX_CHANNELS).contains(&channels) {
        return Err(Error::Channels { channels });
    }
    let width = usize::from(channels);
    let one = |c: u16| interleaved.chunks_exact(width).map(move |frame| frame[usize::from(c)]);
    let strength = |c: u16| {
        let x: Vec<f64> = one(c).map(f64::from).collect();
        stats::sd(&x).unwrap_or(0.0)
    };
    let strengths: Vec<f64> = (0..channels).map(strength).collect();
    let used = (0..channels)
        .reduce(|b, c| if strengths[usize::from(c)] > strengths[usize::from(b)] { c } else { b })
        .unwrap_or(0);
    let limit = DEAD * strengths[usize::from(used)];
    let dead = (0..channels).filter(|c| *c != used && strengths[usize::from(*c)] <= limit).collect();
    Ok(Chosen { samples: one(used).collect(), used, dead })
}

/// Samples in double precision without their offset.
pub(crate) fn without_offset(samples: &[f32]) -> Vec<f64> {
    let x: Vec<f64> = samples.iter().map(|v| f64::from(*v)).collect();
    let mean = stats::mean(&x).unwrap_or(0.0);
    x.into_iter().map(|v| v - mean).collect()
}

/// Largest absolute sample in dB of full scale; −200 for silence.
pub(crate) fn peak_level(x: &[f64]) -> Decibel {
    decibel(x.iter().fold(0.0f64, |p, v| p.max(v.abs())))
}

fn decibel(amplitude: f64) -> Decibel {
    20.0 * libm::log10(amplitude.max(1e-10))
}

/// Share of samples in runs of three or more at the recording's own ceiling or floor, if that is full scale.
pub(crate) fn clipped_share(samples: &[f32]) -> f64 {
    let (low, high) = samples.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v)));
    let step = 2.0 / 32_768.0;
    let at_limit = |v: f32| {
        let v = f64::from(v);
        (v >= FULL_SCALE && v >= f64::from(high) - step) || (v <= -FULL_SCALE && v <= f64::from(low) + step)
    };
    let runs = samples.chunk_by(|a, b| at_limit(*a) && at_limit(*b) && (*a > 0.0) == (*b > 0.0));
    let clipped: usize = runs.filter(|r| r.len() >= CLIPPED_RUN && at_limit(r[0])).map(<[f32]>::len).sum();
    clipped as f64 / samples.len().max(1) as f64
}

/// Share of samples in stretches of 50 ms or more without any change, the ends of the recording left out.
pub(crate) fn dropout_share(samples: &[f32], rate: Hertz) -> f64 {
    let least = floor_index(DROPOUT * rate).max(2);
    let runs: Vec<usize> = samples.chunk_by(|a, b| a == b).map(<[f32]>::len).collect();
    let inside = runs.get(1..runs.len().saturating_sub(1)).unwrap_or(&[]);
    let lost: usize = inside.iter().filter(|n| **n >= least).sum();
    lost as f64 / samples.len().max(1) as f64
}

/// RMS level of 20 ms frames every 10 ms, dB of full scale, with the frames' centres.
pub(crate) fn levels(x: &[f64], rate: Hertz) -> Vec<(Seconds, Decibel)> {
    let (width, step) = (floor_index(LEVEL_FRAME.0 * rate).max(1), floor_index(LEVEL_FRAME.1 * rate).max(1));
    let frame = |(i, w): (usize, &[f64])| {
        let energy = w.iter().map(|v| v * v).sum::<f64>() / width as f64;
        ((i * step) as f64 / rate + 0.5 * LEVEL_FRAME.0, decibel(energy.sqrt()))
    };
    x.windows(width).step_by(step).enumerate().map(frame).collect()
}

/// Power of mains hum over total power in dB, the worse of 50 and 60 Hz. Harmonics of the mains that coincide with
/// harmonics of the voice (`voice`: its 5 and 95 % quantiles) cannot be told apart and are left out.
/// `None` for less than a second.
pub(crate) fn hum_level(x: &[f64], rate: Hertz, voice: Option<(Hertz, Hertz)>) -> Option<Decibel> {
    let total = x.iter().map(|v| v * v).sum::<f64>() / x.len().max(1) as f64;
    let (reduced, rate) = block_means(x, rate, 4000.0);
    let duration = reduced.len() as f64 / rate;
    if duration < 1.0 || total <= 0.0 {
        return None;
    }
    let spectrum = HannPower::of(&reduced, rate);
    let hum = |mains: f64| -> f64 {
        let lines = (1..=8).map(|k| mains * f64::from(k)).filter(|line| !is_voice(*line, voice));
        lines.map(|line| spectrum.line(line)).sum()
    };
    let share = hum(50.0).max(hum(60.0)) / total;
    Some(10.0 * libm::log10(share.max(1e-20)))
}

/// Block means at about `to` hertz or somewhat above: enough for hum or for finding voice, and far cheaper.
pub(crate) fn block_means(x: &[f64], rate: Hertz, to: Hertz) -> (Vec<f64>, Hertz) {
    let block = floor_index(rate / to).max(1);
    let means = x.chunks_exact(block).map(|b| b.iter().sum::<f64>() / block as f64).collect();
    (means, rate / block as f64)
}

fn is_voice(line: Hertz, voice: Option<(Hertz, Hertz)>) -> bool {
    voice.is_some_and(|(low, high)| (1..=8).map(f64::from).any(|m| line > m * low - 4.0 && line < m * high + 4.0))
}

/// Power per bin under a Hann window.
struct HannPower {
    power: Vec<f64>,
    per_hertz: f64,
}

impl HannPower {
    fn of(x: &[f64], rate: Hertz) -> Self {
        let n = x.len() as f64;
        let windowed: Vec<f64> =
            x.iter().enumerate().map(|(i, v)| v * (0.5 - 0.5 * libm::cos(2.0 * PI * (i as f64 + 0.5) / n))).collect();
        let (mut fft, mut spectrum) = (RealFft::at_least(x.len()), Spectrum::default());
        fft.forward(&windowed, &mut spectrum);
        // Σw² of a Hann window is 3n/8; two sides of the spectrum.
        let scale = 2.0 / (fft.len() as f64 * 0.375 * n);
        let power = (0..spectrum.bins()).map(|k| spectrum.power(k) * scale).collect();
        Self { power, per_hertz: fft.len() as f64 / rate }
    }

    /// Power within 2 Hz of `line` beyond that of its surroundings.
    fn line(&self, line: Hertz) -> f64 {
        let near = self.mean(line - 2.0, line + 2.0);
        let around = self.mean(line - 8.0, line - 4.0).max(self.mean(line + 4.0, line + 8.0));
        (near - around).max(0.0) * 4.0 * self.per_hertz
    }

    fn mean(&self, from: Hertz, to: Hertz) -> f64 {
        let index = |hz: f64| floor_index(hz * self.per_hertz + 0.5).min(self.power.len());
        stats::mean(&self.power[index(from)..index(to)]).unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hz: f64, amplitude: f64, seconds: f64, rate: f64) -> Vec<f64> {
        (0..floor_index(seconds * rate)).map(|i| amplitude * libm::sin(2.0 * PI * hz * i as f64 / rate)).collect()
    }

    fn single(x: &[f64]) -> Vec<f32> {
        x.iter().map(|v| *v as f32).collect()
    }

    #[test]
    fn clipping_is_counted_in_runs_at_full_scale_only() {
        let loud = single(&tone(200.0, 2.0, 0.5, 16_000.0).iter().map(|v| v.clamp(-1.0, 1.0)).collect::<Vec<_>>());
        assert!(clipped_share(&loud) > 0.5);
        assert_eq!(clipped_share(&single(&tone(203.0, 0.95, 0.5, 16_000.0))), 0.0);
        assert_eq!(clipped_share(&[]), 0.0);
    }

    #[test]
    fn a_hole_is_a_dropout_but_silence_at_the_ends_is_not() {
        let mut x = single(&tone(200.0, 0.5, 1.0, 16_000.0));
        x[4000..5600].fill(0.0);
        assert!((dropout_share(&x, 16_000.0) - 0.1).abs() < 0.001);
        let mut ends = single(&tone(200.0, 0.5, 1.0, 16_000.0));
        ends[..3000].fill(0.0);
        ends[14_000..].fill(0.0);
        assert_eq!(dropout_share(&ends, 16_000.0), 0.0);
    }

    #[test]
    fn hum_is_measured_against_the_whole() {
        let voice = tone(210.0, 0.5, 2.0, 16_000.0);
        let hum = tone(50.0, 0.05, 2.0, 16_000.0);
        let both: Vec<f64> = voice.iter().zip(&hum).map(|(a, b)| a + b).collect();
        let level = hum_level(&both, 16_000.0, Some((208.0, 212.0))).unwrap();
        assert!((level + 20.0).abs() < 0.5, "{level}");
        assert!(hum_level(&voice, 16_000.0, Some((208.0, 212.0))).unwrap() < -60.0);
        assert_eq!(hum_level(&voice[..100], 16_000.0, None), None);
    }

    #[test]
    fn levels_are_rms() {
        let l = levels(&tone(200.0, 0.5, 1.0, 16_000.0), 16_000.0);
        assert!(l.iter().all(|(_, db)| (db - 20.0 * libm::log10(0.5 / 2f64.sqrt())).abs() < 0.1));
    }
}
