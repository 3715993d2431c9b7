//! One line between a vault and a remote, and one full round over it: pull, push, pull again what was behind.

use crate::error::{Result, SyncError};
use crate::first;
use crate::post::Post;
use crate::remote::{PAGE_PARCELS, PROTOCOL, Remote, ServerInfo};
use crate::state::{Board, Phase, Progress, SyncState};
use crate::verify;
use model::mailbox::Mailbox;
use model::parcel::{Accepted, Batch, Fate, Page, Receipt, Subscription};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicUsize, Ordering};
use tokio::sync::{broadcast, watch};
use uuid::Uuid;

/// This computer's time in milliseconds since 1970.
pub type Clock = Arc<dyn Fn() -> u64 + Send + Sync>;

/// What came here: documents that a pull changed, as (collection, id), and files that are whole now, under [`FILES`].
pub type Changed = Arc<Vec<(String, Uuid)>>;

/// Stands for encrypted files where collections are named. No collection is called so.
pub const FILES: &str = "@files";

/// Pulls and pushes follow each other at most so often in one round; rivals who write all the time must not keep it going
/// for ever.
const PASSES: usize = 16;
/// So many pages are pulled before what waits here is sent: whoever works while much is still to come must not wait for its end.
const PAGES_AT_ONCE: usize = 8;
/// After so many expiries a batch is cut in two.
const EXPIRIES: u32 = 2;

/// What one round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Parcels fetched, one's own echo among them.
    pub pulled: usize,
    /// Parcels that reached the remote.
    pub pushed: usize,
    /// Parcels that the remote will never take.
    pub refused: usize,
    /// Conflicts filed for a person.
    pub conflicts: usize,
    /// Documents set aside.
    pub quarantined: usize,
    /// Documents kept sealed until what vouches for them or opens them comes.
    pub waiting: usize,
    /// Rivals left some parcels behind; another round is due soon.
    pub unsettled: bool,
}

/// A vault, a remote and what is known about both.
pub struct Line {
    pub(crate) post: Post,
    pub(crate) remote: Arc<dyn Remote>,
    pub(crate) board: Board,
    clock: Clock,
    changed: broadcast::Sender<Changed>,
    page: usize,
    /// From so many documents on, what is needed first comes first.
    pub(crate) much: u64,
    /// The size of the next page, by how quick the last ones were.
    pace: AtomicUsize,
    offset_ms: AtomicI64,
    pub(crate) known_rev: AtomicI64,
    /// Was it found out what is needed first?
    pub(crate) looked: AtomicBool,
    expiries: AtomicU32,
}

impl Line {
    /// A line without an engine: for one round by hand.
    pub fn new(mailbox: Arc<dyn Mailbox>, remote: Arc<dyn Remote>, clock: Clock) -> Self {
        Line::with(Post::new(mailbox), remote, Board::new(), clock, broadcast::Sender::new(1))
    }

    /// Calls the vault on the polling thread, for simulations: what happens follows from the order of polls alone. A program
    /// with a window must not.
    #[doc(hidden)]
    pub fn on_polling_thread(self) -> Self {
        Line { post: self.post.into_inline(), ..self }
    }

    /// How it stands, and a way to wait for the next state.
    pub fn state(&self) -> watch::Receiver<SyncState> {
        self.board.watch()
    }

    /// Pulls in smaller pages, for simulations; from a few of them on, what is needed first comes first.
    #[doc(hidden)]
    pub fn pages_of(self, page: usize) -> Self {
        Line { page, much: 2 * page as u64, ..self }
    }

    pub(crate) fn with(
        post: Post,
        remote: Arc<dyn Remote>,
        board: Board,
        clock: Clock,
        changed: broadcast::Sender<Changed>,
    ) -> Self {
        Line {
            post,
            remote,
            board,
            clock,
            changed,
            page: PAGE_PARCELS,
            much: first::MUCH,
            pace: AtomicUsize::new(first::FIRST_PAGE),
            looked: AtomicBool::new(false),
            offset_ms: AtomicI64::new(0),
            known_rev: AtomicI64::new(0),
            expiries: AtomicU32::new(0),
        }
    }

