//! Encrypted files in the GridFS layout (MongoDB GridFS specification), written by hand: each chunk has an id made from the
//! file's id and its number, so that an upload goes on where it stopped.

use super::{MongoRemote, errors, layout};
use crate::error::{Result, SyncError};
use crate::remote::FileInfo;
use errors::codes;
use futures_util::TryStreamExt;
use model::parcel::{BlobTicket, SEGMENT};
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Bson, DateTime, Document, RawDocumentBuf, doc};
use std::collections::BTreeSet;
use uuid::Uuid;

pub(super) const FILES: &str = "attachments.files";
pub(super) const CHUNKS: &str = "attachments.chunks";

impl MongoRemote {
    pub(super) async fn read_file_info(&self, file: Uuid) -> Result<Option<FileInfo>> {
        let files = self.raw(FILES);
        let Some(found) = self.bounded(files.find_one(doc! { "_id": layout::uuid(file) })).await? else {
            return Ok(None);
        };
        let length = layout::whole(&found, "length").and_then(|length| u64::try_from(length).ok());
        let length = length.ok_or(SyncError::Answer("a file has no length"))?;
        let segments =
            u32::try_from(length.div_ceil(SEGMENT as u64)).map_err(|_| SyncError::Answer("a file is too long"))?;
        Ok(Some(FileInfo { length, segments }))
    }

    pub(super) async fn read_chunks_present(&self, file: Uuid) -> Result<BTreeSet<u32>> {
        let chunks = self.raw(CHUNKS);
        let find =
            chunks.find(doc! { "files_id": layout::uuid(file) }).projection(doc! { "_id": 0, "n": 1, "files_id": 1 });
        let found: Vec<RawDocumentBuf> = self.bounded(async { find.await?.try_collect().await }).await?;
        Ok(found.iter().filter_map(|chunk| u32::try_from(layout::whole(chunk, "n")?).ok()).collect())
    }

    pub(super) async fn write_chunk(&self, file: Uuid, index: u32, bytes: Vec<u8>) -> Result<()> {
        if bytes.len() > SEGMENT {
            return Err(SyncError::Answer("a segment of a file is too long"));
        }
        let chunk = doc! {
            "_id": chunk_id(file, index),
            "files_id": layout::uuid(file),
            "n": i64::from(index),
            "data": layout::sealed(bytes),
        };
        let chunks = self.db.collection::<Document>(CHUNKS);
        self.tolerating(codes::DUPLICATE_KEY, async { chunks.insert_one(chunk).await }).await
    }

    pub(super) async fn write_file(&self, ticket: &BlobTicket, at_ms: u64) -> Result<()> {
        let at = DateTime::from_millis(i64::try_from(at_ms).unwrap_or(i64::MAX));
        let file = doc! {
            "_id": layout::uuid(ticket.id),
            "length": i64::try_from(ticket.length).map_err(|_| SyncError::Answer("a file is too long"))?,
            "chunkSize": i32::try_from(SEGMENT).expect("a segment is small"),
            "uploadDate": at,
            "filename": ticket.id.to_string(),
            "metadata": { "scope": layout::uuid(ticket.scope), "sha256": layout::bytes(BinarySubtype::Generic, ticket.sha256.to_vec()) },
        };
        let files = self.db.collection::<Document>(FILES);
        self.tolerating(codes::DUPLICATE_KEY, async { files.insert_one(file).await }).await
    }

    pub(super) async fn read_chunk(&self, file: Uuid, index: u32) -> Result<Option<Vec<u8>>> {
        let chunks = self.raw(CHUNKS);
        let found =
            self.bounded(chunks.find_one(doc! { "files_id": layout::uuid(file), "n": i64::from(index) })).await?;
        Ok(found.as_ref().and_then(|chunk| layout::binary(chunk, "data")).map(<[u8]>::to_vec))
    }
}

/// The file's id and the chunk's number, big-endian.
fn chunk_id(file: Uuid, index: u32) -> Bson {
    layout::bytes(BinarySubtype::Generic, [file.as_bytes().as_slice(), &index.to_be_bytes()].concat())
}
