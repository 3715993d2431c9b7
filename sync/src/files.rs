//! Encrypted files, segment by segment, both ways. What is here and what is there is asked first, so that a transfer that was
//! cut anywhere goes on where it stopped.

use crate::error::{Result, SyncError};
use crate::line::Line;
use crate::state::{FileProgress, Trouble, Way};
use model::mailbox::MailboxError;
use model::parcel::{BlobTicket, SEGMENT};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Moves every file that waits, first out, then in. A file that fails by itself is reported and does not hold up the others.
pub(crate) async fn transfer(line: &Line) -> Result<()> {
    let outcome = both_ways(line).await;
    line.board.update(|state| state.file = None);
    line.count().await?;
    outcome
}

async fn both_ways(line: &Line) -> Result<()> {
    for ticket in line.post.call(|mailbox| mailbox.files_to_send()).await? {
        excuse(line, upload(line, &ticket).await)?;
    }
    let mut passed = BTreeSet::new();
    while let Some(ticket) = next(line, &passed).await? {
        let outcome = download(line, &ticket, &passed).await;
        // One that was left in the middle may come up again; any other was seen to, for this time.
        if !matches!(outcome, Ok(Went::Left)) {
            passed.insert(ticket.id);
        }
        if matches!(outcome, Ok(Went::Whole)) {
            line.tell_file(ticket.id);
        }
        excuse(line, outcome.map(|_| ()))?;
    }
    Ok(())
}

/// How a download ended.
enum Went {
    /// It is here.
    Whole,
    /// Its sender is still at it.
    NotThere,
    /// Nobody waits for it any more, or for another one more.
    Left,
}

/// What is to be fetched now. It is asked anew before each segment, since people open files and give them up meanwhile.
async fn next(line: &Line, passed: &BTreeSet<Uuid>) -> Result<Option<BlobTicket>> {
    // One more than those that were passed over: one of them is none of these.
    let most = passed.len() + 1;
    let first = line.post.call(move |mailbox| mailbox.files_to_fetch(most)).await?;
    Ok(first.into_iter().find(|ticket| !passed.contains(&ticket.id)))
}

/// Troubles of one file are told and passed over; those of the line or of the disk end the transfer.
fn excuse(line: &Line, outcome: Result<()>) -> Result<()> {
    match outcome {
        Err(error @ (SyncError::Answer(_) | SyncError::Vault(crate::error::VaultTrouble::Failed(_)))) => {
            tracing::warn!(code = error.code(), "a file could not be moved");
            line.board.update(|state| state.trouble = Some(Trouble::from(&error)));
            Ok(())
        }
        outcome => outcome,
    }
}

async fn upload(line: &Line, ticket: &BlobTicket) -> Result<()> {
    let file = ticket.id;
    if line.remote.file_info(file).await?.is_none() {
        let present = line.remote.file_chunks_present(file).await?;
        for index in 0..ticket.segments {
            if !present.contains(&index) {
                let bytes = line.post.call(move |mailbox| mailbox.segment(file, index)).await?;
                line.remote.put_chunk(file, index, bytes).await?;
            }
            show(line, ticket, Way::Up, index + 1);
        }
        line.remote.finish_file(ticket, line.server_ms()).await?;
    }
    line.post.call(move |mailbox| mailbox.file_sent(file)).await
}

async fn download(line: &Line, ticket: &BlobTicket, passed: &BTreeSet<Uuid>) -> Result<Went> {
    let file = ticket.id;
    let Some(info) = line.remote.file_info(file).await? else { return Ok(Went::NotThere) };
    if info.segments != ticket.segments || info.length != ticket.length {
        return Err(SyncError::Answer("a file on the remote has another length than its record says"));
    }
    let here = line.post.call(move |mailbox| mailbox.segments_here(file)).await?;
    for index in here..ticket.segments {
        if next(line, passed).await?.is_none_or(|first| first.id != file) {
            return Ok(Went::Left);
        }
        let bytes = line.remote.get_chunk(file, index).await?;
        let bytes = bytes.filter(|bytes| bytes.len() <= SEGMENT);
        let bytes = bytes.ok_or(SyncError::Answer("a segment of a file is missing or too long on the remote"))?;
        line.post.call(move |mailbox| keep(mailbox, file, index, &bytes)).await?;
        show(line, ticket, Way::Down, index + 1);
    }
    Ok(Went::Whole)
}

fn keep(
    mailbox: &dyn model::mailbox::Mailbox,
    file: Uuid,
    index: u32,
    bytes: &[u8],
) -> std::result::Result<(), MailboxError> {
    mailbox.keep_segment(file, index, bytes)
}

fn show(line: &Line, ticket: &BlobTicket, way: Way, segments: u32) {
    let done = (u64::from(segments) * SEGMENT as u64).min(ticket.length);
    let progress = FileProgress { file: ticket.id, way, done, total: ticket.length };
    line.board.update(|state| state.file = Some(progress));
}
