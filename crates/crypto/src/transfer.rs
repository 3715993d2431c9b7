//! One message to a key that another screen shows once: a key pair for a single transfer, its code, and sealing to it.
//!
//! ```text
//! code    = "TAKE1:" ‖ base32(public[1216] ‖ sha256(public)[..4])
//! compare = base32(sha256(lp("mv1/transfer-compare", public)))[..8]
//! sealed  = enc[1120] ‖ HPKE(public, info = lp("mv1/transfer"), plain)
//! ```
//!
//! HPKE as in [`crate::grant`], in base mode: whoever sees the code can seal to it, so what comes out says nothing about
//! who sent it. The private half exists in memory alone and goes with its owner.

use crate::grant::{self, AgreementKey, AgreementPublic, ENCAPSULATED_LENGTH, PUBLIC_LENGTH};
use crate::{Error, Result, encode, text_form};
use data_encoding::BASE32_NOPAD;
use zeroize::Zeroizing;

const LABEL: &str = "TAKE1";
/// No longer message is sealed, in bytes.
pub const MAX_PLAIN: usize = 1 << 20;
/// How much longer a sealed message is than what is in it, in bytes.
pub const OVERHEAD: usize = ENCAPSULATED_LENGTH + TAG;
const TAG: usize = 16;

/// The private half of a key for one transfer.
pub struct TransferKey(AgreementKey);

impl TransferKey {
    /// Draws a new key.
    ///
    /// # Errors
    /// [`Error::Random`].
    pub fn make() -> Result<Self> {
        Ok(Self(AgreementKey::make()?))
    }

    /// The public half, to be shown.
    pub fn public(&self) -> TransferPublic {
        TransferPublic(self.0.public())
    }

    /// Opens what was sealed for this key.
    ///
    /// # Errors
    /// [`Error::Unopenable`] for every cause.
    pub fn open(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        if sealed.len() < OVERHEAD || sealed.len() > MAX_PLAIN + OVERHEAD {
            return Err(Error::Unopenable);
        }
        let (enc, ct) = sealed.split_at(ENCAPSULATED_LENGTH);
        grant::open_with(&self.0, &info(), enc, ct)
    }
}

/// The public half of a key for one transfer, as a code carries it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TransferPublic(AgreementPublic);

impl TransferPublic {
    /// Reads a code, whatever the case, with white space anywhere.
    ///
    /// # Errors
    /// [`Error::BadForm`] for anything that is no such code, or a damaged one.
    pub fn parse(text: &str) -> Result<Self> {
        let payload = text_form::read(LABEL, PUBLIC_LENGTH, text)?;
        Ok(Self(AgreementPublic::from_bytes(&payload)?))
    }

    /// The code, in the letters that QR codes carry most densely (ISO/IEC 18004: alphanumeric mode).
    pub fn code(&self) -> String {
        std::mem::take(&mut *text_form::write(LABEL, self.0.as_bytes()))
    }

    /// Eight characters by which two people see that both screens mean the same key: against a code scanned by mistake. It is too
    /// short to stop somebody who can search for a second key, and who would have to exchange the picture on the screen as well.
    pub fn comparison(&self) -> String {
        let digest = encode::sha256(&encode::lp(&[b"mv1/transfer-compare", self.0.as_bytes()]));
        let letters = BASE32_NOPAD.encode(&digest[..5]);
        format!("{} {}", &letters[..4], &letters[4..])
    }

    /// Seals a message for the holder of the key.
    ///
    /// # Errors
    /// [`Error::BadForm`] for a message longer than [`MAX_PLAIN`]; [`Error::Random`].
    pub fn seal(&self, plain: &[u8]) -> Result<Vec<u8>> {
        if plain.len() > MAX_PLAIN {
            return Err(Error::BadForm("a message of a transfer has at most 1 MiB"));
        }
        let (enc, ct) = grant::seal_for(&self.0, &info(), plain)?;
        Ok([enc, ct].concat())
    }
}

/// Does a text begin as a code of a receiver does?
pub fn looks_like_code(text: &str) -> bool {
    let start = text.trim_start().get(..=LABEL.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case("TAKE1:"))
}

fn info() -> Vec<u8> {
    encode::lp(&[b"mv1/transfer"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_key_that_was_shown_opens() {
        let key = TransferKey::make().unwrap();
        let shown = TransferPublic::parse(&key.public().code().to_lowercase()).unwrap();
        assert_eq!((&shown, shown.comparison()), (&key.public(), key.public().comparison()));
        let sealed = shown.seal(b"Penicillin allergy").unwrap();
        assert_eq!(sealed.len(), 18 + OVERHEAD);
        assert_eq!(*key.open(&sealed).unwrap(), b"Penicillin allergy");
        let other = TransferKey::make().unwrap();
        assert_eq!(other.open(&sealed).unwrap_err(), Error::Unopenable);
        assert_ne!(other.public().comparison(), shown.comparison());
    }

    #[test]
    fn what_was_altered_or_cut_does_not_open() {
        let key = TransferKey::make().unwrap();
        let sealed = key.public().seal(b"x").unwrap();
        for place in (0..sealed.len()).step_by(37).chain([0, sealed.len() - 1]) {
            let mut altered = sealed.clone();
            altered[place] ^= 1;
            assert_eq!(key.open(&altered).unwrap_err(), Error::Unopenable, "byte {place}");
            assert_eq!(key.open(&sealed[..place]).unwrap_err(), Error::Unopenable, "cut at {place}");
        }
    }

    /// A grant and a transfer for the same key are different things.
    #[test]
    fn a_grant_is_no_transfer() {
        let key = TransferKey::make().unwrap();
        let grant = grant::seal(&key.public().0, &[0; 16], b"transfer", 1, &[0; 16], b"secret").unwrap();
        assert_eq!(key.open(&[grant.enc, grant.ct].concat()).unwrap_err(), Error::Unopenable);
    }

    #[test]
    fn damaged_codes_are_refused() {
        let code = TransferKey::make().unwrap().public().code();
        assert!(looks_like_code(&code) && !looks_like_code("shlink:/abc") && !looks_like_code("é"));
        for length in (0..code.len()).step_by(61) {
            assert!(matches!(TransferPublic::parse(&code[..length]), Err(Error::BadForm(_))), "{length} letters");
        }
        let exchanged = code.replacen('A', "B", 1);
        assert!(matches!(TransferPublic::parse(&exchanged), Err(Error::BadForm(_))));
        let longer = text_form::write(LABEL, &[1; PUBLIC_LENGTH + 1]);
        assert!(matches!(TransferPublic::parse(&longer), Err(Error::BadForm(_))));
        let too_much = vec![0; MAX_PLAIN + 1];
        assert!(matches!(TransferKey::make().unwrap().public().seal(&too_much), Err(Error::BadForm(_))));
    }
}
