//! The sealed body of a mergeable document, and the values of a statement: JSON values as BSON and back, without loss.

use super::body::{self, Body};
use super::{Error, Result};
use bson::raw::{RawArray, RawBsonRef, RawDocument};
use bson::{Bson, Document, doc};
use model::{Map, Stamp, Version};
use serde_json::{Number, Value};
use std::collections::BTreeMap;

/// The deepest nesting of values.
pub const NESTING: usize = 16;
/// The largest body, in bytes.
pub const VALUES_MAX: usize = 1024 * 1024;
const KEYS_MAX: usize = 65_536;

/// Writes the body of a mergeable document, `{values, stamps}`; fields with one stamp name it once.
///
/// # Errors
/// [`Error::TooLarge`] beyond [`NESTING`] or [`VALUES_MAX`]; [`Error::Malformed`] for a name with a zero byte or a whole
/// number above 63 bits, which BSON cannot hold.
pub fn encode_version(version: &Version) -> Result<Vec<u8>> {
    let mut groups: BTreeMap<Stamp, Vec<&str>> = BTreeMap::new();
    for (key, stamp) in &version.stamps {
        groups.entry(*stamp).or_default().push(key);
    }
    let stamps: Vec<_> =
        groups.into_iter().map(|(stamp, keys)| doc! { "s": body::bytes(&stamp.0), "k": keys }).collect();
    let bytes = body::write(&doc! { "values": to_document(&version.values)?, "stamps": stamps })?;
    match bytes.len() > VALUES_MAX {
        true => Err(Error::TooLarge("a document's values")),
        false => Ok(bytes),
    }
}

/// Reads what [`encode_version`] wrote.
///
/// # Errors
/// [`Error::Malformed`], [`Error::TooLarge`].
pub fn decode_version(bytes: &[u8]) -> Result<Version> {
    let body = Body::read(bytes, VALUES_MAX)?;
    let values = from_document(body.inner("values")?)?;
    let groups = body.list("stamps", KEYS_MAX, |group| Ok((Stamp(group.fixed("s")?), group.texts("k", KEYS_MAX)?)))?;
    let mut stamps = BTreeMap::new();
    for (stamp, keys) in groups {
        for key in keys {
            if stamps.insert(key.to_owned(), stamp).is_some() {
                return Err(Error::Malformed("two stamps for one field"));
            }
        }
    }
    Ok(Version { values, stamps })
}

/// A map of JSON values as BSON.
pub(super) fn to_document(map: &Map) -> Result<Document> {
    document(map, NESTING)
}

/// BSON as a map of JSON values.
pub(super) fn from_document(document: &RawDocument) -> Result<Map> {
    map(document, NESTING)
}

fn document(map: &Map, depth: usize) -> Result<Document> {
    let depth = deeper(depth)?;
    map.iter().map(|(name, value)| Ok((name.clone(), to_bson(value, depth)?))).collect()
}

fn to_bson(value: &Value, depth: usize) -> Result<Bson> {
    Ok(match value {
        Value::Null => Bson::Null,
        Value::Bool(value) => Bson::Boolean(*value),
        Value::String(text) => Bson::String(text.clone()),
        Value::Number(number) => to_number(number)?,
        Value::Array(list) => {
            let depth = deeper(depth)?;
            Bson::Array(list.iter().map(|value| to_bson(value, depth)).collect::<Result<_>>()?)
        }
        Value::Object(map) => Bson::Document(document(map, depth)?),
    })
}

fn to_number(number: &Number) -> Result<Bson> {
    match (number.as_i64(), number.is_f64(), number.as_f64()) {
        (Some(whole), _, _) => Ok(Bson::Int64(whole)),
        (None, true, Some(real)) => Ok(Bson::Double(real)),
        _ => Err(Error::Malformed("a whole number above 63 bits")),
    }
}

fn map(document: &RawDocument, depth: usize) -> Result<Map> {
    let depth = deeper(depth)?;
    let mut map = Map::new();
    for field in document {
        let (name, value) = field.map_err(|_| BAD)?;
        if map.insert(name.as_str().to_owned(), to_value(value, depth)?).is_some() {
            return Err(Error::Malformed("a field that stands twice"));
        }
    }
    Ok(map)
}

fn list(array: &RawArray, depth: usize) -> Result<Vec<Value>> {
    let depth = deeper(depth)?;
    array.into_iter().map(|value| to_value(value.map_err(|_| BAD)?, depth)).collect()
}

