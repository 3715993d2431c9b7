//! Entries that a host of a link seals for whoever made the link: it has the public half alone, and cannot read what it wrote.
//!
//! ```text
//! seed   = HKDF(salt = "", secret = link key, info = lp("mv1/link-audit-key"))
//! sealed = enc[1120] ‖ HPKE(public of seed, info = lp("mv1/link-audit", context), plain)
//! ```
//!
//! HPKE as in [`crate::grant`], in base mode: whoever has the public half can seal, so an entry is the host's word. The private half is
//! derived from the link's key, which only the owner's devices and whoever was given the link have; it is stored nowhere.

use crate::grant::{self, AgreementKey, AgreementPublic, ENCAPSULATED_LENGTH, PUBLIC_LENGTH};
use crate::{Error, Result, encode, kdf};
use zeroize::Zeroizing;

/// The length of the public half, in bytes.
pub const PUBLIC_BYTES: usize = PUBLIC_LENGTH;
/// No longer entry is sealed, in bytes.
pub const MAX_PLAIN: usize = 4096;
/// How much longer a sealed entry is than what is in it, in bytes.
pub const OVERHEAD: usize = ENCAPSULATED_LENGTH + TAG;
const TAG: usize = 16;

/// The private half, for whoever has the link.
pub struct AuditKey(AgreementKey);

impl AuditKey {
    /// The key that belongs to a link's.
    pub fn of_link(link_key: &[u8; 32]) -> Self {
        Self(AgreementKey::from_seed(&kdf::derive(link_key, &[], &encode::lp(&[b"mv1/link-audit-key"]))))
    }

    /// The public half, for the host.
    pub fn public(&self) -> AuditPublic {
        AuditPublic(self.0.public())
    }

    /// Opens an entry that was sealed for this link in this `context`.
    ///
    /// # Errors
    /// [`Error::Unopenable`] for every cause.
    pub fn open(&self, context: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        if sealed.len() < OVERHEAD || sealed.len() > MAX_PLAIN + OVERHEAD {
            return Err(Error::Unopenable);
        }
        let (enc, ct) = sealed.split_at(ENCAPSULATED_LENGTH);
        grant::open_with(&self.0, &info(context), enc, ct)
    }
}

/// The public half of a link's key for entries.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuditPublic(AgreementPublic);

impl AuditPublic {
    /// Reads it back.
    ///
    /// # Errors
    /// [`Error::BadForm`] for anything that is no such key.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        Ok(Self(AgreementPublic::from_bytes(bytes)?))
    }

    /// Its [`PUBLIC_BYTES`] bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Seals an entry; `context` is what is said beside it in clear, so that neither can be put beside another.
    ///
    /// # Errors
    /// [`Error::BadForm`] for an entry longer than [`MAX_PLAIN`]; [`Error::Random`].
    pub fn seal(&self, context: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
        if plain.len() > MAX_PLAIN {
            return Err(Error::BadForm("an entry about a link has at most 4 KiB"));
        }
        let (enc, ct) = grant::seal_for(&self.0, &info(context), plain)?;
        Ok([enc, ct].concat())
    }
}

fn info(context: &[u8]) -> Vec<u8> {
    encode::lp(&[b"mv1/link-audit", context])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whoever_has_the_link_reads_what_its_host_wrote() {
        let key = AuditKey::of_link(&[7; 32]);
        let host = AuditPublic::from_bytes(key.public().as_bytes()).unwrap();
        let sealed = host.seal(b"granted", b"Dr Ann").unwrap();
        assert_eq!(sealed.len(), 6 + OVERHEAD);
        assert_eq!(*AuditKey::of_link(&[7; 32]).open(b"granted", &sealed).unwrap(), b"Dr Ann");
        assert_eq!(key.open(b"refused", &sealed).unwrap_err(), Error::Unopenable, "beside another word");
        assert_eq!(AuditKey::of_link(&[8; 32]).open(b"granted", &sealed).unwrap_err(), Error::Unopenable);
        for place in (0..sealed.len()).step_by(97) {
            let mut altered = sealed.clone();
            altered[place] ^= 1;
            assert_eq!(key.open(b"granted", &altered).unwrap_err(), Error::Unopenable, "byte {place}");
        }
        assert!(AuditPublic::from_bytes(&sealed[..10]).is_err() && host.seal(b"", &[0; MAX_PLAIN + 1]).is_err());
    }
}
