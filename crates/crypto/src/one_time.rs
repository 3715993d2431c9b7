//! One-time codes that are sent to somebody: eight digits, of which only a keyed hash is kept.
//!
//! ```text
//! k    = Expand(vault key, lp("mv1/one-time"))
//! hash = HMAC-SHA-256(k, lp("mv1/one-time", purpose, request, recipient, code))
//! ```
//!
//! Whoever reads the hash without the key learns nothing: eight digits are soon guessed, but not against this.

use crate::encode::lp;
use crate::{Key, Result, kdf, random};
use data_encoding::HEXLOWER;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// How many digits a code has.
pub const DIGITS: usize = 8;

/// What a code is bound to: it is good for nothing else.
#[derive(Clone, Copy, Debug)]
pub struct Bound<'a> {
    /// What it is for.
    pub purpose: &'a str,
    /// The request that it was made for.
    pub request: &'a [u8; 16],
    /// The address or number that it was sent to.
    pub recipient: &'a str,
}

/// Draws a code.
///
/// # Errors
/// [`crate::Error::Random`] when the operating system gives no random bytes.
pub fn make_code() -> Result<Zeroizing<String>> {
    let mut code = Zeroizing::new(String::with_capacity(DIGITS));
    for _ in 0..DIGITS {
        let digit = random::below(10)?;
        code.extend(char::from_digit(digit, 10));
    }
    Ok(code)
}

/// The key of a vault's one-time codes.
pub struct CodeKey(Key);

impl CodeKey {
    /// Derives the key of a vault.
    pub fn from_vault_key(vault_key: &Key) -> Self {
        Self(kdf::expand(vault_key, &lp(&[b"mv1/one-time"])))
    }

    /// The keyed hash of a code, in hexadecimal digits.
    pub fn hash(&self, bound: &Bound<'_>, code: &str) -> String {
        HEXLOWER.encode(&self.mac(bound, code))
    }

    /// Is a hash that of this code? Compared in constant time.
    pub fn holds(&self, bound: &Bound<'_>, code: &str, hash: &str) -> bool {
        let Ok(kept) = HEXLOWER.decode(hash.as_bytes()) else { return false };
        self.mac(bound, code).as_slice().ct_eq(&kept).into()
    }

    fn mac(&self, bound: &Bound<'_>, code: &str) -> [u8; 32] {
        let Bound { purpose, request, recipient } = bound;
        let parts: [&[u8]; 5] = [b"mv1/one-time", purpose.as_bytes(), *request, recipient.as_bytes(), code.as_bytes()];
        let message = Zeroizing::new(lp(&parts));
        kdf::mac(&self.0, &message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUND: Bound<'_> = Bound { purpose: "REGISTRATION", request: &[7; 16], recipient: "a@b.example" };

    #[test]
    fn a_code_holds_where_it_was_made_and_nowhere_else() {
        let key = CodeKey::from_vault_key(&Key::make().unwrap());
        let hash = key.hash(&BOUND, "12345678");
        assert!(key.holds(&BOUND, "12345678", &hash));
        let elsewhere = [
            Bound { purpose: "PASSWORD_RESET", ..BOUND },
            Bound { request: &[8; 16], ..BOUND },
            Bound { recipient: "c@b.example", ..BOUND },
        ];
        assert!(elsewhere.iter().all(|bound| !key.holds(bound, "12345678", &hash)));
        assert!(!key.holds(&BOUND, "12345679", &hash));
        assert!(!CodeKey::from_vault_key(&Key::make().unwrap()).holds(&BOUND, "12345678", &hash));
        for damaged in ["", "zz", &hash[2..]] {
            assert!(!key.holds(&BOUND, "12345678", damaged));
        }
    }

    /// HMAC and HKDF of another implementation: Python's `hmac` and `hashlib`, for a vault key of 32 bytes 1.
    #[test]
    fn the_hash_is_as_written_above() {
        let key = CodeKey::from_vault_key(&Key::from_bytes([1; 32]));
        assert_eq!(key.hash(&BOUND, "12345678"), "a58f477dd4c7b18ccbb67e1c28c238580a8074f0030cffea43673598c3db37fe");
    }

    #[test]
    fn codes_have_eight_digits_and_differ() {
        let codes: Vec<_> = (0..20).map(|_| make_code().unwrap()).collect();
        assert!(codes.iter().all(|code| code.len() == DIGITS && code.bytes().all(|digit| digit.is_ascii_digit())));
        assert!(codes.iter().any(|code| **code != *codes[0]));
    }
}
