//! From the bytes of a recording to a report and its pictures.

use super::audio::{self, Audio};
use crate::{Problem, Session, problem::invalid};
use detect::{
    DeviceClass, Eyes, Input, Options, Passage, Reference, Report, Session as Enrolment, Sex, Signal, Sound, Source,
    Stance, Surface, Task, Trunk, analyse,
    balance::{Cop, accel, clean},
    csv::{self, Balance},
    picture, spectrogram, voice,
};
use model::{Detection, Gender, Patient};
use std::io::Cursor;
use uuid::Uuid;

use crate::views::{MinMax, PathPoint, PictureView, Span, TrackPoint};

/// Points of a picture; more would not be seen.
const POINTS: usize = 800;
/// Two stances belong to one session when no more time lies between them.
const SESSION_MS: i64 = 60 * 60 * 1000;

/// What is known of a voice recording beside its samples.
#[derive(Clone, Copy)]
pub struct Given {
    /// What recorded it.
    pub device: DeviceClass,
    /// Syllables of the text, where it is known which one was read.
    pub syllables: Option<u32>,
}

/// Syllables that a text read aloud in two minutes can have.
const SYLLABLES: std::ops::RangeInclusive<u32> = 1..=2_000;

impl Given {
    /// From a request; a device that is not named is not known.
    pub fn of(device: Option<&str>, syllables: Option<u32>) -> Result<Self, Problem> {
        let device = device.map_or(Ok(DeviceClass::Unknown), super::device_class)?;
        if syllables.is_some_and(|count| !SYLLABLES.contains(&count)) {
            return Err(invalid("syllables"));
        }
        Ok(Self { device, syllables })
    }
}

/// Measures a recording against the norms and the person's own earlier recordings.
pub fn report(session: &Session, patient: Uuid, task: Task, given: Given, bytes: &[u8]) -> Result<Report, Problem> {
    let reference = reference(session, patient)?;
    let companion = match task {
        Task::Stance { eyes } => companion(session, patient, eyes)?,
        Task::Vowel | Task::Syllables | Task::Reading => None,
    };
    judged(task, given, bytes, companion.as_ref(), &reference)
}

/// Measures a recording against what there is to compare with.
pub fn judged(
    task: Task,
    given: Given,
    bytes: &[u8],
    companion: Option<&Balance>,
    reference: &Reference,
) -> Result<Report, Problem> {
    let sha256 = Some(hex(&crypto::encode::sha256(bytes)));
    let judged = |signal, device_class| {
        let source = Source { device_class, sha256: sha256.clone(), blob: None };
        analyse(&Input { signal, source }, reference, &Options::default())
    };
    let Task::Stance { eyes } = task else {
        let heard = audio::decode(bytes)?;
        return Ok(judged(spoken(task, &heard, given.syllables), given.device));
    };
    let surface = Surface::Firm;
    Ok(match &balance(bytes)? {
        Balance::Plate(trial) => {
            let companion = companion.and_then(|c| if let Balance::Plate(c) = c { Some(c) } else { None });
            let stance = Stance { eyes, trial, companion, surface, filtered_at_source: false };
            judged(Signal::Stance(stance), DeviceClass::ForcePlate)
        }
        Balance::Trunk(trial) => {
            let companion = companion.and_then(|c| if let Balance::Trunk(c) = c { Some(c) } else { None });
            judged(Signal::Trunk(Trunk { eyes, trial, companion, surface }), DeviceClass::TrunkAccelerometer)
        }
    })
}

/// The recording as a signal of its voice task.
fn spoken(task: Task, heard: &Audio, syllables: Option<u32>) -> Signal<'_> {
    let sound = Sound { samples: &heard.samples, rate: heard.rate, channels: heard.channels, quiet: &[] };
    match task {
        Task::Syllables => Signal::Syllables(sound),
        Task::Reading => Signal::Reading(Passage { sound, syllables }),
        Task::Vowel | Task::Stance { .. } => Signal::Vowel(sound),
    }
}

