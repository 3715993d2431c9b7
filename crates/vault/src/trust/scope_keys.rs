//! Versions of scopes' keys: who shares a scope from here on, and the commitment to the key they share.

use super::body::{self, Body};
use super::object::derived_id;
use super::{Error, Result};
use bson::doc;
use crypto::scope::ScopeKey;
use std::ops::BitOr;
use uuid::Uuid;

pub(super) const SCOPE_KEY: &str = "scope-key";
/// The most members that a version names, teams counted as one.
pub(super) const MEMBERS: usize = 256;
/// The most concurrent versions that one version joins.
pub(super) const PREVIOUS: usize = 16;
/// No version's number is higher; a scope that rotates daily takes centuries to get there.
const VERSION_MAX: u32 = 100_000;
const BODY_MAX: usize = 256 * 1024;

/// What a member may do: read, write, grant and rotate, own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rights(u8);

const LETTERS: [(char, Rights); 4] =
    [('r', Rights::READ), ('w', Rights::WRITE), ('g', Rights::GRANT), ('o', Rights::OWN)];

impl Rights {
    /// None.
    pub const NONE: Rights = Rights(0);
    /// May read.
    pub const READ: Rights = Rights(1);
    /// May write.
    pub const WRITE: Rights = Rights(2);
    /// May add members and rotate the key.
    pub const GRANT: Rights = Rights(4);
    /// Owns the scope, and cannot be removed by others.
    pub const OWN: Rights = Rights(8);
    /// All of them.
    pub const ALL: Rights = Rights(15);

    /// Has it every one of these?
    pub fn has(self, wanted: Rights) -> bool {
        self.0 & wanted.0 == wanted.0
    }

    /// May its holder add members and rotate?
    pub fn may_grant(self) -> bool {
        self.0 & (Rights::GRANT.0 | Rights::OWN.0) != 0
    }

    fn word(self) -> String {
        LETTERS.iter().filter(|(_, right)| self.has(*right)).map(|(letter, _)| *letter).collect()
    }

    fn from_word(word: &str) -> Option<Self> {
        let rights = LETTERS.iter().filter(|(letter, _)| word.contains(*letter)).map(|(_, right)| *right);
        let rights = rights.fold(Rights::NONE, BitOr::bitor);
        (rights.word() == word).then_some(rights)
    }
}

impl BitOr for Rights {
    type Output = Rights;
    fn bitor(self, other: Rights) -> Rights {
        Rights(self.0 | other.0)
    }
}

/// What a scope is for; it decides who its members are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ScopeKind {
    /// Everybody with a certificate in the realm; admins grant and rotate.
    Realm,
    /// Everybody with a certificate but patients; admins grant and rotate.
    Team,
    /// One person.
    User,
    /// A patient's chart: the members that its versions name.
    Chart,
}

const KINDS: [(ScopeKind, &str); 4] =
    [(ScopeKind::Realm, "realm"), (ScopeKind::Team, "team"), (ScopeKind::User, "user"), (ScopeKind::Chart, "chart")];

impl ScopeKind {
    fn word(self) -> &'static str {
        KINDS.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }

    fn from_word(word: &str) -> Option<Self> {
        KINDS.iter().find(|(_, other)| *other == word).map(|(kind, _)| *kind)
    }
}

/// Why there is a new version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The scope is new.
    Made,
    /// A member came.
    Added,
    /// A member, or a member's device, was removed.
    Removed,
    /// The key is old, is suspected, or two versions are joined.
    Renewed,
}

const REASONS: [(Reason, &str); 4] =
    [(Reason::Made, "made"), (Reason::Added, "added"), (Reason::Removed, "removed"), (Reason::Renewed, "renewed")];

/// A member: a person, or a team, which is a scope of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// A person, by user id.
    User(Uuid),
    /// All members of a team, by scope id.
    Team(Uuid),
}

/// A member and what they may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member {
    /// Who.
    pub who: Who,
    /// What they may do.
    pub rights: Rights,
}

/// An earlier newest version, with its key sealed under the new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Previous {
    /// The id of that version's object.
    pub version: Uuid,
    /// Its key, for `ScopeKey::open_previous`.
    pub sealed: Vec<u8>,
}

/// One version of a scope's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeVersion {
    /// The id of the signed object.
    pub id: Uuid,
    /// The certificate it is signed under.
    pub certificate: Uuid,
    /// The scope.
    pub scope: Uuid,
    /// What the scope is for.
    pub kind: ScopeKind,
    /// The number of the version, from 1.
    pub v: u32,
    /// What the key is recognised by.
    pub commitment: [u8; 32],
    /// The versions that this one follows.
    pub previous: Vec<Previous>,
    /// Who shares a chart. Empty for the other kinds, whose members follow from the certificates.
    pub members: Vec<Member>,
    /// Why it was made.
    pub reason: Reason,
    /// Who made it.
    pub by: Uuid,
    /// When it was made, milliseconds since 1970.
    pub at_ms: u64,
}

