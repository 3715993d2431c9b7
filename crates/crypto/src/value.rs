//! A sealed value as it is stored: `01 ‖ kid[4] ‖ seal(pad(value))`, bound to the place where it belongs.

use crate::scope::ScopeKey;
use crate::{Error, Result, encode, pad, seal};
use std::ops::RangeInclusive;
use zeroize::Zeroizing;

const FORMAT: u8 = 0x01;
const PREFIX: usize = 5;
const STAMP_LENGTH: RangeInclusive<usize> = 8..=32;

/// Where a sealed value belongs. It opens nowhere else.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The realm.
    pub realm: &'a [u8; 16],
    /// The scope whose key seals the value.
    pub scope: &'a [u8; 16],
    /// The collection's name.
    pub collection: &'a str,
    /// The document's id.
    pub id: &'a [u8; 16],
    /// The name of the sealed field.
    pub field: &'a str,
    /// The version mark of the write, 8 to 32 bytes.
    pub stamp: &'a [u8],
}

impl Place<'_> {
    /// Gives the context of a value here under the key with this id.
    pub(crate) fn context(&self, kid: &[u8; 4]) -> Result<Vec<u8>> {
        if !STAMP_LENGTH.contains(&self.stamp.len()) {
            return Err(Error::BadForm("a stamp has 8 to 32 bytes"));
        }
        encode::try_lp(&[
            b"mv1/field",
            self.realm,
            self.scope,
            kid,
            self.collection.as_bytes(),
            self.id,
            self.field.as_bytes(),
            self.stamp,
        ])
    }
}

/// Seals a value for its place.
///
/// # Errors
/// [`Error::BadForm`] when the key is of another scope than the place, or the place is malformed;
/// [`Error::Random`].
pub fn seal(key: &ScopeKey, place: &Place, plain: &[u8]) -> Result<Vec<u8>> {
    seal_as(key, place, plain, |ctx, padded| seal::seal(key.key(), ctx, padded))
}

/// The stored form around whatever seals the padded value; the vectors pass a sealing with known randomness.
pub(crate) fn seal_as(
    key: &ScopeKey,
    place: &Place,
    plain: &[u8],
    sealing: impl FnOnce(&[u8], &[u8]) -> Result<Vec<u8>>,
) -> Result<Vec<u8>> {
    if place.scope != key.scope() {
        return Err(Error::BadForm("the key is of another scope"));
    }
    let kid = key.kid();
    let padded = Zeroizing::new(pad::pad(plain));
    let sealed = sealing(&place.context(&kid)?, &padded)?;
    let mut out = Vec::with_capacity(PREFIX + sealed.len());
    out.push(FORMAT);
    out.extend_from_slice(&kid);
    out.extend_from_slice(&sealed);
    Ok(out)
}

/// Opens a value at its place with the key that its [`kid_of`] names.
///
/// # Errors
/// [`Error::Unopenable`] for every cause.
pub fn open(key: &ScopeKey, place: &Place, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let kid = kid_of(sealed).map_err(|_| Error::Unopenable)?;
    if kid != key.kid() || place.scope != key.scope() {
        return Err(Error::Unopenable);
    }
    let ctx = place.context(&kid).map_err(|_| Error::Unopenable)?;
    let mut plain = seal::open(key.key(), &ctx, &sealed[PREFIX..])?;
    let length = pad::unpad(&plain)?.len();
    plain.truncate(length);
    Ok(plain)
}

/// Reads which key a value is sealed with. It only helps to find the key: it is not authenticated before opening.
///
/// # Errors
/// [`Error::BadForm`] when the bytes are not a sealed value of this format.
pub fn kid_of(sealed: &[u8]) -> Result<[u8; 4]> {
    match sealed {
        [FORMAT, a, b, c, d, _, ..] => Ok([*a, *b, *c, *d]),
        _ => Err(Error::BadForm("not a sealed value of a known format")),
    }
}
