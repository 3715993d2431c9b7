//! What a request carries: the public keys that want in and, where somebody signed in elsewhere first, the proof of it.
//!
//! The proof is bound both ways: its nonce is a digest of the keys, so it is good for this request alone, and the letters that two
//! people compare cover it, so nobody puts another account in its place on the way.

use super::body::{self, Body};
use super::certificate::{DeviceKeys, UserKeys};
use super::{Error, Result};
use bson::doc;
use crypto::Zeroizing;
use crypto::encode::{lp, sha256};
use crypto::grant::AgreementPublic;
use data_encoding::BASE64URL_NOPAD;
use std::fmt;
use uuid::Uuid;

/// The largest bundle, in bytes.
pub(super) const BUNDLE_MAX: usize = 16 * 1024;
/// The longest token of a provider that is carried, in bytes.
pub const TOKEN_MAX: usize = 8 * 1024;
/// The longest issuer, and the longest subject, in bytes.
const NAME_MAX: usize = 512;

/// That somebody signed in at a provider elsewhere, as the provider says it. It is not checked here.
#[derive(Clone, PartialEq, Eq)]
pub struct OutsideProof {
    /// Issuer identifier of the provider.
    pub issuer: String,
    /// Who, in its words.
    pub subject: String,
    /// The ID token, as it came.
    pub token: Zeroizing<String>,
}

impl fmt::Debug for OutsideProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutsideProof").finish_non_exhaustive()
    }
}

/// The content of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bundle {
    /// Of this request alone.
    pub(super) nonce: [u8; 16],
    pub(super) device: DeviceKeys,
    pub(super) member: Option<(Uuid, UserKeys)>,
    pub(super) outside: Option<OutsideProof>,
}

impl Bundle {
    pub(super) fn read(bytes: &[u8]) -> Result<Self> {
        let body = Body::read(bytes, BUNDLE_MAX)?;
        let device = DeviceKeys {
            sign: body.fixed("dsig")?,
            agree: AgreementPublic::from_bytes(body.bytes("dkem")?)?,
            claim: body.fixed("claim")?,
        };
        Ok(Bundle {
            nonce: body.fixed("nonce")?,
            device,
            member: body.has("user").then(|| Ok::<_, Error>((body.id("user")?, UserKeys::read(body)?))).transpose()?,
            outside: body.has("outside").then(|| read_outside(body.within("outside")?)).transpose()?,
        })
    }

    pub(super) fn write(&self) -> Result<Vec<u8>> {
        let device = &self.device;
        let mut bundle = doc! {
            "nonce": body::bytes(&self.nonce), "dsig": body::bytes(&device.sign),
            "dkem": body::bytes(device.agree.as_bytes()), "claim": body::bytes(&device.claim),
        };
        if let Some((user, keys)) = &self.member {
            bundle.insert("user", body::id(*user));
            bundle.insert("sig", body::bytes(&keys.sign));
            bundle.insert("kem", body::bytes(keys.agree.as_bytes()));
            bundle.insert("rec", body::bytes(keys.recovery.as_bytes()));
            bundle.insert("v", body::number(keys.version.into()));
        }
        if let Some(OutsideProof { issuer, subject, token }) = &self.outside {
            bundle.insert("outside", doc! { "iss": issuer, "sub": subject, "token": token.as_str() });
        }
        body::write(&bundle)
    }

    /// What a provider is to put into its token: a digest of everything else in this request, and of the invitation that it answers.
    pub(super) fn outside_nonce(&self, realm: Uuid, invitation: Uuid) -> Result<String> {
        let bare = Bundle { outside: None, ..self.clone() }.write()?;
        let digest = sha256(&lp(&[b"mv1/enrol-outside", realm.as_bytes(), invitation.as_bytes(), &bare]));
        Ok(BASE64URL_NOPAD.encode(&digest))
    }
}

fn read_outside(body: Body) -> Result<OutsideProof> {
    let (issuer, subject, token) = (body.text("iss")?, body.text("sub")?, body.text("token")?);
    OutsideProof { issuer: issuer.to_owned(), subject: subject.to_owned(), token: Zeroizing::new(token.to_owned()) }
        .bounded()
}

impl OutsideProof {
    /// The proof, if it is small enough to be carried.
    pub(super) fn bounded(self) -> Result<Self> {
        let small = self.issuer.len().max(self.subject.len()) <= NAME_MAX && self.token.len() <= TOKEN_MAX;
        if small { Ok(self) } else { Err(Error::TooLarge("the proof of a provider")) }
    }
}
