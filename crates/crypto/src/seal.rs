//! Sealing with a key and a context: AES-256-GCM in segments, each message under a key of its own.
//!
//! The layout is that of Tink's AES-GCM-HKDF streaming AEAD (SHA-256, 32-byte derived key, ciphertext segments of
//! [`SEGMENT`] bytes, empty associated data):
//!
//! ```text
//! header   = 28 ‖ salt[32] ‖ prefix[7]
//! key      = HKDF-SHA-256(ikm = key, salt, info = context)
//! nonce(i) = prefix ‖ i as u32 ‖ 01 for the last segment, else 00
//! sealed   = header ‖ GCM(segment 0) ‖ GCM(segment 1) ‖ …
//! ```
//!
//! The header lies inside segment 0, so segment *i* begins at `i · SEGMENT`. The context enters the derivation of
//! the key: sealed bytes moved to another place do not open there. Cutting off, appending, exchanging or splicing
//! segments fails as well. An empty segment exists only as the single segment of an empty message, so a length of
//! plaintext has one length of ciphertext.

use crate::{Error, Key, Result, kdf, random};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use zeroize::Zeroizing;

/// Bytes of ciphertext in a full segment, tag included, and in segment 0 the header too.
pub const SEGMENT: usize = 262_144;
/// Bytes of the header.
pub const HEADER: usize = 40;
/// Bytes of the tag that ends each segment.
pub const TAG: usize = 16;

const FIRST: usize = SEGMENT - HEADER - TAG;
const LATER: usize = SEGMENT - TAG;
const HEADER_MARK: u8 = 40;

/// Seals the plaintext under a fresh salt.
///
/// # Errors
/// [`Error::Random`]; [`Error::BadForm`] beyond 2³² segments (one pebibyte).
pub fn seal(key: &Key, ctx: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
    seal_with(key, ctx, plain, random::bytes()?, random::bytes()?)
}

/// Seals with a given salt and nonce prefix; only for published test vectors.
#[doc(hidden)]
pub fn seal_with(key: &Key, ctx: &[u8], plain: &[u8], salt: [u8; 32], prefix: [u8; 7]) -> Result<Vec<u8>> {
    let mut sealer = Sealer::with(key, ctx, salt, prefix);
    let mut out = Vec::with_capacity(plain.len() + HEADER + TAG * (2 + plain.len() / LATER));
    let mut rest = plain;
    loop {
        let (chunk, tail) = rest.split_at(rest.len().min(sealer.room()));
        sealer.append(chunk, tail.is_empty(), &mut out)?;
        if tail.is_empty() {
            return Ok(out);
        }
        rest = tail;
    }
}

/// Opens what [`seal`] made with the same key and context.
///
/// # Errors
/// [`Error::Unopenable`] for every cause.
pub fn open(key: &Key, ctx: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let opener = Opener::new(key, ctx, sealed)?;
    // The whole capacity at once: a buffer that grew would leave plaintext behind in the old place.
    let mut out = Zeroizing::new(Vec::with_capacity(sealed.len()));
    let mut segments = sealed.chunks(SEGMENT).zip(0u32..).peekable();
    while let Some((segment, index)) = segments.next() {
        opener.append(index, segments.peek().is_none(), segment, &mut out)?;
    }
    Ok(out)
}

/// Gives the number of segments of a message of so many plaintext bytes.
pub fn segment_count(plain_len: u64) -> u64 {
    1 + plain_len.saturating_sub(FIRST as u64).div_ceil(LATER as u64)
}

/// Gives the sealed length of a message of so many plaintext bytes.
pub fn sealed_len(plain_len: u64) -> u64 {
    let tags = segment_count(plain_len).saturating_mul(TAG as u64);
    plain_len.saturating_add(tags).saturating_add(HEADER as u64)
}

/// Gives the plaintext range of one segment: its offset and its full length, in bytes.
pub fn segment_span(index: u32) -> (u64, usize) {
    match index {
        0 => (0, FIRST),
        later => (FIRST as u64 + u64::from(later - 1) * LATER as u64, LATER),
    }
}

/// The derived key and nonce prefix of one message.
struct Stream {
    key: LessSafeKey,
    prefix: [u8; 7],
}

impl Stream {
    fn derive(key: &Key, ctx: &[u8], salt: &[u8; 32], prefix: [u8; 7]) -> Self {
        let derived = kdf::derive(key.expose(), salt, ctx);
        let unbound = UnboundKey::new(&AES_256_GCM, derived.expose()).expect("AES-256 takes 32 bytes");
        Self { key: LessSafeKey::new(unbound), prefix }
    }

    fn nonce(&self, index: u32, last: bool) -> Nonce {
        let mut nonce = [0; 12];
        nonce[..7].copy_from_slice(&self.prefix);
        nonce[7..11].copy_from_slice(&index.to_be_bytes());
        nonce[11] = u8::from(last);
        Nonce::assume_unique_for_key(nonce)
    }

    fn seal(&self, index: u32, last: bool, plain: &[u8], out: &mut Vec<u8>) -> Result<()> {
        let start = out.len();
        out.extend_from_slice(plain);
        let tag = self
            .key
            .seal_in_place_separate_tag(self.nonce(index, last), Aad::empty(), &mut out[start..])
            .map_err(|_| Error::BadForm("segment too long for the cipher"))?;
        out.extend_from_slice(tag.as_ref());
        Ok(())
    }

