//! Inputs: the real samples that the demo plays with, and made ones that are wrong in one way each.

use crate::trouble::{Result, Trouble};
use crate::window::driver::root;
use flate2::read::GzDecoder;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

/// One of the samples in `crates/cli/samples`, unpacked if it is packed.
///
/// # Errors
/// [`Trouble::Io`].
pub fn sample(name: &str) -> Result<Vec<u8>> {
    unpacked(&root().join("crates/cli/samples").join(name))
}

/// One of the inputs in `tests/fixtures`, unpacked if it is packed.
///
/// # Errors
/// [`Trouble::Io`].
pub fn fixture(name: &str) -> Result<Vec<u8>> {
    unpacked(&root().join("tests/fixtures").join(name))
}

fn unpacked(path: &Path) -> Result<Vec<u8>> {
    let packed = std::fs::read(path)?;
    if path.extension().is_none_or(|kind| kind != "gz") {
        return Ok(packed);
    }
    let mut bytes = Vec::new();
    GzDecoder::new(&packed[..]).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Puts bytes into a file of a folder.
///
/// # Errors
/// [`Trouble::Io`].
pub fn put(folder: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf> {
    let path = folder.join(name);
    std::fs::write(&path, bytes)?;
    Ok(path)
}

/// What a made recording sounds like.
#[derive(Clone, Copy, Debug)]
pub struct Tone {
    /// Samples per second.
    pub rate: u32,
    /// Channels, all alike.
    pub channels: u16,
    /// Bits per sample.
    pub bits: u16,
    /// Peak, where 1 is full scale; more is cut off.
    pub peak: f64,
}

/// A vowel-like sound of six seconds: 120 Hz with falling overtones, after a quiet second.
///
/// # Errors
/// [`Trouble::Input`].
pub fn vowel(tone: Tone) -> Result<Vec<u8>> {
    let failed = |error: hound::Error| Trouble::Input(error.to_string());
    let spec = hound::WavSpec {
        channels: tone.channels,
        sample_rate: tone.rate,
        bits_per_sample: tone.bits,
        sample_format: hound::SampleFormat::Int,
    };
    let mut bytes = Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut bytes, spec).map_err(failed)?;
    let full = f64::from((1_u32 << (tone.bits - 1)) - 1);
    for at in 0..tone.rate * 6 {
        let value = (sound(f64::from(at) / f64::from(tone.rate)) * tone.peak).clamp(-1.0, 1.0) * full;
        for _ in 0..tone.channels {
            // The value was clamped to the range of the format.
            #[allow(clippy::cast_possible_truncation)]
            writer.write_sample(value as i32).map_err(failed)?;
        }
    }
    writer.finalize().map_err(failed)?;
    Ok(bytes.into_inner())
}

/// The sound of [`vowel`] at a moment, in seconds: a quiet second, then a voice without end. Between -1 and 1.
pub fn sound(t: f64) -> f64 {
    // A faint hiss, so that the room is neither silent nor loud.
    let hiss = ((t * 12_345.678).sin() * 43_758.547).fract() * 0.001;
    if t < 1.0 {
        return hiss;
    }
    let pitch = std::f64::consts::TAU * 120.0 * t;
    let overtones: f64 = (1..=12).map(|n| (pitch * f64::from(n)).sin() / f64::from(n)).sum();
    overtones / 1.9 + hiss
}

/// A table of a quiet stance of 65 seconds, 100 rows a second, in the form `time_s,ml_cm,ap_cm`.
pub fn stance() -> String {
    let row = |at: u32| {
        let t = f64::from(at) / 100.0;
        let ml = 0.4 * (t * 1.3).sin() + 0.15 * (t * 3.1).cos();
        let ap = 0.6 * (t * 0.9).sin() + 0.2 * (t * 2.7).cos();
        format!("{t:.2},{ml:.4},{ap:.4}\n")
    };
    std::iter::once("time_s,ml_cm,ap_cm\n".to_owned()).chain((0..6_500).map(row)).collect()
}

/// Two codes beside each other, as a PNG.
///
/// # Errors
/// [`Trouble::Input`].
pub fn two_codes(one: &str, other: &str) -> Result<Vec<u8>> {
    let failed = |error: &dyn std::fmt::Display| Trouble::Input(error.to_string());
    let read = |text: &str| {
        let png = share::qr::png(text, 6).map_err(|error| failed(&error))?;
        image::load_from_memory(&png).map(|picture| picture.to_luma8()).map_err(|error| failed(&error))
    };
    let (left, right) = (read(one)?, read(other)?);
    let (width, height) = (left.width() + right.width(), left.height().max(right.height()));
    let mut both = image::GrayImage::from_pixel(width, height, image::Luma([255]));
    image::imageops::replace(&mut both, &left, 0, 0);
    image::imageops::replace(&mut both, &right, i64::from(left.width()), 0);
    png(&both)
}

/// A picture without any code, as a PNG.
///
/// # Errors
/// [`Trouble::Input`].
pub fn no_code() -> Result<Vec<u8>> {
    png(&image::GrayImage::from_fn(300, 200, |x, y| image::Luma([u8::try_from((x + y) / 4).unwrap_or(u8::MAX)])))
}

fn png(picture: &image::GrayImage) -> Result<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).map_err(|error| Trouble::Input(error.to_string()))?;
    Ok(bytes.into_inner())
}
