//! Backups: the encrypted database and the encrypted files, copied while the vault is in use, under the same keys. No backup can be
//! read without the person's passphrase and the device's part of the key, or their kit.
//!
//! One counts only when it was opened and counted ([`Vault::verify_backup`]): a copy that nobody can open is none.

mod restore;
mod shelf;

pub use restore::restore;
pub use shelf::{Backup, BackupCard, find, keep_newest};

use crate::{
    Error, Result, Vault,
    blobs::{self, BlobState},
    db::{self, Purpose},
    folder, schema,
    slots::SlotsFile,
    store, sum,
};
use crypto::{Key, row_mac::RowKey};
use model::parcel::BlobTicket;
use rusqlite::{Connection, backup::StepResult};
use std::{fs, path::Path};

/// Is told how far it is, and how much there is in all, both in bytes; answers whether to go on.
pub type Watch<'a> = &'a mut dyn FnMut(u64, u64) -> bool;

/// Pages that are copied between two looks at whether to go on: 4 MiB.
const PAGES: i32 = 1024;
const PAGE: u64 = 4096;

/// How far a piece of work is.
struct Way<'a, 'b> {
    watch: &'a mut Watch<'b>,
    done: u64,
    total: u64,
}

impl Way<'_, '_> {
    fn at(&mut self, done: u64) -> Result<()> {
        self.done = done;
        if (self.watch)(done, self.total) { Ok(()) } else { Err(Error::Canceled) }
    }

    fn forward(&mut self, bytes: u64) -> Result<()> {
        self.at(self.done + bytes)
    }
}

impl Vault {
    /// Makes a backup under the folder `into`, on this or another disk. The vault can be used meanwhile; what is written after the
    /// beginning is not in it.
    ///
    /// # Errors
    /// [`Error::Canceled`] when `watch` says so; [`Error::DiskFull`], [`Error::ReadOnlyFolder`], [`Error::Io`]. Nothing half-made
    /// counts as a backup.
    pub fn back_up(&self, into: &Path, now_ms: u64, mut watch: Watch<'_>) -> Result<Backup> {
        let (source, key) = self.own_connection()?;
        // One state of the whole: without it, each write meanwhile would begin the copy anew.
        let moment = source.unchecked_transaction()?;
        let (documents, files) = (count(&moment)?, files_here(&moment, self.folder())?);
        let size: u64 = files.iter().map(|file| file.length).sum();
        let database = page_count(&moment)? * PAGE;
        let mut way = Way { watch: &mut watch, done: 0, total: database + size };
        let making = shelf::Making::begin(into, self.me()?.device)?;
        copy_database(&moment, &making.path(folder::DATABASE), &key, &mut way)?;
        SlotsFile::read(self.folder())?.write(making.folder())?;
        folder::write_card(making.folder(), &folder::read_card(self.folder())?)?;
        for file in &files {
            making.take_file(self.folder(), file.id, file.length)?;
            way.forward(file.length)?;
        }
        making.finish(BackupCard::new(self.me()?, now_ms, documents, files.len(), database + size), &files)
    }

    /// Opens a copy of a backup in a scratch place, as a restored vault would be, looks at every page and row of it, counts them, and
    /// reads every file.
    ///
    /// # Errors
    /// [`Error::Damaged`] says what is wrong with it; [`Error::Canceled`].
    pub fn verify_backup(&self, backup: &Backup, mut watch: Watch<'_>) -> Result<()> {
        let slots = SlotsFile::read(&backup.folder)?;
        let key = self.with_core(|_, core| slots.vault_key(core.keyring.root()))?;
        let scratch = Scratch::make(self.folder())?;
        let copy = scratch.0.join(folder::DATABASE);
        let mut way = Way { watch: &mut watch, done: 0, total: backup.card.bytes };
        way.forward(fs::copy(backup.folder.join(folder::DATABASE), &copy)?)?;
        let connection = db::open(&copy, &key, Purpose::Write)?;
        sum::check(&connection, &RowKey::from_vault_key(&key), &|| Ok(()))?;
        sum::check_indexes(&connection)?;
        let files = files_named(&connection)?;
        let there = shelf::listed(&backup.folder)?;
        if count(&connection)? != backup.card.documents || there.len() as u64 != backup.card.files {
            return Err(Error::Damaged("the backup holds another number of documents or files than it says".into()));
        }
        for file in files.iter().filter(|file| there.contains(&file.id)) {
            if blobs::digest_of(&backup.file(file.id)?)? != file.sha256 {
                return Err(Error::Damaged("a file of the backup is not as it was".into()));
            }
            way.forward(file.length)?;
        }
        Ok(())
    }
}

/// A place beside the vault for a copy that is looked at; it goes when the look is over.
struct Scratch(std::path::PathBuf);

impl Scratch {
    fn make(home: &Path) -> Result<Self> {
        let path = home.join(".scratch");
        // What an earlier look left when the program ended in the middle.
        remove_folder(&path)?;
        fs::create_dir(&path)?;
        folder::restrict(&path, 0o700)?;
        Ok(Scratch(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is encrypted, and goes before the next look.
        let _ = remove_folder(&self.0);
    }
}

fn remove_folder(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn page_count(connection: &Connection) -> Result<u64> {
    store::count(connection.query_row("PRAGMA page_count", [], |row| row.get(0))?)
}

/// The number of documents in all collections.
fn count(connection: &Connection) -> Result<u64> {
    let one = |def: &model::CollectionDef| -> Result<u64> {
        let sql = format!("SELECT count(*) FROM {} NOT INDEXED", schema::table(def));
        store::count(connection.query_row(&sql, [], |row| row.get(0))?)
    };
    model::ALL.iter().map(|def| one(def)).sum()
}

/// The files that a vault should have whole.
fn files_named(connection: &Connection) -> Result<Vec<BlobTicket>> {
    let mut files = blobs::in_state(connection, BlobState::Kept)?;
    files.extend(blobs::in_state(connection, BlobState::Sent)?);
    Ok(files)
}

/// The files that are whole here: one that is on the remote alone is fetched again after a restore.
fn files_here(connection: &Connection, home: &Path) -> Result<Vec<BlobTicket>> {
    let whole =
        |file: &BlobTicket| fs::metadata(blobs::path(home, file.id)).is_ok_and(|found| found.len() == file.length);
    Ok(files_named(connection)?.into_iter().filter(whole).collect())
}

fn copy_database(source: &Connection, to: &Path, key: &Key, way: &mut Way<'_, '_>) -> Result<()> {
    let mut target = db::open(to, key, Purpose::Create)?;
    let copying = rusqlite::backup::Backup::new(source, &mut target)?;
    let mut step = StepResult::More;
    while step != StepResult::Done {
        step = copying.step(PAGES)?;
        let progress = copying.progress();
        way.at(u64::try_from(progress.pagecount - progress.remaining).unwrap_or(0) * PAGE)?;
    }
    drop(copying);
    target.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(target.close().map_err(|(_, error)| error)?)
}
