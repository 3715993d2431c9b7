//! Charts that a clinic must keep by law when their person has left (security design, 12.8).
//!
//! A super admin gives such a chart a key that one member alone holds, the custodian, and signs until when it is kept. From then on it
//! is closed to everybody else: their programs drop what they have of it. At the end the custodian signs that it is over, and theirs
//! drop it too. Whoever kept an older key, with a program of their own, reads on what was written until then.

use super::body::{self, Body};
use super::chart::{Draft, make_version};
use super::grants;
use super::keyring::Keyring;
use super::object::{CERTS, KeyObject};
use super::scope_keys::{Member, Reason, Rights, ScopeKind, ScopeVersion, Who};
use super::store::Trust;
use super::{Error, Result};
use bson::doc;
use model::Role;
use std::collections::BTreeSet;
use uuid::Uuid;

pub(super) const RETENTION: &str = "retention";
pub(super) const CHART_END: &str = "chart-end";
const BODY_MAX: usize = 4 * 1024;

/// The signed word of a super admin, or of the custodian before, that a chart is kept, by whom and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Its id.
    pub id: Uuid,
    /// The certificate that it is signed under.
    pub certificate: Uuid,
    /// The chart.
    pub chart: Uuid,
    /// The person who left.
    pub person: Uuid,
    /// Who alone keeps it.
    pub custodian: Uuid,
    /// The version of the chart's key that is theirs; what does not follow it is not used any more.
    pub version: Uuid,
    /// Until when it must be kept, milliseconds since 1970.
    pub until_ms: u64,
    /// When this was said.
    pub at_ms: u64,
}

/// A custodian's signed word that a chart is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartEnd {
    /// Its id.
    pub id: Uuid,
    /// The certificate that it is signed under.
    pub certificate: Uuid,
    /// Who said it.
    pub by: Uuid,
    /// The chart.
    pub chart: Uuid,
    /// When.
    pub at_ms: u64,
}

impl Retention {
    /// Reads one whose signature has been verified.
    pub(super) fn from_body(id: Uuid, certificate: Uuid, realm: Uuid, bytes: &[u8]) -> Result<Self> {
        let body = Body::of_realm(bytes, BODY_MAX, realm)?;
        Ok(Retention {
            id,
            certificate,
            chart: body.id("chart")?,
            person: body.id("person")?,
            custodian: body.id("custodian")?,
            version: body.id("version")?,
            until_ms: body.number("until")?,
            at_ms: body.number("at")?,
        })
    }
}

impl ChartEnd {
    /// Reads one whose signature has been verified.
    pub(super) fn from_body(id: Uuid, certificate: Uuid, realm: Uuid, bytes: &[u8]) -> Result<Self> {
        let body = Body::of_realm(bytes, BODY_MAX, realm)?;
        Ok(ChartEnd { id, certificate, by: body.id("by")?, chart: body.id("chart")?, at_ms: body.number("at")? })
    }
}

/// Hands the chart of somebody who was removed over to the custodian alone, until a day. The custodian may hand it on.
///
/// # Errors
/// [`Error::Forbidden`] for anybody but a super admin or the custodian, for a custodian who is not of the staff, and for a person who is still there;
/// [`Error::Unknown`] without the chart or its keys.
pub fn retain(
    keyring: &Keyring,
    trust: &Trust,
    (chart, person): (Uuid, Uuid),
    custodian: Uuid,
    until_ms: u64,
    at_ms: u64,
) -> Result<Vec<KeyObject>> {
    let is_head = trust.role_of(keyring.user()).is_some_and(|standing| standing.role == Role::SuperAdmin);
    if !is_head && trust.retention_of(chart).is_none_or(|kept| kept.custodian != keyring.user()) {
        return Err(Error::Forbidden("a super admin hands a chart over, and its custodian on"));
    }
    if !trust.role_of(custodian).is_some_and(|standing| standing.is_staff()) {
        return Err(Error::Forbidden("the custodian is one of the staff"));
    }
    if !trust.is_removed(person) || trust.is_ended(chart) {
        return Err(Error::Forbidden("the person is there, or the chart is over"));
    }
    let heads = trust.heads(chart);
    let first = heads.first().filter(|head| head.kind == ScopeKind::Chart).ok_or(Error::Unknown("the chart"))?;
    let kind = first.kind;
    let members = vec![Member { who: Who::User(custodian), rights: Rights::ALL }];
    let draft = Draft { scope: chart, kind, follows: heads, members, reason: Reason::Removed, at_ms };
    let (version, key) = make_version(keyring, trust, &draft)?;
    let own = trust.user(custodian).ok_or(Error::Unknown("the custodian's certificate"))?;
    let grant = grants::for_user(keyring.realm(), &key, own)?;
    let said = body::write(&doc! {
        "kind": RETENTION, "realm": body::id(keyring.realm()), "chart": body::id(chart), "person": body::id(person),
        "custodian": body::id(custodian), "version": body::id(version.id), "until": body::number(until_ms),
        "at": body::number(at_ms),
    })?;
    let word = KeyObject::signed(CERTS, keyring.realm(), &keyring.sign_as_user(RETENTION, said));
    Ok(vec![version, grant, word])
}

