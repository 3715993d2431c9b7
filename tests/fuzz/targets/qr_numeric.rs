//! Health cards in numeric form, whole and as parts of a chain, compressed or not.
#![no_main]

use libfuzzer_sys::fuzz_target;
use share::card;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = card::part(text);
    }
    let digits: String = data.iter().map(|byte| format!("{:02}", byte % 100)).collect();
    for prefix in ["shc:/", "shc:/1/2/", "shc:/2/2/"] {
        let _ = card::part(&format!("{prefix}{digits}"));
    }
});
