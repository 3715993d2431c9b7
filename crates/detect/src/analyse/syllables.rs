//! Syllable repetition: gates, measures and score of one recording.

use super::heard::{self, Heard};
use super::{Options, Reference, Sound, Source, blank, voice};
use crate::quality::{self, Verdict};
use crate::report::{Measure, Report, Task};
use crate::units::Seconds;
use crate::voice::ddk::{self, Ddk};

/// What counts after the first onset.
pub(crate) const MOST: Seconds = 5.0;

pub(super) fn analyse(sound: &Sound, source: &Source, reference: &Reference, options: Options) -> Report {
    let (task, summary) = (Task::Syllables, heard::summary(sound, source));
    if let Some(quality) = heard::unusable(sound) {
        return blank(task, source, quality, summary);
    }
    let heard = Heard::coarsely(sound);
    let measured = ddk::find(&heard.x, sound.rate).first(MOST).measure();
    let mut report =
        blank(task, source, quality::syllables(&heard.facts(sound), measured.count, measured.span), summary);
    if report.quality.verdict == Verdict::Reject {
        return report;
    }
    report.measures = measures(&measured);
    voice::judge(&mut report, reference, options);
    report.notes = notes(&report, &measured);
    report
}

/// Every measure in the order of the report.
fn measures(m: &Ddk) -> Vec<Measure> {
    [
        ("ddk_rate", "syll/s", m.rate),
        ("ddk_cv", "", m.cv),
        ("ddk_cv_plain", "", m.cv_plain),
        ("ddk_npvi", "", m.npvi),
        ("ddk_slowing", "", m.slowing),
        ("ddk_depth", "dB", m.depth),
        ("ddk_peak_sd", "dB", m.peak_sd),
        ("ddk_interval_mean", "s", m.interval_mean),
        ("ddk_interruptions", "", Some(m.interruptions as f64)),
        ("ddk_count", "", Some(m.count as f64)),
    ]
    .into_iter()
    .map(|(id, unit, value)| Measure::new(id, unit, value, "too_few_syllables"))
    .collect()
}

fn notes(report: &Report, m: &Ddk) -> String {
    let (rate, cv) = (m.rate.unwrap_or(0.0), m.cv.unwrap_or(0.0));
    let measured = format!("syllables: {} at {rate:.2} per second, irregularity {:.1} %", m.count, 100.0 * cv);
    format!("{measured}; {}. It does not rule out a stroke.", voice::score_words(report))
}
