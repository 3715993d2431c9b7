//! A new key for the database (security design, 13.3): on suspicion, after a restore, and when charts were dropped here.
//!
//! The wish is a new key, sealed beside the old one. The next unlock makes it so, while nobody else has the file open: it looks the
//! record through under the old key, since what is wrong would be vouched for by the new one, has every page written anew, and keeps
//! the key that opens. A process that ends in between leaves a file that opens with exactly one of the two, and the next unlock goes on.

use crate::{
    Error, Result, Vault,
    core::CHECK_FAILED,
    db::{self, Purpose},
    folder, schema,
    slots::SlotsFile,
    store, sum,
};
use crypto::{Key, root::UserRoot, row_mac::RowKey};
use rusqlite::Connection;
use std::path::Path;

#[cfg(test)]
mod tests;

impl Vault {
    /// Wishes for a new database key, which the next unlock gives. A wish that stands already stays as it is.
    ///
    /// # Errors
    /// [`Error::DiskFull`], [`Error::ReadOnlyFolder`], [`Error::Closed`].
    pub fn wish_new_key(&self) -> Result<()> {
        self.with_core(|_, core| wish(&core.folder, core.keyring.root()))
    }

    /// Is a new database key wished for, and not given yet?
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn awaits_new_key(folder: &Path) -> Result<bool> {
        Ok(SlotsFile::read(folder)?.awaits_new_key())
    }
}

fn wish(home: &Path, root: &UserRoot) -> Result<()> {
    let slots = SlotsFile::read(home)?;
    match slots.awaits_new_key() {
        true => Ok(()),
        false => slots.with_new_vault_key(root)?.write(home),
    }
}

/// Gives the key that opens the database, after it was changed where that is wished for. The caller holds the folder's lock.
pub(crate) fn settle(home: &Path, root: &UserRoot) -> Result<Key> {
    if folder::read_card(home)?.restored {
        // The key of a backup is as old as the backup, and lies wherever the backup was.
        wish(home, root)?;
    }
    let slots = SlotsFile::read(home)?;
    let old = slots.vault_key(root)?;
    let Some(new) = slots.new_vault_key(root)? else { return Ok(old) };
    let path = home.join(folder::DATABASE);
    if let Ok(connection) = db::open(&path, &old, Purpose::Write)
        && change(connection, &old, &new).is_err()
        && db::open(&path, &old, Purpose::Write).is_ok()
    {
        // The old key opens it as before, so its person comes to their record; the wish stands until there is room, or until what is
        // wrong with the record is mended.
        return Ok(old);
    }
    let mut connection = match db::open(&path, &new, Purpose::Write) {
        Ok(connection) => connection,
        // Neither key: what is wrong is said about the file as it was.
        Err(_) => return Ok(old),
    };
    sum::take_next(&mut connection)?;
    drop(connection);
    slots.with_vault_key(root, &new)?.write(home)?;
    Ok(new)
}

/// Looks the record through, and writes every page of it anew.
fn change(mut connection: Connection, old: &Key, new: &Key) -> Result<()> {
    schema::prepare(&mut connection)?;
    if store::state(&connection, CHECK_FAILED)?.is_some() {
        return Err(Error::CheckFailed);
    }
    sum::check(&connection, &RowKey::from_vault_key(old), &|| Ok(()))?;
    let rehearsal = connection.transaction()?;
    sum::check_indexes(&rehearsal)?;
    rehearsal.rollback()?;
    sum::prepare_next(&connection, &RowKey::from_vault_key(new))?;
    db::rekey(&connection, new)?;
    connection.close().map_err(|(_, error)| error.into())
}
