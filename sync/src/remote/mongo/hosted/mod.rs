//! Hosted links in MongoDB. Four collections, so that each login may do to each no more than it needs:
//!
//! | collection | holds | the owner's device | the host |
//! | --- | --- | --- | --- |
//! | `hosted_links` | what the host may know | find, insert, update | find |
//! | `hosted_files` | encrypted files, in parts | find, insert, update | find |
//! | `hosted_counts` | openings and wrong passcodes | find, insert | find, update |
//! | `hosted_accesses` | who asked, sealed | find, update | insert |
//!
//! So a stolen login of the host can spend a link's uses, but neither raise what is allowed, nor revive what was taken back, nor
//! exchange what is served. What is over goes by itself (TTL indexes), since nobody here may remove anything.

mod form;
mod host;
mod owner;

use mongodb::bson::{Document, doc};

pub(super) const LINKS: &str = "hosted_links";
pub(super) const FILES: &str = "hosted_files";
pub(super) const COUNTS: &str = "hosted_counts";
pub(super) const ACCESSES: &str = "hosted_accesses";
/// All of them, in a fixed order.
pub(super) const ALL: [&str; 4] = [LINKS, FILES, COUNTS, ACCESSES];

/// How long entries wait for the owner's device, in seconds: 180 days.
const ACCESSES_KEPT: i64 = 180 * 86_400;
/// How much of a file one document holds, in bytes.
const PART: usize = 1024 * 1024;

/// The indexes of one of these collections; `_id` alone serves the counts.
pub(super) fn indexes(collection: &str) -> Option<Vec<Document>> {
    let purge = || doc! { "key": { "purge": 1 }, "name": "purge_1", "expireAfterSeconds": 0 };
    match collection {
        LINKS => Some(vec![purge()]),
        FILES => Some(vec![
            doc! { "key": { "file": 1, "n": 1 }, "name": "file_1_n_1", "unique": true },
            doc! { "key": { "link": 1 }, "name": "link_1" },
            purge(),
        ]),
        ACCESSES => Some(vec![
            doc! { "key": { "link": 1, "done": 1, "at": 1 }, "name": "link_1_done_1_at_1" },
            doc! { "key": { "at": 1 }, "name": "at_1", "expireAfterSeconds": ACCESSES_KEPT },
        ]),
        _ => None,
    }
}

/// What a document may hold, and nothing beside: a label or a name has no place here.
pub(super) fn validator(collection: &str) -> Document {
    let bytes = doc! { "bsonType": "binData" };
    let number = doc! { "bsonType": ["int", "long"], "minimum": 0 };
    let truth = doc! { "bsonType": "bool" };
    let date = doc! { "bsonType": "date" };
    let word = |longest: i32| doc! { "bsonType": "string", "maxLength": longest };
    let (required, properties) = match collection {
        LINKS => (
            vec!["_id", "realm", "stamp", "revoked", "paused", "wrong_max", "direct", "audit_key", "files"],
            doc! {
                "_id": bytes.clone(), "realm": bytes.clone(), "stamp": bytes.clone(), "revoked": truth.clone(), "paused": truth.clone(),
                "expires": number.clone(), "max_uses": number.clone(), "passcode_hash": word(256), "wrong_max": number.clone(),
                "direct": truth.clone(), "audit_key": bytes.clone(), "purge": date,
                "files": { "bsonType": "array", "maxItems": 64, "items": {
                    "bsonType": "object", "additionalProperties": false, "required": ["id", "type", "length", "updated", "can_change"],
                    "properties": { "id": bytes, "type": word(128), "length": number.clone(), "updated": number, "can_change": truth },
                } },
            },
        ),
        FILES => (
            vec!["_id", "link", "file", "n", "data"],
            doc! { "_id": bytes.clone(), "link": bytes.clone(), "file": bytes.clone(), "n": number, "data": bytes, "purge": date },
        ),
        COUNTS => (vec!["_id", "uses", "wrong"], doc! { "_id": bytes, "uses": number.clone(), "wrong": number }),
        _ => (
            vec!["_id", "link", "at", "outcome", "body", "done"],
            doc! {
                "_id": bytes.clone(), "link": bytes.clone(), "at": date, "outcome": word(32), "body": bytes.clone(), "done": truth,
                "by": bytes,
            },
        ),
    };
    doc! { "$jsonSchema": {
        "bsonType": "object", "title": collection, "required": required, "additionalProperties": false, "properties": properties,
    } }
}

/// What a device may do to one of these collections.
pub(super) fn device_actions(collection: &str) -> &'static [&'static str] {
    match collection {
        COUNTS => &["find", "insert"],
        ACCESSES => &["find", "update"],
        _ => &["find", "insert", "update"],
    }
}

/// What a host may do to one of these collections. It is let near no other.
pub(super) fn host_actions(collection: &str) -> &'static [&'static str] {
    match collection {
        COUNTS => &["find", "update"],
        ACCESSES => &["insert"],
        _ => &["find"],
    }
}
