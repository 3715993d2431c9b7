//! A look through what lies beside the database, and what waits in it: is every file there, whole and as it was written? What can be
//! mended without losing anything is. The database itself: [`Vault::state_check`].

use crate::{
    Error, Result, Vault,
    backup::Watch,
    blobs::{self, BlobState},
    folder, quarantine, store,
};
use model::parcel::BlobTicket;
use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use uuid::Uuid;

/// A file that nobody knows may belong to a transaction that is about to end; after this it does not.
const LEFT_OVER: Duration = Duration::from_secs(86_400);

/// What was found, and how it stands now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Examination {
    /// Files that are here and as they were.
    pub files_good: u64,
    /// Files that were damaged or gone here and are on the remote: they are fetched again.
    pub files_fetched_again: u64,
    /// Files that are damaged or gone here and nowhere else.
    pub files_lost: Vec<Uuid>,
    /// Files that no record names, from transactions that never ended: they were removed.
    pub files_left_over: u64,
    /// What came and waits for something else to come.
    pub waiting: u64,
    /// What came and was not taken in.
    pub set_aside: u64,
}

impl Vault {
    /// Looks through everything, file by file; `watch` is told the bytes of files, `now_ms` says how old what is left over is.
    ///
    /// # Errors
    /// [`Error::Canceled`]: what was mended until then stays so. [`Error::Closed`], [`Error::Io`].
    pub fn examine(&self, now_ms: u64, watch: Watch<'_>) -> Result<Examination> {
        let mut found = Examination::default();
        let files = self.with_reader(|connection| {
            let kept = blobs::in_state(connection, BlobState::Kept)?.into_iter().map(|file| (file, BlobState::Kept));
            let sent = blobs::in_state(connection, BlobState::Sent)?.into_iter().map(|file| (file, BlobState::Sent));
            Ok(kept.chain(sent).collect::<Vec<_>>())
        })?;
        let total: u64 = files.iter().map(|(file, _)| file.length).sum();
        let mut done = 0;
        for (file, state) in &files {
            if !watch(done, total) {
                return Err(Error::Canceled);
            }
            self.examine_file(file, *state, &mut found)?;
            done += file.length;
        }
        found.files_left_over = self.remove_left_over(UNIX_EPOCH + Duration::from_millis(now_ms))?;
        found.waiting = self.waiting()?;
        found.set_aside = self.with_reader(quarantine::count)?;
        Ok(found)
    }

    fn examine_file(&self, file: &BlobTicket, state: BlobState, found: &mut Examination) -> Result<()> {
        let path = blobs::path(self.folder(), file.id);
        if is_whole(&path, file)? {
            found.files_good += 1;
        } else if state == BlobState::Sent {
            // In this order: a file that is wanted and there would count as fetched.
            remove_file(&path)?;
            self.with_core(|connection, _| blobs::set_state(connection, file.id, BlobState::Wanted))?;
            found.files_fetched_again += 1;
        } else {
            found.files_lost.push(file.id);
        }
        Ok(())
    }

    fn remove_left_over(&self, now: SystemTime) -> Result<u64> {
        let known: BTreeSet<String> = self.with_reader(|connection| {
            let mut statement = connection.prepare("SELECT id FROM blobs")?;
            let ids = statement.query_map([], |row| store::uuid(row, 0))?;
            Ok(ids.map(|id| id.map(|id| id.to_string())).collect::<rusqlite::Result<_>>()?)
        })?;
        let mut removed = 0;
        for entry in fs::read_dir(self.folder().join(folder::BLOBS))? {
            let entry = entry?;
            let is_known = known.contains(&*entry.file_name().to_string_lossy());
            if !is_known && is_old(&entry.metadata()?, now)? {
                remove_file(&entry.path())?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

fn is_whole(path: &Path, file: &BlobTicket) -> Result<bool> {
    match fs::metadata(path) {
        Ok(there) if there.len() == file.length => Ok(blobs::digest_of(path)? == file.sha256),
        Ok(_) => Ok(false),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn is_old(metadata: &fs::Metadata, now: SystemTime) -> Result<bool> {
    // A file from the future is left alone: the clock was set.
    Ok(now.duration_since(metadata.modified()?).is_ok_and(|age| age > LEFT_OVER))
}

fn remove_file(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}
