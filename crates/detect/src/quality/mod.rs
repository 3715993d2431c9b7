//! Gates: whether a signal is good enough to be measured at all.
//!
//! Codes are stable; the sentence a person reads is the UI's, the English one here is the reference text.

mod gate;

pub use gate::Gate;

use crate::balance::accel::Level;
use crate::balance::clean::Cleaned;
use crate::dsp::floor_index;
use crate::report::number;
use crate::units::{Decibel, Hertz, Seconds};
use serde::{Deserialize, Serialize};

/// What a gate decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Good.
    Accept,
    /// Measured, shown with the reason, confidence lowered.
    Warn,
    /// No result.
    Reject,
}

/// One gate's finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// Which gate.
    pub code: Gate,
    /// What was found.
    #[serde(serialize_with = "number")]
    pub value: f64,
    /// Unit of value and limit; empty for shares.
    pub unit: String,
    /// The limit that was passed or kept.
    #[serde(serialize_with = "number")]
    pub limit: f64,
    /// What follows.
    pub verdict: Verdict,
}

/// All findings; the worst one decides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// Worst of the checks.
    pub verdict: Verdict,
    /// Every gate that applies.
    pub checks: Vec<Check>,
}

impl Quality {
    pub(crate) fn of(checks: Vec<Check>) -> Self {
        let verdict = checks.iter().map(|c| c.verdict).max().unwrap_or(Verdict::Accept);
        Self { verdict, checks }
    }

    /// The findings of the worst verdict, if it is not acceptance.
    pub fn reasons(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|c| c.verdict == self.verdict && c.verdict != Verdict::Accept)
    }
}

/// Which way a limit works.
enum Bad {
    Below,
    Above,
}

fn check(code: Gate, unit: &str, value: f64, bad: Bad, warn: Option<f64>, reject: Option<f64>) -> Check {
    let beyond = |limit: f64| match bad {
        Bad::Below => value < limit,
        Bad::Above => value > limit,
    };
    let rejected = reject.filter(|limit| beyond(*limit)).map(|limit| (limit, Verdict::Reject));
    let warned = || warn.filter(|limit| beyond(*limit)).map(|limit| (limit, Verdict::Warn));
    let kept = warn.or(reject).unwrap_or(0.0);
    let (limit, verdict) = rejected.or_else(warned).unwrap_or((kept, Verdict::Accept));
    Check { code, value, unit: unit.to_owned(), limit, verdict }
}

/// A signal that cannot be analysed: `share` of it is missing or unusable.
pub(crate) fn unreadable(share: f64) -> Quality {
    Quality::of(vec![check(Gate::Readable, "", share, Bad::Above, None, Some(0.0))])
}

/// A recording longer than any test.
pub(crate) fn too_long(duration: Seconds, limit: Seconds) -> Quality {
    Quality::of(vec![check(Gate::Length, "s", duration, Bad::Above, None, Some(limit))])
}

/// What the gates of every sound look at.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct SoundFacts {
    pub rate: Hertz,
    pub clipped_share: f64,
    pub peak: Decibel,
    /// `None` where no room noise was recorded.
    pub snr: Option<Decibel>,
    pub hum: Option<Decibel>,
    pub dropout_share: f64,
}

/// What the gates of a vowel look at beyond that.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct VoiceFacts {
    pub sound: SoundFacts,
    pub voiced_time: Seconds,
    pub voiced_fraction: f64,
    /// |ratio − 1| of the two pitch medians.
    pub pitch_disagreement: Option<f64>,
}

/// Gates of every sound.
fn sound(f: &SoundFacts) -> Vec<Check> {
    use Bad::{Above, Below};
    let mut checks = vec![
        check(Gate::SampleRate, "Hz", f.rate, Below, Some(16_000.0), Some(8_000.0)),
        check(Gate::Clipping, "", f.clipped_share, Above, Some(5e-5), Some(1e-3)),
        check(Gate::Level, "dBFS", f.peak, Below, Some(-40.0), Some(-60.0)),
        check(Gate::Dropout, "", f.dropout_share, Above, Some(0.0), Some(0.1)),
    ];
    checks.extend(f.snr.map(|v| check(Gate::Snr, "dB", v, Below, Some(20.0), Some(10.0))));
    checks.extend(f.hum.map(|v| check(Gate::Hum, "dB", v, Above, Some(-25.0), None)));
    checks
}

/// Gates of a sustained vowel.
pub(crate) fn vowel(f: &VoiceFacts) -> Quality {
    use Bad::{Above, Below};
    let mut checks = sound(&f.sound);
    checks.push(check(Gate::VoicedTime, "s", f.voiced_time, Below, Some(2.5), Some(1.5)));
    checks.push(check(Gate::VoicedFraction, "", f.voiced_fraction, Below, Some(0.8), Some(0.5)));
    checks.extend(f.pitch_disagreement.map(|v| check(Gate::PitchDoubt, "", v, Above, Some(0.2), None)));
    Quality::of(checks)
}

