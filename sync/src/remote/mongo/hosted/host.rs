//! What the host does: finds a link, counts by one atomic change, gives a file, writes down who asked.

use super::form::{self, link_id};
use super::{ACCESSES, COUNTS, FILES, LINKS};
use crate::error::{Result, SyncError};
use crate::remote::hosted::{Access, Below, Count, Counts, FILE_MAX, HostedFile, HostedLink, LinkId};
use crate::remote::mongo::{MongoRemote, layout};
use futures_util::TryStreamExt;
use mongodb::bson::{Document, RawDocumentBuf, doc};
use mongodb::options::ReturnDocument;

impl MongoRemote {
    /// A link, and what was counted of it. Both are asked for whether it is there or not, so that the time tells nothing.
    ///
    /// # Errors
    /// Those of a connection.
    pub async fn hosted_link(&self, id: &LinkId) -> Result<Option<(HostedLink, Counts)>> {
        let (link, counts) = tokio::try_join!(self.find_hosted(LINKS, id), self.find_hosted(COUNTS, id))?;
        let link = link.as_deref().and_then(form::link);
        Ok(link.zip(counts.as_deref().and_then(form::counts)))
    }

    async fn find_hosted(&self, collection: &str, id: &LinkId) -> Result<Option<RawDocumentBuf>> {
        let collection = self.raw(collection);
        self.bounded(collection.find_one(doc! { "_id": link_id(id) })).await
    }

    /// Counts one more, if what was counted so far is below the bounds, in one step of the database. `None` if it is not.
    ///
    /// # Errors
    /// Those of a connection. The driver asks again where an answer was lost, and the database then counts nothing twice.
    pub async fn count_hosted(&self, id: &LinkId, what: Count, below: Below) -> Result<Option<Counts>> {
        let mut query = doc! { "_id": link_id(id) };
        let bounds = [("uses", below.uses), ("wrong", below.wrong)];
        query.extend(
            bounds
                .into_iter()
                .filter_map(|(name, most)| Some((name.to_owned(), doc! { "$lt": i64::from(most?) }.into()))),
        );
        let field = match what {
            Count::Use => "uses",
            Count::Wrong => "wrong",
        };
        let counts = self.raw(COUNTS);
        let change = doc! { "$inc": { field: 1_i64 } };
        let counted = counts.find_one_and_update(query, change).return_document(ReturnDocument::After);
        match self.bounded(counted).await? {
            None => Ok(None),
            Some(after) => form::counts(&after).map(Some).ok_or(SyncError::Answer("a link's counts cannot be read")),
        }
    }

    /// The encrypted text of a file; `None` if not all of it is there.
    ///
    /// # Errors
    /// Those of a connection; [`SyncError::Answer`] for a file that is longer than it may be.
    pub async fn hosted_text(&self, file: &HostedFile) -> Result<Option<String>> {
        let length = usize::try_from(file.length).ok().filter(|length| *length <= FILE_MAX);
        let length = length.ok_or(SyncError::Answer("a hosted file is too long"))?;
        let parts = self.raw(FILES);
        let query = doc! { "file": layout::uuid(file.id) };
        let find = parts.find(query).sort(doc! { "n": 1 }).projection(doc! { "_id": 0, "data": 1 });
        let found: Vec<RawDocumentBuf> = self.bounded(async { find.await?.try_collect().await }).await?;
        let bytes: Vec<u8> = found.iter().filter_map(|part| layout::binary(part, "data")).flatten().copied().collect();
        Ok((bytes.len() == length).then(|| String::from_utf8(bytes).ok()).flatten())
    }

    /// Writes down requests.
    ///
    /// # Errors
    /// Those of a connection; [`SyncError::Forbidden`] if this login may not.
    pub async fn log_accesses(&self, accesses: &[Access]) -> Result<()> {
        let entries = self.db.collection::<Document>(ACCESSES);
        let documents = accesses.iter().map(form::of_access);
        self.bounded(async { entries.insert_many(documents).ordered(false).await }).await.map(|_| ())
    }
}
