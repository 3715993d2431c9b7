//! `aidpost serve --public` as a process without a vault, beside a real MongoDB that asks for logins: the rows of sharing's conformance
//! list, counts that are exact whatever comes at once, and what the owner learns of it.

#![allow(clippy::unwrap_used, reason = "a test that meets what it does not expect has failed")]

use aidpost_tests::hosting::{Serving, Town, free, path};
use aidpost_tests::{seen::Seen, wire::dawdle};
use futures_util::TryStreamExt as _;
use futures_util::future::join_all;
use mongodb::Client;
use mongodb::bson::{Document, doc};
use serde_json::{Value, json};
use share::fetch::{AddressPolicy, open};
use share::link::Link;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const ASK: &str = r#"{"recipient":"Dr Ann"}"#;

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// Opens a link as our own reader does.
async fn code(link: &Link, passcode: Option<&str>) -> &'static str {
    let opened = open(link, "Dr Ann", passcode, AddressPolicy { allow_lan: true }, now()).await;
    opened.map_or_else(|error| error.code(), |_| "ok")
}

/// Everybody asks at once, each from an address of their own, at these hosts in turn.
async fn at_once(town: &Town, hosts: &[&Serving], link: &Link, body: &str, times: u16) -> Vec<u16> {
    let path = path(link);
    let one = |n: u16| town.ask(hosts[usize::from(n) % hosts.len()].at, n, "POST", &path, body);
    let seen = join_all((0..times).map(one)).await;
    seen.into_iter().map(|seen| seen.map_or(0, |seen| seen.status)).collect()
}

fn count(all: &[u16], status: u16) -> usize {
    all.iter().filter(|own| **own == status).count()
}

