//! Files: sealed segment by segment under a key of their own, with their length padded.
//!
//! The plaintext is followed by zeros up to the length that [`crate::pad::padme`] gives. The true length, the
//! sealed length and the digest of the sealed bytes ([`FileFacts`]) belong, with the key, inside the sealed body of
//! the record that owns the file; a reader takes them from there and from nowhere else.

use crate::encode::{fixed, try_lp};
use crate::seal::{self, Opener, Sealer};
use crate::{Error, Key, Result, pad};
use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// What the owning record keeps about a sealed file.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct FileFacts {
    /// Length of the file, in bytes.
    pub plain_len: u64,
    /// Length of all its sealed segments, in bytes.
    pub sealed_len: u64,
    /// SHA-256 of all its sealed segments.
    #[serde(with = "crate::bytes_form")]
    pub digest: [u8; 32],
}

impl FileFacts {
    /// Gives the number of segments, when the two lengths belong together.
    ///
    /// # Errors
    /// [`Error::BadForm`] when they do not, or the file has more segments than can be numbered.
    pub fn segments(&self) -> Result<u32> {
        let padded = pad::padme(self.plain_len);
        if self.sealed_len != seal::sealed_len(padded) {
            return Err(Error::BadForm("the file's two lengths contradict each other"));
        }
        count(padded)
    }
}

fn count(padded: u64) -> Result<u32> {
    u32::try_from(seal::segment_count(padded)).map_err(|_| Error::BadForm("the file is too long"))
}

fn context(realm: &[u8; 16], blob: &[u8]) -> Result<Vec<u8>> {
    try_lp(&[b"mv1/blob", realm, blob])
}

/// Seals a file of known length, in pieces of any size.
pub struct FileSealer {
    sealer: Sealer,
    digest: Context,
    pending: Zeroizing<Vec<u8>>,
    plain_len: u64,
    given: u64,
    left: u64,
    sealed_len: u64,
}

impl FileSealer {
    /// Begins a file. `key` is fresh for this file; `blob` is its id.
    ///
    /// # Errors
    /// [`Error::BadForm`] when the file is too long to be numbered in segments; [`Error::Random`].
    pub fn new(key: &Key, realm: &[u8; 16], blob: &[u8], plain_len: u64) -> Result<Self> {
        let padded = pad::padme(plain_len);
        count(padded)?;
        Ok(Self {
            sealer: Sealer::new(key, &context(realm, blob)?)?,
            digest: Context::new(&SHA256),
            pending: Zeroizing::new(Vec::with_capacity(seal::SEGMENT)),
            plain_len,
            given: 0,
            left: padded,
            sealed_len: 0,
        })
    }

    /// Takes the next piece of the file and gives the segments that are now full.
    ///
    /// # Errors
    /// [`Error::BadForm`] when more is given than was announced.
    pub fn write(&mut self, piece: &[u8]) -> Result<Vec<Vec<u8>>> {
        let given = self.given.saturating_add(piece.len() as u64);
        if given > self.plain_len {
            return Err(Error::BadForm("the file is longer than announced"));
        }
        self.given = given;
        self.feed(piece)
    }

    /// Pads the file, and gives its last segments and what the record must keep. From 1 MiB on the padding, which
    /// is held in memory here, is at most a 32nd of the file.
    ///
    /// # Errors
    /// [`Error::BadForm`] when less was given than was announced.
    pub fn finish(mut self) -> Result<(Vec<Vec<u8>>, FileFacts)> {
        if self.given < self.plain_len {
            return Err(Error::BadForm("the file is shorter than announced"));
        }
        let mut segments = Vec::new();
        if self.plain_len == 0 {
            segments.push(self.flush(true)?);
        }
        while self.left > 0 {
            let zeros = usize::try_from(self.left.min(seal::SEGMENT as u64)).expect("at most a segment");
            segments.append(&mut self.feed(&vec![0; zeros])?);
        }
        let digest = fixed(self.digest.finish().as_ref());
        Ok((segments, FileFacts { plain_len: self.plain_len, sealed_len: self.sealed_len, digest }))
    }

    fn feed(&mut self, mut bytes: &[u8]) -> Result<Vec<Vec<u8>>> {
        let mut segments = Vec::new();
        while !bytes.is_empty() {
            let room = self.sealer.room() - self.pending.len();
            let (head, tail) = bytes.split_at(bytes.len().min(room));
            self.pending.extend_from_slice(head);
            self.left -= head.len() as u64;
            bytes = tail;
            if self.left == 0 || self.pending.len() == self.sealer.room() {
                segments.push(self.flush(self.left == 0)?);
            }
        }
        Ok(segments)
    }

    fn flush(&mut self, last: bool) -> Result<Vec<u8>> {
        let segment = self.sealer.next(&self.pending, last)?;
        self.pending.clear();
        self.digest.update(&segment);
        self.sealed_len += segment.len() as u64;
        Ok(segment)
    }
}

/// Opens segments of a file in any order.
pub struct FileOpener {
    opener: Opener,
    facts: FileFacts,
    segments: u32,
}

impl FileOpener {
    /// Begins to read a file. `first` is its segment 0; the facts come from the owning record.
    ///
    /// # Errors
    /// [`Error::Unopenable`] for every cause.
    pub fn new(key: &Key, realm: &[u8; 16], blob: &[u8], facts: FileFacts, first: &[u8]) -> Result<Self> {
        let segments = facts.segments().map_err(|_| Error::Unopenable)?;
        let ctx = context(realm, blob).map_err(|_| Error::Unopenable)?;
        Ok(Self { opener: Opener::new(key, &ctx, first)?, facts, segments })
    }

    /// Gives the number of segments.
    pub fn segments(&self) -> u32 {
        self.segments
    }

    /// Opens segment `index` and gives the part of the file in it, without padding; a segment that holds nothing
    /// but padding gives nothing.
    ///
    /// # Errors
    /// [`Error::Unopenable`] for every cause.
    pub fn open_segment(&self, index: u32, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        if index >= self.segments || sealed.len() as u64 != self.segment_len(index) {
            return Err(Error::Unopenable);
        }
        let mut plain = self.opener.open_segment(index, index + 1 == self.segments, sealed)?;
        let left = self.facts.plain_len.saturating_sub(seal::segment_span(index).0);
        plain.truncate(usize::try_from(left).unwrap_or(usize::MAX));
        Ok(plain)
    }

    fn segment_len(&self, index: u32) -> u64 {
        let start = u64::from(index) * seal::SEGMENT as u64;
        (self.facts.sealed_len - start).min(seal::SEGMENT as u64)
    }
}

/// Gives the SHA-256 of sealed segments taken in order, to compare with [`FileFacts::digest`].
pub fn digest(segments: impl IntoIterator<Item = impl AsRef<[u8]>>) -> [u8; 32] {
    let mut digest = Context::new(&SHA256);
    segments.into_iter().for_each(|segment| digest.update(segment.as_ref()));
    fixed(digest.finish().as_ref())
}
