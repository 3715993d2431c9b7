//! Raw DEFLATE (RFC 1951), unpacked with an eye on how much comes out.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use zeroize::Zeroizing;

use crate::error::{Error, Result};

/// The content, packed.
pub(crate) fn pack(plain: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut packer = DeflateEncoder::new(Vec::with_capacity(plain.len() / 4), Compression::default());
    packer.write_all(plain).expect("writing to memory does not fail");
    Zeroizing::new(packer.finish().expect("writing to memory does not fail"))
}

/// Unpacks no further than one byte past the limit; `damaged` is said of what is no DEFLATE.
pub(crate) fn unpack(packed: &[u8], limit: usize, damaged: Error) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(limit.min(packed.len().saturating_mul(4)));
    let mut source = DeflateDecoder::new(packed).take(limit as u64 + 1);
    source.read_to_end(&mut bytes).map_err(|_| damaged)?;
    if bytes.len() > limit {
        return Err(Error::Bomb { limit });
    }
    Ok(bytes)
}
