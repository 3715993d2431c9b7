//! Signed objects: one form for certificates, revocations, scope keys, statements and journal entries.
//!
//! The signature is over a digest of the exact stored bytes of the body, together with the kind of object and the
//! realm. Verify first, then parse; nothing is rebuilt in order to check it.

use crate::encode::{fixed, lp, sha256};
use crate::{Error, Key, Result};
use bson::raw::{CStr, RawBinaryRef, RawBsonRef, RawDocument, RawDocumentBuf};
use bson::spec::BinarySubtype;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use std::fmt;

/// No stored signed object is longer than this, in bytes.
pub const MAX_SIGNED: usize = 2 * 1024 * 1024;
/// No kind's name is longer than this, in bytes.
pub const MAX_KIND: usize = 64;

/// An Ed25519 key that signs, with the seed it came from.
pub struct Signer {
    seed: Key,
    pair: Ed25519KeyPair,
}

impl Signer {
    /// Draws a new key.
    ///
    /// # Errors
    /// [`Error::Random`].
    pub fn make() -> Result<Self> {
        Ok(Self::from_seed(&Key::make()?))
    }

    /// Makes the key that belongs to a seed.
    pub fn from_seed(seed: &Key) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed.expose()).expect("every 32 bytes are an Ed25519 seed");
        Self { seed: seed.duplicate(), pair }
    }

    /// Gives the public key.
    pub fn public(&self) -> [u8; 32] {
        fixed(self.pair.public_key().as_ref())
    }

    /// Gives the seed, for the keyring that stores it sealed.
    pub fn seed(&self) -> &Key {
        &self.seed
    }
}

/// A body and the signature over it.
#[derive(Clone, Eq, PartialEq)]
pub struct Signed {
    /// What the body is; part of what is signed.
    pub kind: String,
    /// The body, byte for byte as it was signed.
    pub body: Vec<u8>,
    /// The certificate of the signer. It is not signed: it only says which public key to verify with.
    pub certificate: [u8; 16],
    /// The Ed25519 signature.
    pub signature: [u8; 64],
}

/// Shows kind, certificate and length, never the body: it may be a clinical statement.
impl fmt::Debug for Signed {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        to.debug_struct("Signed")
            .field("kind", &self.kind)
            .field("certificate", &self.certificate)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl Signed {
    /// Writes the stored form, the BSON document `{t: kind, b: body, c: certificate, s: signature}`.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut document = RawDocumentBuf::new();
        document.append(key("t"), self.kind.as_str());
        document.append(key("b"), binary(&self.body));
        document.append(key("c"), binary(&self.certificate));
        document.append(key("s"), binary(&self.signature));
        document.into_bytes()
    }

    /// Reads the stored form, which must be exactly as [`Signed::to_bytes`] writes it. Nothing is verified yet.
    ///
    /// # Errors
    /// [`Error::BadForm`] for anything longer than [`MAX_SIGNED`] or of another shape.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        if bytes.len() > MAX_SIGNED {
            return Err(Error::BadForm("a signed object has at most 2 MiB"));
        }
        let document = RawDocument::from_bytes(bytes).map_err(|_| BAD_SIGNED)?;
        let kind = document.get_str("t").map_err(|_| BAD_SIGNED)?;
        if kind.is_empty() || kind.len() > MAX_KIND {
            return Err(Error::BadForm("the kind of a signed object has 1 to 64 bytes"));
        }
        let signed = Self {
            kind: kind.to_owned(),
            body: field(document, "b")?.to_vec(),
            certificate: field(document, "c")?.try_into().map_err(|_| BAD_SIGNED)?,
            signature: field(document, "s")?.try_into().map_err(|_| BAD_SIGNED)?,
        };
        // One object has one form: no additional, repeated or reordered members.
        if signed.to_bytes() != bytes {
            return Err(BAD_SIGNED);
        }
        Ok(signed)
    }
}

const BAD_SIGNED: Error = Error::BadForm("not a signed object");

fn key(name: &'static str) -> &'static CStr {
    name.try_into().expect("a literal without a zero byte")
}

fn binary(bytes: &[u8]) -> RawBsonRef<'_> {
    RawBsonRef::Binary(RawBinaryRef { subtype: BinarySubtype::Generic, bytes })
}

fn field<'a>(document: &'a RawDocument, name: &str) -> Result<&'a [u8]> {
    document.get_binary(name).map(|binary| binary.bytes).map_err(|_| BAD_SIGNED)
}

/// Signs a body as an object of this kind in this realm.
pub fn sign(signer: &Signer, kind: &str, realm: &[u8; 16], certificate: [u8; 16], body: Vec<u8>) -> Signed {
    let signature = fixed(signer.pair.sign(&message(kind, realm, &body)).as_ref());
    Signed { kind: kind.to_owned(), body, certificate, signature }
}

/// Checks the signature of an object of its stated kind in this realm. Whether the key may sign such a thing, and
/// whether `signed.kind` is the kind expected here, is for the caller to decide.
///
/// # Errors
/// [`Error::Unopenable`] when the signature does not fit.
pub fn verify(signed: &Signed, realm: &[u8; 16], public: &[u8; 32]) -> Result<()> {
    UnparsedPublicKey::new(&ED25519, public)
        .verify(&message(&signed.kind, realm, &signed.body), &signed.signature)
        .map_err(|_| Error::Unopenable)
}

pub(crate) fn message(kind: &str, realm: &[u8; 16], body: &[u8]) -> Vec<u8> {
    let mut message = lp(&[b"mv1/sig", kind.as_bytes(), realm]);
    message.extend_from_slice(&sha256(body));
    message
}

/// Gives the id of the realm whose root has this public key. The id names its own root for ever.
pub fn realm_id(root_public: &[u8; 32]) -> [u8; 16] {
    fixed(&sha256(&lp(&[b"mv1/realm", root_public])))
}
