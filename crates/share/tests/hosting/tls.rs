//! A host with a certificate of its own.

use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use share::link::Flags;
use share::serve::Tls;
use share::tally::LinkState;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::memory::{BUNDLE, Town};
use crate::raw;
use crate::wire::path;

struct Papers {
    certificate: String,
    key: String,
    client: TlsConnector,
}

fn papers() -> Papers {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let signer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let own = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &signer).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(signer.der().clone()).unwrap();
    let client = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Papers { certificate: own.pem(), key: key.serialize_pem(), client: TlsConnector::from(Arc::new(client)) }
}

async fn ask(town: &Town, client: &TlsConnector, path: &str) -> String {
    let stream = TcpStream::connect(town.at).await.unwrap();
    let mut stream = client.connect(ServerName::try_from("localhost").unwrap(), stream).await.unwrap();
    let body = r#"{"recipient":"Ann","embeddedLengthMax":0}"#;
    let head =
        format!("POST {path} HTTP/1.1\r\nhost: localhost:{}\r\ncontent-length: {}\r\n\r\n", town.at.port(), body.len());
    stream.write_all((head + body).as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // Some peers close without a word of TLS; what they sent is whole all the same.
    let _closed = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_guards_what_is_asked_and_slow_peers_of_one_address_hold_up_themselves() {
    let papers = papers();
    let town = Town::found_with(Tls::from_pem(papers.certificate.as_bytes(), papers.key.as_bytes()).unwrap()).await;
    let link = town.share(Flags::manifest(false, false), LinkState::default(), &[BUNDLE]);
    let answer = ask(&town, &papers.client, &path(&link)).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(
        answer.contains(&format!("https://localhost:{}/shl/", town.at.port())),
        "locations are https too: {answer}"
    );
    // Plain HTTP is no handshake: it is answered with nothing of ours.
    let plain = raw::send(town.at, "POST", &path(&link), &town.at.to_string(), "", r#"{"recipient":"Ann"}"#).await;
    assert_eq!(plain.status, 0, "{plain:?}");
    assert_eq!(town.state(&link).uses, 1);

    // Four silent connections are all that an address may have; a fifth is closed at once.
    let mut silent = Vec::new();
    for _ in 0..4 {
        silent.push(TcpStream::connect(town.at).await.unwrap());
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let mut fifth = TcpStream::connect(town.at).await.unwrap();
    let closed = tokio::time::timeout(Duration::from_secs(2), fifth.read(&mut [0; 1])).await;
    assert!(matches!(closed, Ok(Ok(0) | Err(_))), "{closed:?}");
    silent.clear();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(ask(&town, &papers.client, &path(&link)).await.starts_with("HTTP/1.1 200"));
}

#[test]
fn papers_that_do_not_fit_are_refused_by_name() {
    let (one, other) = (papers(), papers());
    let code = |certificate: &str, key: &str| {
        Tls::from_pem(certificate.as_bytes(), key.as_bytes()).err().map(|error| error.to_string())
    };
    assert_eq!(code(&one.certificate, &one.key), None);
    for (certificate, key, words) in [
        (one.certificate.as_str(), other.key.as_str(), "not that of the certificate"),
        ("", one.key.as_str(), "no certificate in the file"),
        (one.key.as_str(), one.key.as_str(), "no certificate in the file"),
        (one.certificate.as_str(), "", "no key in the file"),
    ] {
        assert!(code(certificate, key).unwrap().contains(words), "{words}");
    }
}
