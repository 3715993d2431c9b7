//! A vault of which there are two: copied to a second computer, or put back from a backup. Its journal at the remote tells:
//! there are entries under this device's name that it did not write. It goes on as a device of its own.

use crate::{
    Result, Vault,
    core::COPIED,
    folder::{self, Card},
    outbox,
    slots::SlotsFile,
    store,
    trust::{self, object::JOURNAL},
    work::Work,
};
use model::{DeviceTag, Hlc};
use rusqlite::Connection;
use std::path::Path;
use uuid::Uuid;

/// The code under which it is alerted, and under which the other's entries were set aside.
pub(crate) const OWN_AHEAD: &str = "own-ahead";

impl Vault {
    /// Is this vault a copy, or an older state put back? Then it sends nothing ([`crate::Error::Copied`]) until
    /// [`Vault::become_new_device`] was called.
    ///
    /// # Errors
    /// [`crate::Error::Closed`].
    pub fn is_copy(&self) -> Result<bool> {
        self.with_reader(|connection| Ok(store::state(connection, COPIED)?.is_some()))
    }

    /// Goes on as a new device, with a certificate that this person signs; gives its id. Nothing that was written here is
    /// lost: what is unsent is sent under the new name, with the stamps that it has, so that an edit which the other copy
    /// sent long ago does not win over a later one. Everything is pulled again.
    ///
    /// # Errors
    /// [`crate::Error::Trust`] when one of this person's devices was removed before: then a device counts only if another
    /// one brings it in, and this vault is to be replaced by an enrolment. [`crate::Error::DiskFull`].
    pub fn become_new_device(&self, now_ms: u64) -> Result<Uuid> {
        let device = self.transact(now_ms, |work| change_device(work, now_ms))?;
        let slots = SlotsFile::read(self.folder())?;
        // A crash before this line leaves a file that opens as well.
        self.with_core(|_, core| slots.for_device(core.keyring.root(), device))?.write(self.folder())?;
        self.set_device(device);
        Ok(device)
    }
}

/// One that came out of a backup is a copy from its first opening on: another device may have gone on from the same state.
pub(crate) fn note_restored(db: &Connection, folder: &Path) -> Result<()> {
    let card = folder::read_card(folder)?;
    if !card.restored {
        return Ok(());
    }
    store::set_state(db, COPIED, &[1])?;
    folder::write_card(folder, &Card { restored: false, ..card })
}

fn change_device(work: &mut Work<'_>, now_ms: u64) -> Result<Uuid> {
    work.keys_changed = true;
    give_up_batch(work.db)?;
    let core = &mut *work.core;
    let objects = trust::become_new_device(&mut core.keyring, &mut core.trust, now_ms)?;
    let (old, device) = (core.clock.last(), core.keyring.device());
    core.clock = Hlc::resume(DeviceTag::of(device), old);
    objects.iter().try_for_each(|object| work.keep_object(object, device, 0, true))?;
    work.note_devices(&objects)?;
    forget_copy(work.db)?;
    Ok(device)
}

/// What was fixed under the old name goes back to the outbox: its number is the other copy's.
fn give_up_batch(db: &Connection) -> Result<()> {
    let Some((number, ..)) = outbox::fixed(db)? else { return Ok(()) };
    outbox::members(db, number)?.iter().try_for_each(|one| outbox::give_back(db, one))?;
    outbox::end(db, number)
}

/// The other copy's entries are those of another device now: they are pulled again, and told of in this one's journal.
fn forget_copy(db: &Connection) -> Result<()> {
    db.execute("DELETE FROM state WHERE name = ?1", [COPIED])?;
    db.execute("DELETE FROM alerts WHERE code = ?1", [OWN_AHEAD])?;
    db.execute("DELETE FROM quarantine WHERE own = 0 AND collection = ?1 AND reason = ?2", [JOURNAL, OWN_AHEAD])?;
    db.execute("UPDATE heads SET told = 0", [])?;
    db.execute("UPDATE cursors SET cursor = 0", [])?;
    Ok(())
}
