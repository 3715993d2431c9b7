//! Seconds of work per minute of audio, single thread, median of five.
//!
//! `AIDPOST_VOICE_DATA=<folder with recordings/minsk2020> cargo run --release --example speed`

use detect::voice::{cepstrum, hnr, intensity, perturb, pitch, pulses};
use std::path::PathBuf;
use std::time::Instant;

#[path = "../tests/common/mod.rs"]
mod common;

fn main() -> Result<(), common::Failure> {
    let root = PathBuf::from(std::env::var("AIDPOST_VOICE_DATA")?);
    let files = common::flac_files(&root.join("recordings/minsk2020"))?
        .into_iter()
        .filter(|p| p.to_string_lossy().contains("_a."))
        .take(8);
    let sounds = files.map(|p| common::read_flac(&p).map(|f| (f.first, f.rate))).collect::<Result<Vec<_>, _>>()?;
    let minutes = sounds.iter().map(|(x, rate)| x.len() as f64 / rate).sum::<f64>() / 60.0;
    let contours: Vec<_> = sounds.iter().map(|(x, rate)| pitch::track(x, *rate, &pitch::Settings::VOWEL)).collect();
    let mut out = format!("{minutes:.2} minutes of audio\n");
    let mut note = |name: &str, work: &dyn Fn(usize, &[f64], f64)| {
        let run = || {
            let start = Instant::now();
            sounds.iter().enumerate().for_each(|(i, (x, rate))| work(i, x, *rate));
            start.elapsed().as_secs_f64() / minutes
        };
        let mut times: Vec<f64> = (0..5).map(|_| run()).collect();
        times.sort_by(f64::total_cmp);
        out.push_str(&format!("{name:20} {:.3} s/min\n", times[2]));
    };
    note("pitch cc", &|_, x, rate| keep(pitch::track(x, rate, &pitch::Settings::VOWEL)));
    note("pitch ac", &|_, x, rate| keep(pitch::track(x, rate, &pitch::Settings::SPEECH)));
    note("pulses", &|i, x, rate| keep(pulses::find(x, rate, &contours[i])));
    note("jitter, shimmer", &|i, x, rate| {
        let pulses = pulses::find(x, rate, &contours[i]);
        keep((perturb::jitter(&pulses), perturb::shimmer(x, rate, &pulses)));
    });
    note("hnr", &|_, x, rate| keep(hnr::mean(x, rate)));
    note("intensity", &|_, x, rate| keep(intensity::summary(x, rate)));
    note("cpps", &|_, x, rate| keep(cepstrum::prominence(x, rate)));
    std::io::Write::write_all(&mut std::io::stdout(), out.as_bytes())?;
    Ok(())
}

fn keep<T>(value: T) {
    std::hint::black_box(value);
}
