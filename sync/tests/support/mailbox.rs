//! A plain mailbox for tests: documents are sets of write stamps, a merge is their union, nothing is sealed. Whether a
//! write was lost, repeated or invented can be read off such a set.

use model::mailbox::{Address, Mailbox, MailboxError};
use model::parcel::{
    Accepted, BATCH_PARCELS, Batch, BlobTicket, Counts, Fate, Page, Parcel, Receipt, SCHEMA, SEGMENT, Subscription,
    Urgent,
};
use model::{Class, DeviceTag, Hlc, Stamp};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard};
use uuid::Uuid;

pub type Key = (String, Uuid);
pub type Writes = BTreeSet<Stamp>;

#[derive(Clone, Debug)]
struct Document {
    scope: Uuid,
    writes: Writes,
    /// Further bytes of the body, so that a test can make it as large as it likes.
    ballast: usize,
    tokens: BTreeMap<String, Vec<u8>>,
    rev: i64,
    dirty: bool,
}

#[derive(Clone, Default)]
struct Inner {
    documents: BTreeMap<Key, Document>,
    cursors: BTreeMap<Option<Uuid>, i64>,
    /// What this person needs first, and how far those scopes have come.
    urgent: Urgent,
    ahead: BTreeMap<Uuid, i64>,
    epoch: Option<Uuid>,
    pending: Option<Batch>,
    number: u64,
    quarantine: BTreeMap<Key, String>,
    /// Revisions of journal entries.
    journal: BTreeMap<Key, i64>,
    /// This device's own entries by number, as they were sent last.
    own: BTreeMap<u64, Vec<u8>>,
    /// Entries stand under this device's name that it did not write.
    copied: bool,
    outgoing_files: BTreeMap<Uuid, Vec<Vec<u8>>>,
    incoming_files: BTreeMap<Uuid, (BlobTicket, Vec<Vec<u8>>)>,
    /// A file that is given up as soon as so many of its segments are here.
    given_up: Option<(Uuid, usize)>,
    /// Segments asked for by uploads, in order.
    asked: Vec<u32>,
    trouble: Option<fn() -> MailboxError>,
}

/// A copy of a mailbox, to be put back.
#[derive(Clone)]
pub struct Saved {
    address: Address,
    clock: Hlc,
    inner: Inner,
}

/// The mailbox.
pub struct Plain {
    address: Mutex<Address>,
    clock: Mutex<Hlc>,
    inner: Mutex<Inner>,
    batch: usize,
}

impl Plain {
    /// A member of staff, who pulls the whole realm.
    pub fn staff(realm: Uuid, device: u128) -> Plain {
        Plain::new(realm, device, [None])
    }

    /// A patient, who pulls some scopes.
    pub fn new(realm: Uuid, device: u128, scopes: impl IntoIterator<Item = Option<Uuid>>) -> Plain {
        let device = Uuid::from_u128(device);
        let cursors = scopes.into_iter().map(|scope| (scope, 0)).collect();
        Plain {
            address: Mutex::new(Address { realm, device, user: device }),
            clock: Mutex::new(Hlc::resume(DeviceTag::of(device), Stamp::ZERO)),
            inner: Mutex::new(Inner { cursors, ..Inner::default() }),
            batch: BATCH_PARCELS,
        }
    }

    /// Cuts batches smaller, so that there are more of them.
    pub fn batches_of(self, batch: usize) -> Plain {
        Plain { batch, ..self }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }

    /// A copy of everything.
    pub fn save(&self) -> Saved {
        let clock = self.clock.lock().unwrap().clone();
        Saved { address: Mailbox::address(self), clock, inner: self.inner().clone() }
    }

    /// Puts a copy back.
    pub fn put_back(&self, saved: Saved) {
        *self.address.lock().unwrap() = saved.address;
        *self.clock.lock().unwrap() = saved.clock;
        *self.inner() = saved.inner;
    }

