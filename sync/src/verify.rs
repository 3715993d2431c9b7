//! Are both sides equal? Revisions are compared, never contents: the engine cannot read them, and whether a content is
//! genuine is for the vault to say.

use crate::error::Result;
use crate::post::Post;
use crate::remote::{Remote, Revision};
use futures_util::{Stream, TryStreamExt};
use model::mailbox::Mailbox;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uuid::Uuid;

/// Number of buckets that documents are spread over.
pub const BUCKETS: usize = 256;
/// So many differing documents are named per collection; all are counted.
pub const NAMED: usize = 1_000;

/// One sum per bucket: equal sums mean, but for an accident of 1 in 2⁶⁴, equal revisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sums([u64; BUCKETS]);

impl Sums {
    /// Sums of nothing.
    pub fn new() -> Self {
        Sums([0; BUCKETS])
    }

    /// Adds a document; the order does not matter.
    pub fn add(&mut self, collection: &str, id: Uuid, rev: i64) {
        let sum = &mut self.0[bucket(id)];
        *sum = sum.wrapping_add(hash(collection, id, rev));
    }

    /// Buckets whose sums differ.
    pub fn differing(&self, other: &Sums) -> BTreeSet<usize> {
        (0..BUCKETS).filter(|at| self.0[*at] != other.0[*at]).collect()
    }
}

impl Default for Sums {
    fn default() -> Self {
        Sums::new()
    }
}

/// The last byte of an id is random in every kind of UUID that is used.
fn bucket(id: Uuid) -> usize {
    usize::from(id.as_bytes()[15])
}

/// The finaliser of splitmix64 (Steele, Lea and Flood 2014) over each word in turn. It guards against accidents, not against
/// an operator, who is found out by the journal.
fn hash(collection: &str, id: Uuid, rev: i64) -> u64 {
    let (high, low) = id.as_u64_pair();
    let name = collection.bytes().fold(0, |sum, byte| mix(sum ^ u64::from(byte)));
    [high, low, rev.cast_unsigned()].into_iter().fold(name, |sum, word| mix(sum ^ word))
}

fn mix(word: u64) -> u64 {
    let word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// What differs in one collection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// Documents at the same revision on both sides.
    pub equal: usize,
    /// Documents that only this vault has.
    pub only_here: usize,
    /// Documents that only the remote has.
    pub only_there: usize,
    /// Documents at different revisions.
    pub different: usize,
    /// Ids of the first [`NAMED`] that are not equal.
    pub named: Vec<Uuid>,
}

impl Comparison {
    /// Is there nothing to name?
    pub fn is_equal(&self) -> bool {
        self.only_here + self.only_there + self.different == 0
    }

    fn count(&mut self, id: Uuid, here: Option<i64>, there: Option<i64>) {
        match (here, there) {
            (Some(here), Some(there)) if here == there => self.equal += 1,
            (Some(_), Some(_)) => self.different += 1,
            (Some(_), None) => self.only_here += 1,
            (None, _) => self.only_there += 1,
        }
        if here != there && self.named.len() < NAMED {
            self.named.push(id);
        }
    }
}

/// The whole comparison, collection by collection.
pub type Report = BTreeMap<String, Comparison>;

/// Compares every document by name. Sync first: what waits on either side counts as a difference.
pub async fn verify(mailbox: Arc<dyn Mailbox>, remote: &dyn Remote) -> Result<Report> {
    let post = Post::new(mailbox);
    let mut here = local(&post).await?;
    let mut report = Report::new();
    let mut there = remote.revisions(scopes(&post).await?.as_deref()).await?;
    while let Some(one) = there.try_next().await? {
        let mine = here.remove(&(one.collection.clone(), one.id));
        report.entry(one.collection).or_default().count(one.id, mine, Some(one.rev));
    }
    for ((collection, id), rev) in here {
        report.entry(collection).or_default().count(id, Some(rev), None);
    }
    Ok(report)
}

