//! Measures balance trials and prints, per measure, the largest relative difference from the reference tables.
//!
//! `AIDPOST_BALANCE_DATA=<folder with cop, accel-derived and oracle> cargo run --example compare_balance`

use detect::balance::{accel, clean, cop, diffusion, spectral};
use detect::csv;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[path = "../tests/common/mod.rs"]
mod common;
use common::{Failure, Row, number};

/// Largest difference and number of trials by measure.
type Worst = BTreeMap<String, (f64, usize)>;

fn main() -> Result<(), Failure> {
    let root = PathBuf::from(std::env::var("AIDPOST_BALANCE_DATA")?);
    let mut worst = Worst::new();
    plates(&root, &mut worst)?;
    authors(&root, &mut worst)?;
    trunks(&root, &mut worst)?;
    let lines = worst.iter().map(|(name, (difference, n))| format!("{name:34} {difference:.2e} over {n}\n"));
    std::io::Write::write_all(&mut std::io::stdout(), lines.collect::<String>().as_bytes())?;
    Ok(())
}

fn note(worst: &mut Worst, name: String, found: Option<f64>, expected: f64) {
    let difference = (found.unwrap_or(f64::NAN) / expected - 1.0).abs();
    let entry = worst.entry(name).or_insert((0.0, 0));
    entry.0 = if difference.is_nan() { f64::INFINITY } else { entry.0.max(difference) };
    entry.1 += 1;
}

fn trial(root: &Path, row: &Row, filtered: bool) -> Result<clean::Cleaned, Failure> {
    let text = std::fs::read_to_string(root.join(format!("cop/{}.csv", row["file"])))?;
    Ok(clean::clean(&csv::parse(&text)?, filtered)?)
}

fn plates(root: &Path, worst: &mut Worst) -> Result<(), Failure> {
    for row in common::table(&root.join("oracle/cop_reference.csv"))? {
        let plain = row["filter"] == "none";
        let t = trial(root, &row, plain)?.cop;
        let kind = if plain { "plain" } else { "filtered" };
        let s = cop::measure(&t).ok_or("no movement")?;
        for (id, value) in [
            ("area_ellipse95_pred", s.ellipse.area),
            ("area_ellipse95_prieto", s.prieto_area),
            ("area_hull", s.hull_area),
            ("mean_velocity", s.velocity),
            ("mean_frequency", s.mean_frequency),
        ] {
            note(worst, format!("{kind} {id}"), Some(value), number(&row, id));
        }
        for (axis, x) in [("ml", &t.ml), ("ap", &t.ap)] {
            spectrum(worst, kind, axis, spectral::measure(x, t.rate, spectral::BAND), &row);
            let d = diffusion::measure(x, t.rate);
            for (id, value) in [
                ("sda_ds", d.map(|d| d.short)),
                ("sda_dl", d.map(|d| d.long)),
                ("sda_hs", d.map(|d| d.short_exponent)),
                ("sda_hl", d.map(|d| d.long_exponent)),
                ("sda_tc", d.map(|d| d.critical_time)),
                ("sda_msdc", d.map(|d| d.critical_square)),
            ] {
                note(worst, format!("{kind} {id}"), value, number(&row, &format!("{id}_{axis}")));
            }
        }
    }
    Ok(())
}

fn spectrum(worst: &mut Worst, kind: &str, axis: &str, s: Option<spectral::Spectrum>, row: &Row) {
    for (id, value) in [
        ("power", s.map(|s| s.power)),
        ("f50", s.map(|s| s.f50)),
        ("f95", s.map(|s| s.f95)),
        ("centroid_freq", s.map(|s| s.centroid)),
        ("freq_dispersion", s.map(|s| s.dispersion)),
    ] {
        note(worst, format!("{kind} {id}"), value, number(row, &format!("{id}_{axis}")));
    }
}

fn authors(root: &Path, worst: &mut Worst) -> Result<(), Failure> {
    for row in common::table(&root.join("oracle/cop_dataset_authors.csv"))? {
        let t = trial(root, &row, true)?.cop;
        note(
            worst,
            "authors mean frequency".to_owned(),
            spectral::set_mean_frequency(&t),
            number(&row, "author_mfreq_hz"),
        );
    }
    Ok(())
}

fn trunks(root: &Path, worst: &mut Worst) -> Result<(), Failure> {
    for row in common::table(&root.join("oracle/accel_reference.csv"))? {
        let name = row.get("file").or_else(|| row.get("accel_file")).ok_or("no file column")?;
        let text = std::fs::read_to_string(root.join(format!("accel-derived/{name}.csv")))?;
        let level = accel::level(&csv::parse_shake(&text)?)?;
        let m = accel::measure(&level).ok_or("no movement")?;
        for (id, value) in [
            ("g_norm", level.gravity),
            ("rms", m.sway.rms),
            ("rms_ml", m.sway.rms_ml),
            ("rms_ap", m.sway.rms_ap),
            ("mean_distance", m.sway.mean_distance),
            ("path", m.sway.path),
            ("range_ml", m.sway.range_ml),
            ("range_ap", m.sway.range_ap),
            ("jerk", m.jerk),
            ("area_rate", m.sway.area_rate),
            ("area_ellipse95_pred", m.sway.ellipse.area),
            ("mean_frequency", m.sway.mean_frequency),
        ] {
            note(worst, format!("trunk {id}"), Some(value), number(&row, id));
        }
        spectrum(worst, "trunk", "ml", m.ml, &row);
        spectrum(worst, "trunk", "ap", m.ap, &row);
    }
    Ok(())
}
