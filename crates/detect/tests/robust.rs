//! Hostile and broken input: an error or a rejection, never a panic.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "a test may stop where it fails")]

use detect::balance::Trace;
use detect::{
    DeviceClass, Eyes, Input, Options, Reference, Report, Signal, Sound, Source, Stance, Status, Surface, Verdict,
    analyse, csv, pcm, picture, wav,
};
use proptest::prelude::*;

fn vowel(samples: &[f32], rate: f64) -> Report {
    let sound = Sound { samples, rate, channels: 1, quiet: &[] };
    analyse(
        &Input { signal: Signal::Vowel(sound), source: Source::of(DeviceClass::PhoneHeadset) },
        &Reference::default(),
        &Options::default(),
    )
}

fn stance(trial: &Trace) -> Report {
    let stance =
        Stance { eyes: Eyes::Open, trial, companion: Some(trial), surface: Surface::Firm, filtered_at_source: false };
    let reference = Reference { age_years: Some(40), ..Reference::default() };
    analyse(
        &Input { signal: Signal::Stance(stance), source: Source::of(DeviceClass::ForcePlate) },
        &reference,
        &Options::default(),
    )
}

fn buzz(rate: f64, seconds: f64, gain: f32) -> Vec<f32> {
    let n = (rate * seconds) as usize;
    let sample = |i: usize| {
        let phase = (i as f64 * 120.0 / rate).fract();
        gain * (0.8 * (-8.0 * phase).exp() * (2.0 * std::f64::consts::PI * 5.0 * phase).cos()) as f32
    };
    (0..n).map(sample).collect()
}

fn assert_finite(report: &Report) {
    assert!(report.measures.iter().filter_map(|m| m.value).all(f64::is_finite));
    assert!(report.quality.checks.iter().all(|c| c.value.is_finite() && c.limit.is_finite()));
}

#[test]
fn broken_vowels_are_rejected() {
    let mut holes = buzz(16_000.0, 3.0, 1.0);
    holes[100] = f32::NAN;
    holes[200] = f32::INFINITY;
    let constant = vec![0.3f32; 48_000];
    for bad in [&[][..], &[0.5], &[0.0; 100], &holes, &constant, &vec![0.0; 48_000]] {
        let report = vowel(bad, 16_000.0);
        assert_eq!((report.status, report.quality.verdict), (Status::InsufficientQuality, Verdict::Reject));
        assert_finite(&report);
    }
}

#[test]
fn impossible_rates_are_rejected() {
    let x = buzz(16_000.0, 3.0, 1.0);
    for rate in [0.0, -1.0, f64::NAN, f64::INFINITY, 10.0, 4_000.0, 1e9] {
        assert_eq!(vowel(&x, rate).status, Status::InsufficientQuality, "{rate}");
    }
}

#[test]
fn every_rate_from_8_to_192_khz_is_measured() {
    for rate in [8_000.0, 11_025.0, 22_050.0, 96_000.0, 192_000.0] {
        let report = vowel(&buzz(rate, 3.0, 1.0), rate);
        assert_eq!(report.status, Status::Completed, "{rate}: {}", report.notes);
        let f0 = report.measures.iter().find(|m| m.id == "f0_median").unwrap().value.unwrap();
        assert!((f0 - 120.0).abs() < 0.5, "{rate}: {f0}");
        assert_finite(&report);
    }
}

#[test]
fn an_hour_is_too_long() {
    let report = vowel(&vec![0.1; 8_000 * 3600], 8_000.0);
    assert_eq!(report.quality.checks[0].code.code(), "length");
}

