//! HTTP by hand, so that answers are seen byte for byte.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

#[path = "../../../../tests/src/seen.rs"]
mod seen;
pub use seen::Seen;

pub async fn send(at: SocketAddr, method: &str, path: &str, host: &str, more: &str, body: &str) -> Seen {
    let request =
        format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {}\r\n{more}\r\n{body}", body.len());
    send_text(at, &request).await
}

pub async fn send_text(at: SocketAddr, request: &str) -> Seen {
    let mut stream = TcpStream::connect(at).await.unwrap();
    // A host that has refused early may close before the rest is written; what it answered is still read.
    let _ = stream.write_all(request.as_bytes()).await;
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes).await;
    let text = String::from_utf8(bytes).unwrap();
    Seen::read(&text).unwrap_or(Seen { status: 0, head: text, body: String::new() })
}
