//! The sealed body of a document: what is read writes back to something that reads the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vault::trust::{decode_version, encode_version};

fuzz_target!(|data: &[u8]| {
    if let Ok(version) = decode_version(data) {
        let bytes = encode_version(&version).expect("what was read can be written");
        assert_eq!(decode_version(&bytes).expect("what was written can be read"), version);
    }
});