    /// This computer's time.
    pub(crate) fn local_ms(&self) -> u64 {
        (self.clock)()
    }

    /// The server's time, as far as it is known.
    pub(crate) fn server_ms(&self) -> u64 {
        self.local_ms().saturating_add_signed(self.offset_ms.load(Ordering::Relaxed))
    }

    /// Meets the remote: is it ours, do we understand it, is it still the one we knew? Call it once before the first round.
    pub async fn greet(&self) -> Result<ServerInfo> {
        let before = self.local_ms();
        let info = self.remote.probe().await?;
        self.measure(info.server_ms, before, self.local_ms());
        if info.min_reader > PROTOCOL || info.min_writer > PROTOCOL {
            return Err(SyncError::ProgramTooOld);
        }
        if info.realm.is_some_and(|realm| realm != self.post.address().realm) {
            return Err(SyncError::OtherRealm);
        }
        let info = self.agree(info).await?;
        self.looked.store(false, Ordering::Relaxed);
        self.known_rev.store(info.rev, Ordering::Relaxed);
        Ok(info)
    }

    fn measure(&self, server_ms: u64, before: u64, after: u64) {
        let middle = before / 2 + after / 2;
        let offset = i64::try_from(server_ms).unwrap_or(i64::MAX).saturating_sub_unsigned(middle);
        self.offset_ms.store(offset, Ordering::Relaxed);
        self.board.offset(offset);
    }

    /// The remote's life: the same as before, a new one, or one that went back without saying so.
    async fn agree(&self, info: ServerInfo) -> Result<ServerInfo> {
        let floor = self.subscriptions().await?.iter().map(|one| one.cursor).max().unwrap_or(0);
        let known = self.post.call(|mailbox| mailbox.epoch()).await?;
        let went_back = known == Some(info.epoch) && info.rev < floor;
        let info = if went_back { self.remote.renew(&info, floor).await? } else { info };
        let epoch = info.epoch;
        match known {
            Some(known) if known == epoch => {}
            Some(known) => {
                let sure = info.sure_since(known);
                tracing::warn!(sure, "the remote was restored: everything above its revision is sent again");
                self.post.call(move |mailbox| mailbox.restart(epoch, sure)).await?;
            }
            None => self.post.call(move |mailbox| mailbox.set_epoch(epoch)).await?,
        }
        Ok(info)
    }

    pub(crate) async fn subscriptions(&self) -> Result<Vec<Subscription>> {
        self.post.call(|mailbox| mailbox.subscriptions()).await
    }

    pub(crate) async fn count(&self) -> Result<model::parcel::Counts> {
        let counts = self.post.call(|mailbox| mailbox.counts()).await?;
        self.board.counts(&counts);
        Ok(counts)
    }

    /// Has this ring of the bell anything to tell? Our own push rings it too, after we have pulled past it.
    pub(crate) async fn is_news(&self, rev: i64) -> Result<bool> {
        self.known_rev.fetch_max(rev, Ordering::Relaxed);
        Ok(self.subscriptions().await?.iter().any(|one| one.cursor < rev))
    }

    /// One full round: everything that was written before it began is exchanged when it ends, unless [`Tally::unsettled`].
    pub async fn round(&self) -> Result<Tally> {
        let mut tally = Tally::default();
        self.ask_after(&mut tally).await?;
        let mut passes = 0;
        while passes < PASSES {
            let before = tally.pushed;
            let all = self.pull(&mut tally).await?;
            let behind = self.push(&mut tally).await?;
            self.fetch_passed(&behind, &mut tally).await?;
            passes += usize::from(all);
            if all && behind.is_empty() && self.is_settled(tally.pushed > before, &mut tally).await? {
                return Ok(tally);
            }
        }
        self.count().await?;
        tally.unsettled = true;
        Ok(tally)
    }

