//! What protects a person's record.

use model::Time;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Chooses another passphrase.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChangePassphrase {
    /// The one in use.
    pub old: String,
    /// The new one.
    pub new: String,
}

/// Proves again who is at the keyboard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct StepUp {
    /// The passphrase.
    pub passphrase: String,
    /// A code of the app, or one from paper; needed when the second factor is on.
    pub code: Option<String>,
}

/// The state of the second factor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FactorView {
    /// Is it asked for?
    pub on: bool,
    /// Since when.
    pub since: Option<Time>,
    /// How many codes on paper were not used yet.
    pub backup_codes_left: u32,
}

/// What an app needs to take the secret over: shown now and kept nowhere.
#[derive(Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct FactorSetup {
    /// The `otpauth://` address.
    pub address: String,
    /// The same as a QR code, SVG.
    pub qr: String,
    /// The secret in base32, in groups of four letters, for typing.
    pub secret: String,
}

/// Shows that the app has the secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FactorConfirm {
    /// The code that the app shows now.
    pub code: String,
}

/// The codes for when the app is lost: shown once.
#[derive(Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct BackupCodes {
    /// `xxxx-xxxx-xxxx-xxxx`, each good once.
    pub codes: Vec<String>,
}
