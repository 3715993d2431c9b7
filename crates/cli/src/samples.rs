//! Real inputs for the demo; `samples/README.md` says where each is from.

use app::Problem;
use flate2::read::GzDecoder;
use std::io::Read;

/// A document as a PDF.
pub const LAB_REPORT: &[u8] = include_bytes!("../samples/lab-report.pdf");
const BUNDLE: &[u8] = include_bytes!("../samples/bundle.json.gz");
const VOWEL: &[u8] = include_bytes!("../samples/vowel.wav.gz");
const EYES_OPEN: &[u8] = include_bytes!("../samples/BDS00001.csv.gz");
const EYES_CLOSED: &[u8] = include_bytes!("../samples/BDS00004.csv.gz");

/// A person's whole record as a FHIR R4 bundle.
pub fn bundle() -> Result<Vec<u8>, Problem> {
    unpack(BUNDLE)
}

/// A held vowel as a WAV file.
pub fn vowel() -> Result<Vec<u8>, Problem> {
    unpack(VOWEL)
}

/// Standing with the eyes open, as a CSV file.
pub fn eyes_open() -> Result<Vec<u8>, Problem> {
    unpack(EYES_OPEN)
}

/// Standing with the eyes closed, as a CSV file.
pub fn eyes_closed() -> Result<Vec<u8>, Problem> {
    unpack(EYES_CLOSED)
}

fn unpack(packed: &[u8]) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut bytes).map_err(|error| Problem::said("internal", &error))?;
    Ok(bytes)
}
