//! Reading and writing the BSON bodies of this room, without recursion and without trust in lengths.

use super::{Error, Result};
use bson::raw::{RawBsonRef, RawDocument};
use bson::spec::BinarySubtype;
use bson::{Binary, Bson};
use uuid::Uuid;

/// An id as a BSON value.
pub(super) fn id(uuid: Uuid) -> Bson {
    Bson::Binary(Binary { subtype: BinarySubtype::Uuid, bytes: uuid.as_bytes().to_vec() })
}

/// Bytes as a BSON value.
pub(super) fn bytes(bytes: &[u8]) -> Bson {
    Bson::Binary(Binary { subtype: BinarySubtype::Generic, bytes: bytes.to_vec() })
}

/// A count or an instant as a BSON value; what is beyond 63 bits is capped, which no count or instant reaches.
pub(super) fn number(number: u64) -> Bson {
    Bson::Int64(i64::try_from(number).unwrap_or(i64::MAX))
}

/// Writes a body.
pub(super) fn write(document: &bson::Document) -> Result<Vec<u8>> {
    document.to_vec().map_err(|_| Error::Malformed("a name with a zero byte"))
}

/// A body that is being read.
#[derive(Clone, Copy)]
pub(super) struct Body<'a>(&'a RawDocument);

impl<'a> Body<'a> {
    /// Looks at the bytes as a BSON document of at most `limit` bytes.
    pub(super) fn read(bytes: &'a [u8], limit: usize) -> Result<Self> {
        if bytes.len() > limit {
            return Err(Error::TooLarge("a body"));
        }
        RawDocument::from_bytes(bytes).map(Body).map_err(|_| Error::Malformed("not a BSON document"))
    }

    /// The same, of a body that must be of this realm.
    pub(super) fn of_realm(bytes: &'a [u8], limit: usize, realm: Uuid) -> Result<Self> {
        let body = Body::read(bytes, limit)?;
        match body.id("realm")? == realm {
            true => Ok(body),
            false => Err(Error::Elsewhere),
        }
    }

    /// Is there a field of this name?
    pub(super) fn has(&self, name: &str) -> bool {
        matches!(self.0.get(name), Ok(Some(_)))
    }

    /// The bytes of a field.
    pub(super) fn bytes(&self, name: &'static str) -> Result<&'a [u8]> {
        self.0.get_binary(name).map(|binary| binary.bytes).map_err(|_| Error::Malformed(name))
    }

    /// A field of exactly `N` bytes.
    pub(super) fn fixed<const N: usize>(&self, name: &'static str) -> Result<[u8; N]> {
        self.bytes(name)?.try_into().map_err(|_| Error::Malformed(name))
    }

    /// An id.
    pub(super) fn id(&self, name: &'static str) -> Result<Uuid> {
        self.fixed(name).map(Uuid::from_bytes)
    }

    /// A count or an instant.
    pub(super) fn number(&self, name: &'static str) -> Result<u64> {
        let number = self.0.get_i64(name).map_err(|_| Error::Malformed(name))?;
        u64::try_from(number).map_err(|_| Error::Malformed(name))
    }

    /// A count of at most 32 bits.
    pub(super) fn small(&self, name: &'static str) -> Result<u32> {
        u32::try_from(self.number(name)?).map_err(|_| Error::Malformed(name))
    }

    /// A text.
    pub(super) fn text(&self, name: &'static str) -> Result<&'a str> {
        self.0.get_str(name).map_err(|_| Error::Malformed(name))
    }

    /// A document inside.
    pub(super) fn inner(&self, name: &'static str) -> Result<&'a RawDocument> {
        self.0.get_document(name).map_err(|_| Error::Malformed(name))
    }

    /// A document inside, to be read field by field.
    pub(super) fn within(&self, name: &'static str) -> Result<Body<'a>> {
        self.inner(name).map(Body)
    }

    /// A list of at most `limit` documents, each read by `each`.
    pub(super) fn list<T>(
        &self,
        name: &'static str,
        limit: usize,
        each: impl Fn(Body<'a>) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.elements(name, limit, |value| match value {
            RawBsonRef::Document(document) => each(Body(document)),
            _ => Err(Error::Malformed(name)),
        })
    }

    /// A list of at most `limit` texts.
    pub(super) fn texts(&self, name: &'static str, limit: usize) -> Result<Vec<&'a str>> {
        self.elements(name, limit, |value| value.as_str().ok_or(Error::Malformed(name)))
    }

    /// A list of at most `limit` ids.
    pub(super) fn ids(&self, name: &'static str, limit: usize) -> Result<Vec<Uuid>> {
        self.elements(name, limit, |value| match value {
            RawBsonRef::Binary(binary) => Uuid::from_slice(binary.bytes).map_err(|_| Error::Malformed(name)),
            _ => Err(Error::Malformed(name)),
        })
    }

    fn elements<T>(
        &self,
        name: &'static str,
        limit: usize,
        each: impl Fn(RawBsonRef<'a>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let array = self.0.get_array(name).map_err(|_| Error::Malformed(name))?;
        let mut out = Vec::new();
        for element in array {
            if out.len() == limit {
                return Err(Error::TooLarge(name));
            }
            out.push(each(element.map_err(|_| Error::Malformed(name))?)?);
        }
        Ok(out)
    }
}