/// Says that a chart is over: everybody's program drops what is left of it.
///
/// # Errors
/// [`Error::Forbidden`] for anybody but its custodian; [`Error::OutOfTime`] before its day.
pub fn end(keyring: &Keyring, trust: &Trust, chart: Uuid, at_ms: u64) -> Result<KeyObject> {
    let kept = trust.retention_of(chart).filter(|kept| kept.custodian == keyring.user());
    let kept = kept.ok_or(Error::Forbidden("its custodian ends a chart"))?;
    if at_ms < kept.until_ms {
        return Err(Error::OutOfTime("the chart must still be kept"));
    }
    let said = body::write(&doc! {
        "kind": CHART_END, "realm": body::id(keyring.realm()), "by": body::id(keyring.user()),
        "chart": body::id(chart), "at": body::number(at_ms),
    })?;
    Ok(KeyObject::signed(CERTS, keyring.realm(), &keyring.sign_as_user(CHART_END, said)))
}

impl Trust {
    /// Who keeps a chart and until when, as was last said by somebody who may; `None` for one that the care team has.
    pub fn retention_of(&self, chart: Uuid) -> Option<&Retention> {
        let said = self.retained.get(&chart)?.iter().filter_map(|id| self.retentions.get(id));
        let versions = self.versions(chart);
        // Nothing is dropped for a custodian who got no key.
        let is_theirs = |word: &&Retention| {
            let version = versions.iter().find(|version| version.id == word.version);
            version.is_some_and(|version| version.named_rights(word.custodian, false).has(Rights::OWN))
        };
        let counts = |word: &&Retention| self.object_counts(word.certificate, word.id) && is_theirs(word);
        let mut words: Vec<_> = said.filter(counts).collect();
        words.sort_by_key(|word| (word.at_ms, word.id));
        words.into_iter().fold(None, |kept, word| if self.may_hand_over(kept, word) { Some(word) } else { kept })
    }

    /// A super admin hands a chart over, and whoever has it from one hands it on.
    fn may_hand_over(&self, kept: Option<&Retention>, word: &Retention) -> bool {
        let Some(signer) = self.certificates.get(&word.certificate) else { return false };
        let by_admin = signer.standing().is_some_and(|standing| standing.role == Role::SuperAdmin);
        by_admin || kept.is_some_and(|kept| kept.custodian == signer.subject)
    }

    /// The charts of which anybody ever said that they are kept.
    pub fn retained_charts(&self) -> impl Iterator<Item = Uuid> {
        self.retained.keys().copied()
    }

    /// Has the custodian ended this chart?
    pub fn is_ended(&self, chart: Uuid) -> bool {
        let Some(kept) = self.retention_of(chart) else { return false };
        let counts = |end: &ChartEnd| {
            end.chart == chart
                && end.by == kept.custodian
                && end.at_ms >= kept.until_ms
                && self.object_counts(end.certificate, end.id)
        };
        self.chart_ends.values().any(counts)
    }

    /// Is this a chart that this person's program is to drop?
    pub fn is_closed_to(&self, chart: Uuid, user: Uuid) -> bool {
        self.retention_of(chart).is_some_and(|kept| kept.custodian != user) || self.is_ended(chart)
    }

    /// Of a chart that was handed over, the versions that follow the custodian's: another one that was made apart is not used.
    pub(super) fn in_keeping<'a>(&self, scope: Uuid, versions: Vec<&'a ScopeVersion>) -> Vec<&'a ScopeVersion> {
        let Some(kept) = self.retention_of(scope).filter(|kept| versions.iter().any(|one| one.id == kept.version))
        else {
            return versions;
        };
        let mut follows = BTreeSet::from([kept.version]);
        for version in &versions {
            if version.previous.iter().any(|previous| follows.contains(&previous.version)) {
                follows.insert(version.id);
            }
        }
        versions.into_iter().filter(|version| follows.contains(&version.id)).collect()
    }
}
