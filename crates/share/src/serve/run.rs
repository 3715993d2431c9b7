//! Serving a listener with bounds that a slow or greedy peer cannot pass.

use std::collections::HashMap;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::{Extension, Router};
use hyper::rt::{Read, Write};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use super::Tls;

/// How long a peer may take for its TLS handshake, and again to send its headers.
const HEADER_TIME: Duration = Duration::from_secs(10);
/// How long a connection may live: 16 MiB at half a megabit a second.
const CONNECTION_TIME: Duration = Duration::from_secs(300);
/// How long running answers are waited for when stopping.
const STOP_TIME: Duration = Duration::from_secs(3);
/// How long to wait when the system will not accept a connection (for example for want of file handles).
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);
const HEADERS_MAX: usize = 64;
const HEADER_BYTES_MAX: usize = 16 * 1024;

/// How a listener is served.
#[derive(Clone, Default)]
pub struct Bounds {
    /// With TLS, or in clear: on loopback, on a local network, behind a proxy.
    pub tls: Option<Tls>,
    /// How many connections are served at once; more wait to be accepted. [`Bounds::CONNECTIONS`] where absent.
    pub connections: Option<usize>,
    /// How many of them one address may have; one more is closed at once. No bound where absent: behind a proxy all are its own.
    pub each_address: Option<usize>,
}

impl Bounds {
    /// How many connections are served at once where nothing else is said.
    pub const CONNECTIONS: usize = 256;
}

/// Serves `router` on `listener` until `stop` completes, then lets running answers end for a few seconds. One request for each
/// connection, HTTP/1.1; headers within ten seconds and 16 KiB; no more connections than `bounds` say.
pub async fn run(listener: TcpListener, router: Router, bounds: Bounds, stop: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(bounds.connections.unwrap_or(Bounds::CONNECTIONS)));
    let guests = Guests::default();
    let mut connections = JoinSet::new();
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            accepted = accept(&listener, &places) => match accepted {
                Some((stream, peer, place)) => {
                    if let Some(guest) = guests.enter(peer.ip(), bounds.each_address) {
                        connections.spawn(serve_one(stream, peer, router.clone(), bounds.tls.clone(), (place, guest)));
                    }
                }
                None => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
        }
    }
    drop(listener);
    // Whoever is not done by then is cut off when the set is dropped.
    let _timed_out = tokio::time::timeout(STOP_TIME, async { while connections.join_next().await.is_some() {} }).await;
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    let (stream, peer) = listener.accept().await.ok()?;
    Some((stream, peer, place))
}

/// How many connections each address has.
#[derive(Clone, Default)]
struct Guests(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// One connection of an address, until it is dropped.
struct Guest {
    all: Guests,
    address: IpAddr,
}

impl Guests {
    fn enter(&self, address: IpAddr, most: Option<usize>) -> Option<Guest> {
        let address = address.to_canonical();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = all.entry(address).or_default();
        if most.is_some_and(|most| *count >= most) {
            return None;
        }
        *count += 1;
        Some(Guest { all: self.clone(), address })
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut all = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = all.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                all.remove(&self.address);
            }
        }
    }
}

/// A peer that breaks off, stalls or speaks neither TLS nor HTTP concerns nobody but itself.
async fn serve_one(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    tls: Option<Tls>,
    places: (OwnedSemaphorePermit, Guest),
) {
    let _ended = match tls {
        None => talk(TokioIo::new(stream), peer, router).await,
        Some(tls) => match tokio::time::timeout(HEADER_TIME, tls.accept(stream)).await {
            Ok(Ok(stream)) => talk(TokioIo::new(stream), peer, router).await,
            Ok(Err(_)) | Err(_) => Ok(()),
        },
    };
    drop(places);
}

async fn talk<S: Read + Write + Unpin + Send + 'static>(stream: S, peer: SocketAddr, router: Router) -> io::Result<()> {
    let service = TowerToHyperService::new(router.layer(Extension(ConnectInfo(peer))));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_headers(HEADERS_MAX)
        .max_buf_size(HEADER_BYTES_MAX)
        .keep_alive(false)
        .serve_connection(stream, service);
    match tokio::time::timeout(CONNECTION_TIME, connection).await {
        Ok(ended) => ended.map_err(io::Error::other),
        Err(_) => Err(io::ErrorKind::TimedOut.into()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_so_many_connections_and_no_more() {
        let (guests, one, other) = (Guests::default(), IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let first = guests.enter(one, Some(2)).unwrap();
        let _second = guests.enter("::ffff:10.0.0.1".parse().unwrap(), Some(2)).unwrap();
        assert!(guests.enter(one, Some(2)).is_none() && guests.enter(other, Some(2)).is_some());
        drop(first);
        assert!(guests.enter(one, Some(2)).is_some());
        assert_eq!(guests.0.lock().unwrap().len(), 1, "whoever left is forgotten");
    }
}
