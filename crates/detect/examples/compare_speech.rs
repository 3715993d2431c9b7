//! Measures syllable trains and read speech and prints how far they lie from the reference tables and from the truth.
//!
//! `AIDPOST_VOICE_DATA=<folder with synthetic-ddk, synthetic-reading, recordings and oracle> cargo run --example compare_speech`

use detect::voice::{ddk, reading};
use std::path::{Path, PathBuf};

#[path = "../tests/common/mod.rs"]
mod common;
use common::{Failure, Row, number};

fn main() -> Result<(), Failure> {
    let root = PathBuf::from(std::env::var("AIDPOST_VOICE_DATA")?);
    let out = format!("{}\n{}", syllables(&root)?, passages(&root)?);
    std::io::Write::write_all(&mut std::io::stdout(), out.as_bytes())?;
    Ok(())
}

fn syllables(root: &Path) -> Result<String, Failure> {
    let truth = common::table(&root.join("synthetic-ddk/truth.csv"))?;
    let onsets = common::table(&root.join("synthetic-ddk/onsets.csv"))?;
    let mut out = String::from("syllables: count, rate, CV; against truth and reference\n");
    for reference in common::table(&root.join("oracle/ddk_reference.csv"))? {
        let name = &reference["file"];
        let file = common::read_flac(&root.join(format!("synthetic-ddk/{name}.flac")))?;
        let train = ddk::find(&file.first, file.rate);
        let m = train.measure();
        let truth = truth.iter().find(|r| &r["file"] == name).ok_or("no truth")?;
        let placed: Vec<f64> = onsets.iter().filter(|r| &r["file"] == name).map(|r| number(r, "onset_s")).collect();
        let relative = |found: Option<f64>, row: &Row, key: &str| found.unwrap_or(f64::NAN) / number(row, key) - 1.0;
        out.push_str(&format!(
            "{name} n {} of {}; rate {:+.4} (ref {:+.6}); cv {:+.4} (ref {:+.2e}); npvi ref {:+.2e}; slow ref {:+.2e}; depth ref {:+.2e}; onset spread {:.4}\n",
            m.count,
            truth["n_syll"],
            relative(m.rate, truth, "true_rate_syll_s"),
            relative(m.rate, &reference, "rate_syll_s"),
            m.cv.unwrap_or(f64::NAN) - number(truth, "true_interval_cv"),
            m.cv.unwrap_or(f64::NAN) - number(&reference, "interval_cv_pos3"),
            relative(m.npvi, &reference, "npvi"),
            m.slowing.unwrap_or(f64::NAN) - number(&reference, "slowdown"),
            relative(m.depth, &reference, "modulation_depth_db"),
            spread(&train.onsets, &placed),
        ));
    }
    Ok(out)
}

/// SD of onset minus true onset: the delay of the vowel itself is the same throughout.
fn spread(found: &[f64], placed: &[f64]) -> f64 {
    let apart: Vec<f64> = found.iter().zip(placed).map(|(a, b)| a - b).collect();
    let mean = apart.iter().sum::<f64>() / apart.len() as f64;
    (apart.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / apart.len() as f64).sqrt()
}

fn passages(root: &Path) -> Result<String, Failure> {
    let truth = common::table(&root.join("synthetic-reading/truth.csv"))?;
    let mut out = String::from("reading: against reference, and truth where known\n");
    for reference in common::table(&root.join("oracle/connected_speech_reference.csv"))? {
        let (set, name) = (&reference["set"], &reference["file"]);
        let folder = if set == "synthetic-reading" { set.clone() } else { "recordings/read-speech".to_owned() };
        let file = common::read_flac(&root.join(format!("{folder}/{name}.flac")))?;
        let r = reading::find(&file.first, file.rate);
        let pause: f64 = r.pauses().iter().sum();
        out.push_str(&format!(
            "{name} n {} (ref {}), pauses {} (ref {}), speech {:+.4}, pause {:+.4} s, level sd {:+.4}",
            r.nuclei.len(),
            reference["n_syll"],
            r.pauses().len(),
            reference["n_pauses"],
            r.speech_time() / number(&reference, "phonation_s") - 1.0,
            pause - number(&reference, "pause_s"),
            r.level_sd().unwrap_or(f64::NAN) - number(&reference, "intensity_sd_db"),
        ));
        if let Some(truth) = truth.iter().find(|r| &r["file"] == name) {
            let syllables = r.nuclei.len() as f64 / number(truth, "n_syll_text") - 1.0;
            out.push_str(&format!("; truth n {syllables:+.4}, pause {:+.4} s", pause - number(truth, "pause_s")));
        }
        out.push('\n');
    }
    Ok(out)
}
