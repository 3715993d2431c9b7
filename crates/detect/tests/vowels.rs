//! Vowel measures against the results of a reference program (Praat 6.3.07) for synthetic vowels.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "a test may stop where it fails")]

use detect::voice::{perturb, pitch, pulses, vowel};

mod common;
use common::{Flac, fixture, number, read_flac, table};

const VOWELS: [&str; 6] = ["vowel_01", "vowel_05", "vowel_10", "vowel_16", "vowel_20", "vowel_23"];

fn sound(name: &str) -> Flac {
    read_flac(&fixture(&format!("voice/{name}.flac"))).unwrap()
}

fn column(file: &str, key: &str) -> Vec<f64> {
    table(&fixture(&format!("voice/{file}"))).unwrap().iter().map(|r| number(r, key)).collect()
}

fn assert_near(what: &str, found: Option<f64>, expected: f64, relative: f64) {
    let found = found.unwrap_or_else(|| panic!("{what} is absent"));
    assert!((found / expected - 1.0).abs() <= relative, "{what}: found {found}, expected {expected}");
}

fn assert_close(what: &str, found: Option<f64>, expected: f64, absolute: f64) {
    let found = found.unwrap_or_else(|| panic!("{what} is absent"));
    assert!((found - expected).abs() <= absolute, "{what}: found {found}, expected {expected}");
}

#[test]
fn every_measure_meets_its_bar() {
    for row in table(&fixture("voice/praat_6.3.07.csv")).unwrap() {
        let name = row["file"].as_str();
        let file = sound(name);
        let v = vowel::measure(&file.first, file.rate);
        let f0 = v.f0.unwrap();
        let check = |id: &str, found, relative| assert_near(&format!("{name} {id}"), found, number(&row, id), relative);
        check("f0_mean_hz", Some(f0.mean), 5e-4);
        check("f0_median_hz", Some(f0.median), 5e-4);
        check("f0_sd_hz", f0.sd, 0.02);
        check("mean_period_s", v.jitter.mean_period, 5e-4);
        check("n_pulses", Some(v.pulses.len() as f64), 5e-3);
        // Perfectly even vowels (05, 10) have a jitter of some 1e-6: there the absolute size is what matters.
        for (id, found) in [
            ("jitter_local", v.jitter.local),
            ("jitter_rap", v.jitter.rap),
            ("jitter_ppq5", v.jitter.ppq5),
            ("jitter_ddp", v.jitter.ddp),
        ] {
            assert_close(&format!("{name} {id}"), found, number(&row, id), 5e-6 + 5e-3 * number(&row, id));
        }
        let shimmers = [
            ("shimmer_local", v.shimmer.local),
            ("shimmer_local_db", v.shimmer.local_db),
            ("shimmer_apq3", v.shimmer.apq3),
        ];
        for (id, found) in shimmers.into_iter().chain([
            ("shimmer_apq5", v.shimmer.apq5),
            ("shimmer_apq11", v.shimmer.apq11),
            ("shimmer_dda", v.shimmer.dda),
        ]) {
            assert_close(&format!("{name} {id}"), found, number(&row, id), 5e-5 + 5e-3 * number(&row, id));
        }
        assert_eq!(v.breaks.count as f64, number(&row, "voice_breaks"), "{name}");
        let intensity = v.intensity.unwrap();
        for (id, found, bar) in [
            ("pitch_frames", Some(v.contour.f0.len() as f64), 0.0),
            ("voiced_frames", Some(v.contour.voiced().len() as f64), 0.0),
            ("degree_voice_breaks", Some(v.breaks.degree), 5e-3),
            ("hnr_cc_db", v.hnr, 0.3),
            ("cpps_db", v.cpps, 1.0),
            ("intensity_mean_db", Some(intensity.mean), 0.05),
            ("intensity_sd_db", intensity.sd, 0.05),
        ] {
            assert_close(&format!("{name} {id}"), found, number(&row, id), bar);
        }
    }
}

#[test]
fn the_pitch_contour_is_the_reference_contour() {
    for name in ["vowel_01", "vowel_20"] {
        let file = sound(name);
        let contour = pitch::track(&file.first, file.rate, &pitch::Settings::VOWEL);
        let expected = column(&format!("{name}_pitch_cc.csv"), "f0_hz");
        assert_eq!(contour.f0.len(), expected.len());
        for (i, (found, expected)) in contour.f0.iter().zip(&expected).enumerate() {
            assert!((found - expected).abs() <= 1e-5 * expected, "{name} frame {i}: {found} for {expected}");
        }
    }
}

#[test]
fn pulses_are_the_reference_pulses() {
    for name in ["vowel_01", "vowel_20"] {
        let file = sound(name);
        let contour = pitch::track(&file.first, file.rate, &pitch::Settings::VOWEL);
        let found = pulses::find(&file.first, file.rate, &contour);
        let expected = column(&format!("{name}_pulses.csv"), "t_s");
        assert_eq!(found.len(), expected.len());
        assert!(found.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-6), "{name}");
    }
}

#[test]
fn jitter_and_shimmer_of_given_pulses_agree_to_nine_digits() {
    for name in ["vowel_01", "vowel_20"] {
        let file = sound(name);
        let given = column(&format!("{name}_pulses.csv"), "t_s");
        let (j, s) = (perturb::jitter(&given), perturb::shimmer(&file.first, file.rate, &given));
        let rows = table(&fixture("voice/praat_6.3.07.csv")).unwrap();
        let row = rows.iter().find(|r| r["file"] == name).unwrap();
        for (id, found) in [
            ("mean_period_s", j.mean_period),
            ("jitter_local", j.local),
            ("jitter_local_abs_s", j.absolute),
            ("jitter_rap", j.rap),
            ("jitter_ppq5", j.ppq5),
            ("jitter_ddp", j.ddp),
            ("shimmer_local", s.local),
            ("shimmer_local_db", s.local_db),
            ("shimmer_apq3", s.apq3),
            ("shimmer_apq5", s.apq5),
            ("shimmer_apq11", s.apq11),
            ("shimmer_dda", s.dda),
        ] {
            assert_close(&format!("{name} {id}"), found, number(row, id), 1e-9);
        }
    }
}

#[test]
fn the_two_pitch_methods_agree_on_a_steady_vowel() {
    for name in VOWELS {
        let file = sound(name);
        let [cross, auto] = [pitch::Settings::VOWEL, pitch::Settings::SPEECH]
            .map(|s| pitch::track(&file.first, file.rate, &s).median());
        assert_near(name, auto, cross.unwrap(), 0.01);
    }
}
