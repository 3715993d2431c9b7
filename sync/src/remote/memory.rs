//! A remote in memory, with faults to order: for simulations and tests, by the same contract as MongoDB.

use super::{
    Backlog, Bell, FileInfo, JOURNAL, Life, PAGE_BYTES, PAGE_PARCELS, PROTOCOL, Remote, Revision, Revisions,
    ServerInfo, TAKEN, life_gap, oversize,
};
use crate::error::{Result, SyncError};
use async_trait::async_trait;
use futures_util::{StreamExt, stream};
use model::parcel::{Batch, BlobTicket, Fate, Page, Parcel, Receipt, SEGMENT, Subscription};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;
use uuid::Uuid;

type Key = (String, Uuid);

/// Everything that the remote holds. Cloning it is a backup.
#[derive(Clone, Debug, Default)]
pub struct World {
    realm: Option<Uuid>,
    lives: Vec<Life>,
    rev: i64,
    min_writer: i32,
    documents: BTreeMap<Key, Parcel>,
    order: BTreeMap<i64, Key>,
    receipts: BTreeMap<Uuid, Receipt>,
    files: BTreeMap<Uuid, FileInfo>,
    chunks: BTreeMap<(Uuid, u32), Vec<u8>>,
}

/// The server that the devices of a test share.
#[derive(Clone)]
pub struct MemoryServer {
    world: Arc<Mutex<World>>,
    /// Pushes that are still under way; they arrive in any order.
    late: Arc<Mutex<Vec<Batch>>>,
    /// How often a copy was put back: no answer of an earlier time comes after it.
    restores: Arc<AtomicU64>,
    bell: watch::Sender<i64>,
    clock: Arc<dyn Fn() -> u64 + Send + Sync>,
}

/// How a line to the server misbehaves. Probabilities are 0 to 1, per call.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    /// Nothing gets through.
    pub partitioned: bool,
    /// The request is lost before it arrives.
    pub lost_request: f64,
    /// The request is carried out and its answer is lost.
    pub lost_answer: f64,
    /// Rivals keep the server busy.
    pub busy: f64,
    /// Every push meets rivals, nothing else does.
    pub busy_pushes: bool,
    /// The push is given up by its sender and arrives later all the same, behind others.
    pub delayed: f64,
    /// The push arrives twice: now, and once more behind others.
    pub doubled: f64,
    /// A page is answered as it was answered the last time.
    pub repeated: f64,
}

/// One device's line to the server.
pub struct MemoryRemote {
    server: MemoryServer,
    realm: Uuid,
    faults: Arc<Mutex<(Faults, fastrand::Rng)>>,
    /// The last page, and after how many restores it was given.
    answered: Mutex<Option<(u64, Page)>>,
}

impl MemoryServer {
    /// An empty server whose time is `clock` (milliseconds since 1970).
    pub fn new(clock: Arc<dyn Fn() -> u64 + Send + Sync>) -> Self {
        MemoryServer {
            world: Arc::default(),
            late: Arc::default(),
            restores: Arc::default(),
            bell: watch::Sender::new(0),
            clock,
        }
    }

    /// A line for a device of `realm`; `seed` decides when its faults strike.
    pub fn line(&self, realm: Uuid, seed: u64) -> MemoryRemote {
        let faults = Arc::new(Mutex::new((Faults::default(), fastrand::Rng::with_seed(seed))));
        MemoryRemote { server: self.clone(), realm, faults, answered: Mutex::default() }
    }

    /// A copy of everything.
    pub fn backup(&self) -> World {
        self.world().clone()
    }

    /// Puts a copy back without a word: the epoch in it is the old one.
    pub fn restore(&self, world: World) {
        *self.world() = world;
        // A server that is put back has no connections left.
        held(&self.late).clear();
        self.restores.fetch_add(1, Ordering::Relaxed);
    }

    /// Puts a copy back as the operator's guide says: it ends with a new epoch.
    pub fn restore_and_tell(&self, mut world: World) {
        world.begin_life(world.rev, 0);
        self.restore(world);
    }

    /// Asks for a newer program, as the realm's admin would.
    pub fn require_writer(&self, protocol: i32) {
        self.world().min_writer = protocol;
    }

