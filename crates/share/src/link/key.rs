//! The key of a link.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use crate::error::{Error, Result};

/// The 32 random bytes that encrypt every file of one link for its whole life. Wiped from memory when dropped; shown by nothing.
#[derive(Clone)]
pub struct LinkKey(Zeroizing<[u8; 32]>);

impl LinkKey {
    /// Makes a fresh key from the system's randomness.
    ///
    /// # Errors
    /// [`Error::Randomness`].
    pub fn make() -> Result<Self> {
        let mut bytes = Zeroizing::new([0u8; 32]);
        fill(bytes.as_mut_slice())?;
        Ok(Self(bytes))
    }

    /// Takes a key kept elsewhere.
    #[must_use]
    pub fn from_bytes(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    /// Reads the 43 characters of base64url that a link holds.
    ///
    /// # Errors
    /// [`Error::DamagedLink`] unless they decode to 32 bytes.
    pub fn from_text(text: &str) -> Result<Self> {
        const WRONG: Error = Error::DamagedLink("its key is not 32 bytes");
        if text.len() != 43 {
            return Err(WRONG);
        }
        let mut bytes = Zeroizing::new([0u8; 32]);
        match URL_SAFE_NO_PAD.decode_slice(text, bytes.as_mut_slice()) {
            Ok(32) => Ok(Self(bytes)),
            _ => Err(WRONG),
        }
    }

    /// The key as the 43 characters that a link holds.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(self.as_bytes()))
    }

    /// The bytes, for sealing the key under the owner's own.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Fills `bytes` from the system's randomness.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<()> {
    SystemRandom::new().fill(bytes).map_err(|_| Error::Randomness)
}
