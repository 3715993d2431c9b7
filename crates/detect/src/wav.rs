//! WAV bytes to mono samples. Integer PCM of 8, 16, 24 and 32 bits, 32-bit float; 1 to 192 kHz; one to eight channels.

use crate::error::Error;
use crate::pcm;
use hound::{SampleFormat, WavReader, WavSpec};
use std::io::Cursor;

/// Largest file read: two minutes of four-byte stereo at 192 kHz, and a margin.
pub const MAX_BYTES: usize = 200 << 20;

/// A decoded recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// The chosen channel, full scale ±1.
    pub samples: Vec<f32>,
    /// Samples per second.
    pub rate: u32,
    /// Channels in the file.
    pub channels: u16,
    /// The channel chosen: the strongest, counted from 0.
    pub used_channel: u16,
    /// Channels that carry no signal.
    pub dead_channels: Vec<u16>,
}

/// Decodes a whole WAV file.
///
/// # Errors
/// [`Error::TooLarge`], [`Error::Empty`], [`Error::NotWav`], [`Error::Truncated`], [`Error::SampleFormat`],
/// [`Error::SampleRate`], [`Error::Channels`], [`Error::NotFinite`].
pub fn decode(bytes: &[u8]) -> Result<Recording, Error> {
    if bytes.is_empty() {
        return Err(Error::Empty);
    }
    if bytes.len() > MAX_BYTES {
        return Err(Error::TooLarge { bytes: bytes.len(), limit: MAX_BYTES });
    }
    let reader = WavReader::new(Cursor::new(bytes)).map_err(|e| Error::NotWav { reason: e.to_string() })?;
    let spec = reader.spec();
    check(spec)?;
    let stated = reader.duration() as usize;
    let interleaved = samples(reader, spec)?;
    let frames = interleaved.len() / usize::from(spec.channels);
    if frames < stated {
        return Err(Error::Truncated { frames, stated });
    }
    if frames == 0 {
        return Err(Error::Empty);
    }
    let bad = interleaved.iter().filter(|v| !v.is_finite()).count();
    if bad > 0 {
        return Err(Error::NotFinite { count: bad });
    }
    let chosen = pcm::choose_channel(&interleaved, spec.channels)?;
    Ok(Recording {
        samples: chosen.samples,
        rate: spec.sample_rate,
        channels: spec.channels,
        used_channel: chosen.used,
        dead_channels: chosen.dead,
    })
}

fn check(spec: WavSpec) -> Result<(), Error> {
    if !(1..=pcm::MAX_CHANNELS).contains(&spec.channels) {
        return Err(Error::Channels { channels: spec.channels });
    }
    if !(1000..=192_000).contains(&spec.sample_rate) {
        return Err(Error::SampleRate { rate: spec.sample_rate });
    }
    let known = match spec.sample_format {
        SampleFormat::Int => [8, 16, 24, 32].contains(&spec.bits_per_sample),
        SampleFormat::Float => spec.bits_per_sample == 32,
    };
    if known { Ok(()) } else { Err(Error::SampleFormat { bits: spec.bits_per_sample }) }
}

/// Samples up to the end of the file: a file cut off yields fewer than it states.
fn samples(reader: WavReader<Cursor<&[u8]>>, spec: WavSpec) -> Result<Vec<f32>, Error> {
    match spec.sample_format {
        SampleFormat::Float => collect(reader.into_samples::<f32>()),
        SampleFormat::Int => {
            let scale = 1.0 / f64::from(1u32 << (spec.bits_per_sample - 1));
            #[allow(
                clippy::cast_possible_truncation,
                reason = "the analysis takes single precision; 24 bits fit exactly"
            )]
            collect(reader.into_samples::<i32>().map(|s| s.map(|v| (f64::from(v) * scale) as f32)))
        }
    }
}

fn collect(samples: impl Iterator<Item = hound::Result<f32>>) -> Result<Vec<f32>, Error> {
    let mut all = Vec::new();
    for sample in samples {
        match sample {
            Ok(value) => all.push(value),
            Err(hound::Error::IoError(_)) => break,
            Err(other) => {
                return Err(Error::NotWav { reason: other.to_string() });
            }
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encode(bits: u16, format: SampleFormat, rate: u32, channels: u16, frames: &[f32]) -> Vec<u8> {
        let spec = WavSpec { channels, sample_rate: rate, bits_per_sample: bits, sample_format: format };
        let mut bytes = Cursor::new(Vec::new());
        let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
        for v in frames {
            match format {
                SampleFormat::Float => writer.write_sample(*v).unwrap(),
                SampleFormat::Int => {
                    writer.write_sample((f64::from(*v) * f64::from(1u32 << (bits - 1)) - 0.0) as i32).unwrap()
                }
            }
        }
        writer.finalize().unwrap();
        bytes.into_inner()
    }

    fn tone(n: usize) -> Vec<f32> {
        (0..n).map(|i| 0.5 * libm::sin(0.1 * i as f64) as f32).collect()
    }

    #[test]
    fn every_supported_format_decodes() {
        let x = tone(400);
        for (bits, format) in [
            (8, SampleFormat::Int),
            (16, SampleFormat::Int),
            (24, SampleFormat::Int),
            (32, SampleFormat::Int),
            (32, SampleFormat::Float),
        ] {
            for rate in [8000, 44_100, 192_000] {
                let r = decode(&encode(bits, format, rate, 1, &x)).unwrap();
                assert_eq!((r.rate, r.channels, r.samples.len()), (rate, 1, 400));
                let step = 1.0 / (1u64 << (bits - 1)) as f32;
                assert!(r.samples.iter().zip(&x).all(|(a, b)| (a - b).abs() <= step), "{bits} bits");
            }
        }
    }

    #[test]
    fn a_dead_channel_is_ignored() {
        let x = tone(400);
        let frames: Vec<f32> = x.iter().flat_map(|v| [0.0, *v]).collect();
        let r = decode(&encode(32, SampleFormat::Float, 48_000, 2, &frames)).unwrap();
        assert_eq!((r.channels, r.used_channel, r.dead_channels), (2, 1, vec![0]));
        assert_eq!(r.samples, x);
    }

    #[test]
    fn bad_files_are_refused_with_a_reason() {
        let good = encode(16, SampleFormat::Int, 44_100, 1, &tone(400));
        assert_eq!(decode(&[]), Err(Error::Empty));
        assert!(matches!(decode(b"fLaC and then something else entirely"), Err(Error::NotWav { .. })));
        assert!(matches!(decode(&good[..20]), Err(Error::NotWav { .. })));
        assert_eq!(decode(&good[..good.len() - 100]), Err(Error::Truncated { frames: 350, stated: 400 }));
        assert_eq!(decode(&encode(16, SampleFormat::Int, 44_100, 1, &[])), Err(Error::Empty));
        assert!(matches!(decode(&encode(16, SampleFormat::Int, 384_000, 1, &tone(4))), Err(Error::SampleRate { .. })));
        assert!(matches!(decode(&encode(16, SampleFormat::Int, 44_100, 9, &tone(9))), Err(Error::Channels { .. })));
        assert!(matches!(
            decode(&encode(32, SampleFormat::Float, 44_100, 1, &[f32::NAN])),
            Err(Error::NotFinite { count: 1 })
        ));
    }
}
