//! Who shares a scope: which versions of its key stand, and what each member may do under them.

use super::certificate::{Certificate, Standing};
use super::scope_keys::{Rights, ScopeKind, ScopeVersion, Who};
use super::store::Trust;
use model::Role;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A key is renewed after this time, in milliseconds (security design, 5.4).
const RENEW_AFTER_MS: u64 = 365 * 86_400_000;

/// Why a scope needs a new version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// A member, or a device of one, was removed since.
    Removed,
    /// A member has new keys since, because the earlier ones may be known to somebody else.
    Rekeyed,
    /// Two versions were made apart and must be joined.
    Joined,
    /// It is a year old.
    Old,
}

impl Trust {
    /// The versions of a scope's key that stand, by rising number.
    pub fn versions(&self, scope: Uuid) -> Vec<&ScopeVersion> {
        let mut standing = BTreeMap::new();
        let mut out = Vec::new();
        for (_, id) in self.by_scope.get(&scope).into_iter().flatten() {
            let Some(version) = self.versions.get(id) else {
                continue;
            };
            if self.version_stands(version, &standing) {
                standing.insert(version.id, version);
                out.push(version);
            }
        }
        out
    }

    /// The version that writers use: of those that no other follows, the highest; of equals the one with fewest members.
    /// A version whose short name is not the only one of its kind in the scope is not written with.
    pub fn newest(&self, scope: Uuid) -> Option<&ScopeVersion> {
        let versions = self.versions(scope);
        let alone = |version: &ScopeVersion| versions.iter().filter(|other| other.kid() == version.kid()).count() == 1;
        let rank = |version: &&ScopeVersion| (version.v, Reverse(version.members.len()), Reverse(version.id));
        let used = self.in_keeping(scope, versions.clone());
        heads(&used).into_iter().filter(|version| alone(version)).max_by_key(rank)
    }

    /// The versions that no other follows: more than one after concurrent rotations.
    pub fn heads(&self, scope: Uuid) -> Vec<&ScopeVersion> {
        heads(&self.in_keeping(scope, self.versions(scope)))
    }

    /// What a person may do in a scope now.
    pub fn rights(&self, scope: Uuid, user: Uuid) -> Rights {
        let (Some(version), Some(standing)) = (self.newest(scope), self.role_of(user)) else {
            return Rights::NONE;
        };
        rights_of(version, user, standing)
    }

    /// What the holder of a user certificate might do under the version of this short name; what was sealed with an older
    /// key is judged by the members of then.
    pub fn rights_under(&self, scope: Uuid, kid: [u8; 4], certificate: Uuid) -> Rights {
        let Some(certificate) = self.certificates.get(&certificate) else {
            return Rights::NONE;
        };
        let Some(standing) = certificate.standing() else {
            return Rights::NONE;
        };
        let version = self.versions(scope).into_iter().find(|version| version.kid() == kid);
        version.map_or(Rights::NONE, |version| rights_of(version, certificate.subject, standing))
    }

    /// Everybody who shares a scope now, with what they may do.
    pub fn members(&self, scope: Uuid) -> Vec<(Uuid, Rights)> {
        let Some(version) = self.newest(scope) else {
            return Vec::new();
        };
        let everybody = self.users().into_iter().filter_map(|user| Some((user, self.role_of(user)?)));
        let rights = everybody.map(|(user, standing)| (user, rights_of(version, user, standing)));
        rights.filter(|(_, rights)| *rights != Rights::NONE).collect()
    }

    /// Is a person a member of a scope by name, and not through a team alone?
    pub fn is_named_member(&self, scope: Uuid, user: Uuid) -> bool {
        self.newest(scope).is_some_and(|version| {
            version.members.iter().any(|member| matches!(member.who, Who::User(named) if named == user))
        })
    }

    /// Why the scope needs a new version, if it does. Anyone with the right to grant there may make it.
    pub fn renewal(&self, scope: Uuid, now_ms: u64) -> Option<Renewal> {
        let newest = self.newest(scope)?;
        if self.heads(scope).len() > 1 {
            return Some(Renewal::Joined);
        }
        let later = self.revocations.values().filter(|removal| removal.at_ms > newest.at_ms);
        if later.into_iter().any(|removal| self.is_removed(removal.subject) && self.concerns(removal.subject, newest)) {
            return Some(Renewal::Removed);
        }
        if self.rekeyed_member(newest).is_some() {
            return Some(Renewal::Rekeyed);
        }
        (now_ms.saturating_sub(newest.at_ms) > RENEW_AFTER_MS).then_some(Renewal::Old)
    }

    /// Who makes the scope's next version, if it needs one: the remover after a removal, the one who has new keys,
    /// else the maker of the newest, else the first of those who may. One person, so that two devices do not both make it.
    pub fn renewer(&self, scope: Uuid, now_ms: u64) -> Option<(Uuid, Renewal)> {
        let why = self.renewal(scope, now_ms)?;
        let newest = self.newest(scope)?;
        let concerned = match why {
            Renewal::Removed => self.last_remover(newest),
            Renewal::Rekeyed => self.rekeyed_member(newest),
            Renewal::Joined | Renewal::Old => None,
        };
        let members = self.members(scope);
        // The key is sealed for the team with the team's own, which only staff have.
        let for_team = newest.members.iter().any(|member| matches!(member.who, Who::Team(_)));
        let is_staff = |user: &Uuid| self.role_of(*user).is_some_and(Standing::is_staff);
        let may = |user: &Uuid| {
            let grants = members.iter().any(|(member, rights)| member == user && rights.may_grant());
            grants && (!for_team || is_staff(user))
        };
        let everybody = members.iter().map(|(user, _)| *user);
        let first = concerned.into_iter().chain([newest.by]).chain(everybody).find(may)?;
        Some((first, why))
    }

