//! The recovery kit: a secret that exists on paper only, and what is made from it.

use crate::encode::lp;
use crate::grant::AgreementKey;
use crate::{Error, Key, Result, kdf, text_form};
use zeroize::Zeroizing;

const LABEL: &str = "KIT1";
const FORMAT: u8 = 0x01;
const PAYLOAD: usize = 1 + 16 + 32;

/// A user's kit. It opens the account without the passphrase, like a key to the house.
pub struct Kit {
    user: [u8; 16],
    secret: Key,
}

impl Kit {
    /// Draws a new kit for a user.
    ///
    /// # Errors
    /// [`Error::Random`].
    pub fn make(user: [u8; 16]) -> Result<Self> {
        Ok(Self::from_key(user, Key::make()?))
    }

    /// Takes over the secret of a kit.
    pub fn from_key(user: [u8; 16], secret: Key) -> Self {
        Self { user, secret }
    }

    /// Reads the text of a kit, in either case, with white space or hyphens between letters.
    ///
    /// # Errors
    /// [`Error::BadForm`], which says whether it was mistyped or is something else.
    pub fn parse(text: &str) -> Result<Self> {
        let payload = text_form::read(LABEL, PAYLOAD, text)?;
        if payload.len() != PAYLOAD || payload[0] != FORMAT {
            return Err(Error::BadForm("a kit of another format"));
        }
        let (user, secret) = payload[1..].split_at(16);
        let user = user.try_into().map_err(|_| Error::BadForm("a kit of another format"))?;
        Ok(Self { user, secret: Key::from_slice(secret)? })
    }

    /// Gives the text for the QR code: `KIT1:` and 85 letters.
    pub fn text(&self) -> Zeroizing<String> {
        let mut payload = Zeroizing::new(Vec::with_capacity(PAYLOAD));
        payload.push(FORMAT);
        payload.extend_from_slice(&self.user);
        payload.extend_from_slice(self.secret.expose());
        text_form::write(LABEL, &payload)
    }

    /// Gives the letters after the label in groups of four, for reading and typing; the last group has one.
    pub fn groups(&self) -> Vec<Zeroizing<String>> {
        let text = self.text();
        text_form::groups(&text[LABEL.len() + 1..]).map(|group| Zeroizing::new(group.to_owned())).collect()
    }

    /// Gives the user whose kit this is.
    pub fn user(&self) -> &[u8; 16] {
        &self.user
    }

    /// Makes the account secret, which every enrolled device keeps.
    pub fn account_secret(&self) -> Key {
        self.derive("account")
    }

    /// Makes the recovery key, of which only the public half is ever stored.
    pub fn recovery(&self) -> AgreementKey {
        AgreementKey::from_seed(&self.derive("recovery"))
    }

    fn derive(&self, purpose: &str) -> Key {
        kdf::expand(&self.secret, &lp(&[b"mv1/kit", purpose.as_bytes()]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kit() -> Kit {
        Kit::from_key([9; 16], Key::from_bytes([0x22; 32]))
    }

    #[test]
    fn a_kit_is_read_back_however_it_is_typed() {
        let text = kit().text();
        assert_eq!(text.len(), 90);
        let grouped = kit().groups().iter().map(|group| group.as_str()).collect::<Vec<_>>().join(" - \n");
        let typed = [text.to_string(), text.to_lowercase(), format!("kit1:{grouped}"), format!("  {}\r\n", *text)];
        for text in typed {
            let read = Kit::parse(&text).unwrap();
            assert_eq!(read.user(), kit().user());
            assert!(read.account_secret().same(&kit().account_secret()));
            assert!(read.recovery().seed().same(kit().recovery().seed()));
        }
    }

    #[test]
    fn every_single_mistyped_letter_is_noticed() {
        let text = kit().text();
        for place in 5..text.len() {
            for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567018!é".chars() {
                let mut letters: Vec<char> = text.chars().collect();
                if letters[place] == letter {
                    continue;
                }
                letters[place] = letter;
                let typed: String = letters.into_iter().collect();
                assert!(matches!(Kit::parse(&typed), Err(Error::BadForm(_))), "{place} {letter}");
            }
        }
    }

    #[test]
    fn missing_exchanged_and_additional_letters_are_noticed() {
        let text = kit().text();
        for length in 0..text.len() {
            assert!(Kit::parse(&text[..length]).is_err());
        }
        for place in 5..text.len() - 1 {
            let mut letters: Vec<char> = text.chars().collect();
            letters.swap(place, place + 1);
            let typed: String = letters.into_iter().collect();
            assert!(typed == *text || Kit::parse(&typed).is_err());
        }
        assert!(Kit::parse(&format!("{}A", *text)).is_err());
        assert!(Kit::parse(&text.repeat(1000)).is_err());
        assert!(Kit::parse(&text.replace("KIT1", "INV1")).is_err());
    }

    #[test]
    fn a_kit_of_another_format_or_length_is_refused_though_its_check_fits() {
        for payload in [vec![2; PAYLOAD], vec![1; PAYLOAD - 1], vec![], vec![1; PAYLOAD + 1]] {
            assert!(matches!(Kit::parse(&text_form::write(LABEL, &payload)), Err(Error::BadForm(_))));
        }
    }
}
