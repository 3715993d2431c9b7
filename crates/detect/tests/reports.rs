//! The report as it is stored: its shape, its rules, its sameness.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "a test may stop where it fails")]

use detect::{
    DeviceClass, Inability, Input, Options, Outcome, Reference, Report, Session, Signal, Sound, Source, Status, Task,
    Verdict, analyse, could_not_do,
};

mod common;
use common::{fixture, read_flac};

fn vowel(name: &str) -> (Vec<f32>, f64) {
    let file = read_flac(&fixture(&format!("voice/{name}.flac"))).unwrap();
    (file.interleaved, file.rate)
}

fn report(samples: &[f32], rate: f64, device: DeviceClass, reference: &Reference) -> Report {
    let sound = Sound { samples, rate, channels: 1, quiet: &[] };
    let source = Source { device_class: device, sha256: Some("ab".repeat(32)), blob: Some("blob-1".to_owned()) };
    analyse(&Input { signal: Signal::Vowel(sound), source }, reference, &Options::default())
}

fn headset(samples: &[f32], rate: f64) -> Report {
    report(samples, rate, DeviceClass::PhoneHeadset, &Reference::default())
}

#[test]
fn the_json_has_the_agreed_shape_and_reads_back() {
    let (samples, rate) = vowel("vowel_01");
    let report = headset(&samples, rate);
    let json: serde_json::Value = serde_json::from_str(&report.to_json()).unwrap();
    let keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    let expected = [
        "schema",
        "model_version",
        "input_type",
        "task",
        "status",
        "result",
        "confidence_score",
        "confidence_meaning",
        "healthy_share",
        "score",
        "measures",
        "quality",
        "input",
        "tracks",
        "engine",
        "notes",
    ];
    assert_eq!(keys, expected);
    assert_eq!(json["schema"], "aidpost.detect/1");
    assert_eq!(json["status"], "completed");
    assert_eq!(json["result"], "normal");
    assert_eq!(json["tracks"]["ref"], "blob-1");
    assert_eq!(json["engine"]["crate"], "detect");
    assert_eq!(json["score"]["threshold"], 4);
    assert_eq!(json["score"]["blocks"][0]["id"], "C");
    assert_eq!(json["score"]["blocks"][0]["basis"], "norm_provisional");
    assert_eq!(json["input"]["sample_rate"], 44100);
    assert_eq!(json["input"]["device_class"], "phone-headset");
    assert_eq!(json["quality"]["checks"][0]["code"], "sample_rate");
    assert_eq!(serde_json::from_str::<Report>(&report.to_json()).unwrap(), report);
}

#[test]
fn the_same_samples_give_the_same_bytes() {
    let (samples, rate) = vowel("vowel_20");
    let first = headset(&samples, rate).to_json();
    let again = std::thread::spawn(move || headset(&samples, rate).to_json()).join().unwrap();
    assert_eq!(first, again);
}

#[test]
fn a_vowel_alone_never_flags_whatever_it_sounds_like() {
    for name in ["vowel_01", "vowel_05", "vowel_10", "vowel_16", "vowel_20", "vowel_23"] {
        let (samples, rate) = vowel(name);
        let report = headset(&samples, rate);
        assert!(report.only_supports(), "{name}");
        let score = report.score.unwrap();
        assert!(score.total <= 3.0 && report.result == Some(Outcome::Normal), "{name}");
        assert!(report.confidence_score.unwrap() <= 0.9, "provisional norms cap the confidence");
        assert!(report.notes.contains("never flags") && report.notes.contains("does not rule out"));
        assert_eq!(score.total, score.blocks.iter().map(|b| b.points).sum::<f64>());
    }
}

#[test]
fn without_a_reference_there_is_no_result() {
    let (samples, rate) = vowel("vowel_01");
    let report = report(&samples, rate, DeviceClass::StandMicrophone, &Reference::default());
    assert_eq!((report.status, report.result, report.confidence_score), (Status::NoReference, None, None));
    let jitter = report.measures.iter().find(|m| m.id == "jitter_ppq5").unwrap();
    assert_eq!(jitter.norm_absent.as_deref(), Some("device_class"));
}