/// Gates of syllable repetition: `span` from the first to the last syllable.
pub(crate) fn syllables(f: &SoundFacts, count: usize, span: Seconds) -> Quality {
    let mut checks = sound(f);
    checks.push(check(Gate::Syllables, "", count as f64, Bad::Below, Some(12.0), Some(8.0)));
    checks.push(check(Gate::SyllableTime, "s", span, Bad::Below, None, Some(3.0)));
    Quality::of(checks)
}

/// Gates of reading: seconds of speech without its pauses.
pub(crate) fn reading(f: &SoundFacts, speech: Seconds) -> Quality {
    let mut checks = sound(f);
    checks.push(check(Gate::SpeechTime, "s", speech, Bad::Below, Some(15.0), Some(8.0)));
    Quality::of(checks)
}

/// Gates of a trial with an accelerometer.
pub(crate) fn trunk(trial: &Level) -> Quality {
    use Bad::{Above, Below};
    let light = check(Gate::Gravity, "m/s2", trial.gravity, Below, None, Some(9.3));
    let heavy = check(Gate::Gravity, "m/s2", trial.gravity, Above, None, Some(10.3));
    Quality::of(vec![
        check(Gate::AccelTimeBase, "Hz", trial.rate, Below, Some(50.0), Some(20.0)),
        check(Gate::CopGaps, "", trial.gap_share, Above, None, Some(0.01)),
        if light.verdict == Verdict::Reject { light } else { heavy },
        check(Gate::VerticalPeak, "m/s2", trial.vertical_peak, Above, None, Some(2.0)),
        check(Gate::Duration, "s", trial.horizontal.duration(), Below, None, Some(25.0)),
    ])
}

/// Gates of a balance trial.
pub(crate) fn stance(trial: &Cleaned) -> Quality {
    use Bad::{Above, Below};
    let range = spread(&trial.cop.ml).max(spread(&trial.cop.ap));
    let too_small = check(Gate::CopRange, "cm", range, Below, None, Some(0.05));
    let plausible = if too_small.verdict == Verdict::Reject {
        too_small
    } else {
        check(Gate::CopRange, "cm", range, Above, None, Some(30.0))
    };
    Quality::of(vec![
        check(Gate::CopTimeBase, "Hz", trial.rate, Below, Some(50.0), Some(20.0)),
        check(Gate::CopGaps, "", trial.gap_share, Above, None, Some(0.01)),
        plausible,
        check(Gate::StanceJump, "cm", largest_jump(trial), Above, None, Some(5.0)),
        check(Gate::Duration, "s", trial.cop.duration(), Below, Some(55.0), Some(25.0)),
    ])
}

fn spread(x: &[f64]) -> f64 {
    let (low, high) = x.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v)));
    if low > high { 0.0 } else { high - low }
}

