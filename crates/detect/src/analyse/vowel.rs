//! The sustained vowel: which stretch, which gates, which measures, which score.

use super::{Options, Reference, Sound, Source, blank, compare, complete, own_values};
use crate::dsp::{floor_index, stats};
use crate::pcm;
use crate::quality::{self, Quality, Verdict, VoiceFacts};
use crate::refer::{self, Baseline, DeviceClass, Norm, Scored, VowelMeasure};
use crate::report::{Basis, InputSummary, Measure, Report, Task};
use crate::score::Voice;
use crate::units::{Decibel, Hertz, Seconds};
use crate::voice::pitch::{self, Contour, Settings};
use crate::voice::vowel::{self, Vowel};

/// Longest recording looked at.
const LONGEST: Seconds = 120.0;
/// Rates looked at; the lower gate speaks above the first.
const RATES: (Hertz, Hertz) = (1000.0, 192_000.0);
/// Onset and end of the voice that are left out, and the most that is analysed.
const TRIM: Seconds = 0.25;
const MOST: Seconds = 5.0;
/// Interruptions of the voice up to this long do not end the stretch.
const BRIDGE: Seconds = 0.3;
/// Frames this far below the loudest are not sounding.
const SOUNDING: Decibel = 12.0;
/// Level frames without voice needed before they count as room noise.
const NOISE_FRAMES: usize = 30;

pub(super) fn analyse(sound: &Sound, source: &Source, reference: &Reference, options: Options) -> Report {
    let summary = InputSummary {
        sample_rate: if sound.rate.is_finite() { sound.rate } else { 0.0 },
        channels: sound.channels,
        duration_s: duration(sound),
        sha256: source.sha256.clone(),
        device_class: source.device_class,
        surface: None,
    };
    if let Some(quality) = unusable(sound) {
        return blank(Task::Vowel, source, quality, summary);
    }
    let heard = Heard::of(sound);
    let stretch = heard.stretch();
    let measured = vowel::measure(stretch, sound.rate);
    let quality = quality::vowel(&heard.facts(sound, stretch, &measured));
    let mut report = blank(Task::Vowel, source, quality, summary);
    if report.quality.verdict == Verdict::Reject {
        return report;
    }
    report.measures = measures(&measured, &heard, sound.rate, is_doubtful(&report.quality));
    judge(&mut report, reference, options);
    report.notes = notes(&report, &measured);
    report
}

fn duration(sound: &Sound) -> Seconds {
    let seconds = sound.samples.len() as f64 / sound.rate;
    if seconds.is_finite() && seconds >= 0.0 { seconds } else { 0.0 }
}

