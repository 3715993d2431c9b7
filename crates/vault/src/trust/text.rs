//! Messages as text: `LABEL:` and base32, for a file, a picture or the clipboard.

use super::{Error, Result};
use crypto::Zeroizing;
use crypto::encode::sha256;
use data_encoding::BASE32_NOPAD;

/// Bytes of digest against mistyping and cutting; what protects the content is inside.
const CHECK: usize = 4;
const BAD: Error = Error::Malformed("the text is cut, mistyped or something else");

/// Writes a payload under a label.
pub(super) fn write(label: &str, payload: &[u8]) -> Zeroizing<String> {
    let mut whole = Zeroizing::new(Vec::with_capacity(payload.len() + CHECK));
    whole.extend_from_slice(payload);
    whole.extend_from_slice(&sha256(payload)[..CHECK]);
    let mut text = Zeroizing::new(String::with_capacity(label.len() + 1 + BASE32_NOPAD.encode_len(whole.len())));
    text.push_str(label);
    text.push(':');
    BASE32_NOPAD.encode_append(&whole, &mut text);
    text
}

/// Reads a payload of at most `limit` bytes back, in either case, with white space anywhere.
pub(super) fn read(label: &str, limit: usize, text: &str) -> Result<Zeroizing<Vec<u8>>> {
    if text.len() > 2 * BASE32_NOPAD.encode_len(limit + CHECK) + 64 {
        return Err(Error::TooLarge("a text"));
    }
    let mut bare = Zeroizing::new(String::with_capacity(text.len()));
    bare.extend(text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()));
    let letters = bare.strip_prefix(label).and_then(|rest| rest.strip_prefix(':')).ok_or(BAD)?;
    let mut whole = Zeroizing::new(BASE32_NOPAD.decode(letters.as_bytes()).map_err(|_| BAD)?);
    let length = whole.len().checked_sub(CHECK).filter(|length| *length <= limit).ok_or(BAD)?;
    let (payload, check) = whole.split_at(length);
    if sha256(payload)[..CHECK] != *check {
        return Err(BAD);
    }
    whole.truncate(length);
    Ok(whole)
}
