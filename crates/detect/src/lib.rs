//! Voice and balance: samples in; measures, quality and a score out.
//!
//! This room measures deviation as it is heard in slurred speech and seen in unsteady standing. It is a screening aid: it
//! cannot see a stroke, and a normal result never rules one out. It touches nothing: no disk, no network, no microphone,
//! no clock, no randomness, no threads. The same samples give the same report, byte for byte, on every machine.
//!
//! ```
//! use detect::{analyse, Input, Options, Reference, Signal, Sound, Source, DeviceClass, Status};
//!
//! let tone: Vec<f32> = (0..64_000).map(|i| if i % 80 < 4 { 0.5 } else { -0.02 }).collect();
//! let sound = Sound { samples: &tone, rate: 16_000.0, channels: 1, quiet: &[] };
//! let input = Input { signal: Signal::Vowel(sound), source: Source::of(DeviceClass::PhoneHeadset) };
//! let report = analyse(&input, &Reference::default(), &Options::default());
//! assert_eq!(report.status, Status::Completed);
//! assert!(report.to_json().contains("\"model_version\":\"aidpost-screen 1.0.0\""));
//! ```
//!
//! The way through: [`wav`] or [`csv`] turn a file into samples; [`analyse`] asks [`quality`] whether they are good enough,
//! measures them ([`voice`], [`balance`]), compares with other people and with the person's own enrolment ([`refer`]),
//! adds up ([`score`]) and writes a [`report`]. [`picture`] and [`spectrogram`] give the UI what it draws.
//!
//! Words for people follow one rule everywhere: signs, never a diagnosis; nothing unusual, never an all-clear.

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "a test may stop where it fails")
)]

mod analyse;
pub mod balance;
pub mod csv;
mod dsp;
mod error;
pub mod pcm;
pub mod picture;
pub mod quality;
pub mod refer;
pub mod report;
pub mod score;
pub mod spectrogram;
pub mod units;
pub mod voice;
pub mod wav;

// Asking.
pub use analyse::{
    Inability, Input, Options, Passage, Reference, Sex, Signal, Sound, Source, Stance, Trunk, analyse, could_not_do,
};
pub use refer::{DeviceClass, Eyes, Session, Surface};

// The answer.
pub use error::Error;
pub use quality::{Gate, Verdict};
pub use report::{MODEL_VERSION, Outcome, Report, SCHEMA, Status, Task};