    /// An answer that was lost is asked for before anything is pulled: only then does the vault know that who wrote the newer
    /// version had seen ours, and files no conflict.
    async fn ask_after(&self, tally: &mut Tally) -> Result<()> {
        let Some(batch) = self.post.call(|mailbox| mailbox.under_way()).await? else { return Ok(()) };
        let receipt = match self.remote.receipt(&batch).await {
            // Another's entry stands under this number: the pull brings it, and the vault sees that it is a copy.
            Ok(None) | Err(SyncError::Clone) => return Ok(()),
            Ok(Some(receipt)) => receipt,
            Err(error) => return Err(error),
        };
        sort(&batch, &receipt, tally)?;
        self.post.call(move |mailbox| mailbox.sent(&receipt)).await
    }

    /// What was just sent lies above the cursor: passing it now spares an echo with the next ring of the bell. What comes
    /// along may have been merged here and want to be sent.
    async fn is_settled(&self, sent: bool, tally: &mut Tally) -> Result<bool> {
        if sent && !self.pull(tally).await? {
            return Ok(false);
        }
        Ok(self.count().await?.to_send == 0 || !sent)
    }

    /// Pulls what there is, but no more than some pages; answers whether that was all.
    async fn pull(&self, tally: &mut Tally) -> Result<bool> {
        self.board.phase(Phase::Pulling);
        self.pull_urgent(tally).await?;
        let (mut drained, mut pages) = (BTreeSet::new(), PAGES_AT_ONCE);
        loop {
            // A grant that came with a page may have opened a new scope.
            let all = self.subscriptions().await?;
            let fresh: Vec<_> = all.into_iter().filter(|one| drained.insert(one.scope)).collect();
            if fresh.is_empty() {
                self.board.update(|state| state.first = None);
                return Ok(true);
            }
            for subscription in fresh {
                if !self.drain(subscription, &mut pages, tally).await? {
                    return Ok(false);
                }
            }
        }
    }

    /// Pulls a subscription to its end; `false` if `pages` were used up before.
    pub(crate) async fn drain(
        &self,
        mut subscription: Subscription,
        pages: &mut usize,
        tally: &mut Tally,
    ) -> Result<bool> {
        loop {
            let (begun, size) = (self.local_ms(), self.pace.load(Ordering::Relaxed).min(self.page));
            let page = self.remote.page(&subscription, size).await?;
            check_page(&page, &subscription)?;
            let (upto, more, came) = (page.upto, page.more, self.progress_of(&page));
            if !page.parcels.is_empty() || upto > subscription.cursor {
                self.take_in(page, tally).await?;
            }
            self.board.advance(&came, self.local_ms());
            if !more {
                return Ok(true);
            }
            // What a page takes says something of a full one only.
            let took = self.local_ms().saturating_sub(begun);
            self.pace.store(first::paced(size, took, self.page), Ordering::Relaxed);
            subscription.cursor = upto;
            *pages = pages.saturating_sub(1);
            if *pages == 0 {
                return Ok(false);
            }
        }
    }

    fn progress_of(&self, page: &Page) -> Progress {
        let known = self.known_rev.fetch_max(page.upto, Ordering::Relaxed).max(page.upto);
        Progress {
            documents: page.parcels.len() as u64,
            bytes: page.parcels.iter().map(|parcel| parcel.body.len() as u64).sum(),
            left: page.subscription.scope.is_none().then(|| u64::try_from(known - page.upto).unwrap_or(0)),
        }
    }

    async fn take_in(&self, page: Page, tally: &mut Tally) -> Result<()> {
        let (count, now) = (page.parcels.len(), self.server_ms());
        let accepted = self.post.call(move |mailbox| mailbox.accept(&page, now)).await?;
        tally.pulled += count;
        tally.conflicts += accepted.conflicts;
        tally.quarantined += accepted.quarantined;
        tally.waiting += accepted.waiting;
        self.tell(accepted);
        Ok(())
    }

    fn tell(&self, accepted: Accepted) {
        if !accepted.changed.is_empty() {
            self.tell_changed(accepted.changed);
        }
    }

