//! Codes of an authenticator app: RFC 6238 with SHA-1, six digits, steps of 30 seconds, one step of tolerance either way.
//!
//! SHA-1 is what the apps have in common; its weakness, collisions, is none of HMAC's.

use crate::{Error, Result, random};
use totp_rs::{Algorithm, Builder, Secret};
use zeroize::Zeroizing;

/// The length of a secret, in bytes (RFC 4226, section 4).
pub const SECRET: usize = 20;
/// How many digits a code has.
pub const DIGITS: u8 = 6;
/// The length of a step, in seconds.
pub const STEP_S: u64 = 30;
/// How many steps an app's clock may be off, either way.
const SKEW: u16 = 1;
/// The name under which an app lists the secret.
const ISSUER: &str = "Aidpost";

/// The secret that a person's app and their record share.
pub struct Totp(totp_rs::Totp);

impl Totp {
    /// Draws a new secret.
    ///
    /// # Errors
    /// [`Error::Random`] when the operating system gives no random bytes.
    pub fn make() -> Result<Self> {
        let mut secret = Box::new([0; SECRET]);
        random::fill(secret.as_mut_slice())?;
        Self::of(Secret::new(secret), "")
    }

    /// Reads a secret as [`Totp::base32`] wrote it.
    ///
    /// # Errors
    /// [`Error::BadForm`] unless it is 20 bytes in base32.
    pub fn from_base32(text: &str) -> Result<Self> {
        let secret = Secret::try_from_base32(text).map_err(|_| Error::BadForm("a TOTP secret is base32"))?;
        Self::of(secret, "")
    }

    fn of(secret: Secret, account: &str) -> Result<Self> {
        if secret.as_bytes().len() != SECRET {
            return Err(Error::BadForm("a TOTP secret has 20 bytes"));
        }
        let builder = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(DIGITS)
            .with_step_duration(STEP_S)
            .with_skew(SKEW)
            .with_secret(secret)
            .with_issuer(Some(ISSUER))
            .with_account_name(account);
        builder.build().map(Self).map_err(|_| Error::BadForm("not the parts of a TOTP address"))
    }

    /// The secret in base32, for the record and for typing it into an app.
    pub fn base32(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.secret().to_base32())
    }

    /// The `otpauth://` address that an app reads from a QR code. A colon in the account's name would end it early and becomes
    /// a space.
    ///
    /// # Errors
    /// [`Error::BadForm`] for an empty name.
    pub fn address(&self, account: &str) -> Result<Zeroizing<String>> {
        let named = Self::of(Secret::new(self.0.secret().as_bytes().into()), &account.replace(':', " "))?;
        named.0.to_url().map(Zeroizing::new).map_err(|_| Error::BadForm("a TOTP address names an account"))
    }

    /// The step that a code is of, if it is one of now, the step before or the step after; compared in constant time. The
    /// caller takes each step at most once.
    pub fn step_of(&self, code: &str, now_s: u64) -> Option<u64> {
        self.0.check(code, now_s)
    }

    /// The code of a time in seconds since 1970, as an app shows it.
    pub fn code_at(&self, time_s: u64) -> Zeroizing<String> {
        Zeroizing::new(self.0.generate(time_s).to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the secret, and the SHA-1 column. Six digits are the last six of its eight.
    const SEED: &[u8; SECRET] = b"12345678901234567890";
    const VECTORS: [(u64, &str); 6] = [
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ];

    fn seeded() -> Totp {
        Totp::from_base32(&data_encoding::BASE32_NOPAD.encode(SEED)).unwrap()
    }

    #[test]
    fn gives_the_codes_of_rfc_6238() {
        for (time, code) in VECTORS {
            assert_eq!(*seeded().code_at(time), code[2..], "at {time}");
            assert_eq!(seeded().step_of(&code[2..], time), Some(time / STEP_S));
        }
    }

    #[test]
    fn a_code_counts_one_step_around_its_own_and_no_further() {
        let totp = seeded();
        let code = totp.code_at(STEP_S * 100);
        let accepted = |step: u64| totp.step_of(&code, STEP_S * step);
        assert_eq!([98, 99, 100, 101, 102].map(accepted), [None, Some(100), Some(100), Some(100), None]);
        for wrong in ["", "12345", "1234567", "+12345", "abcdef", "１２３４５６"] {
            assert_eq!(totp.step_of(wrong, STEP_S * 100), None, "{wrong}");
        }
    }

    #[test]
    fn the_address_is_what_an_app_reads() {
        let address = seeded().address("Dr: Amina").unwrap();
        let secret = data_encoding::BASE32_NOPAD.encode(SEED);
        assert_eq!(*address, format!("otpauth://totp/Aidpost:Dr%20%20Amina?secret={secret}&issuer=Aidpost"));
        assert!(seeded().address("").is_err());
    }

    #[test]
    fn secrets_differ_and_other_lengths_are_refused() {
        let one = Totp::make().unwrap();
        assert_ne!(*one.base32(), *Totp::make().unwrap().base32());
        assert_eq!(*Totp::from_base32(&one.base32()).unwrap().base32(), *one.base32());
        for bad in ["", "ABC", "not base32!", &data_encoding::BASE32_NOPAD.encode(&[7; 21])] {
            assert!(matches!(Totp::from_base32(bad), Err(Error::BadForm(_))), "{bad}");
        }
    }
}
