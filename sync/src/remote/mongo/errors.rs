//! What MongoDB's errors mean to a person.

use crate::error::SyncError;
use mongodb::error::{Error, ErrorKind, WriteFailure};
use mongodb::event::EventHandler;
use mongodb::event::sdam::SdamEvent;
use mongodb::options::{ClientOptions, ServerAddress, Tls};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

/// MongoDB's error codes (src/mongo/base/error_codes.yml) that mean something here.
pub(super) mod codes {
    pub const USER_NOT_FOUND: i32 = 11;
    pub const UNAUTHORIZED: i32 = 13;
    pub const AUTHENTICATION_FAILED: i32 = 18;
    pub const ILLEGAL_OPERATION: i32 = 20;
    pub const NAMESPACE_EXISTS: i32 = 48;
    pub const INDEX_OPTIONS_CONFLICT: i32 = 85;
    pub const DOCUMENT_VALIDATION: i32 = 121;
    pub const ATLAS: i32 = 8_000;
    pub const BSON_TOO_LARGE: i32 = 10_334;
    pub const DUPLICATE_KEY: i32 = 11_000;
    pub const OUT_OF_DISK: i32 = 14_031;
    pub const USER_EXISTS: i32 = 51_003;
    /// A collection, an index with options of somebody else's, or a role is there already.
    pub const THERE: [i32; 4] = [NAMESPACE_EXISTS, INDEX_OPTIONS_CONFLICT, 86, 51_002];
    pub const CHANGE_STREAM_NEEDS_SET: i32 = 40_573;
    /// The server steps down, shuts down or is not the primary.
    pub const NOT_PRIMARY: [i32; 7] = [91, 189, 10_058, 10_107, 11_600, 11_602, 13_435];
}

/// The code of a command's or of a write's error.
pub(super) fn code(error: &Error) -> Option<i32> {
    match error.kind.as_ref() {
        ErrorKind::Command(command) => Some(command.code),
        ErrorKind::Write(WriteFailure::WriteError(write)) => Some(write.code),
        ErrorKind::Write(WriteFailure::WriteConcernError(concern)) => Some(concern.code),
        ErrorKind::InsertMany(many) => {
            let first = many.write_errors.as_ref().and_then(|errors| errors.first()).map(|error| error.code);
            first.or(many.write_concern_error.as_ref().map(|concern| concern.code))
        }
        // The answer of a raw command that changes documents.
        ErrorKind::Custom(_) => error.get_custom::<i32>().copied().filter(|code| *code != 0),
        _ => None,
    }
}

/// The code of a failed command, for those who set servers up.
pub(crate) fn command_code(error: &Error) -> Option<i32> {
    code(error)
}

/// An error before any connection: the string, or the DNS look-up of a `mongodb+srv` address.
pub(crate) fn from_parsing(error: &Error) -> SyncError {
    match error.kind.as_ref() {
        ErrorKind::DnsResolve { .. } | ErrorKind::Io(_) => SyncError::Dns,
        ErrorKind::InvalidTlsConfig { .. } => SyncError::Tls,
        _ => SyncError::AddressMalformed("one of its options is wrong"),
    }
}

/// What the driver's monitors have met. A failed operation says only that no server could be chosen; the reason is here.
#[derive(Clone, Default)]
pub(crate) struct Seen(Arc<Mutex<Met>>);

#[derive(Default)]
struct Met {
    hosts: Vec<ServerAddress>,
    tls: bool,
    failure: Option<Error>,
    /// Did anybody ever answer?
    answered: bool,
    /// The last who answered waits for its replica set to be initiated.
    ghost: bool,
}

impl Seen {
    pub(super) fn listen_to(&self, options: &mut ClientOptions) {
        {
            let mut met = self.met();
            met.hosts.clone_from(&options.hosts);
            met.tls = matches!(options.tls, Some(Tls::Enabled(_)));
        }
        let seen = self.clone();
        options.sdam_event_handler = Some(EventHandler::callback(move |event| seen.note(event)));
    }

    fn note(&self, event: SdamEvent) {
        match event {
            SdamEvent::ServerHeartbeatFailed(failed) => self.met().failure = Some(failed.failure),
            SdamEvent::ServerHeartbeatSucceeded(beat) => {
                let mut met = self.met();
                (met.failure, met.answered) = (None, true);
                met.ghost = beat.reply.get_bool("isreplicaset").unwrap_or(false);
            }
            _ => {}
        }
    }

