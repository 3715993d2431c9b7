//! Recordings: samples or a refusal.
#![no_main]

use detect::wav;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(recording) = wav::decode(data) {
        assert!(!recording.samples.is_empty() && recording.samples.iter().all(|sample| sample.is_finite()));
    }
});
