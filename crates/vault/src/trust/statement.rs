//! Statements: what a person signed and nobody changes. The signature is over the plain body, inside the seal, so that it
//! survives a change of keys and an export, and is not shown to who keeps the database.

use super::body::{self, Body};
use super::counts::Position;
use super::keyring::Keyring;
use super::rules::{self, Act};
use super::store::Trust;
use super::values::{self, VALUES_MAX};
use super::{Error, Result};
use bson::doc;
use crypto::sign::{self, Signed};
use model::{Map, Stamp};
use serde_json::Value;
use uuid::Uuid;

/// The kinds of statements by collection. A kind has one collection, so no statement can be moved to another.
const KINDS: [(&str, &str); 14] = [
    ("medical_records", "record"),
    ("medications", "prescription"),
    ("doctor_notes", "note"),
    ("teleconsultations", "consultation"),
    ("detections", "detection"),
    ("observations", "observation"),
    ("share_tokens", "share"),
    ("access_logs", "access"),
    ("messages", "message"),
    ("payments", "payment"),
    ("reviews", "review"),
    ("conversation_turns", "turn"),
    ("amendments", "amend"),
    ("consents", "consent"),
];

/// The kind that a statement of this collection is signed as.
pub fn kind_of(collection: &str) -> Option<&'static str> {
    KINDS.iter().find(|(name, _)| *name == collection).map(|(_, kind)| *kind)
}

/// What is to be signed.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement<'a> {
    /// The collection, which gives the kind.
    pub collection: &'a str,
    /// The document's id.
    pub id: Uuid,
    /// The document's scope.
    pub scope: Uuid,
    /// The document's stamp.
    pub stamp: Stamp,
    /// When it was made, milliseconds since 1970.
    pub at_ms: u64,
    /// An earlier statement that this one follows.
    pub previous: Option<Uuid>,
    /// The content.
    pub values: &'a Map,
}

/// What a reader knows of the document before opening it.
pub struct Expected<'a> {
    /// The collection.
    pub collection: &'a str,
    /// The document's id.
    pub id: Uuid,
    /// The document's scope.
    pub scope: Uuid,
    /// The document's stamp.
    pub stamp: Stamp,
    /// The short name of the key that opened it.
    pub kid: [u8; 4],
    /// The journal entries that cover it.
    pub covered_by: &'a [Position],
    /// Who wrote the statement of this collection and id; needed for amendments.
    pub author_of: &'a dyn Fn(&str, Uuid) -> Option<Uuid>,
}

/// A statement that holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// Who said it.
    pub author: Uuid,
    /// Under which certificate.
    pub certificate: Uuid,
    /// When, by the author's clock; milliseconds since 1970.
    pub at_ms: u64,
    /// The earlier statement that it follows.
    pub previous: Option<Uuid>,
    /// The content.
    pub values: Map,
    /// The statement that it amends.
    pub amends: Option<(String, Uuid)>,
}

/// What the signature of a statement proves by itself: who said what, of which document, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified {
    /// Who said it.
    pub author: Uuid,
    /// Under which certificate.
    pub certificate: Uuid,
    /// The document.
    pub id: Uuid,
    /// Its scope.
    pub scope: Uuid,
    /// Its stamp.
    pub stamp: Stamp,
    /// When, by the author's clock; milliseconds since 1970.
    pub at_ms: u64,
    /// The content.
    pub values: Map,
}

/// Why a statement is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Not a statement.
    #[error("not a statement: {0}")]
    Malformed(Error),
    /// The author's certificate is not here yet: keep, try again.
    #[error("the author's certificate is not here")]
    UnknownAuthor,
    /// The statement that it amends is not here yet: keep, try again.
    #[error("the statement that is amended is not here")]
    UnknownOriginal,
    /// Signed as another kind of statement, or not a person's.
    #[error("signed as something else")]
    OtherKind,
    /// Altered, or not signed by the author it names.
    #[error("the signature does not hold")]
    Signature,
    /// The document's id, scope or stamp are others than those that were signed, or the author is.
    #[error("the statement belongs elsewhere")]
    Elsewhere,
    /// Signed after the author or their device was removed, or by nobody's leave.
    #[error("signed after a removal")]
    AfterRemoval,
    /// The statement's own time is outside the validity of the author's certificate.
    #[error("outside the validity of the author's certificate")]
    Expired,
    /// The author may not write this.
    #[error("not allowed: {0}")]
    Forbidden(&'static str),
}

