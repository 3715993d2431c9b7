//! Hybrid logical clock stamps: 48-bit milliseconds, 16-bit counter, 64-bit device tag, big-endian, so that bytes
//! compare as stamps do (Kulkarni et al. 2014, "Logical Physical Clocks").

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;

/// The mark of one write. Unique per device for ever.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Stamp(pub [u8; 16]);

/// The last eight bytes of a device's id, as they stand in its stamps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DeviceTag(pub u64);

impl DeviceTag {
    /// The tag of a device id. UUIDv7 keeps its random half at the end.
    pub fn of(device: uuid::Uuid) -> Self {
        DeviceTag(device.as_u64_pair().1)
    }
}

impl Stamp {
    /// Before every real stamp.
    pub const ZERO: Stamp = Stamp([0; 16]);

    /// Builds a stamp; milliseconds above 48 bits are capped.
    pub fn new(ms: u64, counter: u16, device: DeviceTag) -> Self {
        let time = (ms.min(MS_MAX) << 16) | u64::from(counter);
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&time.to_be_bytes());
        bytes[8..].copy_from_slice(&device.0.to_be_bytes());
        Stamp(bytes)
    }

    /// Milliseconds since 1970.
    pub fn ms(&self) -> u64 {
        self.ticks() >> 16
    }

    /// The device that wrote it.
    pub fn device(&self) -> DeviceTag {
        let mut half = [0; 8];
        half.copy_from_slice(&self.0[8..]);
        DeviceTag(u64::from_be_bytes(half))
    }

    /// The stamp right after it, in the same device's name: for what follows from a write by a rule, the same on every device that
    /// finds it. The counter carries into the milliseconds.
    pub fn following(&self) -> Stamp {
        let next = self.ticks().saturating_add(1);
        Stamp::new(next >> 16, (next & 0xffff) as u16, self.device())
    }

    /// Lower-case hex, 32 characters.
    pub fn hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Reads 32 hex characters.
    pub fn from_hex(text: &str) -> Option<Self> {
        if text.len() != 32 || !text.is_ascii() {
            return None;
        }
        let mut bytes = [0; 16];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
        }
        Some(Stamp(bytes))
    }

    fn ticks(&self) -> u64 {
        let mut half = [0; 8];
        half.copy_from_slice(&self.0[..8]);
        u64::from_be_bytes(half)
    }
}

/// A stamp further ahead of the time than this moves no clock; milliseconds.
pub const AHEAD_MS: u64 = 5 * 60_000;
const MS_MAX: u64 = (1 << 48) - 1;

impl fmt::Debug for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.hex())
    }
}

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.hex())
    }
}

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Stamp::from_hex(&text).ok_or_else(|| D::Error::custom("a stamp is 32 hex characters"))
    }
}

/// The device's clock: hands out stamps that only rise.
#[derive(Clone, Debug)]
pub struct Hlc {
    device: DeviceTag,
    last: u64,
}

impl Hlc {
    /// Starts after the newest stamp that this device ever made.
    pub fn resume(device: DeviceTag, last: Stamp) -> Self {
        Hlc { device, last: last.ticks() }
    }

    /// The next stamp: after all earlier ones of this device and after `seen`, the newest stamp of the document that is
    /// being changed, so that a slow clock cannot make a newer edit lose. The counter carries into the milliseconds.
    ///
    /// A document from further ahead than [`AHEAD_MS`] is followed, and the clock stays: somebody's wrong clock does not
    /// become everybody's.
    pub fn tick(&mut self, now_ms: u64, seen: Stamp) -> Stamp {
        let own = self.last.saturating_add(1).max(now_ms.min(MS_MAX) << 16);
        let next = own.max(seen.ticks().saturating_add(1));
        if next == own || seen.ms() <= now_ms.saturating_add(AHEAD_MS) {
            self.last = next;
        }
        Stamp::new(next >> 16, (next & 0xffff) as u16, self.device)
    }

    /// The newest stamp handed out.
    pub fn last(&self) -> Stamp {
        Stamp::new(self.last >> 16, (self.last & 0xffff) as u16, self.device)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_rise_when_the_clock_stands_still_or_goes_back() {
        let mut clock = Hlc::resume(DeviceTag(7), Stamp::ZERO);
        let first = clock.tick(1_000, Stamp::ZERO);
        let second = clock.tick(1_000, Stamp::ZERO);
        let third = clock.tick(10, Stamp::new(2_000, 5, DeviceTag(9)));
        assert!(first < second && second < third);
        assert_eq!((third.ms(), third.device()), (2_000, DeviceTag(7)));
    }

    #[test]
    fn a_stamp_from_far_ahead_is_followed_and_does_not_move_the_clock() {
        let mut clock = Hlc::resume(DeviceTag(7), Stamp::ZERO);
        let near = Stamp::new(1_000 + AHEAD_MS, 0, DeviceTag(9));
        assert_eq!(clock.tick(1_000, near).ms(), near.ms());
        let far = Stamp::new(near.ms() + 1_000_000_000, 3, DeviceTag(9));
        let after = clock.tick(1_000, far);
        assert!(after > far && clock.tick(1_000, after) > after);
        assert_eq!(clock.tick(1_000, Stamp::ZERO).ms(), near.ms());
        assert_eq!(clock.last().ms(), near.ms());
    }

    #[test]
    fn the_counter_carries_into_the_milliseconds() {
        let mut clock = Hlc::resume(DeviceTag(1), Stamp::new(5, u16::MAX, DeviceTag(1)));
        assert_eq!(clock.tick(0, Stamp::ZERO), Stamp::new(6, 0, DeviceTag(1)));
    }

    #[test]
    fn hex_round_trips_and_refuses_anything_else() {
        let stamp = Stamp::new(1_700_000_000_000, 3, DeviceTag(u64::MAX));
        assert_eq!(Stamp::from_hex(&stamp.hex()), Some(stamp));
        assert_eq!(Stamp::from_hex("zz"), None);
        assert_eq!(Stamp::from_hex(&"é".repeat(16)), None);
    }
}
