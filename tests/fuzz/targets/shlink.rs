//! Links as text, and the payload behind `shlink:/`; what is read writes back to something that reads the same.
#![no_main]

use data_encoding::BASE64URL_NOPAD;
use libfuzzer_sys::fuzz_target;
use share::link::Link;

fuzz_target!(|data: &[u8]| {
    let read = |text: &str| {
        if let Ok(link) = Link::parse(text) {
            let again = Link::parse(&link.to_text()).expect("what was written can be read");
            assert_eq!((again.url(), again.exp(), again.label()), (link.url(), link.exp(), link.label()));
            let _ = link.preview();
        }
    };
    if let Ok(text) = std::str::from_utf8(data) {
        read(text);
    }
    read(&format!("shlink:/{}", BASE64URL_NOPAD.encode(data)));
});
