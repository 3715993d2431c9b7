//! Reading fixtures and reference tables.
#![allow(dead_code, reason = "each test and example uses its part")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub type Failure = Box<dyn std::error::Error>;
pub type Row = BTreeMap<String, String>;

pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// First channel in double precision, all channels interleaved in single, rate, number of channels.
pub struct Flac {
    pub first: Vec<f64>,
    pub interleaved: Vec<f32>,
    pub rate: f64,
    pub channels: u16,
}

pub fn read_flac(path: &Path) -> Result<Flac, Failure> {
    let mut reader = claxon::FlacReader::open(path)?;
    let info = reader.streaminfo();
    let scale = 1.0 / f64::from(1u32 << (info.bits_per_sample - 1));
    let samples = reader.samples().map(|s| s.map(|v| f64::from(v) * scale)).collect::<Result<Vec<_>, _>>()?;
    let first = samples.chunks_exact(info.channels as usize).map(|frame| frame[0]).collect();
    #[allow(clippy::cast_possible_truncation, reason = "at most 24 bits")]
    let interleaved = samples.iter().map(|v| *v as f32).collect();
    Ok(Flac { first, interleaved, rate: f64::from(info.sample_rate), channels: u16::try_from(info.channels)? })
}

/// Rows of a table without quoted commas, by heading.
pub fn table(path: &Path) -> Result<Vec<Row>, Failure> {
    let text = std::fs::read_to_string(path)?;
    let mut lines = text.lines();
    let heading: Vec<&str> = lines.next().ok_or("empty table")?.split(',').collect();
    let row = |line: &str| heading.iter().zip(line.split(',')).map(|(k, v)| ((*k).to_owned(), v.to_owned())).collect();
    Ok(lines.map(row).collect())
}

pub fn number(row: &Row, key: &str) -> f64 {
    row.get(key).and_then(|v| v.parse().ok()).unwrap_or(f64::NAN)
}

pub fn flac_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = std::fs::read_dir(folder)?.map(|e| e.map(|e| e.path())).collect::<Result<Vec<_>, _>>()?;
    let mut files: Vec<PathBuf> = entries.into_iter().filter(|p| p.extension().is_some_and(|e| e == "flac")).collect();
    files.sort();
    Ok(files)
}
