//! How a parcel lies in a MongoDB document:
//! `{ _id, body, _sync: { rev, scope, stamp, class, by, v, left? }, tokens? }`.

use model::parcel::Parcel;
use model::{Class, Stamp};
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Binary, Bson, Document, RawArray, RawBsonRef, RawDocument, doc};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Sealed bytes: a user-defined subtype, because 6 belongs to the vendor's own encryption (security page, 4.2).
const SEALED: BinarySubtype = BinarySubtype::UserDefined(0x80);

pub(super) fn uuid(id: Uuid) -> Bson {
    Bson::Binary(Binary { subtype: BinarySubtype::Uuid, bytes: id.as_bytes().to_vec() })
}

pub(super) fn bytes(subtype: BinarySubtype, bytes: Vec<u8>) -> Bson {
    Bson::Binary(Binary { subtype, bytes })
}

pub(super) fn sealed(plain: Vec<u8>) -> Bson {
    bytes(SEALED, plain)
}

/// The document of a parcel under a new revision.
pub(super) fn document(parcel: &Parcel, rev: i64) -> Document {
    let mut document = doc! {
        "_id": uuid(parcel.id),
        "body": sealed(parcel.body.clone()),
        "_sync": {
            "rev": rev,
            "scope": uuid(parcel.scope),
            "stamp": bytes(BinarySubtype::Generic, parcel.stamp.0.to_vec()),
            "class": parcel.class.letter(),
            "by": uuid(parcel.by),
            "v": i64::from(parcel.schema),
        },
    };
    if !parcel.tokens.is_empty() {
        let tokens: Document =
            parcel.tokens.iter().map(|(name, token)| (name.clone(), sealed(token.clone()))).collect();
        document.insert("tokens", tokens);
    }
    document
}

/// The journal entry is the receipt of its batch: it also says which parcels were left out, by their place in the batch.
pub(super) fn receipt(journal: &Parcel, rev: i64, left: &[Left]) -> Document {
    let mut document = document(journal, rev);
    if let Ok(sync) = document.get_document_mut("_sync") {
        let left: Vec<Bson> = left.iter().map(|left| left.bson()).collect();
        sync.insert("left", left);
    }
    document
}

/// A parcel that its batch left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Left {
    pub at: usize,
    /// Why, if the remote refused it; else it was behind.
    pub refused: Option<String>,
}

impl Left {
    fn bson(&self) -> Bson {
        let at = i64::try_from(self.at).expect("a batch has few members");
        match &self.refused {
            Some(reason) => Bson::Document(doc! { "at": at, "refused": reason }),
            None => Bson::Document(doc! { "at": at }),
        }
    }
}

/// What an earlier receipt left out.
pub(super) fn left(document: &RawDocument) -> Vec<Left> {
    let entries = sync(document).and_then(|sync| sync.get_array("left").ok());
    entries.map(parse_left).unwrap_or_default()
}

fn parse_left(entries: &RawArray) -> Vec<Left> {
    let documents = entries.into_iter().filter_map(|entry| entry.ok()?.as_document());
    let one = |entry: &RawDocument| {
        let at = usize::try_from(whole(entry, "at")?).ok()?;
        let refused = entry.get_str("refused").ok().map(str::to_owned);
        Some(Left { at, refused })
    };
    documents.filter_map(one).collect()
}

/// Reads a document back. Whatever is missing or of a wrong type stays empty, so that the vault sees it, refuses it and
/// counts it; only a document without a UUID for its id or without a revision cannot be spoken of at all.
pub(super) fn parcel(collection: &str, document: &RawDocument) -> Option<Parcel> {
    let id = uuid_at(document, "_id")?;
    let sync = sync(document)?;
    let rev = whole(sync, "rev").filter(|rev| *rev > 0)?;
    let class = sync.get_str("class").ok().and_then(Class::from_letter);
    Some(Parcel {
        collection: collection.to_owned(),
        id,
        scope: uuid_at(sync, "scope").unwrap_or_default(),
        class: class.unwrap_or(Class::Mergeable),
        stamp: binary(sync, "stamp").and_then(|bytes| bytes.try_into().ok()).map_or(Stamp::ZERO, Stamp),
        by: uuid_at(sync, "by").unwrap_or_default(),
        schema: whole(sync, "v").and_then(|v| u32::try_from(v).ok()).unwrap_or(0),
        body: binary(document, "body").map(<[u8]>::to_vec).unwrap_or_default(),
        tokens: tokens(document),
        rev,
    })
}

pub(super) fn sync(document: &RawDocument) -> Option<&RawDocument> {
    document.get_document("_sync").ok()
}

fn tokens(document: &RawDocument) -> BTreeMap<String, Vec<u8>> {
    let Ok(tokens) = document.get_document("tokens") else { return BTreeMap::new() };
    let pairs = tokens.iter().filter_map(std::result::Result::ok);
    let binary = pairs.filter_map(|(name, value)| Some((name.to_string(), as_binary(value)?.to_vec())));
    binary.collect()
}

pub(super) fn binary<'a>(document: &'a RawDocument, key: &str) -> Option<&'a [u8]> {
    as_binary(document.get(key).ok()??)
}

fn as_binary(value: RawBsonRef<'_>) -> Option<&[u8]> {
    match value {
        RawBsonRef::Binary(binary) => Some(binary.bytes),
        _ => None,
    }
}

pub(super) fn uuid_at(document: &RawDocument, key: &str) -> Option<Uuid> {
    Uuid::from_slice(binary(document, key)?).ok()
}

/// A whole number, however a tool has stored it.
pub(super) fn whole(document: &RawDocument, key: &str) -> Option<i64> {
    match document.get(key).ok()?? {
        RawBsonRef::Int64(number) => Some(number),
        RawBsonRef::Int32(number) => Some(i64::from(number)),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use mongodb::bson::RawDocumentBuf;

    fn sample() -> Parcel {
        Parcel {
            collection: "users".into(),
            id: Uuid::from_u128(1),
            scope: Uuid::from_u128(2),
            class: Class::Statement,
            stamp: Stamp([7; 16]),
            by: Uuid::from_u128(3),
            schema: 4,
            body: vec![1, 2, 3],
            tokens: BTreeMap::from([("email".to_owned(), vec![9; 16])]),
            rev: 12,
        }
    }

    #[test]
    fn a_parcel_comes_back_as_it_went() {
        let raw = RawDocumentBuf::try_from(&document(&sample(), 12)).unwrap();
        assert_eq!(parcel("users", &raw), Some(sample()));
    }

    #[test]
    fn a_receipt_remembers_what_was_left_out() {
        let left_out = vec![Left { at: 2, refused: None }, Left { at: 5, refused: Some("too large".into()) }];
        let raw = RawDocumentBuf::try_from(&receipt(&sample(), 12, &left_out)).unwrap();
        assert_eq!(left(&raw), left_out);
    }

    #[test]
    fn a_damaged_document_is_passed_on_empty_and_one_without_identity_is_not() {
        let raw = RawDocumentBuf::try_from(
            &doc! { "_id": uuid(Uuid::from_u128(1)), "_sync": { "rev": 3, "class": 8 }, "body": "text" },
        )
        .unwrap();
        let read = parcel("users", &raw).unwrap();
        assert_eq!((read.rev, read.body.len(), read.stamp), (3, 0, Stamp::ZERO));
        let raw = RawDocumentBuf::try_from(&doc! { "_id": "mine", "_sync": { "rev": 3_i64 } }).unwrap();
        assert_eq!(parcel("users", &raw), None);
    }
}
