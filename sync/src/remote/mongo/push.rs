//! One batch, one transaction.
//!
//! The retry loop is our own: the driver's hides a queue that is stuck. The counter is raised first, so that of two rivals
//! one fails at once with nothing to redo, and so that the order of revisions is the order of commits.

use super::layout::{self, Left};
use super::{MongoRemote, REV, errors};
use crate::error::{Result, SyncError};
use crate::remote::{JOURNAL, oversize};
use errors::codes;
use futures_util::TryStreamExt;
use model::Parcel;
use model::parcel::{Batch, Fate, Receipt};
use mongodb::bson::{Bson, Document, RawDocumentBuf, doc};
use mongodb::error::{Error, TRANSIENT_TRANSACTION_ERROR, UNKNOWN_TRANSACTION_COMMIT_RESULT};
use mongodb::options::{Acknowledgment, ReadConcern, ReturnDocument, WriteConcern};
use mongodb::{ClientSession, error::ErrorKind};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;
use tokio::time::Instant;
use uuid::Uuid;

/// After so long without a commit the batch goes back to the scheduler. It is looked at between attempts only: a slow line
/// may use all the time that MongoDB gives one transaction.
const PATIENCE: Duration = Duration::from_secs(10);
/// One attempt is given up after the time at which MongoDB would end it (transactionLifetimeLimitSeconds).
const ATTEMPT: Duration = Duration::from_secs(60);
const ABORT: Duration = Duration::from_secs(2);
const PAUSE_CAP_MS: u64 = 200;

type Refused = BTreeMap<usize, String>;

/// How an attempt failed.
enum Failure {
    /// Try again; nothing was written.
    Again(Error),
    /// The attempt took too long.
    Slow,
    /// The batch's journal entry is there already.
    Known,
    /// Trying the same again is useless.
    Lasting(Error),
    /// The realm's counter is gone.
    NoCounter,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        if error.contains_label(TRANSIENT_TRANSACTION_ERROR) || is_broken_line(&error) {
            return Failure::Again(error);
        }
        Failure::Lasting(error)
    }
}

fn is_broken_line(error: &Error) -> bool {
    let broken = matches!(
        error.kind.as_ref(),
        ErrorKind::Io(_) | ErrorKind::ServerSelection { .. } | ErrorKind::ConnectionPoolCleared { .. }
    );
    broken || errors::code(error).is_some_and(|code| codes::NOT_PRIMARY.contains(&code))
}

/// What one attempt is to write.
struct Job<'a> {
    batch: &'a Batch,
    /// Only so many parcels from the front.
    prefix: usize,
    refused: &'a Refused,
    /// Or is it only tried and taken back?
    commit: bool,
}

/// Where the parcels of a batch go.
struct Plan<'a> {
    fresh: BTreeMap<&'a str, Vec<Document>>,
    changed: BTreeMap<&'a str, Vec<Document>>,
    left: Vec<Left>,
    fates: Vec<Fate>,
}

impl MongoRemote {
    pub(super) async fn push_batch(&self, batch: &Batch) -> Result<Receipt> {
        let mut refused: Refused =
            batch.parcels.iter().enumerate().filter_map(|(at, parcel)| Some((at, oversize(parcel)?))).collect();
        let mut sound = 0;
        loop {
            let job = Job { batch, prefix: batch.parcels.len(), refused: &refused, commit: true };
            match self.persist(&job).await? {
                Outcome::Done(receipt) => return Ok(receipt),
                Outcome::Lasting(error) => {
                    let (at, reason) = self.find_culprit(batch, &refused, sound, &error).await?;
                    refused.insert(at, reason);
                    sound = at;
                }
            }
        }
    }

