//! A microphone that hears what a test gives it: ALSA reads it from a pipe into which a thread writes at the pace of real time.

use crate::inputs;
use crate::trouble::{Result, Trouble};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// What the default device of ALSA's null plug-in is asked for: 32-bit floats of two channels.
const RATE: u32 = 48_000;
const CHANNELS: usize = 2;
/// How much is written at once.
const SLICE: Duration = Duration::from_millis(10);

/// A microphone on which someone says “aaah”, after a quiet second, whenever it is opened. Dropped, it is gone.
pub struct Microphone {
    pipe: PathBuf,
    /// The ALSA configuration in which it is the default device.
    pub config: PathBuf,
    over: Arc<AtomicBool>,
    voice: Option<JoinHandle<()>>,
}

impl Microphone {
    /// Puts one into a folder; `peak` is how loud, where 1 is full scale.
    ///
    /// # Errors
    /// [`Trouble::Io`], [`Trouble::Input`] when no pipe can be made.
    pub fn in_folder(folder: &Path, peak: f64) -> Result<Microphone> {
        let (pipe, config) = (folder.join("microphone.pipe"), folder.join("asound.conf"));
        let made = Command::new("mkfifo").arg(&pipe).status()?;
        if !made.success() {
            return Err(Trouble::Input("mkfifo made no pipe".to_owned()));
        }
        std::fs::write(&config, alsa(&pipe))?;
        let over = Arc::new(AtomicBool::new(false));
        let (into, ends) = (pipe.clone(), over.clone());
        let voice = std::thread::spawn(move || {
            while !ends.load(Ordering::Relaxed) {
                // Opening waits for a reader; a reader that goes away ends the writing.
                if let Ok(mut reader) = OpenOptions::new().write(true).open(&into) {
                    speak(&mut reader, peak, &ends);
                }
            }
        });
        Ok(Microphone { pipe, config, over, voice: Some(voice) })
    }
}

impl Drop for Microphone {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        // Being a reader for a moment wakes a voice that waits for one.
        let reader = OpenOptions::new().read(true).write(true).open(&self.pipe);
        if let Some(voice) = self.voice.take() {
            drop(voice.join());
        }
        drop(reader);
    }
}

fn alsa(pipe: &Path) -> String {
    let pipe = pipe.display();
    format!(
        "pcm.!default {{ type file slave.pcm \"nothing\" file \"/dev/null\" infile \"{pipe}\" format \"raw\" }}\npcm.nothing {{ type null }}\n"
    )
}

fn speak(reader: &mut File, peak: f64, ends: &AtomicBool) {
    let (begun, mut written) = (Instant::now(), 0_u32);
    while !ends.load(Ordering::Relaxed) {
        let due = begun.elapsed().as_secs_f64() * f64::from(RATE);
        // A test is over long before a number of samples does not fit.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let due = due as u32;
        let slice: Vec<u8> = (written..due).flat_map(|at| frame(at, peak)).collect();
        if reader.write_all(&slice).is_err() {
            return;
        }
        written = due;
        std::thread::sleep(SLICE);
    }
}

fn frame(at: u32, peak: f64) -> [u8; 4 * CHANNELS] {
    // Sound needs no more digits than a float of 32 bits has.
    #[allow(clippy::cast_possible_truncation)]
    let value = ((inputs::sound(f64::from(at) / f64::from(RATE)) * peak) as f32).to_le_bytes();
    let mut both = [0; 4 * CHANNELS];
    both.chunks_exact_mut(4).for_each(|channel| channel.copy_from_slice(&value));
    both
}
