//! Records from screen to camera, without a network.

use super::IntakeView;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

/// Makes a key for one transfer to this screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReceiveByCodes {
    /// Where the records come from, in the words of whoever receives them: it is kept with what is filed. 1 to 120 characters.
    pub source: String,
}

/// What a receiver shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ReceiverView {
    /// Its name until the transfer is over.
    pub ticket: Uuid,
    /// The still code as text.
    pub code: String,
    /// The still code as a QR code: a PNG in base64.
    pub picture: String,
    /// Eight characters to compare with the sender's screen.
    pub comparison: String,
}

/// Takes frames that were seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TakeFrames {
    /// The transfer.
    pub ticket: Uuid,
    /// Their texts, in any order; at most 2,000.
    pub frames: Vec<String>,
}

/// How far a transfer is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TakenView {
    /// How much is there, in percent.
    pub percent: u8,
    /// What would be filed, once all is there. Then the transfer is over.
    pub intake: Option<IntakeView>,
}

/// Reads the code of a receiver.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReadReceiver {
    /// Its text.
    pub text: String,
}

/// A receiver whose code was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ReceiverSeen {
    /// The code as text.
    pub code: String,
    /// Eight characters to compare with the receiver's screen.
    pub comparison: String,
}

/// Seals chosen records for a receiver, to be shown as codes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SendByCodes {
    /// The chart.
    pub patient: Uuid,
    /// What is sent.
    pub choices: Vec<Uuid>,
    /// Parts of the front page that are sent: `medications`, `conditions`, `allergies`, `vitals`.
    pub kinds: Vec<String>,
    /// The receiver's code.
    pub receiver: String,
    /// Who receives it, for the access log.
    pub recipient: String,
}

/// What is being shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SendingByCodes {
    /// Its name until it is stopped.
    pub ticket: Uuid,
    /// How many frames are needed at the least.
    pub parts: u32,
    /// Length of what is shown, in bytes.
    pub bytes: u32,
}

/// Asks for the next frames.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NextFrames {
    /// What is being shown.
    pub ticket: Uuid,
    /// How many, 1 to 30.
    pub count: u32,
}

/// One frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FrameView {
    /// The how-manieth it is, from 1; there is no last.
    pub number: u32,
    /// Its text.
    pub text: String,
    /// Its QR code: a PNG in base64.
    pub picture: String,
}