    /// Goes on under another name, as a vault does that found out that it is a copy.
    pub fn become_new_device(&self, device: u128) {
        let device = Uuid::from_u128(device);
        self.address.lock().unwrap().device = device;
        let mut clock = self.clock.lock().unwrap();
        let last = clock.last();
        *clock = Hlc::resume(DeviceTag::of(device), last);
        let mut inner = self.inner();
        (inner.number, inner.pending, inner.copied) = (0, None, false);
        inner.own.clear();
        inner.cursors.values_mut().for_each(|cursor| *cursor = 0);
        inner.ahead.clear();
    }

    /// Says what is needed first.
    pub fn need_first(&self, urgent: Urgent) {
        self.inner().urgent = urgent;
    }

    /// Pulls one more scope from now on.
    pub fn subscribe(&self, scope: Uuid) {
        self.inner().cursors.entry(Some(scope)).or_insert(0);
    }

    /// Does this mailbox pull a scope?
    pub fn pulls(&self, scope: Uuid) -> bool {
        let inner = self.inner();
        inner.cursors.contains_key(&None) || inner.cursors.contains_key(&Some(scope))
    }

    /// Writes once to a document; the stamp that comes back is acknowledged.
    pub fn write(&self, collection: &str, id: Uuid, scope: Uuid, now_ms: u64) -> Stamp {
        let stamp = self.clock.lock().unwrap().tick(now_ms, Stamp::ZERO);
        let mut inner = self.inner();
        let fresh = Document { scope, writes: Writes::new(), ballast: 0, tokens: BTreeMap::new(), rev: 0, dirty: true };
        let document = inner.documents.entry((collection.to_owned(), id)).or_insert(fresh);
        document.writes.insert(stamp);
        document.dirty = true;
        inner.quarantine.remove(&(collection.to_owned(), id));
        stamp
    }

    /// Forgets which revision a document was built on, and wants to send it again.
    pub fn forget_revision(&self, collection: &str, id: Uuid) {
        let mut inner = self.inner();
        let document = inner.documents.get_mut(&(collection.to_owned(), id)).unwrap();
        (document.rev, document.dirty) = (0, true);
    }

    /// Makes a document's body longer.
    pub fn fatten(&self, collection: &str, id: Uuid, ballast: usize) {
        self.inner().documents.get_mut(&(collection.to_owned(), id)).unwrap().ballast = ballast;
    }

    /// Puts an equality token beside a document.
    pub fn token(&self, collection: &str, id: Uuid, name: &str, token: Vec<u8>) {
        let mut inner = self.inner();
        inner.documents.get_mut(&(collection.to_owned(), id)).unwrap().tokens.insert(name.to_owned(), token);
    }

    /// The documents with their writes.
    pub fn contents(&self) -> BTreeMap<Key, Writes> {
        self.inner().documents.iter().map(|(key, document)| (key.clone(), document.writes.clone())).collect()
    }

    /// What the remote refused, with its reasons.
    pub fn quarantine(&self) -> BTreeMap<Key, String> {
        self.inner().quarantine.clone()
    }

    /// Every call fails from now on, or none.
    pub fn set_trouble(&self, trouble: Option<fn() -> MailboxError>) {
        self.inner().trouble = trouble;
    }

    /// A file that waits to be sent.
    pub fn add_file(&self, id: Uuid, segments: Vec<Vec<u8>>) {
        self.inner().outgoing_files.insert(id, segments);
    }

    /// A file that is wanted.
    pub fn want_file(&self, ticket: BlobTicket) {
        self.inner().incoming_files.insert(ticket.id, (ticket, Vec::new()));
    }

    /// Its person gives a file up as soon as so many segments of it are here; `None` wants it again.
    pub fn give_up(&self, after: Option<(Uuid, usize)>) {
        self.inner().given_up = after;
    }

    /// The segments of a wanted file that are here.
    pub fn file(&self, id: Uuid) -> Vec<Vec<u8>> {
        self.inner().incoming_files[&id].1.clone()
    }

