//! The voice score of a session: blocks A, B and C from the tasks done so far.

use super::{Compared, Options, Reference, compare, complete, own_values};
use crate::quality::Verdict;
use crate::refer::{self, AgeBand, Baseline, DdkMeasure, DeviceClass, Norm, ReadingMeasure, Scored, VowelMeasure};
use crate::report::{Basis, Measure, Report, Status, Task};
use crate::score::{Deviation, Voice};

/// Languages whose speakers the norm of the syllable rate was measured on.
const LANGUAGES: [&str; 2] = ["en", "he"];

/// Compares the report's measures, adds the blocks of the session's other tasks, and writes score and result where the
/// report's own task has a reference.
pub(super) fn judge(report: &mut Report, reference: &Reference, options: Options) {
    let (task, device) = (report.task, report.input.device_class);
    let mut voice = Voice::default();
    deviations(task, device, &mut report.measures, reference, &mut voice);
    if voice.score().is_none() {
        return;
    }
    let mut warned = false;
    for other in beside(report, reference) {
        let mut measures = other.measures.clone();
        deviations(other.task, other.input.device_class, &mut measures, reference, &mut voice);
        warned |= other.quality.verdict == Verdict::Warn;
    }
    let (Some(score), Some(confidence)) = (voice.score(), voice.confidence(options.repeats)) else {
        return;
    };
    let all = [&voice.articulation, &voice.timing, &voice.phonation];
    let provisional = all.into_iter().flatten().any(|d| d.basis == Basis::NormProvisional);
    report.healthy_share = voice.healthy_share();
    let positive = score.is_positive();
    report.score = Some(score);
    complete(report, positive, confidence, provisional, warned);
}

/// The newest accepted report of each other voice task of the session.
fn beside<'a>(report: &Report, reference: &'a Reference) -> impl Iterator<Item = &'a Report> {
    let own = report.task;
    let others = [Task::Vowel, Task::Syllables, Task::Reading].into_iter().filter(move |task| *task != own);
    others.filter_map(|task| {
        let usable = |r: &&Report| r.task == task && r.status != Status::InsufficientQuality && !r.measures.is_empty();
        reference.beside.iter().rev().find(usable)
    })
}

/// Notes the comparisons at the measures of one task and puts what counts into its block.
fn deviations(task: Task, device: DeviceClass, measures: &mut [Measure], reference: &Reference, voice: &mut Voice) {
    match task {
        Task::Vowel => voice.phonation.extend(phonation(device, measures, reference)),
        Task::Syllables => voice.articulation.extend(articulation(device, measures, reference)),
        Task::Reading => voice.timing.extend(timing(device, measures, reference)),
        Task::Stance { .. } => {}
    }
}

/// One measure against both references.
fn against<M: Scored>(
    task: Task,
    device: DeviceClass,
    measures: &mut [Measure],
    (measure, day_to_day): (M, f64),
    norm: Result<Norm, &'static str>,
    reference: &Reference,
) -> Compared {
    let sessions = refer::matching(&reference.sessions, task, device, None);
    let own = sessions.and_then(|s| Baseline::of(&own_values(&s, measure), day_to_day));
    let entry = measures.iter_mut().find(|m| m.id == measure.id());
    entry.map_or_else(Compared::default, |entry| compare(entry, measure, norm, own))
}

fn phonation(device: DeviceClass, measures: &mut [Measure], reference: &Reference) -> Vec<Deviation> {
    let one = |m: VowelMeasure| {
        let scored = (m, m.day_to_day());
        against(Task::Vowel, device, measures, scored, vowel_norm(m, device), reference).best(m.day_to_day())
    };
    VowelMeasure::ALL.into_iter().filter_map(one).collect()
}

/// Norms apply to telephones and headsets, as they were recorded.
fn vowel_norm(measure: VowelMeasure, device: DeviceClass) -> Result<Norm, &'static str> {
    use DeviceClass::{ComputerHeadset, PhoneBuiltin, PhoneHeadset};
    if !matches!(device, PhoneBuiltin | PhoneHeadset | ComputerHeadset) {
        return Err("device_class");
    }
    refer::vowel_norm(measure).ok_or("no_norm")
}

/// Rate and regularity against the own baseline; without one, the rate against other people.
fn articulation(device: DeviceClass, measures: &mut [Measure], reference: &Reference) -> Vec<Deviation> {
    let mut one = |m: DdkMeasure, norm| {
        let found = against(Task::Syllables, device, measures, (m, m.day_to_day()), norm, reference);
        (found, m.day_to_day())
    };
    let (rate, cv) = (one(DdkMeasure::Rate, rate_norm(reference)), one(DdkMeasure::Cv, Err("no_norm")));
    let own: Vec<Deviation> = [rate, cv].into_iter().filter_map(|(c, s0)| c.own_only(s0)).collect();
    if own.len() == 2 { own } else { rate.0.norm_only(rate.1).into_iter().collect() }
}

fn rate_norm(reference: &Reference) -> Result<Norm, &'static str> {
    let language = reference.language.as_deref().ok_or("language_unknown")?;
    let primary = language.split(['-', '_']).next().unwrap_or_default().to_lowercase();
    if !LANGUAGES.contains(&primary.as_str()) {
        return Err("language_foreign");
    }
    let age = reference.age_years.ok_or("age_unknown")?;
    Ok(refer::ddk_norm(AgeBand::of(age).ok_or("age_below_18")?))
}

/// Articulation rate and pauses against the own baseline; without one they do not count.
fn timing(device: DeviceClass, measures: &mut [Measure], reference: &Reference) -> Vec<Deviation> {
    let mut own = |m: ReadingMeasure| {
        let scored = (m, m.day_to_day());
        against(Task::Reading, device, measures, scored, Err("no_norm"), reference).own_only(m.day_to_day())
    };
    // With the text known its syllables are counted, not those that were heard.
    let rate = own(ReadingMeasure::TextRate).or_else(|| own(ReadingMeasure::HeardRate));
    let both: Vec<Deviation> = rate.into_iter().chain(own(ReadingMeasure::PauseRatio)).collect();
    if both.len() == 2 { both } else { Vec::new() }
}

/// The score in words for a note.
pub(super) fn score_words(report: &Report) -> String {
    report.score.as_ref().map_or("no reference applied".to_owned(), |s| {
        let blocks: Vec<&str> = s.blocks.iter().map(|b| b.id.as_str()).collect();
        format!("{} points from {}, positive from {}", s.total, blocks.join(", "), s.threshold)
    })
}
