//! The words that passphrases are suggested from.

/// The list: distinct, lower case, three to eight letters.
pub(crate) fn list() -> Vec<&'static str> {
    include_str!("words.txt").split_whitespace().collect()
}