/// One document that is not at the same revision on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    pub name: (String, Uuid),
    pub here: Option<i64>,
    pub there: Option<i64>,
}

impl Difference {
    /// The remote once gave this revision out and does not have it any more.
    pub(crate) fn is_lost_there(&self) -> bool {
        self.here.unwrap_or(0) > self.there.unwrap_or(0)
    }
}

/// The documents that differ, found through the sums first. What the remote got after our last pull is no difference.
pub(crate) async fn differing(post: &Post, remote: &dyn Remote) -> Result<Vec<Difference>> {
    let (scopes, mut here) = (scopes(post).await?, local(post).await?);
    let (mut ours, mut theirs) = (Sums::new(), Sums::new());
    here.iter().for_each(|((collection, id), rev)| ours.add(collection, *id, *rev));
    let mut there = remote.revisions(scopes.as_deref()).await?;
    while let Some(one) = there.try_next().await? {
        theirs.add(&one.collection, one.id, one.rev);
    }
    let suspects = ours.differing(&theirs);
    if suspects.is_empty() {
        return Ok(Vec::new());
    }
    here.retain(|(_, id), _| suspects.contains(&bucket(*id)));
    let there = remote
        .revisions(scopes.as_deref())
        .await?
        .try_filter(|one| std::future::ready(suspects.contains(&bucket(one.id))));
    name(here, there, pulled_upto(post).await?).await
}

async fn name(
    mut here: BTreeMap<(String, Uuid), i64>,
    there: impl Stream<Item = Result<Revision>>,
    upto: i64,
) -> Result<Vec<Difference>> {
    let mut there = std::pin::pin!(there);
    let mut found = Vec::new();
    while let Some(Revision { collection, id, rev }) = there.try_next().await? {
        let name = (collection, id);
        let mine = here.remove(&name);
        if mine != Some(rev) && rev <= upto {
            found.push(Difference { name, here: mine, there: Some(rev) });
        }
    }
    found.extend(here.into_iter().map(|(name, rev)| Difference { name, here: Some(rev), there: None }));
    Ok(found)
}

async fn pulled_upto(post: &Post) -> Result<i64> {
    let subscriptions = post.call(|mailbox| mailbox.subscriptions()).await?;
    Ok(subscriptions.iter().map(|one| one.cursor).max().unwrap_or(0))
}

async fn local(post: &Post) -> Result<BTreeMap<(String, Uuid), i64>> {
    let all = post.call(|mailbox| mailbox.revisions()).await?;
    Ok(all.into_iter().map(|(collection, id, rev)| ((collection, id), rev)).collect())
}

/// The scopes that this person pulls; `None` for the whole realm.
async fn scopes(post: &Post) -> Result<Option<Vec<Uuid>>> {
    let subscriptions = post.call(|mailbox| mailbox.subscriptions()).await?;
    Ok(subscriptions.into_iter().map(|one| one.scope).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_do_not_depend_on_order_and_see_one_revision() {
        let (a, b) = (Uuid::from_u128(1 << 100), Uuid::from_u128((2 << 100) | 1));
        let (mut one, mut two) = (Sums::new(), Sums::new());
        one.add("users", a, 4);
        one.add("users", b, 9);
        two.add("users", b, 9);
        two.add("users", a, 4);
        assert_eq!(one, two);
        two.add("users", Uuid::from_u128(7 << 8), 1);
        assert_eq!(one.differing(&two), BTreeSet::from([0]));
        let mut three = Sums::new();
        three.add("users", a, 5);
        three.add("users", b, 9);
        assert_eq!(one.differing(&three), BTreeSet::from([0]));
    }

    #[test]
    fn the_same_id_in_two_collections_is_not_the_same_document() {
        let (mut one, mut two) = (Sums::new(), Sums::new());
        one.add("users", Uuid::nil(), 1);
        two.add("doctors", Uuid::nil(), 1);
        assert_ne!(one, two);
    }
}
