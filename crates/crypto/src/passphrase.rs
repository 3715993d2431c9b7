//! Passphrases: what is accepted, what is suggested, and the one form in which they are stretched.

use crate::{Result, random, words};
use serde::Serialize;
use std::ops::RangeInclusive;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;
use zxcvbn::Score;
use zxcvbn::matching::patterns::MatchPattern;
use zxcvbn::zxcvbn;

/// How many characters a passphrase has, after normalisation.
pub const LENGTH: RangeInclusive<usize> = 12..=256;
/// Longer input is not looked at, in bytes.
pub(crate) const MAX_BYTES: usize = 4096;
/// How many words a suggestion has.
pub const SUGGESTED_WORDS: usize = 6;

/// What is wrong with a passphrase.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Fewer than 12 characters.
    TooShort,
    /// More than 256 characters.
    TooLong,
    /// Guessable, and built on a name or word from the context.
    Personal,
    /// Guessable, and built on a widely used password.
    Common,
    /// Guessable for another reason: repetition, sequence, keyboard pattern, date, too few words.
    Guessable,
}

/// The judgement of a passphrase.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct Judgement {
    /// Whether it is accepted.
    pub ok: bool,
    /// The zxcvbn score, from 0 (guessed at once) to 4; 3 is the least accepted.
    pub score: u8,
    /// Why it is not accepted.
    pub reason: Option<Reason>,
}

/// Judges a passphrase. `context` holds what others know about the person: their name and address, the clinic's
/// name. Only the first 100 characters count for the score, so a long one is never judged too kindly.
pub fn judge(text: &str, context: &[&str]) -> Judgement {
    if text.len() > MAX_BYTES {
        return refused(0, Reason::TooLong);
    }
    let normal = normalise(text);
    let length = normal.chars().count();
    if length > *LENGTH.end() {
        return refused(0, Reason::TooLong);
    }
    let known: Vec<&str> = context.iter().flat_map(|entry| entry.split_whitespace().chain([*entry])).collect();
    let estimate = zxcvbn(&normal, &known);
    let score = u8::from(estimate.score());
    if length < *LENGTH.start() {
        return refused(score, Reason::TooShort);
    }
    if estimate.score() < Score::Three {
        return refused(score, reason(&estimate));
    }
    Judgement { ok: true, score, reason: None }
}

fn refused(score: u8, reason: Reason) -> Judgement {
    Judgement { ok: false, score, reason: Some(reason) }
}

fn reason(estimate: &zxcvbn::Entropy) -> Reason {
    let built_on = |wanted: &str| {
        estimate.sequence().iter().any(|part| match &part.pattern {
            MatchPattern::Dictionary(found) => format!("{:?}", found.dictionary_name) == wanted,
            _ => false,
        })
    };
    match () {
        () if built_on("UserInputs") => Reason::Personal,
        () if built_on("Passwords") => Reason::Common,
        () => Reason::Guessable,
    }
}

/// Suggests six words drawn independently from a list of `n`: 6 · log₂ `n` bits, over 62 for the list's 1300 words
/// and more. The words may repeat.
///
/// # Errors
/// [`crate::Error::Random`].
pub fn suggest() -> Result<Zeroizing<String>> {
    let words = words::list();
    let count = u32::try_from(words.len()).expect("the list is short");
    let mut phrase = Zeroizing::new(String::with_capacity(SUGGESTED_WORDS * 10));
    for place in 0..SUGGESTED_WORDS {
        if place > 0 {
            phrase.push(' ');
        }
        phrase.push_str(words[random::below(count)? as usize]);
    }
    Ok(phrase)
}

/// Brings a passphrase into NFKC form, so that it is the same however the keyboard composes letters.
pub(crate) fn normalise(text: &str) -> Zeroizing<String> {
    // The exact capacity first: a string that grew would leave its beginning behind in the old place.
    let length = text.nfkc().map(char::len_utf8).sum();
    let mut normal = Zeroizing::new(String::with_capacity(length));
    normal.extend(text.nfkc());
    normal
}
