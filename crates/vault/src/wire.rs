//! Small codecs for rows: stamps as text, tokens as bytes.

use model::{CollectionDef, Map, Merge, Stamp, Version, version};
use std::collections::{BTreeMap, BTreeSet};

/// The text or bytes are not what this room writes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Malformed(pub(crate) &'static str);

type Result<T> = std::result::Result<T, Malformed>;

/// The stamp that all values share, when no other key has one.
fn common_stamp(def: &CollectionDef, version: &Version) -> Option<Stamp> {
    let first = *version.stamps.values().next()?;
    let same = version.stamps.values().all(|stamp| *stamp == first);
    let whole = same && keys_of(def, &version.values).iter().eq(version.stamps.keys());
    whole.then_some(first)
}

/// The stamps of a version as text for the row: one, or a JSON object.
pub(crate) fn stamps_text(def: &CollectionDef, version: &Version) -> String {
    match common_stamp(def, version) {
        Some(stamp) => stamp.hex(),
        None => serde_json::to_string(&version.stamps).expect("hex by text is always JSON"),
    }
}

/// Reads what [`stamps_text`] wrote.
pub(crate) fn stamps_in(def: &CollectionDef, values: &Map, text: &str) -> Result<BTreeMap<String, Stamp>> {
    match Stamp::from_hex(text) {
        Some(one) => Ok(spread(def, values, one)),
        None => serde_json::from_str(text).map_err(|_| Malformed("stamps")),
    }
}

/// One stamp for every key of the values.
pub(crate) fn spread(def: &CollectionDef, values: &Map, stamp: Stamp) -> BTreeMap<String, Stamp> {
    keys_of(def, values).into_iter().map(|key| (key, stamp)).collect()
}

/// The stamp keys of the values: fields, groups, and the elements of lists that merge element by element.
fn keys_of(def: &CollectionDef, values: &Map) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for (field, value) in values {
        let found = def.field(field);
        keys.insert(found.map_or(field.clone(), |found| found.stamp_key().to_owned()));
        if found.is_some_and(|found| found.merge == Merge::Union) {
            keys.extend(version::elements(Some(value)).into_keys().map(|id| version::element_key(field, &id)));
        }
    }
    keys
}

/// Tokens by name as bytes for the outbox: `name length ‖ name ‖ token length ‖ token`, each length one byte.
pub(crate) fn tokens_bytes(tokens: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let mut out = Vec::new();
    for part in tokens.iter().flat_map(|(name, token)| [name.as_bytes(), token]) {
        let part = &part[..part.len().min(TOKEN_PART_MAX)];
        out.push(u8::try_from(part.len()).unwrap_or(u8::MAX));
        out.extend_from_slice(part);
    }
    out
}

/// Longer names or tokens are refused on the way in and never made.
pub(crate) const TOKEN_PART_MAX: usize = 64;

/// Reads what [`tokens_bytes`] wrote.
pub(crate) fn tokens_in(bytes: &[u8]) -> Result<BTreeMap<String, Vec<u8>>> {
    let (mut rest, mut parts) = (bytes, Vec::new());
    while let Some((length, tail)) = rest.split_first() {
        let (part, tail) = tail.split_at_checked(usize::from(*length)).ok_or(Malformed("tokens"))?;
        parts.push(part);
        rest = tail;
    }
    let pairs = parts.chunks_exact(2).map(|pair| {
        let name = std::str::from_utf8(pair[0]).map_err(|_| Malformed("tokens"))?;
        Ok((name.to_owned(), pair[1].to_vec()))
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Collection, DeviceTag, Patient};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    #[test]
    fn stamps_survive_as_one_and_as_many() {
        let def = Patient::DEF;
        let (one, two) = (Stamp::new(1, 0, DeviceTag(1)), Stamp::new(2, 0, DeviceTag(1)));
        let values = |json: Value| json.as_object().cloned().unwrap_or_default();
        let mut version = Version::default();
        version.apply(def, &values(json!({"name": "Ada", "allergies": [{"id": "a", "substance": "x"}]})), one);
        assert_eq!(stamps_text(def, &version), one.hex());
        assert_eq!(stamps_in(def, &version.values, &one.hex()), Ok(version.stamps.clone()));
        version.apply(def, &values(json!({"name": "Ada L."})), two);
        let text = stamps_text(def, &version);
        assert!(text.starts_with('{'));
        assert_eq!(stamps_in(def, &version.values, &text), Ok(version.stamps));
        assert!(stamps_in(def, &version.values, "zz").is_err());
    }

    proptest! {
        #[test]
        fn hostile_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..256)) {
            let _ = tokens_in(&bytes);
        }

        #[test]
        fn tokens_survive(tokens in proptest::collection::btree_map("[a-z]{1,8}", proptest::collection::vec(any::<u8>(), 0..32), 0..4)) {
            prop_assert_eq!(tokens_in(&tokens_bytes(&tokens)), Ok(tokens));
        }
    }
}
