//! What can go wrong in a vault. No text here ever carries a value of a document.

use model::mailbox::MailboxError;
use rusqlite::ErrorCode;
use std::io;

/// Why the vault could not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The passphrase does not open this vault.
    #[error("the passphrase is wrong")]
    WrongPassphrase,
    /// The passphrase is below what is accepted; the text says which rule it breaks.
    #[error("the passphrase is not accepted: {0}")]
    WeakPassphrase(&'static str),
    /// The kit's text was mistyped, or is something else.
    #[error("this is not the text of a kit")]
    KitUnreadable,
    /// The card's text was mistyped, or is something else.
    #[error("this is not the text of a database card")]
    CardUnreadable,
    /// The database does not know the person whose kit it is.
    #[error("the database does not know this person")]
    NotInDatabase,
    /// The kit is another person's, or one that was replaced.
    #[error("the kit does not open this vault")]
    WrongKit,
    /// Nothing for the kit lies beside this vault: it was last opened by a program that did not keep it.
    #[error("this vault cannot be opened with a kit without another device")]
    NoKit,
    /// There is no PIN here, or it may not be used until the passphrase was.
    #[error("the PIN cannot be used now")]
    NoQuick,
    /// The system's keychain is missing, locked or refuses.
    #[error("the system's keychain does not answer: {0}")]
    Keychain(&'static str),
    /// The folder or the file in it is no vault.
    #[error("this is not a vault")]
    NotAVault,
    /// A part of the vault cannot be read as it was written.
    #[error("the vault is damaged: {0}")]
    Damaged(String),
    /// A newer program wrote this vault.
    #[error("the vault has schema version {found}; this program knows versions up to {known}")]
    Newer {
        /// The version in the file.
        found: u32,
        /// The newest version that this program knows.
        known: u32,
    },
    /// Another process has this vault open.
    #[error("the vault is open in another window or program")]
    InUse,
    /// The folder cannot be written to.
    #[error("the folder cannot be written to")]
    ReadOnlyFolder,
    /// The disk is full; nothing was written.
    #[error("the disk is full")]
    DiskFull,
    /// Whoever watched the work stopped it; nothing of it counts.
    #[error("it was stopped")]
    Canceled,
    /// The device's part of the key is not on this computer, e.g. after a restore to a new one: the kit opens the vault.
    #[error("the account secret is not on this computer")]
    NoSecret,
    /// The vault was closed.
    #[error("the vault is closed")]
    Closed,
    /// The database says something that none of the above covers, as its own code.
    #[error("the database failed with code {0}")]
    Database(i32),
    /// The file system says something that none of the above covers.
    #[error("a file operation failed: {0}")]
    Io(io::ErrorKind),
    /// No document with this id is here.
    #[error("there is no such document in {0}")]
    NoDocument(String),
    /// No such collection, or no such field in it.
    #[error("unknown name: {0}")]
    UnknownName(String),
    /// The values do not make a document of this collection.
    #[error("the values do not fit {collection}: {problem}")]
    Shape {
        /// The collection.
        collection: String,
        /// Which field or rule, without the value.
        problem: String,
    },
    /// The field keeps its first value, or may only rise.
    #[error("{field} of {collection} may not be changed this way")]
    Fixed {
        /// The collection.
        collection: String,
        /// The field.
        field: String,
    },
    /// Another document holds the same values in a unique index.
    #[error("another document of {collection} already has this {fields}")]
    Taken {
        /// The collection.
        collection: String,
        /// The fields of the index.
        fields: String,
    },
    /// A document or a file is larger than what is accepted.
    #[error("too large: more than {limit} bytes")]
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// This person may not do this.
    #[error("not allowed: {0}")]
    NotAllowed(&'static str),
    /// The key of this scope is not here.
    #[error("the key of this scope is not here")]
    NoKey,
    /// A file's bytes are not all here yet.
    #[error("the file is not here yet")]
    FileNotHere,
    /// This vault was restored from an older copy, or copied: it must become a new device before it writes.
    #[error("this vault is a copy: it must become a new device before it can send")]
    Copied,
    /// A check found damage or older rows that were put back: the vault is read-only.
    #[error("the vault failed its check and is read-only: replace it by a new device")]
    CheckFailed,
    /// A newer program has changed this document; what is shown is the version before, and it can't be changed here.
    #[error("this entry was changed with a newer program; update this one to change it")]
    NewerDocument,
    /// What another device sent is not acceptable; the text is a reason code.
    #[error("refused: {0}")]
    Refused(&'static str),
    /// Keys, certificates or enrolment said no.
    #[error(transparent)]
    Trust(#[from] crate::trust::Error),
    /// The cryptography said no.
    #[error(transparent)]
    Crypto(#[from] crypto::Error),
}

/// The result of everything in this room that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        let rusqlite::Error::SqliteFailure(code, _) = &error else {
            return Error::Damaged(shape_of(&error).to_owned());
        };
        match code.code {
            ErrorCode::DiskFull => Error::DiskFull,
            ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied => Error::ReadOnlyFolder,
            ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => Error::Damaged("the database does not read".into()),
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Error::InUse,
            _ => Error::Database(code.extended_code),
        }
    }
}

/// The kind of a mismatch between the program and the file; the original text could quote a value.
fn shape_of(error: &rusqlite::Error) -> &'static str {
    match error {
        rusqlite::Error::QueryReturnedNoRows => "an expected row is missing",
        rusqlite::Error::FromSqlConversionFailure(..) | rusqlite::Error::InvalidColumnType(..) => {
            "a column holds another kind of value"
        }
        rusqlite::Error::IntegralValueOutOfRange(..) => "a number is out of range",
        _ => "the database and the program disagree",
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::DiskFull,
            io::ErrorKind::PermissionDenied
            | io::ErrorKind::ReadOnlyFilesystem
            | io::ErrorKind::NotADirectory
            | io::ErrorKind::AlreadyExists => Error::ReadOnlyFolder,
            other => Error::Io(other),
        }
    }
}

impl From<Error> for MailboxError {
    fn from(error: Error) -> Self {
        match error {
            Error::DiskFull => MailboxError::DiskFull,
            Error::Closed => MailboxError::Locked,
            Error::Copied => MailboxError::Copied,
            Error::CheckFailed => MailboxError::CheckFailed,
            other => MailboxError::Failed(other.to_string()),
        }
    }
}