#[test]
fn three_sessions_on_two_days_become_a_baseline() {
    let (samples, rate) = vowel("vowel_01");
    let device = DeviceClass::StandMicrophone;
    let well = report(&samples, rate, device, &Reference::default());
    let sessions: Vec<Session> = [1, 1, 2].iter().map(|day| Session::from_report(&well, *day).unwrap()).collect();
    let reference = Reference { age_years: None, sessions, ..Reference::default() };
    let again = report(&samples, rate, device, &reference);
    assert_eq!(again.status, Status::Completed);
    assert_eq!(again.score.unwrap().total, 0.0);
    let (rough, rate) = vowel("vowel_23");
    let compared = report(&rough, rate, device, &reference);
    let z = compared.measures.iter().find(|m| m.id == "hnr").unwrap().baseline.as_ref().unwrap().z;
    assert!(z > 0.5, "a noisier voice is worse: {z}");
}

#[test]
fn a_rejected_recording_has_no_result_and_no_measures() {
    let (samples, rate) = vowel("vowel_01");
    let clipped: Vec<f32> = samples.iter().map(|v| (v * 20.0).clamp(-1.0, 1.0)).collect();
    for (bad, code) in
        [(clipped.as_slice(), "Too loud"), (&samples[..22_050], "little longer"), (&[][..], "could not be read")]
    {
        let report = headset(bad, rate);
        assert_eq!(
            (report.status, report.result, report.quality.verdict),
            (Status::InsufficientQuality, None, Verdict::Reject)
        );
        assert!(report.measures.is_empty() && report.score.is_none());
        assert!(report.notes.contains(code), "{}", report.notes);
        assert_eq!(Session::from_report(&report, 1), None);
    }
}

#[test]
fn a_warning_caps_the_confidence() {
    let (samples, rate) = vowel("vowel_01");
    let quiet: Vec<f32> = samples.iter().map(|v| v * 0.003).collect();
    let report = headset(&quiet, rate);
    assert_eq!(report.quality.verdict, Verdict::Warn);
    assert_eq!(report.confidence_score, Some(0.8));
}

#[test]
fn below_16_khz_there_is_no_cpps_and_the_report_says_why() {
    let (samples, rate) = vowel("vowel_01");
    let slow: Vec<f32> = samples.chunks_exact(4).map(|c| c.iter().sum::<f32>() / 4.0).collect();
    let report = headset(&slow, rate / 4.0);
    assert_eq!(report.quality.verdict, Verdict::Warn);
    let cpps = report.measures.iter().find(|m| m.id == "cpps").unwrap();
    assert_eq!((cpps.value, cpps.absent.as_deref()), (None, Some("sample_rate_below_16k")));
}

#[test]
fn new_inability_is_positive_by_protocol_without_arithmetic() {
    let task = Task::Stance { eyes: detect::Eyes::Open };
    let report = could_not_do(task, Inability::CannotStand, true, DeviceClass::ForcePlate);
    assert_eq!((report.model_version.as_str(), report.result), ("protocol", Some(Outcome::StrokeDetected)));
    assert!(report.score.is_none() && report.confidence_score.is_none());
    let known = could_not_do(task, Inability::NeedsSupport, false, DeviceClass::ForcePlate);
    assert_eq!((known.status, known.result), (Status::NoReference, None));
}

#[test]
fn no_text_of_a_report_promises_or_diagnoses() {
    let (samples, rate) = vowel("vowel_01");
    let texts = [
        headset(&samples, rate).notes,
        headset(&[], rate).notes,
        could_not_do(Task::Vowel, Inability::CannotSpeak, true, DeviceClass::Unknown).notes,
    ];
    for text in texts {
        for never in ["diagnos", "no stroke", "you have", "stroke detected", "healthy"] {
            assert!(!text.to_lowercase().contains(never), "{text}");
        }
    }
}
