//! Recordings made elsewhere: FLAC, MP3, OGG Vorbis and M4A beside WAV, to one channel of samples.

use crate::Problem;
use detect::{Error, pcm, wav};
use std::io::Cursor;
use symphonia::core::{
    codecs::audio::{AudioDecoder, AudioDecoderOptions},
    errors::Error as Broken,
    formats::{FormatOptions, FormatReader, TrackType, probe::Hint},
    io::MediaSourceStream,
    meta::MetadataOptions,
};

/// A test recording is shorter; what goes on for longer is cut here and refused by the gate on length.
const SECONDS_MAX: usize = 125;
/// Most samples held at once, all channels: two minutes of stereo at 192 kHz and a margin.
const SAMPLES_MAX: usize = 64 << 20;

/// One channel of a recording.
#[derive(Debug, PartialEq)]
pub struct Audio {
    /// Samples of the strongest channel, full scale ±1.
    pub samples: Vec<f32>,
    /// Samples per second.
    pub rate: f64,
    /// Channels of the file.
    pub channels: u16,
}

/// Decodes a whole recording, packet by packet.
///
/// # Errors
/// The codes of [`Error`]; `not_audio` where no known kind of recording is found.
pub fn decode(bytes: &[u8]) -> Result<Audio, Problem> {
    if bytes.is_empty() {
        return Err(Error::Empty.into());
    }
    if bytes.starts_with(b"RIFF") {
        let wav = wav::decode(bytes)?;
        return Ok(Audio { samples: wav.samples, rate: f64::from(wav.rate), channels: wav.channels });
    }
    if bytes.len() > wav::MAX_BYTES {
        return Err(Error::TooLarge { bytes: bytes.len(), limit: wav::MAX_BYTES }.into());
    }
    let (mut format, mut decoder, track) = open(bytes)?;
    let mut heard = Heard::default();
    while !heard.is_enough() {
        // A file that is cut off ends where its last whole packet ends; the gates judge what is there.
        let Ok(Some(packet)) = format.next_packet() else { break };
        if packet.track_id != track {
            continue;
        }
        match decoder.decode(&packet) {
            Ok(buffer) => heard.take(buffer)?,
            // One damaged packet is a hole, not the end.
            Err(Broken::DecodeError(_)) => {}
            Err(error) => return Err(Problem::said("not_audio", &error)),
        }
    }
    heard.chosen()
}

type Opened = (Box<dyn FormatReader>, Box<dyn AudioDecoder>, u32);

fn open(bytes: &[u8]) -> Result<Opened, Problem> {
    let refused = |error: Broken| Problem::said("not_audio", &error);
    let stream = MediaSourceStream::new(Box::new(Cursor::new(bytes.to_vec())), Default::default());
    let probe = symphonia::default::get_probe();
    let format =
        probe.probe(&Hint::new(), stream, FormatOptions::default(), MetadataOptions::default()).map_err(refused)?;
    let track = format.default_track(TrackType::Audio).ok_or_else(|| Problem::new("not_audio", None))?;
    let parameters = track.codec_params.as_ref().and_then(|all| all.audio());
    let parameters = parameters.ok_or_else(|| Problem::new("not_audio", None))?;
    let codecs = symphonia::default::get_codecs();
    let decoder = codecs.make_audio_decoder(parameters, &AudioDecoderOptions::default()).map_err(refused)?;
    let id = track.id;
    Ok((format, decoder, id))
}

/// What was decoded so far, channels interleaved.
#[derive(Default)]
struct Heard {
    interleaved: Vec<f32>,
    packet: Vec<f32>,
    rate: u32,
    channels: u16,
}

impl Heard {
    fn is_enough(&self) -> bool {
        let longest = SECONDS_MAX.saturating_mul(self.rate as usize).saturating_mul(usize::from(self.channels));
        self.rate > 0 && self.interleaved.len() >= longest.min(SAMPLES_MAX)
    }

