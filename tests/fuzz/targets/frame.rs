//! A frame of a series of codes as text, and its numbers under a check that is right; then the code of a receiver. A frame that is taken
//! a second time changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use share::transfer::{Joiner, ReceiverCode};

fuzz_target!(|data: &[u8]| {
    let mut joiner = Joiner::default();
    let mut take = |frame: &str| {
        let Ok(first) = joiner.take(frame) else { return };
        if first.message.is_none() {
            let again = joiner.take(frame).expect("a frame that was taken can be taken again");
            assert_eq!(again, first);
        }
    };
    if let Ok(text) = std::str::from_utf8(data) {
        text.lines().for_each(&mut take);
        if let Ok(code) = ReceiverCode::parse(text) {
            assert_eq!(ReceiverCode::parse(&code.text()).expect("what was written can be read"), code);
        }
    }
    for part in data.chunks(40) {
        let body = ur::bytewords::encode(part, ur::bytewords::Style::Minimal);
        take(&format!("ur:bytes/1-1/{body}"));
    }
});
