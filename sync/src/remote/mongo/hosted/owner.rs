//! What the owner's device does: puts a link up, changes or ends it, and fetches what the host has counted and written down.

use super::form::{self, link_id};
use super::{ACCESSES, COUNTS, FILES, LINKS, PART};
use crate::error::{Result, SyncError};
use crate::remote::hosted::{Access, Counts, FILE_MAX, HostedLink, LinkId};
use crate::remote::mongo::{MongoRemote, errors, layout};
use errors::codes;
use futures_util::TryStreamExt;
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Bson, DateTime, Document, RawDocumentBuf, doc};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What is over stays so long, in milliseconds, so that it can be extended: 30 days.
const KEPT_MS: u64 = 30 * 86_400_000;
/// A file that another took the place of stays so long, in milliseconds: longer than any ticket for it.
const REPLACED_MS: u64 = 3_600_000;
/// The most entries that are fetched at once.
const ENTRIES: i64 = 500;

impl MongoRemote {
    /// Puts a link up as it should be now: the files that are not there yet, then its counts if it has none, then the link itself, so
    /// that a host never sees half of it. `texts` are the encrypted texts of its files. An older word changes nothing.
    ///
    /// # Errors
    /// Those of a connection; [`SyncError::Forbidden`] where the database was set up before there were hosted links.
    pub async fn put_hosted(&self, link: &HostedLink, texts: &[(Uuid, String)], now_ms: u64) -> Result<()> {
        let purge = purge_of(link, now_ms).map(form::date);
        for (file, text) in texts {
            self.put_parts(&link.id, *file, text.as_bytes(), purge).await?;
        }
        let counts = self.db.collection::<Document>(COUNTS);
        let none = doc! { "_id": link_id(&link.id), "uses": 0_i64, "wrong": 0_i64 };
        self.tolerating(codes::DUPLICATE_KEY, async { counts.insert_one(none).await }).await?;
        match self.put_link(link, purge).await? {
            true => self.tidy(link, purge, now_ms).await,
            false => Ok(()),
        }
    }

    async fn put_parts(&self, link: &LinkId, file: Uuid, text: &[u8], purge: Option<DateTime>) -> Result<()> {
        if text.len() > FILE_MAX {
            return Err(SyncError::Answer("a file is too long for a link host"));
        }
        let there = self.parts_there(file).await?;
        let parts = self.db.collection::<Document>(FILES);
        for (n, data) in (0_u32..).zip(text.chunks(PART)).filter(|(n, _)| !there.contains(n)) {
            let part = doc! {
                "_id": form::part_id(file, n), "link": link_id(link), "file": layout::uuid(file), "n": i64::from(n),
                "data": layout::bytes(BinarySubtype::Generic, data.to_vec()),
            };
            let part: Document =
                part.into_iter().chain(purge.map(|at| ("purge".to_owned(), Bson::DateTime(at)))).collect();
            self.tolerating(codes::DUPLICATE_KEY, async { parts.insert_one(part).await }).await?;
        }
        Ok(())
    }

    async fn parts_there(&self, file: Uuid) -> Result<BTreeSet<u32>> {
        let parts = self.raw(FILES);
        let find = parts.find(doc! { "file": layout::uuid(file) }).projection(doc! { "_id": 0, "n": 1 });
        let found: Vec<RawDocumentBuf> = self.bounded(async { find.await?.try_collect().await }).await?;
        Ok(found.iter().filter_map(|part| u32::try_from(layout::whole(part, "n")?).ok()).collect())
    }

    /// Replaces what is said of the link, unless a newer word is there: then the insertion that stands for "nothing older was found"
    /// meets the id. Answers whether it was replaced.
    async fn put_link(&self, link: &HostedLink, purge: Option<DateTime>) -> Result<bool> {
        let links = self.db.collection::<Document>(LINKS);
        let stamp = layout::bytes(BinarySubtype::Generic, link.stamp.0.to_vec());
        let older = doc! { "_id": link_id(&link.id), "stamp": { "$lte": stamp } };
        let put = async {
            match links.replace_one(older, form::of_link(link, purge)).upsert(true).await {
                Err(error) if errors::code(&error) == Some(codes::DUPLICATE_KEY) => Ok(false),
                put => put.map(|_| true),
            }
        };
        self.bounded(put).await
    }