    /// Segments that uploads have asked for.
    pub fn asked(&self) -> Vec<u32> {
        self.inner().asked.clone()
    }

    fn check(&self) -> Result<MutexGuard<'_, Inner>, MailboxError> {
        let inner = self.inner();
        match inner.trouble {
            Some(trouble) => Err(trouble()),
            None => Ok(inner),
        }
    }
}

pub fn ticket(id: Uuid, segments: &[Vec<u8>]) -> BlobTicket {
    let length = segments.iter().map(|segment| segment.len() as u64).sum();
    BlobTicket { id, scope: id, length, sha256: [0; 32], segments: u32::try_from(segments.len()).unwrap() }
}

fn body(document: &Document) -> Vec<u8> {
    let mut body: Vec<u8> = u32::try_from(document.writes.len()).unwrap().to_be_bytes().to_vec();
    body.extend(document.writes.iter().flat_map(|stamp| stamp.0));
    body.resize(body.len() + document.ballast, 0);
    body
}

pub fn writes(body: &[u8]) -> Option<Writes> {
    let (count, rest) = body.split_at_checked(4)?;
    let count = u32::from_be_bytes(count.try_into().ok()?) as usize;
    let stamps = rest.get(..count * 16)?.chunks_exact(16);
    Some(stamps.map(|bytes| Stamp(bytes.try_into().unwrap())).collect())
}

pub fn parcel(key: &Key, scope: Uuid, body: Vec<u8>, rev: i64, by: Uuid) -> Parcel {
    let (collection, id) = key.clone();
    let (class, stamp) = (Class::Mergeable, Stamp::ZERO);
    Parcel { collection, id, scope, class, stamp, by, schema: SCHEMA, body, tokens: BTreeMap::new(), rev }
}

/// A journal entry over some parcels: its id is made of device and number, its body of what it lists.
pub fn journal(device: Uuid, realm: Uuid, number: u64, parcels: &[Parcel]) -> Parcel {
    let id = Uuid::from_u64_pair(device.as_u64_pair().1 | 1 << 63, number);
    let listed = parcels.iter().flat_map(|parcel| [parcel.id.as_bytes().as_slice(), &parcel.body].concat());
    let body = number.to_be_bytes().into_iter().chain(listed).collect();
    Parcel { class: Class::Key, ..parcel(&("journal".into(), id), realm, body, 0, device) }
}

impl Mailbox for Plain {
    fn address(&self) -> Address {
        self.address.lock().unwrap().clone()
    }

    fn outgoing(&self, _now_ms: u64, halve: bool) -> Result<Option<Batch>, MailboxError> {
        let Address { device, realm, .. } = Mailbox::address(self);
        let mut inner = self.check()?;
        if inner.copied {
            return Err(MailboxError::Copied);
        }
        if let Some(pending) = inner.pending.as_mut().filter(|pending| halve && pending.parcels.len() > 1) {
            pending.parcels.truncate(pending.parcels.len() / 2);
            pending.journal = journal(device, realm, pending.number, &pending.parcels);
        }
        if inner.pending.is_none() {
            let dirty =
                inner.documents.iter().filter(|(key, document)| document.dirty && !inner.quarantine.contains_key(*key));
            let made = dirty.take(self.batch).map(|(key, document)| Parcel {
                tokens: document.tokens.clone(),
                ..parcel(key, document.scope, body(document), document.rev, device)
            });
            let parcels: Vec<Parcel> = made.collect();
            if parcels.is_empty() {
                return Ok(None);
            }
            inner.number += 1;
            let journal = journal(device, realm, inner.number, &parcels);
            inner.pending = Some(Batch { number: inner.number, journal, parcels });
        }
        let pending = inner.pending.clone();
        if let Some(batch) = &pending {
            inner.own.insert(batch.number, batch.journal.body.clone());
        }
        Ok(pending)
    }

