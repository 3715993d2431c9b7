//! Sway measures against an independent calculation and against the numbers of the data set's authors.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "a test may stop where it fails")]

use detect::balance::{Trace, clean, cop};
use detect::{
    DeviceClass, Eyes, Input, Options, Reference, Report, Signal, Source, Stance, Status, Surface, analyse, csv,
};

mod common;
use common::{Row, fixture, number, table};

fn trace(name: &str) -> Trace {
    csv::parse(&std::fs::read_to_string(fixture(&format!("balance/{name}.csv"))).unwrap()).unwrap()
}

fn compare(row: &Row, filtered_at_source: bool, bar: f64) {
    let s = cop::measure(&clean::clean(&trace(&row["file"]), filtered_at_source).unwrap().cop).unwrap();
    let found = [
        ("duration_s", s.duration),
        ("mean_distance", s.mean_distance),
        ("mean_distance_ml", s.mean_distance_ml),
        ("mean_distance_ap", s.mean_distance_ap),
        ("rms_distance", s.rms),
        ("rms_ml", s.rms_ml),
        ("rms_ap", s.rms_ap),
        ("range_ml", s.range_ml),
        ("range_ap", s.range_ap),
        ("path_length", s.path),
        ("mean_velocity", s.velocity),
        ("mean_velocity_ml", s.velocity_ml),
        ("mean_velocity_ap", s.velocity_ap),
        ("area_circle95", s.circle_area),
        ("area_ellipse95_pred", s.ellipse.area),
        ("ellipse_axis_major", s.ellipse.major),
        ("ellipse_axis_minor", s.ellipse.minor),
        ("ellipse_angle_deg", s.ellipse.angle),
        ("sway_area_rate", s.area_rate),
        ("mean_frequency", s.mean_frequency),
        ("mean_frequency_ml", s.mean_frequency_ml),
        ("mean_frequency_ap", s.mean_frequency_ap),
    ];
    for (id, value) in found {
        let expected = number(row, id);
        assert!((value / expected - 1.0).abs() <= bar, "{} {id}: found {value}, expected {expected}", row["file"]);
    }
}

#[test]
fn every_measure_agrees_with_the_independent_calculation() {
    let rows = table(&fixture("balance/cop_reference.csv")).unwrap();
    assert_eq!(rows.len(), 4);
    for row in rows {
        let as_delivered = row["filter"] == "none";
        compare(&row, as_delivered, if as_delivered { 1e-6 } else { 1e-4 });
    }
}

/// The authors divide the path by N samples of time, this crate by the N − 1 steps it consists of.
#[test]
fn area_and_velocity_are_the_authors_own() {
    for row in table(&fixture("balance/dataset_authors.csv")).unwrap() {
        let cop = clean::clean(&trace(&row["file"]), true).unwrap().cop;
        let (s, n) = (cop::measure(&cop).unwrap(), cop.ml.len() as f64);
        assert!((s.ellipse.area / number(&row, "author_area_cm2") - 1.0).abs() < 1e-6);
        assert!((s.velocity * (n - 1.0) / n / number(&row, "author_velocity_cm_s") - 1.0).abs() < 1e-6);
    }
}

fn session(open: &Trace, closed: &Trace, eyes: Eyes, reference: &Reference) -> Report {
    let (trial, companion) = if eyes == Eyes::Open { (open, closed) } else { (closed, open) };
    let stance = Stance { eyes, trial, companion: Some(companion), surface: Surface::Firm, filtered_at_source: true };
    let input = Input { signal: Signal::Stance(stance), source: Source::of(DeviceClass::ForcePlate) };
    analyse(&input, reference, &Options::default())
}

