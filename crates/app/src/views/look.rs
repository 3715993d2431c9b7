//! How the window looks before anybody is known.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Language, colours and size of the window on this computer; nothing of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LookView {
    /// `en` or `fr`; null as the computer has it.
    pub language: Option<String>,
    /// `light`, `dark` or `auto`.
    pub theme: String,
    /// Per cent, 90 to 150.
    pub text_size: u32,
    /// Do single letters act?
    pub letter_keys: bool,
    /// Is movement left out?
    pub less_motion: bool,
}

impl Default for LookView {
    fn default() -> Self {
        LookView { language: None, theme: "auto".to_owned(), text_size: 100, letter_keys: true, less_motion: false }
    }
}
