//! What every voice task looks at first: is the recording usable, how loud is it, where is a voice.

use super::{Sound, Source};
use crate::dsp::stats;
use crate::pcm;
use crate::quality::{self, Quality, SoundFacts};
use crate::report::InputSummary;
use crate::units::{Decibel, Hertz, Seconds};
use crate::voice::pitch::{self, Contour, Settings};

/// Longest recording looked at.
const LONGEST: Seconds = 120.0;
/// Rates looked at; the lower gate speaks above the first.
const RATES: (Hertz, Hertz) = (1000.0, 192_000.0);
/// Frames this far below the loudest are not sounding.
const SOUNDING: Decibel = 12.0;
/// Level frames without voice needed before they count as room noise.
const NOISE_FRAMES: usize = 30;
/// Rate that is enough to tell voice from no voice.
const COARSE: Hertz = 8000.0;

pub(super) fn summary(sound: &Sound, source: &Source) -> InputSummary {
    InputSummary {
        sample_rate: if sound.rate.is_finite() { sound.rate } else { 0.0 },
        channels: sound.channels,
        duration_s: duration(sound),
        sha256: source.sha256.clone(),
        device_class: source.device_class,
        surface: None,
    }
}

fn duration(sound: &Sound) -> Seconds {
    let seconds = sound.samples.len() as f64 / sound.rate;
    if seconds.is_finite() && seconds >= 0.0 { seconds } else { 0.0 }
}

/// What keeps a recording from being looked at.
pub(super) fn unusable(sound: &Sound) -> Option<Quality> {
    let n = sound.samples.len();
    let rate_is_known = sound.rate >= RATES.0 && sound.rate <= RATES.1;
    if n < 2 || !rate_is_known {
        return Some(quality::unreadable(1.0));
    }
    let bad = sound.samples.iter().filter(|v| !v.is_finite()).count();
    if bad > 0 {
        return Some(quality::unreadable(bad as f64 / n as f64));
    }
    (duration(sound) > LONGEST).then(|| quality::too_long(duration(sound), LONGEST))
}

/// A recording, its level and its voice.
pub(super) struct Heard {
    pub x: Vec<f64>,
    pub rate: Hertz,
    pub contour: Contour,
    levels: Vec<(Seconds, Decibel)>,
}

impl Heard {
    pub fn of(sound: &Sound) -> Self {
        let x = pcm::without_offset(sound.samples);
        let contour = pitch::track(&x, sound.rate, &Settings::SPEECH);
        Self { levels: pcm::levels(&x, sound.rate), rate: sound.rate, contour, x }
    }

    /// The same with a contour that is only good for telling voice from no voice, at a fraction of the time.
    pub fn coarsely(sound: &Sound) -> Self {
        let x = pcm::without_offset(sound.samples);
        let (reduced, rate) = pcm::block_means(&x, sound.rate, COARSE);
        let contour = pitch::track(&reduced, rate, &Settings::SPEECH);
        Self { levels: pcm::levels(&x, sound.rate), rate: sound.rate, contour, x }
    }

    pub fn facts(&self, sound: &Sound) -> SoundFacts {
        let spread = (stats::quantile(&self.contour.voiced(), 0.05), stats::quantile(&self.contour.voiced(), 0.95));
        SoundFacts {
            rate: sound.rate,
            clipped_share: pcm::clipped_share(sound.samples),
            peak: pcm::peak_level(&self.x),
            snr: self.snr(sound.quiet),
            hum: pcm::hum_level(&self.x, self.rate, spread.0.zip(spread.1)),
            dropout_share: pcm::dropout_share(sound.samples, self.rate),
        }
    }

    /// Voiced frames over sounding frames; sounding is what lies within 12 dB of the loud parts.
    pub fn voiced_fraction(&self) -> f64 {
        let Some(loud) = self.level_quantile(0.95) else {
            return 0.0;
        };
        let sounding: Vec<Seconds> =
            self.levels.iter().filter(|(_, db)| *db > loud - SOUNDING).map(|(t, _)| *t).collect();
        let voiced = sounding.iter().filter(|t| self.is_voiced(**t)).count();
        voiced as f64 / sounding.len().max(1) as f64
    }

    /// Voiced at `t`; beyond the outermost pitch frames the nearest frame decides.
    pub fn is_voiced(&self, t: Seconds) -> bool {
        let frames = &self.contour.frames;
        if frames.count == 0 {
            return false;
        }
        self.contour.at(t.clamp(frames.time(0), frames.time(frames.count - 1))).is_some()
    }

    fn level_quantile(&self, q: f64) -> Option<Decibel> {
        let levels: Vec<f64> = self.levels.iter().map(|(_, db)| *db).collect();
        stats::quantile(&levels, q)
    }

    /// Median voiced level over room noise: the quiet second if recorded, else the 5 % quantile if the recording has pauses.
    fn snr(&self, quiet: &[f32]) -> Option<Decibel> {
        let voiced: Vec<f64> = self.levels.iter().filter(|(t, _)| self.is_voiced(*t)).map(|l| l.1).collect();
        let voice = stats::quantile(&voiced, 0.5)?;
        let unvoiced = self.levels.len() - voiced.len();
        let recorded: Vec<f64> = pcm::levels(&pcm::without_offset(quiet), self.rate).into_iter().map(|l| l.1).collect();
        let usable = quiet.iter().all(|v| v.is_finite());
        let noise = stats::quantile(&recorded, 0.5).filter(|_| usable);
        let pauses = || self.level_quantile(0.05).filter(|_| unvoiced >= NOISE_FRAMES);
        noise.or_else(pauses).map(|n| voice - n)
    }
}