/// The session of this person in the reference distribution has a score of −1.34818, from the authors' numbers: their
/// velocities are smaller by 1 in 6000 (see above), which moves the score by 0.0003.
#[test]
fn the_norm_score_of_a_session_is_the_one_behind_the_reference_distribution() {
    let (open, closed) = (trace("BDS00001"), trace("BDS00004"));
    let reference = Reference { age_years: Some(33), ..Reference::default() };
    for eyes in [Eyes::Open, Eyes::Closed] {
        let report = session(&open, &closed, eyes, &reference);
        assert_eq!(report.status, Status::Completed);
        let score = report.score.unwrap();
        assert!((score.total + 1.34818).abs() < 3e-4, "{}", score.total);
        assert_eq!(report.result, Some(detect::Outcome::Normal));
        assert!(report.confidence_score.unwrap() > 0.99);
        assert_eq!(report.healthy_share.unwrap().n, Some(339));
    }
}

#[test]
fn sway_three_times_larger_is_found() {
    let larger = |t: &Trace, factor: f64| Trace {
        t: t.t.clone(),
        ml: t.ml.iter().map(|v| v * factor).collect(),
        ap: t.ap.iter().map(|v| v * factor).collect(),
    };
    let (open, closed) = (trace("BDS00001"), trace("BDS00004"));
    let mut sessions = Vec::new();
    // A small spread around the person's usual sway, as between days.
    for (day, factor) in [(1, 0.95), (2, 1.0), (3, 1.05)] {
        for eyes in [Eyes::Open, Eyes::Closed] {
            let report = session(&larger(&open, factor), &larger(&closed, factor), eyes, &Reference::default());
            assert_eq!((report.status, report.result), (Status::NoReference, None));
            sessions.push(detect::Session::from_report(&report, day).unwrap());
        }
    }
    let reference = Reference { age_years: Some(33), sessions, ..Reference::default() };
    let usual = session(&open, &closed, Eyes::Open, &reference);
    assert_eq!(usual.result, Some(detect::Outcome::Normal));
    let unwell = session(&larger(&open, 3.0), &larger(&closed, 3.0), Eyes::Open, &reference);
    assert_eq!(unwell.result, Some(detect::Outcome::StrokeDetected));
    assert!(unwell.baseline_score.unwrap().is_positive());
}

#[test]
fn one_condition_alone_has_no_score_and_no_result() {
    let open = trace("BDS00001");
    let stance =
        Stance { eyes: Eyes::Open, trial: &open, companion: None, surface: Surface::Firm, filtered_at_source: true };
    let input = Input { signal: Signal::Stance(stance), source: Source::of(DeviceClass::ForcePlate) };
    let report = analyse(&input, &Reference { age_years: Some(33), ..Reference::default() }, &Options::default());
    assert_eq!((report.status, report.result, report.score.is_none()), (Status::NoReference, None, true));
    let area = report.measures.iter().find(|m| m.id == "ellipse_area").unwrap();
    assert!(area.norm.is_some());
}

#[test]
fn a_norm_that_does_not_apply_says_why() {
    let (open, closed) = (trace("BDS00001"), trace("BDS00004"));
    let why = |reference: &Reference, device, part: usize| {
        let cut = |t: &Trace| Trace { t: t.t[..part].to_vec(), ml: t.ml[..part].to_vec(), ap: t.ap[..part].to_vec() };
        let (trial, other) = (cut(&open), cut(&closed));
        let stance = Stance {
            eyes: Eyes::Open,
            trial: &trial,
            companion: Some(&other),
            surface: Surface::Firm,
            filtered_at_source: true,
        };
        let report = analyse(
            &Input { signal: Signal::Stance(stance), source: Source::of(device) },
            reference,
            &Options::default(),
        );
        assert_eq!(report.status, Status::NoReference);
        report.measures.into_iter().find(|m| m.id == "ellipse_area").unwrap().norm_absent.unwrap()
    };
    let adult = Reference { age_years: Some(33), ..Reference::default() };
    assert_eq!(why(&adult, DeviceClass::BalanceBoard, 6000), "device_class");
    assert_eq!(why(&adult, DeviceClass::ForcePlate, 3000), "duration_below_55s");
    assert_eq!(why(&Reference::default(), DeviceClass::ForcePlate, 6000), "age_unknown");
    assert_eq!(
        why(&Reference { age_years: Some(12), ..Reference::default() }, DeviceClass::ForcePlate, 6000),
        "age_below_18"
    );
}
