//! What goes over the wire, looked at by hand: statuses, headers, bounds and tickets.

use serde_json::{Value, json};
use share::link::{Flags, Link};
use share::serve::Pace;
use share::tally::{LinkState, Standing};

use crate::code;
use crate::memory::{BUNDLE, NOW, Town, id, with_passcode};
use crate::raw;

pub async fn ask(town: &Town, method: &str, path: &str, body: &str) -> raw::Seen {
    raw::send(town.at, method, path, &town.at.to_string(), "", body).await
}

pub fn path(link: &Link) -> String {
    format!("/shl/{}", id(link))
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_all_dead_links_answer_alike_to_the_byte() {
    let town = Town::found().await;
    let state = |standing, expires, max_uses| LinkState { standing, expires, max_uses, ..LinkState::default() };
    let dead = [
        state(Standing::Revoked, None, None),
        state(Standing::Paused, None, None),
        state(Standing::Active, Some(NOW), None),
        state(Standing::Active, None, Some(0)),
        with_passcode("4711", 0),
    ];
    let mut paths: Vec<String> =
        dead.iter().map(|state| path(&town.share(Flags::manifest(true, false), state.clone(), &[BUNDLE]))).collect();
    paths.push(format!("/shl/{}", share::link::make_id().unwrap()));
    paths.push("/shl/no.such$id".to_owned());
    paths.push(format!("/shl/{}", "x".repeat(129)));
    paths.push(path(&town.share(Flags::direct(), LinkState::default(), &[BUNDLE])));
    let mut answers = Vec::new();
    for path in &paths {
        answers.push(ask(&town, "POST", path, r#"{"recipient":"Ann","passcode":"4711"}"#).await);
    }
    let direct = town.share(Flags::direct(), state(Standing::Revoked, None, None), &[BUNDLE]);
    let manifest = town.share(Flags::manifest(true, false), LinkState::default(), &[BUNDLE]);
    for link in [&direct, &manifest] {
        answers.push(ask(&town, "GET", &format!("{}?recipient=Ann", path(link)), "").await);
    }
    answers.push(ask(&town, "GET", &format!("{}/f/AAAA", path(&manifest)), "").await);
    answers.push(ask(&town, "GET", "/elsewhere", "").await);
    answers.push(ask(&town, "GET", "/shl/%ff%fe", "").await);
    assert!(answers.iter().all(|answer| answer.status == 404), "{answers:#?}");
    let first = answers[0].without_date();
    for answer in &answers {
        assert_eq!(answer.without_date(), first);
    }
    assert_eq!(town.state(&manifest).uses, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn s6_browsers_may_read_every_answer() {
    let town = Town::found().await;
    let link = town.share(Flags::manifest(false, true), with_passcode("4711", 3), &[BUNDLE]);
    let direct = town.share(Flags::direct(), LinkState::default(), &[BUNDLE]);
    let at = path(&link);
    let right = r#"{"recipient":"Ann","passcode":"4711","embeddedLengthMax":0}"#;
    let given = ask(&town, "POST", &at, right).await;
    let location = location(&given.body);
    let mut answers = vec![
        (204, ask(&town, "OPTIONS", &at, "").await),
        (204, ask(&town, "OPTIONS", "/anywhere", "").await),
        (200, given),
        (200, ask(&town, "GET", &location, "").await),
        (200, ask(&town, "GET", &format!("{}?recipient=Ann", path(&direct)), "").await),
        (401, ask(&town, "POST", &at, r#"{"recipient":"Ann"}"#).await),
        (404, ask(&town, "POST", "/shl/none", r#"{"recipient":"Ann"}"#).await),
        (404, ask(&town, "GET", "/", "").await),
        (400, ask(&town, "POST", &at, "{").await),
        (400, ask(&town, "POST", &at, "{}").await),
        (400, ask(&town, "POST", &at, r#"{"recipient":" \u0000 "}"#).await),
        (400, ask(&town, "GET", &path(&direct), "").await),
        (405, ask(&town, "PUT", &at, "").await),
        (405, ask(&town, "DELETE", &location, "").await),
        (413, ask(&town, "POST", &at, &json!({"recipient": "x".repeat(17_000)}).to_string()).await),
        (421, raw::send(town.at, "POST", &at, "evil.example", "", right).await),
    ];
    *town.host.busy.lock().unwrap() = Some(42);
    let busy = ask(&town, "POST", &at, right).await;
    assert_eq!(busy.header("retry-after"), Some("42"));
    assert_eq!(code(&link, Some("4711")).await, "try_later");
    answers.push((429, busy));
    for (status, answer) in answers {
        assert_eq!(answer.status, status, "{answer:?}");
        for (name, value) in [
            ("access-control-allow-origin", "*"),
            ("access-control-allow-methods", "GET, POST, OPTIONS"),
            ("access-control-allow-headers", "content-type"),
            ("access-control-max-age", "86400"),
            ("access-control-expose-headers", "retry-after"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{status} {name}");
        }
    }
}

/// The path of the first file's location.
fn location(manifest: &str) -> String {
    let manifest: Value = serde_json::from_str(manifest).unwrap();
    let url = manifest["files"][0]["location"].as_str().unwrap();
    url.splitn(4, '/').nth(3).map(|rest| format!("/{rest}")).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn s12_only_names_of_our_own_are_answered() {
    let town = Town::found().await;
    let link = town.share(Flags::direct(), LinkState::default(), &[BUNDLE]);
    let at = format!("{}?recipient=Ann", path(&link));
    for host in [
        "evil.example",
        "127.0.0.1",
        "127.0.0.1:1",
        "",
        &format!("{}.evil.example", town.at),
        &format!("x@{}", town.at),
    ] {
        assert_eq!(raw::send(town.at, "GET", &at, host, "", "").await.status, 421, "{host:?}");
        assert_eq!(raw::send(town.at, "OPTIONS", &at, host, "", "").await.status, 421, "{host:?}");
    }
    let twice = format!("host: {}\r\n", town.at);
    assert_ne!(raw::send(town.at, "GET", &at, "evil.example", &twice, "").await.status, 200);
    assert_eq!(raw::send(town.at, "GET", &at, &format!("LOCALHOST:{}", town.at.port()), "", "").await.status, 200);
    assert_eq!(town.state(&link).uses, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_and_wrong_methods_count_nothing() {
    let town = Town::found().await;
    let link = town.share(Flags::direct(), LinkState::default(), &[BUNDLE]);
    let at = format!("{}?recipient=Ann", path(&link));
    for method in ["HEAD", "PUT", "PATCH", "DELETE"] {
        assert_eq!(ask(&town, method, &at, "").await.status, 405, "{method}");
    }
    assert_eq!(town.state(&link).uses, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn s4_embedding_is_bounded_by_what_the_reader_asks() {
    let town = Town::found().await;
    let link = town.share(Flags::manifest(true, false), LinkState::default(), &[BUNDLE]);
    let mut length = 0;
    town.change(&link, |shared| length = shared.files[0].jwe.len());
    for (max, embedded) in
        [(json!(0), false), (json!(length - 1), false), (json!(length), true), (json!(-5), false), (Value::Null, true)]
    {
        let body = json!({"recipient": "Ann", "embeddedLengthMax": max});
        let answer = ask(&town, "POST", &path(&link), &body.to_string()).await;
        let file = &serde_json::from_str::<Value>(&answer.body).unwrap()["files"][0];
        assert_eq!((file["embedded"].is_string(), file["location"].is_string()), (embedded, !embedded), "{max}");
        assert_eq!(file["contentType"], "application/fhir+json");
        assert_eq!(file["status"], "finalized");
    }
    let fraction = ask(&town, "POST", &path(&link), r#"{"recipient":"Ann","embeddedLengthMax":1.5}"#).await;
    assert_eq!(fraction.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_locations_end_after_a_minute_and_cannot_be_forged_or_moved() {
    let town = Town::found().await;
    let link = town.share(Flags::manifest(true, false), LinkState::default(), &[BUNDLE]);
    let other = town.share(Flags::manifest(true, false), LinkState::default(), &[BUNDLE]);
    let body = r#"{"recipient":"Ann","embeddedLengthMax":0}"#;
    let at = location(&ask(&town, "POST", &path(&link), body).await.body);
    let good = ask(&town, "GET", &at, "").await;
    assert_eq!((good.status, good.header("content-type")), (200, Some("application/jose")));
    assert_eq!(share::jwe::decrypt(link.key(), &good.body, Default::default()).unwrap().bytes, BUNDLE);
    let (_, ticket) = at.rsplit_once('/').unwrap();
    let swapped: String = ticket.chars().rev().collect();
    for forged in [
        format!("{}/f/{ticket}", path(&other)),
        format!("{at}A"),
        format!("{}/f/{swapped}", path(&link)),
        at[..at.len() - 1].to_owned(),
    ] {
        assert_eq!(ask(&town, "GET", &forged, "").await.status, 404, "{forged}");
    }
    town.pass(59);
    assert_eq!(ask(&town, "GET", &at, "").await.status, 200);
    town.pass(1);
    assert_eq!(ask(&town, "GET", &at, "").await.status, 404);
    let at = location(&ask(&town, "POST", &path(&link), body).await.body);
    town.change(&link, |shared| shared.state.standing = Standing::Revoked);
    assert_eq!(ask(&town, "GET", &at, "").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn s11_what_readers_say_of_themselves_is_cleaned_and_cut() {
    let town = Town::found().await;
    let link = town.share(Flags::manifest(true, false), LinkState::default(), &[BUNDLE]);
    let body = json!({"recipient": format!("\u{202e}<b>Ann\u{7}</b>\n{}", "x".repeat(500))});
    assert_eq!(ask(&town, "POST", &path(&link), &body.to_string()).await.status, 200);
    let agent = format!("user-agent: {}\r\n", "y".repeat(1000));
    let at = town.at.to_string();
    raw::send(town.at, "POST", &path(&link), &at, &agent, r#"{"recipient":"Ann"}"#).await;
    let seen = town.host.seen.lock().unwrap();
    assert!(seen[0].recipient.starts_with("<b>Ann</b> xxx"), "{}", seen[0].recipient);
    assert_eq!(seen[0].recipient.chars().count(), 80);
    assert_eq!(seen[1].user_agent.as_ref().unwrap().len(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn s10_bodies_and_headers_are_bounded() {
    let town = Town::found().await;
    let link = town.share(Flags::manifest(true, false), LinkState::default(), &[BUNDLE]);
    let padded = |length: usize| format!(r#"{{"recipient":"Ann","x":"{}"}}"#, "x".repeat(length - 26));
    assert_eq!(padded(16 * 1024).len(), 16 * 1024);
    assert_eq!(ask(&town, "POST", &path(&link), &padded(16 * 1024)).await.status, 200);
    assert_eq!(ask(&town, "POST", &path(&link), &padded(16 * 1024 + 1)).await.status, 413);
    let chunked = format!(
        "POST {} HTTP/1.1\r\nhost: {}\r\ntransfer-encoding: chunked\r\n\r\n8000\r\n{}\r\n0\r\n\r\n",
        path(&link),
        town.at,
        "x".repeat(0x8000)
    );
    assert_eq!(raw::send_text(town.at, &chunked).await.status, 413);
    let many: String = (0..80).map(|i| format!("x-{i}: y\r\n")).collect();
    assert_eq!(raw::send(town.at, "OPTIONS", "/", &town.at.to_string(), &many, "").await.status, 431);
    assert_eq!(town.state(&link).uses, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn s7_whoever_asks_too_often_is_told_how_long_to_wait() {
    let town = Town::found_at(Pace { burst: 3, seconds_each: 10 }).await;
    let link = town.share(Flags::manifest(true, false), LinkState::default(), &[BUNDLE]);
    let never = format!("/shl/{}", share::link::make_id().unwrap());
    for (at, first) in [(path(&link), 200), (never, 404)] {
        let mut answers = Vec::new();
        for _ in 0..4 {
            answers.push(ask(&town, "POST", &at, r#"{"recipient":"Ann"}"#).await);
        }
        let statuses: Vec<u16> = answers.iter().map(|one| one.status).collect();
        assert_eq!(statuses, [first, first, first, 429], "a link that never was is no different");
        assert_eq!(answers[3].header("retry-after"), Some("10"));
    }
    assert_eq!(town.state(&link).uses, 3, "a refused request is no use");
    assert_eq!(code(&link, None).await, "try_later");
    town.pass(10);
    assert_eq!((code(&link, None).await, code(&link, None).await), ("ok", "try_later"));
}

/// Peers that send a byte now and then are cut off: in their headers, and in their bodies. Meanwhile others are served.
#[tokio::test(flavor = "multi_thread")]
async fn s10_slow_peers_are_cut_off_while_others_are_served() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let town = Town::found().await;
    let link = town.share(Flags::manifest(true, false), LinkState::default(), &[BUNDLE]);
    let headers = format!("POST {} HTTP/1.1\r\nhost: {}\r\n", path(&link), town.at);
    let body = format!("{headers}content-length: 100\r\n\r\n");
    let mut peers = Vec::new();
    for start in [headers, body] {
        for _ in 0..100 {
            let mut stream = tokio::net::TcpStream::connect(town.at).await.unwrap();
            stream.write_all(start.as_bytes()).await.unwrap();
            peers.push(tokio::spawn(async move {
                let (mut read, mut write) = stream.into_split();
                let drip = tokio::spawn(async move {
                    while write.write_all(b"x").await.is_ok() {
                        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
                    }
                });
                let begun = std::time::Instant::now();
                let mut seen = Vec::new();
                let _ = read.read_to_end(&mut seen).await;
                drip.abort();
                (begun.elapsed(), String::from_utf8_lossy(&seen).into_owned())
            }));
        }
    }
    assert_eq!(code(&link, None).await, "ok");
    for peer in peers {
        let (lasted, seen) = tokio::time::timeout(std::time::Duration::from_secs(40), peer).await.unwrap().unwrap();
        assert!(lasted.as_secs() < 35, "{lasted:?}");
        assert!(seen.is_empty() || seen.starts_with("HTTP/1.1 408"), "{seen}");
    }
    assert_eq!(town.state(&link).uses, 1);
}
