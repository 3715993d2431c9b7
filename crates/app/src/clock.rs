//! The only clock of the program; tests bring their own.

use model::{Date, Time};
use std::{
    sync::LazyLock,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970.
    fn now_ms(&self) -> u64;

    /// Milliseconds on a clock that nobody can set and that also counts while the computer sleeps, from an arbitrary beginning: for
    /// how long something has lasted.
    fn steady_ms(&self) -> u64;

    /// How much of that the computer has slept, in milliseconds; only differences mean something. Stands still where the system does
    /// not tell its sleep from its work.
    fn slept_ms(&self) -> u64;

    /// The same as an instant.
    fn now(&self) -> Time {
        Time::from_unsigned_ms(self.now_ms())
    }

    /// The day, in UTC.
    fn today(&self) -> Date {
        self.now().utc_day()
    }
}

/// The computer's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    fn steady_ms(&self) -> u64 {
        steady_ms()
    }

    fn slept_ms(&self) -> u64 {
        // `Instant` does not count sleep on Linux and macOS; on Windows it does, and the difference never grows.
        static BEGINNING: LazyLock<(Instant, u64)> = LazyLock::new(|| (Instant::now(), steady_ms()));
        let (awake_from, from) = *BEGINNING;
        let awake = u64::try_from(awake_from.elapsed().as_millis()).unwrap_or(u64::MAX);
        steady_ms().saturating_sub(from).saturating_sub(awake)
    }
}

/// `CLOCK_BOOTTIME`; on macOS the monotonic clock of the kernel is the one that counts sleep.
#[cfg(unix)]
fn steady_ms() -> u64 {
    use rustix::time::{ClockId, clock_gettime};
    #[cfg(any(target_os = "linux", target_os = "android"))]
    const CLOCK: ClockId = ClockId::Boottime;
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    const CLOCK: ClockId = ClockId::Monotonic;
    let at = clock_gettime(CLOCK);
    let ms = at.tv_sec.saturating_mul(1_000).saturating_add(at.tv_nsec / 1_000_000);
    u64::try_from(ms).unwrap_or_default()
}

/// The performance counter of Windows counts sleep.
#[cfg(not(unix))]
fn steady_ms() -> u64 {
    static BEGINNING: LazyLock<Instant> = LazyLock::new(Instant::now);
    u64::try_from(BEGINNING.elapsed().as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steady_clock_goes_on_with_the_time_that_passes() {
        let begun = SystemClock.steady_ms();
        std::thread::sleep(std::time::Duration::from_millis(30));
        let passed = SystemClock.steady_ms() - begun;
        assert!((30..10_000).contains(&passed), "{passed}");
        assert!(SystemClock.slept_ms() < 1_000, "it was awake");
    }
}
