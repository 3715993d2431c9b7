//! Enrolment: how a second device, or a new person, comes into a realm (security design, 10.1).
//!
//! Three texts pass between the two computers, by picture, file or hand: the invitation (`INV1:`), the request (`REQ1:`)
//! and the answer (`ANS1:`). Between the second and the third a person reads sixteen letters on one screen and types them
//! on the other: [`admit`] signs nothing before they agree.

pub use super::enrol_join::{Begun, Enrolled, Joiner, Joining, begin, finish};

use super::body::{self, Body};
use super::certificate::{Certificate, DeviceKeys, Standing, UserKeys};
use super::chart::{grant_chart_to, open_chart};
use super::found::learn_own;
use super::grants;
use super::journal::Head;
use super::keyring::Keyring;
use super::object::KeyObject;
use super::scope_keys::Rights;
use super::store::Trust;
use super::{Error, Result, text};
use bson::{Document, doc};
use crypto::Zeroizing;
use crypto::encode::sha256;
use crypto::grant::AgreementPublic;
use crypto::invite;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

pub(super) const REQUEST: &str = "REQ1";
pub(super) const ANSWER: &str = "ANS1";
pub(super) const ENROL: &str = "enrol";
pub(super) const CREDENTIAL: &[u8] = b"credential";
/// An invitation ends after this time, in seconds.
pub const VALID_S: u32 = 600;
pub(super) const MESSAGE_MAX: usize = invite::MAX_MESSAGE + 4096;
const BUNDLE_MAX: usize = 16 * 1024;
/// In front of the connection card: the purpose, and the inviter's user id.
const CARD_HEAD: usize = 1 + 16;

/// What an invitation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Another device of the inviter's own.
    OwnDevice,
    /// A person who is new in the realm.
    NewMember,
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
        let (head, _) = inner
            .card
            .split_first_chunk::<CARD_HEAD>()
            .ok_or(Error::Malformed("an invitation"))?;
        let [mark, user @ ..] = *head;
        let purpose = match mark {
            0 => Purpose::OwnDevice,
            1 => Purpose::NewMember,
            _ => return Err(Error::Malformed("an invitation for another purpose")),
        };
        Ok(Invitation {
            inviter: Uuid::from_bytes(user),
            purpose,
            inner,
        })
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

    /// How to reach the database, as the inviter's program wrote it.
    pub fn card(&self) -> &[u8] {
        self.inner.card.get(CARD_HEAD..).unwrap_or_default()
    }

    pub(super) fn check_time(&self, at_ms: u64) -> Result<()> {
        match self.inner.has_ended(at_ms / 1000) {
            true => Err(Error::OutOfTime("the invitation has ended")),
            false => Ok(()),
        }
    }
}

/// The invitations that were used; each counts once. What has ended need not be kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// Ids and when each ends, seconds since 1970.
    pub ended_s: BTreeMap<Uuid, u64>,
}

impl Used {
    fn check(&self, invitation: &Invitation) -> Result<()> {
        match self.ended_s.contains_key(&invitation.id()) {
            true => Err(Error::Used),
            false => Ok(()),
        }
    }

    fn spend(&mut self, invitation: &Invitation, at_ms: u64) {
        self.ended_s.retain(|_, ends| *ends > at_ms / 1000);
        self.ended_s.insert(invitation.id(), invitation.expires_s());
    }
}

/// Invites. `card` says how to reach the database and is not looked at.
///
/// # Errors
/// [`Error::Forbidden`] unless the inviter may bring in such a person; [`Error::Crypto`] for a card that is too long.
pub fn invite(
    keyring: &Keyring,
    trust: &Trust,
    purpose: Purpose,
    card: &[u8],
    at_ms: u64,
) -> Result<Invitation> {
    let standing = trust
        .role_of(keyring.user())
        .ok_or(Error::Forbidden("the inviter is not certified"))?;
    if purpose == Purpose::NewMember && !standing.is_admin() {
        return Err(Error::Forbidden("admins bring in new people"));
    }
    let expires_s = u32::try_from(at_ms / 1000)
        .map_err(|_| Error::OutOfTime("the clock"))?
        .saturating_add(VALID_S);
    let mark = match purpose {
        Purpose::OwnDevice => 0,
        Purpose::NewMember => 1,
    };
    let whole = [&[mark], keyring.user().as_bytes().as_slice(), card].concat();
    let inner = invite::Invitation::make(
        keyring.realm().into_bytes(),
        keyring.device().into_bytes(),
        whole,
        expires_s,
    )?;
    Ok(Invitation {
        inner,
        purpose,
        inviter: keyring.user(),
    })
}

