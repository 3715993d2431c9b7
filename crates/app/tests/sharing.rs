//! The shares of an open record, from the making to the last opening: over a real listener, read by our own reader and by hand.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it fails")]

mod common;

use app::{App, Options};
use common::{DAYS, Desk, Hands, MINUTES, Pair};
use serde_json::{Value, json};
use share::fetch::{self, AddressPolicy, OpenedFile};
use share::{Link, jwe};
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use tempfile::TempDir;

const LAN: AddressPolicy = AddressPolicy { allow_lan: true };
const BUDGET: usize = 5;

/// A clinic with one chart, whose links are served.
struct House {
    desk: Desk,
    clock: Arc<Hands>,
    home: TempDir,
    patient: Value,
}

impl House {
    async fn new() -> House {
        let (home, clock) = (tempfile::tempdir().unwrap(), Hands::new());
        let desk = Desk::clinic(home.path(), &clock).await;
        let patient = register(&desk).await;
        House { desk, clock, home, patient }
    }

    /// Makes a share with some things otherwise than usual.
    async fn share(&self, more: Value) -> (Value, Link) {
        let mut ask = json!({ "patient": self.patient, "choices": [], "kinds": ["allergies"], "label": "For the desk", "minutes": 60, "max_uses": null, "passcode": null, "direct": false });
        ask.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let view = self.desk.ask("shares.make", ask).await;
        (view["row"]["id"].clone(), Link::parse(view["link"].as_str().unwrap()).unwrap())
    }

    async fn row(&self, id: &Value) -> Value {
        self.desk.ask("shares.view", json!({ "id": id })).await["row"].clone()
    }

    async fn accesses(&self) -> Vec<Value> {
        self.desk.ask("access.view", json!({ "patient": self.patient })).await["accesses"].as_array().unwrap().clone()
    }

