//! Enrolment, the inviter's decision: what is signed and shared once the letters agree, and the answer that carries it.

use super::body;
use super::certificate::{Certificate, Issuer, Standing, UserKeys, may_certify};
use super::chart::{grant_chart_to, open_chart};
use super::enrol::{ANSWER, CREDENTIAL, ENROL, Invitation, Purpose, Request, Used};
use super::found::learn_own;
use super::grants;
use super::journal::Head;
use super::keyring::Keyring;
use super::object::KeyObject;
use super::remove::check_authority;
use super::scope_keys::Rights;
use super::store::Trust;
use super::{Error, Result, text};
use bson::{Document, doc};
use crypto::Zeroizing;
use crypto::encode::sha256;
use crypto::root::UserRoot;
use crypto::sign::Signer;
use model::Role;
use std::collections::BTreeSet;
use uuid::Uuid;

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
    /// Did the inviter's program check the proof of a sign-in elsewhere that the request carries, and find it good?
    pub outside_checked: bool,
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
    check(keyring, invitation, request, admission, used, at_ms)?;
    // A step that fails half-way leaves no trace, so that the person can try again.
    let mut after = trust.clone();
    let made = match (&request.member, invitation.purpose) {
        (None, _) => admit_device(keyring, &mut after, request, admission, at_ms)?,
        (Some((user, keys)), Purpose::NewMember) => admit_member(keyring, &mut after, *user, keys, admission, at_ms)?,
        (Some(_), _) => return Err(Error::Forbidden("the clinic brings somebody back with its key")),
    };
    conclude(keyring, (trust, after), (invitation, request), admission, made, (used, at_ms))
}

/// Brings somebody back who agreed to that: `earlier` is their root, which the clinic's key opened, and `root` the realm's root key.
/// They get new keys, which they made on the computer that they ask from.
///
/// # Errors
/// As [`admit`].
#[allow(clippy::too_many_arguments, reason = "one more than admit, which says what each is")]
pub fn admit_again(
    keyring: &Keyring,
    trust: &mut Trust,
    invitation: &Invitation,
    request: &Request,
    admission: &Admission,
    (root, earlier): (&Signer, &UserRoot),
    used: &mut Used,
    at_ms: u64,
) -> Result<Admitted> {
    check(keyring, invitation, request, admission, used, at_ms)?;
    let (Some((user, keys)), Purpose::Returning { .. }) = (&request.member, invitation.purpose) else {
        return Err(Error::Forbidden("the invitation is for something else"));
    };
    let mut after = trust.clone();
    let current = after.user(*user).ok_or(Error::Unknown("the person"))?;
    let (standing, n) = (current.standing().ok_or(Error::Unknown("the person"))?, current.n + 1);
    let realm = after.realm();
    let issuer = match standing.role {
        Role::SuperAdmin => Issuer::root(realm, root),
        Role::Patient | Role::Doctor | Role::Admin => {
            check_authority(keyring, &after, *user)?;
            keyring.issuer()
        }
    };
    let certified = UserKeys { since_ms: at_ms, ..keys.clone() };
    let certificate = issuer.certify_user(*user, n, certified, standing, None, at_ms)?;
    learn_own(&mut after, keyring.device(), std::slice::from_ref(&certificate))?;
    let own = after.user(*user).filter(|own| own.id == certificate.id);
    let own = own.ok_or(Error::Overruled)?;
    let team = standing.is_staff().then(|| after.team());
    let scopes: Vec<_> = [Some(realm), team].into_iter().flatten().collect();
    let mut objects = vec![certificate];
    objects.extend(share_scopes(keyring, &after, own, &scopes)?);
    let extra = vec![grants::for_return(realm, *user, earlier, request.device(), &request.device.agree)?];
    conclude(keyring, (trust, after), (invitation, request), admission, (objects, extra), (used, at_ms))
}

fn check(
    keyring: &Keyring,
    invitation: &Invitation,
    request: &Request,
    admission: &Admission,
    used: &Used,
    at_ms: u64,
) -> Result<()> {
    invitation.check_time(at_ms)?;
    used.check(invitation)?;
    if invitation.inner.inviter_device != keyring.device().into_bytes() || invitation.realm() != keyring.realm() {
        return Err(Error::Elsewhere);
    }
    match invitation.inner.check_words_are(&request.bundle, admission.typed_check) {
        true => Ok(()),
        false => Err(Error::CheckDiffers),
    }
}