    fn open(&self, index: u32, last: bool, sealed: &[u8], out: &mut Vec<u8>) -> Result<()> {
        let start = out.len();
        out.extend_from_slice(sealed);
        let opened = self
            .key
            .open_in_place(self.nonce(index, last), Aad::empty(), &mut out[start..])
            .map_err(|_| Error::Unopenable)?
            .len();
        out.truncate(start + opened);
        Ok(())
    }
}

/// Seals a message segment by segment, so that it need never lie in memory as a whole.
pub struct Sealer {
    stream: Stream,
    header: [u8; HEADER],
    index: u32,
    ended: bool,
}

impl Sealer {
    /// Begins a message under a fresh salt. The header comes out in front of the first segment.
    ///
    /// # Errors
    /// [`Error::Random`].
    pub fn new(key: &Key, ctx: &[u8]) -> Result<Self> {
        Ok(Self::with(key, ctx, random::bytes()?, random::bytes()?))
    }

    fn with(key: &Key, ctx: &[u8], salt: [u8; 32], prefix: [u8; 7]) -> Self {
        let mut header = [HEADER_MARK; HEADER];
        header[1..33].copy_from_slice(&salt);
        header[33..].copy_from_slice(&prefix);
        Self { stream: Stream::derive(key, ctx, &salt, prefix), header, index: 0, ended: false }
    }

    /// Gives the plaintext bytes that the next segment takes when it is not the last.
    pub fn room(&self) -> usize {
        segment_span(self.index).1
    }

    /// Seals the next segment. Every segment but the last must be filled to [`Sealer::room`].
    ///
    /// # Errors
    /// [`Error::BadForm`] for a chunk of the wrong length, or after the last segment.
    pub fn next(&mut self, plain: &[u8], last: bool) -> Result<Vec<u8>> {
        let mut out = Vec::with_capacity(HEADER + plain.len() + TAG);
        self.append(plain, last, &mut out)?;
        Ok(out)
    }

    fn append(&mut self, plain: &[u8], last: bool, out: &mut Vec<u8>) -> Result<()> {
        self.check(plain.len(), last)?;
        let next = match last {
            true => self.index,
            false => self.index.checked_add(1).ok_or(Error::BadForm("message has too many segments"))?,
        };
        if self.index == 0 {
            out.extend_from_slice(&self.header);
        }
        self.stream.seal(self.index, last, plain, out)?;
        self.index = next;
        self.ended = last;
        Ok(())
    }

    fn check(&self, length: usize, last: bool) -> Result<()> {
        if self.ended {
            return Err(Error::BadForm("the last segment was already sealed"));
        }
        let room = self.room();
        if length > room || (!last && length < room) {
            return Err(Error::BadForm("only the last segment may be shorter than a full one"));
        }
        if length == 0 && self.index > 0 {
            return Err(Error::BadForm("only an empty message has an empty segment"));
        }
        Ok(())
    }
}

/// Opens single segments of a message in any order.
///
/// Whether the message is whole is for the caller to establish: the number of segments, and so which one is the
/// last, must come from an authenticated place.
pub struct Opener {
    stream: Stream,
    header: [u8; HEADER],
}

impl Opener {
    /// Reads the header; `start` is segment 0 or any beginning of it with at least [`HEADER`] bytes.
    ///
    /// # Errors
    /// [`Error::Unopenable`] when there is no header.
    pub fn new(key: &Key, ctx: &[u8], start: &[u8]) -> Result<Self> {
        let header: [u8; HEADER] =
            start.get(..HEADER).and_then(|head| head.try_into().ok()).ok_or(Error::Unopenable)?;
        if header[0] != HEADER_MARK {
            return Err(Error::Unopenable);
        }
        let (mut salt, mut prefix) = ([0; 32], [0; 7]);
        salt.copy_from_slice(&header[1..33]);
        prefix.copy_from_slice(&header[33..]);
        Ok(Self { stream: Stream::derive(key, ctx, &salt, prefix), header })
    }

    /// Opens one segment; `bytes` of segment 0 begin with the header.
    ///
    /// # Errors
    /// [`Error::Unopenable`] for every cause, a wrong `index` or a wrong `last` included.
    pub fn open_segment(&self, index: u32, last: bool, bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let mut out = Zeroizing::new(Vec::with_capacity(bytes.len().min(SEGMENT)));
        self.append(index, last, bytes, &mut out)?;
        Ok(out)
    }

    fn append(&self, index: u32, last: bool, bytes: &[u8], out: &mut Vec<u8>) -> Result<()> {
        if bytes.len() > SEGMENT || (!last && bytes.len() < SEGMENT) {
            return Err(Error::Unopenable);
        }
        let body = match index {
            0 => bytes.strip_prefix(&self.header).ok_or(Error::Unopenable)?,
            _ => bytes,
        };
        if index > 0 && body.len() <= TAG {
            return Err(Error::Unopenable);
        }
        self.stream.open(index, last, body, out)
    }
}
