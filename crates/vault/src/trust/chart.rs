//! Opening a chart, sharing it, and giving a scope a new key.
//!
//! Each function gives the objects to store. They count when `Trust` and `Keyring` have learnt them, here as elsewhere.

use super::certificate::Certificate;
use super::grants;
use super::keyring::Keyring;
use super::object::{KeyObject, SCOPE_KEYS};
use super::scope_keys::{MEMBERS, Member, PREVIOUS, Previous, Reason, Rights, SCOPE_KEY, ScopeKind, ScopeVersion, Who};
use super::scopes::in_all;
use super::store::Trust;
use super::{Error, Result};
use crypto::scope::ScopeKey;
use uuid::Uuid;

/// A version that is to be made.
pub(super) struct Draft<'a> {
    pub(super) scope: Uuid,
    pub(super) kind: ScopeKind,
    pub(super) follows: Vec<&'a ScopeVersion>,
    pub(super) members: Vec<Member>,
    pub(super) reason: Reason,
    pub(super) at_ms: u64,
}

/// Opens a chart for a patient: its key, shared with the care team and with the patient if they have an account. The
/// scope's id is the patient document's.
///
/// # Errors
/// [`Error::Forbidden`] for a patient, or when the chart is open already; [`Error::Unknown`] without the team's key or the
/// patient's certificate; [`Error::Crypto`].
pub fn open_chart(
    keyring: &Keyring,
    trust: &Trust,
    patient_id: Uuid,
    patient_user: Option<Uuid>,
    at_ms: u64,
) -> Result<Vec<KeyObject>> {
    if !trust.role_of(keyring.user()).is_some_and(|standing| standing.is_staff()) {
        return Err(Error::Forbidden("charts are opened by the care team"));
    }
    if !trust.versions(patient_id).is_empty() {
        return Err(Error::Forbidden("the chart is open already"));
    }
    let mut members = vec![Member { who: Who::Team(trust.team()), rights: Rights::ALL }];
    members.extend(patient_user.map(|user| Member { who: Who::User(user), rights: Rights::ALL }));
    let draft =
        Draft { scope: patient_id, kind: ScopeKind::Chart, follows: Vec::new(), members, reason: Reason::Made, at_ms };
    make_shared(keyring, trust, &draft)
}

/// Shares a chart with one more person, by a new version of its key under which the older ones can be read.
///
/// # Errors
/// [`Error::Forbidden`] without the right to grant, or for a member; [`Error::Unknown`], [`Error::Crypto`].
pub fn grant_chart_to(
    keyring: &Keyring,
    trust: &Trust,
    patient_id: Uuid,
    user: Uuid,
    rights: Rights,
    at_ms: u64,
) -> Result<Vec<KeyObject>> {
    let newest = trust.newest(patient_id).ok_or(Error::Unknown("the chart"))?;
    if newest.members.iter().any(|member| member.who == Who::User(user)) {
        return Err(Error::Forbidden("this person shares the chart already"));
    }
    let mut members = newest.members.clone();
    members.push(Member { who: Who::User(user), rights });
    let draft = follow(keyring, trust, newest, members, Reason::Added, at_ms)?;
    make_shared(keyring, trust, &draft)
}

/// Ends a person's share of a chart, by a new version of its key that they do not get. What was written before stays
/// readable to them if they kept it.
///
/// # Errors
/// [`Error::Forbidden`] without the right to grant, or against an owner; [`Error::Unknown`], [`Error::Crypto`].
pub fn remove_from_chart(
    keyring: &Keyring,
    trust: &Trust,
    patient_id: Uuid,
    user: Uuid,
    at_ms: u64,
) -> Result<Vec<KeyObject>> {
    let newest = trust.newest(patient_id).ok_or(Error::Unknown("the chart"))?;
    let members: Vec<_> = newest.members.iter().copied().filter(|member| member.who != Who::User(user)).collect();
    if members.len() == newest.members.len() {
        return Err(Error::Unknown("a member to remove"));
    }
    let owner = newest.named_rights(user, false).has(Rights::OWN);
    if owner && user != keyring.user() && !trust.is_removed(user) {
        return Err(Error::Forbidden("an owner goes by their own act"));
    }
    let draft = follow(keyring, trust, newest, members, Reason::Removed, at_ms)?;
    make_shared(keyring, trust, &draft)
}

