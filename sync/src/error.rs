//! Everything that can go wrong between a vault and its remote.

use model::mailbox::MailboxError;

/// Why syncing could not go on. [`SyncError::code`] is stable; the sentences hold no addresses, names or values.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SyncError {
    /// Neither `mongodb://` nor `mongodb+srv://`.
    #[error(
        "the address does not begin with mongodb:// or mongodb+srv://; copy it whole from the page of your database"
    )]
    AddressScheme,
    /// Cannot be read as a connection string; says which part.
    #[error("the address cannot be read: {0}")]
    AddressMalformed(&'static str),
    /// A host elsewhere without TLS.
    #[error(
        "the address would send everything unprotected; add tls=true, only a database on this computer may go without"
    )]
    TlsRequired,
    /// An option that switches a check of TLS off.
    #[error("the address switches the check of the server's certificate off ({0}); remove that option")]
    TlsWeakened(&'static str),
    /// A way of signing in that would show the password or rest on a weak hash.
    #[error("the address asks for a way of signing in that is not safe enough; use SCRAM-SHA-256 or MONGODB-X509")]
    LoginMechanism,
    /// The host's name does not resolve.
    #[error("no server of this name was found; check the spelling of the host and this computer's network")]
    Dns,
    /// Nothing answers there.
    #[error("the server does not answer; check host, port, firewall and network")]
    Unreachable,
    /// The TLS handshake failed.
    #[error("no protected connection could be made: the server's certificate was refused, or it does not speak TLS")]
    Tls,
    /// User name or password is wrong.
    #[error("the server refused the user name or the password; check both, and the authSource option")]
    Login,
    /// A server without a replica set.
    #[error(
        "this MongoDB is a standalone server; turn it into a one-node replica set: start mongod with --replSet rs0, then run rs.initiate() once in mongosh"
    )]
    Standalone,
    /// A replica set that was never initiated.
    #[error("this MongoDB waits to become a replica set; run rs.initiate() once in mongosh")]
    NotInitiated,
    /// A replica set that has no primary at the moment.
    #[error("the replica set has no primary at the moment; it is tried again by itself")]
    NoPrimary,
    /// Something else listens there.
    #[error("what answers at this address is not a MongoDB server; check host and port")]
    NotMongo,
    /// Older than 5.0.
    #[error("this MongoDB is too old; version 5.0 or newer is needed")]
    ServerTooOld,
    /// The connection broke, or an answer was lost.
    #[error("the connection was interrupted; it is tried again by itself")]
    Interrupted,
    /// The remote took no decision within the time allowed.
    #[error("the remote is busy; it is tried again by itself")]
    Busy,
    /// Another device pushes under this device's number.
    #[error("another copy of this vault has already sent under this device's number; this device needs a new one")]
    Clone,
    /// The database user may not do it.
    #[error(
        "this database user may not write here; the operator must run the set-up script or grant the device's role"
    )]
    Forbidden,
    /// The database belongs to another realm.
    #[error("this database holds another clinic's data; check the database name in the address")]
    OtherRealm,
    /// The realm asks for a newer program.
    #[error("this database needs a newer version of Aidpost; work goes on offline until it is updated")]
    ProgramTooOld,
    /// The remote's disk or quota is full.
    #[error("the remote database is full; its operator must make room")]
    RemoteFull,
    /// The realm's counter or document is missing.
    #[error("the remote has not been set up, or lost its counter")]
    NoRealm,
    /// The remote answered something that cannot be.
    #[error("the remote gave an answer that cannot be right: {0}")]
    Answer(&'static str),
    /// The server refused with a code of its own.
    #[error("the server refused the request (MongoDB error {0})")]
    Server(i32),
    /// The vault could not do its part.
    #[error("{0}")]
    Vault(VaultTrouble),
    /// No remote is set.
    #[error("no remote database is set")]
    NoRemote,
    /// Syncing was paused by a person.
    #[error("syncing is paused")]
    Paused,
    /// The engine has ended.
    #[error("syncing has been stopped")]
    Stopped,
    /// A mongod of one's own could not be run.
    #[error("{0}")]
    LocalServer(String),
}