/// Where the energy of a voice lies, as bytes: the window draws it.
pub fn spectrogram(task: Task, bytes: &[u8]) -> Result<Vec<u8>, Problem> {
    if matches!(task, Task::Stance { .. }) {
        return Err(invalid("task"));
    }
    let heard = audio::decode(bytes)?;
    let seen = spectrogram::of(&heard.samples, heard.rate, spectrogram::MAX_COLUMNS, spectrogram::MAX_ROWS);
    Ok(seen.to_bytes())
}

fn reference(session: &Session, patient: Uuid) -> Result<Reference, Problem> {
    let person = session.need::<Patient>(patient)?.value;
    let age = person.date_of_birth.and_then(|born| born.years_to(&session.clock.today()));
    Ok(Reference {
        age_years: age.and_then(|years| u32::try_from(years).ok()),
        language: person.preferred_language,
        sex: (person.gender == Some(Gender::Male)).then_some(Sex::Male),
        sessions: enrolment(session, patient)?,
        beside: beside(session, patient)?,
    })
}

/// What was measured of this person within the last hour: the other tasks of the same session, oldest first.
fn beside(session: &Session, patient: Uuid) -> Result<Vec<Report>, Problem> {
    let rows = session.of_patient::<Detection>(patient, "detected_at", 20)?;
    let since = session.now().ms() - SESSION_MS;
    let recent = rows.iter().rev().filter(|row| row.value.detected_at.ms() >= since);
    let kept = recent.filter_map(|row| serde_json::from_str(row.value.report.as_deref()?).ok());
    Ok(kept.collect())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn balance(bytes: &[u8]) -> Result<Balance, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|_| Problem::new("not_text", None))?;
    Ok(csv::parse_either(text)?)
}

/// Earlier recordings of this person that passed their gates.
fn enrolment(session: &Session, patient: Uuid) -> Result<Vec<Enrolment>, Problem> {
    const DAY_MS: i64 = 86_400_000;
    let rows = session.of_patient::<Detection>(patient, "detected_at", 500)?;
    let read = rows.iter().filter_map(|row| {
        let report: Report = serde_json::from_str(row.value.report.as_deref()?).ok()?;
        Enrolment::from_report(&report, i32::try_from(row.value.detected_at.ms() / DAY_MS).ok()?)
    });
    Ok(read.collect())
}

/// The session's trial with the eyes the other way: without it a stance has no score.
fn companion(session: &Session, patient: Uuid, eyes: Eyes) -> Result<Option<Balance>, Problem> {
    let other = match eyes {
        Eyes::Open => Eyes::Closed,
        Eyes::Closed => Eyes::Open,
    };
    let wanted = Task::Stance { eyes: other };
    if let Some(draft) = session.drafts.newest(|draft| draft.patient == patient && draft.task == wanted) {
        return balance(&draft.bytes).map(Some);
    }
    let rows = session.of_patient::<Detection>(patient, "detected_at", 20)?;
    let since = session.now().ms() - SESSION_MS;
    let fits = |row: &&vault::Row<Detection>| row.value.task == wanted.id() && row.value.detected_at.ms() >= since;
    let Some(recording) = rows.iter().find(fits).and_then(|row| row.value.recording.as_ref()) else { return Ok(None) };
    balance(&session.read_file(recording)?).map(Some)
}

/// The pictures of a recording.
pub fn picture(task: Task, bytes: &[u8]) -> Result<PictureView, Problem> {
    match task {
        Task::Vowel => voice_picture(bytes),
        Task::Syllables => train_picture(bytes),
        Task::Reading => reading_picture(bytes),
        Task::Stance { .. } => balance_picture(bytes),
    }
}

/// The waveform alone; the tasks add what they found.
fn wave(heard: &Audio) -> PictureView {
    let line = picture::waveform(&heard.samples, heard.rate, POINTS);
    PictureView {
        waveform: line.columns.iter().map(|column| MinMax { min: column.low, max: column.high }).collect(),
        duration_s: heard.samples.len() as f64 / heard.rate,
        ..PictureView::default()
    }
}

