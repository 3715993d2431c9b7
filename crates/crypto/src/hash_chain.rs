//! The digests that a device's journal is made of: one per document written, and the link from entry to entry.

use crate::encode::{lp, sha256};
use crate::sign::Signed;

/// Gives the digest of a document with sealed fields, whatever the order of `sealed`: pairs of field name and
/// sealed bytes.
///
/// `H(lp("mv1/doc", collection, id, stamp) ‖ lp(name₁, H(sealed₁), …))`, names in byte order.
pub fn document_digest(collection: &str, id: &[u8], stamp: &[u8], sealed: &[(&str, &[u8])]) -> [u8; 32] {
    let mut hashed: Vec<_> = sealed.iter().map(|(name, bytes)| (name.as_bytes(), sha256(bytes))).collect();
    hashed.sort_unstable();
    let fields = hashed.iter().flat_map(|(name, hash)| [*name, hash.as_slice()]);
    digest(collection, id, stamp, fields)
}

/// Gives the digest of a document that is a signed object:
/// `H(lp("mv1/doc", collection, id, stamp) ‖ lp(H(body), certificate, signature))`.
pub fn signed_digest(collection: &str, id: &[u8], stamp: &[u8], signed: &Signed) -> [u8; 32] {
    let body = sha256(&signed.body);
    digest(collection, id, stamp, [body.as_slice(), &signed.certificate, &signed.signature])
}

/// An `lp` of one list after an `lp` of another is the `lp` of both, which keeps the one total encoding in charge.
fn digest<'a>(
    collection: &'a str,
    id: &'a [u8],
    stamp: &'a [u8],
    rest: impl IntoIterator<Item = &'a [u8]>,
) -> [u8; 32] {
    let mut parts = vec![b"mv1/doc".as_slice(), collection.as_bytes(), id, stamp];
    parts.extend(rest);
    sha256(&lp(&parts))
}

/// Gives the link that the next journal entry carries: `H(previous body ‖ previous signature)`, and 32 zero bytes
/// in a device's first entry.
pub fn chain(previous: Option<&Signed>) -> [u8; 32] {
    previous.map_or([0; 32], |entry| sha256(&[entry.body.as_slice(), &entry.signature].concat()))
}
