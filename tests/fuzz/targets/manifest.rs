//! Manifests as a host answers them: whatever is read leads from https to https alone, and shows nothing that reorders text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use share::fetch::manifest::{self, Place};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for from in ["https://links.example.org/shl/a", "http://192.168.1.20:8417/shl/a"] {
        let from = from.parse().expect("an address");
        let Ok(files) = manifest::read(text, &from) else { continue };
        assert!(files.len() <= 64);
        for file in files {
            for word in file.content_type.iter().chain(&file.last_updated) {
                assert!(word.chars().count() <= 80 && !word.chars().any(char::is_control));
            }
            if let Place::Location(address) = file.place {
                assert!(from.scheme() == "http" || address.scheme() == "https");
            }
        }
    }
});
