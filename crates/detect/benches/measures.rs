//! What each part of the analysis costs, and each whole task.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a benchmark may stop where it fails"
)]

use criterion::{Criterion, criterion_group, criterion_main};
use detect::balance::{Trace, clean, cop, diffusion, spectral};
use detect::voice::{cepstrum, ddk, formant, hnr, intensity, perturb, pitch, pulses, reading};
use detect::{
    DeviceClass, Eyes, Input, Options, Passage, Reference, Signal, Sound, Source, Stance, Surface, analyse, csv,
};
use std::hint::black_box;

#[path = "../tests/common/mod.rs"]
mod common;
use common::{fixture, read_flac};

/// Three seconds of a vowel at 44.1 kHz.
fn vowel(c: &mut Criterion) {
    let file = read_flac(&fixture("voice/vowel_01.flac")).unwrap();
    let (x, rate) = (&file.first, file.rate);
    let contour = pitch::track(x, rate, &pitch::Settings::VOWEL);
    let times = pulses::find(x, rate, &contour);
    let mut group = c.benchmark_group("vowel 3 s");
    group.bench_function("pitch cc", |b| b.iter(|| pitch::track(black_box(x), rate, &pitch::Settings::VOWEL)));
    group.bench_function("pitch ac", |b| b.iter(|| pitch::track(black_box(x), rate, &pitch::Settings::SPEECH)));
    group.bench_function("pulses", |b| b.iter(|| pulses::find(black_box(x), rate, &contour)));
    group.bench_function("jitter shimmer", |b| {
        b.iter(|| (perturb::jitter(black_box(&times)), perturb::shimmer(x, rate, &times)));
    });
    group.bench_function("hnr", |b| b.iter(|| hnr::mean(black_box(x), rate)));
    group.bench_function("cpps", |b| b.iter(|| cepstrum::prominence(black_box(x), rate)));
    group.bench_function("formants", |b| b.iter(|| formant::track(black_box(x), rate, formant::CEILING)));
    group.bench_function("intensity", |b| b.iter(|| intensity::summary(black_box(x), rate)));
    let sound = Sound { samples: &file.interleaved, rate, channels: 1, quiet: &[] };
    group.bench_function("report", |b| b.iter(|| report(Signal::Vowel(sound), DeviceClass::PhoneHeadset)));
    group.finish();
}

/// Seven seconds of syllables, and the same sound six times over as a text of forty.
fn speech(c: &mut Criterion) {
    let file = read_flac(&fixture("voice/ddk_03.flac")).unwrap();
    let sound = Sound { samples: &file.interleaved, rate: file.rate, channels: 1, quiet: &[] };
    let mut group = c.benchmark_group("speech");
    group.bench_function("syllables 7 s", |b| b.iter(|| ddk::find(black_box(&file.first), file.rate)));
    group.bench_function("syllables report", |b| b.iter(|| report(Signal::Syllables(sound), DeviceClass::Unknown)));
    let long: Vec<f64> = file.first.repeat(6);
    group.sample_size(20);
    group.bench_function("nuclei 40 s", |b| b.iter(|| reading::find(black_box(&long), file.rate)));
    let samples: Vec<f32> = long.iter().map(|v| *v as f32).collect();
    let sound = Sound { samples: &samples, rate: file.rate, channels: 1, quiet: &[] };
    let passage = Passage { sound, syllables: Some(120) };
    group.bench_function("reading report", |b| b.iter(|| report(Signal::Reading(passage), DeviceClass::Unknown)));
    group.finish();
}

/// A minute on the plate at 100 Hz.
fn stance(c: &mut Criterion) {
    let trial: Trace = csv::parse(&std::fs::read_to_string(fixture("balance/BDS00001.csv")).unwrap()).unwrap();
    let cleaned = clean::clean(&trial, false).unwrap().cop;
    let mut group = c.benchmark_group("stance 60 s");
    group.bench_function("sway", |b| b.iter(|| cop::measure(black_box(&cleaned))));
    group.bench_function("spectrum", |b| {
        b.iter(|| spectral::measure(black_box(&cleaned.ml), cleaned.rate, spectral::BAND));
    });
    group.bench_function("mean frequency", |b| b.iter(|| spectral::set_mean_frequency(black_box(&cleaned))));
    group.bench_function("diffusion", |b| b.iter(|| diffusion::measure(black_box(&cleaned.ml), cleaned.rate)));
    let stance =
        Stance { eyes: Eyes::Open, trial: &trial, companion: None, surface: Surface::Firm, filtered_at_source: false };
    group.bench_function("all measures", |b| b.iter(|| report(Signal::Stance(stance), DeviceClass::ForcePlate)));
    group.finish();
}

fn report(signal: Signal, device: DeviceClass) -> detect::Report {
    analyse(&Input { signal, source: Source::of(device) }, &Reference::default(), &Options::default())
}

criterion_group!(benches, vowel, speech, stance);
criterion_main!(benches);
