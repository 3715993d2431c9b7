//! Opening, unpadding, and the header of a sealed value: arbitrary bytes open nothing, and what is sealed comes back.
#![no_main]

use crypto::scope::ScopeKey;
use crypto::value::{self, Place};
use crypto::{Key, pad, seal};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let key = Key::from_bytes([7; 32]);
    assert!(seal::open(&key, b"context", data).is_err());
    let scope = ScopeKey::from_key(key.duplicate(), [2; 16], 1);
    let place =
        Place { realm: &[1; 16], scope: &[2; 16], collection: "notes", id: &[3; 16], field: "body", stamp: &[4; 16] };
    assert!(value::open(&scope, &place, data).is_err());
    let _ = value::kid_of(data);
    if let Ok(plain) = pad::unpad(data) {
        assert!(plain.len() < data.len());
    }
    assert_eq!(pad::unpad(&pad::pad(data)).expect("what was padded"), data);
    // The reader behind the seal: any bytes, under the right key and context.
    let sealed = seal::seal(&key, b"context", data).expect("sealing");
    assert_eq!(*seal::open(&key, b"context", &sealed).expect("what was sealed"), data);
});
