//! Passphrases: what is accepted, what is suggested, and the one form in which they are stretched.

use crate::{Result, random, words};
use serde::Serialize;
use std::ops::RangeInclusive;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;
use zxcvbn::zxcvbn;

/// How many characters a passphrase has, after normalisation.
pub const LENGTH: RangeInclusive<usize> = 12..=256;
/// The zxcvbn score that is still accepted: over 10⁸ guesses.
const LEAST_SCORE: u8 = 3;
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
    /// Guessable to someone who knows the names and words of the context.
    Personal,
    /// Guessable in itself: widely used, too few words, repetition, sequence, keyboard pattern, date.
    Guessable,
}

impl Reason {
    /// The stable word for this reason; screens branch on it.
    pub fn code(self) -> &'static str {
        match self {
            Reason::TooShort => "too_short",
            Reason::TooLong => "too_long",
            Reason::Personal => "personal",
            Reason::Guessable => "guessable",
        }
    }
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
    let score = score(&normal, &known);
    if length < *LENGTH.start() {
        return refused(score, Reason::TooShort);
    }
    if score < LEAST_SCORE {
        let strong_to_strangers = self::score(&normal, &[]) >= LEAST_SCORE;
        return refused(score, if strong_to_strangers { Reason::Personal } else { Reason::Guessable });
    }
    Judgement { ok: true, score, reason: None }
}

/// The lower of two zxcvbn scores: of the text, and of the text without separators. zxcvbn counts every separator as
/// a part to be guessed, by which two known names with a hyphen between them would already pass.
fn score(text: &str, known: &[&str]) -> u8 {
    let mut bare = Zeroizing::new(String::with_capacity(text.len()));
    bare.extend(text.chars().filter(|c| !c.is_whitespace() && !"-_.,/".contains(*c)));
    u8::from(zxcvbn(text, known).score().min(zxcvbn(&bare, known).score()))
}

fn refused(score: u8, reason: Reason) -> Judgement {
    Judgement { ok: false, score, reason: Some(reason) }
}

/// Suggests six words drawn independently from a list of `n`: 6 · log₂ `n` bits, over 64 for the list of 1690 words
/// here. A word may come twice.
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn reason(text: &str, context: &[&str]) -> Option<Reason> {
        let judgement = judge(text, context);
        assert_eq!(judgement.ok, judgement.reason.is_none());
        judgement.reason
    }

    #[test]
    fn length_is_counted_in_characters_of_the_normal_form() {
        assert_eq!(reason("", &[]), Some(Reason::TooShort));
        assert_eq!(reason("x9!Tq4#vLm2", &[]), Some(Reason::TooShort));
        assert_eq!(reason("x9!Tq4#vLm2z", &[]), None);
        // Eleven letters, each typed with a combining mark.
        assert_eq!(reason(&"e\u{301}".repeat(11), &[]), Some(Reason::TooShort));
        let long = suggest().unwrap().repeat(10);
        let exactly: String = long.chars().cycle().take(256).collect();
        assert_eq!(reason(&exactly, &[]), None);
        assert_eq!(reason(&format!("{exactly}x"), &[]), Some(Reason::TooLong));
        assert_eq!(reason(&"x".repeat(MAX_BYTES + 1), &[]), Some(Reason::TooLong));
    }

    #[test]
    fn guessable_ones_are_refused() {
        for text in ["passwordpassword", "aaaaaaaaaaaaaaaa", "123456789012345", "qwertyuiopasdf", "Password12345!"] {
            assert_eq!(reason(text, &[]), Some(Reason::Guessable), "{text}");
        }
    }

    #[test]
    fn names_of_the_person_and_the_clinic_do_not_help() {
        let text = "Quillhaven-Zsigmondy";
        assert_eq!(reason(text, &[]), None);
        assert_eq!(reason(text, &["Zsigmondy", "Quillhaven"]), Some(Reason::Personal));
        assert_eq!(reason(text, &["Ilona Zsigmondy", "Quillhaven clinic"]), Some(Reason::Personal));
    }

    #[test]
    fn suggestions_are_accepted_and_carry_over_64_bits() {
        let words = words::list();
        let distinct: BTreeSet<_> = words.iter().collect();
        assert_eq!(distinct.len(), words.len());
        assert!(words.iter().all(|word| (3..=8).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase())));
        assert!((words.len() as f64).log2() * SUGGESTED_WORDS as f64 > 64.0);
        for _ in 0..50 {
            let phrase = suggest().unwrap();
            assert_eq!(phrase.split(' ').count(), SUGGESTED_WORDS);
            assert!(phrase.split(' ').all(|word| words.contains(&word)));
            assert!(judge(&phrase, &[]).ok);
        }
        assert_ne!(*suggest().unwrap(), *suggest().unwrap());
    }
}
