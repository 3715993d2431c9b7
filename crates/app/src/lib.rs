//! What every shell talks to: the services, the request list, tasks and the clock.
//!
//! A shell (the window, the command line) holds one [`App`] and passes requests to [`answer`]; it hears [`Event`]s. No
//! sentence for people is made here: the window turns codes into words.
//!
//! - [`requests`]: the list of all requests · [`views`]: their shapes · [`Problem`]: why not
//! - one module per room: [`patients`], [`records`], [`vitals`], [`notes`], [`checks`], [`shares`], [`intake`], …
//! - [`factor`]: the second factor · [`step_up`]: proving again who is there
//! - [`backups`]: made, looked through, restored · [`doctor`]: a look through this device
//! - [`sessions`]: a person's devices, and ending what runs there · [`refresh`]: families of tokens
//! - [`deletion`]: leaving, and the days to think again · [`erasing`]: the end of a record
//! - [`retention`]: charts that must be kept when their person has left
//! - [`resets`]: a code to somebody who asks to be let in again
//! - [`oidc`]: proving who one is at a provider elsewhere
//! - [`contacts`]: a person's own addresses · [`codes`]: one-time codes · [`sending`]: how they get there
//! - [`glass`]: restricted charts, and opening them in an emergency
//! - [`attempts`]: wrong passphrases · [`quick`]: the PIN · [`keychain`] · [`idle`]: the lock when nobody is there · [`ending`]: locking ·
//!   [`away`]: the lock with the computer's sleep and the desktop's own · [`look`]: the window before unlock · [`hardening`]: no dumps ·
//!   [`soundness`]: a vault that agrees with itself
//! - [`conflicts`]: two versions, and a person's decision · [`devices`]: what was set aside, and histories
//! - [`syncing`]: the engine's life · [`lan`]: the link host on the local network · [`host`]: the link host beside the database ·
//!   [`hosted`]: the shares that it serves · [`recorder`]: the microphone

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it fails"))]

pub mod access;
pub mod appointments;
pub mod ask;
pub mod attempts;
pub mod away;
pub mod backups;
pub mod bell;
pub mod checks;
pub mod clock;
pub mod codes;
pub mod conflicts;
pub mod contacts;
pub mod deletion;
pub mod devices;
mod disk;
pub mod doctor;
pub mod ending;
pub mod erasing;
pub mod factor;
mod free_times;
pub mod glass;
pub mod hardening;
pub mod homecoming;
pub mod host;
pub mod hosted;
mod hundredths;
pub mod idle;
pub mod intake;
pub mod keychain;
pub mod keys;
pub mod kit;
pub mod lan;
pub mod lock;
pub mod look;
pub mod names;
pub mod notes;
pub mod oidc;
pub mod patients;
pub mod people;
pub mod photo;
mod pictures;
pub mod problem;
pub mod quick;
pub mod realm;
pub mod recorder;
pub mod records;
pub mod recovery;
pub mod refresh;
pub mod requests;
pub mod resets;
pub mod retention;
pub mod rotation;
pub mod saved;
pub mod scan;
pub mod security;
pub mod sending;
pub mod session;
pub mod sessions;
pub mod settings;
pub mod shares;
pub mod soundness;
pub mod step_up;
pub mod summary;
pub mod syncing;
pub mod transfer;
pub mod views;
pub mod vitals;

pub use bell::Event;
pub use clock::{Clock, SystemClock};
pub use problem::Problem;
pub use requests::{answer, answer_download, answer_upload};
pub use session::{App, Options, Session};

/// The closed lists and instants that answers are made of.
pub use model;

/// The data dictionary, Markdown.
pub fn dictionary() -> String {
    model::dictionary::page()
}
