//! What the engine tells those who watch it.

use crate::error::SyncError;
use crate::first::MUCH;
use model::parcel::Counts;
use serde::Serialize;
use tokio::sync::watch;
use uuid::Uuid;

/// What the engine is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// No connection; it is tried again by itself.
    #[default]
    Offline,
    /// Making the connection.
    Connecting,
    /// Fetching what others wrote.
    Pulling,
    /// Sending what was written here.
    Pushing,
    /// All is exchanged; listening.
    Live,
    /// Paused by a person.
    Paused,
    /// A person must do something first; [`SyncState::trouble`] says what.
    Blocked,
}

/// Why it does not go on, in a form that can be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{sentence}")]
pub struct Trouble {
    /// Stable code ([`SyncError::code`]).
    pub code: &'static str,
    /// One sentence: what is wrong and what to do.
    pub sentence: String,
}

impl From<&SyncError> for Trouble {
    fn from(error: &SyncError) -> Self {
        Trouble { code: error.code(), sentence: error.to_string() }
    }
}

/// Which way a file moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// To the remote.
    Up,
    /// To this device.
    Down,
}

/// The file that is moving now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileProgress {
    /// Id of the file.
    pub file: Uuid,
    /// Which way.
    pub way: Way,
    /// Bytes moved.
    pub done: u64,
    /// Bytes in all.
    pub total: u64,
}

/// How far it is while much is fetched, as on a new device.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FirstSync {
    /// Documents fetched since it began or went on.
    pub done: u64,
    /// Documents to fetch in all; those that come first come once more with the others and count twice.
    pub total: u64,
    /// How long the rest will take at the pace so far, in milliseconds; `None` while that cannot be said.
    pub left_ms: Option<u64>,
    /// Is what is needed first here?
    pub usable: bool,
    #[serde(skip)]
    begun_ms: u64,
}

/// What a page adds.
pub(crate) struct Progress {
    pub(crate) documents: u64,
    pub(crate) bytes: u64,
    /// Revisions left of the whole realm; `None` for a page of one scope.
    pub(crate) left: Option<u64>,
}

/// How syncing stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SyncState {
    /// What the engine is doing.
    pub phase: Phase,
    /// Why it is offline or blocked; the last trouble, gone after the next success.
    pub trouble: Option<Trouble>,
    /// Documents waiting to be sent.
    pub to_send: u64,
    /// Bytes of their envelopes.
    pub to_send_bytes: u64,
    /// At most so many documents are still to be fetched; known only where the whole realm is pulled, and its way is not long or was
    /// measured.
    pub to_fetch: Option<u64>,
    /// While much is fetched: how far it is.
    pub first: Option<FirstSync>,
    /// Bytes of envelopes fetched since the engine started.
    pub fetched_bytes: u64,
    /// Files waiting to be sent.
    pub files_to_send: u64,
    /// Files that are known but not here.
    pub files_to_fetch: u64,
    /// The file that is moving now.
    pub file: Option<FileProgress>,
    /// Conflicts that wait for a person.
    pub conflicts: u64,
    /// Documents set aside.
    pub quarantined: u64,
    /// The oldest unsent change, in milliseconds since 1970.
    pub oldest_unsent_ms: Option<u64>,
    /// When everything was last exchanged, in milliseconds since 1970 by this computer's clock.
    pub last_success_ms: Option<u64>,
    /// How far the server's clock is ahead of this computer's, in milliseconds.
    pub clock_offset_ms: Option<i64>,
    /// Is that more than five minutes?
    pub clock_is_off: bool,
    /// Documents that the last quiet check found different and could not repair.
    pub differences: u64,
}

/// Before so long nothing can be said of the pace, in milliseconds.
const PACE_AFTER_MS: u64 = 2_000;

impl FirstSync {
    fn left_ms(&self, now_ms: u64) -> Option<u64> {
        let passed = now_ms.saturating_sub(self.begun_ms);
        let known = passed >= PACE_AFTER_MS && self.done > 0;
        known.then(|| passed.saturating_mul(self.total - self.done) / self.done)
    }
}

/// A clock that is further from the server's is reported to the person, in milliseconds.
pub const CLOCK_BOUND_MS: i64 = 5 * 60 * 1_000;

/// Where the state is kept; listeners are woken only when it changed.
#[derive(Clone)]
pub(crate) struct Board(watch::Sender<SyncState>);

impl Board {
    pub(crate) fn new() -> Self {
        Board(watch::Sender::new(SyncState::default()))
    }

    pub(crate) fn watch(&self) -> watch::Receiver<SyncState> {
        self.0.subscribe()
    }

    pub(crate) fn phase(&self, phase: Phase) {
        self.update(|state| state.phase = phase);
    }

    pub(crate) fn update(&self, change: impl FnOnce(&mut SyncState)) {
        self.0.send_if_modified(|state| {
            let before = state.clone();
            change(state);
            *state != before
        });
    }

    pub(crate) fn counts(&self, counts: &Counts) {
        self.update(|state| {
            state.to_send = counts.to_send;
            state.to_send_bytes = counts.to_send_bytes;
            state.files_to_send = counts.files_to_send;
            state.files_to_fetch = counts.files_to_fetch;
            state.conflicts = counts.conflicts;
            state.quarantined = counts.quarantined;
            state.oldest_unsent_ms = counts.oldest_unsent_ms;
        });
    }

    pub(crate) fn begin_first(&self, total: u64, now_ms: u64) {
        let first = FirstSync { total, begun_ms: now_ms, ..FirstSync::default() };
        self.update(|state| (state.to_fetch, state.first) = (Some(total), Some(first)));
    }

    /// A page is in the vault.
    pub(crate) fn advance(&self, came: &Progress, now_ms: u64) {
        self.update(|state| {
            state.fetched_bytes += came.bytes;
            match (&mut state.first, came.left) {
                (Some(first), left) => {
                    first.done += came.documents;
                    // What comes ahead comes again.
                    first.total += if left.is_none() { came.documents } else { 0 };
                    first.total = first.total.max(first.done);
                    first.left_ms = first.left_ms(now_ms);
                    state.to_fetch = Some(first.total - first.done);
                }
                // A long way that was not measured is mostly a gap that a restore left.
                (None, Some(left)) => state.to_fetch = Some(left).filter(|left| *left <= MUCH),
                (None, None) => {}
            }
        });
    }

    pub(crate) fn offset(&self, offset_ms: i64) {
        self.update(|state| {
            state.clock_offset_ms = Some(offset_ms);
            state.clock_is_off = offset_ms.abs() > CLOCK_BOUND_MS;
        });
    }
}