    fn under_way(&self) -> Result<Option<Batch>, MailboxError> {
        Ok(self.check()?.pending.clone())
    }

    fn sent(&self, receipt: &Receipt) -> Result<(), MailboxError> {
        let mut inner = self.check()?;
        let Some(batch) = inner.pending.take() else { return Ok(()) };
        assert_eq!(batch.number, receipt.number, "a receipt for another batch");
        for (parcel, fate) in batch.parcels.iter().zip(&receipt.fates) {
            let key = (parcel.collection.clone(), parcel.id);
            let document = inner.documents.get_mut(&key).unwrap();
            match fate {
                // A newer version that was built on ours may have been pulled before this answer came.
                Fate::Stored { rev } if *rev > document.rev => {
                    document.rev = *rev;
                    document.dirty = Some(&document.writes) != writes(&parcel.body).as_ref();
                }
                Fate::Stored { .. } | Fate::Behind { .. } => {}
                Fate::Refused { reason } => drop(inner.quarantine.insert(key, reason.clone())),
            }
        }
        Ok(())
    }

    fn subscriptions(&self) -> Result<Vec<Subscription>, MailboxError> {
        let inner = self.check()?;
        Ok(inner.cursors.iter().map(|(scope, cursor)| Subscription { scope: *scope, cursor: *cursor }).collect())
    }

    fn urgent(&self, _now_ms: u64) -> Result<Urgent, MailboxError> {
        Ok(self.check()?.urgent.clone())
    }

    fn ahead(&self, scopes: &[Uuid]) -> Result<Vec<Subscription>, MailboxError> {
        let inner = self.check()?;
        let Some(passed) = inner.cursors.get(&None).copied() else { return Ok(Vec::new()) };
        let cursor = |scope: &Uuid| inner.ahead.get(scope).copied().unwrap_or(0).max(passed);
        Ok(scopes.iter().map(|scope| Subscription { scope: Some(*scope), cursor: cursor(scope) }).collect())
    }

    fn accept(&self, page: &Page, _now_ms: u64) -> Result<Accepted, MailboxError> {
        let device = Mailbox::address(self).device;
        let mut inner = self.check()?;
        let mut accepted = Accepted::default();
        for parcel in &page.parcels {
            if parcel.collection == "journal" {
                let key = (parcel.collection.clone(), parcel.id);
                let number = parcel.body.first_chunk().map_or(0, |number| u64::from_be_bytes(*number));
                inner.copied |= parcel.by == device && inner.own.get(&number) != Some(&parcel.body);
                inner.journal.insert(key, parcel.rev);
                continue;
            }
            let Some(theirs) = writes(&parcel.body) else {
                accepted.quarantined += 1;
                continue;
            };
            let key = (parcel.collection.clone(), parcel.id);
            let (scope, tokens) = (parcel.scope, parcel.tokens.clone());
            let fresh = Document { scope, writes: Writes::new(), ballast: 0, tokens, rev: 0, dirty: false };
            let mine = inner.documents.entry(key.clone()).or_insert(fresh);
            if parcel.rev < mine.rev {
                continue;
            }
            if !theirs.is_subset(&mine.writes) {
                accepted.changed.push(key);
            }
            // As in a real vault, what is newer here than there stays and is sent again, even if it was agreed on before.
            mine.writes.extend(&theirs);
            (mine.rev, mine.dirty) = (parcel.rev, mine.writes != theirs);
        }
        let Inner { cursors, ahead, .. } = &mut *inner;
        let scope = page.subscription.scope;
        let passed = cursors.get(&None).copied();
        let cursor = match cursors.contains_key(&scope) {
            true => cursors.get_mut(&scope).unwrap(),
            false => ahead.entry(scope.unwrap()).or_insert(passed.unwrap()),
        };
        if let (Some(passed), Some(_)) = (passed, scope) {
            *cursor = passed.max(*cursor);
        }
        assert!(page.subscription.cursor <= *cursor, "a page from above the cursor would leave a gap");
        *cursor = page.upto.max(*cursor);
        Ok(accepted)
    }