    /// A file is whole now.
    pub(crate) fn tell_file(&self, file: Uuid) {
        self.tell_changed(vec![(FILES.to_owned(), file)]);
    }

    fn tell_changed(&self, changed: Vec<(String, Uuid)>) {
        // No listener is no mistake: a command line has none.
        let _ = self.changed.send(Arc::new(changed));
    }

    /// Sends batches until nothing waits or something was behind; returns what was behind.
    async fn push(&self, tally: &mut Tally) -> Result<Vec<Behind>> {
        loop {
            self.count().await?;
            let (now, halve) = (self.server_ms(), self.may_halve().await?);
            let Some(batch) = self.post.call(move |mailbox| mailbox.outgoing(now, halve)).await? else {
                return Ok(Vec::new());
            };
            self.board.phase(Phase::Pushing);
            let receipt = self.send(&batch).await?;
            let behind = sort(&batch, &receipt, tally)?;
            self.post.call(move |mailbox| mailbox.sent(&receipt)).await?;
            if !behind.is_empty() {
                return Ok(behind);
            }
        }
    }

    async fn send(&self, batch: &Batch) -> Result<Receipt> {
        match self.remote.push(batch).await {
            Err(SyncError::Busy) => {
                self.expiries.fetch_add(1, Ordering::Relaxed);
                Err(SyncError::Busy)
            }
            answer => {
                self.expiries.store(0, Ordering::Relaxed);
                answer
            }
        }
    }

    /// A batch that expired twice is cut in two, but only if it surely did not arrive: under one number there may never be
    /// two batches.
    async fn may_halve(&self) -> Result<bool> {
        if self.expiries.load(Ordering::Relaxed) < EXPIRIES {
            return Ok(false);
        }
        let now = self.server_ms();
        let Some(batch) = self.post.call(move |mailbox| mailbox.outgoing(now, false)).await? else { return Ok(false) };
        let arrived = self.remote.receipt(&batch).await?.is_some();
        self.expiries.store(0, Ordering::Relaxed);
        Ok(!arrived && batch.parcels.len() > 1)
    }

    /// A parcel that is behind a revision which our cursor has already passed would never be pulled again: fetch it by name.
    /// One that is built on a revision which the remote does not have shows that the remote was restored.
    async fn fetch_passed(&self, behind: &[Behind], tally: &mut Tally) -> Result<()> {
        if let Some(lost) = behind.iter().filter(|one| one.remote < one.base).map(|one| one.base).min() {
            return self.revive(lost).await;
        }
        if behind.is_empty() {
            return Ok(());
        }
        let (subscriptions, before) = (self.subscriptions().await?, tally.waiting);
        for subscription in subscriptions {
            let covered = |one: &&Behind| {
                subscription.scope.is_none_or(|scope| scope == one.scope) && one.remote <= subscription.cursor
            };
            let names: Vec<_> = behind.iter().filter(covered).map(|one| (one.collection.clone(), one.id)).collect();
            self.fetch(&subscription, &names, tally).await?;
        }
        if tally.waiting > before {
            // What vouches for them was passed as well: the remote went back, and on, without anybody noticing.
            self.mend(tally).await?;
        }
        Ok(())
    }

    /// Pulls single documents again; the cursor stays.
    pub(crate) async fn fetch(
        &self,
        subscription: &Subscription,
        names: &[(String, Uuid)],
        tally: &mut Tally,
    ) -> Result<()> {
        for part in names.chunks(self.page) {
            let mut parcels = self.remote.documents(part).await?;
            parcels.retain(|parcel| parcel.rev <= subscription.cursor);
            parcels.sort_by_key(|parcel| parcel.rev);
            if !parcels.is_empty() {
                let page = Page { subscription: subscription.clone(), parcels, upto: subscription.cursor, more: false };
                self.take_in(page, tally).await?;
            }
        }
        Ok(())
    }

