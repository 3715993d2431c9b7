//! Spectrum, diffusion and the trunk accelerometer against an independent calculation; false alarms on people left out.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "a test may stop where it fails")]

use detect::balance::{accel, clean, cop, diffusion, spectral};
use detect::score::NORM_THRESHOLD;
use detect::{
    DeviceClass, Eyes, Input, Options, Outcome, Reference, Report, Session, Signal, Source, Status, Surface, Trunk,
    analyse, csv,
};
use std::collections::BTreeMap;

mod common;
use common::{Row, fixture, number, table};

fn close(row: &Row, id: &str, found: Option<f64>, bar: f64) {
    let (found, expected) = (found.unwrap(), number(row, id));
    assert!((found / expected - 1.0).abs() <= bar, "{id}: {found} for {expected}");
}

#[test]
fn spectrum_and_diffusion_match_the_reference() {
    for row in table(&fixture("balance/cop_reference.csv")).unwrap() {
        let text = std::fs::read_to_string(fixture(&format!("balance/{}.csv", row["file"]))).unwrap();
        let trial = clean::clean(&csv::parse(&text).unwrap(), row["filter"] == "none").unwrap().cop;
        let sway = cop::measure(&trial).unwrap();
        close(&row, "area_hull", Some(sway.hull_area), 1e-6);
        close(&row, "area_ellipse95_prieto", Some(sway.prieto_area), 1e-6);
        for (axis, x) in [("ml", &trial.ml), ("ap", &trial.ap)] {
            let (s, d) =
                (spectral::measure(x, trial.rate, spectral::BAND).unwrap(), diffusion::measure(x, trial.rate).unwrap());
            let at = |id: &str| format!("{id}_{axis}");
            close(&row, &at("power"), Some(s.power), 1e-6);
            close(&row, &at("f50"), Some(s.f50), 1e-6);
            close(&row, &at("f95"), Some(s.f95), 1e-6);
            close(&row, &at("centroid_freq"), Some(s.centroid), 1e-6);
            close(&row, &at("freq_dispersion"), Some(s.dispersion), 1e-6);
            close(&row, &at("sda_ds"), Some(d.short), 1e-6);
            close(&row, &at("sda_dl"), Some(d.long), 1e-6);
            close(&row, &at("sda_hs"), Some(d.short_exponent), 1e-6);
            close(&row, &at("sda_hl"), Some(d.long_exponent), 1e-6);
            close(&row, &at("sda_tc"), Some(d.critical_time), 1e-6);
            close(&row, &at("sda_msdc"), Some(d.critical_square), 1e-6);
        }
    }
}

#[test]
fn the_sets_own_mean_frequency_is_that_of_its_authors() {
    for row in table(&fixture("balance/dataset_authors.csv")).unwrap() {
        let text = std::fs::read_to_string(fixture(&format!("balance/{}.csv", row["file"]))).unwrap();
        let trial = clean::clean(&csv::parse(&text).unwrap(), true).unwrap().cop;
        close(&row, "author_mfreq_hz", spectral::set_mean_frequency(&trial), 1e-4);
    }
}

fn shake() -> accel::Shake {
    let text = std::fs::read_to_string(fixture("balance/acc_BDS00001.csv")).unwrap();
    csv::parse_shake(&text).unwrap()
}

#[test]
fn the_trunk_accelerometer_matches_the_reference() {
    let row = &table(&fixture("balance/accel_reference.csv")).unwrap()[0];
    let level = accel::level(&shake()).unwrap();
    let m = accel::measure(&level).unwrap();
    let (ml, ap) = (m.ml.unwrap(), m.ap.unwrap());
    for (id, found) in [
        ("g_norm", level.gravity),
        ("rms", m.sway.rms),
        ("rms_ml", m.sway.rms_ml),
        ("rms_ap", m.sway.rms_ap),
        ("path", m.sway.path),
        ("jerk", m.jerk),
        ("area_ellipse95_pred", m.sway.ellipse.area),
        ("mean_frequency", m.sway.mean_frequency),
        ("f95_ml", ml.f95),
        ("centroid_freq_ap", ap.centroid),
    ] {
        close(row, id, Some(found), 1e-6);
    }
}

fn trunk(trial: &accel::Shake, companion: Option<&accel::Shake>, eyes: Eyes, sessions: Vec<Session>) -> Report {
    let signal = Signal::Trunk(Trunk { eyes, trial, companion, surface: Surface::Firm });
    let reference = Reference { age_years: Some(33), sessions, ..Reference::default() };
    analyse(&Input { signal, source: Source::of(DeviceClass::TrunkAccelerometer) }, &reference, &Options::default())
}

