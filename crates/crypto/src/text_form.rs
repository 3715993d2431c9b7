//! Secrets as text for paper and pictures: `LABEL:` and base32 of the payload with a check of four bytes.

use crate::{Error, Result, encode};
use data_encoding::BASE32_NOPAD;
use zeroize::Zeroizing;

/// Bytes of digest that guard against mistyping; a wrong text passes once in 2³².
const CHECK: usize = 4;

pub(crate) fn write(label: &str, payload: &[u8]) -> Zeroizing<String> {
    let mut whole = Zeroizing::new(Vec::with_capacity(payload.len() + CHECK));
    whole.extend_from_slice(payload);
    whole.extend_from_slice(&encode::sha256(payload)[..CHECK]);
    let mut text = Zeroizing::new(String::with_capacity(label.len() + 1 + BASE32_NOPAD.encode_len(whole.len())));
    text.push_str(label);
    text.push(':');
    BASE32_NOPAD.encode_append(&whole, &mut text);
    text
}

/// Reads the payload back, whatever the case, with white space and hyphens anywhere; `limit` bounds it in bytes.
pub(crate) fn read(label: &str, limit: usize, text: &str) -> Result<Zeroizing<Vec<u8>>> {
    // Groups of four with a separator each take a quarter more; twice the bare length leaves room for line ends.
    if text.len() > 2 * (label.len() + 1 + BASE32_NOPAD.encode_len(limit + CHECK)) {
        return Err(Error::BadForm("text too long"));
    }
    let mut bare = Zeroizing::new(String::with_capacity(text.len()));
    for letter in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
        if !letter.is_ascii() {
            return Err(Error::BadForm("unexpected letter"));
        }
        bare.push(letter.to_ascii_uppercase());
    }
    let body = bare
        .strip_prefix(label)
        .and_then(|rest| rest.strip_prefix(':'))
        .ok_or(Error::BadForm("the text begins with another label"))?;
    let mut whole = Zeroizing::new(
        BASE32_NOPAD.decode(body.as_bytes()).map_err(|_| Error::BadForm("not the letters A to Z and 2 to 7"))?,
    );
    let length = whole.len().checked_sub(CHECK).ok_or(Error::BadForm("text too short"))?;
    if length > limit {
        return Err(Error::BadForm("text too long"));
    }
    let (payload, check) = whole.split_at(length);
    if encode::sha256(payload)[..CHECK] != *check {
        return Err(Error::BadForm("mistyped: the check letters do not fit"));
    }
    whole.truncate(length);
    Ok(whole)
}

/// Splits text in groups of four, as it is printed.
pub(crate) fn groups(text: &str) -> impl Iterator<Item = &str> {
    text.as_bytes().chunks(4).map(|group| std::str::from_utf8(group).expect("base32 is ASCII"))
}