impl ScopeVersion {
    /// The short name by which sealed values find the key.
    pub fn kid(&self) -> [u8; 4] {
        *self.commitment.first_chunk().expect("a commitment has 32 bytes")
    }

    /// Is this the key that the version commits to?
    pub fn is_key(&self, key: &ScopeKey) -> bool {
        key.scope() == self.scope.as_bytes() && key.version() == self.v && *key.commitment() == self.commitment
    }

    pub(super) fn to_body(&self, realm: Uuid) -> Result<Vec<u8>> {
        let previous = self.previous.iter();
        let previous: Vec<_> =
            previous.map(|p| doc! { "id": body::id(p.version), "key": body::bytes(&p.sealed) }).collect();
        let members: Vec<_> = self.members.iter().map(member_document).collect();
        body::write(&doc! {
            "realm": body::id(realm), "scope": body::id(self.scope), "kind": self.kind.word(),
            "v": body::number(self.v.into()), "commit": body::bytes(&self.commitment), "prev": previous,
            "members": members, "reason": reason_word(self.reason), "by": body::id(self.by), "at": body::number(self.at_ms),
        })
    }

    /// Reads a version whose signature, under the given certificate, has been verified.
    pub(super) fn from_body(id: Uuid, certificate: Uuid, realm: Uuid, bytes: &[u8]) -> Result<Self> {
        let body = Body::of_realm(bytes, BODY_MAX, realm)?;
        let version = ScopeVersion {
            id,
            certificate,
            scope: body.id("scope")?,
            kind: ScopeKind::from_word(body.text("kind")?).ok_or(Error::Malformed("kind of scope"))?,
            v: body.small("v")?,
            commitment: body.fixed("commit")?,
            previous: body.list("prev", PREVIOUS, read_previous)?,
            members: body.list("members", MEMBERS, read_member)?,
            reason: read_reason(body.text("reason")?)?,
            by: body.id("by")?,
            at_ms: body.number("at")?,
        };
        version.check_form(realm)?;
        Ok(version)
    }

    /// What can be said of a version by itself.
    fn check_form(&self, realm: Uuid) -> Result<()> {
        let own_place = match self.kind {
            ScopeKind::Realm => self.scope == realm,
            ScopeKind::Team => self.scope == team_of(realm),
            ScopeKind::User => self.scope == self.by,
            ScopeKind::Chart => self.scope != realm && self.scope != team_of(realm),
        };
        if !own_place {
            return Err(Error::Elsewhere);
        }
        if (self.kind == ScopeKind::Chart) == self.members.is_empty() {
            return Err(Error::Malformed("members of a scope of this kind"));
        }
        if self.v == 0 || self.v > VERSION_MAX || (self.v == 1) != self.previous.is_empty() {
            return Err(Error::Malformed("number of the version"));
        }
        let foreign_team = |member: &Member| matches!(member.who, Who::Team(team) if team != team_of(realm));
        match self.members.iter().any(foreign_team) {
            true => Err(Error::Malformed("an unknown team")),
            false => Ok(()),
        }
    }

    /// The rights that the version names for somebody, as themself and as one of the team.
    pub(super) fn named_rights(&self, user: Uuid, in_team: bool) -> Rights {
        let counts = |member: &&Member| match member.who {
            Who::User(id) => id == user,
            Who::Team(_) => in_team,
        };
        self.members.iter().filter(counts).map(|member| member.rights).fold(Rights::NONE, BitOr::bitor)
    }
}

/// The id of the care team's scope: `H(lp("mv1/team", realm))` as a UUID of version 8. It follows from the realm, so
/// nobody can name another.
pub fn team_of(realm: Uuid) -> Uuid {
    derived_id(&[b"mv1/team", realm.as_bytes()])
}

fn member_document(member: &Member) -> bson::Document {
    let (name, id) = match member.who {
        Who::User(id) => ("user", id),
        Who::Team(id) => ("team", id),
    };
    doc! { name: body::id(id), "rights": member.rights.word() }
}

fn read_member(body: Body) -> Result<Member> {
    let who = match body.has("team") {
        true => Who::Team(body.id("team")?),
        false => Who::User(body.id("user")?),
    };
    let rights = Rights::from_word(body.text("rights")?).ok_or(Error::Malformed("rights"))?;
    Ok(Member { who, rights })
}

fn read_previous(body: Body) -> Result<Previous> {
    Ok(Previous { version: body.id("id")?, sealed: body.bytes("key")?.to_vec() })
}

fn reason_word(reason: Reason) -> &'static str {
    REASONS.iter().find(|(other, _)| *other == reason).map_or("", |(_, word)| word)
}

fn read_reason(word: &str) -> Result<Reason> {
    let found = REASONS.iter().find(|(_, other)| *other == word);
    found.map(|(reason, _)| *reason).ok_or(Error::Malformed("reason"))
}
