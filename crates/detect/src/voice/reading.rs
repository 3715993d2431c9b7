//! Read speech: syllable nuclei and pauses (de Jong & Wempe 2009, Behav. Res. Methods 41:385–390).

use super::pitch::{self, Contour, Settings};
use super::{Frames, intensity};
use crate::dsp::stats;
use crate::units::{Decibel, Hertz, Seconds};

/// Pitch floor of the intensity: smooth enough that cycles do not show.
const FLOOR: Hertz = 50.0;
/// What is this far below the loudest hundredth is a pause.
const SILENCE: Decibel = 25.0;
/// Silence at least this far above the lowest level, where the recording has no pauses.
const ABOVE_LOWEST: Decibel = 2.0;
/// Dip on both sides of a syllable.
const DIP: Decibel = 2.0;
/// Shorter silences are no pauses.
pub const SHORTEST_PAUSE: Seconds = 0.25;
/// A shorter sound does not end a pause.
const SHORTEST_SOUND: Seconds = 0.1;
/// Whether a peak is voiced: autocorrelation, wide and coarse.
const VOICING: Settings = Settings {
    floor: 30.0,
    ceiling: 450.0,
    step: 0.02,
    candidates: 15,
    voicing: 0.25,
    voiced_unvoiced: 0.25,
    ..Settings::SPEECH
};

/// A read passage.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Where the level's frames lie.
    pub frames: Frames,
    /// Level per frame.
    pub level: Vec<Decibel>,
    /// Times of the syllables' nuclei.
    pub nuclei: Vec<Seconds>,
    /// Stretches of speech, (start, end).
    pub speech: Vec<(Seconds, Seconds)>,
}

impl Reading {
    /// First to last sound.
    pub fn span(&self) -> Seconds {
        self.speech.first().zip(self.speech.last()).map_or(0.0, |(first, last)| last.1 - first.0)
    }

    /// Time of all stretches of speech.
    pub fn speech_time(&self) -> Seconds {
        self.speech.iter().map(|(start, end)| end - start).sum()
    }

    /// Lengths of the pauses between stretches of speech.
    pub fn pauses(&self) -> Vec<Seconds> {
        self.speech.windows(2).map(|w| w[1].0 - w[0].1).collect()
    }

    /// SD of the level within speech.
    pub fn level_sd(&self) -> Option<Decibel> {
        let inside = |i: usize| self.speech.iter().any(|(a, b)| (*a..=*b).contains(&self.frames.time(i)));
        let levels: Vec<f64> = (0..self.level.len()).filter(|i| inside(*i)).map(|i| self.level[i]).collect();
        stats::sd(&levels)
    }
}

/// Finds pauses and syllables of a recording.
pub fn find(samples: &[f64], rate: Hertz) -> Reading {
    let (frames, level) = intensity::track(samples, rate, FLOOR);
    let Some(threshold) = threshold(&level) else {
        return Reading { frames, level, nuclei: Vec::new(), speech: Vec::new() };
    };
    let speech = speech(&frames, &level, threshold);
    let voiced = pitch::track(samples, rate, &VOICING);
    let nuclei = nuclei(&frames, &level, threshold, &speech, &voiced);
    Reading { frames, level, nuclei, speech }
}

fn threshold(level: &[Decibel]) -> Option<Decibel> {
    let loud = stats::quantile(level, 0.99)? - SILENCE;
    let lowest = level.iter().copied().fold(f64::INFINITY, f64::min);
    Some(if lowest > loud { lowest + ABOVE_LOWEST } else { loud })
}

/// A run of frames that all sound or are all silent.
#[derive(Clone, Copy)]
struct Run {
    sounding: bool,
    start: Seconds,
    end: Seconds,
}

/// Stretches above the threshold, after short silences inside and then short sounds are taken away.
fn speech(frames: &Frames, level: &[Decibel], threshold: Decibel) -> Vec<(Seconds, Seconds)> {
    let mut runs: Vec<Run> = Vec::new();
    for (i, v) in level.iter().enumerate() {
        let (start, end) = (frames.time(i) - 0.5 * frames.step, frames.time(i) + 0.5 * frames.step);
        runs.push(Run { sounding: *v > threshold, start, end });
    }
    let mut runs = joined(runs);
    let last = runs.len().saturating_sub(1);
    for (i, run) in runs.iter_mut().enumerate() {
        run.sounding |= i > 0 && i < last && run.end - run.start < SHORTEST_PAUSE;
    }
    let mut runs = joined(runs);
    for run in &mut runs {
        run.sounding &= run.end - run.start >= SHORTEST_SOUND;
    }
    joined(runs).into_iter().filter(|run| run.sounding).map(|run| (run.start, run.end)).collect()
}

fn joined(runs: Vec<Run>) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    for run in runs {
        match out.last_mut() {
            Some(last) if last.sounding == run.sounding => last.end = run.end,
            _ => out.push(run),
        }
    }
    out
}

/// Peaks of the level with a dip on both sides that are voiced and lie in speech.
fn nuclei(
    frames: &Frames,
    level: &[Decibel],
    threshold: Decibel,
    speech: &[(Seconds, Seconds)],
    voiced: &Contour,
) -> Vec<Seconds> {
    let is_peak = |k: &usize| level[*k] > level[k - 1] && level[*k] >= level[k + 1] && level[*k] > threshold;
    let mut kept: Vec<usize> = Vec::new();
    for k in (1..level.len().saturating_sub(1)).filter(is_peak) {
        let Some(last) = kept.last_mut() else {
            kept.push(k);
            continue;
        };
        let valley = level[*last..=k].iter().copied().fold(f64::INFINITY, f64::min);
        if level[k] - valley > DIP && level[*last] - valley > DIP {
            kept.push(k);
        } else if level[k] > level[*last] {
            *last = k;
        }
    }
    let times = kept.into_iter().map(|k| frames.time(k));
    times.filter(|t| voiced.at(*t).is_some() && speech.iter().any(|(a, b)| (*a..=*b).contains(t))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    /// A buzz whose level rises and falls `per_second` times, with a silence from 2 to 3 s.
    fn passage(per_second: f64) -> Vec<f64> {
        let value = |i: i32| {
            let t = f64::from(i) / 16_000.0;
            let gain = if (2.0..3.0).contains(&t) { 1e-3 } else { 0.1 + 0.9 * libm::sin(PI * per_second * t).abs() };
            let phase = (t * 120.0).fract();
            gain * libm::exp(-6.0 * phase) * libm::cos(2.0 * PI * 5.0 * phase)
        };
        (0..80_000).map(value).collect()
    }

    #[test]
    fn syllables_and_the_pause_are_counted() {
        let r = find(&passage(4.0), 16_000.0);
        assert_eq!(r.pauses().len(), 1);
        assert!((r.pauses()[0] - 1.0).abs() < 0.1 && (r.span() - 5.0).abs() < 0.2);
        assert!(r.nuclei.len().abs_diff(16) <= 1, "{}", r.nuclei.len());
        assert!(r.level_sd().unwrap() > 1.0);
    }

    #[test]
    fn nothing_is_found_in_nothing() {
        let r = find(&[0.0; 100], 16_000.0);
        assert!(r.nuclei.is_empty() && r.speech.is_empty() && r.span() == 0.0);
    }
}
