//! Why a story did not go on.

use std::path::PathBuf;

/// What went wrong in a story told to a program.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// There is no display to open a window on.
    #[error("there is no display: run the tests under scripts/display.sh, which starts a virtual one")]
    NoDisplay,
    /// A program that is to be tested was not built.
    #[error("{} is not there: build it first (cargo build -p aidpost-cli -p aidpost-desktop)", .0.display())]
    NotBuilt(PathBuf),
    /// The driver did not start or did not answer.
    #[error("WebKitWebDriver (Debian: webkit2gtk-driver): {0}")]
    Driver(String),
    /// No session could be opened.
    #[error("the window did not open: {0}")]
    Session(#[from] Box<fantoccini::error::NewSessionError>),
    /// A command to the window failed.
    #[error("the window does not obey: {0}")]
    Command(#[from] Box<fantoccini::error::CmdError>),
    /// What should be seen is not there; with what is.
    #[error("{what} is not to be seen. The window shows:\n{page}")]
    NotSeen {
        /// What was looked for.
        what: String,
        /// The words in the window.
        page: String,
    },
    /// A request was refused.
    #[error("{name}: {problem}")]
    Refused {
        /// The request.
        name: String,
        /// Why.
        problem: app::Problem,
    },
    /// An answer has another shape.
    #[error("an answer does not read: {0}")]
    Answer(#[from] serde_json::Error),
    /// A file or a process.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The remote of the tests.
    #[error(transparent)]
    Remote(#[from] sync::SyncError),
    /// A link host that does not serve.
    #[error("the link host: {0}")]
    Host(String),
    /// A made input could not be made.
    #[error("an input of the tests: {0}")]
    Input(String),
}

impl From<fantoccini::error::CmdError> for Trouble {
    fn from(error: fantoccini::error::CmdError) -> Self {
        Trouble::Command(Box::new(error))
    }
}

impl From<fantoccini::error::NewSessionError> for Trouble {
    fn from(error: fantoccini::error::NewSessionError) -> Self {
        Trouble::Session(Box::new(error))
    }
}

/// A result of the tests' hands.
pub type Result<T> = std::result::Result<T, Trouble>;