    /// Is this document there, and with which parcel?
    pub fn document(&self, collection: &str, id: Uuid) -> Option<Parcel> {
        self.world().documents.get(&(collection.to_owned(), id)).cloned()
    }

    fn world(&self) -> MutexGuard<'_, World> {
        held(&self.world)
    }

    /// Carries out one of the pushes that are still under way, if there is one.
    fn arrive(&self, rng: &mut fastrand::Rng) {
        let mut late = held(&self.late);
        if late.is_empty() || rng.bool() {
            return;
        }
        let at = rng.usize(..late.len());
        let batch = late.swap_remove(at);
        let mut world = self.world();
        if let Ok(None) = world.known(&batch) {
            // Its sender has gone; it asks for the receipt.
            world.push(&batch);
            self.bell.send_replace(world.rev);
        }
    }
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl MemoryRemote {
    /// Changes how this line misbehaves from now on.
    pub fn set_faults(&self, faults: Faults) {
        self.dice().0 = faults;
    }

    fn dice(&self) -> MutexGuard<'_, (Faults, fastrand::Rng)> {
        held(&self.faults)
    }

    fn strikes(&self, chance: fn(&Faults) -> f64) -> bool {
        let (faults, rng) = &mut *self.dice();
        let chance = chance(faults);
        chance > 0.0 && rng.f64() < chance
    }

    /// What a server that lags behind answers.
    fn old_page(&self, subscription: &Subscription) -> Option<Page> {
        let given = held(&self.answered).clone().filter(|(_, page)| page.subscription == *subscription);
        let (after, page) = given.filter(|_| self.strikes(|faults| faults.repeated))?;
        (after == self.server.restores.load(Ordering::Relaxed)).then_some(page)
    }

    async fn asking(&self) -> Result<MutexGuard<'_, World>> {
        tokio::task::yield_now().await;
        let (faults, rng) = &mut *self.dice();
        self.server.arrive(rng);
        match (faults.partitioned, rng.f64()) {
            (true, _) => Err(SyncError::Unreachable),
            (_, dice) if dice < faults.lost_request => Err(SyncError::Interrupted),
            (_, dice) if dice < faults.lost_request + faults.busy => Err(SyncError::Busy),
            _ => Ok(self.server.world()),
        }
    }

    async fn answering<T>(&self, answer: T) -> Result<T> {
        tokio::task::yield_now().await;
        let (faults, rng) = &mut *self.dice();
        if faults.partitioned || rng.f64() < faults.lost_answer { Err(SyncError::Interrupted) } else { Ok(answer) }
    }
}

impl World {
    fn info(&self, server_ms: u64) -> Result<ServerInfo> {
        let epoch = self.lives.last().ok_or(SyncError::NoRealm)?.epoch;
        Ok(ServerInfo {
            server_ms,
            realm: self.realm,
            epoch,
            lives: self.lives.clone(),
            rev: self.rev,
            min_reader: PROTOCOL,
            min_writer: self.min_writer.max(PROTOCOL),
            replica_set: "memory".into(),
        })
    }

    fn begin_life(&mut self, restored: i64, floor: i64) {
        self.rev = self.rev.max(floor) + life_gap();
        self.lives.push(Life { epoch: Uuid::new_v4(), restored, start: self.rev });
    }

    fn open(&mut self, realm: Uuid) -> Result<()> {
        if *self.realm.get_or_insert(realm) != realm {
            return Err(SyncError::OtherRealm);
        }
        if self.lives.is_empty() {
            self.lives.push(Life { epoch: Uuid::new_v4(), restored: 0, start: 0 });
        }
        Ok(())
    }

    fn known(&self, batch: &Batch) -> Result<Option<Receipt>> {
        let Some(entry) = self.documents.get(&(JOURNAL.to_owned(), batch.journal.id)) else { return Ok(None) };
        if entry.body != batch.journal.body {
            return Err(SyncError::Clone);
        }
        let Some(mut receipt) = self.receipts.get(&batch.journal.id).cloned() else { return Ok(None) };
        for (fate, parcel) in receipt.fates.iter_mut().zip(&batch.parcels) {
            if let Fate::Behind { remote } = fate {
                *remote = self.rev_of(parcel);
            }
        }
        Ok(Some(receipt))
    }

