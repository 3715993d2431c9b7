//! Encrypted files of links: the text as it comes, and as a header before a content that is sealed right.
#![no_main]

use libfuzzer_sys::fuzz_target;
use share::jwe::{Limits, decrypt, encrypt};
use share::link::LinkKey;

fuzz_target!(|data: &[u8]| {
    let key = LinkKey::from_bytes([9; 32].into());
    let limits = Limits { wire: 1 << 16, inflated: 1 << 18, ratio: 100 };
    if let Ok(text) = std::str::from_utf8(data) {
        assert!(decrypt(&key, text, limits).is_err());
    }
    let text = encrypt(&key, "application/fhir+json", data, true).expect("a small file");
    assert_eq!(decrypt(&key, &text, Limits::default()).expect("what was encrypted").bytes, data);
});
