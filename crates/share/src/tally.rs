//! The rule book of a share's life, so that every host counts alike. Pure: whoever stores the state makes the step atomic, by a
//! lock, a transaction, or a conditional write that is tried again from the new state when it misses.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Wrong passcodes that a link survives in its whole life unless its maker says otherwise.
pub const WRONG_BUDGET: u32 = 5;
/// Argon2id's memory in KiB: 19 MiB (OWASP Password Storage Cheat Sheet, as t = 2, p = 1).
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// Stored hashes that would cost more than this to check are refused: they are not ours.
const MEMORY_KIB_MAX: u32 = 64 * 1024;
const PASSES_MAX: u32 = 10;
const PASSCODE_MAX: usize = 128;

/// What the owner decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Serving.
    #[default]
    Active,
    /// Held back by the owner, who may let it serve again.
    Paused,
    /// Never serving again.
    Revoked,
}

/// What a host remembers of one link.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkState {
    /// What the owner decided.
    pub standing: Standing,
    /// The end, in seconds since 1970; from that second on the link is dead.
    pub expires: Option<u64>,
    /// How many openings are allowed.
    pub max_uses: Option<u32>,
    /// How many openings there were. A device that opened offline may have taken it above `max_uses`.
    pub uses: u32,
    /// The hash of the passcode, by [`hash_passcode`].
    pub passcode_hash: Option<String>,
    /// How many wrong passcodes are left for the rest of the link's life. A right one does not refill it.
    pub wrong_left: u32,
}

/// How the passcode of one request compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passcode {
    /// None was given.
    Missing,
    /// It does not match.
    Wrong,
    /// It matches.
    Right,
}

/// Why a link serves nothing. For the owner's eyes: all of them look the same from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dead {
    /// The owner ended it.
    Revoked,
    /// The owner paused it.
    Paused,
    /// Its time is over.
    Expired,
    /// Its uses are used up.
    Exhausted,
    /// Its wrong passcodes are used up.
    Disabled,
}

/// What a host does with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Serve. The use has been counted in the state.
    Serve,
    /// Refuse with the number of guesses left. A wrong guess has been counted in the state, a missing passcode has not.
    WrongPasscode {
        /// How many guesses are left.
        remaining: u32,
    },
    /// Answer as if the link had never been.
    Gone(Dead),
}

impl LinkState {
    /// Why the link serves nothing at `now` (seconds since 1970), or `None` if it lives. Ask this before the costly check of a
    /// passcode.
    #[must_use]
    pub fn dead(&self, now: u64) -> Option<Dead> {
        match self.standing {
            Standing::Revoked => return Some(Dead::Revoked),
            Standing::Paused => return Some(Dead::Paused),
            Standing::Active => {}
        }
        if self.expires.is_some_and(|end| now >= end) {
            return Some(Dead::Expired);
        }
        if self.max_uses.is_some_and(|max| self.uses >= max) {
            return Some(Dead::Exhausted);
        }
        (self.passcode_hash.is_some() && self.wrong_left == 0).then_some(Dead::Disabled)
    }
}

/// Decides one request and counts it. `passcode` matters only for a link that has one. Only a manifest or a direct file counts as
/// a use; the fetch of a file that a manifest pointed to does not come here.
pub fn decide(state: &mut LinkState, now: u64, passcode: Passcode) -> Decision {
    if let Some(why) = state.dead(now) {
        return Decision::Gone(why);
    }
    match passcode {
        _ if state.passcode_hash.is_none() => {}
        Passcode::Right => {}
        Passcode::Missing => {
            return Decision::WrongPasscode { remaining: state.wrong_left };
        }
        Passcode::Wrong => {
            state.wrong_left -= 1;
            return Decision::WrongPasscode { remaining: state.wrong_left };
        }
    }
    state.uses = state.uses.saturating_add(1);
    Decision::Serve
}

/// Hashes a passcode for [`LinkState::passcode_hash`]: Argon2id, 19 MiB, two passes, random salt, as a PHC string. White space
/// around it is ignored, here and when checking. Takes tens of milliseconds: not on a thread that serves others.
///
/// # Errors
/// [`Error::BadPasscode`] if empty or longer than 128 bytes; [`Error::Randomness`].
pub fn hash_passcode(passcode: &str) -> Result<String> {
    let passcode = passcode.trim();
    if passcode.is_empty() {
        return Err(Error::BadPasscode("it is empty"));
    }
    if passcode.len() > PASSCODE_MAX {
        return Err(Error::BadPasscode("it is too long"));
    }
    let mut salt = [0u8; 16];
    crate::link::fill(&mut salt)?;
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).expect("19 MiB and two passes are within Argon2's bounds");
    let hash: PasswordHash = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_with_salt(passcode.as_bytes(), &salt)
        .expect("a short passcode and a salt of 16 bytes are within Argon2's bounds");
    Ok(hash.to_string())
}

/// Compares what was given with the stored hash, in constant time. Takes tens of milliseconds and 19 MiB: bound how many run at
/// once, and do not run it on a thread that serves others.
///
/// # Errors
/// [`Error::DamagedPasscode`] if the stored hash is not one of ours.
pub fn check_passcode(hash: &str, given: Option<&str>) -> Result<Passcode> {
    let stored = PasswordHash::new(hash).map_err(|_| Error::DamagedPasscode)?;
    let params = Params::try_from(&stored).map_err(|_| Error::DamagedPasscode)?;
    let ours =
        stored.algorithm.as_str() == Algorithm::Argon2id.as_str() && stored.salt.is_some() && stored.hash.is_some();
    if !ours || params.m_cost() > MEMORY_KIB_MAX || params.t_cost() > PASSES_MAX || params.p_cost() > 4 {
        return Err(Error::DamagedPasscode);
    }
    let Some(given) = given.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(Passcode::Missing);
    };
    let right = given.len() <= PASSCODE_MAX && Argon2::default().verify_password(given.as_bytes(), &stored).is_ok();
    Ok(if right { Passcode::Right } else { Passcode::Wrong })
}
