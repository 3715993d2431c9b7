//! Settings of this person on this device.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SettingsView {
    /// `en` or `fr`.
    pub language: String,
    /// `light`, `dark` or `system`.
    pub theme: String,
    /// Per cent, 90 to 150.
    pub text_size: u32,
    /// The number to call.
    pub emergency_number: String,
    /// Do single letters act?
    pub single_keys: bool,
    /// Idle time before the lock; five at most on a shared computer.
    pub lock_minutes: u32,
    /// Do several people use this computer? Then there is no PIN, and a second factor is asked for at unlock too.
    #[serde(default)]
    pub shared: bool,
}