/// Gives a scope a new key: after a removal, once a year, or to join versions that were made apart, of which the members
/// that all of them name remain. Removed people are left out.
///
/// # Errors
/// [`Error::Forbidden`] without the right to grant; [`Error::Unknown`], [`Error::Crypto`].
pub fn renew(keyring: &Keyring, trust: &Trust, scope: Uuid, reason: Reason, at_ms: u64) -> Result<Vec<KeyObject>> {
    let heads = trust.heads(scope);
    let first = heads.first().ok_or(Error::Unknown("the scope"))?;
    let stays = |member: &&Member| match member.who {
        Who::Team(_) => in_all(&heads, member.who),
        Who::User(user) => in_all(&heads, member.who) && !trust.is_removed(user),
    };
    let members = first.members.iter().filter(stays).copied().collect();
    let draft = Draft { scope, kind: first.kind, follows: heads, members, reason, at_ms };
    check_may_grant(keyring, trust, scope)?;
    make_shared(keyring, trust, &draft)
}

fn follow<'a>(
    keyring: &Keyring,
    trust: &'a Trust,
    newest: &'a ScopeVersion,
    members: Vec<Member>,
    reason: Reason,
    at_ms: u64,
) -> Result<Draft<'a>> {
    check_may_grant(keyring, trust, newest.scope)?;
    Ok(Draft { scope: newest.scope, kind: newest.kind, follows: vec![newest], members, reason, at_ms })
}

fn check_may_grant(keyring: &Keyring, trust: &Trust, scope: Uuid) -> Result<()> {
    match trust.rights(scope, keyring.user()).may_grant() {
        true => Ok(()),
        false => Err(Error::Forbidden("no right to share this scope")),
    }
}

/// A version, its key sealed for the team where the team is a member, and wrapped for every person who shares it.
pub(super) fn make_shared(keyring: &Keyring, trust: &Trust, draft: &Draft) -> Result<Vec<KeyObject>> {
    let (object, key) = make_version(keyring, trust, draft)?;
    let mut objects = vec![object];
    if draft.members.iter().any(|member| matches!(member.who, Who::Team(_))) {
        let team = keyring.newest(trust.team()).ok_or(Error::Unknown("the key of the team"))?;
        objects.push(grants::for_team(keyring.realm(), &key, team)?);
    }
    for certificate in recipients(trust, draft)? {
        objects.push(grants::for_user(keyring.realm(), &key, certificate)?);
    }
    Ok(objects)
}

/// Those who get the key by a grant of their own.
fn recipients<'a>(trust: &'a Trust, draft: &Draft) -> Result<Vec<&'a Certificate>> {
    let users: Vec<Uuid> = match draft.kind {
        ScopeKind::User => vec![draft.scope],
        ScopeKind::Realm => trust.users(),
        ScopeKind::Team => {
            let is_staff = |user: &Uuid| trust.role_of(*user).is_some_and(|standing| standing.is_staff());
            trust.users().into_iter().filter(is_staff).collect()
        }
        ScopeKind::Chart => draft.members.iter().filter_map(|member| person(member.who)).collect(),
    };
    let certificate = |user: Uuid| {
        trust.user(user).filter(|_| trust.role_of(user).is_some()).ok_or(Error::Unknown("a member's certificate"))
    };
    users.into_iter().map(certificate).collect()
}

fn person(who: Who) -> Option<Uuid> {
    match who {
        Who::User(user) => Some(user),
        Who::Team(_) => None,
    }
}

/// Draws a key and signs the version that commits to it.
pub(super) fn make_version(keyring: &Keyring, trust: &Trust, draft: &Draft) -> Result<(KeyObject, ScopeKey)> {
    if draft.members.len() > MEMBERS || draft.follows.len() > PREVIOUS {
        return Err(Error::TooLarge("members or versions to join"));
    }
    let v = draft.follows.iter().map(|version| version.v).max().unwrap_or(0) + 1;
    let key = make_key(trust, draft.scope, v)?;
    let mut previous = Vec::new();
    for version in &draft.follows {
        let older = keyring.key_of(version).ok_or(Error::Unknown("the key of a version to follow"))?;
        previous.push(Previous { version: version.id, sealed: key.seal_previous(keyring.realm().as_bytes(), older)? });
    }
    let version = ScopeVersion {
        id: Uuid::nil(),
        certificate: keyring.user_certificate(),
        scope: draft.scope,
        kind: draft.kind,
        v,
        commitment: *key.commitment(),
        previous,
        members: draft.members.clone(),
        reason: draft.reason,
        by: keyring.user(),
        at_ms: draft.at_ms,
    };
    let signed = keyring.sign_as_user(SCOPE_KEY, version.to_body(keyring.realm())?);
    let home = if draft.kind == ScopeKind::User { draft.scope } else { keyring.realm() };
    Ok((KeyObject::signed(SCOPE_KEYS, home, &signed), key))
}

/// A key whose short name is free in the scope. That one is taken happens once in four thousand million times.
fn make_key(trust: &Trust, scope: Uuid, v: u32) -> Result<ScopeKey> {
    loop {
        let key = ScopeKey::make(scope.into_bytes(), v)?;
        if trust.versions(scope).iter().all(|version| version.kid() != key.kid()) {
            return Ok(key);
        }
    }
}
