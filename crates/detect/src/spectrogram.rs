//! Where the energy of a recording lies over time: at most 1,000 columns of 256 rows, whatever the recording's length.
//!
//! A Gaussian window of 5 ms (10 ms from end to end), as phoneticians use it to see the pulses of a voice and the bursts of
//! consonants (Boersma & Weenink, Praat manual, "Sound: To Spectrogram…"); formula of the window: Boersma 1993, postscript.
//! Power of the discrete Fourier transform, averaged over the frames of a column, in decibels below the loudest cell.

use crate::dsp::fft::{RealFft, Spectrum};
use crate::dsp::window::gaussian;
use crate::units::{Decibel, Hertz, Seconds};

/// Most columns of a picture.
pub const MAX_COLUMNS: usize = 1000;
/// Rows of a picture.
pub const MAX_ROWS: usize = 256;
/// Highest frequency shown, or half the sampling rate where that is lower.
pub const TOP: Hertz = 5000.0;
/// Decibels of one step of a cell.
pub const STEP: Decibel = 0.25;
/// From end to end of the window; the Gaussian's effective length is half of it.
const WINDOW: Seconds = 0.010;
/// Most frames averaged in one column: the work stays bounded for a long recording.
const FRAMES: usize = 8;

/// Energy over time and frequency.
#[derive(Debug, Clone, PartialEq)]
pub struct Spectrogram {
    /// Columns, from the first moment to the last.
    pub columns: usize,
    /// Rows of each column.
    pub rows: usize,
    /// Length of the recording.
    pub duration_s: Seconds,
    /// Frequency of the upper edge; the lower is 0.
    pub top_hz: Hertz,
    /// Column by column, lowest frequency first: how many steps of [`STEP`] below the loudest cell, 255 for that or less.
    pub cells: Vec<u8>,
}

impl Spectrogram {
    /// The picture as bytes, little endian: columns and rows (16 bits each), seconds, top in hertz, decibels of a step (32-bit
    /// floats), then the cells.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(16 + self.cells.len());
        for count in [self.columns, self.rows] {
            // Bounded by MAX_COLUMNS and MAX_ROWS.
            bytes.extend_from_slice(&u16::try_from(count).unwrap_or(u16::MAX).to_le_bytes());
        }
        for value in [self.duration_s, self.top_hz, STEP] {
            #[allow(clippy::cast_possible_truncation, reason = "a picture's scale needs no more")]
            bytes.extend_from_slice(&(value as f32).to_le_bytes());
        }
        bytes.extend_from_slice(&self.cells);
        bytes
    }
}

/// The picture of a recording; without columns where it is shorter than one window or has no usable rate.
pub fn of(samples: &[f32], rate: Hertz, columns: usize, rows: usize) -> Spectrogram {
    let size = if rate.is_finite() && rate > 0.0 { crate::dsp::floor_index(WINDOW * rate) } else { 0 };
    let duration_s = if size > 0 { samples.len() as f64 / rate } else { 0.0 };
    let top_hz = if size > 0 { TOP.min(0.5 * rate) } else { 0.0 };
    let rows = rows.clamp(1, MAX_ROWS);
    if size < 2 || samples.len() < size {
        return Spectrogram { columns: 0, rows, duration_s, top_hz, cells: Vec::new() };
    }
    // A column is never narrower than half a window: neighbours would only repeat each other.
    let columns = columns.clamp(1, MAX_COLUMNS).min((samples.len() * 2).div_ceil(size));
    let mut frame = Frame::new(size);
    let mut power = vec![0.0; columns * rows];
    for (column, cells) in power.chunks_exact_mut(rows).enumerate() {
        let (from, to) = (column * samples.len() / columns, (column + 1) * samples.len() / columns);
        let frames = (2 * (to - from)).div_ceil(size).clamp(1, FRAMES);
        for i in 0..frames {
            let middle = from + (to - from) * (2 * i + 1) / (2 * frames);
            frame.add(samples, middle, rate, top_hz, cells);
        }
        cells.iter_mut().for_each(|cell| *cell /= frames as f64);
    }
    Spectrogram { columns, rows, duration_s, top_hz, cells: below_loudest(&power) }
}

/// One window, its transform and their working space.
struct Frame {
    window: Vec<f64>,
    taken: Vec<f64>,
    fft: RealFft,
    spectrum: Spectrum,
}

impl Frame {
    fn new(size: usize) -> Self {
        // Twice as long as the window: the rows are read between its bins.
        let fft = RealFft::at_least(2 * size);
        Self { window: gaussian(size), taken: vec![0.0; size], fft, spectrum: Spectrum::default() }
    }

