//! The first look at the bytes: size, packing, encoding, nesting. Nothing is parsed before it has passed here.

use super::incoming::Limits;
use crate::Refused;
use flate2::read::MultiGzDecoder;
use std::{
    borrow::Cow,
    io::{ErrorKind, Read},
};

/// The file's text, unpacked and without its byte order mark.
pub(crate) fn text<'b>(bytes: &'b [u8], limits: &Limits) -> Result<Cow<'b, str>, Refused> {
    if bytes.len() > limits.bytes {
        return Err(Refused::TooLarge { limit: limits.bytes });
    }
    let text = if bytes.starts_with(b"\x1f\x8b") {
        Cow::Owned(String::from_utf8(unpack(bytes, limits.bytes)?).map_err(|_| Refused::NotText)?)
    } else {
        Cow::Borrowed(decode(bytes)?)
    };
    let text = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Cow::Owned(text) => Cow::Owned(text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned)),
    };
    inspect(&text, limits)?;
    Ok(text)
}

/// UTF-8; a character cut in half at the very end is a cut-off file rather than a wrong encoding.
fn decode(bytes: &[u8]) -> Result<&str, Refused> {
    std::str::from_utf8(bytes).map_err(|fault| match fault.error_len() {
        None if bytes.starts_with(b"{") => Refused::Truncated,
        _ => Refused::NotText,
    })
}

fn unpack(bytes: &[u8], limit: usize) -> Result<Vec<u8>, Refused> {
    let mut out = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    MultiGzDecoder::new(bytes).take(most).read_to_end(&mut out).map_err(|fault| match fault.kind() {
        ErrorKind::UnexpectedEof => Refused::Truncated,
        _ => Refused::DamagedArchive,
    })?;
    if out.len() > limit { Err(Refused::TooLarge { limit }) } else { Ok(out) }
}

fn inspect(text: &str, limits: &Limits) -> Result<(), Refused> {
    match text.trim_start().bytes().next() {
        None => Err(Refused::Empty),
        Some(b'<') => Err(Refused::Xml),
        Some(_) if depth(text) > limits.depth => Err(Refused::TooDeep { limit: limits.depth }),
        Some(_) => Ok(()),
    }
}

/// How deep arrays and objects nest; brackets inside strings do not count.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_is_counted_outside_strings() {
        assert_eq!(depth(r#"{"a":[{"b":"[[[\"{"}]}"#), 3);
        assert_eq!(depth("]]]["), 1);
    }

    #[test]
    fn every_fault_of_the_bytes_has_its_own_answer() {
        let limits = Limits { bytes: 64, ..Limits::default() };
        let code = |bytes: &[u8]| text(bytes, &limits).expect_err("refused").code();
        assert_eq!(code(b" \n"), "empty");
        assert_eq!(code(b"\xef\xbb\xbf<Bundle/>"), "xml");
        assert_eq!(code(b"{\"a\":\"\xc3"), "truncated");
        assert_eq!(code(b"\xff\xfe{\0"), "not_text");
        assert_eq!(code(&[b' '; 65]), "too_large");
        assert_eq!(code(b"\x1f\x8bnonsense"), "damaged_archive");
    }
}