/// The public keys that want in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The letters that both screens show.
    pub check_words: String,
    pub(super) bundle: Vec<u8>,
    pub(super) device: DeviceKeys,
    pub(super) member: Option<(Uuid, UserKeys)>,
}

impl Request {
    /// Is it a device of the inviter's, or a new person?
    pub fn purpose(&self) -> Purpose {
        match self.member {
            None => Purpose::OwnDevice,
            Some(_) => Purpose::NewMember,
        }
    }

    /// The id of the device that wants in.
    pub fn device(&self) -> Uuid {
        super::object::device_id(&self.device.sign)
    }
}

pub(super) fn write_bundle(
    nonce: [u8; 16],
    device: &DeviceKeys,
    member: Option<(Uuid, &UserKeys)>,
) -> Result<Vec<u8>> {
    let mut bundle = doc! {
        "nonce": body::bytes(&nonce), "dsig": body::bytes(&device.sign), "dkem": body::bytes(device.agree.as_bytes()),
        "claim": body::bytes(&device.claim),
    };
    if let Some((user, keys)) = member {
        bundle.insert("user", body::id(user));
        bundle.insert("sig", body::bytes(&keys.sign));
        bundle.insert("kem", body::bytes(keys.agree.as_bytes()));
        bundle.insert("rec", body::bytes(keys.recovery.as_bytes()));
        bundle.insert("v", body::number(keys.version.into()));
    }
    body::write(&bundle)
}

/// Reads a request. The person then compares its letters with those on the other screen.
///
/// # Errors
/// [`Error::Malformed`], [`Error::Crypto`] for a request to another invitation; [`Error::Forbidden`] for one that wants
/// something else than the invitation is for.
pub fn read_request(invitation: &Invitation, request_text: &str) -> Result<Request> {
    let sealed = text::read(REQUEST, BUNDLE_MAX, request_text)?;
    let bundle = invitation.inner.open_up(&sealed)?.to_vec();
    let body = Body::read(&bundle, BUNDLE_MAX)?;
    let device = DeviceKeys {
        sign: body.fixed("dsig")?,
        agree: AgreementPublic::from_bytes(body.bytes("dkem")?)?,
        claim: body.fixed("claim")?,
    };
    let member = body.has("user").then(|| read_member(body)).transpose()?;
    let owner = member
        .as_ref()
        .map_or(invitation.inviter, |(user, _)| *user);
    if !device.claims(invitation.realm(), owner) {
        return Err(Error::Signature);
    }
    let check_words = invitation.inner.check_words(&bundle);
    let request = Request {
        check_words,
        bundle,
        device,
        member,
    };
    match request.purpose() == invitation.purpose {
        true => Ok(request),
        false => Err(Error::Forbidden("the invitation is for something else")),
    }
}

fn read_member(body: Body) -> Result<(Uuid, UserKeys)> {
    let keys = UserKeys {
        sign: body.fixed("sig")?,
        agree: AgreementPublic::from_bytes(body.bytes("kem")?)?,
        recovery: AgreementPublic::from_bytes(body.bytes("rec")?)?,
        version: body.small("v")?,
    };
    Ok((body.id("user")?, keys))
}

/// What the inviter decides.
pub struct Admission<'a> {
    /// The letters, as the person typed them from the other screen.
    pub typed_check: &'a str,
    /// What a new person may do; not looked at for a device.
    pub standing: Standing,
    /// The charts that a new person owns: a patient's own. One that is not open yet is opened.
    pub charts: &'a [Uuid],
    /// The journal heads that the inviter knows; they become the new device's floor.
    pub floors: &'a [Head],
    /// The inviter's own `pass` slot, for a device of theirs.
    pub slot: Option<&'a KeyObject>,
    /// The new device's database credential, as the joiner's program reads it.
    pub credential: Option<&'a [u8]>,
}

