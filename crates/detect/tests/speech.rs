//! Syllables and reading: against the truth they were synthesised from and an independent calculation, and as scores.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "a test may stop where it fails")]

use detect::voice::{ddk, reading};
use detect::{
    DeviceClass, Input, Options, Outcome, Passage, Reference, Report, Session, Signal, Sound, Source, Status, Verdict,
    analyse,
};

mod common;
use common::{Flac, Row, fixture, number, read_flac, table};

fn sound(name: &str) -> Flac {
    read_flac(&fixture(&format!("voice/{name}.flac"))).unwrap()
}

fn row(file: &str, name: &str) -> Row {
    table(&fixture(&format!("voice/{file}.csv"))).unwrap().into_iter().find(|r| r["file"] == name).unwrap()
}

fn syllables(samples: &[f32], rate: f64, reference: &Reference) -> Report {
    let signal = Signal::Syllables(Sound { samples, rate, channels: 1, quiet: &[] });
    analyse(&Input { signal, source: Source::of(DeviceClass::PhoneBuiltin) }, reference, &Options::default())
}

fn read(samples: &[f32], rate: f64, reference: &Reference) -> Report {
    let passage = Passage { sound: Sound { samples, rate, channels: 1, quiet: &[] }, syllables: Some(77) };
    let input = Input { signal: Signal::Reading(passage), source: Source::of(DeviceClass::PhoneBuiltin) };
    analyse(&input, reference, &Options::default())
}

fn english(age: u32) -> Reference {
    Reference { age_years: Some(age), language: Some("en-GB".to_owned()), ..Reference::default() }
}

/// Three sessions on two days, the values of `report` with the named one set.
fn enrolled(report: &Report, changes: &[(&str, f64)]) -> Vec<Session> {
    let mut session = Session::from_report(report, 1).unwrap();
    for (id, value) in changes {
        session.values.insert((*id).to_owned(), *value);
    }
    vec![session.clone(), session.clone(), Session { day: 2, ..session }]
}

fn value(report: &Report, id: &str) -> f64 {
    report.measures.iter().find(|m| m.id == id).unwrap().value.unwrap()
}

#[test]
fn trains_keep_the_bars_against_truth_and_reference() {
    for name in ["ddk_03", "ddk_06"] {
        let file = sound(name);
        let m = ddk::find(&file.first, file.rate).measure();
        let (truth, reference) = (row("ddk_truth", name), row("ddk_reference", name));
        assert_eq!(m.count as f64, number(&truth, "n_syll"), "{name}");
        assert!((m.rate.unwrap() / number(&truth, "true_rate_syll_s") - 1.0).abs() < 0.01, "{name}");
        assert!((m.cv.unwrap() - number(&truth, "true_interval_cv")).abs() < 0.02, "{name}");
        for (id, found) in [
            ("rate_syll_s", m.rate),
            ("mean_interval_s", m.interval_mean),
            ("interval_cv", m.cv_plain),
            ("interval_cv_pos3", m.cv),
            ("npvi", m.npvi),
            ("modulation_depth_db", m.depth),
            ("peak_db_sd", m.peak_sd),
        ] {
            assert!((found.unwrap() / number(&reference, id) - 1.0).abs() < 1e-4, "{name} {id} {found:?}");
        }
        assert!((m.slowing.unwrap() - number(&reference, "slowdown")).abs() < 1e-5, "{name}");
    }
}

#[test]
fn a_passage_keeps_the_bars_against_truth_and_reference() {
    let file = sound("read_04");
    let r = reading::find(&file.first, file.rate);
    let (truth, reference) = (row("reading_truth", "read_04"), row("reading_reference", "read_04"));
    assert!((r.nuclei.len() as f64 / number(&reference, "n_syll") - 1.0).abs() <= 0.02);
    assert!((r.nuclei.len() as f64 / number(&truth, "n_syll_text") - 1.0).abs() <= 0.05);
    assert_eq!(r.pauses().len() as f64, number(&truth, "n_pauses"));
    assert!((r.pauses().iter().sum::<f64>() / number(&reference, "pause_s") - 1.0).abs() < 0.02);
    assert!((r.speech_time() / number(&reference, "phonation_s") - 1.0).abs() < 0.02);
    assert!((r.level_sd().unwrap() - number(&reference, "intensity_sd_db")).abs() < 0.02);
}

#[test]
fn an_even_train_is_normal_and_a_slow_one_has_signs() {
    let (even, slow) = (sound("ddk_03"), sound("ddk_06"));
    let normal = syllables(&even.interleaved, even.rate, &english(40));
    assert_eq!((normal.status, normal.result), (Status::Completed, Some(Outcome::Normal)), "{}", normal.notes);
    let signs = syllables(&slow.interleaved, slow.rate, &english(40));
    assert_eq!((signs.status, signs.result), (Status::Completed, Some(Outcome::StrokeDetected)), "{}", signs.notes);
    let score = signs.score.unwrap();
    assert_eq!((score.blocks.len(), score.blocks[0].id.as_str(), score.total), (1, "A", score.blocks[0].points));
    let share = signs.healthy_share.unwrap().value;
    assert!(share < 0.05, "{share}");
}

