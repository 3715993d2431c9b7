//! The injective encoding of labels and contexts, and the one digest.

use crate::{Error, Result};
use ring::digest;

/// The longest part that the short form can carry, in bytes.
pub const MAX_PART: usize = 65_535;

/// Encodes a list of parts so that no other list gives the same bytes.
///
/// Each part is preceded by its length as two big-endian bytes. Should a part be longer than [`MAX_PART`] (or the
/// first part exactly as long, which no label is), the whole list takes a long form instead: `ff ff`, then every
/// part behind an eight-byte length. The two forms cannot be confused, so the function is total and stays injective.
/// For bytes from outside that end up in a stored context, use [`try_lp`], which refuses the long form.
pub fn lp(parts: &[&[u8]]) -> Vec<u8> {
    try_lp(parts).unwrap_or_else(|_| long_lp(parts))
}

/// Like [`lp`], for parts that come from outside.
///
/// # Errors
/// [`Error::BadForm`] when a part needs the long form.
pub fn try_lp(parts: &[&[u8]]) -> Result<Vec<u8>> {
    if parts.first().is_some_and(|first| first.len() >= MAX_PART) {
        return Err(Error::BadForm("first part of a context longer than 65534 bytes"));
    }
    let total = parts.iter().map(|part| part.len() + 2).sum();
    let mut out = Vec::with_capacity(total);
    for part in parts {
        let length =
            u16::try_from(part.len()).map_err(|_| Error::BadForm("part of a context longer than 65535 bytes"))?;
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(part);
    }
    Ok(out)
}

fn long_lp(parts: &[&[u8]]) -> Vec<u8> {
    let mut out = vec![0xff, 0xff];
    for part in parts {
        out.extend_from_slice(&(part.len() as u64).to_be_bytes());
        out.extend_from_slice(part);
    }
    out
}

/// Gives the SHA-256 digest of the bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    fixed(digest::digest(&digest::SHA256, bytes).as_ref())
}

/// Copies the first `N` bytes of a digest or tag that is at least that long.
pub(crate) fn fixed<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(&bytes[..N]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lengths_precede_parts() {
        assert_eq!(lp(&[b"ab", b"", b"c"]), b"\0\x02ab\0\0\0\x01c");
        assert!(lp(&[]).is_empty());
    }

    #[test]
    fn long_parts_are_refused_from_outside_and_stay_distinct_inside() {
        let long = vec![7; MAX_PART + 1];
        assert!(matches!(try_lp(&[b"label", &long]), Err(Error::BadForm(_))));
        let encoded = lp(&[b"label", &long]);
        assert_eq!(&encoded[..2], b"\xff\xff");
        assert_ne!(encoded, lp(&[b"label", &long[1..], &long[..1]]));
        let edge = vec![7; MAX_PART];
        assert_eq!(try_lp(&[b"label", &edge]).unwrap().len(), 7 + 2 + MAX_PART);
        assert_eq!(&lp(&[&edge])[..2], b"\xff\xff");
    }

    #[test]
    fn sha256_of_abc_is_the_published_one() {
        let hex = data_encoding::HEXLOWER.encode(&sha256(b"abc"));
        assert_eq!(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    proptest! {
        #[test]
        fn different_lists_have_different_encodings(
            a in proptest::collection::vec(proptest::collection::vec(0u8..3, 0..4), 0..4),
            b in proptest::collection::vec(proptest::collection::vec(0u8..3, 0..4), 0..4),
        ) {
            let parts = |list: &[Vec<u8>]| lp(&list.iter().map(Vec::as_slice).collect::<Vec<_>>());
            prop_assert_eq!(a == b, parts(&a) == parts(&b));
        }
    }
}
