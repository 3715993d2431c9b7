//! Enrolment: how a second device, or a new person, comes into a realm (security design, 10.1).
//!
//! Three texts pass between the two computers, by picture, file or hand: the invitation (`INV1:`), the request (`REQ1:`)
//! and the answer (`ANS1:`). Between the second and the third a person reads sixteen letters on one screen and types them
//! on the other: [`admit`] signs nothing before they agree.

pub use super::bundle::OutsideProof;
pub use super::enrol_admit::{Admission, Admitted, admit, admit_again};
pub use super::enrol_join::{Begun, Enrolled, Joiner, Joining, begin, finish};

use super::bundle::{BUNDLE_MAX, Bundle};
use super::certificate::{DeviceKeys, UserKeys};
use super::keyring::Keyring;
use super::store::Trust;
use super::{Error, Result, text};
use crypto::Zeroizing;
use crypto::invite;
use std::collections::BTreeMap;
use uuid::Uuid;

pub(super) const REQUEST: &str = "REQ1";
pub(super) const ANSWER: &str = "ANS1";
pub(super) const ENROL: &str = "enrol";
pub(super) const CREDENTIAL: &[u8] = b"credential";
/// An invitation ends after this time, in seconds.
pub const VALID_S: u32 = 600;
pub(super) const MESSAGE_MAX: usize = invite::MAX_MESSAGE + 4096;
/// In front of the connection card: the purpose, and the inviter's user id.
const CARD_HEAD: usize = 1 + 16;
/// After that, for somebody who returns: their user id, and the version of the root that they are to make.
const RETURN_HEAD: usize = 16 + 4;

/// What an invitation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Another device of the inviter's own.
    OwnDevice,
    /// A person who is new in the realm.
    NewMember,
    /// A person of the realm who lost everything and is brought back with new keys.
    Returning {
        /// Who.
        user: Uuid,
        /// The version of the root that they are to make.
        version: u32,
    },
}

/// An invitation, on either side. Whoever has its text can take part, so it is shown once, for minutes.
pub struct Invitation {
    pub(super) inner: invite::Invitation,
    /// What it is for.
    pub purpose: Purpose,
    /// Who invites.
    pub inviter: Uuid,
}

impl Invitation {
    /// The text for the picture, the file or the screen.
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(self.inner.text())
    }

    /// Reads the text.
    ///
    /// # Errors
    /// [`Error::Crypto`] or [`Error::Malformed`], which say whether it was mistyped or is something else.
    pub fn parse(text: &str) -> Result<Self> {
        let inner = invite::Invitation::parse(text)?;
        let (head, _) = inner.card.split_first_chunk::<CARD_HEAD>().ok_or(Error::Malformed("an invitation"))?;
        let [mark, user @ ..] = *head;
        let purpose = match mark {
            0 => Purpose::OwnDevice,
            1 => Purpose::NewMember,
            2 => read_return(inner.card.get(CARD_HEAD..).unwrap_or_default())?,
            _ => return Err(Error::Malformed("an invitation for another purpose")),
        };
        Ok(Invitation { inviter: Uuid::from_bytes(user), purpose, inner })
    }

    /// The invitation's id, under which it counts as used.
    pub fn id(&self) -> Uuid {
        Uuid::from_bytes(self.inner.id)
    }

    /// The realm it leads to.
    pub fn realm(&self) -> Uuid {
        Uuid::from_bytes(self.inner.realm)
    }

    /// When it ends, seconds since 1970.
    pub fn expires_s(&self) -> u64 {
        self.inner.expires_s.into()
    }

    /// When it was made, seconds since 1970.
    pub fn invited_s(&self) -> u64 {
        self.expires_s().saturating_sub(VALID_S.into())
    }

    /// How to reach the database, as the inviter's program wrote it.
    pub fn card(&self) -> &[u8] {
        let head = match self.purpose {
            Purpose::OwnDevice | Purpose::NewMember => CARD_HEAD,
            Purpose::Returning { .. } => CARD_HEAD + RETURN_HEAD,
        };
        self.inner.card.get(head..).unwrap_or_default()
    }

    pub(super) fn check_time(&self, at_ms: u64) -> Result<()> {
        match self.inner.has_ended(at_ms / 1000) {
            true => Err(Error::OutOfTime("the invitation has ended")),
            false => Ok(()),
        }
    }
}

