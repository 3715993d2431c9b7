//! Slots: a user root behind something a person knows and something the device keeps.
//!
//! ```text
//! a    = Argon2id(NFKC(passphrase), salt, m, t, p)
//! KEK  = HKDF-SHA-256(ikm = a ‖ device secret, salt, info = lp("mv1/slot", kind, user, m ‖ t ‖ p))
//! body = seal(KEK, lp("mv1/slot-body", user, slot id, version), user root)
//! ```
//!
//! Without the device secret, 256 bits, the stored slot is no use to someone who guesses passphrases.

use crate::encode::lp;
use crate::root::UserRoot;
use crate::{Error, Key, Result, bytes_form, kdf, passphrase, random, seal};
use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;
use zeroize::Zeroizing;

/// Memory that a stored slot may ask for, in KiB: 64 MiB to 1 GiB.
pub const MEMORY: RangeInclusive<u32> = 65_536..=1_048_576;
/// Passes over the memory that a stored slot may ask for.
pub const PASSES: RangeInclusive<u32> = 3..=10;
/// The one number of lanes: they would help an attacker, and an unlock on one thread gains nothing.
pub const LANES: u32 = 1;
/// The fewest digits of a PIN.
pub const MIN_PIN: usize = 6;
const MAX_PIN: usize = 64;
const BODY: usize = seal::HEADER + 32 + seal::TAG;

/// What opens a slot.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A passphrase and the account secret.
    Pass,
    /// A PIN and a random key in the system's keychain; never leaves the device.
    Quick,
}

impl Kind {
    /// Gives the kind's name, as it is stored and derived with.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Quick => "quick",
        }
    }
}

/// How much memory a new slot takes to open. There is no other choice.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Cost {
    /// 128 MiB.
    #[default]
    Usual,
    /// 64 MiB, for a computer with less than 4 GiB of memory.
    SmallComputer,
}

impl Cost {
    fn memory(self) -> u32 {
        match self {
            Self::Usual => 131_072,
            Self::SmallComputer => 65_536,
        }
    }
}

/// A closed slot, as it is stored.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Slot {
    /// The slot's own id.
    #[serde(with = "bytes_form")]
    pub id: [u8; 16],
    /// What opens it.
    pub kind: Kind,
    /// Whose root it holds.
    #[serde(with = "bytes_form")]
    pub user: [u8; 16],
    /// The version of that root.
    pub v: u32,
    /// The salt of both derivations.
    #[serde(with = "bytes_form")]
    pub salt: [u8; 16],
    /// Memory of Argon2id, in KiB.
    pub m: u32,
    /// Passes of Argon2id.
    pub t: u32,
    /// Lanes of Argon2id.
    pub p: u32,
    /// The sealed root.
    #[serde(with = "bytes_form")]
    pub body: Vec<u8>,
}

/// Closes a root behind a passphrase and the account secret, at the usual cost.
///
/// # Errors
/// [`Error::Weak`] for a passphrase that [`passphrase::judge`] refuses; [`Error::Random`].
pub fn close(root: &UserRoot, user: &[u8; 16], passphrase: &str, account_secret: &Key) -> Result<Slot> {
    close_at(Cost::Usual, root, user, passphrase, account_secret)
}

/// Like [`close`], at a stated cost.
///
/// # Errors
/// As [`close`].
pub fn close_at(cost: Cost, root: &UserRoot, user: &[u8; 16], passphrase: &str, account_secret: &Key) -> Result<Slot> {
    if !passphrase::judge(passphrase, &[]).ok {
        return Err(Error::Weak("the passphrase is short or easily guessed"));
    }
    fresh(Kind::Pass, cost, root, user)?.filled(root, passphrase, account_secret)
}

/// Closes a root behind a PIN and a random key that the system's keychain keeps.
///
/// # Errors
/// [`Error::Weak`] unless the PIN has 6 to 64 digits; [`Error::Random`].
pub fn close_quick(cost: Cost, root: &UserRoot, user: &[u8; 16], pin: &str, quick_key: &Key) -> Result<Slot> {
    if !(MIN_PIN..=MAX_PIN).contains(&pin.len()) || !pin.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Error::Weak("a PIN has 6 digits or more"));
    }
    fresh(Kind::Quick, cost, root, user)?.filled(root, pin, quick_key)
}

fn fresh(kind: Kind, cost: Cost, root: &UserRoot, user: &[u8; 16]) -> Result<Slot> {
    Ok(Slot {
        id: random::bytes()?,
        kind,
        user: *user,
        v: root.version(),
        salt: random::bytes()?,
        m: cost.memory(),
        t: *PASSES.start(),
        p: LANES,
        body: Vec::new(),
    })
}

/// Opens a slot of either kind. The caller then checks that the public keys made from the root are those in the
/// user's certificate, and that its version is not below the highest seen.
///
/// # Errors
/// [`Error::Weak`] for a stored cost outside [`MEMORY`], [`PASSES`] and [`LANES`], before any work is done;
/// [`Error::Unopenable`] for every other cause.
pub fn open(slot: &Slot, passphrase: &str, account_secret: &Key) -> Result<UserRoot> {
    slot.check_cost()?;
    if slot.body.len() != BODY || passphrase.len() > passphrase::MAX_BYTES {
        return Err(Error::Unopenable);
    }
    slot.opened(&slot.kek(passphrase, account_secret)?)
}

