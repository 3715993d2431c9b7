//! Tickets: short-lived permissions to fetch one file of one link, checked without storage.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::{hkdf, hmac};

use crate::error::{Error, Result};

/// How long a ticket is good for, in seconds (the standard allows an hour).
pub const TICKET_SECONDS: u64 = 60;
/// The longest ticket that is looked at, in characters.
const TICKET_MAX: usize = 512;
const TIME_LEN: usize = 8;
const MAC_LEN: usize = 32;
/// The least length of a secret that several hosts share: 32 characters of hexadecimal are 128 bits.
const SECRET_MIN: usize = 32;

/// The secret with which tickets are made and checked (HMAC-SHA-256).
#[derive(Clone)]
pub struct TicketKey(hmac::Key);

impl TicketKey {
    /// Makes a fresh key. Tickets made with it end with the process unless the bytes are kept; that costs a reader one new
    /// manifest at most.
    ///
    /// # Errors
    /// [`crate::Error::Randomness`].
    pub fn make() -> Result<Self> {
        let mut bytes = zeroize::Zeroizing::new([0u8; 32]);
        crate::link::fill(bytes.as_mut_slice())?;
        Ok(Self::from_bytes(&bytes))
    }

    /// Takes a key that several routers share.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }

    /// Derives the key from a secret that several hosts of the same links are given, so that each takes the tickets of the others.
    ///
    /// # Errors
    /// [`Error::ShortSecret`] for less than 32 characters.
    pub fn from_secret(secret: &str) -> Result<Self> {
        let secret = secret.trim();
        if secret.len() < SECRET_MIN {
            return Err(Error::ShortSecret);
        }
        let info: [&[u8]; 1] = [b"aidpost/shl/ticket-key/1"];
        let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(secret.as_bytes());
        let key = prk.expand(&info, hmac::HMAC_SHA256);
        Ok(Self(key.expect("a key of HMAC-SHA-256 is one block of HKDF-SHA-256").into()))
    }

    /// A ticket for a file of a link: end, HMAC, and the file's id, in base64url.
    pub(super) fn make_ticket(&self, link: &str, file: &str, now: u64) -> String {
        let end = now.saturating_add(TICKET_SECONDS).to_be_bytes();
        let mac = hmac::sign(&self.0, &signed(link, file.as_bytes(), end));
        URL_SAFE_NO_PAD.encode([&end[..], mac.as_ref(), file.as_bytes()].concat())
    }

    /// The id of the file that the ticket is for, if it was made for this link and is still good at `now`.
    pub(super) fn check(&self, link: &str, ticket: &str, now: u64) -> Option<String> {
        if ticket.len() > TICKET_MAX {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(ticket).ok()?;
        let (end, rest) = bytes.split_first_chunk::<TIME_LEN>()?;
        let (mac, file) = rest.split_at_checked(MAC_LEN)?;
        hmac::verify(&self.0, &signed(link, file, *end), mac).ok()?;
        let good = now < u64::from_be_bytes(*end);
        good.then(|| String::from_utf8(file.to_vec()).ok())?
    }
}

/// What the HMAC covers: each part with its length, so that no two pairs of ids read the same.
fn signed(link: &str, file: &[u8], end: [u8; TIME_LEN]) -> Vec<u8> {
    let length = (link.len() as u64).to_be_bytes();
    [b"aidpost/shl/ticket/1", &length[..], link.as_bytes(), &end[..], file].concat()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_for_one_link_one_file_and_one_minute() {
        let key = TicketKey::from_bytes(&[7; 32]);
        let ticket = key.make_ticket("link", "file", 1000);
        assert_eq!(key.check("link", &ticket, 1000).as_deref(), Some("file"));
        assert_eq!(key.check("link", &ticket, 1059).as_deref(), Some("file"));
        assert_eq!(key.check("link", &ticket, 1060), None);
        assert_eq!(key.check("other", &ticket, 1000), None);
        assert_eq!(TicketKey::from_bytes(&[8; 32]).check("link", &ticket, 1000), None);
    }

    #[test]
    fn hosts_with_the_same_secret_take_the_tickets_of_each_other() {
        let (one, other) = ("a secret of the hosts, long enough", " a secret of the hosts, long enough\n");
        let ticket = TicketKey::from_secret(one).unwrap().make_ticket("link", "file", 1000);
        assert_eq!(TicketKey::from_secret(other).unwrap().check("link", &ticket, 1000).as_deref(), Some("file"));
        let third = TicketKey::from_secret("another secret, which is as long as").unwrap();
        assert_eq!(third.check("link", &ticket, 1000), None);
        assert!(matches!(TicketKey::from_secret("short"), Err(Error::ShortSecret)));
    }

    #[test]
    fn no_changed_byte_passes() {
        let key = TicketKey::from_bytes(&[7; 32]);
        let good = URL_SAFE_NO_PAD.decode(key.make_ticket("link", "file", 1000)).unwrap();
        for i in 0..good.len() {
            let mut bad = good.clone();
            bad[i] ^= 1;
            assert_eq!(key.check("link", &URL_SAFE_NO_PAD.encode(&bad), 1000), None, "byte {i}");
        }
        assert_eq!(key.check("link", &URL_SAFE_NO_PAD.encode(&good[..39]), 1000), None);
        assert_eq!(key.check("link", "", 1000), None);
        assert_eq!(key.check("link", &"A".repeat(513), 1000), None);
    }
}