fn to_value(value: RawBsonRef, depth: usize) -> Result<Value> {
    Ok(match value {
        RawBsonRef::Null => Value::Null,
        RawBsonRef::Boolean(value) => Value::Bool(value),
        RawBsonRef::String(text) => Value::String(text.to_owned()),
        RawBsonRef::Int64(whole) => Value::Number(whole.into()),
        RawBsonRef::Double(real) => Value::Number(Number::from_f64(real).ok_or(BAD)?),
        RawBsonRef::Array(array) => Value::Array(list(array, depth)?),
        RawBsonRef::Document(document) => Value::Object(map(document, depth)?),
        _ => return Err(Error::Malformed("a kind of value that JSON has not")),
    })
}

const BAD: Error = Error::Malformed("values");

fn deeper(depth: usize) -> Result<usize> {
    depth.checked_sub(1).ok_or(Error::TooLarge("values nested too deep"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::DeviceTag;
    use proptest::prelude::*;
    use serde_json::json;

    fn values(json: Value) -> Version {
        let Value::Object(values) = json else { panic!("an object") };
        let stamp = |ms| Stamp::new(ms, 0, DeviceTag(7));
        let stamps = values.keys().enumerate().map(|(at, key)| (key.clone(), stamp(at as u64 % 2))).collect();
        Version { values, stamps }
    }

    #[test]
    fn every_kind_of_value_comes_back_as_it_was_and_in_its_order() {
        let version = values(json!({
            "z": null, "a": true, "text": "Größe\u{0}", "max": i64::MAX, "min": i64::MIN, "one": 1, "real": 1.0,
            "tiny": -5e-324, "zero": -0.0, "list": [1, [2.5, {}], "x"], "map": { "é": { "b": [] } }, "": 0,
        }));
        let back = decode_version(&encode_version(&version).unwrap()).unwrap();
        assert_eq!(back, version);
        assert_eq!(serde_json::to_string(&back.values).unwrap(), serde_json::to_string(&version.values).unwrap());
    }

    #[test]
    fn one_stamp_is_written_once() {
        let stamp = Stamp::new(1, 2, DeviceTag(3));
        let stamps = (0..100).map(|n| (format!("field{n}"), stamp)).collect();
        let bytes = encode_version(&Version { values: Map::new(), stamps }).unwrap();
        assert_eq!(bytes.windows(16).filter(|window| **window == stamp.0).count(), 1);
    }

    #[test]
    fn what_bson_or_json_cannot_hold_is_refused() {
        let refused = |json: Value| encode_version(&values(json)).unwrap_err();
        assert!(matches!(refused(json!({ "n": u64::MAX })), Error::Malformed(_)));
        assert!(matches!(refused(json!({ "a\u{0}b": 1 })), Error::Malformed(_)));
        let with = |value: Bson| body::write(&doc! { "values": { "x": value }, "stamps": [] }).unwrap();
        for value in [Bson::Double(f64::NAN), Bson::Int32(1), Bson::Undefined, Bson::DateTime(bson::DateTime::MIN)] {
            assert!(matches!(decode_version(&with(value)), Err(Error::Malformed(_))));
        }
    }

    #[test]
    fn nesting_and_size_are_bounded_both_ways() {
        let nested = |levels: usize| (0..levels).fold(json!({}), |inner, _| json!({ "x": inner }));
        let deepest = encode_version(&values(nested(NESTING - 1))).unwrap();
        assert!(decode_version(&deepest).is_ok());
        assert!(matches!(encode_version(&values(nested(NESTING))), Err(Error::TooLarge(_))));
        let wrap = |inner: Vec<u8>| {
            let length = u32::try_from(inner.len() + 8).unwrap().to_le_bytes();
            [length.as_slice(), b"\x03x\0", &inner, b"\0"].concat()
        };
        let raw = (0..20_000).fold(vec![5, 0, 0, 0, 0], |inner, _| wrap(inner));
        assert!(matches!(from_document(RawDocument::from_bytes(&raw).unwrap()), Err(Error::TooLarge(_))));
        let large = json!({ "x": "y".repeat(VALUES_MAX) });
        assert!(matches!(encode_version(&values(large)), Err(Error::TooLarge(_))));
        assert!(matches!(decode_version(&vec![0; VALUES_MAX + 1]), Err(Error::TooLarge(_))));
    }

    proptest! {
        #[test]
        fn hostile_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = decode_version(&bytes);
        }
    }
}
