//! Reading: pages in the order of revisions, single documents, revisions alone, and the bell.
//!
//! A page is complete because the counter is read first, at majority: everything numbered up to it is committed, and
//! every later read of the page is causally after that reading, on whichever node it happens. Majority is the connection's
//! own read concern ([`crate::Address`]).

use super::{COUNTERS, MongoRemote, REV, layout};
use crate::error::Result;
use crate::remote::{Backlog, Bell, PAGE_BYTES, PAGE_PARCELS, Revision, Revisions, collections};
use futures_util::{FutureExt, StreamExt, TryStreamExt, stream};
use model::Parcel;
use model::parcel::{Page, Subscription};
use mongodb::ClientSession;
use mongodb::bson::{Bson, Document, RawDocument, RawDocumentBuf, doc};
use mongodb::change_stream::event::ChangeStreamEvent;
use std::sync::Mutex;
use std::time::Duration;
use uuid::Uuid;

const AT_ONCE: usize = 4;
const SEARCH_AT_ONCE: usize = 500;
/// So many of a collection's newest documents say where work was done lately.
const NEWEST_LOOKED_AT: i64 = 200;
/// The change stream asks again after so long without news.
const BELL_WAIT: Duration = Duration::from_secs(30);

impl MongoRemote {
    pub(super) async fn read_page(&self, subscription: &Subscription, limit: usize) -> Result<Page> {
        let limit = limit.clamp(1, PAGE_PARCELS);
        let mut session = self.session().await?;
        let (rev, hot) = self.counter(&mut session, subscription.cursor).await?;
        if rev <= subscription.cursor || hot.is_empty() {
            return Ok(empty(subscription, rev.max(subscription.cursor)));
        }
        let upto = self.page_end(&mut session, subscription, rev, &hot, limit).await?;
        let range = Range { subscription, upto };
        let gathered = Mutex::new(Gathered { parcels: Vec::new(), bytes: 0, upto });
        let reads: Vec<_> =
            hot.into_iter().map(|name| self.gather(&session, name, &range, &gathered).boxed()).collect();
        stream::iter(reads).buffer_unordered(AT_ONCE).try_collect::<()>().await?;
        let gathered = gathered.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        Ok(gathered.page(subscription, rev))
    }

    /// The highest revision given out, and the collections that have anything above the cursor.
    async fn counter(&self, session: &mut ClientSession, cursor: i64) -> Result<(i64, Vec<&'static str>)> {
        let counters = self.raw(COUNTERS);
        let found = self
            .bounded(counters.find_one(doc! { "_id": REV }).session(session))
            .await?
            .ok_or(crate::SyncError::NoRealm)?;
        let rev = layout::whole(&found, "rev").ok_or(crate::SyncError::NoRealm)?;
        let last = found.get_document("last").ok();
        let fresh = |name: &&str| last.is_none_or(|last| layout::whole(last, name).is_some_and(|last| last > cursor));
        Ok((rev, collections().into_iter().filter(fresh).collect()))
    }