/// What admitting gives.
pub struct Admitted {
    /// The answer, for the other computer.
    pub answer_text: Zeroizing<String>,
    /// What is new: to store and push.
    pub objects: Vec<KeyObject>,
    /// Who came in: the new person, or the inviter.
    pub user: Uuid,
    /// The device that came in.
    pub device: Uuid,
}

/// Admits the device or person, once the typed letters agree. `trust` learns what is new.
///
/// # Errors
/// [`Error::OutOfTime`], [`Error::Used`], [`Error::CheckDiffers`]; [`Error::Elsewhere`] for another device's invitation;
/// [`Error::Forbidden`] for a role that the inviter may not give, or a person who is known already; [`Error::Unknown`].
pub fn admit(
    keyring: &Keyring,
    trust: &mut Trust,
    invitation: &Invitation,
    request: &Request,
    admission: &Admission,
    used: &mut Used,
    at_ms: u64,
) -> Result<Admitted> {
    invitation.check_time(at_ms)?;
    used.check(invitation)?;
    if invitation.inner.inviter_device != keyring.device().into_bytes()
        || invitation.realm() != keyring.realm()
    {
        return Err(Error::Elsewhere);
    }
    if !invitation
        .inner
        .check_words_are(&request.bundle, admission.typed_check)
    {
        return Err(Error::CheckDiffers);
    }
    // A step that fails half-way leaves no trace, so that the person can try again.
    let mut after = trust.clone();
    let (objects, extra) = match &request.member {
        None => admit_device(keyring, &mut after, request, admission, at_ms)?,
        Some((user, keys)) => admit_member(keyring, &mut after, *user, keys, admission, at_ms)?,
    };
    let user = request
        .member
        .as_ref()
        .map_or(keyring.user(), |(user, _)| *user);
    let answer_text = answer(
        keyring, &after, invitation, request, admission, &objects, &extra,
    )?;
    *trust = after;
    used.spend(invitation, at_ms);
    Ok(Admitted {
        answer_text,
        objects,
        user,
        device: request.device(),
    })
}

/// New objects, and older ones that the new device needs too.
type Made = (Vec<KeyObject>, Vec<KeyObject>);

fn admit_device(
    keyring: &Keyring,
    trust: &mut Trust,
    request: &Request,
    admission: &Admission,
    at_ms: u64,
) -> Result<Made> {
    let slot = admission
        .slot
        .ok_or(Error::Unknown("the passphrase slot"))?;
    let (root, account, agree) = (
        keyring.root(),
        keyring.account_secret(),
        &request.device.agree,
    );
    let objects = vec![
        keyring
            .issuer()
            .certify_device(1, request.device.clone(), at_ms)?,
        grants::for_device(
            keyring.realm(),
            keyring.user(),
            root,
            account,
            request.device(),
            agree,
        )?,
    ];
    learn_own(trust, keyring.device(), &objects)?;
    let own = trust
        .user(keyring.user())
        .ok_or(Error::Unknown("the inviter's certificate"))?;
    let mut extra = vec![slot.clone()];
    extra.extend(share_scopes(
        keyring,
        trust,
        own,
        &[keyring.realm(), trust.team(), keyring.user()],
    )?);
    Ok((objects, extra))
}