/// [`MailboxError`] in a form that can be handed to several listeners.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultTrouble {
    /// The disk is full.
    #[error("this computer's disk is full; nothing was lost, make room and sync again")]
    DiskFull,
    /// Locked or closed.
    #[error("the vault is locked; syncing goes on when it is opened")]
    Locked,
    /// Read-only after a check that failed.
    #[error("the vault failed its check and is read-only; nothing is synced until it is replaced by a new device")]
    CheckFailed,
    /// Anything else; without values.
    #[error("the vault failed: {0}")]
    Failed(String),
}

impl SyncError {
    /// The stable code that the UI chooses its sentence by.
    pub fn code(&self) -> &'static str {
        match self {
            SyncError::AddressScheme => "address.scheme",
            SyncError::AddressMalformed(_) => "address.malformed",
            SyncError::TlsRequired => "address.tls_required",
            SyncError::TlsWeakened(_) => "address.tls_weakened",
            SyncError::LoginMechanism => "address.mechanism",
            SyncError::Dns => "remote.dns",
            SyncError::Unreachable => "remote.unreachable",
            SyncError::Tls => "remote.tls",
            SyncError::Login => "remote.login",
            SyncError::Standalone => "remote.standalone",
            SyncError::NotInitiated => "remote.not_initiated",
            SyncError::NoPrimary => "remote.no_primary",
            SyncError::NotMongo => "remote.not_mongodb",
            SyncError::ServerTooOld => "remote.too_old",
            SyncError::Interrupted => "remote.interrupted",
            SyncError::Busy => "remote.busy",
            SyncError::Clone => "device.clone",
            SyncError::Forbidden => "remote.forbidden",
            SyncError::OtherRealm => "remote.other_realm",
            SyncError::ProgramTooOld => "program.too_old",
            SyncError::RemoteFull => "remote.full",
            SyncError::NoRealm => "remote.no_realm",
            SyncError::Answer(_) => "remote.answer",
            SyncError::Server(_) => "remote.refused",
            SyncError::Vault(VaultTrouble::DiskFull) => "vault.disk_full",
            SyncError::Vault(VaultTrouble::Locked) => "vault.locked",
            SyncError::Vault(VaultTrouble::CheckFailed) => "vault.check_failed",
            SyncError::Vault(VaultTrouble::Failed(_)) => "vault.failed",
            SyncError::NoRemote => "remote.none",
            SyncError::Paused => "sync.paused",
            SyncError::Stopped => "sync.stopped",
            SyncError::LocalServer(_) => "server.local",
        }
    }

    /// Must a person do something before another attempt makes sense? Such an error blocks the engine; all others are
    /// retried with back-off.
    pub fn is_lasting(&self) -> bool {
        !matches!(
            self,
            SyncError::Dns
                | SyncError::Unreachable
                | SyncError::NoPrimary
                | SyncError::Interrupted
                | SyncError::Busy
                | SyncError::NoRealm
                | SyncError::Server(_)
                | SyncError::Vault(VaultTrouble::Failed(_))
        )
    }

    /// Is it this computer that is in trouble, rather than the remote?
    pub fn is_local(&self) -> bool {
        matches!(self, SyncError::Vault(_))
    }
}

impl From<MailboxError> for SyncError {
    fn from(error: MailboxError) -> Self {
        SyncError::Vault(match error {
            MailboxError::DiskFull => VaultTrouble::DiskFull,
            MailboxError::Locked => VaultTrouble::Locked,
            MailboxError::Copied => return SyncError::Clone,
            MailboxError::CheckFailed => VaultTrouble::CheckFailed,
            MailboxError::Failed(reason) => VaultTrouble::Failed(reason),
        })
    }
}

/// The result of anything in this crate.
pub type Result<T> = std::result::Result<T, SyncError>;