    /// The revision at which a page of `limit` parcels ends, found in the indexes alone. Revisions are unique, so a short
    /// way to the counter needs no search.
    async fn page_end(
        &self,
        session: &mut ClientSession,
        subscription: &Subscription,
        rev: i64,
        hot: &[&'static str],
        limit: usize,
    ) -> Result<i64> {
        let limit = i64::try_from(limit).expect("a page is small");
        if rev - subscription.cursor <= limit {
            return Ok(rev);
        }
        let range = Range { subscription, upto: rev };
        let part = vec![
            doc! { "$match": range.filter() },
            doc! { "$sort": { "_sync.rev": 1 } },
            doc! { "$limit": limit },
            doc! { "$project": { "_id": 0, "r": "$_sync.rev" } },
        ];
        let mut pipeline = part.clone();
        pipeline.extend(hot[1..].iter().map(|name| doc! { "$unionWith": { "coll": *name, "pipeline": part.clone() } }));
        pipeline.extend([doc! { "$sort": { "r": 1 } }, doc! { "$skip": limit - 1 }, doc! { "$limit": 1 }]);
        let found: Vec<Document> = self
            .bounded(async {
                let first = self.db.collection::<Document>(hot[0]);
                let mut cursor = first.aggregate(pipeline).session(&mut *session).await?;
                cursor.stream(session).try_collect().await
            })
            .await?;
        Ok(found.first().and_then(|last| last.get_i64("r").ok()).unwrap_or(rev))
    }

    /// Reads one collection's part of a page, in a session of its own that is causally after the counter's.
    async fn gather(
        &self,
        after: &ClientSession,
        name: &'static str,
        range: &Range<'_>,
        into: &Mutex<Gathered>,
    ) -> Result<()> {
        let mut session = self.session().await?;
        if let Some(time) = after.cluster_time() {
            session.advance_cluster_time(time);
        }
        if let Some(time) = after.operation_time() {
            session.advance_operation_time(time);
        }
        let collection = self.raw(name);
        let find = collection.find(range.filter()).sort(doc! { "_sync.rev": 1 });
        let mut cursor = self.bounded(async { find.session(&mut session).await }).await?;
        while let Some(document) = self.bounded(async { cursor.next(&mut session).await.transpose() }).await? {
            if !take(into, name, &document) {
                break;
            }
        }
        Ok(())
    }

    /// Counted and looked up in the indexes alone; a collection without anything new is not asked.
    pub(super) async fn read_backlog(&self, subscription: &Subscription, scopes: usize) -> Result<Backlog> {
        let mut session = self.session().await?;
        let (rev, hot) = self.counter(&mut session, subscription.cursor).await?;
        let range = Range { subscription, upto: rev };
        let (mut documents, mut newest) = (0, Vec::new());
        for name in hot {
            let collection = self.raw(name);
            documents += self.bounded(async { collection.count_documents(range.filter()).await }).await?;
            let last = collection.find(range.filter()).sort(doc! { "_sync.rev": -1 });
            let last = last.limit(NEWEST_LOOKED_AT).projection(doc! { "_id": 0, "_sync.rev": 1, "_sync.scope": 1 });
            let found: Vec<RawDocumentBuf> = self.bounded(async { last.await?.try_collect().await }).await?;
            newest.extend(found.iter().filter_map(|document| written(document)));
        }
        newest.sort_unstable_by_key(|(rev, _)| std::cmp::Reverse(*rev));
        let mut seen = std::collections::BTreeSet::new();
        let newest = newest.into_iter().map(|(_, scope)| scope).filter(|scope| seen.insert(*scope)).take(scopes);
        Ok(Backlog { documents, newest: newest.collect() })
    }

    pub(super) async fn read_documents(&self, wanted: &[(String, Uuid)]) -> Result<Vec<Parcel>> {
        let mut found = Vec::new();
        for name in collections() {
            let collection = self.raw(name);
            let ids: Vec<Bson> =
                wanted.iter().filter(|(collection, _)| collection == name).map(|(_, id)| layout::uuid(*id)).collect();
            for ids in ids.chunks(SEARCH_AT_ONCE) {
                let find = collection.find(doc! { "_id": { "$in": ids } });
                let documents: Vec<RawDocumentBuf> = self.bounded(async { find.await?.try_collect().await }).await?;
                found.extend(documents.iter().filter_map(|document| parcel(name, document)));
            }
        }
        Ok(found)
    }

    pub(super) async fn read_revisions(&self, scopes: Option<&[Uuid]>) -> Result<Revisions> {
        let filter = match scopes {
            Some(scopes) => {
                doc! { "_sync.scope": { "$in": scopes.iter().map(|scope| layout::uuid(*scope)).collect::<Vec<_>>() } }
            }
            None => doc! {},
        };
        let (db, seen) = (self.db.clone(), self.seen.clone());
        let one_collection = move |name: &'static str| {
            let (collection, filter) = (db.collection::<RawDocumentBuf>(name), filter.clone());
            let find = async move { collection.find(filter).projection(doc! { "_sync.rev": 1 }).await };
            let cursor = stream::once(find).try_flatten();
            cursor.try_filter_map(move |document| std::future::ready(Ok(revision(name, &document))))
        };
        let all = stream::iter(collections()).map(one_collection).flatten();
        let explained = all.then(move |item| {
            let seen = seen.clone();
            async move {
                match item {
                    Ok(revision) => Ok(revision),
                    Err(error) => Err(seen.explain(&error).await),
                }
            }
        });
        Ok(explained.boxed())
    }

    /// A change stream on the counter alone: one small event for each push. It resumes by itself where MongoDB can.
    pub(super) async fn watch(&self) -> Result<Bell> {
        let only = doc! { "$match": { "documentKey._id": REV } };
        let counters = self.counters();
        let watch = counters.watch().pipeline([only]).max_await_time(BELL_WAIT);
        let events = self.bounded(watch).await?;
        let seen = self.seen.clone();
        let rings = events.then(move |event| {
            let seen = seen.clone();
            async move {
                match event {
                    Ok(event) => Ok(rev_in(&event)),
                    Err(error) => Err(seen.explain(&error).await),
                }
            }
        });
        Ok(rings.boxed())
    }
}