#[test]
fn clipped_and_one_sided_recordings_are_handled() {
    let clipped: Vec<f32> = buzz(16_000.0, 4.0, 30.0).iter().map(|v| v.clamp(-1.0, 1.0)).collect();
    assert_eq!(vowel(&clipped, 16_000.0).quality.verdict, Verdict::Reject);
    let live = buzz(16_000.0, 4.0, 1.0);
    let interleaved: Vec<f32> = live.iter().flat_map(|v| [0.0, *v]).collect();
    let chosen = pcm::choose_channel(&interleaved, 2).unwrap();
    assert_eq!((chosen.used, chosen.dead.as_slice()), (1, &[0u16][..]));
    assert_eq!(vowel(&chosen.samples, 16_000.0).to_json(), vowel(&live, 16_000.0).to_json());
    assert!(pcm::choose_channel(&interleaved, 0).is_err());
}

#[test]
fn broken_trials_are_rejected() {
    let even = |n: usize| (0..n).map(|i| i as f64 / 100.0).collect::<Vec<f64>>();
    let flat = |t: Vec<f64>, v: f64| Trace { ml: vec![v; t.len()], ap: vec![v; t.len()], t };
    let cases = [
        Trace::default(),
        flat(even(1), 0.0),
        flat(even(6000), 0.0),
        flat(even(6000), f64::NAN),
        flat(even(6000), f64::INFINITY),
        flat(vec![0.0; 6000], 1.0),
        flat(even(6000), 1e308),
        Trace { t: even(10), ml: vec![0.0; 9], ap: vec![0.0; 10] },
        flat((0..100).map(f64::from).collect(), 1.0),
    ];
    for (i, bad) in cases.iter().enumerate() {
        let report = stance(bad);
        assert_eq!((report.status, report.result), (Status::InsufficientQuality, None), "case {i}");
        assert_finite(&report);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_samples_at_any_rate_give_a_report(samples in prop::collection::vec(any::<f32>(), 0..3000), rate in prop_oneof![Just(8000.0), Just(44_100.0), any::<f64>()]) {
        assert_finite(&vowel(&samples, rate));
        picture::waveform(&samples, rate, 300);
    }

    #[test]
    fn any_noise_gives_a_report(samples in prop::collection::vec(-1.0f32..1.0, 8000..20_000)) {
        assert_finite(&vowel(&samples, 8000.0));
    }

    #[test]
    fn any_trial_gives_a_report(rows in prop::collection::vec((any::<f64>(), any::<f64>(), any::<f64>()), 0..200)) {
        let trial = Trace { t: rows.iter().map(|r| r.0).collect(), ml: rows.iter().map(|r| r.1).collect(), ap: rows.iter().map(|r| r.2).collect() };
        assert_finite(&stance(&trial));
    }

    #[test]
    fn any_even_trial_gives_a_report(rows in prop::collection::vec((-20.0f64..20.0, any::<f64>()), 0..4000)) {
        let trial = Trace { t: (0..rows.len()).map(|i| i as f64 / 100.0).collect(), ml: rows.iter().map(|r| r.0).collect(), ap: rows.iter().map(|r| r.1).collect() };
        assert_finite(&stance(&trial));
    }

    #[test]
    fn any_text_is_a_trial_or_an_error(text in "(t_s[,;]ml_cm[,;]ap_cm\n)?[ -~\n\t;,.0-9eE+-]{0,300}") {
        if let Ok(trace) = csv::parse(&text) {
            prop_assert!(trace.t.windows(2).all(|w| w[0] < w[1]));
            prop_assert!(trace.ml.iter().chain(&trace.ap).all(|v| v.is_finite()));
        }
    }

    #[test]
    fn any_bytes_are_a_recording_or_an_error(mut bytes in prop::collection::vec(any::<u8>(), 0..400), riff in any::<bool>()) {
        if riff {
            let head = b"RIFF\x64\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x44\xac\0\0\x88\x58\x01\0\x02\0\x10\0data";
            bytes.splice(0..0, head.iter().copied());
        }
        if let Ok(recording) = wav::decode(&bytes) {
            prop_assert!(!recording.samples.is_empty() && recording.samples.iter().all(|v| v.is_finite()));
        }
    }
}