    /// Which parcel breaks the batch? The first `sound` do not. Doubling steps, then halving them: a lone culprit is found in
    /// two logarithms, and many in a row cost two attempts each. Trials are taken back, so nothing is half written.
    async fn find_culprit(
        &self,
        batch: &Batch,
        refused: &Refused,
        sound: usize,
        error: &Error,
    ) -> Result<(usize, String)> {
        let all = batch.parcels.len();
        if let Outcome::Lasting(error) = self.trial(batch, refused, sound).await? {
            // Not even what is known to be sound gets through: it is not about a parcel.
            return Err(self.fail(&error).await);
        }
        let (mut low, mut step) = (sound, 1);
        let (mut high, mut why) = (all, errors::code(error));
        while low + step < high {
            match self.trial(batch, refused, low + step).await? {
                Outcome::Done(_) => (low, step) = (low + step, step * 2),
                Outcome::Lasting(error) => (high, why) = (low + step, errors::code(&error)),
            }
            if high - low <= step {
                step = ((high - low) / 2).max(1);
            }
        }
        if high == low {
            return Err(self.fail(error).await);
        }
        Ok((high - 1, errors::refusal(why)))
    }

    async fn trial(&self, batch: &Batch, refused: &Refused, prefix: usize) -> Result<Outcome> {
        self.persist(&Job { batch, prefix, refused, commit: false }).await
    }

    /// Attempts until one succeeds, it is certain that none will, or patience is at its end.
    async fn persist(&self, job: &Job<'_>) -> Result<Outcome> {
        let deadline = Instant::now() + PATIENCE;
        let mut session = self.session().await?;
        for attempt in 0.. {
            let failure = match tokio::time::timeout(ATTEMPT, self.attempt(&mut session, job, deadline)).await {
                Ok(Ok(receipt)) => return Ok(Outcome::Done(receipt)),
                Ok(Err(failure)) => failure,
                Err(_) => Failure::Slow,
            };
            // Whatever is open is taken back; if that fails the server does it by itself.
            let _ = tokio::time::timeout(ABORT, session.abort_transaction()).await;
            match failure {
                Failure::Lasting(error) => return Ok(Outcome::Lasting(error)),
                Failure::NoCounter => return Err(SyncError::NoRealm),
                Failure::Slow => return Err(SyncError::Busy),
                Failure::Known => match self.find_receipt(job.batch).await? {
                    Some(receipt) => return Ok(Outcome::Done(receipt)),
                    None if Instant::now() >= deadline => return Err(SyncError::Busy),
                    // Written, but a majority does not have it yet.
                    None => {}
                },
                Failure::Again(error) if Instant::now() >= deadline => return Err(self.expired(&error).await),
                Failure::Again(_) => {}
            }
            pause(attempt).await;
        }
        Err(SyncError::Busy)
    }

    async fn expired(&self, error: &Error) -> SyncError {
        if is_broken_line(error) { self.fail(error).await } else { SyncError::Busy }
    }

    async fn attempt(
        &self,
        session: &mut ClientSession,
        job: &Job<'_>,
        deadline: Instant,
    ) -> std::result::Result<Receipt, Failure> {
        let durable = WriteConcern::builder().w(Acknowledgment::Majority).journal(true).build();
        session.start_transaction().read_concern(ReadConcern::snapshot()).write_concern(durable).await?;
        let first = self.raise(session, job.batch).await?;
        let revs = self.revs_of(session, job.batch).await?;
        let plan = plan(job, first, &revs);
        self.insert_journal(session, job.batch, first, &plan.left).await?;
        self.write(session, plan.fresh, plan.changed).await?;
        if job.commit {
            commit(session, deadline).await?;
        }
        Ok(Receipt { number: job.batch.number, fates: plan.fates })
    }

    /// Raises the counter by the size of the batch, and says for each of its collections that there is something new.
    async fn raise(&self, session: &mut ClientSession, batch: &Batch) -> std::result::Result<i64, Failure> {
        let size = i64::try_from(batch.parcels.len() + 1).expect("a batch has few members");
        let raised = doc! { "$add": ["$rev", size] };
        let names: BTreeSet<&str> =
            batch.parcels.iter().map(|parcel| parcel.collection.as_str()).chain([JOURNAL]).collect();
        let last: Document = names.into_iter().map(|name| (name.to_owned(), Bson::from(raised.clone()))).collect();
        let change = doc! { "$set": { "rev": raised, "last": { "$mergeObjects": ["$last", last] } } };
        let counters = self.counters();
        let update = counters.find_one_and_update(doc! { "_id": REV }, vec![change]);
        let after =
            update.return_document(ReturnDocument::After).projection(doc! { "rev": 1 }).session(session).await?;
        let rev = after.and_then(|after| after.get_i64("rev").ok()).ok_or(Failure::NoCounter)?;
        Ok(rev - size + 1)
    }

