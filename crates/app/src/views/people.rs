//! Members, devices and invitations.

use model::{Role, Time};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

/// Members and devices of the realm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PeopleView {
    /// Members.
    pub people: Vec<PersonView>,
    /// Devices.
    pub devices: Vec<DeviceView>,
}

/// A member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PersonView {
    /// The account.
    pub user: Uuid,
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// What they may do.
    pub role: Role,
    /// May they write clinical statements?
    pub clinical: bool,
    /// Their chart, where they are a patient.
    pub chart: Option<Uuid>,
    /// May whoever is at work change their role and remove them?
    pub managed: bool,
    /// Is it oneself?
    pub me: bool,
    /// From when on this person is to be removed, as they wish; null when they do not.
    pub leaves_at: Option<Time>,
}

/// A device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DeviceView {
    /// The device.
    pub id: Uuid,
    /// Eight letters that tell it from others.
    pub name: String,
    /// Name of its owner.
    pub owner: String,
    /// Is it one of one's own?
    pub mine: bool,
    /// Is it this one?
    pub this_device: bool,
    /// May whoever is at work remove it?
    pub removable: bool,
    /// The newest of its entries that came here.
    pub last_seen: Option<Time>,
}

/// Asks for an invitation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// For a second device of one's own?
    pub own_device: bool,
    /// The new member's role.
    pub role: Option<Role>,
    /// May the new member write clinical statements?
    pub clinical: bool,
    /// The chart of a new member who is a patient.
    pub chart: Option<Uuid>,
    /// A provider at which a new member should sign in before they ask; a wish, no condition.
    #[serde(default)]
    pub outside: Option<Uuid>,
}

/// An invitation, good for ten minutes and for one use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct InvitationView {
    /// The text.
    pub text: String,
    /// The same as a QR code, SVG.
    pub qr: String,
    /// When it ends.
    pub expires_at: Time,
}

/// Looks at a request that came back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReadRequest {
    /// Its text.
    pub request: String,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RequestView {
    /// For a second device of one's own?
    pub own_device: bool,
    /// The role that was offered.
    pub role: Option<Role>,
    /// The name of somebody who lost everything and comes back.
    pub returning: Option<String>,
    /// What it says of a sign-in elsewhere; null where neither it nor the invitation speaks of one.
    pub outside: Option<super::RequestOutside>,
    /// Did another request answer the same invitation before?
    pub another: bool,
}

/// Lets whoever asked in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Admit {
    /// The request's text.
    pub request: String,
    /// The sixteen characters, as read out by whoever asked.
    pub typed_check: String,
}

/// A person to whom a code can be sent before they are let in again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ResetChoice {
    /// The account.
    pub user: Uuid,
    /// Name.
    pub name: String,
    /// The address that they once proved to read.
    pub email: String,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AnswerView {
    /// Its text, to be carried back.
    pub answer: String,
}

/// Gives a person another role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChangeRole {
    /// Whom.
    pub user: Uuid,
    /// The new role.
    pub role: Role,
    /// Does an admin write clinical statements besides?
    pub clinical: bool,
}

/// How far the making of new keys has come.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RotationView {
    /// Is it under way?
    pub running: bool,
    /// Charts and other scopes that have theirs.
    pub done: u32,
    /// All that were due when it began.
    pub total: u32,
}

/// A finding about journals, devices or keys that a person must hear of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AlarmView {
    /// What was found; the window has a sentence for each.
    pub code: String,
    /// Whose device it concerns.
    pub owner: Option<String>,
    /// When it was found.
    pub at: Time,
    /// Is it only worth knowing, and no sign of an attack by itself?
    pub calm: bool,
}
