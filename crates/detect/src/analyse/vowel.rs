//! The sustained vowel: which stretch, which gates, which measures, which score.

use super::heard::{self, Heard};
use super::{Options, Reference, Sound, Source, blank, voice};
use crate::dsp::floor_index;
use crate::quality::{self, Quality, Verdict, VoiceFacts};
use crate::report::{Measure, Report, Task};
use crate::units::{Hertz, Seconds};
use crate::voice::formant;
use crate::voice::pitch::{self, Settings};
use crate::voice::vowel::{self, Vowel};

/// Onset and end of the voice that are left out, and the most that is analysed.
const TRIM: Seconds = 0.25;
const MOST: Seconds = 5.0;
/// Interruptions of the voice up to this long do not end the stretch.
const BRIDGE: Seconds = 0.3;

pub(super) fn analyse(sound: &Sound, source: &Source, reference: &Reference, options: Options) -> Report {
    let summary = heard::summary(sound, source);
    if let Some(quality) = heard::unusable(sound) {
        return blank(Task::Vowel, source, quality, summary);
    }
    let held = Held::of(sound);
    let stretch = held.stretch();
    let measured = vowel::measure(stretch, sound.rate);
    let quality = quality::vowel(&held.facts(sound, stretch, &measured));
    let mut report = blank(Task::Vowel, source, quality, summary);
    if report.quality.verdict == Verdict::Reject {
        return report;
    }
    report.measures = measures(&measured, &held, sound.rate, is_doubtful(&report.quality));
    report.measures.extend(formants(&held, sound.rate, reference.formant_ceiling()));
    voice::judge(&mut report, reference, options);
    report.notes = notes(&report, &measured);
    report
}

/// A vowel held: the recording, and where in it the voice is.
struct Held {
    heard: Heard,
    /// Start and end of the longest stretch of voice; `None` without voice.
    voice: Option<(Seconds, Seconds)>,
}

impl Held {
    fn of(sound: &Sound) -> Self {
        let heard = Heard::of(sound);
        let voice = longest(&heard.contour.stretches());
        Self { heard, voice }
    }

    /// What is analysed: the voice without its first and last quarter second, at most five seconds.
    fn stretch(&self) -> &[f64] {
        let Some((start, end)) = self.voice else {
            return &[];
        };
        let (start, end) = if end - start > 4.0 * TRIM { (start + TRIM, end - TRIM) } else { (start, end) };
        let x = &self.heard.x;
        let index = |t: f64| floor_index(t * self.heard.rate + 0.5).min(x.len());
        &x[index(start)..index(end.min(start + MOST))]
    }

    fn facts(&self, sound: &Sound, stretch: &[f64], measured: &Vowel) -> VoiceFacts {
        VoiceFacts {
            sound: self.heard.facts(sound),
            voiced_time: self.voiced_time(),
            voiced_fraction: self.heard.voiced_fraction(),
            pitch_disagreement: disagreement(measured, stretch, self.heard.rate),
        }
    }

    /// Seconds of voiced frames in the longest stretch.
    fn voiced_time(&self) -> Seconds {
        let Some((start, end)) = self.voice else {
            return 0.0;
        };
        let contour = &self.heard.contour;
        let inside = |i: &usize| contour.f0[*i] > 0.0 && (start..=end).contains(&contour.frames.time(*i));
        (0..contour.f0.len()).filter(inside).count() as f64 * contour.frames.step
    }
}

/// The longest stretch after bridging short interruptions.
fn longest(stretches: &[(Seconds, Seconds)]) -> Option<(Seconds, Seconds)> {
    let joined = stretches.chunk_by(|a, b| b.0 - a.1 <= BRIDGE).map(|run| (run[0].0, run[run.len() - 1].1));
    joined.reduce(|best, s| if s.1 - s.0 > best.1 - best.0 { s } else { best })
}

/// How far the medians of the two pitch methods lie apart.
fn disagreement(measured: &Vowel, stretch: &[f64], rate: Hertz) -> Option<f64> {
    let cross = measured.f0?.median;
    let auto = pitch::track(stretch, rate, &Settings::SPEECH).median()?;
    Some((cross / auto - 1.0).abs())
}

fn is_doubtful(quality: &Quality) -> bool {
    quality.checks.iter().any(|c| c.code == quality::Gate::PitchDoubt && c.verdict != Verdict::Accept)
}