fn read_return(head: &[u8]) -> Result<Purpose> {
    const BAD: Error = Error::Malformed("an invitation");
    let (user, rest) = head.split_first_chunk().ok_or(BAD)?;
    let (version, _) = rest.split_first_chunk().ok_or(BAD)?;
    Ok(Purpose::Returning { user: Uuid::from_bytes(*user), version: u32::from_be_bytes(*version) })
}

/// The invitations that were used; each counts once. What has ended need not be kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// Ids and when each ends, seconds since 1970.
    pub ended_s: BTreeMap<Uuid, u64>,
}

impl Used {
    pub(super) fn check(&self, invitation: &Invitation) -> Result<()> {
        match self.ended_s.contains_key(&invitation.id()) {
            true => Err(Error::Used),
            false => Ok(()),
        }
    }

    pub(super) fn spend(&mut self, invitation: &Invitation, at_ms: u64) {
        self.ended_s.retain(|_, ends| *ends > at_ms / 1000);
        self.ended_s.insert(invitation.id(), invitation.expires_s());
    }
}

/// Invites. `card` says how to reach the database and is not looked at.
///
/// # Errors
/// [`Error::Forbidden`] unless the inviter may bring in such a person; [`Error::Crypto`] for a card that is too long.
pub fn invite(keyring: &Keyring, trust: &Trust, purpose: Purpose, card: &[u8], at_ms: u64) -> Result<Invitation> {
    let standing = trust.role_of(keyring.user()).ok_or(Error::Forbidden("the inviter is not certified"))?;
    if purpose != Purpose::OwnDevice && !standing.is_admin() {
        return Err(Error::Forbidden("admins bring in new people"));
    }
    let expires_s = u32::try_from(at_ms / 1000).map_err(|_| Error::OutOfTime("the clock"))?.saturating_add(VALID_S);
    let (mark, more) = match purpose {
        Purpose::OwnDevice => (0, Vec::new()),
        Purpose::NewMember => (1, Vec::new()),
        Purpose::Returning { user, version } => (2, [user.as_bytes().as_slice(), &version.to_be_bytes()].concat()),
    };
    let whole = [&[mark], keyring.user().as_bytes().as_slice(), &more, card].concat();
    let inner =
        invite::Invitation::make(keyring.realm().into_bytes(), keyring.device().into_bytes(), whole, expires_s)?;
    Ok(Invitation { inner, purpose, inviter: keyring.user() })
}

/// The public keys that want in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The letters that both screens show.
    pub check_words: String,
    /// That whoever asks signed in elsewhere, as they say. It is checked by the provider's keys, not here.
    pub outside: Option<OutsideProof>,
    /// What the provider must have put into its token, for this request and no other.
    pub outside_nonce: String,
    pub(super) bundle: Vec<u8>,
    pub(super) device: DeviceKeys,
    pub(super) member: Option<(Uuid, UserKeys)>,
}

impl Request {
    /// Is it what the invitation is for: a device of the inviter's, a new person, or the one who returns?
    fn fits(&self, purpose: Purpose) -> bool {
        match (purpose, &self.member) {
            (Purpose::OwnDevice, member) => member.is_none(),
            (Purpose::NewMember, member) => member.is_some(),
            (Purpose::Returning { user, version }, Some((who, keys))) => *who == user && keys.version == version,
            (Purpose::Returning { .. }, None) => false,
        }
    }

    /// The id of the device that wants in.
    pub fn device(&self) -> Uuid {
        super::object::device_id(&self.device.sign)
    }
}

/// Reads a request. The person then compares its letters with those on the other screen.
///
/// # Errors
/// [`Error::Malformed`], [`Error::Crypto`] for a request to another invitation; [`Error::Forbidden`] for one that wants
/// something else than the invitation is for.
pub fn read_request(invitation: &Invitation, request_text: &str) -> Result<Request> {
    let sealed = text::read(REQUEST, BUNDLE_MAX, request_text)?;
    let bundle = invitation.inner.open_up(&sealed)?.to_vec();
    let content = Bundle::read(&bundle)?;
    let outside_nonce = content.outside_nonce(invitation.realm(), invitation.id())?;
    let Bundle { device, member, outside, .. } = content;
    let owner = member.as_ref().map_or(invitation.inviter, |(user, _)| *user);
    if !device.claims(invitation.realm(), owner) {
        return Err(Error::Signature);
    }
    let check_words = invitation.inner.check_words(&bundle);
    let request = Request { check_words, outside, outside_nonce, bundle, device, member };
    match request.fits(invitation.purpose) {
        true => Ok(request),
        false => Err(Error::Forbidden("the invitation is for something else")),
    }
}
