//! Invitations: how a new device or a new person comes into a realm, and the letters that two people compare.

use crate::encode::{lp, sha256};
use crate::{Error, Key, Result, kdf, random, seal, text_form};
use data_encoding::BASE32_NOPAD;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// The longest connection card, in bytes; with it the text still fits one QR code.
pub const MAX_CARD: usize = 2048;
/// The longest enrolment message, in bytes.
pub const MAX_MESSAGE: usize = 1024 * 1024;
const LABEL: &str = "INV1";
const FORMAT: u8 = 0x01;
const FIXED: usize = 1 + 16 + 16 + 32 + 4 + 16;
/// Eighty bits cannot be ground out while the invitation is valid.
const CHECK_BYTES: usize = 10;

/// An invitation. Whoever has its text can take part, so it is shown once, for minutes.
pub struct Invitation {
    /// The realm, and so its root key, that the new device will accept.
    pub realm: [u8; 16],
    /// The id under which both sides leave their messages.
    pub id: [u8; 16],
    secret: Key,
    /// When it ends, in seconds since 1970.
    pub expires_s: u32,
    /// The device that made it.
    pub inviter_device: [u8; 16],
    /// How to reach the database; opaque here.
    pub card: Vec<u8>,
}

impl Invitation {
    /// Makes an invitation with a fresh id and secret.
    ///
    /// # Errors
    /// [`Error::BadForm`] for a card longer than [`MAX_CARD`]; [`Error::Random`].
    pub fn make(realm: [u8; 16], inviter_device: [u8; 16], card: Vec<u8>, expires_s: u32) -> Result<Self> {
        if card.len() > MAX_CARD {
            return Err(Error::BadForm("a connection card has at most 2048 bytes"));
        }
        Ok(Self { realm, id: random::bytes()?, secret: Key::make()?, expires_s, inviter_device, card })
    }

    /// Gives the text for the QR code, the file or the screen: `INV1:` and base32.
    pub fn text(&self) -> String {
        let mut payload = Zeroizing::new(Vec::with_capacity(FIXED + self.card.len()));
        payload.push(FORMAT);
        payload.extend_from_slice(&self.realm);
        payload.extend_from_slice(&self.id);
        payload.extend_from_slice(self.secret.expose());
        payload.extend_from_slice(&self.expires_s.to_be_bytes());
        payload.extend_from_slice(&self.inviter_device);
        payload.extend_from_slice(&self.card);
        std::mem::take(&mut *text_form::write(LABEL, &payload))
    }

    /// Reads the text of an invitation, in either case, with white space or hyphens between letters. Whether it has
    /// ended is asked with [`Invitation::has_ended`].
    ///
    /// # Errors
    /// [`Error::BadForm`], which says whether it was mistyped or is something else.
    pub fn parse(text: &str) -> Result<Self> {
        let payload = text_form::read(LABEL, FIXED + MAX_CARD, text)?;
        let mut rest = payload.as_slice();
        if take::<1>(&mut rest)? != [FORMAT] {
            return Err(Error::BadForm("an invitation of another format"));
        }
        Ok(Self {
            realm: take(&mut rest)?,
            id: take(&mut rest)?,
            secret: Key::from_bytes(take(&mut rest)?),
            expires_s: u32::from_be_bytes(take(&mut rest)?),
            inviter_device: take(&mut rest)?,
            card: rest.to_vec(),
        })
    }

    /// Says whether the invitation has ended at the given time, in seconds since 1970.
    pub fn has_ended(&self, now_s: u64) -> bool {
        now_s >= u64::from(self.expires_s)
    }

    /// Seals the new device's message to the inviter.
    ///
    /// # Errors
    /// [`Error::BadForm`] for a message longer than [`MAX_MESSAGE`]; [`Error::Random`].
    pub fn seal_up(&self, message: &[u8]) -> Result<Vec<u8>> {
        self.seal("up", message)
    }

    /// Opens the new device's message.
    ///
    /// # Errors
    /// [`Error::Unopenable`] for every cause.
    pub fn open_up(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        self.open("up", sealed)
    }

    /// Seals the inviter's answer to the new device.
    ///
    /// # Errors
    /// [`Error::BadForm`] for a message longer than [`MAX_MESSAGE`]; [`Error::Random`].
    pub fn seal_down(&self, message: &[u8]) -> Result<Vec<u8>> {
        self.seal("down", message)
    }

    /// Opens the inviter's answer.
    ///
    /// # Errors
    /// [`Error::Unopenable`] for every cause.
    pub fn open_down(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        self.open("down", sealed)
    }

    fn seal(&self, direction: &str, message: &[u8]) -> Result<Vec<u8>> {
        if message.len() > MAX_MESSAGE {
            return Err(Error::BadForm("an enrolment message has at most 1 MiB"));
        }
        seal::seal(&self.key(), &self.context(direction), message)
    }

    fn open(&self, direction: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        if sealed.len() as u64 > seal::sealed_len(MAX_MESSAGE as u64) {
            return Err(Error::Unopenable);
        }
        seal::open(&self.key(), &self.context(direction), sealed)
    }