/// The part of the revisions that a page covers.
struct Range<'a> {
    subscription: &'a Subscription,
    upto: i64,
}

impl Range<'_> {
    fn filter(&self) -> Document {
        let mut filter = doc! { "_sync.rev": { "$gt": self.subscription.cursor, "$lte": self.upto } };
        if let Some(scope) = self.subscription.scope {
            filter.insert("_sync.scope", layout::uuid(scope));
        }
        filter
    }
}

/// A page that is being put together from several collections at once, within its bound of bytes.
struct Gathered {
    parcels: Vec<Parcel>,
    bytes: usize,
    upto: i64,
}

impl Gathered {
    /// Takes a parcel in; `false` if it and all later ones of its collection are beyond the end of the page.
    fn take(&mut self, parcel: Parcel) -> bool {
        if parcel.rev > self.upto {
            return false;
        }
        self.bytes += parcel.body.len();
        let at = self.parcels.partition_point(|one| one.rev < parcel.rev);
        self.parcels.insert(at, parcel);
        self.shorten();
        true
    }

    /// Drops from the end until the bytes fit; the page then ends with what is left. One parcel always stays.
    fn shorten(&mut self) {
        while self.bytes > PAGE_BYTES && self.parcels.len() > 1 {
            if let Some(dropped) = self.parcels.pop() {
                self.bytes -= dropped.body.len();
            }
            self.upto = self.parcels.last().map_or(self.upto, |last| last.rev);
        }
    }

    fn page(self, subscription: &Subscription, rev: i64) -> Page {
        Page { subscription: subscription.clone(), parcels: self.parcels, upto: self.upto, more: self.upto < rev }
    }
}

fn take(into: &Mutex<Gathered>, name: &str, document: &RawDocument) -> bool {
    let Some(parcel) = parcel(name, document) else { return true };
    into.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take(parcel)
}

fn parcel(name: &str, document: &RawDocument) -> Option<Parcel> {
    let parcel = layout::parcel(name, document);
    if parcel.is_none() {
        tracing::warn!(collection = name, "a document on the remote has no id or no revision and is passed over");
    }
    parcel
}

fn empty(subscription: &Subscription, upto: i64) -> Page {
    Page { subscription: subscription.clone(), parcels: Vec::new(), upto, more: false }
}

fn written(document: &RawDocument) -> Option<(i64, Uuid)> {
    let sync = layout::sync(document)?;
    Some((layout::whole(sync, "rev")?, layout::uuid_at(sync, "scope")?))
}

fn revision(name: &str, document: &RawDocument) -> Option<Revision> {
    let (id, rev) = (layout::uuid_at(document, "_id")?, layout::whole(layout::sync(document)?, "rev")?);
    Some(Revision { collection: name.to_owned(), id, rev })
}

/// An event that does not say its revision still means that something is new.
fn rev_in(event: &ChangeStreamEvent<Document>) -> i64 {
    let changed = event.update_description.as_ref().map(|update| &update.updated_fields);
    let rev = changed.or(event.full_document.as_ref()).and_then(|fields| fields.get_i64("rev").ok());
    rev.unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Class, Stamp};

    fn sized(rev: i64, size: usize) -> Parcel {
        let (id, body) = (Uuid::from_u128(1), vec![0; size]);
        let collection = "users".to_owned();
        let (scope, by, stamp, class) = (id, id, Stamp::ZERO, Class::Mergeable);
        Parcel { collection, id, scope, class, stamp, by, schema: 1, body, tokens: Default::default(), rev }
    }

    #[test]
    fn a_page_over_its_bytes_ends_earlier_and_skips_nothing() {
        let mut page = Gathered { parcels: Vec::new(), bytes: 0, upto: 100 };
        for rev in [4, 8, 2, 9, 6] {
            page.take(sized(rev, PAGE_BYTES / 3));
        }
        assert_eq!(page.parcels.iter().map(|one| one.rev).collect::<Vec<_>>(), [2, 4, 6]);
        assert_eq!(page.upto, 6);
        assert!(!page.take(sized(7, 1)));
        assert!(page.take(sized(5, 1)));
    }

    #[test]
    fn a_parcel_larger_than_a_page_travels_alone() {
        let mut page = Gathered { parcels: Vec::new(), bytes: 0, upto: 100 };
        assert!(page.take(sized(5, PAGE_BYTES * 2)));
        assert_eq!((page.parcels.len(), page.upto), (1, 100));
        assert!(page.take(sized(3, PAGE_BYTES * 2)));
        assert_eq!((page.parcels[0].rev, page.parcels.len(), page.upto), (3, 1, 3));
    }
}