fn doubles(heard: &Audio) -> Vec<f64> {
    heard.samples.iter().map(|sample| f64::from(*sample)).collect()
}

fn spans(stretches: Vec<(f64, f64)>) -> Vec<Span> {
    stretches.into_iter().map(|(from_s, to_s)| Span { from_s, to_s }).collect()
}

fn voice_picture(bytes: &[u8]) -> Result<PictureView, Problem> {
    let heard = audio::decode(bytes)?;
    let contour = voice::pitch::track(&doubles(&heard), heard.rate, &voice::pitch::Settings::VOWEL);
    let track = picture::f0_track(&contour, POINTS).into_iter();
    Ok(PictureView {
        marked: spans(contour.stretches()),
        f0: track.filter_map(|point| Some(TrackPoint { at_s: point.t_s, value: point.f0_hz? })).collect(),
        ..wave(&heard)
    })
}

/// Syllables: the envelope and where each begins.
fn train_picture(bytes: &[u8]) -> Result<PictureView, Problem> {
    let heard = audio::decode(bytes)?;
    let train = voice::ddk::find(&doubles(&heard), heard.rate).first(5.0);
    let span = train.onsets.first().copied().zip(train.onsets.last().copied());
    Ok(PictureView {
        marked: spans(span.into_iter().collect()),
        level: picture::thinned(&train.envelope, voice::ddk::STEP, POINTS).into_iter().map(track_point).collect(),
        onsets: train.onsets,
        ..wave(&heard)
    })
}

/// Reading: stretches of speech, the level, and the syllables that were heard.
fn reading_picture(bytes: &[u8]) -> Result<PictureView, Problem> {
    let heard = audio::decode(bytes)?;
    let read = voice::reading::find(&doubles(&heard), heard.rate);
    let level = picture::thinned(&read.level, read.frames.step, POINTS).into_iter();
    Ok(PictureView {
        marked: spans(read.speech),
        level: level.map(|(t, db)| track_point((t + read.frames.first, db))).collect(),
        onsets: read.nuclei,
        ..wave(&heard)
    })
}

fn track_point((at_s, value): (f64, f64)) -> TrackPoint {
    TrackPoint { at_s, value }
}

fn balance_picture(bytes: &[u8]) -> Result<PictureView, Problem> {
    let trial: Cop = match balance(bytes)? {
        Balance::Plate(trial) => clean::clean(&trial, false)?.cop,
        Balance::Trunk(trial) => accel::level(&trial)?.horizontal,
    };
    let seen = picture::stabilogram(&trial, POINTS);
    let duration_s = trial.ml.len() as f64 / trial.rate;
    let step = duration_s / seen.path.len().max(1) as f64;
    let point = |(at, point): (usize, &[f64; 2])| PathPoint { at_s: at as f64 * step, ml: point[0], ap: point[1] };
    Ok(PictureView {
        duration_s,
        path: seen.path.iter().enumerate().map(point).collect(),
        ellipse: seen.ellipse.iter().enumerate().map(point).collect(),
        ..PictureView::default()
    })
}

/// Samples as a 16-bit WAV file.
pub fn wav(samples: &[f32], rate: u32) -> Result<Vec<u8>, Problem> {
    if samples.is_empty() {
        return Err(invalid("recording"));
    }
    let spec =
        hound::WavSpec { channels: 1, sample_rate: rate, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    let mut bytes = Cursor::new(Vec::new());
    let failed = |error: hound::Error| Problem::said("internal", &error);
    let mut writer = hound::WavWriter::new(&mut bytes, spec).map_err(failed)?;
    for sample in samples {
        let scaled = (f64::from(*sample) * f64::from(i16::MAX)).round();
        #[allow(clippy::cast_possible_truncation)] // clamped to the range of the target
        writer.write_sample(scaled.clamp(f64::from(i16::MIN), f64::from(i16::MAX)) as i16).map_err(failed)?;
    }
    writer.finalize().map_err(failed)?;
    Ok(bytes.into_inner())
}
