//! The files of a link: compact JWE (RFC 7516), `alg` dir, `enc` A256GCM, and nothing else.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::deflate;
use crate::error::{Error, Result};
use crate::link::LinkKey;

#[cfg(test)]
mod cookbook;

/// The longest encrypted file that is made or read, in bytes of its text.
pub const WIRE_MAX: usize = 16 * 1024 * 1024;
/// The most bytes that a file may unpack to.
pub const INFLATED_MAX: usize = 32 * 1024 * 1024;
/// The most that a packed file may grow when unpacked, as a multiple of its packed length.
pub const RATIO_MAX: usize = 100;
/// The longest protected header that is read, in characters.
const HEADER_MAX: usize = 4096;
const TAG_LEN: usize = 16;

/// How much [`decrypt`] is willing to handle.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The longest text, in bytes.
    pub wire: usize,
    /// The most bytes a file may hold, unpacked or not.
    pub inflated: usize,
    /// The most a packed file may grow.
    pub ratio: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { wire: WIRE_MAX, inflated: INFLATED_MAX, ratio: RATIO_MAX }
    }
}

/// An opened file.
#[derive(Debug, PartialEq, Eq)]
pub struct Opened {
    /// The content type that its maker sealed with it (`cty`).
    pub content_type: Option<String>,
    /// The content.
    pub bytes: Vec<u8>,
}

#[derive(Serialize)]
struct Written<'a> {
    alg: &'static str,
    enc: &'static str,
    cty: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    zip: Option<&'static str>,
}

/// The members of a protected header that matter to us; the others are ignored, as the standard asks.
#[derive(Deserialize)]
struct Header {
    alg: Option<String>,
    enc: Option<String>,
    cty: Option<String>,
    zip: Option<String>,
    #[serde(default, deserialize_with = "present")]
    crit: bool,
    #[serde(default, deserialize_with = "present")]
    p2c: bool,
}

/// Whether a member is there, whatever its value, null included.
fn present<'de, D: serde::Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    serde::de::IgnoredAny::deserialize(from).map(|_| true)
}

/// Encrypts one file of a link under a fresh random IV. With `deflate` the content is packed first, unless that would not make
/// it smaller or would make it look like a bomb to a careful reader (more than [`RATIO_MAX`] times).
///
/// # Errors
/// [`Error::TooMuchToShare`] above [`INFLATED_MAX`] bytes of content or [`WIRE_MAX`] of result; [`Error::Randomness`].
pub fn encrypt(key: &LinkKey, content_type: &str, plain: &[u8], deflate: bool) -> Result<String> {
    if plain.len() > INFLATED_MAX {
        return Err(Error::TooMuchToShare { limit: INFLATED_MAX });
    }
    let packed = if deflate { pack(plain) } else { None };
    let header = Written { alg: "dir", enc: "A256GCM", cty: content_type, zip: packed.as_ref().map(|_| "DEF") };
    let header = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&header).expect("four short texts are always JSON"));
    let mut content = packed.unwrap_or_else(|| Zeroizing::new(plain.to_vec()));
    let mut iv = [0u8; NONCE_LEN];
    crate::link::fill(&mut iv)?;
    let tag = aead(key)
        .seal_in_place_separate_tag(Nonce::assume_unique_for_key(iv), Aad::from(header.as_bytes()), &mut content)
        .map_err(|_| Error::TooMuchToShare { limit: WIRE_MAX })?;
    let text = format!(
        "{header}..{}.{}.{}",
        URL_SAFE_NO_PAD.encode(iv),
        URL_SAFE_NO_PAD.encode(content.as_slice()),
        URL_SAFE_NO_PAD.encode(tag)
    );
    if text.len() > WIRE_MAX {
        return Err(Error::TooMuchToShare { limit: WIRE_MAX });
    }
    Ok(text)
}

/// The packed content, if packing is of use.
fn pack(plain: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let packed = deflate::pack(plain);
    let useful = packed.len() < plain.len() && packed.len().saturating_mul(RATIO_MAX) >= plain.len();
    useful.then_some(packed)
}