    /// A member of this version who was certified with new keys since it was made.
    fn rekeyed_member(&self, version: &ScopeVersion) -> Option<Uuid> {
        let since = |user: &Uuid| self.user(*user).and_then(Certificate::user_keys).map_or(0, |keys| keys.since_ms);
        let member = |user: &Uuid| {
            self.role_of(*user).is_some_and(|standing| rights_of(version, *user, standing) != Rights::NONE)
        };
        self.renewed.iter().copied().find(|user| since(user) > version.at_ms && member(user))
    }

    /// Does the newest version give the key to this person themself, not through a team?
    pub(super) fn is_named(&self, scope: Uuid, user: Uuid) -> bool {
        let (Some(version), Some(standing)) = (self.newest(scope), self.role_of(user)) else { return false };
        match version.kind {
            ScopeKind::Chart => version.named_rights(user, false) != Rights::NONE,
            ScopeKind::Realm | ScopeKind::Team | ScopeKind::User => rights_of(version, user, standing) != Rights::NONE,
        }
    }

    /// Who made the newest of the removals that concern this version.
    fn last_remover(&self, version: &ScopeVersion) -> Option<Uuid> {
        let concerning = self.revocations.values().filter(|removal| self.concerns(removal.subject, version));
        self.user_of_certificate(concerning.max_by_key(|removal| removal.at_ms)?.issuer)
    }

    /// Was this user, or the user of this device, a member?
    fn concerns(&self, subject: Uuid, version: &ScopeVersion) -> bool {
        let user = self.user_of_device(subject).unwrap_or(subject);
        let standing = self.user(user).and_then(Certificate::standing);
        standing.is_some_and(|standing| rights_of(version, user, standing) != Rights::NONE)
    }

    fn version_stands(&self, version: &ScopeVersion, standing: &BTreeMap<Uuid, &ScopeVersion>) -> bool {
        let Some(signer) = self.certificates.get(&version.certificate) else {
            return false;
        };
        let Some(role) = signer.standing() else {
            return false;
        };
        if !self.object_counts(version.certificate, version.id) || !self.kind_fits(version) {
            return false;
        }
        if version.v == 1 {
            return may_open(version, role);
        }
        let named = version.previous.iter().filter_map(|previous| standing.get(&previous.version).copied());
        let named: Vec<_> = named.collect();
        named.iter().any(|previous| rights_of(previous, signer.subject, role).may_grant())
            && self.keeps_owners(version, &named, signer.subject, role)
            && (named.len() < 2 || version.members.iter().all(|member| in_all(&named, member.who)))
    }

    /// A scope with a person's id is that person's own, whatever a version claims.
    fn kind_fits(&self, version: &ScopeVersion) -> bool {
        version.kind == ScopeKind::User || !self.by_subject.contains_key(&version.scope)
    }

    /// An owner goes by their own act, by a super admin's, or when removed from the realm.
    fn keeps_owners(&self, version: &ScopeVersion, before: &[&ScopeVersion], by: Uuid, role: Standing) -> bool {
        let stays = |who: Who| version.members.iter().any(|m| m.who == who && m.rights.has(Rights::OWN));
        let may_go = |who: Who| match who {
            Who::User(user) => user == by || self.is_removed(user),
            Who::Team(_) => false,
        };
        role.role == Role::SuperAdmin || owners(before).into_iter().all(|who| stays(who) || may_go(who))
    }
}

/// The owners that all of these versions name.
fn owners(versions: &[&ScopeVersion]) -> BTreeSet<Who> {
    let of = |version: &ScopeVersion| -> BTreeSet<Who> {
        version.members.iter().filter(|member| member.rights.has(Rights::OWN)).map(|member| member.who).collect()
    };
    let sets = versions.iter().map(|version| of(version));
    sets.reduce(|all, next| all.intersection(&next).copied().collect()).unwrap_or_default()
}

/// Is this a member of every one of these versions?
pub(super) fn in_all(versions: &[&ScopeVersion], who: Who) -> bool {
    versions.iter().all(|version| version.members.iter().any(|member| member.who == who))
}

fn heads<'a>(versions: &[&'a ScopeVersion]) -> Vec<&'a ScopeVersion> {
    let followed: BTreeSet<_> = versions.iter().flat_map(|version| &version.previous).map(|p| p.version).collect();
    versions.iter().copied().filter(|version| !followed.contains(&version.id)).collect()
}

fn may_open(version: &ScopeVersion, role: Standing) -> bool {
    match version.kind {
        ScopeKind::Realm | ScopeKind::Team => role.role == Role::SuperAdmin,
        ScopeKind::User => true,
        ScopeKind::Chart => {
            let to_team = version.members.iter().any(|m| matches!(m.who, Who::Team(_)) && m.rights.may_grant());
            role.is_staff() && to_team
        }
    }
}

/// What somebody of this standing may do under a version.
pub(super) fn rights_of(version: &ScopeVersion, user: Uuid, standing: Standing) -> Rights {
    match version.kind {
        ScopeKind::Realm | ScopeKind::Team if standing.is_admin() => Rights::ALL,
        ScopeKind::Realm => Rights::READ | Rights::WRITE,
        ScopeKind::Team if standing.is_staff() => Rights::READ | Rights::WRITE,
        ScopeKind::Team => Rights::NONE,
        ScopeKind::User if user == version.scope => Rights::ALL,
        ScopeKind::User => Rights::NONE,
        ScopeKind::Chart => version.named_rights(user, standing.is_staff()),
    }
}