    fn take(&mut self, buffer: symphonia::core::audio::GenericAudioBufferRef<'_>) -> Result<(), Problem> {
        let rate = buffer.spec().rate();
        let count = buffer.spec().channels().count();
        let channels = u16::try_from(count).ok().filter(|n| (1..=pcm::MAX_CHANNELS).contains(n));
        let channels = channels.ok_or(Error::Channels { channels: u16::MAX })?;
        if !(1000..=192_000).contains(&rate) {
            return Err(Error::SampleRate { rate }.into());
        }
        if self.rate > 0 && (rate, channels) != (self.rate, self.channels) {
            return Err(Problem::new("not_audio", "the format changes within the file".to_owned()));
        }
        (self.rate, self.channels) = (rate, channels);
        buffer.copy_to_vec_interleaved(&mut self.packet);
        self.interleaved.extend_from_slice(&self.packet);
        Ok(())
    }

    fn chosen(self) -> Result<Audio, Problem> {
        if self.interleaved.is_empty() {
            return Err(Error::Empty.into());
        }
        let count = self.interleaved.iter().filter(|v| !v.is_finite()).count();
        if count > 0 {
            return Err(Error::NotFinite { count }.into());
        }
        let chosen = pcm::choose_channel(&self.interleaved, self.channels)?;
        Ok(Audio { samples: chosen.samples, rate: f64::from(self.rate), channels: self.channels })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a file that gives no sound is refused with.
    const REFUSED: [&str; 2] = ["not_audio", "recording_empty"];

    fn fixture(name: &str) -> Vec<u8> {
        let path = format!("{}/tests/fixtures/audio/{name}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read(path).unwrap()
    }

    #[test]
    fn flac_mp3_ogg_and_m4a_hold_the_same_vowel() {
        let pitch = |audio: &Audio| {
            let x: Vec<f64> = audio.samples.iter().map(|v| f64::from(*v)).collect();
            let settings = detect::voice::pitch::Settings::SPEECH;
            detect::voice::pitch::track(&x, audio.rate, &settings).median().unwrap()
        };
        let whole = decode(&fixture("vowel.flac")).unwrap();
        for name in ["vowel.mp3", "vowel.ogg", "vowel.m4a"] {
            let lossy = decode(&fixture(name)).unwrap();
            assert_eq!((lossy.rate, lossy.channels), (whole.rate, 1), "{name}");
            assert!(lossy.samples.len().abs_diff(whole.samples.len()) < 6_000, "{name} {}", lossy.samples.len());
            assert!((pitch(&lossy) / pitch(&whole) - 1.0).abs() < 0.005, "{name}");
        }
    }

    #[test]
    fn what_is_no_recording_is_refused() {
        for bytes in [&b"just some words, no sound at all"[..], &[0; 4000], &[0xff; 4000], b"fLaC", b"OggS\0\0\0\0"] {
            let problem = decode(bytes).unwrap_err();
            assert!(REFUSED.contains(&problem.code.as_str()), "{problem:?}");
        }
        assert_eq!(decode(&[]).unwrap_err().code, "recording_empty");
        assert_eq!(decode(b"RIFF and nothing more").unwrap_err().code, "recording_not_wav");
    }

    #[test]
    fn a_cut_file_gives_what_is_there_or_is_refused() {
        for name in ["vowel.flac", "vowel.mp3", "vowel.ogg", "vowel.m4a"] {
            let bytes = fixture(name);
            let whole = decode(&bytes).unwrap().samples.len();
            match decode(&bytes[..bytes.len() / 2]) {
                Ok(half) => assert!((whole / 4..whole * 3 / 4).contains(&half.samples.len()), "{name}"),
                // Some kinds are looked through to their end before anything of them is played.
                Err(problem) => assert!(REFUSED.contains(&problem.code.as_str()), "{name}: {problem:?}"),
            }
        }
    }
}
