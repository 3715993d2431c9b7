//! The only source of randomness of the program: the operating system, through `ring`.

use crate::{Error, Result};
use ring::rand::{SecureRandom, SystemRandom};

/// Draws `N` random bytes.
///
/// # Errors
/// [`Error::Random`] when the operating system refuses.
pub fn bytes<const N: usize>() -> Result<[u8; N], Error> {
    let mut out = [0; N];
    fill(&mut out)?;
    Ok(out)
}

/// Fills the slice with random bytes, so that a secret need never lie on the stack.
///
/// # Errors
/// [`Error::Random`] when the operating system refuses.
pub fn fill(out: &mut [u8]) -> Result<()> {
    SystemRandom::new().fill(out).map_err(|_| Error::Random)
}

/// Draws a number from `0..limit`, each equally likely; a `limit` of 0 counts as 1.
///
/// # Errors
/// [`Error::Random`] when the operating system refuses.
pub fn below(limit: u32) -> Result<u32> {
    let limit = limit.max(1);
    // The largest multiple of `limit` that fits; a draw above it would favour small numbers and is repeated.
    let fair = u32::MAX - u32::MAX % limit;
    loop {
        let drawn = u32::from_be_bytes(bytes()?);
        if drawn < fair {
            return Ok(drawn % limit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_differ() {
        assert_ne!(bytes::<32>().unwrap(), bytes::<32>().unwrap());
    }

    #[test]
    fn below_stays_below_and_reaches_every_number() {
        let mut seen = [false; 6];
        for _ in 0..1000 {
            seen[below(6).unwrap() as usize] = true;
        }
        assert_eq!(seen, [true; 6]);
        assert_eq!(below(0).unwrap(), 0);
        assert_eq!(below(1).unwrap(), 0);
    }
}