    async fn revs_of(
        &self,
        session: &mut ClientSession,
        batch: &Batch,
    ) -> std::result::Result<HashMap<(String, Uuid), i64>, Failure> {
        let mut by_collection: BTreeMap<&str, Vec<Bson>> = BTreeMap::new();
        for parcel in &batch.parcels {
            by_collection.entry(&parcel.collection).or_default().push(layout::uuid(parcel.id));
        }
        let mut revs = HashMap::with_capacity(batch.parcels.len());
        for (name, ids) in by_collection {
            let collection = self.raw(name);
            let find = collection.find(doc! { "_id": { "$in": ids } }).projection(doc! { "_sync.rev": 1 });
            let mut cursor = find.session(&mut *session).await?;
            let found: Vec<RawDocumentBuf> = cursor.stream(session).try_collect().await?;
            let pairs = found
                .iter()
                .filter_map(|one| Some((layout::uuid_at(one, "_id")?, layout::whole(layout::sync(one)?, "rev")?)));
            revs.extend(pairs.map(|(id, rev)| ((name.to_owned(), id), rev)));
        }
        Ok(revs)
    }

    async fn insert_journal(
        &self,
        session: &mut ClientSession,
        batch: &Batch,
        first: i64,
        left: &[Left],
    ) -> std::result::Result<(), Failure> {
        let entry = layout::receipt(&batch.journal, first, left);
        match self.db.collection::<Document>(JOURNAL).insert_one(entry).session(session).await {
            Err(error) if errors::code(&error) == Some(codes::DUPLICATE_KEY) => Err(Failure::Known),
            Err(error) => Err(error.into()),
            Ok(_) => Ok(()),
        }
    }

    async fn write(
        &self,
        session: &mut ClientSession,
        fresh: BTreeMap<&str, Vec<Document>>,
        changed: BTreeMap<&str, Vec<Document>>,
    ) -> std::result::Result<(), Failure> {
        for (name, documents) in fresh {
            self.db.collection::<Document>(name).insert_many(documents).session(&mut *session).await?;
        }
        for (name, updates) in changed {
            let expected = i64::try_from(updates.len()).expect("a batch has few members");
            let command = doc! { "update": name, "updates": updates, "ordered": true };
            let answer = self.db.run_command(command).session(&mut *session).await?;
            check_update(&answer, expected)?;
        }
        Ok(())
    }

    /// What an earlier push of this batch came to: its journal entry is the receipt.
    pub(super) async fn find_receipt(&self, batch: &Batch) -> Result<Option<Receipt>> {
        let journal = self.raw(JOURNAL);
        let Some(entry) = self.bounded(journal.find_one(doc! { "_id": layout::uuid(batch.journal.id) })).await? else {
            return Ok(None);
        };
        if layout::binary(&entry, "body") != Some(&batch.journal.body[..]) {
            return Err(SyncError::Clone);
        }
        let first = layout::sync(&entry).and_then(|sync| layout::whole(sync, "rev"));
        let first = first.ok_or(SyncError::Answer("a journal entry has no revision"))?;
        let mut fates: Vec<Fate> =
            (1..=batch.parcels.len()).map(|at| Fate::Stored { rev: rev_at(first, at - 1) }).collect();
        for left in layout::left(&entry) {
            let (Some(fate), Some(parcel)) = (fates.get_mut(left.at), batch.parcels.get(left.at)) else { continue };
            *fate = match left.refused {
                Some(reason) => Fate::Refused { reason },
                None => Fate::Behind { remote: self.rev_of(parcel).await? },
            };
        }
        Ok(Some(Receipt { number: batch.number, fates }))
    }

