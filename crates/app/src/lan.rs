//! The link host on the local network: runs while shares are live, answers, and writes every request down.

mod answering;

use crate::{Options, Problem, Session, ask::of, session::off_thread, shares};
pub(crate) use answering::refused;
use answering::{Refused, write_refused};
use model::ShareToken;
use share::{
    serve::{self, Answer, Asked, Bounds, FileStatus, HostedFile, Pace, TicketKey},
    tally::Dead,
};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket},
    sync::{Arc, Mutex, Weak},
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use vault::Row;

const PORT: &str = "link_port";

/// Where shares are served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostAddress(SocketAddr);

impl HostAddress {
    /// The beginning of a link's address.
    pub fn base(&self) -> String {
        format!("http://{}", self.0)
    }
}

/// The host of one session.
pub struct LinkHost {
    options: Options,
    running: tokio::sync::Mutex<Option<Running>>,
    /// One request at a time decides and is written down, so that a use is never counted twice or lost.
    gate: Mutex<()>,
    /// Refused openings that are still to be written down.
    refused: Mutex<Vec<Refused>>,
    /// A passcode costs 19 MiB and tens of milliseconds to check.
    hashing: tokio::sync::Semaphore,
}

/// How many passcodes are checked at once.
const HASHED_AT_ONCE: usize = 2;

struct Running {
    address: HostAddress,
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl LinkHost {
    /// A host that is not running yet.
    pub fn new(options: Options) -> Self {
        LinkHost {
            options,
            running: tokio::sync::Mutex::new(None),
            gate: Mutex::new(()),
            refused: Mutex::default(),
            hashing: tokio::sync::Semaphore::new(HASHED_AT_ONCE),
        }
    }

    /// Starts the host unless it is running, and says where.
    pub async fn ensure(&self, session: &Arc<Session>) -> Result<HostAddress, Problem> {
        let mut running = self.running.lock().await;
        if let Some(running) = running.as_ref() {
            return Ok(running.address);
        }
        let (listener, address) = self.listen(session).await?;
        let stop = CancellationToken::new();
        let router = serve::router(Arc::new(Shares { session: Arc::downgrade(session) }), options(address)?);
        let stopped = stop.clone();
        let task =
            tokio::spawn(async move { serve::run(listener, router, Bounds::default(), stopped.cancelled()).await });
        tracing::info!(port = address.0.port(), "the link host listens");
        *running = Some(Running { address, stop, task });
        Ok(address)
    }

    /// Starts the host again after an unlock, if a share is still live.
    pub async fn resume(&self, session: &Arc<Session>) -> Result<(), Problem> {
        if !self.options.serve_links {
            return Ok(());
        }
        let this = session.clone();
        let any = off_thread(move || any_live(&this)).await?;
        if any { self.ensure(session).await.map(|_| ()) } else { Ok(()) }
    }

    /// Stops it, and writes down what is still to be written.
    pub async fn stop(&self, session: &Arc<Session>) {
        let Some(running) = self.running.lock().await.take() else { return };
        running.stop.cancel();
        if let Err(error) = running.task.await {
            tracing::warn!(%error, "the link host did not end cleanly");
        }
        write_refused(session).await;
    }

    /// The same port as last time, so that a code that was printed yesterday still leads here.
    async fn listen(&self, session: &Session) -> Result<(TcpListener, HostAddress), Problem> {
        let ip = if self.options.loopback_only { None } else { own_address() };
        let (bind, shown) = match ip {
            Some(ip) => (IpAddr::V4(Ipv4Addr::UNSPECIFIED), ip),
            None => (IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V4(Ipv4Addr::LOCALHOST)),
        };
        let kept = session.vault.setting(PORT)?.and_then(|text| text.parse::<u16>().ok()).unwrap_or(0);
        let listener = match TcpListener::bind((bind, kept)).await {
            Ok(listener) => listener,
            Err(_) => TcpListener::bind((bind, 0)).await.map_err(|error| Problem::said("link_host_failed", &error))?,
        };
        let port = listener.local_addr().map_err(|error| Problem::said("link_host_failed", &error))?.port();
        session.vault.set_setting(PORT, Some(&port.to_string()))?;
        Ok((listener, HostAddress(SocketAddr::new(shown, port))))
    }
}

fn options(address: HostAddress) -> Result<serve::Options, Problem> {
    let port = address.0.port();
    Ok(serve::Options {
        allowed_hosts: vec![address.0.to_string(), format!("127.0.0.1:{port}"), format!("localhost:{port}")],
        https: false,
        behind_proxy: false,
        ticket_key: TicketKey::make()?,
        pace: Pace::default(),
    })
}

/// This computer's address on the local network. Connecting a datagram socket sends nothing; it only asks the system which way it would go.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    match socket.local_addr().ok()?.ip() {
        // Readers ask a computer without TLS only on a network of their own.
        IpAddr::V4(ip) if ip.is_private() || ip.is_link_local() => Some(IpAddr::V4(ip)),
        IpAddr::V4(_) | IpAddr::V6(_) => None,
    }
}

