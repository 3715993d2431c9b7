//! What protects a person's record.

use model::Time;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

/// What protects a record now, and the ways back into it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SecurityView {
    /// Does the device's part of the key lie in the clear beside the record? Then a copied disk is protected by the passphrase alone.
    pub secret_in_a_file: bool,
    /// Does this computer have a keychain that answers?
    pub keychain: bool,
    /// Is a PIN set?
    pub pin: bool,
    /// Does the next unlock give the database a new key?
    pub awaits_new_key: bool,
    /// Do several people use this computer? Then there is no PIN.
    pub shared: bool,
    /// When the recovery kit was last shown to be in hand.
    pub kit_checked_at: Option<Time>,
    /// Other devices of this person: each of them is a way back.
    pub other_devices: u32,
    /// Idle time before the lock.
    pub lock_minutes: u32,
    /// Is the disk encrypted below the program?
    pub disk: Shelter,
    /// Sixteen characters that name the realm.
    pub fingerprint: String,
}

/// What the disks of a computer, and what its memory is swapped to, are below the program. In the order of concern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Shelter {
    /// All of it is encrypted.
    Encrypted,
    /// It was not found out.
    Unknown,
    /// Some of it is not.
    Plain,
}

/// Opens a record with its PIN.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct UnlockQuick {
    /// Which.
    pub profile: String,
    /// Six digits or more.
    pub pin: String,
}

/// Sets a PIN.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetPin {
    /// Six digits or more.
    pub pin: String,
}

/// Opens a record with its recovery kit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Recover {
    /// Which.
    pub profile: String,
    /// The text of the kit.
    pub kit: String,
    /// The new passphrase.
    pub passphrase: String,
}

/// Asks whether this is the kit of the open record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CheckKit {
    /// The text of the kit.
    pub kit: String,
}

/// Comes back with the two sheets, when every device is lost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ComeBack {
    /// The text of the database card.
    pub card: String,
    /// The text of the kit.
    pub kit: String,
    /// Name, for the lock screen.
    pub name: String,
    /// The new passphrase.
    pub passphrase: String,
    /// `en` or `fr`.
    pub language: String,
}

/// The way to the database on paper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DatabaseCardView {
    /// The text.
    pub text: String,
    /// The same as a QR code, SVG.
    pub qr: String,
}

/// A picture with a code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ScanPicture {
    /// PNG or JPEG in base64.
    pub picture: String,
}

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
    /// A visit to a provider that stands in for the code: what `oidc.begin` called it.
    pub outside: Option<Uuid>,
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

/// One of a person's own devices, and the session on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct OwnSession {
    /// The device.
    pub device: Uuid,
    /// Eight characters by which it is known in messages.
    pub name: String,
    /// Is it this one?
    pub this_device: bool,
    /// When it was heard of last.
    pub heard_of: Option<Time>,
    /// Where it stands.
    pub state: OwnSessionState,
}

/// Where the session of a device stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OwnSessionState {
    /// It was unlocked in the last thirty days.
    Running,
    /// It was not, for so long.
    Idle,
    /// It was ended, and not unlocked since, as far as is known here.
    Ended,
    /// It has not said anything yet.
    Unknown,
}
