//! One-time codes, the addresses they prove, and how they are sent.

use model::{OtpChannel, OtpPurpose, SmtpTls, Time};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

/// An address or a number of this person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AddressView {
    /// As it was entered; absent where none is.
    pub address: Option<String>,
    /// Did a code that was sent there come back?
    pub verified: bool,
    /// Can codes be sent there from this clinic?
    pub can_send: bool,
    /// Another account had it first: this person's entry is held back until they choose another, or sign in with that account.
    pub taken: bool,
}

/// How this person is reached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ContactsView {
    /// By e-mail.
    pub email: AddressView,
    /// By text message.
    pub phone: AddressView,
}

/// Changes how this person is reached; null for none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetContacts {
    /// E-mail address.
    pub email: Option<String>,
    /// Number in E.164, such as `+447700900142`; spaces do not matter.
    pub mobile_number: Option<String>,
}

/// Sends a code to this person's own address.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SendCode {
    /// What for.
    pub purpose: OtpPurpose,
    /// How.
    pub channel: OtpChannel,
}

/// A code is on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct CodeSent {
    /// The request that it is good for.
    pub request: Uuid,
    /// Where it went.
    pub recipient: String,
    /// How the message names this device.
    pub device: String,
    /// When it ends.
    pub expires_at: Time,
}

/// Gives a code back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CheckCode {
    /// The request that it was sent for.
    pub request: Uuid,
    /// Eight digits; spaces do not matter.
    pub code: String,
}

/// The clinic's account at a mail server. Its password is never given out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SmtpView {
    /// Name of the server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: SmtpTls,
    /// Name of the login.
    pub user: Option<String>,
    /// Is a password kept?
    pub has_password: bool,
    /// The address that letters come from.
    pub from: String,
    /// Certificates, PEM, of whoever vouches for the server besides those whom the system trusts.
    pub ca: Option<String>,
}

/// The clinic's account at the SMS gateway. Its token is never given out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SmsView {
    /// Account SID.
    pub account: String,
    /// The number or name that messages come from.
    pub from: String,
}

/// How the clinic sends codes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SendingView {
    /// By e-mail; null while it does not.
    pub smtp: Option<SmtpView>,
    /// By text message; null while it does not.
    pub sms: Option<SmsView>,
    /// May this person change it?
    pub may_change: bool,
}

/// An account at a mail server, as an administrator enters it.
#[derive(Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetSmtp {
    /// Name of the server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: SmtpTls,
    /// Name of the login; null for none.
    pub user: Option<String>,
    /// Its password; null keeps the one that is there.
    pub password: Option<String>,
    /// The address that letters come from.
    pub from: String,
    /// Certificates, PEM, of whoever vouches for the server besides those whom the system trusts; null for none.
    pub ca: Option<String>,
}

/// An account at the SMS gateway, as an administrator enters it.
#[derive(Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetSms {
    /// Account SID.
    pub account: String,
    /// Its token; null keeps the one that is there.
    pub token: Option<String>,
    /// The number or name that messages come from.
    pub from: String,
}

/// Changes how the clinic sends codes; null where it shall not.
#[derive(Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetSending {
    /// By e-mail.
    pub smtp: Option<SetSmtp>,
    /// By text message.
    pub sms: Option<SetSms>,
}

/// Sends a message without a code, to see whether the settings work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TestSending {
    /// How.
    pub channel: OtpChannel,
    /// To which address or number.
    pub to: String,
}