/// Largest distance between two positions at most 0.1 s apart.
fn largest_jump(trial: &Cleaned) -> f64 {
    let reach = floor_index(0.1 * trial.cop.rate + 1e-9).clamp(1, 1000);
    let (ml, ap) = (&trial.cop.ml, &trial.cop.ap);
    let square = |i: usize, j: usize| (ml[j] - ml[i]) * (ml[j] - ml[i]) + (ap[j] - ap[i]) * (ap[j] - ap[i]);
    let from = |i: usize| (i + 1..(i + 1 + reach).min(ml.len())).map(move |j| (i, j));
    (0..ml.len()).flat_map(from).map(|(i, j)| square(i, j)).fold(0.0, f64::max).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::balance::Cop;

    fn quiet_room() -> SoundFacts {
        SoundFacts { rate: 44_100.0, peak: -6.0, snr: Some(40.0), hum: Some(-60.0), ..Default::default() }
    }

    fn sounding(sound: SoundFacts) -> VoiceFacts {
        VoiceFacts { sound, ..good() }
    }

    fn good() -> VoiceFacts {
        VoiceFacts { sound: quiet_room(), voiced_time: 4.0, voiced_fraction: 1.0, pitch_disagreement: Some(0.01) }
    }

    #[test]
    fn every_voice_gate_warns_and_rejects_at_its_limits() {
        assert_eq!(vowel(&good()).verdict, Verdict::Accept);
        let cases = [
            (sounding(SoundFacts { rate: 8000.0, ..quiet_room() }), Gate::SampleRate, Verdict::Warn),
            (sounding(SoundFacts { rate: 7999.0, ..quiet_room() }), Gate::SampleRate, Verdict::Reject),
            (sounding(SoundFacts { clipped_share: 6e-5, ..quiet_room() }), Gate::Clipping, Verdict::Warn),
            (sounding(SoundFacts { clipped_share: 2e-3, ..quiet_room() }), Gate::Clipping, Verdict::Reject),
            (sounding(SoundFacts { peak: -41.0, ..quiet_room() }), Gate::Level, Verdict::Warn),
            (sounding(SoundFacts { peak: -61.0, ..quiet_room() }), Gate::Level, Verdict::Reject),
            (sounding(SoundFacts { snr: Some(15.0), ..quiet_room() }), Gate::Snr, Verdict::Warn),
            (sounding(SoundFacts { snr: Some(5.0), ..quiet_room() }), Gate::Snr, Verdict::Reject),
            (sounding(SoundFacts { hum: Some(-20.0), ..quiet_room() }), Gate::Hum, Verdict::Warn),
            (sounding(SoundFacts { dropout_share: 0.02, ..quiet_room() }), Gate::Dropout, Verdict::Warn),
            (sounding(SoundFacts { dropout_share: 0.2, ..quiet_room() }), Gate::Dropout, Verdict::Reject),
            (VoiceFacts { voiced_time: 2.0, ..good() }, Gate::VoicedTime, Verdict::Warn),
            (VoiceFacts { voiced_time: 1.0, ..good() }, Gate::VoicedTime, Verdict::Reject),
            (VoiceFacts { voiced_fraction: 0.7, ..good() }, Gate::VoicedFraction, Verdict::Warn),
            (VoiceFacts { voiced_fraction: 0.4, ..good() }, Gate::VoicedFraction, Verdict::Reject),
            (VoiceFacts { pitch_disagreement: Some(0.5), ..good() }, Gate::PitchDoubt, Verdict::Warn),
        ];
        for (facts, gate, verdict) in cases {
            let quality = vowel(&facts);
            assert_eq!(quality.verdict, verdict, "{gate:?}");
            assert_eq!(quality.reasons().map(|c| c.code).collect::<Vec<_>>(), [gate]);
        }
    }

    #[test]
    fn a_step_a_wrong_unit_and_a_short_trial_are_rejected() {
        let sway = |n: usize, scale: f64| -> Vec<f64> { (0..n).map(|i| scale * libm::sin(0.01 * i as f64)).collect() };
        let trial = |ml: Vec<f64>| Cleaned {
            rate: 100.0,
            gap_share: 0.0,
            cop: Cop { rate: 100.0, ap: vec![0.0; ml.len()], ml },
        };
        assert_eq!(stance(&trial(sway(6000, 1.0))).verdict, Verdict::Accept);
        assert_eq!(stance(&trial(sway(3000, 1.0))).verdict, Verdict::Warn);
        assert_eq!(stance(&trial(sway(2000, 1.0))).verdict, Verdict::Reject);
        assert_eq!(stance(&trial(sway(6000, 16.0))).reasons().next().unwrap().code, Gate::CopRange);
        assert_eq!(stance(&trial(sway(6000, 0.001))).reasons().next().unwrap().code, Gate::CopRange);
        let mut step = sway(6000, 1.0);
        step[3000..].iter_mut().for_each(|v| *v += 6.0);
        assert_eq!(stance(&trial(step)).reasons().next().unwrap().code, Gate::StanceJump);
    }

    #[test]
    fn syllables_reading_and_the_accelerometer_have_their_own_gates() {
        let room = quiet_room();
        let verdict = |q: Quality| (q.verdict, q.reasons().map(|c| c.code).collect::<Vec<_>>());
        assert_eq!(syllables(&room, 12, 3.5).verdict, Verdict::Accept);
        assert_eq!(verdict(syllables(&room, 11, 3.5)), (Verdict::Warn, vec![Gate::Syllables]));
        assert_eq!(verdict(syllables(&room, 7, 3.5)), (Verdict::Reject, vec![Gate::Syllables]));
        assert_eq!(verdict(syllables(&room, 20, 2.9)), (Verdict::Reject, vec![Gate::SyllableTime]));
        assert_eq!(reading(&room, 15.0).verdict, Verdict::Accept);
        assert_eq!(verdict(reading(&room, 14.0)), (Verdict::Warn, vec![Gate::SpeechTime]));
        assert_eq!(verdict(reading(&room, 7.0)), (Verdict::Reject, vec![Gate::SpeechTime]));
        let still = Level {
            horizontal: Cop { rate: 100.0, ml: vec![0.0; 3001], ap: vec![0.0; 3001] },
            rate: 100.0,
            gap_share: 0.0,
            gravity: 9.81,
            vertical_peak: 0.3,
        };
        assert_eq!(trunk(&still).verdict, Verdict::Accept);
        assert_eq!(verdict(trunk(&Level { rate: 40.0, ..still.clone() })), (Verdict::Warn, vec![Gate::AccelTimeBase]));
        for gravity in [9.2, 10.4, 1.0] {
            assert_eq!(verdict(trunk(&Level { gravity, ..still.clone() })), (Verdict::Reject, vec![Gate::Gravity]));
        }
        let bumped = Level { vertical_peak: 2.1, ..still.clone() };
        assert_eq!(verdict(trunk(&bumped)), (Verdict::Reject, vec![Gate::VerticalPeak]));
        let short = Level { horizontal: Cop { rate: 100.0, ml: vec![0.0; 2000], ap: vec![0.0; 2000] }, ..still };
        assert_eq!(verdict(trunk(&short)), (Verdict::Reject, vec![Gate::Duration]));
    }

    #[test]
    fn codes_in_json_are_the_stable_ones() {
        for gate in [Gate::SampleRate, Gate::CopTimeBase, Gate::StanceJump, Gate::VoicedFraction] {
            assert_eq!(serde_json::to_string(&gate).unwrap(), format!("\"{}\"", gate.code()));
            assert!(gate.to_string().ends_with('.'));
        }
    }
}
