//! HTTP by hand, so that answers are seen byte for byte.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

#[derive(Debug)]
pub struct Seen {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// All but the date, which is the time's and not the link's.
    pub fn without_date(&self) -> String {
        let kept: Vec<&str> =
            self.head.lines().filter(|line| !line.to_ascii_lowercase().starts_with("date:")).collect();
        format!("{}\n\n{}", kept.join("\n"), self.body)
    }
}

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
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
    Seen { status, head: head.to_owned(), body: body.to_owned() }
}