/// `loopback`, `lan` or `host`, for the words on the screen.
pub fn reach_of(url: &str) -> &'static str {
    let host = url.split("://").nth(1).unwrap_or_default().split(['/', ':']).next().unwrap_or_default();
    match host.parse::<Ipv4Addr>() {
        Ok(ip) if ip.is_loopback() => "loopback",
        Ok(ip) if ip.is_private() || ip.is_link_local() => "lan",
        Ok(_) => "host",
        Err(_) if host == "localhost" => "loopback",
        Err(_) => "host",
    }
}

fn any_live(session: &Session) -> Result<bool, Problem> {
    let tokens = session.vault.list::<ShareToken>(&of("is_revoked", false))?;
    for row in tokens.iter().filter(|row| row.value.link_host.is_none()) {
        let state = shares::state_of(session, row)?;
        if !matches!(
            state.dead(session.clock.now_ms() / 1000),
            Some(Dead::Revoked | Dead::Expired | Dead::Exhausted | Dead::Disabled)
        ) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The shares of the open vault, as the protocol sees them.
struct Shares {
    session: Weak<Session>,
}

impl Shares {
    async fn ask(&self, id: &str, asked: &Asked, direct: bool) -> Answer<Vec<HostedFile>> {
        let Some(session) = self.session.upgrade() else { return Answer::Gone };
        let answer = answering::answer(&session, id, asked, direct).await;
        answer.unwrap_or_else(|problem| {
            tracing::warn!(code = problem.code, "a share could not be answered");
            Answer::Unavailable
        })
    }
}

impl serve::Host for Shares {
    fn now(&self) -> u64 {
        self.session.upgrade().map(|session| session.clock.now_ms() / 1000).unwrap_or(u64::MAX)
    }

    async fn manifest(&self, id: &str, asked: &Asked) -> Answer<Vec<HostedFile>> {
        self.ask(id, asked, false).await
    }

    async fn direct(&self, id: &str, asked: &Asked) -> Answer<HostedFile> {
        self.ask(id, asked, true).await.only()
    }

    async fn file(&self, id: &str, file: &str) -> Answer<HostedFile> {
        let Some(session) = self.session.upgrade() else { return Answer::Gone };
        let (id, file) = (id.to_owned(), file.to_owned());
        let answer = off_thread(move || {
            let Some(row) = token(&session, &id)? else { return Ok(None) };
            if row.value.is_revoked || row.value.is_paused {
                return Ok(None);
            }
            Ok(hosted(&session, &row)?.into_iter().find(|one| one.id == file))
        });
        match answer.await {
            Ok(Some(file)) => Answer::Give(file),
            Ok(None) => Answer::Gone,
            Err(_) => Answer::Unavailable,
        }
    }
}

/// The share behind a link, unless a link host serves it: its uses are counted there alone.
fn token(session: &Session, manifest_id: &str) -> Result<Option<Row<ShareToken>>, Problem> {
    let found = session.vault.list::<ShareToken>(&of("manifest_id", manifest_id).limit(1))?.pop();
    Ok(found.filter(|row| row.value.link_host.is_none()))
}

/// The encrypted files of a share, as they are served.
pub(crate) fn hosted(session: &Session, row: &Row<ShareToken>) -> Result<Vec<HostedFile>, Problem> {
    let long_term = share::Link::parse(&row.value.encrypted_token)?.flags().long_term;
    let status = if long_term { FileStatus::CanChange } else { FileStatus::Finalized };
    let mut files = Vec::new();
    for attachment in &row.value.files {
        let bytes = session.read_file(&attachment.file)?;
        files.push(HostedFile {
            id: attachment.id.to_string(),
            content_type: shares::FHIR.to_owned(),
            jwe: String::from_utf8(bytes).map_err(|error| Problem::said("internal", &error))?,
            last_updated: Some(row.value.content_at.unwrap_or(row.created_at).unsigned_ms() / 1000),
            status: Some(status),
        });
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::reach_of;

    #[test]
    fn addresses_are_told_apart() {
        let of = |url| reach_of(url);
        assert_eq!(of("http://127.0.0.1:8417/shl/x"), "loopback");
        assert_eq!(of("http://192.168.1.20:8417/shl/x"), "lan");
        assert_eq!(of("https://links.example.org/shl/x"), "host");
    }
}
