//! HTTP by hand, from any address of this computer: what a link host is asked with, byte for byte.

use crate::seen::Seen;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

/// How long an answer is waited for. A connection that the system dropped from a full queue would wait for minutes.
const PATIENCE: Duration = Duration::from_secs(60);

/// The `n`th address of this computer beyond the first.
pub fn address(n: u16) -> Ipv4Addr {
    let [high, low] = n.to_be_bytes();
    Ipv4Addr::new(127, 1, high, low)
}

/// Asks; `None` if the connection broke or took too long.
pub async fn ask(to: SocketAddr, from: Ipv4Addr, method: &str, path: &str, host: &str, body: &str) -> Option<Seen> {
    let length = body.len();
    let text = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {length}\r\n\r\n{body}");
    tokio::time::timeout(PATIENCE, send(to, from, &text)).await.ok().flatten()
}

async fn send(to: SocketAddr, from: Ipv4Addr, text: &str) -> Option<Seen> {
    let socket = TcpSocket::new_v4().ok()?;
    socket.bind(SocketAddr::new(IpAddr::V4(from), 0)).ok()?;
    let mut stream = socket.connect(to).await.ok()?;
    stream.write_all(text.as_bytes()).await.ok()?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.ok()?;
    Seen::read(std::str::from_utf8(&bytes).ok()?)
}

/// Sends a byte of its headers now and then, for as long as it is let, again and again.
pub async fn dawdle(to: SocketAddr) {
    loop {
        let Ok(mut stream) = TcpStream::connect(to).await else { return };
        while stream.write_all(b"P").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(700)).await;
        }
    }
}