/// Every measure in the order of the report.
fn measures(v: &Vowel, held: &Held, rate: Hertz, doubtful: bool) -> Vec<Measure> {
    let f0 = |f: fn(&vowel::F0) -> Option<f64>| v.f0.as_ref().and_then(f);
    let level = |f: fn(&crate::voice::intensity::Intensity) -> Option<f64>| v.intensity.as_ref().and_then(f);
    let (jitter, shimmer) = (&v.jitter, &v.shimmer);
    let pitch_based = [
        ("f0_mean", "Hz", f0(|f| Some(f.mean)), "no_voice"),
        ("f0_median", "Hz", f0(|f| Some(f.median)), "no_voice"),
        ("f0_sd", "Hz", f0(|f| f.sd), "no_voice"),
        ("f0_sd_semitones", "semitone", f0(|f| f.sd_semitones), "no_voice"),
        ("f0_cv", "", f0(|f| f.cv), "no_voice"),
        ("f0_p05", "Hz", f0(|f| Some(f.p05)), "no_voice"),
        ("f0_p95", "Hz", f0(|f| Some(f.p95)), "no_voice"),
        ("mean_period", "s", jitter.mean_period, "too_few_periods"),
        ("jitter_local", "", jitter.local, "too_few_periods"),
        ("jitter_absolute", "s", jitter.absolute, "too_few_periods"),
        ("jitter_rap", "", jitter.rap, "too_few_periods"),
        ("jitter_ppq5", "", jitter.ppq5, "too_few_periods"),
        ("jitter_ddp", "", jitter.ddp, "too_few_periods"),
        ("shimmer_local", "", shimmer.local, "too_few_periods"),
        ("shimmer_local_db", "dB", shimmer.local_db, "too_few_periods"),
        ("shimmer_apq3", "", shimmer.apq3, "too_few_periods"),
        ("shimmer_apq5", "", shimmer.apq5, "too_few_periods"),
        ("shimmer_apq11", "", shimmer.apq11, "too_few_periods"),
        ("shimmer_dda", "", shimmer.dda, "too_few_periods"),
    ];
    let cpps_reason = if rate < 16_000.0 { "sample_rate_below_16k" } else { "too_short" };
    let others = [
        ("voiced_fraction", "", Some(held.heard.voiced_fraction()), "no_voice"),
        ("voice_breaks", "", Some(v.breaks.count as f64), "no_voice"),
        ("degree_voice_breaks", "", Some(v.breaks.degree), "no_voice"),
        ("hnr", "dB", v.hnr, "no_voice"),
        ("cpps", "dB", v.cpps, cpps_reason),
        ("intensity_mean", "dB", level(|i| Some(i.mean)), "too_short"),
        ("intensity_sd", "dB", level(|i| i.sd), "too_short"),
        ("intensity_min", "dB", level(|i| Some(i.min)), "too_short"),
        ("intensity_max", "dB", level(|i| Some(i.max)), "too_short"),
        ("phonation_time", "s", held.voice.map(|(start, end)| end - start), "no_voice"),
    ];
    let mark = |mut m: Measure| {
        m.mark = (doubtful && m.value.is_some()).then(|| "pitch_doubt".to_owned());
        m
    };
    let new = |(id, unit, value, reason): (&str, &str, Option<f64>, &str)| Measure::new(id, unit, value, reason);
    pitch_based.into_iter().map(new).map(mark).chain(others.into_iter().map(new)).collect()
}

/// F1 to F3, medians over the voiced frames. Shown, never scored: no norm of them survives microphone and language.
fn formants(held: &Held, rate: Hertz, ceiling: Hertz) -> [Measure; 3] {
    let stretch = held.stretch();
    let found = formant::track(stretch, rate, ceiling);
    let ids = ["f1_median", "f2_median", "f3_median"];
    std::array::from_fn(|i| {
        let low = i == 2 && rate < 16_000.0;
        let value = found.median(i, |_| true).filter(|_| !low);
        Measure::new(ids[i], "Hz", value, if low { "sample_rate_below_16k" } else { "no_voice" })
    })
}

/// One line: what was measured, and what a vowel cannot say.
fn notes(report: &Report, v: &Vowel) -> String {
    let number =
        |x: Option<f64>, scale: f64, unit: &str| x.map_or("none".to_owned(), |x| format!("{:.2}{unit}", x * scale));
    let (f0, jitter, shimmer) = (v.f0.map(|f| f.mean), v.jitter.local, v.shimmer.local);
    let values = format!(
        "vowel: F0 {}, jitter {}, shimmer {}, HNR {}",
        number(f0, 1.0, " Hz"),
        number(jitter, 100.0, " %"),
        number(shimmer, 100.0, " %"),
        number(v.hnr, 1.0, " dB")
    );
    format!(
        "{values}; {}. A vowel alone can reach 3 points and never flags; it does not rule out a stroke.",
        voice::score_words(report)
    )
}
