//! The only clock of the program; tests bring their own.

use model::{Date, Time};
use std::time::{SystemTime, UNIX_EPOCH};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970.
    fn now_ms(&self) -> u64;

    /// The same as an instant.
    fn now(&self) -> Time {
        Time::from_ms(i64::try_from(self.now_ms()).unwrap_or(i64::MAX))
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
}
