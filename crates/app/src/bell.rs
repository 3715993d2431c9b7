//! What the window is told without asking.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::views::{Stage, SyncView};

/// One event. The names of collections are what the window's queries begin with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// Documents are new or changed.
    Changed {
        /// Collections.
        collections: Vec<String>,
        /// Documents.
        ids: Vec<Uuid>,
        /// Did it come from another device?
        from_remote: bool,
    },
    /// The state of reconciling moved.
    Sync {
        /// The new state.
        state: SyncView,
    },
    /// The vault was opened or closed.
    Session {
        /// What the window should show.
        stage: Stage,
    },
    /// The vault is about to be closed: what is still being written is to be kept now, then `session.drafts_kept` asked.
    Locking,
    /// Level of the microphone while recording.
    Level {
        /// Peak of the last tenth of a second, in dB of full scale (0 is the loudest).
        peak_db: f64,
        /// Seconds so far.
        seconds: f64,
    },
    /// The system's browser is to show an address that the program made: a provider's page for signing in.
    Browse {
        /// The address.
        address: String,
    },
    /// Long work moves on.
    Progress {
        /// What is at work: `import`, `verify`.
        task: String,
        /// Steps done.
        done: u32,
        /// Steps in all.
        total: u32,
    },
}
