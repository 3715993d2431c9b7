//! The engine: outbox to MongoDB to vault. It moves sealed parcels and has no key.
//!
//! The vault gives it a [`model::mailbox::Mailbox`]; the other end is a [`Remote`]. [`Engine::start`] runs a task that pulls,
//! pushes, moves files and listens for changes until it is canceled, and tells how it fares as a [`SyncState`].
//!
//! ```no_run
//! # async fn example(mailbox: std::sync::Arc<dyn model::mailbox::Mailbox>) -> Result<(), Box<dyn std::error::Error>> {
//! use sync::{Address, Engine, Options, Target};
//! let address = Address::parse("mongodb+srv://ada:secret@cluster0.example.net/clinic")?;
//! let clock = std::sync::Arc::new(|| 1_700_000_000_000);
//! let engine = Engine::start(mailbox, Target::Mongo(address), Options::new(clock), Default::default());
//! let tally = engine.sync_now().await?;
//! println!("{} came, {} went", tally.pulled, tally.pushed);
//! # Ok(()) }
//! ```
//!
//! - [`Address`], [`test_connection`]: where the remote is, and whether it can be used
//! - [`Engine`], [`SyncState`]: the task, and what it tells
//! - [`Line`]: one round at a time, for a command line
//! - [`verify`]: are both sides equal?
//! - [`Remote`], [`remote::mongo`], [`remote::memory`]: the other end
//! - `server` (feature): a MongoDB of one's own, for tests and the demo

pub mod address;
pub mod engine;
mod error;
mod files;
mod first;
mod line;
mod post;
pub mod remote;
mod schedule;
#[cfg(feature = "server")]
pub mod server;
mod state;
pub mod verify;

pub use address::{Address, test_connection};
pub use engine::{Engine, Options, Target};
pub use error::SyncError;
pub use line::{Clock, FILES, Line, Tally};
pub use remote::{Remote, ServerInfo};
pub use state::{CLOCK_BOUND_MS, FileProgress, FirstSync, Phase, SyncState, Trouble, Way};
