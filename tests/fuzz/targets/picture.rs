//! A picture in which a code is looked for: PNG and JPEG, whole and damaged.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = share::qr::read_picture(data);
});
