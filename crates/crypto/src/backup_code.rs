//! Codes on paper for when the app of a second factor is lost: ten of 80 bits, each of them good once.
//!
//! They are kept as Argon2id hashes with one salt for the set, so that trying a code costs one stretching and not ten. The cost
//! is compiled in; a stored hash that names another is not looked at.

use crate::{Error, Key, Result, random};
use argon2::{Algorithm, Argon2, Params, Version};
use data_encoding::{BASE32_NOPAD, BASE64_NOPAD};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// How many codes a set has.
pub const SET: usize = 10;
/// The length of a code, in bytes; 16 letters and digits of base32.
const CODE: usize = 10;
/// Letters between two hyphens.
const GROUP: usize = 4;
const SALT: usize = 16;
/// Argon2id: KiB of memory, passes, lanes (OWASP's floor; a code has 80 bits of its own).
const COST: (u32, u32, u32) = (19_456, 2, 1);
/// How a hash begins, in the form that password hashes are written down in (PHC).
const PREFIX: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

/// A new set.
pub struct Set {
    /// The codes, `xxxx-xxxx-xxxx-xxxx`; shown once.
    pub codes: Vec<Zeroizing<String>>,
    /// What is kept of each, in the same order.
    pub hashes: Vec<String>,
}

impl Set {
    /// Draws a new set.
    ///
    /// # Errors
    /// [`Error::Random`] when the operating system gives no random bytes.
    pub fn make() -> Result<Self> {
        let salt: [u8; SALT] = random::bytes()?;
        let mut set = Set { codes: Vec::new(), hashes: Vec::new() };
        for _ in 0..SET {
            let mut secret = Zeroizing::new([0; CODE]);
            random::fill(secret.as_mut_slice())?;
            let letters = Zeroizing::new(BASE32_NOPAD.encode(secret.as_slice()).to_lowercase());
            set.hashes.push(written(&salt, &stretch(secret.as_slice(), &salt)?));
            set.codes.push(grouped(&letters));
        }
        Ok(set)
    }
}

/// Which of these hashes a typed code belongs to; `None` for none of them, and for what is no code. Case, spaces and hyphens do
/// not matter.
///
/// # Errors
/// [`Error::Unopenable`] when the computer has not the memory for it.
pub fn find(hashes: &[&str], typed: &str) -> Result<Option<usize>> {
    let Some(secret) = read(typed) else { return Ok(None) };
    let mut stretched: Option<([u8; SALT], Key)> = None;
    for (at, hash) in hashes.iter().enumerate() {
        let Some((salt, kept)) = parse(hash) else { continue };
        let key = match stretched.take() {
            Some((known, key)) if known == salt => key,
            _ => stretch(secret.as_slice(), &salt)?,
        };
        let same = bool::from(key.expose().as_slice().ct_eq(&kept));
        if same {
            return Ok(Some(at));
        }
        stretched = Some((salt, key));
    }
    Ok(None)
}

/// Does a text have the shape of a code?
pub fn looks_like_one(typed: &str) -> bool {
    read(typed).is_some()
}

fn read(typed: &str) -> Option<Zeroizing<Vec<u8>>> {
    if typed.len() > 64 {
        return None;
    }
    let letters = typed.chars().filter(|letter| !letter.is_whitespace() && *letter != '-');
    let letters: Zeroizing<String> = Zeroizing::new(letters.map(|letter| letter.to_ascii_uppercase()).collect());
    let secret = Zeroizing::new(BASE32_NOPAD.decode(letters.as_bytes()).ok()?);
    (secret.len() == CODE).then_some(secret)
}

fn grouped(letters: &str) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(letters.len() + letters.len() / GROUP));
    for (at, letter) in letters.chars().enumerate() {
        if at > 0 && at % GROUP == 0 {
            out.push('-');
        }
        out.push(letter);
    }
    out
}

fn stretch(secret: &[u8], salt: &[u8; SALT]) -> Result<Key> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, Some(32)).map_err(|_| Error::Unopenable)?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    Key::fill_with(|key| argon.hash_password_into(secret, salt, key)).map_err(|_| Error::Unopenable)
}

fn written(salt: &[u8; SALT], key: &Key) -> String {
    format!("{PREFIX}{}${}", BASE64_NOPAD.encode(salt), BASE64_NOPAD.encode(key.expose()))
}

fn parse(hash: &str) -> Option<([u8; SALT], Vec<u8>)> {
    let (salt, kept) = hash.strip_prefix(PREFIX)?.split_once('$')?;
    let salt = BASE64_NOPAD.decode(salt.as_bytes()).ok()?;
    Some((salt.try_into().ok()?, BASE64_NOPAD.decode(kept.as_bytes()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_of_a_set_is_found_however_it_is_typed() {
        let set = Set::make().unwrap();
        let hashes: Vec<&str> = set.hashes.iter().map(String::as_str).collect();
        assert_eq!((set.codes.len(), hashes.len()), (SET, SET));
        for (at, code) in set.codes.iter().enumerate() {
            assert_eq!(code.split('-').map(str::len).collect::<Vec<_>>(), [4; 4]);
            assert_eq!(find(&hashes, code).unwrap(), Some(at));
        }
        let sloppy = format!(" {} ", set.codes[3].to_uppercase().replace('-', " "));
        assert_eq!(find(&hashes, &sloppy).unwrap(), Some(3));
    }

    #[test]
    fn a_code_of_another_set_and_what_is_no_code_are_not_found() {
        let (set, other) = (Set::make().unwrap(), Set::make().unwrap());
        let hashes: Vec<&str> = set.hashes.iter().map(String::as_str).collect();
        assert_eq!(find(&hashes, &other.codes[0]).unwrap(), None);
        for typed in ["", "123456", "aaaa-aaaa-aaaa", "0000-0000-0000-0000", &"a".repeat(10_000)] {
            assert!(!looks_like_one(typed));
            assert_eq!(find(&hashes, typed).unwrap(), None);
        }
    }

    #[test]
    fn codes_of_two_sets_side_by_side_are_all_found() {
        let (one, other) = (Set::make().unwrap(), Set::make().unwrap());
        let mixed = [one.hashes[0].as_str(), other.hashes[0].as_str(), one.hashes[1].as_str()];
        let found = [&one.codes[0], &other.codes[0], &one.codes[1]].map(|code| find(&mixed, code).unwrap());
        assert_eq!(found, [Some(0), Some(1), Some(2)]);
    }

    #[test]
    fn the_cost_is_written_down_and_a_cheaper_hash_is_not_looked_at() {
        let set = Set::make().unwrap();
        let (memory, passes, lanes) = COST;
        assert_eq!(PREFIX, format!("$argon2id$v=19$m={memory},t={passes},p={lanes}$"));
        let cheaper = set.hashes[0].replace("m=19456", "m=8");
        assert_eq!(find(&[&cheaper, "", "$argon2id$"], &set.codes[0]).unwrap(), None);
    }

    /// Made by another implementation: `argon2-cffi` 25.1, `hash_secret(b"\x00"*10, b"\x01"*16, 2, 19456, 1, 32, Type.ID)`.
    #[test]
    fn a_hash_of_another_implementation_is_found() {
        let hash = "$argon2id$v=19$m=19456,t=2,p=1$AQEBAQEBAQEBAQEBAQEBAQ$hPYhr5jn49ZSRArTiAYy8Qg0glk/oKCmes/bqHD89pI";
        assert_eq!(find(&[hash], "aaaa-aaaa-aaaa-aaaa").unwrap(), Some(0));
    }
}
