//! Serving a listener with bounds that a slow or greedy peer cannot pass.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

/// How many connections are served at once; more wait to be accepted.
pub const CONNECTIONS_MAX: usize = 256;
/// How long a peer may take to send its headers.
const HEADER_TIME: Duration = Duration::from_secs(10);
/// How long a connection may live: 16 MiB at half a megabit a second.
const CONNECTION_TIME: Duration = Duration::from_secs(300);
/// How long running answers are waited for when stopping.
const STOP_TIME: Duration = Duration::from_secs(3);
/// How long to wait when the system will not accept a connection (for example for want of file handles).
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);
const HEADERS_MAX: usize = 64;
const HEADER_BYTES_MAX: usize = 16 * 1024;

/// Serves `router` on `listener` until `stop` completes, then lets running answers end for a few seconds. One request for each
/// connection, HTTP/1.1; headers within ten seconds and 16 KiB; at most [`CONNECTIONS_MAX`] at once.
pub async fn run(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut connections = JoinSet::new();
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            accepted = accept(&listener, &places) => match accepted {
                Some((stream, peer, place)) => {
                    connections.spawn(serve_one(stream, peer, router.clone(), place));
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

async fn serve_one(stream: TcpStream, peer: SocketAddr, router: Router, place: OwnedSemaphorePermit) {
    let service = TowerToHyperService::new(router.layer(Extension(ConnectInfo(peer))));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_headers(HEADERS_MAX)
        .max_buf_size(HEADER_BYTES_MAX)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    // A peer that breaks off, stalls or speaks no HTTP concerns nobody but itself.
    let _ended = tokio::time::timeout(CONNECTION_TIME, connection).await;
    drop(place);
}
