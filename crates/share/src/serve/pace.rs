//! How often one address may ask for one link: a token bucket for each pair, in bounded memory.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// The most pairs of link and address that are remembered. Above it, those that have waited long enough are forgotten.
const PAIRS_MAX: usize = 100_000;

/// How often one address may ask for one link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How many requests may come at once after a rest.
    pub burst: u32,
    /// How many seconds win one request back.
    pub seconds_each: u32,
}

impl Default for Pace {
    /// Thirty at once, then one every two seconds: a waiting room behind one address is served, a machine that tries is not.
    fn default() -> Self {
        Self { burst: 30, seconds_each: 2 }
    }
}

/// The buckets. Pairs are remembered by a keyed hash alone, so that nobody outside can make two of them meet.
#[derive(Default)]
pub struct Paces {
    hasher: RandomState,
    /// The second at which each pair's bucket is full again.
    full_at: Mutex<HashMap<u64, u64>>,
}

impl Paces {
    /// Counts one request at `now` (seconds since 1970).
    ///
    /// # Errors
    /// How many seconds to wait; the request was not counted.
    pub fn ask(&self, pace: &Pace, link: &str, address: Option<IpAddr>, now: u64) -> Result<(), u32> {
        let pair = self.hasher.hash_one((link, address));
        let mut all = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= PAIRS_MAX {
            all.retain(|_, full_at| *full_at > now);
            // All of them are in the middle of asking: a flood from everywhere. Memory stays bounded, and the uses are counted elsewhere.
            if all.len() >= PAIRS_MAX {
                all.clear();
            }
        }
        let full_at = all.get(&pair).copied().unwrap_or(now).max(now);
        let (each, depth) = (u64::from(pace.seconds_each), u64::from(pace.seconds_each) * u64::from(pace.burst));
        let next = full_at.saturating_add(each);
        if next - now > depth {
            return Err(u32::try_from(next - now - depth).unwrap_or(u32::MAX));
        }
        all.insert(pair, next);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace { burst: 3, seconds_each: 10 };

    fn taken(paces: &Paces, link: &str, now: u64, times: u32) -> u32 {
        (0..times).map(|_| u32::from(paces.ask(&PACE, link, None, now).is_ok())).sum()
    }

    #[test]
    fn a_burst_then_one_for_each_wait() {
        let paces = Paces::default();
        assert_eq!(taken(&paces, "a", 100, 9), 3);
        assert_eq!(paces.ask(&PACE, "a", None, 100), Err(10));
        assert_eq!(paces.ask(&PACE, "a", None, 109), Err(1), "what was refused did not make the wait longer");
        assert_eq!(taken(&paces, "a", 110, 9), 1);
        assert_eq!(taken(&paces, "a", 10_000, 9), 3, "a long rest wins no more than one burst");
    }

    #[test]
    fn links_and_addresses_have_their_own() {
        let paces = Paces::default();
        assert_eq!(taken(&paces, "a", 100, 9), 3);
        assert_eq!(taken(&paces, "b", 100, 9), 3);
        assert_eq!(paces.ask(&PACE, "a", Some(IpAddr::from([10, 0, 0, 1])), 100), Ok(()));
    }

    #[test]
    fn a_flood_of_names_takes_bounded_memory() {
        let paces = Paces::default();
        for name in 0..PAIRS_MAX + 10 {
            assert_eq!(paces.ask(&PACE, &name.to_string(), None, 100), Ok(()));
        }
        assert!(paces.full_at.lock().unwrap_or_else(PoisonError::into_inner).len() <= PAIRS_MAX);
    }
}
