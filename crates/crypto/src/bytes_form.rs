//! How bytes are written down by serde: lower-case hexadecimal text where a person may read the format (JSON),
//! plain bytes elsewhere. Reading takes either.

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use serde::ser::Serializer;
use std::fmt;
use std::marker::PhantomData;

/// No slot or grant holds a field longer than this, in bytes.
const LIMIT: usize = 65_536;

pub(crate) fn serialize<T: AsRef<[u8]>, S: Serializer>(bytes: &T, to: S) -> Result<S::Ok, S::Error> {
    match to.is_human_readable() {
        true => to.serialize_str(&HEXLOWER.encode(bytes.as_ref())),
        false => to.serialize_bytes(bytes.as_ref()),
    }
}

pub(crate) fn deserialize<'de, T: TryFrom<Vec<u8>>, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    let visitor = Bytes(PhantomData);
    match from.is_human_readable() {
        true => from.deserialize_any(visitor),
        false => from.deserialize_bytes(visitor),
    }
}

struct Bytes<T>(PhantomData<T>);

impl<T: TryFrom<Vec<u8>>> Bytes<T> {
    fn take<E: Error>(bytes: Vec<u8>) -> Result<T, E> {
        let length = bytes.len();
        if length > LIMIT {
            return Err(E::invalid_length(length, &"at most 65536 bytes"));
        }
        T::try_from(bytes).map_err(|_| E::invalid_length(length, &"another number of bytes"))
    }
}

impl<'de, T: TryFrom<Vec<u8>>> Visitor<'de> for Bytes<T> {
    type Value = T;

    fn expecting(&self, to: &mut fmt::Formatter) -> fmt::Result {
        to.write_str("bytes, or their hexadecimal text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        if text.len() > 2 * LIMIT {
            return Err(E::invalid_length(text.len() / 2, &"at most 65536 bytes"));
        }
        let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).map_err(|_| E::custom("not hexadecimal text"))?;
        Self::take(bytes)
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<T, E> {
        Self::take(bytes.to_vec())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<T, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = list.next_element()? {
            bytes.push(byte);
            if bytes.len() > LIMIT {
                break;
            }
        }
        Self::take(bytes)
    }
}
