//! The whole protocol over a real loopback listener: our router on one end, our reader, or HTTP by hand, on the other.
#![allow(clippy::unwrap_used, reason = "tests")]

mod memory;
mod raw;
mod tls;
mod wire;

use std::sync::Arc;

use memory::{BUNDLE, NOW, Town, with_passcode};
use share::fetch::{AddressPolicy, OpenedFile, open};
use share::link::{Flags, Link};
use share::tally::LinkState;
use tokio::sync::Semaphore;
use wire::{ask, path};

const LAN: AddressPolicy = AddressPolicy { allow_lan: true };

async fn read(link: &Link, passcode: Option<&str>) -> Result<Vec<OpenedFile>, share::Error> {
    open(link, "Dr Ann", passcode, LAN, NOW).await
}

async fn code(link: &Link, passcode: Option<&str>) -> &'static str {
    read(link, passcode).await.map_or_else(|e| e.code(), |_| "ok")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_direct_file_is_opened_and_counted() {
    let town = Town::found().await;
    let link = town.share(Flags::direct(), LinkState { max_uses: Some(2), ..LinkState::default() }, &[BUNDLE]);
    let files = read(&link, None).await.unwrap();
    assert_eq!(
        (files.len(), files[0].bytes.as_slice(), files[0].content_type.as_str()),
        (1, BUNDLE, "application/fhir+json")
    );
    assert_eq!(code(&link, None).await, "ok");
    assert_eq!(code(&link, None).await, "no_longer_shared");
    assert_eq!(town.state(&link).uses, 2);
    let seen = town.host.seen.lock().unwrap();
    assert_eq!(seen[0].recipient, "Dr Ann");
    assert_eq!(seen[0].address, Some(town.at.ip()));
    assert_eq!(seen[0].user_agent.as_deref(), Some("Aidpost"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_embeds_the_small_and_points_to_the_large() {
    let town = Town::found().await;
    let large: Vec<u8> =
        (0..3_000_000u32).flat_map(|i| i.wrapping_mul(2_654_435_761).to_le_bytes()).take(2_000_000).collect();
    let link = town.share(Flags::manifest(true, false), LinkState::default(), &[BUNDLE, &large]);
    let files = read(&link, None).await.unwrap();
    assert_eq!(files.len(), 2);
    assert_eq!(files[0].bytes, BUNDLE);
    assert!(files[1].bytes == large);
    assert_eq!(files[0].last_updated.as_deref(), Some("2027-01-15T08:00:00Z"));
    assert_eq!(town.state(&link).uses, 1, "fetching a file of a manifest is no use of its own");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_is_also_read_by_name() {
    let town = Town::found().await;
    let link = town.share(Flags::direct(), LinkState::default(), &[BUNDLE]);
    let url = link.url().replace("127.0.0.1", "localhost");
    let named = Link::make(&url, link.key().clone(), None, Flags::direct(), None).unwrap();
    assert_eq!(read(&named, None).await.unwrap()[0].bytes, BUNDLE);
}

#[tokio::test(flavor = "multi_thread")]
async fn r5_a_local_host_is_not_asked_without_permission() {
    let town = Town::found().await;
    let link = town.share(Flags::direct(), LinkState::default(), &[BUNDLE]);
    let refused = open(&link, "Dr Ann", None, AddressPolicy::default(), NOW).await.unwrap_err();
    assert_eq!(refused.code(), "local_address");
    assert!(town.host.seen.lock().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn s2_a_passcode_is_asked_for_and_counted() {
    let town = Town::found().await;
    let link = town.share(Flags::manifest(false, true), with_passcode("4711", 3), &[BUNDLE]);
    assert_eq!(code(&link, None).await, "passcode_needed");
    assert!(matches!(read(&link, Some("1")).await.unwrap_err(), share::Error::WrongPasscode { remaining: Some(2) }));
    assert_eq!(code(&link, Some(" 4711 ")).await, "ok");
    assert!(
        matches!(read(&link, Some("2")).await.unwrap_err(), share::Error::WrongPasscode { remaining: Some(1) }),
        "a right one refills nothing"
    );
    let missing = ask(&town, "POST", &path(&link), r#"{"recipient":"Ann"}"#).await;
    assert_eq!((missing.status, missing.body.as_str()), (401, r#"{"remainingAttempts":1}"#));
    assert!(matches!(read(&link, Some("3")).await.unwrap_err(), share::Error::WrongPasscode { remaining: Some(0) }));
    assert_eq!(code(&link, Some("4711")).await, "no_longer_shared");
    assert_eq!(town.state(&link).uses, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn s2_a_thousand_parallel_wrong_guesses_spend_exactly_the_budget() {
    let town = Arc::new(Town::found().await);
    let link = town.share(Flags::manifest(false, true), with_passcode("4711", 7), &[BUNDLE]);
    let codes = in_parallel(1000, &link, Some("0000")).await;
    let count = |code: &str| codes.iter().filter(|own| **own == code).count();
    assert_eq!((count("wrong_passcode"), count("no_longer_shared")), (7, 993));
    assert_eq!(town.state(&link).wrong_left, 0);
    assert_eq!(code(&link, Some("4711")).await, "no_longer_shared");
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_a_hundred_parallel_openings_never_pass_the_uses() {
    let town = Arc::new(Town::found().await);
    for flags in [Flags::direct(), Flags::manifest(true, false)] {
        let link = town.share(flags, LinkState { max_uses: Some(5), ..LinkState::default() }, &[BUNDLE]);
        let codes = in_parallel(100, &link, None).await;
        let count = |code: &str| codes.iter().filter(|own| **own == code).count();
        assert_eq!((count("ok"), count("no_longer_shared")), (5, 95));
        assert_eq!(town.state(&link).uses, 5);
    }
}

async fn in_parallel(times: usize, link: &Link, passcode: Option<&'static str>) -> Vec<&'static str> {
    let sockets = Arc::new(Semaphore::new(200));
    let all: Vec<_> = (0..times)
        .map(|_| {
            let (sockets, link) = (Arc::clone(&sockets), link.clone());
            tokio::spawn(async move {
                let _place = sockets.acquire().await.unwrap();
                code(&link, passcode).await
            })
        })
        .collect();
    let mut codes = Vec::new();
    for one in all {
        codes.push(one.await.unwrap());
    }
    codes
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_stops_when_told_even_with_a_silent_peer() {
    let town = Town::found().await;
    let at = town.at;
    let silent = tokio::net::TcpStream::connect(at).await.unwrap();
    let link = town.share(Flags::direct(), LinkState::default(), &[BUNDLE]);
    assert_eq!(code(&link, None).await, "ok");
    let closed = tokio::time::timeout(std::time::Duration::from_secs(10), town.close()).await;
    assert!(closed.is_ok());
    assert_eq!(code(&link, None).await, "host_unreachable");
    drop(silent);
}

#[tokio::test(flavor = "multi_thread")]
async fn r6_an_expired_link_is_not_even_asked() {
    let town = Town::found().await;
    let link = town.share(Flags::direct(), LinkState::default(), &[BUNDLE]);
    let expired = Link::make(link.url(), link.key().clone(), Some(NOW), Flags::direct(), None).unwrap();
    assert_eq!(code(&expired, None).await, "link_expired");
    assert!(town.host.seen.lock().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_of_link_is_made_served_and_read() {
    let town = Town::found().await;
    for (long_term, passcode, direct) in
        [(false, false, true), (false, true, false), (true, false, false), (true, true, false), (true, false, true)]
    {
        let mut flags = Flags::manifest(long_term, passcode);
        flags.direct = direct;
        let state = if passcode { with_passcode("4711", 5) } else { LinkState::default() };
        let link = town.share(flags.clone(), state, &[BUNDLE]);
        // As it is handed over: drawn, photographed, read.
        let again = share::qr::read_link(&share::qr::png(&link.to_text(), 4).unwrap()).unwrap();
        assert_eq!(again.flags().to_text(), flags.to_text());
        let files = read(&again, passcode.then_some("4711")).await.unwrap();
        assert_eq!(files[0].bytes, BUNDLE, "{}", flags.to_text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s9_a_restart_keeps_the_counters() {
    let town = Town::found().await;
    let state = LinkState { max_uses: Some(3), ..with_passcode("4711", 3) };
    let link = town.share(Flags::manifest(false, true), state, &[BUNDLE]);
    assert_eq!((code(&link, Some("4711")).await, code(&link, Some("1")).await), ("ok", "wrong_passcode"));
    let town = town.restart().await;
    assert_eq!((town.state(&link).uses, town.state(&link).wrong_left), (1, 2));
    assert_eq!((code(&link, Some("4711")).await, code(&link, Some("4711")).await), ("ok", "ok"));
    assert_eq!(code(&link, Some("4711")).await, "no_longer_shared");
}
