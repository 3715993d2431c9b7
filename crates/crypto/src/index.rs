//! Equality tokens: how three kinds of value are normalised, and the keyed hash of the result.

use crate::encode::{fixed, lp};
use crate::{Error, Key, Result, kdf};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// No value longer than this is normalised, in bytes. An address has at most 254 (RFC 5321).
const MAX_VALUE: usize = 1024;

/// The only kinds of value that may have an equality token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum IndexKind {
    /// An e-mail address.
    Email,
    /// A telephone number with its country code.
    Phone,
    /// A number by which a clinic knows a patient.
    PatientNumber,
}

impl IndexKind {
    /// Gives the kind's name, as it enters the token.
    pub fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::PatientNumber => "patient-number",
        }
    }

    /// Brings a value into the one form in which two equal ones are equal.
    ///
    /// # Errors
    /// [`Error::BadForm`] when the value is not of this kind.
    pub fn normalise(self, value: &str) -> Result<String> {
        if value.len() > MAX_VALUE {
            return Err(Error::BadForm("value too long for an equality token"));
        }
        match self {
            Self::Email => email(value),
            Self::Phone => phone(value),
            Self::PatientNumber => patient_number(value),
        }
    }
}

pub(crate) fn token(scope_key: &Key, realm: &[u8; 16], epoch: u32, kind: IndexKind, value: &str) -> Result<[u8; 16]> {
    let normal = Zeroizing::new(kind.normalise(value)?);
    let message = Zeroizing::new(lp(&[kind.name().as_bytes(), normal.as_bytes()]));
    Ok(fixed(&kdf::mac(&epoch_key(scope_key, realm, epoch), &message)))
}

/// The keyed hash of what a document is the only one of: whoever lacks the realm's key can neither make nor guess it.
pub(crate) fn identity(scope_key: &Key, realm: &[u8; 16], epoch: u32, collection: &str, parts: &[&[u8]]) -> [u8; 16] {
    let key = kdf::expand(scope_key, &lp(&[b"mv1/identity", realm, &epoch.to_be_bytes()]));
    fixed(&kdf::mac(&key, &lp(&[&[collection.as_bytes()], parts].concat())))
}

pub(crate) fn epoch_key(scope_key: &Key, realm: &[u8; 16], epoch: u32) -> Key {
    kdf::expand(scope_key, &lp(&[b"mv1/index", realm, &epoch.to_be_bytes()]))
}

/// Trimmed, NFKC, lower case, and the domain in its ASCII form.
fn email(value: &str) -> Result<String> {
    let address = value.trim().nfkc().collect::<String>().to_lowercase();
    let (local, domain) = address.rsplit_once('@').ok_or(Error::BadForm("an e-mail address has an @"))?;
    if local.is_empty() || local.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(Error::BadForm("not an e-mail address"));
    }
    let domain = idna::domain_to_ascii(domain).map_err(|_| Error::BadForm("not the domain of an e-mail address"))?;
    if domain.is_empty() {
        return Err(Error::BadForm("an e-mail address has a domain"));
    }
    Ok(format!("{local}@{domain}"))
}

/// E.164: `+`, then 8 to 15 digits that do not begin with 0. A leading `00` counts as `+`; without either the
/// country is unknown and the number has no one form.
fn phone(value: &str) -> Result<String> {
    let written: String =
        value.nfkc().filter(|c| !c.is_whitespace() && !"-./()\u{2010}\u{2011}\u{2013}".contains(*c)).collect();
    let digits = written
        .strip_prefix('+')
        .or_else(|| written.strip_prefix("00"))
        .ok_or(Error::BadForm("a telephone number begins with + and its country code"))?;
    let numeric = digits.bytes().all(|byte| byte.is_ascii_digit());
    if !numeric || !(8..=15).contains(&digits.len()) || digits.starts_with('0') {
        return Err(Error::BadForm("a telephone number has 8 to 15 digits after the +"));
    }
    Ok(format!("+{digits}"))
}

/// NFKC, upper case, without white space or hyphens.
fn patient_number(value: &str) -> Result<String> {
    let number: String = value
        .nfkc()
        .collect::<String>()
        .to_uppercase()
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}'))
        .collect();
    match number.is_empty() {
        true => Err(Error::BadForm("a patient number has at least one letter or digit")),
        false => Ok(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(kind: IndexKind, value: &str) -> String {
        kind.normalise(value).unwrap()
    }

    #[test]
    fn the_same_address_has_one_form() {
        for written in ["jane@example.org", " Jane@EXAMPLE.org\n", "ｊａｎｅ@example.org"] {
            assert_eq!(normal(IndexKind::Email, written), "jane@example.org");
        }
        // RFC 3492 section 7.1 has no short sample; this is the well-known form of "bücher".
        assert_eq!(normal(IndexKind::Email, "a@BÜCHER.example"), "a@xn--bcher-kva.example");
        for wrong in ["", "jane", "@example.org", "jane@", "ja ne@example.org"] {
            assert!(matches!(IndexKind::Email.normalise(wrong), Err(Error::BadForm(_))), "{wrong}");
        }
        assert!(IndexKind::Email.normalise(&"a".repeat(MAX_VALUE + 1)).is_err());
    }

    #[test]
    fn the_same_telephone_number_has_one_form() {
        for written in ["+44 20 7946 0958", "0044-20-7946-0958", "+44 (20) 7946.0958", "＋４４２０７９４６０９５８"]
        {
            assert_eq!(normal(IndexKind::Phone, written), "+442079460958");
        }
        for wrong in ["", "020 7946 0958", "+44", "+0123456789", "+44 20 7946 O958", "+1234567890123456"] {
            assert!(matches!(IndexKind::Phone.normalise(wrong), Err(Error::BadForm(_))), "{wrong}");
        }
    }

    #[test]
    fn the_same_patient_number_has_one_form() {
        for written in ["MRN-00 42", "mrn0042", "ｍｒｎ\u{2011}0042"] {
            assert_eq!(normal(IndexKind::PatientNumber, written), "MRN0042");
        }
        assert!(IndexKind::PatientNumber.normalise(" - ").is_err());
    }

    #[test]
    fn kinds_and_epochs_have_tokens_of_their_own() {
        let key = Key::from_bytes([1; 32]);
        let make = |epoch, kind, value| token(&key, &[2; 16], epoch, kind, value).unwrap();
        let first = make(1, IndexKind::PatientNumber, "+442079460958");
        assert_eq!(first, make(1, IndexKind::PatientNumber, "+44 2079460958"));
        assert_ne!(first, make(2, IndexKind::PatientNumber, "+442079460958"));
        assert_ne!(first, make(1, IndexKind::Phone, "+442079460958"));
    }
}
