//! Which files lie on this device. Small ones come with their chart, thumbnails among them; so do all files of the person's own charts
//! and of those that are pinned. A larger one stays on the remote until somebody opens it.

use crate::{
    Result, Vault,
    blobs::{self, BlobState},
    core::Core,
};
use model::BlobRef;
use rusqlite::Connection;
use uuid::Uuid;

/// Files of this size and below always come with their chart, in bytes of ciphertext.
const SMALL: u32 = 512 * 1024;

/// Where a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileState {
    /// On this device, whole.
    Here,
    /// On its way, or about to be.
    Coming,
    /// On the remote, until it is asked for.
    Away,
}

impl Vault {
    /// Where a file is. One that no entry names is away.
    ///
    /// # Errors
    /// [`crate::Error::Closed`], [`crate::Error::Io`].
    pub fn file_state(&self, file: Uuid) -> Result<FileState> {
        self.with_reader(|connection| {
            if blobs::is_here(connection, self.folder(), file)? {
                return Ok(FileState::Here);
            }
            let sql = "SELECT EXISTS (SELECT 1 FROM blobs WHERE id = ?1 AND state = ?2)";
            let values = (file.to_string(), BlobState::Wanted.word());
            let wanted: bool = connection.prepare_cached(sql)?.query_row(values, |row| row.get(0))?;
            Ok(if wanted { FileState::Coming } else { FileState::Away })
        })
    }

    /// Somebody waits for a file: it is fetched before all others.
    ///
    /// # Errors
    /// [`crate::Error::Closed`].
    pub fn want_file(&self, file: Uuid) -> Result<()> {
        let sql = "UPDATE blobs SET state = ?2, asked = 1 WHERE id = ?1 AND state IN (?2, ?3)";
        self.move_files(sql, file)
    }

    /// Nobody waits for a file any more: it stays on the remote. What has come of it is kept, and it goes on from there.
    ///
    /// # Errors
    /// [`crate::Error::Closed`].
    pub fn leave_file(&self, file: Uuid) -> Result<()> {
        let sql = "UPDATE blobs SET state = ?3, asked = 0 WHERE id = ?1 AND state = ?2";
        self.move_files(sql, file)
    }

    /// Are all files of a chart fetched ahead of time?
    ///
    /// # Errors
    /// [`crate::Error::Closed`].
    pub fn is_pinned(&self, chart: Uuid) -> Result<bool> {
        self.with_core(|connection, core| is_pinned(connection, core, chart))
    }

    /// Fetches all files of a chart ahead of time, from now on or no more. What is here stays here.
    ///
    /// # Errors
    /// [`crate::Error::Closed`], [`crate::Error::DiskFull`].
    pub fn pin(&self, chart: Uuid, pinned: bool) -> Result<()> {
        let (list, move_files) = match pinned {
            true => (
                "INSERT OR IGNORE INTO pinned (chart) VALUES (?1)",
                "UPDATE blobs SET state = 'wanted' WHERE scope = ?1 AND state = 'away'",
            ),
            false => (
                "DELETE FROM pinned WHERE chart = ?1",
                "UPDATE blobs SET state = 'away' WHERE scope = ?1 AND state = 'wanted' AND asked = 0 AND length > ?2",
            ),
        };
        self.transact_timeless(|work| {
            let chart = chart.to_string();
            work.db.prepare_cached(list)?.execute([&chart])?;
            let mut statement = work.db.prepare_cached(move_files)?;
            if pinned {
                statement.execute([&chart])?
            } else {
                statement.execute((&chart, SMALL))?
            };
            Ok(())
        })
    }

    fn move_files(&self, sql: &str, file: Uuid) -> Result<()> {
        self.transact_timeless(|work| {
            let values = (file.to_string(), BlobState::Wanted.word(), BlobState::Away.word());
            work.db.prepare_cached(sql)?.execute(values)?;
            Ok(())
        })
    }
}

/// What becomes of a file that an entry from elsewhere names.
pub(crate) fn arriving(connection: &Connection, core: &Core, scope: Uuid, file: &BlobRef) -> Result<BlobState> {
    let comes = file.cipher_length <= SMALL || is_pinned(connection, core, scope)?;
    Ok(if comes { BlobState::Wanted } else { BlobState::Away })
}

fn is_pinned(connection: &Connection, core: &Core, chart: Uuid) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM pinned WHERE chart = ?1)";
    let pinned: bool = connection.prepare_cached(sql)?.query_row([chart.to_string()], |row| row.get(0))?;
    Ok(pinned || core.is_own_chart(chart))
}