#[test]
fn a_trunk_is_compared_with_its_own_baseline_only() {
    let trial = shake();
    let [open, closed] = [Eyes::Open, Eyes::Closed].map(|eyes| trunk(&trial, Some(&trial), eyes, Vec::new()));
    assert_eq!((open.status, open.result), (Status::NoReference, None), "{}", open.notes);
    assert_eq!(open.measures[0].norm_absent.as_deref(), Some("device_class"));
    let sessions: Vec<Session> =
        [&open, &closed].into_iter().flat_map(|r| [1, 1, 2].map(|day| Session::from_report(r, day).unwrap())).collect();
    let same = trunk(&trial, Some(&trial), Eyes::Open, sessions.clone());
    assert_eq!((same.status, same.result), (Status::Completed, Some(Outcome::Normal)), "{}", same.notes);
    assert!(same.confidence_score.unwrap() <= 0.9);
    let mut wide = trial.clone();
    let mean: Vec<f64> = wide.axes.iter().map(|x| x.iter().sum::<f64>() / x.len() as f64).collect();
    for (x, m) in wide.axes.iter_mut().zip(mean) {
        x.iter_mut().for_each(|v| *v = m + 2.5 * (*v - m));
    }
    let shaky = trunk(&wide, Some(&wide), Eyes::Open, sessions);
    assert_eq!(shaky.result, Some(Outcome::StrokeDetected), "{}", shaky.notes);
    assert_eq!(trunk(&accel::Shake::default(), None, Eyes::Open, Vec::new()).status, Status::InsufficientQuality);
    let mut jolted = trial.clone();
    jolted.axes.iter_mut().for_each(|x| x[1500] *= 1.5);
    assert_eq!(trunk(&jolted, None, Eyes::Open, Vec::new()).status, Status::InsufficientQuality);
}

/// ln area, ln velocity of one trial.
type Pair = [f64; 2];

/// One person's trials by eyes.
#[derive(Default, Clone)]
struct Person {
    fold: usize,
    band: usize,
    trials: BTreeMap<String, Vec<Pair>>,
}

fn people() -> Vec<Person> {
    let mut all: BTreeMap<u32, Person> = BTreeMap::new();
    for row in table(&fixture("balance/bds_firm.csv")).unwrap() {
        let person = all.entry(row["Subject"].parse().unwrap()).or_default();
        person.band = if number(&row, "Age") < 60.0 { 0 } else { 1 + usize::from(number(&row, "Age") >= 70.0) };
        let pair = ["COParea", "COPvelo"].map(|id| number(&row, id).ln());
        person.trials.entry(row["Vision"].clone()).or_default().push(pair);
    }
    let mut people: Vec<Person> = all.into_values().collect();
    people.iter_mut().enumerate().for_each(|(i, p)| p.fold = i % 5);
    people
}

/// Mean and SD of one trial of one person: between people, and the part of the scatter within that one trial adds.
fn norm(people: &[&Person], eyes: &str, measure: usize) -> (f64, f64) {
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    let variance = |x: &[f64]| x.iter().map(|v| (v - mean(x)) * (v - mean(x))).sum::<f64>() / (x.len() - 1) as f64;
    let own: Vec<Vec<f64>> = people.iter().map(|p| p.trials[eyes].iter().map(|t| t[measure]).collect()).collect();
    let means: Vec<f64> = own.iter().map(|x| mean(x)).collect();
    let within = mean(&own.iter().map(|x| variance(x)).collect::<Vec<_>>());
    (mean(&means), (variance(&means) + within * 2.0 / 3.0).sqrt())
}

#[test]
fn healthy_people_left_out_of_the_norm_seldom_flag() {
    let people = people();
    assert_eq!(people.len(), 113);
    let (mut flagged, mut sessions) = (0, 0);
    for person in &people {
        let others: Vec<&Person> = people.iter().filter(|p| p.fold != person.fold && p.band == person.band).collect();
        for repeat in 0..3 {
            let mut sum = 0.0;
            for eyes in ["Open", "Closed"] {
                for measure in 0..2 {
                    let (mean, sd) = norm(&others, eyes, measure);
                    sum += (person.trials[eyes][repeat][measure] - mean) / sd / 4.0;
                }
            }
            sessions += 1;
            flagged += usize::from(sum >= NORM_THRESHOLD);
        }
    }
    assert_eq!(sessions, 339);
    let share = f64::from(u32::try_from(flagged).unwrap()) / 339.0;
    println!("held-out false alarms at S >= {NORM_THRESHOLD}: {flagged} of {sessions}, {share:.4}");
    assert!(share <= 0.07, "{share}");
}
