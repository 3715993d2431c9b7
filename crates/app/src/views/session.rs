//! First start, unlock and lock.

use model::{Date, Gender, Role, Time};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

/// What the window should show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// No vault on this computer.
    Empty,
    /// A vault is being made and waits for an answer to its request.
    Joining,
    /// There are vaults; none is open.
    Locked,
    /// A vault is open.
    Open,
}

/// The state of this process.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SessionView {
    /// What to show.
    pub stage: Stage,
    /// The vaults on this computer; only what may be seen before unlocking.
    pub profiles: Vec<ProfileView>,
    /// Who is at work.
    pub me: Option<MeView>,
    /// The record that was locked last, and why; null when none was since the program was opened by hand.
    pub locked: Option<LockedView>,
    /// The request that waits.
    pub joining: Option<JoiningView>,
    /// Certificates of records that cleared themselves here, for their person to save.
    pub erased: Vec<super::ErasureView>,
    /// Version of the program.
    pub version: String,
}

/// Why a record was locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LockReason {
    /// The person at the window wanted it.
    Asked,
    /// Nobody touched the window for as long as the settings say.
    Idle,
    /// It was open for as long as a record may be.
    OpenTooLong,
    /// The computer went to sleep.
    Sleep,
    /// The desktop was locked.
    Desktop,
    /// The session was ended from another device.
    Ended,
}

/// A record that was locked. It names a folder and a reason, nothing of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LockedView {
    /// Name of its folder.
    pub profile: String,
    /// Why.
    pub reason: LockReason,
}

/// A vault on this computer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ProfileView {
    /// Name of its folder.
    pub id: String,
    /// Initials.
    pub initials: String,
    /// Role.
    pub role: String,
    /// When it last agreed with the remote.
    pub last_sync: Option<Time>,
    /// When the session on this computer was ended from another device; null after the passphrase was given.
    pub ended_at: Option<Time>,
    /// A code, where the vault can't be opened (damaged, newer).
    pub problem: Option<String>,
    /// May a PIN open it now?
    pub pin: bool,
    /// Does the next unlock give the database a new key, and takes longer?
    pub awaits_new_key: bool,
    /// Seconds until a passphrase may be tried again after too many wrong ones; 0 when it may be tried now.
    pub wait_seconds: u32,
}

/// Who is at work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MeView {
    /// The account.
    pub user: Uuid,
    /// Name.
    pub name: String,
    /// Initials.
    pub initials: String,
    /// What they may do.
    pub role: Role,
    /// May they write clinical statements?
    pub clinical: bool,
    /// Name of the clinic.
    pub realm_name: String,
    /// Is this one person's own record?
    pub alone: bool,
    /// This device.
    pub device: Uuid,
    /// Their own chart.
    pub chart: Option<Uuid>,
    /// Did the record disagree with itself, so that nothing is written any more?
    pub read_only: bool,
    /// Did they agree that the clinic can recover their account?
    pub clinic_recovers: bool,
}

/// Makes a clinic with its first doctor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MakeClinic {
    /// Name of the clinic.
    pub clinic_name: String,
    /// Name of the doctor.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Field of medicine.
    pub specialization: Option<String>,
    /// The passphrase.
    pub passphrase: String,
    /// `en` or `fr`.
    pub language: String,
}

/// Makes a record that a person keeps alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct KeepOwn {
    /// Name.
    pub name: String,
    /// Day of birth.
    pub date_of_birth: Option<Date>,
    /// Administrative gender.
    pub gender: Option<Gender>,
    /// The passphrase.
    pub passphrase: String,
    /// `en` or `fr`.
    pub language: String,
}

/// What is printed once and kept safe; never stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PapersView {
    /// The recovery kit as text.
    pub kit: String,
    /// The same in groups of four, for reading aloud.
    pub kit_groups: Vec<String>,
    /// The same as a QR code, SVG.
    pub kit_qr: String,
    /// The realm's own key, for whoever makes a realm.
    pub root_kit: Option<String>,
    /// The same as a QR code, SVG.
    pub root_kit_qr: Option<String>,
    /// Sixteen characters that name the realm.
    pub fingerprint: String,
}

/// A vault was made and is open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Made {
    /// Who is at work.
    pub me: MeView,
    /// To be printed.
    pub papers: Option<PapersView>,
}

/// Begins to join with an invitation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct JoinStart {
    /// The text of the invitation.
    pub invitation: String,
    /// Name of whoever joins.
    pub name: String,
    /// The new passphrase; for a second device, the one in use.
    pub passphrase: String,
}

/// A request that goes back to whoever invited.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct JoiningView {
    /// The request, to be carried over as text or file.
    pub request: String,
    /// Sixteen characters to read to whoever invited.
    pub check_words: String,
    /// Is this a second device of the same person?
    pub own_device: bool,
    /// A sign-in elsewhere that the invitation wishes for.
    pub outside: Option<super::JoiningOutside>,
}

/// Ends joining.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct JoinFinish {
    /// The answer's text.
    pub answer: String,
}

/// Opens a vault.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Unlock {
    /// Which.
    pub profile: String,
    /// The passphrase.
    pub passphrase: String,
    /// A code of the second factor, where the computer is shared.
    pub code: Option<String>,
}

/// Asks how good a passphrase is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct JudgePassphrase {
    /// The passphrase.
    pub passphrase: String,
    /// Names that it should not be made of.
    pub context: Vec<String>,
}

/// How good a passphrase is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Judgement {
    /// Good enough?
    pub ok: bool,
    /// 0 to 4.
    pub score: u8,
    /// A code for what is wrong.
    pub reason: Option<String>,
}

/// A passphrase of six words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Suggestion {
    /// The words.
    pub passphrase: String,
}
