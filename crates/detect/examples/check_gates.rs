//! Runs a folder of damaged vowels through the gates and compares with what is expected of each.
//!
//! `AIDPOST_VOICE_DATA=<folder with quality/> cargo run --example check_gates`

use detect::{DeviceClass, Input, Options, Reference, Report, Signal, Sound, Source, Verdict, analyse, pcm};
use std::path::{Path, PathBuf};

#[path = "../tests/common/mod.rs"]
mod common;

fn main() -> Result<(), common::Failure> {
    let root = PathBuf::from(std::env::var("AIDPOST_VOICE_DATA")?);
    let mut out = String::new();
    let mut wrong = 0;
    for row in common::table(&root.join("quality/expected.csv"))? {
        let report = report(&root.join(format!("quality/{}.flac", row["file"])))?;
        let verdict = verdict(&report);
        let right = verdict == row["expected"];
        wrong += usize::from(!right);
        out.push_str(&format!(
            "{} {} expected {} found {verdict}: {}\n",
            if right { "ok   " } else { "WRONG" },
            row["file"],
            row["expected"],
            reasons(&report)
        ));
    }
    for path in common::flac_files(&root.join("recordings/minsk2020"))? {
        let report = report(&path)?;
        if report.quality.verdict != Verdict::Accept {
            out.push_str(&format!(
                "{} {}: {}\n",
                path.file_stem().unwrap_or_default().to_string_lossy(),
                verdict(&report),
                reasons(&report)
            ));
        }
    }
    out.push_str(&format!("{wrong} wrong\n"));
    std::io::Write::write_all(&mut std::io::stdout(), out.as_bytes())?;
    Ok(())
}

fn report(path: &Path) -> Result<Report, common::Failure> {
    let file = common::read_flac(path)?;
    let chosen = pcm::choose_channel(&file.interleaved, file.channels)?;
    let sound = Sound { samples: &chosen.samples, rate: file.rate, channels: file.channels, quiet: &[] };
    let input = Input { signal: Signal::Vowel(sound), source: Source::of(DeviceClass::PhoneHeadset) };
    Ok(analyse(&input, &Reference::default(), &Options::default()))
}

fn verdict(report: &Report) -> &'static str {
    match report.quality.verdict {
        Verdict::Accept => "accept",
        Verdict::Warn => "warn",
        Verdict::Reject => "reject",
    }
}

fn reasons(report: &Report) -> String {
    let one = |c: &detect::quality::Check| {
        format!("{}={:.4}{}", c.code.code(), c.value, if c.verdict == Verdict::Accept { "" } else { "!" })
    };
    report.quality.checks.iter().map(one).collect::<Vec<_>>().join(" ")
}
