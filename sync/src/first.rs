//! When much is to come, as on a new device: what is needed first is pulled first, and the person sees how far it is.
//!
//! The realm's own scope comes before all, for keys and journals are in it; then the charts of the day and those that were worked in
//! lately, each by a cursor of its own. The cursor of the whole realm then passes everything once, those charts too: it never stands
//! before something that is not here, so a kill at any point only means that some documents come twice.

use crate::error::Result;
use crate::line::{Line, Tally};
use model::parcel::Subscription;
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use uuid::Uuid;

/// More documents than these are worth an order of their own.
pub(crate) const MUCH: u64 = 2_000;
/// So many charts that were written in lately come first.
const LATELY: usize = 30;
/// What comes with the first look says what else is needed: the day's appointments are known once the realm's scope is here.
const LOOKS: usize = 2;

/// A page should take between these, asking and storing together: the person sees that it goes on, and can stop it. Milliseconds.
const QUICK_MS: u64 = 400;
const SLOW_MS: u64 = 2_000;
/// The first page, and the smallest.
pub(crate) const FIRST_PAGE: usize = 250;
const SMALLEST_PAGE: usize = 25;

/// The size of the next page, after one of `size` took so long; never above `most`.
pub(crate) fn paced(size: usize, took_ms: u64, most: usize) -> usize {
    let next = match took_ms {
        ..QUICK_MS => size.saturating_mul(2),
        SLOW_MS.. => size / 2,
        _ => size,
    };
    next.clamp(SMALLEST_PAGE.min(most), most)
}

impl Line {
    /// Pulls what is needed first, if much is to come. Once in a life of the connection.
    pub(crate) async fn pull_urgent(&self, tally: &mut Tally) -> Result<()> {
        let whole = self.subscriptions().await?.into_iter().find(|one| one.scope.is_none());
        let Some(whole) = whole.filter(|whole| self.is_far(whole)) else { return Ok(()) };
        if self.looked.load(Ordering::Relaxed) {
            return Ok(());
        }
        let backlog = self.remote.backlog(&whole, LATELY).await?;
        if backlog.documents > self.much {
            self.board.begin_first(backlog.documents, self.local_ms());
            self.pull_ahead(&backlog.newest, tally).await?;
            self.board.update(|state| {
                if let Some(first) = &mut state.first {
                    first.usable = true;
                }
            });
        }
        self.looked.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Revisions have gaps after a restore, so a long way may still be few documents.
    fn is_far(&self, whole: &Subscription) -> bool {
        u64::try_from(self.known_rev.load(Ordering::Relaxed) - whole.cursor)
            .is_ok_and(|revisions| revisions > self.much)
    }

    async fn pull_ahead(&self, newest: &[Uuid], tally: &mut Tally) -> Result<()> {
        let mut seen = BTreeSet::new();
        for _ in 0..LOOKS {
            let now = self.server_ms();
            let urgent = self.post.call(move |mailbox| mailbox.urgent(now)).await?;
            self.drain_ahead(&urgent.scopes, &mut seen, tally).await?;
            let scopes: Vec<_> = match urgent.documents.is_empty() {
                true => Vec::new(),
                false => self.remote.documents(&urgent.documents).await?.iter().map(|parcel| parcel.scope).collect(),
            };
            self.drain_ahead(&scopes, &mut seen, tally).await?;
        }
        self.drain_ahead(newest, &mut seen, tally).await
    }

    async fn drain_ahead(&self, scopes: &[Uuid], seen: &mut BTreeSet<Uuid>, tally: &mut Tally) -> Result<()> {
        let fresh: Vec<Uuid> = scopes.iter().copied().filter(|scope| seen.insert(*scope)).collect();
        for subscription in self.post.call(move |mailbox| mailbox.ahead(&fresh)).await? {
            let mut all = usize::MAX;
            self.drain(subscription, &mut all, tally).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_grow_while_they_are_quick_and_shrink_when_they_are_slow() {
        assert_eq!(paced(250, 100, 1_000), 500);
        assert_eq!(paced(800, 100, 1_000), 1_000);
        assert_eq!(paced(500, 1_000, 1_000), 500);
        assert_eq!(paced(500, 5_000, 1_000), 250);
        assert_eq!(paced(30, 60_000, 1_000), 25);
        assert_eq!(paced(3, 60_000, 3), 3);
    }
}