impl Slot {
    fn filled(mut self, root: &UserRoot, known: &str, kept: &Key) -> Result<Self> {
        let kek = self.kek(known, kept)?;
        self.body = seal::seal(&kek, &self.context(), root.key().expose())?;
        Ok(self)
    }

    fn opened(&self, kek: &Key) -> Result<UserRoot> {
        let opened = seal::open(kek, &self.context(), &self.body)?;
        let root = Key::from_slice(&opened).map_err(|_| Error::Unopenable)?;
        Ok(UserRoot::from_key(root, self.v))
    }

    fn check_cost(&self) -> Result<()> {
        match MEMORY.contains(&self.m) && PASSES.contains(&self.t) && self.p == LANES {
            true => Ok(()),
            false => Err(Error::Weak("the slot's stored cost is outside what is accepted")),
        }
    }

    pub(crate) fn kek(&self, known: &str, kept: &Key) -> Result<Key> {
        Ok(self.kek_of(&self.stretch(known)?, kept))
    }

    fn kek_of(&self, stretched: &Key, kept: &Key) -> Key {
        let both = Zeroizing::new([stretched.expose().as_slice(), kept.expose()].concat());
        kdf::derive(&both, &self.salt, &self.info())
    }

    pub(crate) fn stretch(&self, known: &str) -> Result<Key> {
        let params = Params::new(self.m, self.t, self.p, Some(32)).map_err(|_| Error::Unopenable)?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let normal = passphrase::normalise(known);
        Key::fill_with(|key| argon.hash_password_into(normal.as_bytes(), &self.salt, key))
            .map_err(|_| Error::Unopenable)
    }

    pub(crate) fn info(&self) -> Vec<u8> {
        let cost = [self.m, self.t, self.p].map(u32::to_be_bytes).concat();
        lp(&[b"mv1/slot", self.kind.name().as_bytes(), &self.user, &cost])
    }

    /// The version is part of the context: a slot that claims another does not open, instead of giving a root from
    /// which foreign keys would be made.
    fn context(&self) -> Vec<u8> {
        lp(&[b"mv1/slot-body", &self.user, &self.id, &self.v.to_be_bytes()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With the right key-encryption key, so that a thousand flips need one stretching. What enters that key only,
    /// the salt, the kind and the cost, is altered in `tests/keys.rs`.
    #[test]
    fn every_flipped_bit_of_id_user_version_and_body_is_refused() {
        let root = UserRoot::make(5).unwrap();
        let kek = Key::make().unwrap();
        let mut whole = fresh(Kind::Pass, Cost::Usual, &root, &[3; 16]).unwrap();
        whole.body = seal::seal(&kek, &whole.context(), root.key().expose()).unwrap();
        assert!(whole.opened(&kek).unwrap().key().same(root.key()));
        let refused = |slot: Slot| matches!(slot.opened(&kek), Err(Error::Unopenable));
        for bit in 0..BODY * 8 {
            let (place, mask) = (bit / 8, 1u8 << (bit % 8));
            let mut slot = whole.clone();
            slot.body[place] ^= mask;
            assert!(refused(slot), "body bit {bit}");
            if let Some(flipped) = whole.id.get(place).map(|byte| byte ^ mask) {
                let (mut id, mut user) = (whole.clone(), whole.clone());
                id.id[place] = flipped;
                user.user[place] ^= mask;
                assert!(refused(id) && refused(user), "id or user bit {bit}");
            }
        }
        for bit in 0..32 {
            assert!(refused(Slot { v: whole.v ^ (1 << bit), ..whole.clone() }), "version bit {bit}");
        }
    }
    /// Even if the stretching gave the same, which it does not: salt, kind, user and cost enter the key by themselves.
    #[test]
    fn every_flipped_bit_of_salt_user_and_cost_gives_another_key() {
        let (stretched, kept) = (Key::make().unwrap(), Key::make().unwrap());
        let root = UserRoot::make(5).unwrap();
        let whole = fresh(Kind::Pass, Cost::Usual, &root, &[3; 16]).unwrap();
        let kek = whole.kek_of(&stretched, &kept);
        let other = |slot: Slot| !slot.kek_of(&stretched, &kept).same(&kek);
        for bit in 0..128 {
            let (mut salt, mut user) = (whole.clone(), whole.clone());
            salt.salt[bit / 8] ^= 1 << (bit % 8);
            user.user[bit / 8] ^= 1 << (bit % 8);
            assert!(other(salt) && other(user), "salt or user bit {bit}");
        }
        for bit in 0..32 {
            let flip = 1 << bit;
            let costs = [(flip, 0, 0), (0, flip, 0), (0, 0, flip)];
            for (m, t, p) in costs {
                assert!(
                    other(Slot { m: whole.m ^ m, t: whole.t ^ t, p: whole.p ^ p, ..whole.clone() }),
                    "cost bit {bit}"
                );
            }
        }
        assert!(other(Slot { kind: Kind::Quick, ..whole.clone() }));
    }
}
