//! The certificate of an erasure (security design, 12.8): what was destroyed, what is kept and until when, and what is out of
//! anybody's reach, signed by the person. It carries the certificates up to the realm's root key, so that whoever knows the
//! realm's fingerprint can verify it when the record is gone.

use super::object::{CERTS, KeyObject};
use super::store::Trust;
use super::{Error, Keyring, Result};
use crypto::sign::{self, Signed};
use data_encoding::{BASE64, HEXLOWER};
use model::Time;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const KIND: &str = "erasure";
const FORMAT: &str = "aidpost-erasure-1";
/// The chain of certificates has root, super admin, admin and the person.
const CHAIN_MAX: usize = 8;
/// No certificate of an erasure is longer, in bytes.
const TEXT_MAX: usize = 256 * 1024;

/// What is said of an erasure. The words are codes that read as what they mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erasure {
    /// The realm.
    pub realm: Uuid,
    /// Whose record it was.
    pub user: Uuid,
    /// On which device.
    pub device: Uuid,
    /// When it was signed, right before it was done.
    pub at: Time,
    /// When the person asked for their account to be deleted; absent where only this device was cleared.
    pub requested_at: Option<Time>,
    /// The chart that a custodian kept, where it is about that and not about the person's own record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chart: Option<Uuid>,
    /// What is destroyed.
    pub destroyed: Vec<String>,
    /// What is kept.
    pub kept: Vec<Kept>,
    /// What nobody can take back.
    pub out_of_reach: Vec<String>,
}

/// Something that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// What.
    pub what: String,
    /// Until when it must be; absent where the clinic has not said so.
    pub until: Option<Time>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Paper {
    format: String,
    statement: Erasure,
    /// The realm's root key; its digest is the realm's id, whose first letters are the fingerprint.
    root: String,
    /// The person's certificate and those above it.
    certificates: Vec<String>,
    signed: String,
}

/// Signs what is said of an erasure.
///
/// # Errors
/// [`Error::Malformed`].
pub fn certify(keyring: &Keyring, trust: &Trust, erasure: &Erasure) -> Result<String> {
    let body = serde_json::to_vec(erasure).map_err(|_| Error::Malformed("erasure"))?;
    let paper = Paper {
        format: FORMAT.to_owned(),
        statement: erasure.clone(),
        root: HEXLOWER.encode(trust.root_public()),
        certificates: chain(trust, keyring.user_certificate()),
        signed: BASE64.encode(&keyring.sign_as_user(KIND, body).to_bytes()),
    };
    serde_json::to_string_pretty(&paper).map_err(|_| Error::Malformed("erasure"))
}

fn chain(trust: &Trust, certificate: Uuid) -> Vec<String> {
    let above = |id: &Uuid| trust.certificate(*id).map(|held| held.issuer);
    let ids = std::iter::successors(Some(certificate), above).take(CHAIN_MAX);
    ids.filter_map(|id| trust.object(id)).map(|object| BASE64.encode(&object.bytes)).collect()
}

/// Verifies a certificate of an erasure up to the realm's root key. Compare the realm of what comes back with the fingerprint on
/// the person's kit: anybody can found a realm.
///
/// # Errors
/// [`Error::Malformed`], [`Error::Signature`], [`Error::Elsewhere`] for what a different person signed.
pub fn verify(text: &str) -> Result<Erasure> {
    if text.len() > TEXT_MAX {
        return Err(Error::TooLarge("a certificate of erasure"));
    }
    let paper: Paper = serde_json::from_str(text).map_err(|_| Error::Malformed("erasure"))?;
    let root = HEXLOWER.decode(paper.root.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
    let root: [u8; 32] = root.ok_or(Error::Malformed("root"))?;
    if paper.format != FORMAT || paper.certificates.len() > CHAIN_MAX {
        return Err(Error::Malformed("erasure"));
    }
    let mut trust = Trust::new(root);
    for text in paper.certificates.iter().rev() {
        let signed = Signed::from_bytes(&decode(text)?)?;
        trust.learn(&KeyObject::signed(CERTS, trust.realm(), &signed))?;
    }
    let signed = Signed::from_bytes(&decode(&paper.signed)?)?;
    let holder = trust.certificate(Uuid::from_bytes(signed.certificate)).ok_or(Error::Signature)?;
    let keys = holder.user_keys().ok_or(Error::Elsewhere)?;
    sign::verify(&signed, trust.realm().as_bytes(), &keys.sign).map_err(|_| Error::Signature)?;
    let said: Erasure = serde_json::from_slice(&signed.body).map_err(|_| Error::Malformed("erasure"))?;
    match signed.kind == KIND && said == paper.statement && said.user == holder.subject && said.realm == trust.realm() {
        true => Ok(said),
        false => Err(Error::Elsewhere),
    }
}

fn decode(text: &str) -> Result<Vec<u8>> {
    BASE64.decode(text.as_bytes()).map_err(|_| Error::Malformed("base64"))
}
