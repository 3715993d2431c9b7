//! HKDF-SHA-256 in the two forms that the key hierarchy uses.

use crate::Key;
use crate::encode::fixed;
use ring::{hkdf, hmac};

/// HKDF-Expand with a uniform key as the pseudorandom key; 32 bytes out.
pub(crate) fn expand(key: &Key, info: &[u8]) -> Key {
    output(&hkdf::Prk::new_less_safe(hkdf::HKDF_SHA256, key.expose()), info)
}

/// HKDF extract and expand; 32 bytes out.
pub(crate) fn derive(secret: &[u8], salt: &[u8], info: &[u8]) -> Key {
    output(&hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(secret), info)
}

fn output(prk: &hkdf::Prk, info: &[u8]) -> Key {
    Key::fill_with(|key| prk.expand(&[info], hkdf::HKDF_SHA256)?.fill(key))
        .expect("32 bytes are one block of HKDF-SHA-256")
}

/// HMAC-SHA-256.
pub(crate) fn mac(key: &Key, message: &[u8]) -> [u8; 32] {
    fixed(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.expose()), message).as_ref())
}
