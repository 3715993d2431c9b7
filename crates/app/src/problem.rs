//! What a shell is told when a request could not be answered.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A code that the window turns into a sentence, and whether trying again may help. It never holds a value of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[error("{code}{}", detail.as_ref().map(|words| format!(": {words}")).unwrap_or_default())]
pub struct Problem {
    /// Stable code; the sentence is in the catalogue under it.
    pub code: String,
    /// Words of the program that found it, in English, for the report and the command line.
    pub detail: Option<String>,
    /// May the same request succeed later?
    pub retry: bool,
}

impl Problem {
    /// A lasting problem.
    pub fn new(code: &str, detail: impl Into<Option<String>>) -> Self {
        Problem { code: code.to_owned(), detail: detail.into(), retry: false }
    }

    /// A problem with words.
    pub fn said(code: &str, error: &dyn std::fmt::Display) -> Self {
        Problem::new(code, error.to_string())
    }

    /// The same, worth trying again.
    pub fn passing(mut self) -> Self {
        self.retry = true;
        self
    }
}

/// The named document is not here, or not for this person.
pub fn not_found() -> Problem {
    Problem::new("not_found", None)
}

/// This person may not do that.
pub fn not_allowed() -> Problem {
    Problem::new("not_allowed", None)
}

/// A value that was entered cannot be right.
pub fn invalid(field: &str) -> Problem {
    Problem::new("invalid_input", format!("check the field {field}"))
}

impl From<vault::Error> for Problem {
    fn from(error: vault::Error) -> Self {
        use vault::Error as E;
        let code = match &error {
            E::WrongPassphrase => "wrong_passphrase",
            E::WeakPassphrase(_) => "weak_passphrase",
            E::KitUnreadable => "kit_unreadable",
            E::CardUnreadable => "card_unreadable",
            E::NotInDatabase => "not_in_database",
            E::WrongKit => "wrong_kit",
            E::NoKit => "kit_not_usable",
            E::NoQuick => "pin_not_usable",
            E::Keychain(_) => "keychain_silent",
            E::NotAVault => "not_a_vault",
            E::Damaged(_) => "vault_damaged",
            E::Newer { .. } => "vault_newer",
            E::InUse => "vault_in_use",
            E::ReadOnlyFolder => "folder_not_writable",
            E::DiskFull => "disk_full",
            E::Canceled => "stopped",
            E::NoSecret => "secret_not_here",
            E::Closed => "locked",
            E::NoDocument(_) => "not_found",
            E::Shape { .. } | E::UnknownName(_) => "invalid_input",
            E::Fixed { .. } => "cannot_be_changed",
            E::Taken { .. } => "already_taken",
            E::TooLarge { .. } => "file_too_large",
            E::NotAllowed(_) | E::NoKey => "not_allowed",
            E::FileNotHere => "file_not_here",
            E::Copied => "vault_is_a_copy",
            E::NewerDocument => "document_newer",
            E::CheckFailed => "vault_check_failed",
            E::Trust(inner) => return Problem::new(inner.code(), inner.to_string()),
            E::Database(_) | E::Io(_) | E::Refused(_) | E::Crypto(_) => "internal",
        };
        Problem::said(code, &error)
    }
}

impl From<sync::SyncError> for Problem {
    fn from(error: sync::SyncError) -> Self {
        Problem::new(error.code(), error.to_string())
    }
}

impl From<crypto::Error> for Problem {
    fn from(error: crypto::Error) -> Self {
        let code = if error == crypto::Error::Random { "no_randomness" } else { "internal" };
        Problem::said(code, &error)
    }
}

impl From<share::Error> for Problem {
    fn from(error: share::Error) -> Self {
        Problem::said(error.code(), &error)
    }
}

impl From<interop::Refused> for Problem {
    fn from(error: interop::Refused) -> Self {
        Problem::said(error.code(), &error)
    }
}

impl From<detect::Error> for Problem {
    fn from(error: detect::Error) -> Self {
        Problem::said(error.code(), &error)
    }
}
