//! Reading aloud: gates, measures and score of one recording.

use super::heard::{self, Heard};
use super::{Options, Passage, Reference, Source, blank, voice};
use crate::dsp::stats;
use crate::quality::{self, Verdict};
use crate::report::{Measure, Report, Task};
use crate::voice::formant;
use crate::voice::reading::{self, Reading};
use crate::voice::{cepstrum, vowel};

pub(super) fn analyse(passage: &Passage, source: &Source, reference: &Reference, options: Options) -> Report {
    let (sound, task) = (&passage.sound, Task::Reading);
    let summary = heard::summary(sound, source);
    if let Some(quality) = heard::unusable(sound) {
        return blank(task, source, quality, summary);
    }
    let heard = Heard::of(sound);
    let read = reading::find(&heard.x, sound.rate);
    let mut report = blank(task, source, quality::reading(&heard.facts(sound), read.speech_time()), summary);
    if report.quality.verdict == Verdict::Reject {
        return report;
    }
    report.measures = measures(&read, &heard, passage, reference);
    voice::judge(&mut report, reference, options);
    report.notes = notes(&report, &read);
    report
}

/// Every measure in the order of the report.
fn measures(r: &Reading, heard: &Heard, passage: &Passage, reference: &Reference) -> Vec<Measure> {
    let (span, time, pauses) = (r.span(), r.speech_time(), r.pauses());
    let per = |count: f64, time: f64| (count > 0.0 && time > 0.0).then(|| count / time);
    let paused: f64 = pauses.iter().sum();
    let known = passage.syllables.map_or(0.0, f64::from);
    let f0 = vowel::f0(&heard.contour);
    let cpps_reason = if heard.rate < 16_000.0 { "sample_rate_below_16k" } else { "too_short" };
    let formants = formant::track(&heard.x, heard.rate, reference.formant_ceiling());
    let voiced = |i: usize| formants.median(i, |t| heard.is_voiced(t));
    let values = [
        ("text_articulation_rate", "syll/s", per(known, time), "text_unknown"),
        ("text_speech_rate", "syll/s", per(known, span), "text_unknown"),
        ("articulation_rate", "syll/s", per(r.nuclei.len() as f64, time), "too_few_syllables"),
        ("speech_rate", "syll/s", per(r.nuclei.len() as f64, span), "too_few_syllables"),
        ("pause_ratio", "", (span > 0.0).then(|| paused / span), "too_short"),
        ("pause_count", "", Some(pauses.len() as f64), "too_short"),
        ("pause_mean", "s", stats::mean(&pauses), "no_pauses"),
        ("syllable_count", "", Some(r.nuclei.len() as f64), "too_short"),
        ("speech_time", "s", Some(time), "too_short"),
        ("f0_median", "Hz", f0.map(|f| f.median), "no_voice"),
        ("f0_sd_semitones", "semitone", f0.and_then(|f| f.sd_semitones), "no_voice"),
        ("intensity_sd", "dB", r.level_sd(), "too_short"),
        ("cpps", "dB", cepstrum::prominence(&heard.x, heard.rate), cpps_reason),
        ("f1_median", "Hz", voiced(0), "no_voice"),
        ("f2_median", "Hz", voiced(1), "no_voice"),
        ("f2_quartile_range", "Hz", formants.quartile_range(1, |t| heard.is_voiced(t)), "no_voice"),
    ];
    values.into_iter().map(|(id, unit, value, reason)| Measure::new(id, unit, value, reason)).collect()
}

fn notes(report: &Report, r: &Reading) -> String {
    let (syllables, time, pauses) = (r.nuclei.len(), r.speech_time(), r.pauses().len());
    let measured = format!("reading: {syllables} syllables heard in {time:.1} s of speech, {pauses} pauses");
    format!("{measured}; {}. It does not rule out a stroke.", voice::score_words(report))
}
