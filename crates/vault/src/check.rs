//! Does the vault agree with itself? The look has a connection of its own, so that nobody waits for it.

use crate::{
    Error, Result, Vault,
    core::{CHECK_FAILED, Core},
    front::lock,
    journal, store, sum,
};
use crypto::row_mac::RowKey;
use rusqlite::{Connection, InterruptHandle};
use std::sync::Mutex;

/// The look that may be under way.
#[derive(Default)]
pub(crate) struct Checking {
    /// Held while one looks.
    gate: Mutex<()>,
    handle: Mutex<Option<InterruptHandle>>,
}

impl Checking {
    /// Ends the look, and waits until it has let go of the file. The desk is closed by then: a look that has not begun to read finds
    /// that out by itself.
    pub(crate) fn end(&self) {
        if let Some(handle) = lock(&self.handle).as_ref() {
            handle.interrupt();
        }
        drop(lock(&self.gate));
    }
}

impl Vault {
    /// Looks for damage, and for older rows or pages that were put back into the file. Takes a while in a large vault, which can be used
    /// meanwhile; what is written after the beginning is not looked at. After a check that failed the vault can be read and nothing
    /// else ([`Error::CheckFailed`]), also when it is opened again, until a check succeeds: it is to be replaced by a new device that
    /// pulls everything.
    ///
    /// # Errors
    /// [`Error::Damaged`] says what was found. [`Error::Closed`], or [`Error::Database`], when [`Vault::close`] ended it.
    pub fn state_check(&self) -> Result<()> {
        let _one_at_a_time = lock(&self.checking.gate);
        let outcome = self.look_through();
        *lock(&self.checking.handle) = None;
        let failed = matches!(outcome, Err(Error::Damaged(_)));
        if failed || outcome.is_ok() {
            let noted = self.set_read_only(failed, |connection, core| note(connection, core, failed));
            // A file that is too damaged to take the note is found damaged again: the damage itself is the news.
            if outcome.is_ok() {
                noted?;
            }
        }
        outcome
    }

    fn look_through(&self) -> Result<()> {
        let (connection, key) = self.own_connection()?;
        *lock(&self.checking.handle) = Some(connection.get_interrupt_handle());
        let goes_on = || self.is_read_only().map(|_| ());
        let moment = connection.unchecked_transaction()?;
        sum::check(&moment, &RowKey::from_vault_key(&key), &goes_on)?;
        drop(moment);
        self.rehearse(sum::check_indexes)
    }
}

/// Remembers what a check found.
fn note(connection: &Connection, core: &Core, failed: bool) -> Result<()> {
    if failed {
        journal::alert(connection, "state-check", core.keyring.device(), 0, core.clock.last().ms())?;
        store::set_state(connection, CHECK_FAILED, &[1])
    } else {
        connection.execute("DELETE FROM state WHERE name = ?1", [CHECK_FAILED])?;
        Ok(())
    }
}
