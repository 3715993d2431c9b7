//! What this device remembers of the host: what it was told last, and what it had counted then. For this device alone; what is lost is
//! told and fetched again.

use crate::{Problem, Session};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use sync::remote::hosted::Counts;
use uuid::Uuid;

const KEY: &str = "hosted_links";
/// Reading, changing and keeping is one step.
static GATE: Mutex<()> = Mutex::new(());

/// What is remembered of one share.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Known {
    /// By what the host knows it.
    pub link: [u8; 32],
    /// The stamp of the share as the host was told of it.
    pub stamp: Option<[u8; 16]>,
    /// Was the host told that it was taken back?
    pub over: bool,
    /// Was it ended there because it is no longer here?
    pub ended: bool,
    /// Openings that the host has counted.
    pub uses: u32,
    /// Wrong passcodes that the host has counted.
    pub wrong: u32,
}

/// All that is remembered.
pub(super) struct Memory(BTreeMap<Uuid, Known>);

impl Memory {
    pub(super) fn read(session: &Session) -> Result<Memory, Problem> {
        let stored = session.vault.setting(KEY)?;
        Ok(Memory(stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()))
    }

    pub(super) fn of(&self, share: Uuid) -> Option<&Known> {
        self.0.get(&share)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (Uuid, &Known)> {
        self.0.iter().map(|(id, known)| (*id, known))
    }

    pub(super) fn change(session: &Session, share: Uuid, change: impl FnOnce(&mut Known)) -> Result<(), Problem> {
        let _step = GATE.lock().unwrap_or_else(PoisonError::into_inner);
        let mut memory = Memory::read(session)?;
        change(memory.0.entry(share).or_default());
        let text = serde_json::to_string(&memory.0).map_err(|error| Problem::said("internal", &error))?;
        Ok(session.vault.set_setting(KEY, Some(&text))?)
    }
}

/// What the host had counted of a share when it was asked last.
pub(crate) fn counted(session: &Session, share: Uuid) -> Result<Counts, Problem> {
    let memory = Memory::read(session)?;
    Ok(memory.of(share).map(|known| Counts { uses: known.uses, wrong: known.wrong }).unwrap_or_default())
}
