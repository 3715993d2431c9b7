//! Families of refresh tokens: what is kept of each, and what the use of one comes to (security design, 12.6).
//!
//! A token is 32 random bytes; only its SHA-256 is kept. It is good for thirty days without use and its family for ninety in all.
//! Every use gives a new one, so an old one that turns up again was copied, and the whole family ends (RFC 9700, 4.14.2).

use crate::Problem;
use crypto::{Zeroizing, encode::sha256};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// A token that is not used for so long is over, in milliseconds.
pub const IDLE_MS: i64 = 30 * DAY_MS;
/// So long after its first token a family is over, in milliseconds.
pub const LONGEST_MS: i64 = 90 * DAY_MS;

/// What is kept of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// SHA-256 of the token, hex.
    pub hash: String,
    /// When it was made, in milliseconds since 1970.
    pub made_ms: i64,
    /// When it ends by itself.
    pub expires_ms: i64,
    /// Was it ended?
    pub revoked: bool,
    /// Was the next one made?
    pub replaced: bool,
}

impl Kept {
    /// Neither ended nor followed by another; it may be over.
    pub fn is_last(&self) -> bool {
        !self.revoked && !self.replaced
    }

    fn is_live(&self, now_ms: i64) -> bool {
        self.is_last() && now_ms < self.expires_ms
    }
}

/// What the use of a token comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds; the index is its place in the family.
    Good(usize),
    /// It was used before, or two go on from one: somebody has a copy. The whole family is to be ended.
    Reused,
    /// It was ended.
    Ended,
    /// Its time is over.
    Over,
    /// It is none of this family.
    Unknown,
}

/// Makes a token, and what is kept of it.
///
/// # Errors
/// `no_randomness`.
pub fn make() -> Result<(Zeroizing<String>, String), Problem> {
    let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(crypto::random::bytes()?);
    let token = Zeroizing::new(hex(&bytes[..]));
    let hash = hash_of(&token);
    Ok((token, hash))
}

/// What is kept of a token.
pub fn hash_of(token: &str) -> String {
    hex(&sha256(token.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Judges a token that is used now. The family is in the order in which its tokens were made.
pub fn judge(family: &[Kept], token: &str, now_ms: i64) -> Verdict {
    let hash = hash_of(token);
    let Some(at) = family.iter().position(|kept| kept.hash == hash) else { return Verdict::Unknown };
    let others_live = family.iter().enumerate().any(|(other, kept)| other != at && kept.is_live(now_ms));
    match &family[at] {
        kept if kept.revoked => Verdict::Ended,
        kept if kept.replaced || others_live => Verdict::Reused,
        kept if now_ms >= kept.expires_ms => Verdict::Over,
        _ => Verdict::Good(at),
    }
}

/// When the token that follows the one at this place ends by itself; `None` for the first of a family.
pub fn expires_ms(family: &[Kept], after: Option<usize>, now_ms: i64) -> i64 {
    let begun = after.map_or(now_ms, |at| begun_ms(family, at));
    (now_ms + IDLE_MS).min(begun + LONGEST_MS)
}

/// When the unbroken row of uses began to which this token belongs.
fn begun_ms(family: &[Kept], at: usize) -> i64 {
    let follows = |pair: &[Kept]| !pair[0].revoked && pair[1].made_ms < pair[0].expires_ms;
    let broken = family[..=at].windows(2).rposition(|pair| !follows(pair));
    family[broken.map_or(0, |last| last + 1)].made_ms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(token: &str, made_ms: i64) -> Kept {
        Kept { hash: hash_of(token), made_ms, expires_ms: made_ms + IDLE_MS, revoked: false, replaced: false }
    }

    #[test]
    fn tokens_are_random_and_kept_as_their_digest() {
        let ((first, hash), (second, _)) = (make().unwrap(), make().unwrap());
        assert_eq!((first.len(), hash.len()), (64, 64));
        assert!(*first != *second && hash != *first && hash == hash_of(&first));
    }

    #[test]
    fn one_is_good_until_it_was_idle_for_thirty_days() {
        let family = [kept("a", 5)];
        assert_eq!(judge(&family, "a", 5 + IDLE_MS - 1), Verdict::Good(0));
        assert_eq!(judge(&family, "a", 5 + IDLE_MS), Verdict::Over);
        assert_eq!(judge(&family, "b", 6), Verdict::Unknown);
        assert_eq!(judge(&[], "a", 6), Verdict::Unknown);
    }

    #[test]
    fn an_old_one_that_turns_up_and_two_that_go_on_from_one_are_copies() {
        let old = Kept { replaced: true, ..kept("a", 0) };
        assert_eq!(judge(&[old.clone(), kept("b", 9)], "a", 10), Verdict::Reused);
        assert_eq!(judge(&[old.clone(), kept("b", 9)], "b", 10), Verdict::Good(1));
        assert_eq!(judge(&[old.clone(), kept("b", 9), kept("c", 9)], "b", 10), Verdict::Reused);
        let over = Kept { expires_ms: 10, ..kept("c", 9) };
        assert_eq!(judge(&[old, kept("b", 9), over], "b", 10), Verdict::Good(1), "one that is over goes on to nothing");
    }

    #[test]
    fn an_ended_one_is_ended_whatever_else_there_is() {
        let ended = Kept { revoked: true, replaced: true, ..kept("a", 0) };
        assert_eq!(judge(&[ended, kept("b", 9)], "a", 10), Verdict::Ended);
    }

    #[test]
    fn a_family_is_over_after_ninety_days_however_often_it_was_used() {
        let mut family = vec![kept("0", 0)];
        for day in 1..90 {
            let now = day * DAY_MS;
            let last = family.len() - 1;
            assert_eq!(judge(&family, &last.to_string(), now), Verdict::Good(last), "day {day}");
            family[last].replaced = true;
            let expires_ms = expires_ms(&family, Some(last), now);
            assert!(expires_ms <= LONGEST_MS);
            family.push(Kept { expires_ms, ..kept(&(last + 1).to_string(), now) });
        }
        assert_eq!(judge(&family, "89", LONGEST_MS), Verdict::Over);
    }

    #[test]
    fn after_an_end_or_a_long_rest_the_ninety_days_begin_anew() {
        let ended = Kept { revoked: true, replaced: true, ..kept("a", 0) };
        let next = kept("b", 80 * DAY_MS);
        assert_eq!(expires_ms(&[ended, next.clone()], Some(1), 81 * DAY_MS), 111 * DAY_MS);
        let rested = Kept { replaced: true, ..kept("a", 0) };
        assert_eq!(expires_ms(&[rested, next], Some(1), 81 * DAY_MS), 111 * DAY_MS);
        assert_eq!(expires_ms(&[], None, 7), 7 + IDLE_MS);
    }
}
