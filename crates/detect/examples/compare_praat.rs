//! Measures a folder of vowels and prints one CSV row per file, in the columns of a reference program's table.
//!
//! `AIDPOST_VOICE_DATA=<folder with recordings/minsk2020 and synthetic-vowels> cargo run --example compare_praat > mine.csv`

use detect::voice::formant;
use detect::voice::vowel::{self, Vowel};
use std::path::{Path, PathBuf};

const COLUMNS: &str = "file,duration_s,f0_mean_hz,f0_sd_hz,f0_median_hz,pitch_frames,voiced_frames,n_pulses,mean_period_s,jitter_local,jitter_local_abs_s,\
jitter_rap,jitter_ppq5,jitter_ddp,shimmer_local,shimmer_local_db,shimmer_apq3,shimmer_apq5,shimmer_apq11,shimmer_dda,fraction_unvoiced,\
voice_breaks,degree_voice_breaks,hnr_cc_db,cpps_db,intensity_mean_db,intensity_sd_db,intensity_min_db,intensity_max_db,f1_median_hz,f2_median_hz,f3_median_hz";

#[path = "../tests/common/mod.rs"]
mod common;

fn main() -> Result<(), common::Failure> {
    let root = PathBuf::from(std::env::var("AIDPOST_VOICE_DATA")?);
    let mut out = String::from(COLUMNS);
    for folder in ["recordings/minsk2020", "synthetic-vowels"] {
        for path in common::flac_files(&root.join(folder))? {
            let file = common::read_flac(&path)?;
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            let formants = formant::track(&file.first, file.rate, ceiling(&root, &name)?);
            let medians = [0, 1, 2].map(|i| formants.median(i, |_| true).map_or(String::new(), |f| f.to_string()));
            let row = row(&vowel::measure(&file.first, file.rate));
            out.push_str(&format!("\n{name},{row},{}", medians.join(",")));
        }
    }
    std::io::Write::write_all(&mut std::io::stdout(), format!("{out}\n").as_bytes())?;
    Ok(())
}

/// As the reference was made: 5000 Hz for men and for syntheses of a man's size, else 5500.
fn ceiling(root: &Path, name: &str) -> Result<f64, common::Failure> {
    let speakers = common::table(&root.join("recordings/minsk2020/speakers.csv"))?;
    let man = speakers.iter().any(|r| r["sex"] == "m" && name.starts_with(&r["speaker"]));
    let truth = common::table(&root.join("synthetic-vowels/truth.csv"))?;
    let small = truth.iter().any(|r| r["file"] == name && common::number(r, "formant_scale") <= 1.05);
    Ok(if man || small { formant::CEILING_MEN } else { formant::CEILING })
}

fn row(v: &Vowel) -> String {
    let voiced = v.contour.voiced().len() as f64;
    let frames = v.contour.f0.len() as f64;
    let (f0, level) = (v.f0.as_ref(), v.intensity.as_ref());
    let values = [
        Some(v.duration),
        f0.map(|f| f.mean),
        f0.and_then(|f| f.sd),
        f0.map(|f| f.median),
        Some(frames),
        Some(voiced),
        Some(v.pulses.len() as f64),
        v.jitter.mean_period,
        v.jitter.local,
        v.jitter.absolute,
        v.jitter.rap,
        v.jitter.ppq5,
        v.jitter.ddp,
        v.shimmer.local,
        v.shimmer.local_db,
        v.shimmer.apq3,
        v.shimmer.apq5,
        v.shimmer.apq11,
        v.shimmer.dda,
        Some(1.0 - v.contour.voiced_fraction()),
        Some(v.breaks.count as f64),
        Some(v.breaks.degree),
        v.hnr,
        v.cpps,
        level.map(|l| l.mean),
        level.and_then(|l| l.sd),
        level.map(|l| l.min),
        level.map(|l| l.max),
    ];
    values.map(|x| x.map_or(String::new(), |x| x.to_string())).join(",")
}
