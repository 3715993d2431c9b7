//! A MongoDB replica set as the remote.
//!
//! - [`mod@probe`]: first contact, set-up, lives · [`mod@push`]: one transaction per batch · [`mod@pull`]: pages, revisions, the bell
//! - [`setup`]: roles, validators and logins, which an administrator makes
//! - [`hosted`]: links that a host serves · [`mod@files`]: the GridFS layout · [`layout`]: how a parcel lies in a document · [`errors`]: what MongoDB's errors mean here

pub(crate) mod errors;
mod files;
mod hosted;
mod layout;
mod probe;
mod pull;
mod push;
pub mod setup;

use super::{Backlog, Bell, FileInfo, Remote, Revisions, ServerInfo};
use crate::address::Address;
use crate::error::{Result, SyncError};
use async_trait::async_trait;
use errors::Seen;
use model::parcel::{Batch, BlobTicket, Page, Parcel, Receipt, Subscription};
use mongodb::bson::{Document, RawDocumentBuf};
use mongodb::{Client, ClientSession, Collection, Database};
use std::collections::BTreeSet;
use std::time::Duration;
use uuid::Uuid;

/// Where the counter and the realm's document are.
const COUNTERS: &str = "counters";
/// Id of the counter document.
const REV: &str = "rev";
/// Id of the realm's document.
const REALM: &str = "realm";
/// No call takes longer; MongoDB itself ends a transaction after 60 seconds.
const CALL_TIME: Duration = Duration::from_secs(60);
const SELECTION_TIME: Duration = Duration::from_secs(4);
/// How many connections a link host keeps to its database: each request waits for the disk once or twice.
const HOST_POOL: u32 = 64;

/// A connection to one realm's database.
pub struct MongoRemote {
    client: Client,
    db: Database,
    realm: Option<Uuid>,
    seen: Seen,
}

/// Looks at a server without changing anything on it.
///
/// # Errors
/// Why it cannot be used.
pub async fn look(address: &Address) -> Result<ServerInfo> {
    MongoRemote::connect(address, None).await?.look().await
}

impl MongoRemote {
    /// Makes a connection; the server itself is first asked by [`Remote::probe`]. `realm` is whose data must be there.
    ///
    /// # Errors
    /// [`SyncError::Dns`] and those of the address.
    pub async fn connect(address: &Address, realm: Option<Uuid>) -> Result<MongoRemote> {
        MongoRemote::connect_with(address, realm, None).await
    }

    /// A connection for a link host, which many ask at once.
    ///
    /// # Errors
    /// As [`MongoRemote::connect`].
    pub async fn connect_host(address: &Address) -> Result<MongoRemote> {
        MongoRemote::connect_with(address, None, Some(HOST_POOL)).await
    }

    async fn connect_with(address: &Address, realm: Option<Uuid>, pool: Option<u32>) -> Result<MongoRemote> {
        let seen = Seen::default();
        let mut options = address.options().await?;
        options.max_pool_size = pool.or(options.max_pool_size);
        options.server_selection_timeout = Some(SELECTION_TIME);
        options.connect_timeout = Some(SELECTION_TIME);
        seen.listen_to(&mut options);
        let client = Client::with_options(options).map_err(|error| errors::from_parsing(&error))?;
        let db = client.database(address.database());
        Ok(MongoRemote { client, db, realm, seen })
    }

    /// The database, for tests and tools that look behind the protocol.
    pub fn database(&self) -> &Database {
        &self.db
    }

    fn counters(&self) -> Collection<Document> {
        self.db.collection(COUNTERS)
    }

    fn raw(&self, collection: &str) -> Collection<RawDocumentBuf> {
        self.db.collection(collection)
    }

    async fn session(&self) -> Result<ClientSession> {
        match self.client.start_session().await {
            Ok(session) => Ok(session),
            Err(error) => Err(self.fail(&error).await),
        }
    }

    async fn fail(&self, error: &mongodb::error::Error) -> SyncError {
        self.seen.explain(error).await
    }

    /// Turns the driver's result into ours, and gives up after [`CALL_TIME`].
    async fn bounded<T>(&self, work: impl IntoFuture<Output = mongodb::error::Result<T>>) -> Result<T> {
        match tokio::time::timeout(CALL_TIME, work.into_future()).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(self.fail(&error).await),
            Err(_) => Err(SyncError::Interrupted),
        }
    }

    /// The same for a change that may find itself made already, or may be left to the operator: an error of this code is
    /// no error.
    async fn tolerating<T>(&self, code: i32, work: impl IntoFuture<Output = mongodb::error::Result<T>>) -> Result<()> {
        let work = work.into_future();
        let outcome = async {
            match work.await {
                Err(error) if errors::code(&error) == Some(code) => Ok(()),
                outcome => outcome.map(|_| ()),
            }
        };
        self.bounded(outcome).await
    }
}

#[async_trait]
impl Remote for MongoRemote {
    async fn probe(&self) -> Result<ServerInfo> {
        self.first_contact().await
    }

    async fn renew(&self, seen: &ServerInfo, floor: i64) -> Result<ServerInfo> {
        self.begin_life(seen, floor).await
    }

    async fn push(&self, batch: &Batch) -> Result<Receipt> {
        self.push_batch(batch).await
    }

    async fn receipt(&self, batch: &Batch) -> Result<Option<Receipt>> {
        self.find_receipt(batch).await
    }

    async fn page(&self, subscription: &Subscription, limit: usize) -> Result<Page> {
        self.read_page(subscription, limit).await
    }

    async fn backlog(&self, subscription: &Subscription, scopes: usize) -> Result<Backlog> {
        self.read_backlog(subscription, scopes).await
    }

    async fn documents(&self, wanted: &[(String, Uuid)]) -> Result<Vec<Parcel>> {
        self.read_documents(wanted).await
    }

    async fn bell(&self) -> Result<Bell> {
        self.watch().await
    }

    async fn revisions(&self, scopes: Option<&[Uuid]>) -> Result<Revisions> {
        self.read_revisions(scopes).await
    }

    async fn file_info(&self, file: Uuid) -> Result<Option<FileInfo>> {
        self.read_file_info(file).await
    }

    async fn file_chunks_present(&self, file: Uuid) -> Result<BTreeSet<u32>> {
        self.read_chunks_present(file).await
    }

    async fn put_chunk(&self, file: Uuid, index: u32, bytes: Vec<u8>) -> Result<()> {
        self.write_chunk(file, index, bytes).await
    }

    async fn finish_file(&self, ticket: &BlobTicket, at_ms: u64) -> Result<()> {
        self.write_file(ticket, at_ms).await
    }

    async fn get_chunk(&self, file: Uuid, index: u32) -> Result<Option<Vec<u8>>> {
        self.read_chunk(file, index).await
    }
}
