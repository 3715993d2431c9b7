//! Wrapping a key for a person or a device: HPKE base mode with MLKEM768-X25519 (X-Wing), HKDF-SHA-256 and
//! ChaCha20-Poly1305.
//!
//! Base mode does not say who made a grant: **anyone can make one that opens**. What comes out is accepted only
//! after a comparison with something signed, as [`crate::scope::ScopeKey::accept`] does.

use crate::{Error, Key, Result, bytes_form, encode, random};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::XWing;
use hpke::rand_core::{TryCryptoRng, TryRng};
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable, single_shot_open, single_shot_seal_with_rng};
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use zeroize::{Zeroize, Zeroizing};

/// Bytes of a public key: 1184 of ML-KEM-768 and 32 of X25519.
pub const PUBLIC_LENGTH: usize = 1216;
/// Bytes of an encapsulated key: 1088 of ML-KEM-768 and 32 of X25519.
pub const ENCAPSULATED_LENGTH: usize = 1120;
/// No secret longer than this is wrapped, in bytes.
pub const MAX_SECRET: usize = 4096;
const TAG: usize = 16;

/// A private key that opens grants, kept as its seed of 32 bytes.
pub struct AgreementKey(Key);

impl AgreementKey {
    /// Draws a new key, as a device does.
    ///
    /// # Errors
    /// [`Error::Random`].
    pub fn make() -> Result<Self> {
        Ok(Self(Key::make()?))
    }

    /// Makes the key that belongs to a seed.
    pub fn from_seed(seed: &Key) -> Self {
        Self(seed.duplicate())
    }

    /// Gives the seed, for the keyring that stores it sealed.
    pub fn seed(&self) -> &Key {
        &self.0
    }

    /// Makes the public half.
    pub fn public(&self) -> AgreementPublic {
        let public = XWing::sk_to_pk(&self.private()).to_bytes();
        AgreementPublic(Box::new(encode::fixed(&public)))
    }

    fn private(&self) -> <XWing as Kem>::PrivateKey {
        Deserializable::from_bytes(self.0.expose()).expect("every 32 bytes are an X-Wing private key")
    }
}

/// A public key that grants can be made for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AgreementPublic(Box<[u8; PUBLIC_LENGTH]>);

impl AgreementPublic {
    /// Reads a public key and checks that it is one.
    ///
    /// # Errors
    /// [`Error::BadForm`] for a wrong length or a value that ML-KEM refuses.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let public: [u8; PUBLIC_LENGTH] =
            bytes.try_into().map_err(|_| Error::BadForm("an agreement key has 1216 bytes"))?;
        parse_public(&public)?;
        Ok(Self(Box::new(public)))
    }

    /// Gives the bytes of the key.
    pub fn as_bytes(&self) -> &[u8; PUBLIC_LENGTH] {
        &self.0
    }
}

fn parse_public(bytes: &[u8]) -> Result<<XWing as Kem>::PublicKey> {
    Deserializable::from_bytes(bytes).map_err(|_| Error::BadForm("not an agreement key"))
}

/// A secret wrapped for one recipient.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Grant {
    /// The encapsulated key, 1120 bytes.
    #[serde(with = "bytes_form")]
    pub enc: Vec<u8>,
    /// The sealed secret.
    #[serde(with = "bytes_form")]
    pub ct: Vec<u8>,
}

/// Wraps a secret for the holder of a public key. `subject` is what it is the key of: a scope's id, a user's id,
/// or a fixed word.
///
/// # Errors
/// [`Error::Random`]; [`Error::BadForm`] for a secret or subject that is too long.
pub fn seal(
    to: &AgreementPublic,
    realm: &[u8; 16],
    subject: &[u8],
    version: u32,
    recipient: &[u8; 16],
    secret: &[u8],
) -> Result<Grant> {
    if secret.len() > MAX_SECRET {
        return Err(Error::BadForm("a wrapped secret has at most 4096 bytes"));
    }
    let (enc, ct) = seal_for(to, &context(realm, subject, version, recipient)?, secret)?;
    Ok(Grant { enc, ct })
}

/// Opens a grant made for this key, subject, version and recipient.
///
/// # Errors
/// [`Error::Unopenable`] for every cause.
pub fn open(
    key: &AgreementKey,
    realm: &[u8; 16],
    subject: &[u8],
    version: u32,
    recipient: &[u8; 16],
    grant: &Grant,
) -> Result<Zeroizing<Vec<u8>>> {
    if grant.enc.len() != ENCAPSULATED_LENGTH || grant.ct.len() > MAX_SECRET + TAG {
        return Err(Error::Unopenable);
    }
    let info = context(realm, subject, version, recipient).map_err(|_| Error::Unopenable)?;
    open_with(key, &info, &grant.enc, &grant.ct)
}

/// The encapsulated key and the sealed bytes: HPKE's single shot, with what it is for in `info`.
pub(crate) fn seal_for(to: &AgreementPublic, info: &[u8], plain: &[u8]) -> Result<(Vec<u8>, Vec<u8>)> {
    let public = parse_public(to.as_bytes())?;
    let mut rng = SystemRng { failed: false };
    let sealed = single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, XWing>(
        &OpModeS::Base,
        &public,
        info,
        plain,
        b"",
        &mut rng,
    );
    if rng.failed {
        return Err(Error::Random);
    }
    let (enc, ct) = sealed.map_err(|_| Error::BadForm("the secret cannot be wrapped for this key"))?;
    Ok((enc.to_bytes().to_vec(), ct))
}

/// Opens what [`seal_for`] made with the same `info`.
pub(crate) fn open_with(key: &AgreementKey, info: &[u8], enc: &[u8], ct: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let enc = Deserializable::from_bytes(enc).map_err(|_| Error::Unopenable)?;
    single_shot_open::<ChaCha20Poly1305, HkdfSha256, XWing>(&OpModeR::Base, &key.private(), &enc, info, ct, b"")
        .map(Zeroizing::new)
        .map_err(|_| Error::Unopenable)
}

fn context(realm: &[u8; 16], subject: &[u8], version: u32, recipient: &[u8; 16]) -> Result<Vec<u8>> {
    encode::try_lp(&[b"mv1/grant", realm, subject, &version.to_be_bytes(), recipient])
}

/// Passes the system's randomness to HPKE. Its interface has no way to fail, so a failure is noted, zeros are
/// handed over, and what was made of them is thrown away.
struct SystemRng {
    failed: bool,
}

impl TryRng for SystemRng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut word = [0; 4];
        self.try_fill_bytes(&mut word)?;
        Ok(u32::from_le_bytes(word))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut word = [0; 8];
        self.try_fill_bytes(&mut word)?;
        Ok(u64::from_le_bytes(word))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        if random::fill(out).is_err() {
            out.zeroize();
            self.failed = true;
        }
        Ok(())
    }
}

impl TryCryptoRng for SystemRng {}