    fn met(&self) -> MutexGuard<'_, Met> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The meaning of an error, together with what the monitors met.
    pub(super) async fn explain(&self, error: &Error) -> SyncError {
        let hosts = self.met().hosts.clone();
        let explained = match error.kind.as_ref() {
            ErrorKind::ServerSelection { .. } => self.met().why_nobody(),
            _ => in_talk(error),
        };
        tracing::debug!(code = explained.code(), kind = kind_name(error), "the database answered with an error");
        match explained {
            SyncError::Unreachable if !any_resolves(&hosts).await => SyncError::Dns,
            explained => explained,
        }
    }
}

impl Met {
    /// Why no server could be chosen.
    fn why_nobody(&self) -> SyncError {
        match &self.failure {
            Some(failure) => at_first_contact(failure, self.tls),
            None if self.ghost => SyncError::NotInitiated,
            None if self.answered => SyncError::NoPrimary,
            None => SyncError::Unreachable,
        }
    }
}

/// A heartbeat failed: nobody, or somebody else, is at the other end.
fn at_first_contact(error: &Error, tls: bool) -> SyncError {
    match error.kind.as_ref() {
        ErrorKind::Io(cause) if is_tls(cause) => SyncError::Tls,
        // A server that does not speak TLS hangs up on the handshake.
        ErrorKind::Io(cause) if tls && is_hang_up(cause) => SyncError::Tls,
        ErrorKind::Io(cause) => match cause.kind() {
            io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                SyncError::NotMongo
            }
            _ => SyncError::Unreachable,
        },
        ErrorKind::InvalidResponse { .. } | ErrorKind::Internal { .. } | ErrorKind::Bson(_) => SyncError::NotMongo,
        _ => in_talk(error),
    }
}

fn in_talk(error: &Error) -> SyncError {
    match error.kind.as_ref() {
        ErrorKind::Authentication { .. } => SyncError::Login,
        ErrorKind::DnsResolve { .. } => SyncError::Dns,
        ErrorKind::InvalidTlsConfig { .. } => SyncError::Tls,
        ErrorKind::Io(cause) if is_tls(cause) => SyncError::Tls,
        ErrorKind::Io(_) | ErrorKind::ConnectionPoolCleared { .. } | ErrorKind::Shutdown => SyncError::Interrupted,
        ErrorKind::IncompatibleServer { .. } => SyncError::ServerTooOld,
        ErrorKind::SessionsNotSupported | ErrorKind::Transaction { .. } => SyncError::Standalone,
        ErrorKind::InvalidResponse { .. } | ErrorKind::Bson(_) => SyncError::Answer("a document cannot be decoded"),
        _ => code(error).map_or(SyncError::Interrupted, from_code),
    }
}

fn from_code(code: i32) -> SyncError {
    match code {
        codes::UNAUTHORIZED => SyncError::Forbidden,
        codes::AUTHENTICATION_FAILED => SyncError::Login,
        codes::ILLEGAL_OPERATION | codes::CHANGE_STREAM_NEEDS_SET => SyncError::Standalone,
        codes::OUT_OF_DISK | codes::ATLAS => SyncError::RemoteFull,
        code if codes::NOT_PRIMARY.contains(&code) => SyncError::NoPrimary,
        code => SyncError::Server(code),
    }
}

fn is_hang_up(cause: &io::Error) -> bool {
    matches!(cause.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset)
}

fn is_tls(cause: &io::Error) -> bool {
    cause.get_ref().is_some_and(|inner| inner.downcast_ref::<rustls::Error>().is_some())
}

/// A failed look-up reaches us as an I/O error without a kind of its own; so it is asked again, here.
async fn any_resolves(hosts: &[ServerAddress]) -> bool {
    for host in hosts {
        let ServerAddress::Tcp { host, port } = host else { return true };
        if tokio::net::lookup_host((host.as_str(), port.unwrap_or(27_017))).await.is_ok() {
            return true;
        }
    }
    false
}

/// The name of the kind alone: the message could hold a host.
fn kind_name(error: &Error) -> &'static str {
    match error.kind.as_ref() {
        ErrorKind::ServerSelection { .. } => "selection",
        ErrorKind::Io(_) => "io",
        ErrorKind::Command(_) => "command",
        ErrorKind::Write(_) | ErrorKind::InsertMany(_) => "write",
        ErrorKind::Authentication { .. } => "authentication",
        _ => "other",
    }
}

/// Why the remote will never take a parcel as it is, for a person.
pub(super) fn refusal(code: Option<i32>) -> String {
    match code {
        Some(codes::DUPLICATE_KEY) => crate::remote::TAKEN.into(),
        Some(codes::DOCUMENT_VALIDATION) => "the remote's rules for this collection refuse it".into(),
        Some(codes::UNAUTHORIZED) => "this device may not write this kind of document".into(),
        Some(codes::BSON_TOO_LARGE) => "the document is too large for the remote".into(),
        Some(code) => format!("the remote refuses it (MongoDB error {code})"),
        None => "the document cannot be written as it is".into(),
    }
}