/// What keeps a recording from being looked at.
fn unusable(sound: &Sound) -> Option<Quality> {
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

/// The recording, and where in it the voice is.
struct Heard {
    x: Vec<f64>,
    rate: Hertz,
    contour: Contour,
    levels: Vec<(Seconds, Decibel)>,
    /// Start and end of the longest stretch of voice; `None` without voice.
    voice: Option<(Seconds, Seconds)>,
}

impl Heard {
    fn of(sound: &Sound) -> Self {
        let x = pcm::without_offset(sound.samples);
        let contour = pitch::track(&x, sound.rate, &Settings::SPEECH);
        let levels = pcm::levels(&x, sound.rate);
        let voice = longest(&contour.stretches());
        Self { x, rate: sound.rate, contour, levels, voice }
    }

    /// What is analysed: the voice without its first and last quarter second, at most five seconds.
    fn stretch(&self) -> &[f64] {
        let Some((start, end)) = self.voice else {
            return &[];
        };
        let (start, end) = if end - start > 4.0 * TRIM { (start + TRIM, end - TRIM) } else { (start, end) };
        let index = |t: f64| floor_index(t * self.rate + 0.5).min(self.x.len());
        &self.x[index(start)..index(end.min(start + MOST))]
    }

    fn facts(&self, sound: &Sound, stretch: &[f64], measured: &Vowel) -> VoiceFacts {
        let spread = (stats::quantile(&self.contour.voiced(), 0.05), stats::quantile(&self.contour.voiced(), 0.95));
        VoiceFacts {
            rate: sound.rate,
            clipped_share: pcm::clipped_share(sound.samples),
            peak: pcm::peak_level(&self.x),
            snr: self.snr(sound.quiet),
            hum: pcm::hum_level(&self.x, self.rate, spread.0.zip(spread.1)),
            dropout_share: pcm::dropout_share(sound.samples, self.rate),
            voiced_time: self.voiced_time(),
            voiced_fraction: self.voiced_fraction(),
            pitch_disagreement: disagreement(measured, stretch, self.rate),
        }
    }

    /// Seconds of voiced frames in the longest stretch.
    fn voiced_time(&self) -> Seconds {
        let Some((start, end)) = self.voice else {
            return 0.0;
        };
        let inside = |i: &usize| self.contour.f0[*i] > 0.0 && (start..=end).contains(&self.contour.frames.time(*i));
        (0..self.contour.f0.len()).filter(inside).count() as f64 * self.contour.frames.step
    }

    /// Voiced frames over sounding frames; sounding is what lies within 12 dB of the loud parts.
    fn voiced_fraction(&self) -> f64 {
        let Some(loud) = self.level_quantile(0.95) else {
            return 0.0;
        };
        let sounding: Vec<Seconds> =
            self.levels.iter().filter(|(_, db)| *db > loud - SOUNDING).map(|(t, _)| *t).collect();
        let voiced = sounding.iter().filter(|t| self.is_voiced(**t)).count();
        voiced as f64 / sounding.len().max(1) as f64
    }

    /// Voiced at `t`; beyond the outermost pitch frames the nearest frame decides.
    fn is_voiced(&self, t: Seconds) -> bool {
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
fn measures(v: &Vowel, heard: &Heard, rate: Hertz, doubtful: bool) -> Vec<Measure> {
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
        ("voiced_fraction", "", Some(heard.voiced_fraction()), "no_voice"),
        ("voice_breaks", "", Some(v.breaks.count as f64), "no_voice"),
        ("degree_voice_breaks", "", Some(v.breaks.degree), "no_voice"),
        ("hnr", "dB", v.hnr, "no_voice"),
        ("cpps", "dB", v.cpps, cpps_reason),
        ("intensity_mean", "dB", level(|i| Some(i.mean)), "too_short"),
        ("intensity_sd", "dB", level(|i| i.sd), "too_short"),
        ("intensity_min", "dB", level(|i| Some(i.min)), "too_short"),
        ("intensity_max", "dB", level(|i| Some(i.max)), "too_short"),
        ("phonation_time", "s", heard.voice.map(|(start, end)| end - start), "no_voice"),
    ];
    let mark = |mut m: Measure| {
        m.mark = (doubtful && m.value.is_some()).then(|| "pitch_doubt".to_owned());
        m
    };
    let new = |(id, unit, value, reason): (&str, &str, Option<f64>, &str)| Measure::new(id, unit, value, reason);
    pitch_based.into_iter().map(new).map(mark).chain(others.into_iter().map(new)).collect()
}

/// Norms apply to telephones and headsets, as they were recorded.
fn norm(measure: VowelMeasure, device: DeviceClass) -> Result<Norm, &'static str> {
    use DeviceClass::{ComputerHeadset, PhoneBuiltin, PhoneHeadset};
    if !matches!(device, PhoneBuiltin | PhoneHeadset | ComputerHeadset) {
        return Err("device_class");
    }
    refer::vowel_norm(measure).ok_or("no_norm")
}

/// Compares the five phonation measures and writes score and result where a reference applied.
fn judge(report: &mut Report, reference: &Reference, options: Options) {
    let device = report.input.device_class;
    let sessions = refer::matching(&reference.sessions, Task::Vowel, device, None);
    let mut voice = Voice::default();
    for measure in VowelMeasure::ALL {
        let own = sessions.as_ref().and_then(|s| Baseline::of(&own_values(s, measure), measure.day_to_day()));
        let Some(entry) = report.measures.iter_mut().find(|m| m.id == measure.id()) else {
            continue;
        };
        voice.phonation.extend(compare(entry, measure, norm(measure, device), own).best(measure.day_to_day()));
    }
    let (Some(score), Some(confidence)) = (voice.score(), voice.confidence(options.repeats)) else {
        return;
    };
    let provisional = voice.phonation.iter().any(|d| d.basis == Basis::NormProvisional);
    report.healthy_share = voice.healthy_share();
    let positive = score.is_positive();
    report.score = Some(score);
    complete(report, positive, confidence, provisional);
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
    let score = report
        .score
        .as_ref()
        .map_or("no reference applied".to_owned(), |s| format!("{} of {} points", s.total, s.threshold));
    format!("{values}; {score}. A vowel alone can reach 3 points and never flags; it does not rule out a stroke.")
}