    fn rev_of(&self, parcel: &Parcel) -> i64 {
        self.documents.get(&key(parcel)).map_or(0, |there| there.rev)
    }

    fn push(&mut self, batch: &Batch) -> Receipt {
        let mut next = self.rev + 1;
        self.put(&batch.journal, next);
        let mut fates = Vec::with_capacity(batch.parcels.len());
        for parcel in &batch.parcels {
            next += 1;
            fates.push(self.fate(parcel, next));
        }
        self.rev = next;
        let receipt = Receipt { number: batch.number, fates };
        self.receipts.insert(batch.journal.id, receipt.clone());
        receipt
    }

    fn fate(&mut self, parcel: &Parcel, rev: i64) -> Fate {
        let remote = self.rev_of(parcel);
        if remote != parcel.rev {
            return Fate::Behind { remote };
        }
        if let Some(reason) = oversize(parcel).or_else(|| self.taken(parcel)) {
            return Fate::Refused { reason };
        }
        self.put(parcel, rev);
        Fate::Stored { rev }
    }

    fn taken(&self, parcel: &Parcel) -> Option<String> {
        let same = |there: &Parcel| parcel.tokens.iter().any(|(name, token)| there.tokens.get(name) == Some(token));
        let rival = self
            .documents
            .values()
            .find(|there| there.collection == parcel.collection && there.id != parcel.id && same(there));
        rival.map(|_| TAKEN.to_owned())
    }

    fn put(&mut self, parcel: &Parcel, rev: i64) {
        if let Some(before) = self.documents.insert(key(parcel), Parcel { rev, ..parcel.clone() }) {
            self.order.remove(&before.rev);
        }
        self.order.insert(rev, key(parcel));
    }

    fn backlog(&self, subscription: &Subscription, scopes: usize) -> Backlog {
        let after =
            self.order.range(subscription.cursor.saturating_add(1)..).filter_map(|(_, key)| self.documents.get(key));
        let after = after.filter(|parcel| subscription.scope.is_none_or(|scope| scope == parcel.scope));
        let mut backlog = Backlog::default();
        for parcel in after.rev() {
            backlog.documents += 1;
            if backlog.newest.len() < scopes && !backlog.newest.contains(&parcel.scope) {
                backlog.newest.push(parcel.scope);
            }
        }
        backlog
    }

    fn page(&self, subscription: &Subscription, limit: usize) -> Page {
        let (mut parcels, mut bytes, mut more) = (Vec::new(), 0, false);
        let after = self.order.range(subscription.cursor.saturating_add(1)..);
        for parcel in after.filter_map(|(_, key)| self.documents.get(key)) {
            if subscription.scope.is_some_and(|scope| scope != parcel.scope) {
                continue;
            }
            bytes += parcel.body.len();
            more = parcels.len() == limit || (!parcels.is_empty() && bytes > PAGE_BYTES);
            if more {
                break;
            }
            parcels.push(parcel.clone());
        }
        let last = parcels.last().map_or(subscription.cursor, |parcel: &Parcel| parcel.rev);
        let upto = if more { last } else { self.rev.max(subscription.cursor) };
        Page { subscription: subscription.clone(), parcels, upto, more }
    }
}

fn key(parcel: &Parcel) -> Key {
    (parcel.collection.clone(), parcel.id)
}

#[async_trait]
impl Remote for MemoryRemote {
    async fn probe(&self) -> Result<ServerInfo> {
        let now = (self.server.clock)();
        let info = {
            let mut world = self.asking().await?;
            world.open(self.realm)?;
            world.info(now)?
        };
        self.answering(info).await
    }

    async fn renew(&self, seen: &ServerInfo, floor: i64) -> Result<ServerInfo> {
        let now = (self.server.clock)();
        let info = {
            let mut world = self.asking().await?;
            if world.lives.last().map(|life| life.epoch) == Some(seen.epoch) {
                world.begin_life(seen.rev, floor);
            }
            world.info(now)?
        };
        self.answering(info).await
    }

