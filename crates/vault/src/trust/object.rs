//! The stored form of keys and trust: what the vault keeps, seals nothing of, and sends as class K.

use super::{Error, Result, body};
use crypto::encode::{lp, sha256};
use crypto::sign::Signed;
use uuid::Uuid;

/// Certificates and revocations; signed.
pub const CERTS: &str = "certs";
/// Versions of scopes' keys: who is a member, and the commitment to the key; signed.
pub const SCOPE_KEYS: &str = "scope_keys";
/// Keys wrapped for a person, a team or a device; checked by commitment.
pub const GRANTS: &str = "grants";
/// User roots behind a passphrase; checked by opening.
pub const SLOTS: &str = "slots";
/// Entries of devices' journals; signed.
pub const JOURNAL: &str = "journal";

const COLLECTIONS: [&str; 5] = [CERTS, SCOPE_KEYS, GRANTS, SLOTS, JOURNAL];
/// No object of this room is longer, in bytes.
pub(super) const OBJECT_MAX: usize = 2 * 1024 * 1024;

/// One object of keys and trust. It never changes.
///
/// Its id follows from its content, so that one id cannot name two contents: `H(lp("mv1/id", collection, H(body)))` cut to
/// a UUID of version 8, where `body` is the signed body, or the whole object for a grant. A journal entry's id is
/// [`journal_id`], so that two entries with one number meet; a slot's is random and part of what it is sealed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyObject {
    /// One of [`CERTS`], [`SCOPE_KEYS`], [`GRANTS`], [`SLOTS`], [`JOURNAL`].
    pub collection: &'static str,
    /// The object's id.
    pub id: Uuid,
    /// Who pulls it: the realm, or the one user whom alone it concerns.
    pub scope: Uuid,
    /// The stored bytes.
    pub bytes: Vec<u8>,
}

impl KeyObject {
    /// Puts together what was stored or received.
    ///
    /// # Errors
    /// [`Error::Malformed`] for a collection of another name; [`Error::TooLarge`].
    pub fn new(collection: &str, id: Uuid, scope: Uuid, bytes: Vec<u8>) -> Result<Self> {
        let collection =
            COLLECTIONS.into_iter().find(|name| *name == collection).ok_or(Error::Malformed("collection"))?;
        if bytes.len() > OBJECT_MAX {
            return Err(Error::TooLarge("an object"));
        }
        Ok(KeyObject { collection, id, scope, bytes })
    }

    /// The object of something signed, under the id that its body gives.
    pub(super) fn signed(collection: &'static str, scope: Uuid, signed: &Signed) -> Self {
        KeyObject { collection, id: content_id(collection, &signed.body), scope, bytes: signed.to_bytes() }
    }

    /// The object of something unsigned, under the id that its bytes give.
    pub(super) fn plain(collection: &'static str, scope: Uuid, bytes: Vec<u8>) -> Self {
        KeyObject { collection, id: content_id(collection, &bytes), scope, bytes }
    }

    /// The certificate in these bytes, under the id that its body gives; nothing is verified yet.
    ///
    /// # Errors
    /// [`Error::Malformed`].
    pub fn certificate(realm: Uuid, bytes: &[u8]) -> Result<Self> {
        Ok(KeyObject::signed(CERTS, realm, &Signed::from_bytes(bytes)?))
    }

    /// Reads a signed object and checks that its id is that of its body. Nothing is verified yet.
    pub(super) fn read_signed(&self) -> Result<Signed> {
        let signed = Signed::from_bytes(&self.bytes)?;
        match self.id == content_id(self.collection, &signed.body) {
            true => Ok(signed),
            false => Err(Error::Elsewhere),
        }
    }

    /// Writes the object for a message to another device.
    pub(super) fn to_document(&self) -> bson::Document {
        bson::doc! { "c": self.collection, "i": body::id(self.id), "s": body::id(self.scope), "b": body::bytes(&self.bytes) }
    }

    /// Reads what [`KeyObject::to_document`] wrote.
    pub(super) fn from_body(body: body::Body) -> Result<Self> {
        KeyObject::new(body.text("c")?, body.id("i")?, body.id("s")?, body.bytes("b")?.to_vec())
    }
}

/// The id of an object by its content.
pub(super) fn content_id(collection: &str, body: &[u8]) -> Uuid {
    derived_id(&[b"mv1/id", collection.as_bytes(), &sha256(body)])
}

/// The id of the journal entry `n` of a device: `H(lp("mv1/journal-id", device, n))` as a UUID of version 8.
pub fn journal_id(device: Uuid, n: u64) -> Uuid {
    derived_id(&[b"mv1/journal-id", device.as_bytes(), &n.to_be_bytes()])
}

/// The id of the device that has this signing key. A device's id names its key, so nobody else can claim it.
pub fn device_id(public: &[u8; 32]) -> Uuid {
    derived_id(&[b"mv1/device", public])
}

/// The first 16 bytes of the digest of the parts, with the marks of a UUID of version 8 (RFC 9562, 5.8).
pub(super) fn derived_id(parts: &[&[u8]]) -> Uuid {
    let digest = sha256(&lp(parts));
    let first = digest.first_chunk().expect("a digest has 32 bytes");
    uuid::Builder::from_custom_bytes(*first).into_uuid()
}

/// A random id.
pub(super) fn random_id() -> Result<Uuid> {
    Ok(uuid::Builder::from_random_bytes(crypto::random::bytes()?).into_uuid())
}