/// Signs a statement as the person; what comes out is to be sealed.
///
/// # Errors
/// [`Error::Unknown`] for a collection that holds no statements; [`Error::TooLarge`], [`Error::Malformed`].
pub fn make(keyring: &Keyring, statement: &Statement) -> Result<Vec<u8>> {
    let kind = kind_of(statement.collection).ok_or(Error::Unknown("a collection of statements"))?;
    let mut body = doc! {
        "type": kind, "id": body::id(statement.id), "scope": body::id(statement.scope),
        "author": body::id(keyring.user()), "at": body::number(statement.at_ms), "stamp": body::bytes(&statement.stamp.0),
    };
    if let Some(previous) = statement.previous {
        body.insert("prev", body::id(previous));
    }
    body.insert("values", values::to_document(statement.values)?);
    let signed = keyring.sign_as_user(kind, body::write(&body)?);
    let inside = doc! {
        "b": body::bytes(&signed.body), "c": body::bytes(&signed.certificate), "s": body::bytes(&signed.signature),
    };
    let bytes = body::write(&inside)?;
    match bytes.len() > VALUES_MAX {
        true => Err(Error::TooLarge("a statement")),
        false => Ok(bytes),
    }
}

/// Checks the signature of an opened statement of a collection, and nothing that needs the vault around it: whether its author might
/// write it, and whether it counts after a removal, is for [`check`].
///
/// # Errors
/// The [`Fault`].
pub fn verify(trust: &Trust, opened: &[u8], collection: &str) -> Result<Verified, Fault> {
    verify_signed(trust, &read_signed(opened, collection)?)
}

/// As [`verify`], for what was read already.
///
/// # Errors
/// The [`Fault`].
pub fn verify_signed(trust: &Trust, signed: &Signed) -> Result<Verified, Fault> {
    let certificate_id = Uuid::from_bytes(signed.certificate);
    let certificate = trust.certificate(certificate_id).ok_or(Fault::UnknownAuthor)?;
    let keys = certificate.user_keys().ok_or(Fault::OtherKind)?;
    sign::verify(signed, trust.realm().as_bytes(), &keys.sign).map_err(|_| Fault::Signature)?;
    let body = Body::read(&signed.body, VALUES_MAX).map_err(Fault::Malformed)?;
    let read = || -> Result<Verified> {
        Ok(Verified {
            author: body.id("author")?,
            certificate: certificate_id,
            id: body.id("id")?,
            scope: body.id("scope")?,
            stamp: Stamp(body.fixed("stamp")?),
            at_ms: body.number("at")?,
            values: body.inner("values").and_then(values::from_document)?,
        })
    };
    let found = read().map_err(Fault::Malformed)?;
    let own = body.text("type").map_err(Fault::Malformed)? == signed.kind && found.author == certificate.subject;
    match (own, certificate.covers(found.at_ms)) {
        (false, _) => Err(Fault::Elsewhere),
        (true, false) => Err(Fault::Expired),
        (true, true) => Ok(found),
    }
}

