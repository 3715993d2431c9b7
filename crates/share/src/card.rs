//! SMART Health Cards in QR codes, recognised so that the person scanning one hears what it is.
//!
//! A card's code is `shc:/` and digits, two for each character of a JWS, each pair being the character's code minus 45 (HL7 SMART
//! Health Cards and Links 1.0, "Encoding chunks as QR codes"). An older form splits a card over several codes, `shc:/2/3/…`.

use crate::error::{Error, Result};

const SCHEME: &str = "shc:/";
/// What is taken from each character's code so that it fits into two digits.
const SHIFT: u8 = 45;
/// The most digits that a QR code can hold (version 40, level L).
const DIGITS_MAX: usize = 7089;

/// One code of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardPart {
    /// Which part this is, from 1.
    pub index: u8,
    /// How many parts there are.
    pub count: u8,
    /// The part's characters of the JWS.
    pub jws: String,
}

impl CardPart {
    pub(crate) fn as_error(&self) -> Error {
        Error::HealthCard { part: self.index, of: self.count }
    }
}

/// Reads one scanned text as a part of a SMART Health Card; `None` if it does not begin with `shc:/`.
///
/// # Errors
/// (inside) [`Error::DamagedCard`].
#[must_use]
pub fn part(text: &str) -> Option<Result<CardPart>> {
    let text = text.trim();
    let scheme = text.get(..SCHEME.len())?;
    scheme.eq_ignore_ascii_case(SCHEME).then(|| read(&text[SCHEME.len()..]))
}

fn read(rest: &str) -> Result<CardPart> {
    let pieces: Vec<&str> = rest.splitn(4, '/').collect();
    match pieces[..] {
        [digits] => Ok(CardPart { index: 1, count: 1, jws: characters(digits)? }),
        [index, count, digits] => numbered(index, count, digits),
        _ => Err(Error::DamagedCard("its parts are numbered wrongly")),
    }
}

fn numbered(index: &str, count: &str, digits: &str) -> Result<CardPart> {
    let number = |text: &str| text.parse::<u8>().map_err(|_| Error::DamagedCard("its parts are numbered wrongly"));
    let (index, count) = (number(index)?, number(count)?);
    if index == 0 || index > count {
        return Err(Error::DamagedCard("its parts are numbered wrongly"));
    }
    Ok(CardPart { index, count, jws: characters(digits)? })
}

fn characters(digits: &str) -> Result<String> {
    if digits.is_empty() || digits.len() > DIGITS_MAX || !digits.len().is_multiple_of(2) {
        return Err(Error::DamagedCard("it has a wrong number of digits"));
    }
    digits
        .as_bytes()
        .chunks_exact(2)
        .map(character)
        .collect::<Option<String>>()
        .ok_or(Error::DamagedCard("it holds other signs than digits"))
}

fn character(pair: &[u8]) -> Option<char> {
    let [tens, ones] = *pair else { return None };
    let both = tens.is_ascii_digit() && ones.is_ascii_digit();
    let code = both.then(|| (tens - b'0') * 10 + (ones - b'0'))?;
    (code <= b'z' - SHIFT).then_some(char::from(code + SHIFT))
}