fn outcomes(accesses: &[Value], word: &str) -> usize {
    accesses.iter().filter(|one| one["outcome"] == word).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn s2_s3_a_hundred_at_once_spend_exactly_what_is_allowed_at_two_hosts() {
    let town = Town::found().await.unwrap();
    let (five, link) = town.share(json!({ "max_uses": 5 })).await.unwrap();
    let (guessed, secret) = town.share(json!({ "passcode": "4711" })).await.unwrap();
    let (one, other) = (town.serve().await.unwrap(), town.serve_at(free().unwrap(), &[]).await.unwrap());

    let opened = at_once(&town, &[&one, &other], &link, ASK, 100).await;
    assert_eq!((count(&opened, 200), count(&opened, 404)), (5, 95), "S3");
    let guesses = at_once(&town, &[&one, &other], &secret, r#"{"recipient":"Eve","passcode":"0"}"#, 100).await;
    assert_eq!((count(&guesses, 401), count(&guesses, 404)), (5, 95), "S2");
    assert_eq!(code(&secret, Some("4711")).await, "no_longer_shared", "the budget is for life");

    let accesses = town.accesses().await.unwrap();
    assert_eq!((outcomes(&accesses, "granted"), outcomes(&accesses, "wrong_passcode")), (5, 5));
    assert!(accesses.iter().all(|one| one["place"] == "link_host"));
    let row = town.row(&five).await.unwrap();
    assert_eq!((&row["uses"], &row["state"]), (&json!(5), &json!("used_up")));
    assert_eq!(town.row(&guessed).await.unwrap()["over"], true);

    // More openings under the same code, on top of what the host counted.
    town.desk.ask("shares.extend", json!({ "id": five, "minutes": null, "uses": 2 })).await.unwrap();
    town.desk.ask("sync.now", json!({})).await.unwrap();
    let more = at_once(&town, &[&one, &other], &link, ASK, 20).await;
    assert_eq!((count(&more, 200), count(&more, 404)), (2, 18));
}

#[tokio::test(flavor = "multi_thread")]
async fn s9_a_host_that_is_killed_in_the_middle_loses_no_count() {
    let town = Town::found().await.unwrap();
    let (share, link) = town.share(json!({ "max_uses": 40 })).await.unwrap();
    let mut host = town.serve().await.unwrap();
    let at = host.at;
    let asking = join_all((0..100).map(|n| {
        let path = path(&link);
        let town = &town;
        async move { town.ask(at, n, "POST", &path, ASK).await.map_or(0, |seen| seen.status) }
    }));
    let (first, ()) = tokio::join!(asking, async {
        tokio::time::sleep(Duration::from_millis(60)).await;
        host.kill().unwrap();
    });
    let given = count(&first, 200);
    let again = town.serve_at(free().unwrap(), &[]).await.unwrap();
    let rest = at_once(&town, &[&again], &link, ASK, 100).await;
    let row = town.row(&share).await.unwrap();
    assert_eq!(row["uses"], 40, "all uses were counted");
    // One that was counted just before the end may have had no answer; none is answered and not counted.
    assert!(given + count(&rest, 200) <= 40, "{given} and {}", count(&rest, 200));
    assert!(count(&rest, 404) >= 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_every_dead_state_answers_alike_to_the_byte() {
    let town = Town::found().await.unwrap();
    let (revoked, of_revoked) = town.share(json!({})).await.unwrap();
    let (paused, of_paused) = town.share(json!({})).await.unwrap();
    let (_, spent) = town.share(json!({ "max_uses": 1 })).await.unwrap();
    let (_, guessed) = town.share(json!({ "passcode": "4711" })).await.unwrap();
    let (expired, of_expired) = town.share(json!({})).await.unwrap();
    let (_, direct) = town.share(json!({ "direct": true })).await.unwrap();
    let host = town.serve().await.unwrap();
    assert_eq!((code(&spent, None).await, code(&of_paused, None).await), ("ok", "ok"));
    for _ in 0..5 {
        assert_eq!(code(&guessed, Some("1")).await, "wrong_passcode");
    }
    town.change("shares.revoke", &revoked).await.unwrap();
    town.change("shares.pause", &paused).await.unwrap();
    end(&town, &expired, &of_expired).await;
    let unknown = format!("/shl/{}", share::link::make_id().unwrap());
    let mut answers: Vec<Seen> = Vec::new();
    let dead = [&of_revoked, &of_paused, &spent, &guessed, &of_expired, &direct].map(path);
    for path in dead.iter().chain([&unknown, &"/elsewhere".to_owned()]) {
        let body = r#"{"recipient":"Ann","passcode":"4711"}"#;
        answers.push(town.ask(host.at, 1, "POST", path, body).await.unwrap());
    }
    assert!(answers.iter().all(|answer| answer.status == 404), "{answers:#?}");
    for answer in &answers {
        assert_eq!(answer.without_date(), answers[0].without_date());
    }
    town.change("shares.resume", &paused).await.unwrap();
    assert_eq!((code(&of_paused, None).await, code(&of_revoked, None).await), ("ok", "no_longer_shared"));

    // Nor are they told apart by the time.
    let mut medians = Vec::new();
    for path in [&dead[0], &dead[2], &unknown] {
        let mut times = Vec::new();
        for n in 0..60 {
            let begun = Instant::now();
            town.ask(host.at, 100 + n, "POST", path, ASK).await.unwrap();
            times.push(begun.elapsed());
        }
        times.sort();
        medians.push(times[30]);
    }
    let (least, most) = (medians.iter().min().unwrap(), medians.iter().max().unwrap());
    assert!(*most - *least < Duration::from_millis(20), "{medians:?}");
}

/// Moves the end of a share into the past, where the host reads it.
async fn end(town: &Town, share: &Value, link: &Link) {
    let id = share::link::hosted_id(link.url().rsplit('/').next().unwrap()).to_vec();
    let id = mongodb::bson::Binary { subtype: mongodb::bson::spec::BinarySubtype::Generic, bytes: id };
    let past = doc! { "$set": { "expires": i64::try_from(now()).unwrap() - 1 } };
    let changed = links(town).await.update_one(doc! { "_id": id }, past).await.unwrap();
    assert_eq!(changed.matched_count, 1, "{share}");
}

/// The host's documents, as the operator sees them.
async fn links(town: &Town) -> mongodb::Collection<Document> {
    database(town).await.collection("hosted_links")
}

async fn database(town: &Town) -> mongodb::Database {
    let client = Client::with_uri_str(town.server.uri("admin")).await.unwrap();
    let names = client.list_database_names().await.unwrap();
    let name = names.into_iter().find(|name| name.starts_with("aidpost_")).unwrap();
    client.database(&name)
}

#[tokio::test(flavor = "multi_thread")]
async fn s4_s5_files_are_embedded_as_asked_or_pointed_to_and_any_host_takes_the_ticket() {
    let town = Town::found().await.unwrap();
    let (_, link) = town.share(json!({})).await.unwrap();
    let (one, other) = (town.serve().await.unwrap(), town.serve_at(free().unwrap(), &[]).await.unwrap());
    let manifest = async |most: Option<usize>| {
        let body = json!({ "recipient": "Ann", "embeddedLengthMax": most }).to_string();
        let seen = town.ask(one.at, 1, "POST", &path(&link), &body).await.unwrap();
        assert_eq!((seen.status, seen.header("content-type")), (200, Some("application/json")), "{seen:?}");
        serde_json::from_str::<Value>(&seen.body).unwrap()["files"][0].clone()
    };
    let file = manifest(None).await;
    let jwe = file["embedded"].as_str().unwrap().to_owned();
    assert_eq!(
        (file["contentType"].as_str(), file["status"].as_str()),
        (Some("application/fhir+json"), Some("finalized"))
    );
    for (most, embedded) in [(0, false), (jwe.len() - 1, false), (jwe.len(), true)] {
        let file = manifest(Some(most)).await;
        assert_eq!((file["embedded"].is_string(), file["location"].is_string()), (embedded, !embedded), "S4: {most}");
    }
    let location = manifest(Some(0)).await["location"].as_str().unwrap().to_owned();
    let at = location.strip_prefix(&format!("http://{}", town.public)).unwrap();
    for host in [&one, &other] {
        let seen = town.ask(host.at, 1, "GET", at, "").await.unwrap();
        assert_eq!((seen.status, seen.header("content-type")), (200, Some("application/jose")), "S5");
        assert!(seen.body == jwe);
    }
    let stale = town.ask(one.at, 1, "GET", &at.replace("/f/", "/f/A"), "").await.unwrap();
    assert_eq!(stale.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn s6_s7_s12_browsers_read_every_answer_haste_is_slowed_and_foreign_names_are_refused() {
    let town = Town::found().await.unwrap();
    let (_, link) = town.share(json!({ "passcode": "4711" })).await.unwrap();
    let host = town.serve().await.unwrap();
    let path = path(&link);
    let mut seen = vec![
        (204, town.ask(host.at, 1, "OPTIONS", &path, "").await.unwrap()),
        (200, town.ask(host.at, 1, "POST", &path, r#"{"recipient":"Ann","passcode":"4711"}"#).await.unwrap()),
        (401, town.ask(host.at, 1, "POST", &path, ASK).await.unwrap()),
        (404, town.ask(host.at, 1, "POST", "/shl/none", ASK).await.unwrap()),
        (400, town.ask(host.at, 1, "POST", &path, "{}").await.unwrap()),
        (413, town.ask(host.at, 1, "POST", &path, &"x".repeat(17_000)).await.unwrap()),
    ];
    assert_eq!(seen[2].1.body, r#"{"remainingAttempts":5}"#, "a missing passcode is no guess");
    let hasty = join_all((0..60).map(|_| town.ask(host.at, 2, "POST", &path, ASK))).await;
    let slowed = hasty.into_iter().flatten().find(|seen| seen.status == 429).expect("S7");
    assert!(slowed.header("retry-after").unwrap().parse::<u32>().unwrap() > 0);
    seen.push((429, slowed));
    for (status, seen) in &seen {
        assert_eq!(seen.status, *status, "{seen:?}");
        assert_eq!(seen.header("access-control-allow-origin"), Some("*"), "S6: {status}");
        assert_eq!(seen.header("cache-control"), Some("no-store"));
        assert!(seen.header("access-control-expose-headers").unwrap().contains("retry-after"));
    }
    let from = aidpost_tests::wire::address(3);
    let foreign = aidpost_tests::wire::ask(host.at, from, "POST", &path, "evil.example", ASK).await.unwrap();
    assert_eq!(foreign.status, 421, "S12");
}

#[tokio::test(flavor = "multi_thread")]
async fn s10_slow_peers_hold_nobody_up() {
    let town = Town::found().await.unwrap();
    let (_, link) = town.share(json!({})).await.unwrap();
    let host = town.serve().await.unwrap();
    let slow: Vec<_> = (0..300).map(|_| tokio::spawn(dawdle(host.at))).collect();
    tokio::time::sleep(Duration::from_secs(2)).await;
    for n in 0..20 {
        let begun = Instant::now();
        let seen = town.ask(host.at, n, "POST", &path(&link), ASK).await.unwrap();
        assert_eq!(seen.status, 200);
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    }
    slow.into_iter().for_each(|one| one.abort());
}

#[tokio::test(flavor = "multi_thread")]
async fn s11_the_owner_reads_who_asked_and_nobody_else_does() {
    let town = Town::found().await.unwrap();
    let label = "Records for Dr Nwosu";
    let (share, link) = town.share(json!({ "label": label })).await.unwrap();
    let host = town.serve().await.unwrap();
    let strange = json!({ "recipient": format!("<b>Dr \u{202e}Zuleika\u{7}</b> {}", "x".repeat(300)) });
    let seen = town.ask(host.at, 7, "POST", &path(&link), &strange.to_string()).await.unwrap();
    assert_eq!(seen.status, 200);
    town.change("shares.revoke", &share).await.unwrap();
    assert_eq!(town.ask(host.at, 8, "POST", &path(&link), ASK).await.unwrap().status, 404);
    // Refusals are written down together, up to a second later.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let stored = everything(&town).await;
    for secret in [
        label,
        "Zuleika",
        "Dr Ann",
        "DeLarosa",
        "127.1.0.7",
        link.url().rsplit('/').next().unwrap(),
        &link.key().to_text(),
    ] {
        assert!(!stored.contains(secret), "{secret} lies in the database in clear");
    }
    assert!(stored.contains("granted") && stored.contains("revoked"), "the outcomes are there");
    let accesses = town.accesses().await.unwrap();
    let granted = accesses.iter().find(|one| one["outcome"] == "granted").unwrap();
    let recipient = granted["recipient"].as_str().unwrap();
    assert!(recipient.starts_with("<b>Dr Zuleika</b> xxx") && recipient.chars().count() == 80, "S11: {recipient}");
    assert_eq!((granted["ip_address"].as_str(), granted["share_label"].as_str()), (Some("127.1.0.7"), Some(label)));
    let refused = accesses.iter().find(|one| one["outcome"] == "revoked").unwrap();
    assert_eq!(refused["recipient"], "Dr Ann");
    assert_eq!(town.accesses().await.unwrap().len(), 2, "each is filed once");
}

/// All that is stored about hosted links, with its bytes read as text.
async fn everything(town: &Town) -> String {
    let database = database(town).await;
    let mut all = String::new();
    for name in ["hosted_links", "hosted_files", "hosted_counts", "hosted_accesses"] {
        let documents: Vec<Document> =
            database.collection(name).find(doc! {}).await.unwrap().try_collect().await.unwrap();
        assert!(!documents.is_empty(), "{name}");
        for document in documents {
            all.push_str(&String::from_utf8_lossy(&mongodb::bson::serialize_to_vec(&document).unwrap()));
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn s8_a_live_link_outlives_a_new_key_of_the_vault_and_follows_the_chart() {
    let town = Town::found().await.unwrap();
    let (_, link) = town.share(json!({ "minutes": null })).await.unwrap();
    let host = town.serve().await.unwrap();
    let policy = AddressPolicy { allow_lan: true };
    let before = open(&link, "Dr Ann", None, policy, now()).await.unwrap();
    town.desk.ask("security.wish_new_key", json!({})).await.unwrap();
    town.desk.ask("session.lock", json!({})).await.unwrap();
    town.desk.unlock().await.unwrap();
    assert_eq!(code(&link, None).await, "ok", "S8");
    let form = json!({ "patient": town.patient, "name": "Amoxicillin", "dosage": "500 mg", "source": "prescribed", "started_on": null, "reason": null });
    town.desk.ask("medications.add", form).await.unwrap();
    town.desk.ask("sync.now", json!({})).await.unwrap();
    let after = open(&link, "Dr Ann", None, policy, now()).await.unwrap();
    let text = |files: &[share::fetch::OpenedFile]| String::from_utf8(files[0].bytes.clone()).unwrap();
    assert!(!text(&before).contains("Amoxicillin") && text(&after).contains("Amoxicillin"));
    drop(host);
}