/// Checks an opened statement: its signature, its author's certificate and right, and that it is this document.
///
/// # Errors
/// The [`Fault`]; nothing of the statement may be shown then.
pub fn check(trust: &Trust, opened: &[u8], expected: &Expected) -> Result<Checked, Fault> {
    let signed = read_signed(opened, expected.collection)?;
    let certificate_id = Uuid::from_bytes(signed.certificate);
    let certificate = trust.certificate(certificate_id).ok_or(Fault::UnknownAuthor)?;
    let keys = certificate.user_keys().ok_or(Fault::OtherKind)?;
    sign::verify(&signed, trust.realm().as_bytes(), &keys.sign).map_err(|_| Fault::Signature)?;
    let body = Body::read(&signed.body, VALUES_MAX).map_err(Fault::Malformed)?;
    check_place(body, &signed.kind, certificate.subject, expected)?;
    let at_ms = body.number("at").map_err(Fault::Malformed)?;
    if !trust.signature_counts(certificate_id, expected.covered_by) {
        return Err(Fault::AfterRemoval);
    }
    if !certificate.covers(at_ms) {
        return Err(Fault::Expired);
    }
    let checked = Checked {
        author: certificate.subject,
        certificate: certificate_id,
        at_ms,
        previous: body.has("prev").then(|| body.id("prev")).transpose().map_err(Fault::Malformed)?,
        values: body.inner("values").and_then(values::from_document).map_err(Fault::Malformed)?,
        amends: None,
    };
    check_right(trust, checked, expected)
}

pub(crate) fn read_signed(opened: &[u8], collection: &str) -> Result<Signed, Fault> {
    let outer = Body::read(opened, VALUES_MAX).map_err(Fault::Malformed)?;
    let signed = |kind: &str| -> Result<Signed> {
        Ok(Signed {
            kind: kind.to_owned(),
            body: outer.bytes("b")?.to_vec(),
            certificate: outer.fixed("c")?,
            signature: outer.fixed("s")?,
        })
    };
    signed(kind_of(collection).ok_or(Fault::OtherKind)?).map_err(Fault::Malformed)
}

fn check_place(body: Body, kind: &str, author: Uuid, expected: &Expected) -> Result<(), Fault> {
    if body.text("type").map_err(Fault::Malformed)? != kind {
        return Err(Fault::OtherKind);
    }
    let read = || -> Result<_> { Ok((body.id("id")?, body.id("scope")?, body.fixed("stamp")?, body.id("author")?)) };
    let place = read().map_err(Fault::Malformed)?;
    match place == (expected.id, expected.scope, expected.stamp.0, author) {
        true => Ok(()),
        false => Err(Fault::Elsewhere),
    }
}

fn check_right(trust: &Trust, checked: Checked, expected: &Expected) -> Result<Checked, Fault> {
    let amends = match expected.collection {
        "amendments" => Some(target_of(&checked.values).map_err(Fault::Malformed)?),
        _ => None,
    };
    let original = match &amends {
        Some((collection, id)) => Some((expected.author_of)(collection, *id).ok_or(Fault::UnknownOriginal)?),
        None => None,
    };
    let act = Act {
        author: checked.author,
        certificate: Some(checked.certificate),
        collection: expected.collection,
        scope: expected.scope,
        kid: Some(expected.kid),
        about: person_in(expected.collection, &checked.values),
        amends: original,
    };
    match rules::may_write(trust, &act) {
        Ok(()) => Ok(Checked { amends, ..checked }),
        Err(Error::Forbidden(rule)) => Err(Fault::Forbidden(rule)),
        Err(other) => Err(Fault::Malformed(other)),
    }
}

/// The statement that an amendment is about: its collection and id.
///
/// # Errors
/// [`Error::Malformed`].
pub fn target_of(values: &Map) -> Result<(String, Uuid)> {
    let text = |name: &str| values.get(name).and_then(Value::as_str);
    let collection = text("collection").filter(|name| kind_of(name).is_some()).ok_or(Error::Malformed("collection"))?;
    let id = text("document_id").and_then(|id| Uuid::try_parse(id).ok()).ok_or(Error::Malformed("document_id"))?;
    Ok((collection.to_owned(), id))
}

/// The person whose entry a document is, or who did what it says, by the field that names them. An account is named by
/// its document's id, not by a field.
pub fn person_in(collection: &str, values: &Map) -> Option<Uuid> {
    let field = match collection {
        "access_logs" => "doctor_id",
        "account_deletion_requests" | "doctors" => "user_id",
        "messages" => "sender_id",
        "reviews" => "patient_id",
        _ => return None,
    };
    values.get(field).and_then(Value::as_str).and_then(|id| Uuid::try_parse(id).ok())
}