    fn key(&self) -> Key {
        kdf::expand(&self.secret, &lp(&[b"mv1/enrol-key", &self.id]))
    }

    fn context(&self, direction: &str) -> Vec<u8> {
        lp(&[b"mv1/enrol-msg", &self.id, direction.as_bytes()])
    }

    /// Gives the 16 letters, `XXXX XXXX XXXX XXXX`, that both screens show and two people compare before anything
    /// is signed. `bundle` is the plaintext of the new device's message.
    pub fn check_words(&self, bundle: &[u8]) -> String {
        check_words(&self.secret, bundle)
    }

    /// Compares typed letters with [`Invitation::check_words`] in constant time, in either case and however grouped.
    pub fn check_words_are(&self, bundle: &[u8], typed: &str) -> bool {
        let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>();
        let (ours, theirs) = (letters(&self.check_words(bundle)), letters(typed).to_ascii_uppercase());
        ours.as_bytes().ct_eq(theirs.as_bytes()).into()
    }
}

pub(crate) fn check_words(secret: &Key, bundle: &[u8]) -> String {
    let input = Zeroizing::new(lp(&[b"mv1/enrol", secret.expose(), bundle]));
    let letters = BASE32_NOPAD.encode(&sha256(&input)[..CHECK_BYTES]);
    text_form::groups(&letters).collect::<Vec<_>>().join(" ")
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N]> {
    let (head, tail) = rest.split_first_chunk().ok_or(Error::BadForm("the invitation is too short"))?;
    *rest = tail;
    Ok(*head)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invitation() -> Invitation {
        Invitation::make([1; 16], [2; 16], b"mongodb.example:27017/clinic".to_vec(), 1_800_000_000).unwrap()
    }

    #[test]
    fn an_invitation_is_read_back_whole() {
        let made = invitation();
        let typed = made.text().to_lowercase().replace("aa", "a - \na");
        for text in [made.text(), typed] {
            let read = Invitation::parse(&text).unwrap();
            assert_eq!((read.realm, read.id), (made.realm, made.id));
            assert_eq!((read.expires_s, read.inviter_device), (made.expires_s, made.inviter_device));
            assert_eq!(read.card, made.card);
            assert!(read.secret.same(&made.secret));
        }
    }

    #[test]
    fn every_flipped_bit_and_every_shortening_is_refused() {
        let text = invitation().text();
        let bytes = BASE32_NOPAD.decode(&text.as_bytes()[5..]).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut altered = bytes.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            let text = format!("INV1:{}", BASE32_NOPAD.encode(&altered));
            assert!(matches!(Invitation::parse(&text), Err(Error::BadForm(_))), "bit {bit}");
        }
        for length in 0..text.len() {
            assert!(Invitation::parse(&text[..length]).is_err());
        }
    }

    #[test]
    fn sizes_are_bounded() {
        let card = |length| Invitation::make([1; 16], [2; 16], vec![0; length], 0);
        let largest = card(MAX_CARD).unwrap();
        assert_eq!(Invitation::parse(&largest.text()).unwrap().card.len(), MAX_CARD);
        assert!(matches!(card(MAX_CARD + 1), Err(Error::BadForm(_))));
        let too_long = text_form::write(LABEL, &vec![1; FIXED + MAX_CARD + 1]);
        assert!(Invitation::parse(&too_long).is_err());
        assert!(Invitation::parse(&text_form::write(LABEL, &[1; FIXED - 1])).is_err());
        assert!(invitation().seal_up(&vec![0; MAX_MESSAGE + 1]).is_err());
        assert!(invitation().open_up(&vec![0; MAX_MESSAGE + 1000]).is_err());
    }

    #[test]
    fn messages_open_in_their_own_direction_and_invitation_only() {
        let (one, other) = (invitation(), invitation());
        let up = one.seal_up(b"bundle").unwrap();
        let down = one.seal_down(b"answer").unwrap();
        assert_eq!(*one.open_up(&up).unwrap(), b"bundle");
        assert_eq!(*one.open_down(&down).unwrap(), b"answer");
        assert!(one.open_down(&up).is_err());
        assert!(one.open_up(&down).is_err());
        assert!(other.open_up(&up).is_err());
    }

    #[test]
    fn compared_letters_depend_on_secret_and_bundle() {
        let one = invitation();
        let letters = one.check_words(b"bundle");
        assert!(one.check_words_are(b"bundle", &letters));
        assert!(one.check_words_are(b"bundle", &letters.to_lowercase().replace(' ', "-")));
        assert!(!one.check_words_are(b"bundlf", &letters));
        assert!(!one.check_words_are(b"bundle", ""));
        assert!(!invitation().check_words_are(b"bundle", &letters));
        assert!(!one.check_words_are(b"bundle", &letters[..18]));
    }

    #[test]
    fn it_ends_at_its_second() {
        let made = invitation();
        assert!(!made.has_ended(1_799_999_999));
        assert!(made.has_ended(1_800_000_000));
    }
}