    fn revisions(&self) -> Result<Vec<(String, Uuid, i64)>, MailboxError> {
        let inner = self.check()?;
        let agreed = inner.documents.iter().filter(|(_, document)| !document.dirty);
        let agreed = agreed.map(|((collection, id), document)| (collection.clone(), *id, document.rev));
        let entries = inner.journal.iter().map(|((collection, id), rev)| (collection.clone(), *id, *rev));
        Ok(agreed.chain(entries).collect())
    }

    fn restart(&self, epoch: Uuid, rev: i64) -> Result<(), MailboxError> {
        let mut inner = self.check()?;
        inner.epoch = Some(epoch);
        inner.cursors.values_mut().for_each(|cursor| *cursor = 0);
        inner.ahead.clear();
        inner.journal.retain(|_, known| *known <= rev);
        for document in inner.documents.values_mut().filter(|document| document.rev > rev) {
            (document.rev, document.dirty) = (0, true);
        }
        Ok(())
    }

    fn epoch(&self) -> Result<Option<Uuid>, MailboxError> {
        Ok(self.check()?.epoch)
    }

    fn set_epoch(&self, epoch: Uuid) -> Result<(), MailboxError> {
        self.check()?.epoch = Some(epoch);
        Ok(())
    }

    fn counts(&self) -> Result<Counts, MailboxError> {
        let inner = self.check()?;
        let waiting =
            inner.documents.iter().filter(|(key, document)| document.dirty && !inner.quarantine.contains_key(*key));
        let bytes: usize = waiting.clone().map(|(_, document)| body(document).len()).sum();
        Ok(Counts {
            to_send: waiting.count() as u64,
            to_send_bytes: bytes as u64,
            files_to_send: inner.outgoing_files.len() as u64,
            files_to_fetch: inner
                .incoming_files
                .values()
                .filter(|(ticket, here)| here.len() < ticket.segments as usize)
                .count() as u64,
            quarantined: inner.quarantine.len() as u64,
            ..Counts::default()
        })
    }

    fn files_to_send(&self) -> Result<Vec<BlobTicket>, MailboxError> {
        Ok(self.check()?.outgoing_files.iter().map(|(id, segments)| ticket(*id, segments)).collect())
    }

    fn files_to_fetch(&self, most: usize) -> Result<Vec<BlobTicket>, MailboxError> {
        let inner = self.check()?;
        let wanted = inner.incoming_files.values().filter(|(ticket, here)| {
            let given_up = inner.given_up.is_some_and(|(file, after)| file == ticket.id && here.len() >= after);
            here.len() < ticket.segments as usize && !given_up
        });
        Ok(wanted.take(most).map(|(ticket, _)| ticket.clone()).collect())
    }

    fn segment(&self, file: Uuid, index: u32) -> Result<Vec<u8>, MailboxError> {
        let mut inner = self.check()?;
        inner.asked.push(index);
        Ok(inner.outgoing_files[&file][index as usize].clone())
    }

    fn segments_here(&self, file: Uuid) -> Result<u32, MailboxError> {
        Ok(u32::try_from(self.check()?.incoming_files[&file].1.len()).unwrap())
    }

    fn keep_segment(&self, file: Uuid, index: u32, bytes: &[u8]) -> Result<(), MailboxError> {
        let mut inner = self.check()?;
        let (_, here) = inner.incoming_files.get_mut(&file).unwrap();
        assert_eq!(here.len(), index as usize, "segments come in order");
        assert!(bytes.len() <= SEGMENT);
        here.push(bytes.to_vec());
        Ok(())
    }

    fn file_sent(&self, file: Uuid) -> Result<(), MailboxError> {
        self.check()?.outgoing_files.remove(&file);
        Ok(())
    }
}
