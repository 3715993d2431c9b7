//! The microphone: records mono samples until stopped, and tells the level ten times a second.

use crate::{Event, Problem, Session, views::StartRecording};
use cpal::{
    FromSample, Sample, SampleFormat, SizedSample, StreamConfig,
    traits::{DeviceTrait, HostTrait, StreamTrait},
};
use std::{
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread::JoinHandle,
    time::Duration,
};

/// The longest recording: a text read slowly.
const SECONDS_MAX: usize = 90;
const TENTH: Duration = Duration::from_millis(100);

/// What was recorded.
pub struct Recorded {
    /// Whose, what was asked, and with which kind of microphone.
    pub ask: StartRecording,
    /// Samples, -1 to 1, one channel.
    pub samples: Vec<f32>,
    /// Samples per second.
    pub rate: u32,
}

/// At most one recording at a time.
#[derive(Default)]
pub struct Recorder(Mutex<Option<Running>>);

struct Running {
    ask: StartRecording,
    stop: mpsc::Sender<()>,
    thread: JoinHandle<Result<(Vec<f32>, u32), Problem>>,
}

/// Name of the default microphone; `None` where there is none.
pub fn microphone() -> Option<String> {
    let device = cpal::default_host().default_input_device()?;
    device.default_input_config().ok()?;
    Some(device.description().map(|description| description.name().to_owned()).unwrap_or_default())
}

impl Recorder {
    /// Starts recording. The stream lives on a thread of its own: it may not move between threads.
    pub fn start(&self, session: &Arc<Session>, ask: StartRecording) -> Result<(), Problem> {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if running.is_some() {
            return Err(Problem::new("already_recording", None));
        }
        let (stop, stopped) = mpsc::channel();
        let (ready, is_ready) = mpsc::channel();
        let weak = Arc::downgrade(session);
        let thread = std::thread::spawn(move || {
            record(&stopped, &ready, &|event| {
                if let Some(session) = weak.upgrade() {
                    session.ring(event);
                }
            })
        });
        match is_ready.recv() {
            Ok(Ok(())) => *running = Some(Running { ask, stop, thread }),
            Ok(Err(problem)) => return Err(problem),
            Err(_) => return Err(Problem::new("microphone_failed", None)),
        }
        Ok(())
    }

    /// Stops, and gives what was recorded.
    pub fn stop(&self) -> Result<Recorded, Problem> {
        let running = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let running = running.ok_or_else(|| Problem::new("not_recording", None))?;
        // The thread may have ended by itself at the longest length.
        let _ = running.stop.send(());
        let (samples, rate) = running.thread.join().map_err(|_| Problem::new("microphone_failed", None))??;
        Ok(Recorded { ask: running.ask, samples, rate })
    }

    /// Stops and throws the recording away.
    pub fn cancel(&self) {
        if let Some(running) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = running.stop.send(());
        }
    }
}

type Shared = Arc<Mutex<Vec<f32>>>;

fn record(
    stopped: &mpsc::Receiver<()>,
    ready: &mpsc::Sender<Result<(), Problem>>,
    ring: &dyn Fn(Event),
) -> Result<(Vec<f32>, u32), Problem> {
    let samples: Shared = Arc::default();
    let failed: Arc<Mutex<Option<String>>> = Arc::default();
    let (stream, rate) = match open(&samples, &failed) {
        Ok(opened) => opened,
        Err(problem) => {
            let _ = ready.send(Err(problem.clone()));
            return Err(problem);
        }
    };
    let _ = ready.send(Ok(()));
    let longest = SECONDS_MAX * rate as usize;
    let mut told = 0;
    while stopped.recv_timeout(TENTH) == Err(mpsc::RecvTimeoutError::Timeout) {
        let all = samples.lock().unwrap_or_else(PoisonError::into_inner);
        let peak = all.get(told..).unwrap_or_default().iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
        told = all.len();
        ring(Event::Level {
            peak_db: 20.0 * f64::from(peak.max(1e-6)).log10(),
            seconds: told as f64 / f64::from(rate),
        });
        if told >= longest || failed.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
            break;
        }
    }
    drop(stream);
    if let Some(words) = failed.lock().unwrap_or_else(PoisonError::into_inner).take() {
        return Err(Problem::new("microphone_failed", words));
    }
    let all = std::mem::take(&mut *samples.lock().unwrap_or_else(PoisonError::into_inner));
    Ok((all, rate))
}

fn open(samples: &Shared, failed: &Arc<Mutex<Option<String>>>) -> Result<(cpal::Stream, u32), Problem> {
    let broken = |error: cpal::Error| Problem::said("microphone_failed", &error);
    let device = cpal::default_host().default_input_device().ok_or_else(|| Problem::new("no_microphone", None))?;
    let config = device.default_input_config().map_err(|error| Problem::said("no_microphone", &error))?;
    let (format, config) = (config.sample_format(), StreamConfig::from(config));
    let rate = config.sample_rate;
    let stream = match format {
        SampleFormat::F32 => build::<f32>(&device, config, samples, failed),
        SampleFormat::I16 => build::<i16>(&device, config, samples, failed),
        SampleFormat::U16 => build::<u16>(&device, config, samples, failed),
        SampleFormat::I32 => build::<i32>(&device, config, samples, failed),
        SampleFormat::U8 => build::<u8>(&device, config, samples, failed),
        other => return Err(Problem::new("microphone_failed", format!("sample format {other}"))),
    };
    let stream = stream.map_err(broken)?;
    stream.play().map_err(broken)?;
    Ok((stream, rate))
}

fn build<T>(
    device: &cpal::Device,
    config: StreamConfig,
    samples: &Shared,
    failed: &Arc<Mutex<Option<String>>>,
) -> Result<cpal::Stream, cpal::Error>
where
    T: SizedSample,
    f32: FromSample<T>,
{
    let (into, failed) = (samples.clone(), failed.clone());
    let channels = usize::from(config.channels.max(1));
    device.build_input_stream(
        config,
        move |data: &[T], _| {
            let mut all = into.lock().unwrap_or_else(PoisonError::into_inner);
            // The first channel: a second microphone further away would smear the periods.
            all.extend(data.chunks(channels).filter_map(|frame| frame.first()).map(|sample| f32::from_sample(*sample)));
        },
        move |error| *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.to_string()),
        None,
    )
}