/// Decrypts one file of a link.
///
/// # Errors
/// [`Error::TooMuch`], [`Error::NotEncrypted`], [`Error::BadJwe`], [`Error::ForeignEncryption`], [`Error::WrongKey`], [`Error::Bomb`].
pub fn decrypt(key: &LinkKey, text: &str, limits: Limits) -> Result<Opened> {
    if text.len() > limits.wire {
        return Err(Error::TooMuch { limit: limits.wire });
    }
    let parts = Parts::of(text.trim())?;
    let header = parts.read_header()?;
    let packed = is_packed(&header)?;
    let sealed = Sealed::of(&parts)?;
    let content = sealed.open(&aead(key), parts.header)?;
    let bytes = if packed { unpack(&content, limits)? } else { unpacked(content, limits)? };
    Ok(Opened { content_type: header.cty, bytes })
}

struct Parts<'a> {
    header: &'a str,
    iv: &'a str,
    content: &'a str,
    tag: &'a str,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Result<Self> {
        let parts: Vec<&str> = text.splitn(6, '.').collect();
        match parts[..] {
            [header, "", iv, content, tag] => Ok(Self { header, iv, content, tag }),
            [_, _, _, _, _] => Err(Error::ForeignEncryption("it brings a key of its own")),
            [_, _, _] => Err(Error::NotEncrypted),
            _ => Err(Error::BadJwe("it does not have five parts")),
        }
    }

    fn read_header(&self) -> Result<Header> {
        if self.header.len() > HEADER_MAX {
            return Err(Error::BadJwe("its header is too long"));
        }
        let json = decode(self.header)?;
        serde_json::from_slice(&json).map_err(|_| Error::BadJwe("its header is not readable JSON"))
    }
}

/// Checks how the file is encrypted; answers whether it is packed.
fn is_packed(header: &Header) -> Result<bool> {
    if header.crit || header.p2c {
        return Err(Error::ForeignEncryption("it demands an extension"));
    }
    if header.alg.as_deref() != Some("dir") {
        return Err(Error::ForeignEncryption("its key management is not “dir”"));
    }
    if header.enc.as_deref() != Some("A256GCM") {
        return Err(Error::ForeignEncryption("its cipher is not A256GCM"));
    }
    match header.zip.as_deref() {
        None => Ok(false),
        Some("DEF") => Ok(true),
        Some(_) => Err(Error::ForeignEncryption("its packing is not DEFLATE")),
    }
}

struct Sealed {
    iv: [u8; NONCE_LEN],
    content_and_tag: Zeroizing<Vec<u8>>,
}

impl Sealed {
    fn of(parts: &Parts<'_>) -> Result<Self> {
        let iv = decode(parts.iv)?.try_into().map_err(|_| Error::BadJwe("its IV is not 12 bytes"))?;
        let tag = decode(parts.tag)?;
        if tag.len() != TAG_LEN {
            return Err(Error::BadJwe("its tag is not 16 bytes"));
        }
        let mut content_and_tag = Zeroizing::new(Vec::with_capacity(parts.content.len() / 4 * 3 + 3 + TAG_LEN));
        URL_SAFE_NO_PAD.decode_vec(parts.content, &mut content_and_tag).map_err(|_| NOT_BASE64URL)?;
        content_and_tag.extend_from_slice(&tag);
        Ok(Self { iv, content_and_tag })
    }

    /// The additional data is the header as it stands in the text (RFC 7516, 5.1).
    fn open(mut self, cipher: &LessSafeKey, header: &str) -> Result<Zeroizing<Vec<u8>>> {
        let nonce = Nonce::assume_unique_for_key(self.iv);
        let length = cipher
            .open_in_place(nonce, Aad::from(header.as_bytes()), &mut self.content_and_tag)
            .map_err(|_| Error::WrongKey)?
            .len();
        self.content_and_tag.truncate(length);
        Ok(self.content_and_tag)
    }
}

const NOT_BASE64URL: Error = Error::BadJwe("a part of it is not base64url");

fn decode(part: &str) -> Result<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| NOT_BASE64URL)
}

fn aead(key: &LinkKey) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.as_bytes()).expect("the key has the 32 bytes of AES-256"))
}

fn unpacked(mut content: Zeroizing<Vec<u8>>, limits: Limits) -> Result<Vec<u8>> {
    if content.len() > limits.inflated {
        return Err(Error::TooMuch { limit: limits.inflated });
    }
    Ok(std::mem::take(&mut *content))
}

fn unpack(content: &[u8], limits: Limits) -> Result<Vec<u8>> {
    let limit = limits.inflated.min(content.len().saturating_mul(limits.ratio));
    deflate::unpack(content, limit, Error::BadJwe("what it holds cannot be unpacked"))
}