/// Writes the answer; what was learnt is kept.
fn conclude(
    keyring: &Keyring,
    (trust, after): (&mut Trust, Trust),
    (invitation, request): (&Invitation, &Request),
    admission: &Admission,
    (objects, extra): Made,
    (used, at_ms): (&mut Used, u64),
) -> Result<Admitted> {
    let user = request.member.as_ref().map_or(keyring.user(), |(user, _)| *user);
    let answer_text = answer(keyring, &after, invitation, request, admission, &objects, &extra)?;
    *trust = after;
    used.spend(invitation, at_ms);
    Ok(Admitted { answer_text, objects, user, device: request.device() })
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
    let slot = admission.slot.ok_or(Error::Unknown("the passphrase slot"))?;
    let (root, account, agree) = (keyring.root(), keyring.account_secret(), &request.device.agree);
    let objects = vec![
        keyring.issuer().certify_device(1, request.device.clone(), at_ms)?,
        grants::for_device(keyring.realm(), keyring.user(), root, account, request.device(), agree)?,
    ];
    learn_own(trust, keyring.device(), &objects)?;
    let own = trust.user(keyring.user()).ok_or(Error::Unknown("the inviter's certificate"))?;
    let mut extra = vec![slot.clone()];
    extra.extend(share_scopes(keyring, trust, own, &[keyring.realm(), trust.team(), keyring.user()])?);
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
    let standing = trust.role_of(keyring.user()).ok_or(Error::Forbidden("the inviter is not certified"))?;
    if !may_certify(standing.authority(), admission.standing) {
        return Err(Error::Forbidden("this role is given by a higher one"));
    }
    let certificate = keyring.issuer().certify_user(user, 1, keys.clone(), admission.standing, None, at_ms)?;
    learn_own(trust, keyring.device(), std::slice::from_ref(&certificate))?;
    let mut objects = vec![certificate];
    let own = trust.user(user).ok_or(Error::Unknown("the new person's certificate"))?;
    let team = admission.standing.is_staff().then(|| trust.team());
    let scopes: Vec<_> = [Some(keyring.realm()), team].into_iter().flatten().collect();
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

/// Wraps the newest keys of these scopes, as far as the inviter holds them, for a person: a patient has no key of the care team.
fn share_scopes(keyring: &Keyring, trust: &Trust, to: &Certificate, scopes: &[Uuid]) -> Result<Vec<KeyObject>> {
    let held = scopes.iter().filter(|scope| trust.newest(**scope).is_some()).filter_map(|scope| keyring.newest(*scope));
    held.map(|key| grants::for_user(keyring.realm(), key, to)).collect()
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
    let list: Vec<Document> = needed.iter().chain(objects).chain(extra).map(KeyObject::to_document).collect();
    let mut message = doc! {
        "root": body::bytes(trust.root_public()), "bundle": body::bytes(&sha256(&request.bundle)),
        "objects": list, "floors": Head::list(admission.floors),
    };
    if admission.outside_checked && request.outside.is_some() {
        message.insert("outside", true);
    }
    if let Some(credential) = admission.credential {
        let (realm, device) = (keyring.realm().into_bytes(), request.device().into_bytes());
        let grant = crypto::grant::seal(&request.device.agree, &realm, CREDENTIAL, 0, &device, credential)?;
        message.insert("credential", doc! { "enc": body::bytes(&grant.enc), "ct": body::bytes(&grant.ct) });
    }
    let signed = keyring.sign_as_device(ENROL, body::write(&message)?);
    let sealed = invitation.inner.seal_down(&signed.to_bytes())?;
    Ok(text::write(ANSWER, &sealed))
}

/// What the new device must know before the first synchronisation: the inviter's chain, and the versions of every scope
/// that is shared with it.
fn needed(keyring: &Keyring, trust: &Trust, objects: &[KeyObject], extra: &[KeyObject]) -> Vec<KeyObject> {
    let mut ids = BTreeSet::new();
    chain(trust, keyring.device_certificate(), &mut ids);
    chain(trust, keyring.user_certificate(), &mut ids);
    // Somebody who returns has certificates already, under which things are shared with them.
    let certified = objects.iter().filter_map(|object| trust.certificate(object.id)).map(|one| one.subject);
    for earlier in certified.filter_map(|subject| trust.by_subject.get(&subject)).flatten() {
        chain(trust, *earlier, &mut ids);
    }
    let scopes: BTreeSet<Uuid> = objects.iter().chain(extra).filter_map(grants::scope_of).collect();
    for version in scopes.into_iter().flat_map(|scope| trust.versions(scope)) {
        chain(trust, version.certificate, &mut ids);
        ids.insert(version.id);
    }
    let is_new = |id: &Uuid| objects.iter().any(|object| object.id == *id);
    ids.iter().filter(|id| !is_new(id)).filter_map(|id| trust.object(*id)).cloned().collect()
}

fn chain(trust: &Trust, certificate: Uuid, ids: &mut BTreeSet<Uuid>) {
    let mut next = trust.certificate(certificate);
    while let Some(certificate) = next {
        ids.insert(certificate.id);
        next = trust.certificate(certificate.issuer);
    }
}