    /// Waits until so many entries are in the access log: refusals are written down after the answer.
    async fn waits_for_accesses(&self, count: usize) -> Vec<Value> {
        for _ in 0..200 {
            let all = self.accesses().await;
            if all.len() >= count {
                return all;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("the access log never had {count} entries");
    }

    async fn add_allergy(&self, substance: &str) {
        let allergy = json!({ "patient": self.patient, "substance": substance, "reaction": null, "severity": null });
        self.desk.ask("patients.add_allergy", allergy).await;
    }

    fn now(&self) -> u64 {
        use app::Clock as _;
        self.clock.now_ms() / 1_000
    }

    async fn read(&self, link: &Link, passcode: Option<&str>) -> Result<Vec<OpenedFile>, share::Error> {
        fetch::open(link, "Dr Ann", passcode, LAN, self.now()).await
    }

    async fn code(&self, link: &Link, passcode: Option<&str>) -> &'static str {
        self.read(link, passcode).await.map_or_else(|e| e.code(), |_| "ok")
    }
}

async fn register(desk: &Desk) -> Value {
    let form = json!({ "name": "Amara Nwosu", "date_of_birth": "1967-08-14", "gender": "female", "phone": null, "email": null, "address": null, "preferred_language": null, "blood_group": null });
    desk.ask("patients.register", form).await["id"].clone()
}

/// Everybody asks at once; how often each answer came.
async fn at_once(times: usize, link: &Link, passcode: Option<&'static str>, now: u64) -> impl Fn(&str) -> usize {
    let all: Vec<_> = (0..times)
        .map(|_| {
            let link = link.clone();
            tokio::spawn(async move {
                let opened = fetch::open(&link, "Dr Ann", passcode, LAN, now).await;
                opened.map_or_else(|e| e.code(), |_| "ok")
            })
        })
        .collect();
    let mut codes = Vec::new();
    for one in all {
        codes.push(one.await.unwrap());
    }
    move |code| codes.iter().filter(|own| **own == code).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_unknown_and_dead_links_answer_alike_and_in_the_same_time() {
    let house = House::new().await;
    let (paused, paused_link) = house.share(json!({})).await;
    let (revoked, revoked_link) = house.share(json!({ "passcode": "4711" })).await;
    house.desk.ask("shares.pause", json!({ "id": paused })).await;
    house.desk.ask("shares.revoke", json!({ "id": revoked })).await;
    let (_, expired_link) = house.share(json!({ "minutes": 1 })).await;
    house.clock.forward(MINUTES);
    let (_, used) = house.share(json!({ "max_uses": 1 })).await;
    assert_eq!(house.code(&used, None).await, "ok");
    let own = used.url().rsplit_once('/').unwrap().0;
    let unknown = format!("{own}/{}", share::link::make_id().unwrap());
    let (_, live) = house.share(json!({ "passcode": "4711" })).await;
    let compared = quickest(live.url(), BUDGET - 1, 401).await.0;
    let mut bodies = Vec::new();
    for url in [unknown.as_str(), paused_link.url(), revoked_link.url(), expired_link.url(), used.url()] {
        // One round less than the burst, so that all are answered by the look itself.
        let (took, seen) = quickest(url, 25, 404).await;
        // In no state is the passcode compared: that alone takes many times as long as all the rest.
        assert!(took < compared / 2, "{url}: {took:?}, with a passcode compared: {compared:?}");
        bodies.extend(seen);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
}

/// The quickest of a few answers, so that a busy machine does not count, and all of them without what changes by the second.
async fn quickest(url: &str, rounds: usize, expected: u16) -> (Duration, Vec<String>) {
    let (mut least, mut seen) = (Duration::MAX, Vec::new());
    for _ in 0..rounds {
        let begun = Instant::now();
        let (status, head, body) = post(url, r#"{"recipient":"Ann","passcode":"0000"}"#).await;
        least = least.min(begun.elapsed());
        assert_eq!(status, expected, "{body}");
        seen.push(format!("{head}{body}"));
    }
    (least, seen)
}

/// One request by hand: status, the headers but the date, the body.
async fn post(url: &str, body: &str) -> (u16, String, String) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    let text = format!("POST /{path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let kept: Vec<&str> = head.lines().filter(|line| !line.to_ascii_lowercase().starts_with("date:")).collect();
    (head[9..12].parse().unwrap(), kept.join("\n"), body.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn s2_a_thousand_parallel_wrong_guesses_spend_exactly_the_budget() {
    let house = House::new().await;
    let (id, link) = house.share(json!({ "passcode": "4711" })).await;
    let of = at_once(1_000, &link, Some("0000"), house.now()).await;
    // The pace lets a burst of thirty through; the others are told to wait, and guess nothing.
    assert_eq!(of("wrong_passcode"), BUDGET);
    assert_eq!(of("wrong_passcode") + of("no_longer_shared") + of("try_later") + of("host_unreachable"), 1_000);
    house.clock.forward(10 * MINUTES);
    assert_eq!(house.code(&link, Some("4711")).await, "no_longer_shared", "the right one comes too late");
    let wrong = house.accesses().await.iter().filter(|one| one["outcome"] == "wrong_passcode").count();
    assert_eq!((wrong, house.row(&id).await["over"].clone()), (BUDGET, json!(true)));
    assert_eq!(
        house.desk.refused("shares.extend", json!({ "id": id, "minutes": null, "uses": 3 })).await,
        "share_over"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_a_hundred_parallel_openings_never_pass_the_uses() {
    let house = House::new().await;
    for direct in [true, false] {
        let (id, link) = house.share(json!({ "max_uses": 5, "direct": direct })).await;
        let of = at_once(100, &link, None, house.now()).await;
        assert_eq!((of("ok"), house.row(&id).await["uses"].clone()), (5, json!(5)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s7_whoever_asks_too_often_waits() {
    let house = House::new().await;
    let (id, link) = house.share(json!({})).await;
    let of = at_once(40, &link, None, house.now()).await;
    assert_eq!((of("ok"), of("try_later"), house.row(&id).await["uses"].clone()), (30, 10, json!(30)));
    house.clock.forward(2);
    assert_eq!(house.code(&link, None).await, "ok");
    assert!(matches!(house.read(&link, None).await, Err(share::Error::TryLater { retry_after: Some(2) })));
}

#[tokio::test(flavor = "multi_thread")]
async fn s9_a_restart_in_the_middle_keeps_the_counters_and_the_address() {
    let House { desk, clock, home, patient } = House::new().await;
    let house = House { desk: at(home.path(), &clock, desk).await, clock, home, patient };
    let (id, link) = house.share(json!({ "max_uses": 3, "passcode": "4711", "minutes": 60 })).await;
    assert_eq!((house.code(&link, Some("4711")).await, house.code(&link, Some("1")).await), ("ok", "wrong_passcode"));
    let House { desk, clock, home, patient } = house;
    let house = House { desk: at(home.path(), &clock, desk).await, clock, home, patient };
    assert_eq!(house.row(&id).await["uses"], 1);
    match house.read(&link, Some("2")).await {
        Err(share::Error::WrongPasscode { remaining }) => assert_eq!(remaining, Some(3)),
        other => panic!("{other:?}"),
    }
    for expected in ["ok", "ok", "no_longer_shared"] {
        assert_eq!(house.code(&link, Some("4711")).await, expected);
    }
}

/// Ends a program, and starts another one on its folder that serves what is live.
async fn at(home: &Path, clock: &Arc<Hands>, before: Desk) -> Desk {
    before.get("session.lock").await;
    drop(before);
    let options = Options { loopback_only: true, serve_links: true, idle_lock: false, window: false, keychain: false };
    let mut desk = Desk::at(home, clock);
    desk.app = App::new(home, clock.clone(), options);
    desk.unlock().await;
    desk
}

#[tokio::test(flavor = "multi_thread")]
async fn s8_new_keys_of_the_chart_change_no_live_link() {
    let pair = Pair::new().await;
    let (first, second) = (&pair.first, &pair.second);
    let ask = json!({ "patient": register(first).await, "choices": [], "kinds": ["allergies"], "label": "For later", "minutes": null, "max_uses": null, "passcode": null, "direct": false });
    let view = first.ask("shares.make", ask).await;
    let link = Link::parse(view["link"].as_str().unwrap()).unwrap();
    let read = async || {
        let now = app::Clock::now_ms(&*first.clock) / 1_000;
        fetch::open(&link, "Dr Ann", None, LAN, now).await.unwrap().remove(0).bytes
    };
    Desk::sync_in_turn(&[first, second, first]).await;
    let before = read().await;
    let device = json!(second.app.session().unwrap().device().unwrap());
    second.get("session.lock").await;
    first.clock.forward(1);
    first.prove().await;
    // Whoever leaves takes the old keys along, so all that follows is sealed with new ones.
    first.ask("people.remove_device", json!({ "id": device })).await;
    first.sync().await;
    assert_eq!(read().await, before);
    let again = first.ask("shares.view", json!({ "id": view["row"]["id"] })).await;
    assert_eq!((again["link"].clone(), again["row"]["uses"].clone()), (view["link"].clone(), json!(2)));
}

#[tokio::test(flavor = "multi_thread")]
async fn s11_names_of_readers_are_kept_as_text_and_cut() {
    let house = House::new().await;
    let (_, link) = house.share(json!({ "direct": true })).await;
    let name = format!("<img src=x onerror=alert(1)>\u{202e}{}", "x".repeat(500));
    fetch::open(&link, &name, None, LAN, house.now()).await.unwrap();
    let kept = house.accesses().await[0]["recipient"].as_str().unwrap().to_owned();
    assert!(kept.starts_with("<img src=x onerror=alert(1)>x"), "{kept}");
    assert_eq!(kept.chars().count(), 80);
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_in_the_access_log_with_their_reason() {
    let house = House::new().await;
    let (id, link) = house.share(json!({ "minutes": 60 })).await;
    house.desk.ask("shares.pause", json!({ "id": id })).await;
    assert_eq!(house.code(&link, None).await, "no_longer_shared");
    assert_eq!(house.waits_for_accesses(1).await[0]["outcome"], "revoked");
    house.desk.ask("shares.resume", json!({ "id": id })).await;
    assert_eq!(house.code(&link, None).await, "ok");
    house.clock.forward(60 * MINUTES);
    assert_eq!(house.code(&link, None).await, "no_longer_shared");
    assert_eq!(house.waits_for_accesses(3).await[0]["outcome"], "expired");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_share_is_extended_and_armed_again_under_the_same_code() {
    let house = House::new().await;
    let (id, link) = house.share(json!({ "minutes": 60, "max_uses": 1 })).await;
    assert_eq!(
        (link.exp(), house.code(&link, None).await, house.code(&link, None).await),
        (None, "ok", "no_longer_shared")
    );
    let row = house.desk.ask("shares.extend", json!({ "id": id, "minutes": null, "uses": 2 })).await;
    assert_eq!(
        (row["state"].clone(), row["uses"].clone(), row["max_uses"].clone()),
        (json!("active"), json!(1), json!(3))
    );
    assert_eq!((house.code(&link, None).await, house.code(&link, None).await), ("ok", "ok"));
    assert_eq!(house.code(&link, None).await, "no_longer_shared");
    house.clock.forward(DAYS);
    house.desk.prove().await;
    let row = house.desk.ask("shares.extend", json!({ "id": id, "minutes": 60, "uses": 1 })).await;
    assert_eq!(row["state"], "active");
    assert_eq!(house.code(&link, None).await, "ok");
    assert_eq!(house.desk.ask("shares.view", json!({ "id": id })).await["link"], *link.to_text());

    let refused = async |minutes: Value, uses: Value| {
        house.desk.refused("shares.extend", json!({ "id": id, "minutes": minutes, "uses": uses })).await
    };
    assert_eq!(refused(json!(0), json!(null)).await, "invalid_input");
    assert_eq!(refused(json!(null), json!(0)).await, "invalid_input");
    assert_eq!(refused(json!(null), json!(null)).await, "invalid_input");
    house.desk.ask("shares.revoke", json!({ "id": id })).await;
    assert_eq!(refused(json!(60), json!(1)).await, "share_over");

    let (id, link) = house.share(json!({ "direct": true, "max_uses": 1 })).await;
    assert!(link.exp().is_some());
    assert_eq!(
        house.desk.refused("shares.extend", json!({ "id": id, "minutes": 60, "uses": null })).await,
        "end_in_code"
    );
    assert_eq!(house.code(&link, None).await, "ok");
    house.desk.ask("shares.extend", json!({ "id": id, "minutes": null, "uses": 1 })).await;
    assert_eq!(house.code(&link, None).await, "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_lived_link_follows_the_chart_under_its_key() {
    let house = House::new().await;
    let (id, link) = house.share(json!({ "minutes": null })).await;
    assert_eq!(link.flags().to_text(), "L");
    let seen = async || {
        let (status, _, body) = post(link.url(), r#"{"recipient":"Ann"}"#).await;
        assert_eq!(status, 200);
        let file = serde_json::from_str::<Value>(&body).unwrap()["files"][0].clone();
        let text = file["embedded"].as_str().unwrap().to_owned();
        let plain = String::from_utf8(jwe::decrypt(link.key(), &text, jwe::Limits::default()).unwrap().bytes).unwrap();
        assert_eq!(file["status"], "can-change");
        (text, file["lastUpdated"].as_str().unwrap().to_owned(), plain)
    };
    let first = seen().await;
    house.clock.forward(90);
    assert_eq!(seen().await, first, "nothing changed: the same file");
    house.add_allergy("Penicillin").await;
    let second = seen().await;
    assert!(!first.2.contains("Penicillin") && second.2.contains("Penicillin"));
    assert!(second.1 > first.1, "{} {}", first.1, second.1);
    let iv = |jwe: &str| jwe.split('.').nth(2).unwrap().to_owned();
    assert_ne!(iv(&first.0), iv(&second.0));
    assert_eq!(house.desk.ask("shares.view", json!({ "id": id })).await["link"], *link.to_text());

    let (_, still) = house.share(json!({ "minutes": 60 })).await;
    house.add_allergy("Latex").await;
    let file = house.read(&still, None).await.unwrap().remove(0);
    assert!(!String::from_utf8(file.bytes).unwrap().contains("Latex"), "a link without L shows what it was made with");
}

#[tokio::test(flavor = "multi_thread")]
async fn r6_r7_a_link_is_looked_at_before_it_is_fetched_and_filed_only_by_choice() {
    let house = House::new().await;
    house.add_allergy("Penicillin").await;
    let (id, link) = house.share(json!({ "max_uses": 2 })).await;
    let text = link.to_text().to_string();
    let seen = house.desk.ask("receive.inspect", json!({ "text": text })).await;
    assert_eq!((seen["label"].clone(), seen["local_network"].clone()), (json!("For the desk"), json!(true)));
    assert_eq!(house.row(&id).await["uses"], 0, "looking fetches nothing");
    let open = |local: bool| json!({ "text": text, "recipient": "Dr Ann", "passcode": null, "allow_local": local });
    assert_eq!(house.desk.refused("receive.open", open(false)).await, "local_address");
    assert_eq!(house.row(&id).await["uses"], 0);

    let find = json!({ "text": "", "offset": 0, "limit": 50, "archived": false, "saved": false });
    let before = house.desk.ask("patients.find", find.clone()).await;
    let read = house.desk.ask("receive.open", open(true)).await;
    assert_eq!(
        house.desk.ask("patients.find", find).await["total"],
        before["total"],
        "an opened share lies beside the charts"
    );
    let filed =
        house.desk.ask("intake.file", json!({ "ticket": read["ticket"], "items": null, "patient": null })).await;
    let banner = house.desk.ask("patients.banner", json!({ "patient": filed["patient"] })).await;
    let allergy = &banner["allergies"][0];
    assert_eq!(
        (allergy["substance"].clone(), allergy["origin"].clone()),
        (json!("Penicillin"), json!("For the desk")),
        "{banner}"
    );
}