    async fn push(&self, batch: &Batch) -> Result<Receipt> {
        if self.dice().0.busy_pushes {
            return Err(SyncError::Busy);
        }
        if self.strikes(|faults| faults.delayed) {
            held(&self.server.late).push(batch.clone());
            return Err(SyncError::Interrupted);
        }
        if self.strikes(|faults| faults.doubled) {
            held(&self.server.late).push(batch.clone());
        }
        let receipt = {
            let mut world = self.asking().await?;
            let receipt = match world.known(batch)? {
                Some(receipt) => receipt,
                None => world.push(batch),
            };
            self.server.bell.send_replace(world.rev);
            receipt
        };
        self.answering(receipt).await
    }

    async fn receipt(&self, batch: &Batch) -> Result<Option<Receipt>> {
        let receipt = self.asking().await?.known(batch)?;
        self.answering(receipt).await
    }

    async fn page(&self, subscription: &Subscription, limit: usize) -> Result<Page> {
        let page = {
            let world = self.asking().await?;
            self.old_page(subscription).unwrap_or_else(|| world.page(subscription, limit.clamp(1, PAGE_PARCELS)))
        };
        *held(&self.answered) = Some((self.server.restores.load(Ordering::Relaxed), page.clone()));
        self.answering(page).await
    }

    async fn backlog(&self, subscription: &Subscription, scopes: usize) -> Result<Backlog> {
        let backlog = self.asking().await?.backlog(subscription, scopes);
        self.answering(backlog).await
    }

    async fn documents(&self, wanted: &[(String, Uuid)]) -> Result<Vec<Parcel>> {
        let found = {
            let world = self.asking().await?;
            wanted.iter().filter_map(|key| world.documents.get(key).cloned()).collect()
        };
        self.answering(found).await
    }

    async fn bell(&self) -> Result<Bell> {
        drop(self.asking().await?);
        let mut rings = self.server.bell.subscribe();
        rings.mark_unchanged();
        let faults = self.faults.clone();
        let stream = stream::unfold((rings, faults), |(mut rings, faults)| async move {
            rings.changed().await.ok()?;
            let rev = *rings.borrow_and_update();
            let cut = held(&faults).0.partitioned;
            let ring = if cut { Err(SyncError::Interrupted) } else { Ok(rev) };
            Some((ring, (rings, faults)))
        });
        Ok(stream.boxed())
    }

    async fn revisions(&self, scopes: Option<&[Uuid]>) -> Result<Revisions> {
        let all: Vec<_> = {
            let world = self.asking().await?;
            let wanted =
                world.documents.values().filter(|parcel| scopes.is_none_or(|scopes| scopes.contains(&parcel.scope)));
            wanted
                .map(|parcel| Revision { collection: parcel.collection.clone(), id: parcel.id, rev: parcel.rev })
                .collect()
        };
        let all = self.answering(all).await?;
        Ok(stream::iter(all.into_iter().map(Ok)).boxed())
    }

    async fn file_info(&self, file: Uuid) -> Result<Option<FileInfo>> {
        let info = self.asking().await?.files.get(&file).cloned();
        self.answering(info).await
    }

    async fn file_chunks_present(&self, file: Uuid) -> Result<BTreeSet<u32>> {
        let present =
            self.asking().await?.chunks.range((file, 0)..=(file, u32::MAX)).map(|((_, index), _)| *index).collect();
        self.answering(present).await
    }

    async fn put_chunk(&self, file: Uuid, index: u32, bytes: Vec<u8>) -> Result<()> {
        if bytes.len() > SEGMENT {
            return Err(SyncError::Answer("a segment of a file is too long"));
        }
        self.asking().await?.chunks.entry((file, index)).or_insert(bytes);
        self.answering(()).await
    }

    async fn finish_file(&self, ticket: &BlobTicket, _at_ms: u64) -> Result<()> {
        let info = FileInfo { length: ticket.length, segments: ticket.segments };
        self.asking().await?.files.entry(ticket.id).or_insert(info);
        self.answering(()).await
    }

    async fn get_chunk(&self, file: Uuid, index: u32) -> Result<Option<Vec<u8>>> {
        let chunk = self.asking().await?.chunks.get(&(file, index)).cloned();
        self.answering(chunk).await
    }
}