fn admit_member(
    keyring: &Keyring,
    trust: &mut Trust,
    user: Uuid,
    keys: &UserKeys,
    admission: &Admission,
    at_ms: u64,
) -> Result<Made> {
    if trust.is_known(user) {
        return Err(Error::Forbidden("this person is in the realm already"));
    }
    let standing = trust
        .role_of(keyring.user())
        .ok_or(Error::Forbidden("the inviter is not certified"))?;
    if !super::certificate::may_certify(standing.authority(), admission.standing) {
        return Err(Error::Forbidden("this role is given by a higher one"));
    }
    let certificate =
        keyring
            .issuer()
            .certify_user(user, 1, keys.clone(), admission.standing, None, at_ms)?;
    learn_own(trust, keyring.device(), std::slice::from_ref(&certificate))?;
    let mut objects = vec![certificate];
    let own = trust
        .user(user)
        .ok_or(Error::Unknown("the new person's certificate"))?;
    let team = admission.standing.is_staff().then(|| trust.team());
    let scopes: Vec<_> = [Some(keyring.realm()), team]
        .into_iter()
        .flatten()
        .collect();
    objects.extend(share_scopes(keyring, trust, own, &scopes)?);
    for chart in admission.charts {
        let shared = match trust.versions(*chart).is_empty() {
            true => open_chart(keyring, trust, *chart, Some(user), at_ms)?,
            false => grant_chart_to(keyring, trust, *chart, user, Rights::ALL, at_ms)?,
        };
        learn_own(trust, keyring.device(), &shared)?;
        objects.extend(shared);
    }
    Ok((objects, Vec::new()))
}

/// Wraps the newest keys of these scopes, as far as the inviter holds them, for a person.
fn share_scopes(
    keyring: &Keyring,
    trust: &Trust,
    to: &Certificate,
    scopes: &[Uuid],
) -> Result<Vec<KeyObject>> {
    let keys = scopes
        .iter()
        .filter(|scope| trust.newest(**scope).is_some());
    let keys = keys.map(|scope| {
        keyring
            .newest(*scope)
            .ok_or(Error::Unknown("the key of a scope to share"))
    });
    keys.map(|key| grants::for_user(keyring.realm(), key?, to))
        .collect()
}

fn answer(
    keyring: &Keyring,
    trust: &Trust,
    invitation: &Invitation,
    request: &Request,
    admission: &Admission,
    objects: &[KeyObject],
    extra: &[KeyObject],
) -> Result<Zeroizing<String>> {
    let needed = needed(keyring, trust, objects, extra);
    let list: Vec<Document> = needed
        .iter()
        .chain(objects)
        .chain(extra)
        .map(KeyObject::to_document)
        .collect();
    let mut message = doc! {
        "root": body::bytes(trust.root_public()), "bundle": body::bytes(&sha256(&request.bundle)),
        "objects": list, "floors": Head::list(admission.floors),
    };
    if let Some(credential) = admission.credential {
        let (realm, device) = (keyring.realm().into_bytes(), request.device().into_bytes());
        let grant = crypto::grant::seal(
            &request.device.agree,
            &realm,
            CREDENTIAL,
            0,
            &device,
            credential,
        )?;
        message.insert(
            "credential",
            doc! { "enc": body::bytes(&grant.enc), "ct": body::bytes(&grant.ct) },
        );
    }
    let signed = keyring.sign_as_device(ENROL, body::write(&message)?);
    let sealed = invitation.inner.seal_down(&signed.to_bytes())?;
    Ok(text::write(ANSWER, &sealed))
}

/// What the new device must know before the first synchronisation: the inviter's chain, and the versions of every scope
/// that is shared with it.
fn needed(
    keyring: &Keyring,
    trust: &Trust,
    objects: &[KeyObject],
    extra: &[KeyObject],
) -> Vec<KeyObject> {
    let mut ids = BTreeSet::new();
    chain(trust, keyring.device_certificate(), &mut ids);
    chain(trust, keyring.user_certificate(), &mut ids);
    let scopes: BTreeSet<Uuid> = objects
        .iter()
        .chain(extra)
        .filter_map(grants::scope_of)
        .collect();
    for version in scopes.into_iter().flat_map(|scope| trust.versions(scope)) {
        chain(trust, version.certificate, &mut ids);
        ids.insert(version.id);
    }
    let is_new = |id: &Uuid| objects.iter().any(|object| object.id == *id);
    ids.iter()
        .filter(|id| !is_new(id))
        .filter_map(|id| trust.object(*id))
        .cloned()
        .collect()
}

fn chain(trust: &Trust, certificate: Uuid, ids: &mut BTreeSet<Uuid>) {
    let mut next = trust.certificate(certificate);
    while let Some(certificate) = next {
        ids.insert(certificate.id);
        next = trust.certificate(certificate.issuer);
    }
}