#[test]
fn a_foreign_or_unknown_language_has_no_norm_and_no_result() {
    let file = sound("ddk_03");
    let why = |reference: &Reference| {
        let report = syllables(&file.interleaved, file.rate, reference);
        assert_eq!((report.status, report.result), (Status::NoReference, None));
        report.measures.iter().find(|m| m.id == "ddk_rate").unwrap().norm_absent.clone().unwrap()
    };
    assert_eq!(why(&Reference { language: Some("fr".to_owned()), ..english(40) }), "language_foreign");
    assert_eq!(why(&Reference { language: None, ..english(40) }), "language_unknown");
    assert_eq!(why(&Reference { age_years: None, ..english(40) }), "age_unknown");
    assert_eq!(why(&english(12)), "age_below_18");
}

#[test]
fn the_own_baseline_goes_before_the_norm_and_counts_regularity_too() {
    let file = sound("ddk_03");
    let well = syllables(&file.interleaved, file.rate, &english(40));
    let faster = enrolled(&well, &[("ddk_rate", value(&well, "ddk_rate") + 2.0)]);
    let report = syllables(&file.interleaved, file.rate, &Reference { sessions: faster, ..english(40) });
    let score = report.score.unwrap();
    assert_eq!(score.blocks[0].basis, detect::report::Basis::Baseline);
    // s0 0.35 with two free sessions of no scatter: s = 0.35·√(4/6); z = 2/(s·√(4/3)), halved in power by the second measure.
    let z = 2.0 / (0.35 * (4.0f64 / 6.0).sqrt() * (4.0f64 / 3.0).sqrt());
    assert!((score.blocks[0].z - z / 2f64.sqrt()).abs() < 1e-9, "{}", score.blocks[0].z);
    assert_eq!(report.result, Some(Outcome::StrokeDetected));
}

#[test]
fn reading_counts_only_against_the_own_baseline_and_never_decides_alone() {
    let file = sound("read_04");
    let alone = read(&file.interleaved, file.rate, &english(40));
    assert_eq!((alone.status, alone.result), (Status::NoReference, None), "{}", alone.notes);
    let changes = [("text_articulation_rate", value(&alone, "text_articulation_rate") + 5.0), ("pause_ratio", 0.0)];
    let sessions = enrolled(&alone, &changes);
    let slow = read(&file.interleaved, file.rate, &Reference { sessions, ..english(40) });
    let score = slow.score.clone().unwrap();
    assert_eq!((score.total, slow.result), (3.0, Some(Outcome::Normal)), "B alone reaches 3 of 4 points");
    assert!(slow.notes.contains("does not rule out") && slow.only_supports());
}

#[test]
fn the_blocks_of_a_session_add_up() {
    let (train, vowel) = (sound("ddk_03"), sound("vowel_23"));
    let held = Signal::Vowel(Sound { samples: &vowel.interleaved, rate: vowel.rate, channels: 1, quiet: &[] });
    let source = Source::of(DeviceClass::PhoneHeadset);
    let first = analyse(&Input { signal: held, source }, &english(40), &Options::default());
    let c = first.score.clone().unwrap().total;
    let both = syllables(&train.interleaved, train.rate, &Reference { beside: vec![first], ..english(40) });
    assert!(!both.only_supports());
    let score = both.score.unwrap();
    assert_eq!(score.blocks.iter().map(|b| b.id.as_str()).collect::<Vec<_>>(), ["A", "C"]);
    assert_eq!(score.blocks[1].points, c);
    assert_eq!(score.total, score.blocks.iter().map(|b| b.points).sum::<f64>());
    assert!(both.confidence_score.unwrap() <= 0.9, "the vowel's norm is provisional");
}

#[test]
fn what_is_not_the_task_is_rejected_or_warned_of_and_never_a_panic() {
    let rate = 16_000.0;
    let mut state = 1u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state as f32 / u32::MAX as f32 - 0.5
    };
    let hiss: Vec<f32> = (0..112_000).map(|_| noise()).collect();
    let hum: Vec<f32> =
        (0..112_000).map(|i| 0.3 * (std::f32::consts::TAU * 50.0 * i as f32 / 16_000.0).sin()).collect();
    let clipped: Vec<f32> = sound("ddk_03").interleaved.iter().map(|v| (v * 30.0).clamp(-1.0, 1.0)).collect();
    for bad in [&hiss[..], &hum[..], &clipped, &[], &[0.5], &[f32::NAN; 9000], &[f32::INFINITY; 9000], &[0.2; 90_000]] {
        for report in [syllables(bad, rate, &english(40)), read(bad, rate, &english(40))] {
            assert!(report.result.is_none() || report.quality.verdict != Verdict::Accept, "{}", report.notes);
            assert!(report.measures.iter().filter_map(|m| m.value).all(f64::is_finite));
        }
    }
    for rate in [0.0, -1.0, f64::NAN, 10.0, 1e9] {
        assert_eq!(syllables(&hiss, rate, &english(40)).status, Status::InsufficientQuality);
        assert_eq!(read(&hiss, rate, &english(40)).status, Status::InsufficientQuality);
    }
    let fast: Vec<f32> = hiss.repeat(4);
    assert!(syllables(&fast, 192_000.0, &english(40)).measures.iter().filter_map(|m| m.value).all(f64::is_finite));
}

#[test]
fn the_same_samples_give_the_same_bytes() {
    let file = sound("ddk_06");
    let once = syllables(&file.interleaved, file.rate, &english(70)).to_json();
    let again = std::thread::spawn(move || syllables(&file.interleaved, file.rate, &english(70)).to_json());
    assert_eq!(once, again.join().unwrap());
}