    /// Adds the power around the sample `middle` to each row's cell. Beyond its ends a recording is silent.
    fn add(&mut self, samples: &[f32], middle: usize, rate: Hertz, top: Hertz, cells: &mut [f64]) {
        let half = self.window.len() / 2;
        let at = |i: usize| (middle + i).checked_sub(half).and_then(|i| samples.get(i)).map_or(0.0, |v| f64::from(*v));
        for (i, (taken, weight)) in self.taken.iter_mut().zip(&self.window).enumerate() {
            *taken = weight * Some(at(i)).filter(|v| v.is_finite()).unwrap_or(0.0);
        }
        self.fft.forward(&self.taken, &mut self.spectrum);
        let bins_per_row = top / cells.len() as f64 * self.fft.len() as f64 / rate;
        for (row, cell) in cells.iter_mut().enumerate() {
            let place = (row as f64 + 0.5) * bins_per_row;
            let bin = crate::dsp::floor_index(place).min(self.spectrum.bins() - 2);
            let share = (place - bin as f64).min(1.0);
            *cell += (1.0 - share) * self.spectrum.power(bin) + share * self.spectrum.power(bin + 1);
        }
    }
}

/// Steps below the loudest cell. Silence has no loudest cell: every one is at the end of the scale.
fn below_loudest(power: &[f64]) -> Vec<u8> {
    let loudest = power.iter().copied().fold(0.0, f64::max);
    let steps = |p: &f64| {
        let steps = -10.0 * libm::log10(p / loudest) / STEP;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte")]
        let byte = libm::round(steps.clamp(0.0, 255.0)) as u8;
        byte
    };
    if loudest > 0.0 { power.iter().map(steps).collect() } else { vec![u8::MAX; power.len()] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hertz: f64, seconds: f64, rate: f64) -> Vec<f32> {
        let n = (seconds * rate) as usize;
        (0..n).map(|i| libm::sin(2.0 * std::f64::consts::PI * hertz * i as f64 / rate) as f32).collect()
    }

    fn column(s: &Spectrogram, at: usize) -> &[u8] {
        &s.cells[at * s.rows..(at + 1) * s.rows]
    }

    fn loudest_hz(s: &Spectrogram, at: usize) -> f64 {
        let row = (0..s.rows).min_by_key(|row| column(s, at)[*row]).unwrap();
        (row as f64 + 0.5) * s.top_hz / s.rows as f64
    }

    #[test]
    fn a_tone_is_a_line_at_its_frequency_and_a_step_is_seen_where_it_is() {
        for rate in [16_000.0, 44_100.0, 48_000.0] {
            let sound = [tone(1000.0, 1.0, rate), tone(3000.0, 1.0, rate)].concat();
            let seen = of(&sound, rate, 400, 256);
            assert_eq!((seen.columns, seen.rows, seen.top_hz), (400, 256, 5000.0));
            assert!((seen.duration_s - 2.0).abs() < 1e-3);
            assert!((loudest_hz(&seen, 100) - 1000.0).abs() < 60.0, "{rate}: {}", loudest_hz(&seen, 100));
            assert!((loudest_hz(&seen, 300) - 3000.0).abs() < 60.0, "{rate}: {}", loudest_hz(&seen, 300));
        }
    }

    #[test]
    fn decibels_are_below_the_loudest_cell() {
        let rate = 16_000.0;
        let quiet: Vec<f32> = tone(1000.0, 1.0, rate).iter().map(|v| v * 0.1).collect();
        let seen = of(&[tone(1000.0, 1.0, rate), quiet].concat(), rate, 200, 128);
        let least = |at| f64::from(*column(&seen, at).iter().min().unwrap()) * STEP;
        assert!(least(50) < 0.6, "{}", least(50));
        assert!((least(150) - 20.0).abs() < 0.6, "{}", least(150));
    }

    #[test]
    fn it_is_bounded_and_low_rates_end_at_half_of_theirs() {
        let long = of(&tone(500.0, 30.0, 8000.0), 8000.0, 50_000, 50_000);
        assert_eq!((long.columns, long.rows, long.top_hz), (MAX_COLUMNS, MAX_ROWS, 4000.0));
        assert_eq!(long.cells.len(), MAX_COLUMNS * MAX_ROWS);
        assert_eq!(long.to_bytes().len(), 16 + MAX_COLUMNS * MAX_ROWS);
        assert_eq!(long.to_bytes()[..4], [0xe8, 0x03, 0x00, 0x01]);
    }

    #[test]
    fn what_is_no_sound_has_no_columns_and_silence_no_loudest() {
        for (samples, rate) in
            [(vec![], 44_100.0), (vec![0.5; 4], 44_100.0), (vec![0.5; 900], 0.0), (vec![0.1; 900], f64::NAN)]
        {
            assert_eq!(of(&samples, rate, 100, 64).columns, 0);
        }
        assert!(of(&[0.0; 4000], 8000.0, 100, 64).cells.iter().all(|cell| *cell == u8::MAX));
        let broken = of(&[f32::NAN, 0.5, f32::INFINITY, 0.25].repeat(500), 8000.0, 100, 64);
        assert_eq!(broken.cells.len(), broken.columns * 64);
    }
}