    /// How many documents differ now; nothing is mended.
    ///
    /// # Errors
    /// Whatever the remote answers.
    pub async fn differences(&self) -> Result<usize> {
        Ok(verify::differing(&self.post, &*self.remote).await?.len())
    }

    /// Compares both sides after a round that moved nothing, and pulls again what differs. Returns how many differences are left.
    pub async fn quiet_check(&self) -> Result<usize> {
        let left = match self.mend(&mut Tally::default()).await? {
            Mended::Equal => 0,
            Mended::Pulled => verify::differing(&self.post, &*self.remote).await?.len(),
            Mended::Revived => {
                self.round().await?;
                verify::differing(&self.post, &*self.remote).await?.len()
            }
        };
        self.board.update(|state| state.differences = left as u64);
        Ok(left)
    }

    /// Compares both sides and pulls again what differs; what the remote lost begins a new life of it.
    async fn mend(&self, tally: &mut Tally) -> Result<Mended> {
        let found = verify::differing(&self.post, &*self.remote).await?;
        if found.is_empty() {
            return Ok(Mended::Equal);
        }
        let names: Vec<_> = found.iter().map(|one| one.name.clone()).collect();
        for subscription in self.subscriptions().await? {
            self.fetch(&subscription, &names, tally).await?;
        }
        let lost = found.iter().filter(|one| one.is_lost_there()).filter_map(|one| one.here).min();
        match lost {
            None => Ok(Mended::Pulled),
            Some(lost) => self.revive(lost).await.map(|()| Mended::Revived),
        }
    }

    /// The remote lacks what it once gave the revision `lost` to: it was restored and went on without anybody noticing. A new
    /// life begins, unless it is known already, and every device sends again what is gone.
    async fn revive(&self, lost: i64) -> Result<()> {
        let floor = self.subscriptions().await?.iter().map(|one| one.cursor).max().unwrap_or(0);
        let known = self.post.call(|mailbox| mailbox.epoch()).await?;
        let info = self.remote.probe().await?;
        if !info.knows_lost(lost) {
            self.remote.renew(&ServerInfo { rev: lost - 1, ..info }, floor).await?;
        }
        let epoch = self.greet().await?.epoch;
        if known == Some(epoch) {
            // An answer of the old life came in after the new one had been agreed on.
            self.post.call(move |mailbox| mailbox.restart(epoch, lost - 1)).await?;
        }
        Ok(())
    }
}

/// What a comparison led to.
enum Mended {
    Equal,
    Pulled,
    Revived,
}

struct Behind {
    collection: String,
    id: Uuid,
    scope: Uuid,
    base: i64,
    remote: i64,
}

fn sort(batch: &Batch, receipt: &Receipt, tally: &mut Tally) -> Result<Vec<Behind>> {
    if receipt.fates.len() != batch.parcels.len() || receipt.number != batch.number {
        return Err(SyncError::Answer("a receipt does not match its batch"));
    }
    let mut behind = Vec::new();
    for (parcel, fate) in batch.parcels.iter().zip(&receipt.fates) {
        match fate {
            Fate::Stored { .. } => tally.pushed += 1,
            Fate::Refused { .. } => tally.refused += 1,
            Fate::Behind { remote } => {
                let (collection, id, scope) = (parcel.collection.clone(), parcel.id, parcel.scope);
                behind.push(Behind { collection, id, scope, base: parcel.rev, remote: *remote });
            }
        }
    }
    Ok(behind)
}

/// A page that goes backwards or out of order would lose or repeat documents for ever.
fn check_page(page: &Page, asked: &Subscription) -> Result<()> {
    let rising = page.parcels.windows(2).all(|two| two[0].rev < two[1].rev);
    let within = page.parcels.iter().all(|parcel| parcel.rev > asked.cursor && parcel.rev <= page.upto);
    let forward = page.upto >= asked.cursor && (!page.more || page.upto > asked.cursor);
    if page.subscription != *asked || !rising || !within || !forward {
        return Err(SyncError::Answer("a page is out of order"));
    }
    Ok(())
}
