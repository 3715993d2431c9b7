//! The reader before hosts that misbehave.
#![allow(clippy::unwrap_used, reason = "tests")]

use share::fetch::{ANSWER_MAX, AddressPolicy, inspect, open};
use share::link::{Flags, Link, LinkKey, make_id};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

const LAN: AddressPolicy = AddressPolicy { allow_lan: true };

/// Answers every request with the same bytes, then closes. Returns where.
async fn host(answer: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 64 * 1024];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(&answer).await;
            let _ = stream.shutdown().await;
        }
    });
    at
}

fn link(at: &str, flags: Flags) -> Link {
    Link::make(&format!("http://{at}/{}", make_id().unwrap()), LinkKey::make().unwrap(), None, flags, None).unwrap()
}

fn response(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n{body}", body.len())
        .into_bytes()
}

async fn outcome(answer: Vec<u8>, flags: Flags) -> share::Error {
    let link = link(&host(answer).await, flags);
    open(&link, "Ann", Some("1"), LAN, 0).await.unwrap_err()
}

#[tokio::test]
async fn every_kind_of_answer_becomes_its_own_error() {
    let manifest = || Flags::manifest(false, true);
    for (answer, expected) in [
        (response("404 Not Found", "", "{}"), "no_longer_shared"),
        (response("410 Gone", "", ""), "no_longer_shared"),
        (response("301 Moved", "location: http://127.0.0.1:1/\r\n", ""), "host_redirects"),
        (response("302 Found", "location: https://example.org/\r\n", ""), "host_redirects"),
        (response("307 Again", "location: file:///etc/passwd\r\n", ""), "host_redirects"),
        (response("500 Oops", "", ""), "host_refused"),
        (response("204 Nothing", "", ""), "host_refused"),
        (response("200 OK", "", "not JSON"), "bad_manifest"),
        (response("200 OK", "", "{}"), "bad_manifest"),
        (response("200 OK", "", r#"{"files":[{}]}"#), "bad_manifest"),
        (response("200 OK", "", r#"{"files":[{"embedded":"a.b.c"}]}"#), "not_encrypted"),
        (response("200 OK", "", r#"{"files":[{"location":"file:///etc/passwd"}]}"#), "address_refused"),
        (response("200 OK", "", r#"{"files":[{"location":"http://169.254.169.254/latest"}]}"#), "address_refused"),
        (response("200 OK", "", r#"{"files":[{"location":"http://9.9.9.9/f"}]}"#), "address_refused"),
        (b"not HTTP at all\r\n\r\n".to_vec(), "host_unreachable"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\nbroken off".to_vec(), "host_unreachable"),
        (Vec::new(), "host_unreachable"),
    ] {
        let shown = String::from_utf8_lossy(&answer).into_owned();
        assert_eq!(outcome(answer, manifest()).await.code(), expected, "{shown}");
    }
}

/// None is followed at all, so none leads from https to http.
#[tokio::test]
async fn r4_no_redirect_is_followed() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = elsewhere.local_addr().unwrap();
    for status in ["301 Moved", "302 Found", "303 See", "307 Again", "308 For good"] {
        let answer = response(status, &format!("location: http://{at}/\r\n"), "");
        for flags in [Flags::direct(), Flags::manifest(true, false)] {
            assert_eq!(outcome(answer.clone(), flags).await.code(), "host_redirects", "{status}");
        }
    }
    let asked = tokio::time::timeout(std::time::Duration::from_millis(50), elsewhere.accept()).await;
    assert!(asked.is_err(), "the other address was never asked");
}

#[tokio::test]
async fn what_a_host_says_with_a_refusal_is_passed_on() {
    let manifest = || Flags::manifest(false, true);
    let wrong = outcome(response("401 No", "", r#"{"remainingAttempts":4}"#), manifest()).await;
    assert!(matches!(wrong, share::Error::WrongPasscode { remaining: Some(4) }));
    assert!(wrong.to_string().contains("4 guesses"));
    let silent = outcome(response("401 No", "", "nothing readable"), manifest()).await;
    assert!(matches!(silent, share::Error::WrongPasscode { remaining: None }));
    let later = outcome(response("429 Slow", "retry-after: 30\r\n", ""), manifest()).await;
    assert!(matches!(later, share::Error::TryLater { retry_after: Some(30) }));
    let dated = outcome(response("429 Slow", "retry-after: Wed, 21 Oct 2026 07:28:00 GMT\r\n", ""), manifest()).await;
    assert!(matches!(dated, share::Error::TryLater { retry_after: None }));
}

#[tokio::test]
async fn answers_are_bounded_whether_or_not_they_say_their_length() {
    let claimed = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", ANSWER_MAX + 1).into_bytes();
    assert_eq!(outcome(claimed, Flags::direct()).await.code(), "too_much");
    let link = link(&endless_host().await, Flags::direct());
    let refused = open(&link, "Ann", None, LAN, 0).await.unwrap_err();
    assert!(matches!(refused, share::Error::TooMuch { limit: ANSWER_MAX }), "{refused}");
}

/// Sends an answer without a length and without an end. Returns where.
async fn endless_host() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 64 * 1024];
        let _ = stream.read(&mut request).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n").await;
        while stream.write_all(&[b'x'; 64 * 1024]).await.is_ok() {}
    });
    at
}

#[tokio::test]
async fn r5_a_manifest_may_not_lead_into_the_local_network_unasked() {
    // Names and numbers of this computer, in the forms that have fooled others.
    for at in
        ["127.0.0.1:9", "127.1:9", "0x7f000001:9", "2130706433:9", "[::1]:9", "[::ffff:127.0.0.1]:9", "localhost:9"]
    {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://{at}/{}", make_id().unwrap());
            let link = Link::make(&url, LinkKey::make().unwrap(), None, Flags::direct(), None).unwrap();
            let refused = open(&link, "Ann", None, AddressPolicy::default(), 0).await.unwrap_err();
            assert_eq!(refused.code(), "local_address", "{url}");
        }
    }
}

#[tokio::test]
async fn a_host_without_tls_is_no_https_host() {
    let at = host(response("200 OK", "", "x")).await;
    let url = format!("https://{at}/{}", make_id().unwrap());
    let link = Link::make(&url, LinkKey::make().unwrap(), None, Flags::direct(), None).unwrap();
    let refused = open(&link, "Ann", None, LAN, 0).await.unwrap_err();
    // On a computer without any trusted certificate the connection is not even tried.
    assert!(matches!(refused.code(), "host_unreachable" | "no_tls"), "{refused}");
}

#[tokio::test]
async fn r1_a_published_file_without_a_type_is_recognised() {
    let jwe = include_str!("data/IPS_IG-bundle-01-enc.txt");
    let at = host(response("200 OK", "content-type: text/plain\r\n", jwe)).await;
    let theirs = Link::parse(include_str!("data/IPS_IG-bundle-01-shl.txt")).unwrap();
    let link =
        Link::make(&format!("http://{at}/{}", make_id().unwrap()), theirs.key().clone(), None, Flags::direct(), None)
            .unwrap();
    let files = open(&link, "Ann", None, LAN, 0).await.unwrap();
    assert_eq!(files[0].content_type, "application/fhir+json");
    assert_eq!(files[0].bytes, include_bytes!("data/IPS_IG-bundle-01.json"));
}

#[test]
fn r6_looking_needs_no_network() {
    let preview = inspect(include_str!("data/IPS_IG-bundle-01-shl.txt")).unwrap();
    assert_eq!(preview.host, "raw.githubusercontent.com");
    assert_eq!(preview.label.as_deref(), Some("Demo SHL for IPS_IG-bundle-01"));
    assert!(preview.direct && preview.long_term && !preview.needs_passcode && preview.encrypted_transport);
}
