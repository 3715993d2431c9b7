//! When to try again.

use std::time::Duration;

const FIRST: Duration = Duration::from_secs(1);
const CAP: Duration = Duration::from_secs(300);
const POLL_SECONDS: std::ops::RangeInclusive<u64> = 60..=120;

/// Back-off with full jitter ("Exponential Backoff and Jitter", AWS Architecture Blog 2015), and the poll that catches what
/// the bell missed.
pub(crate) struct Schedule {
    rng: fastrand::Rng,
    failures: u32,
}

impl Schedule {
    pub(crate) fn new(seed: u64) -> Self {
        Schedule { rng: fastrand::Rng::with_seed(seed), failures: 0 }
    }

    /// How long to wait after one more failure.
    pub(crate) fn after_failure(&mut self) -> Duration {
        let bound = FIRST.saturating_mul(1 << self.failures.min(16)).min(CAP);
        self.failures = self.failures.saturating_add(1);
        // Never at once: a server that refuses connections quickly would be asked in a loop.
        FIRST / 4 + bound.mul_f64(self.rng.f64())
    }

    pub(crate) fn succeeded(&mut self) {
        self.failures = 0;
    }

    /// How long to trust the bell alone.
    pub(crate) fn poll(&mut self) -> Duration {
        Duration::from_secs(self.rng.u64(POLL_SECONDS))
    }

    /// A short pause before a round that rivals left unfinished.
    pub(crate) fn breather(&mut self) -> Duration {
        Duration::from_millis(self.rng.u64(500..2_000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_off_grows_up_to_its_cap_and_starts_again_after_a_success() {
        let mut schedule = Schedule::new(1);
        let waits: Vec<_> = (0..40).map(|_| schedule.after_failure()).collect();
        assert!(waits[0] <= FIRST + FIRST / 4);
        assert!(waits.iter().all(|wait| *wait <= CAP + FIRST));
        assert!(waits[12..].iter().any(|wait| *wait > Duration::from_secs(60)));
        schedule.succeeded();
        assert!(schedule.after_failure() <= FIRST + FIRST / 4);
    }

    #[test]
    fn the_poll_is_between_one_and_two_minutes() {
        let mut schedule = Schedule::new(2);
        assert!((0..100).all(|_| (60..=120).contains(&schedule.poll().as_secs())));
    }
}