    /// Files go when their link does, and those that are not in it any more go soon.
    async fn tidy(&self, link: &HostedLink, purge: Option<DateTime>, now_ms: u64) -> Result<()> {
        let parts = self.db.collection::<Document>(FILES);
        let current: Vec<Bson> = link.files.iter().map(|file| layout::uuid(file.id)).collect();
        let own = doc! { "link": link_id(&link.id), "file": { "$in": &current } };
        let same = match purge {
            Some(at) => doc! { "$set": { "purge": at } },
            None => doc! { "$unset": { "purge": "" } },
        };
        self.bounded(parts.update_many(own, same)).await?;
        let replaced = doc! { "link": link_id(&link.id), "file": { "$nin": current }, "purge": { "$exists": false } };
        let soon = doc! { "$set": { "purge": form::date(now_ms + REPLACED_MS) } };
        self.bounded(parts.update_many(replaced, soon)).await.map(|_| ())
    }

    /// Ends a link of which no more is known than its id: its share is gone from this device. It cannot be revived.
    ///
    /// # Errors
    /// Those of a connection.
    pub async fn end_hosted(&self, id: &LinkId, now_ms: u64) -> Result<()> {
        let links = self.db.collection::<Document>(LINKS);
        // The highest stamp: no word of another device comes after it.
        let last = layout::bytes(BinarySubtype::Generic, vec![0xff; 16]);
        let purge = form::date(now_ms);
        let end = doc! { "$set": { "revoked": true, "stamp": last, "purge": purge } };
        self.bounded(links.update_one(doc! { "_id": link_id(id) }, end)).await?;
        let parts = self.db.collection::<Document>(FILES);
        let go = doc! { "$set": { "purge": purge } };
        self.bounded(parts.update_many(doc! { "link": link_id(id) }, go)).await.map(|_| ())
    }

    /// What the host has counted of these links.
    ///
    /// # Errors
    /// Those of a connection.
    pub async fn hosted_counts(&self, links: &[LinkId]) -> Result<BTreeMap<LinkId, Counts>> {
        let counts = self.raw(COUNTS);
        let ids: Vec<Bson> = links.iter().map(link_id).collect();
        let find = counts.find(doc! { "_id": { "$in": ids } });
        let found: Vec<RawDocumentBuf> = self.bounded(async { find.await?.try_collect().await }).await?;
        let one = |raw: &RawDocumentBuf| Some((layout::binary(raw, "_id")?.try_into().ok()?, form::counts(raw)?));
        Ok(found.iter().filter_map(one).collect())
    }

    /// Entries about these links that this device is to file in the access log, the oldest first. Each is given to one device alone, so
    /// that it is filed once; to the same device again until it says [`MongoRemote::accesses_filed`].
    ///
    /// # Errors
    /// Those of a connection.
    pub async fn claim_accesses(&self, links: &[LinkId], device: Uuid) -> Result<Vec<Access>> {
        let entries = self.raw(ACCESSES);
        let (ids, me) = (links.iter().map(link_id).collect::<Vec<_>>(), layout::uuid(device));
        let open = doc! { "link": { "$in": ids }, "done": false };
        let free = doc! { "by": { "$exists": false } };
        let mut offered = open.clone();
        offered.extend(doc! { "$or": [&free, { "by": &me }] });
        let find = entries.find(offered).sort(doc! { "at": 1 }).limit(ENTRIES).projection(doc! { "_id": 1 });
        let found: Vec<RawDocumentBuf> = self.bounded(async { find.await?.try_collect().await }).await?;
        let found: Vec<Bson> = found.iter().filter_map(|raw| layout::uuid_at(raw, "_id").map(layout::uuid)).collect();
        let mut claimed = doc! { "_id": { "$in": &found } };
        claimed.extend(free);
        self.bounded(entries.update_many(claimed, doc! { "$set": { "by": &me } })).await?;
        let mine = doc! { "_id": { "$in": found }, "by": me, "done": false };
        let find = entries.find(mine).sort(doc! { "at": 1 });
        let found: Vec<RawDocumentBuf> = self.bounded(async { find.await?.try_collect().await }).await?;
        Ok(found.iter().filter_map(|raw| form::access(raw)).collect())
    }

    /// These entries are in the access log.
    ///
    /// # Errors
    /// Those of a connection.
    pub async fn accesses_filed(&self, ids: &[Uuid]) -> Result<()> {
        let entries = self.db.collection::<Document>(ACCESSES);
        let ids: Vec<Bson> = ids.iter().copied().map(layout::uuid).collect();
        let filed = entries.update_many(doc! { "_id": { "$in": ids } }, doc! { "$set": { "done": true } });
        self.bounded(filed).await.map(|_| ())
    }
}

/// When a link and its files may go: some time after its end, if it has one.
fn purge_of(link: &HostedLink, now_ms: u64) -> Option<u64> {
    match link.is_revoked {
        true => Some(now_ms + KEPT_MS),
        false => link.expires.map(|end| end.saturating_mul(1000).saturating_add(KEPT_MS)),
    }
}