    async fn rev_of(&self, parcel: &Parcel) -> Result<i64> {
        let collection = self.raw(&parcel.collection);
        let find = collection.find_one(doc! { "_id": layout::uuid(parcel.id) });
        let found = self.bounded(find.projection(doc! { "_sync.rev": 1 })).await?;
        Ok(found.as_ref().and_then(|found| layout::whole(layout::sync(found)?, "rev")).unwrap_or(0))
    }
}

enum Outcome {
    Done(Receipt),
    Lasting(Error),
}

/// The journal entry takes the first revision, the parcels the following ones, whatever becomes of them.
fn rev_at(first: i64, at: usize) -> i64 {
    first + 1 + i64::try_from(at).expect("a batch has few members")
}

fn plan<'a>(job: &Job<'a>, first: i64, revs: &HashMap<(String, Uuid), i64>) -> Plan<'a> {
    let mut plan = Plan { fresh: BTreeMap::new(), changed: BTreeMap::new(), left: Vec::new(), fates: Vec::new() };
    for (at, parcel) in job.batch.parcels.iter().enumerate().take(job.prefix) {
        let remote = revs.get(&(parcel.collection.clone(), parcel.id)).copied().unwrap_or(0);
        let fate = fate(job, at, parcel, remote, rev_at(first, at));
        match &fate {
            Fate::Behind { .. } => plan.left.push(Left { at, refused: None }),
            Fate::Refused { reason } => plan.left.push(Left { at, refused: Some(reason.clone()) }),
            Fate::Stored { rev } if remote == 0 => {
                plan.fresh.entry(&parcel.collection).or_default().push(layout::document(parcel, *rev));
            }
            Fate::Stored { rev } => plan.changed.entry(&parcel.collection).or_default().push(replacement(parcel, *rev)),
        }
        plan.fates.push(fate);
    }
    plan
}

fn fate(job: &Job<'_>, at: usize, parcel: &Parcel, remote: i64, rev: i64) -> Fate {
    if remote != parcel.rev {
        return Fate::Behind { remote };
    }
    match job.refused.get(&at) {
        Some(reason) => Fate::Refused { reason: reason.clone() },
        None => Fate::Stored { rev },
    }
}

/// Replaces the document only where it is still the one that the parcel was built on.
fn replacement(parcel: &Parcel, rev: i64) -> Document {
    let guard = doc! { "_id": layout::uuid(parcel.id), "_sync.rev": parcel.rev };
    doc! { "q": guard, "u": layout::document(parcel, rev) }
}

/// A raw command reports failed writes in its answer, not as an error.
fn check_update(answer: &Document, expected: i64) -> std::result::Result<(), Failure> {
    if let Ok(failed) = answer.get_array("writeErrors") {
        let code = failed.first().and_then(|one| one.as_document()?.get_i32("code").ok()).unwrap_or(0);
        return Err(Failure::Lasting(Error::custom(code)));
    }
    let matched = answer.get_i32("n").map(i64::from).or_else(|_| answer.get_i64("n")).unwrap_or(0);
    // In a snapshot this cannot be: the revisions were read in the same one.
    if matched == expected { Ok(()) } else { Err(Failure::Lasting(Error::custom(0_i32))) }
}

/// Repeats the commit while nobody can say whether it took place.
async fn commit(session: &mut ClientSession, deadline: Instant) -> std::result::Result<(), Failure> {
    for attempt in 0.. {
        match session.commit_transaction().await {
            Ok(()) => return Ok(()),
            Err(error) if error.contains_label(UNKNOWN_TRANSACTION_COMMIT_RESULT) && Instant::now() < deadline => {
                pause(attempt).await
            }
            // Still unknown: the receipt will tell on the next attempt.
            Err(error) if error.contains_label(UNKNOWN_TRANSACTION_COMMIT_RESULT) => return Err(Failure::Again(error)),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Full jitter, doubling from 5 ms up to [`PAUSE_CAP_MS`].
async fn pause(attempt: u32) {
    let bound = (5_u64 << attempt.min(6)).min(PAUSE_CAP_MS);
    tokio::time::sleep(Duration::from_millis(fastrand::u64(0..=bound))).await;
}
