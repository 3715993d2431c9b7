//! From the bytes of a recording to a report and its pictures.

use crate::{Problem, Session, problem::invalid};
use detect::{
    DeviceClass, Eyes, Input, Options, Reference, Report, Session as Enrolment, Signal, Sound, Source, Stance, Surface,
    Task, analyse,
    balance::{Trace, clean},
    csv, picture, voice, wav,
};
use model::{Detection, Patient};
use std::io::Cursor;
use uuid::Uuid;

use crate::views::{MinMax, PathPoint, PictureView, Span, TrackPoint};

/// Points of a picture; more would not be seen.
const POINTS: usize = 800;
/// Two stances belong to one session when no more time lies between them.
const SESSION_MS: i64 = 60 * 60 * 1000;

/// Measures a recording against the norms and the person's own earlier recordings.
pub fn report(session: &Session, patient: Uuid, task: Task, bytes: &[u8]) -> Result<Report, Problem> {
    let row = session.need::<Patient>(patient)?;
    let age = row.value.date_of_birth.and_then(|born| born.years_to(&session.clock.today()));
    let reference = Reference {
        age_years: age.and_then(|years| u32::try_from(years).ok()),
        sessions: enrolment(session, patient)?,
    };
    let sha256 = Some(hex(&crypto::encode::sha256(bytes)));
    match task {
        Task::Vowel => {
            let sound = wav::decode(bytes)?;
            let source = Source { device_class: DeviceClass::Unknown, sha256, blob: None };
            let signal = Signal::Vowel(Sound {
                samples: &sound.samples,
                rate: f64::from(sound.rate),
                channels: sound.channels,
                quiet: &[],
            });
            Ok(analyse(&Input { signal, source }, &reference, &Options::default()))
        }
        Task::Stance { eyes } => {
            let trial = trace(bytes)?;
            let companion = companion(session, patient, eyes)?;
            let source = Source { device_class: DeviceClass::ForcePlate, sha256, blob: None };
            let signal = Signal::Stance(Stance {
                eyes,
                trial: &trial,
                companion: companion.as_ref(),
                surface: Surface::Firm,
                filtered_at_source: false,
            });
            Ok(analyse(&Input { signal, source }, &reference, &Options::default()))
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn trace(bytes: &[u8]) -> Result<Trace, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|_| Problem::new("not_text", None))?;
    Ok(csv::parse(text)?)
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
fn companion(session: &Session, patient: Uuid, eyes: Eyes) -> Result<Option<Trace>, Problem> {
    let other = match eyes {
        Eyes::Open => Eyes::Closed,
        Eyes::Closed => Eyes::Open,
    };
    let wanted = Task::Stance { eyes: other };
    if let Some(draft) = session.drafts.newest(|draft| draft.patient == patient && draft.task == wanted) {
        return trace(&draft.bytes).map(Some);
    }
    let rows = session.of_patient::<Detection>(patient, "detected_at", 20)?;
    let since = session.now().ms() - SESSION_MS;
    let fits = |row: &&vault::Row<Detection>| row.value.task == wanted.id() && row.value.detected_at.ms() >= since;
    let Some(recording) = rows.iter().find(fits).and_then(|row| row.value.recording.as_ref()) else { return Ok(None) };
    trace(&session.read_file(recording)?).map(Some)
}

/// The pictures of a recording.
pub fn picture(task: Task, bytes: &[u8]) -> Result<PictureView, Problem> {
    match task {
        Task::Vowel => voice_picture(bytes),
        Task::Stance { .. } => balance_picture(bytes),
    }
}

fn voice_picture(bytes: &[u8]) -> Result<PictureView, Problem> {
    let sound = wav::decode(bytes)?;
    let rate = f64::from(sound.rate);
    let line = picture::waveform(&sound.samples, rate, POINTS);
    let samples: Vec<f64> = sound.samples.iter().map(|sample| f64::from(*sample)).collect();
    let contour = voice::pitch::track(&samples, rate, &voice::pitch::Settings::VOWEL);
    let track = picture::f0_track(&contour, POINTS).into_iter();
    Ok(PictureView {
        waveform: line.columns.iter().map(|column| MinMax { min: column.low, max: column.high }).collect(),
        duration_s: sound.samples.len() as f64 / rate,
        marked: contour.stretches().into_iter().map(|(from_s, to_s)| Span { from_s, to_s }).collect(),
        f0: track.filter_map(|point| Some(TrackPoint { at_s: point.t_s, value: point.f0_hz? })).collect(),
        path: Vec::new(),
        ellipse: Vec::new(),
    })
}

fn balance_picture(bytes: &[u8]) -> Result<PictureView, Problem> {
    let trial = trace(bytes)?;
    let cleaned = clean::clean(&trial, false)?;
    let seen = picture::stabilogram(&cleaned.cop, POINTS);
    let duration_s = cleaned.cop.ml.len() as f64 / cleaned.cop.rate;
    let step = duration_s / seen.path.len().max(1) as f64;
    let point = |(at, point): (usize, &[f64; 2])| PathPoint { at_s: at as f64 * step, ml: point[0], ap: point[1] };
    Ok(PictureView {
        waveform: Vec::new(),
        duration_s,
        marked: Vec::new(),
        f0: Vec::new(),
        path: seen.path.iter().enumerate().map(point).collect(),
        ellipse: seen.ellipse.iter().enumerate().map(point).collect(),
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
