//! How a hosted link, its counts and an access lie in MongoDB documents.

use super::super::layout::{self, binary, bytes, uuid, uuid_at, whole};
use crate::remote::hosted::{Access, Counts, HostedFile, HostedLink, LinkId};
use model::Stamp;
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Bson, DateTime, Document, RawArray, RawDocument, doc};
use uuid::Uuid;

pub(super) fn link_id(id: &LinkId) -> Bson {
    bytes(BinarySubtype::Generic, id.to_vec())
}

pub(super) fn date(ms: u64) -> DateTime {
    DateTime::from_millis(i64::try_from(ms).unwrap_or(i64::MAX))
}

/// The document of a link, to be removed at `purge`.
pub(super) fn of_link(link: &HostedLink, purge: Option<DateTime>) -> Document {
    let file = |file: &HostedFile| {
        doc! {
            "id": uuid(file.id), "type": &file.content_type, "length": number(file.length), "updated": number(file.updated),
            "can_change": file.can_change,
        }
    };
    let mut document = doc! {
        "realm": uuid(link.realm),
        "stamp": bytes(BinarySubtype::Generic, link.stamp.0.to_vec()),
        "revoked": link.is_revoked,
        "paused": link.is_paused,
        "wrong_max": i64::from(link.wrong_max),
        "direct": link.is_direct,
        "audit_key": bytes(BinarySubtype::Generic, link.audit_key.clone()),
        "files": link.files.iter().map(file).collect::<Vec<_>>(),
    };
    let optional = [
        ("expires", link.expires.map(number)),
        ("max_uses", link.max_uses.map(|most| Bson::Int64(most.into()))),
        ("passcode_hash", link.passcode_hash.clone().map(Bson::String)),
        ("purge", purge.map(Bson::DateTime)),
    ];
    document.extend(optional.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    document
}

fn number(value: u64) -> Bson {
    Bson::Int64(i64::try_from(value).unwrap_or(i64::MAX))
}

/// Reads a link back; `None` for a document that is none, which is served to nobody.
pub(super) fn link(document: &RawDocument) -> Option<HostedLink> {
    Some(HostedLink {
        id: binary(document, "_id")?.try_into().ok()?,
        realm: uuid_at(document, "realm")?,
        stamp: Stamp(binary(document, "stamp")?.try_into().ok()?),
        is_revoked: document.get_bool("revoked").ok()?,
        is_paused: document.get_bool("paused").ok()?,
        expires: optional(document, "expires", |n| u64::try_from(n).ok())?,
        max_uses: optional(document, "max_uses", |n| u32::try_from(n).ok())?,
        passcode_hash: match document.get("passcode_hash").ok()? {
            None => None,
            Some(hash) => Some(hash.as_str()?.to_owned()),
        },
        wrong_max: u32::try_from(whole(document, "wrong_max")?).ok()?,
        is_direct: document.get_bool("direct").ok()?,
        audit_key: binary(document, "audit_key")?.to_vec(),
        files: files(document.get_array("files").ok()?)?,
    })
}

/// A number that may be absent; the outer `None` is for one that is there and wrong, which must not read as "no bound".
fn optional<T>(document: &RawDocument, key: &str, read: impl Fn(i64) -> Option<T>) -> Option<Option<T>> {
    match document.get(key).ok()? {
        None => Some(None),
        Some(_) => whole(document, key).and_then(read).map(Some),
    }
}

fn files(array: &RawArray) -> Option<Vec<HostedFile>> {
    array.into_iter().map(|entry| file(entry.ok()?.as_document()?)).collect()
}

fn file(document: &RawDocument) -> Option<HostedFile> {
    Some(HostedFile {
        id: uuid_at(document, "id")?,
        content_type: document.get_str("type").ok()?.to_owned(),
        length: u64::try_from(whole(document, "length")?).ok()?,
        updated: u64::try_from(whole(document, "updated")?).ok()?,
        can_change: document.get_bool("can_change").ok()?,
    })
}

pub(super) fn counts(document: &RawDocument) -> Option<Counts> {
    let count = |name| u32::try_from(whole(document, name)?).ok();
    Some(Counts { uses: count("uses")?, wrong: count("wrong")? })
}

/// The document of an access that no device has filed yet.
pub(super) fn of_access(access: &Access) -> Document {
    doc! {
        "_id": uuid(access.id), "link": link_id(&access.link), "at": date(access.at_ms), "outcome": &access.outcome,
        "body": layout::sealed(access.body.clone()), "done": false,
    }
}

pub(super) fn access(document: &RawDocument) -> Option<Access> {
    let at = document.get_datetime("at").ok()?;
    Some(Access {
        id: uuid_at(document, "_id")?,
        link: binary(document, "link")?.try_into().ok()?,
        at_ms: u64::try_from(at.timestamp_millis()).unwrap_or(0),
        outcome: document.get_str("outcome").ok()?.to_owned(),
        body: binary(document, "body")?.to_vec(),
    })
}

/// The id of one part of a file.
pub(super) fn part_id(file: Uuid, n: u32) -> Bson {
    bytes(BinarySubtype::Generic, [file.as_bytes().as_slice(), &n.to_be_bytes()].concat())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::{ACCESSES, LINKS, validator};
    use super::*;
    use mongodb::bson::RawDocumentBuf;

    fn sample() -> HostedLink {
        HostedLink {
            id: [1; 32],
            realm: Uuid::from_u128(2),
            stamp: Stamp([3; 16]),
            is_revoked: false,
            is_paused: true,
            expires: Some(1_800_000_000),
            max_uses: Some(5),
            passcode_hash: Some("$argon2id$".into()),
            wrong_max: 5,
            is_direct: false,
            audit_key: vec![4; 1216],
            files: vec![HostedFile {
                id: Uuid::from_u128(5),
                content_type: "application/fhir+json".into(),
                length: 12,
                updated: 1_700_000_000,
                can_change: true,
            }],
        }
    }

    fn stored(link: &HostedLink) -> Document {
        let mut document = of_link(link, Some(date(7)));
        document.insert("_id", link_id(&link.id));
        document
    }

    fn read(document: &Document) -> Option<HostedLink> {
        link(&RawDocumentBuf::try_from(document).unwrap())
    }

    #[test]
    fn a_link_comes_back_as_it_went() {
        assert_eq!(read(&stored(&sample())), Some(sample()));
        let bare = HostedLink { expires: None, max_uses: None, passcode_hash: None, files: Vec::new(), ..sample() };
        assert_eq!(read(&stored(&bare)), Some(bare));
    }

    #[test]
    fn a_damaged_bound_is_no_absent_one() {
        for (name, wrong) in [
            ("max_uses", Bson::from("5")),
            ("expires", Bson::from(-1_i64)),
            ("passcode_hash", 7.into()),
            ("revoked", 0.into()),
        ] {
            let mut document = stored(&sample());
            document.insert(name, wrong);
            assert_eq!(read(&document), None, "{name}");
        }
    }

    #[test]
    fn an_access_comes_back_as_it_went() {
        let one = Access {
            id: Uuid::from_u128(1),
            link: [2; 32],
            at_ms: 1_800_000_000_123,
            outcome: "granted".into(),
            body: vec![3; 40],
        };
        assert_eq!(access(&RawDocumentBuf::try_from(&of_access(&one)).unwrap()), Some(one));
    }

    #[test]
    fn the_form_is_what_the_validator_knows() {
        let known = |collection: &str| {
            let schema = validator(collection).get_document("$jsonSchema").unwrap().clone();
            schema.get_document("properties").unwrap().keys().cloned().collect::<Vec<_>>()
        };
        assert!(stored(&sample()).keys().all(|key| known(LINKS).contains(key)));
        let one = Access { id: Uuid::nil(), link: [2; 32], at_ms: 0, outcome: String::new(), body: Vec::new() };
        assert!(of_access(&one).keys().all(|key| known(ACCESSES).contains(key)));
    }
}
