//! The link host's page in a real browser, against a real host: for a doctor who has nothing installed. Chromium is installed by
//! `scripts/setup.sh test`; it is driven with the packages of the window's own tests.

#![allow(clippy::unwrap_used, reason = "a test that meets what it does not expect has failed")]

use aidpost_tests::hosting::{Town, free, path};
use aidpost_tests::inputs;
use aidpost_tests::window::driver::artefacts;
use aidpost_tests::wire;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use share::serve::{Answer, Asked, Bounds, Host, HostedFile, Options, Pace, TicketKey, router, run};
use std::io::Write as _;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use tokio::net::TcpListener;

/// Plays steps on the page and gives what was seen after each that waits for something.
async fn play(address: &str, steps: Value, more: Value) -> Vec<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut question = json!({ "address": address, "steps": steps, "language": "en", "scheme": "light", "width": 1000, "map": null, "picture": null });
    question.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let mut node = Command::new("node");
    let node =
        node.arg(root.join("viewer/look.mjs")).arg(root.join("../ui")).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut process = node.spawn().expect("Node.js");
    process.stdin.take().unwrap().write_all(question.to_string().as_bytes()).unwrap();
    // The hosts of some tests live on this runtime.
    let output = tokio::task::spawn_blocking(move || process.wait_with_output().unwrap()).await.unwrap();
    assert!(output.status.success(), "the browser's story broke off: run scripts/setup.sh test");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn text(screen: &Value) -> &str {
    screen["text"].as_str().unwrap()
}

/// Accessible, at home in its width, and quiet.
fn assert_sound(screen: &Value) {
    assert_eq!((&screen["faults"], &screen["errors"]), (&json!([]), &json!([])), "{}", text(screen));
    assert_eq!(screen["lacking"], json!([]), "both languages say the same");
    assert_eq!((&screen["wide"], &screen["scripts"]), (&json!(false), &json!(0)), "{}", text(screen));
    assert_eq!(screen["focused"], "H1", "the reader is taken to the heading");
}

fn shown(name: &str) -> String {
    std::fs::create_dir_all(artefacts()).unwrap();
    artefacts().join(format!("viewer-{name}.png")).to_string_lossy().into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn r6_a_doctor_with_a_browser_alone_reads_what_was_shared() {
    let town = Town::found().await.unwrap();
    let picture = inputs::no_code().unwrap();
    let note = json!({ "patient": town.patient, "title": "<b>Discharge</b> letter", "document_type": "OTHER", "date_of_record": "2026-11-03", "notes": null, "source_doctor": null, "file_name": "letter.png" });
    let added = town.desk.give("records.add", note, picture.clone()).await.unwrap();
    let view = town
        .make(json!({ "choices": [added["id"]], "passcode": "4711", "label": "For <i>Dr</i> Chen" }))
        .await
        .unwrap();
    assert_eq!((&view["at_host"], &view["reachable"]), (&json!(true), &json!("host")));
    let address = view["link"].as_str().unwrap();
    assert!(address.starts_with(&format!("http://{}/view#shlink:/", town.public)));
    let host = town.serve().await.unwrap();
    let steps = json!([
        { "click": "Open the records" }, { "sees": "Write your name first." },
        { "fill": "Your name", "with": "Dr Wei Chen" }, { "fill": "Passcode", "with": "0000" },
        { "click": "Open the records" }, { "sees": "4 more tries are left." },
        { "fill": "Passcode", "with": "4711" }, { "press": "Enter" }, { "sees": "Martha DeLarosa" },
        { "save": "Save “letter.png”" },
    ]);
    let screens = play(address, steps, json!({ "picture": shown("light") })).await;
    let [offered, nameless, wrong, read, saved] = &screens[..] else { panic!("{screens:#?}") };

    assert_sound(offered);
    for words in ["For <i>Dr</i> Chen", &town.public.to_string(), "Nothing has been fetched yet"] {
        assert!(text(offered).contains(words), "{words} in {}", text(offered));
    }
    let fetched = offered["requests"].as_array().unwrap();
    assert!(fetched.iter().all(|one| one["url"].as_str().unwrap().contains("/view")), "R6: {fetched:?}");
    assert_eq!(nameless["focused"], "recipient");
    assert_eq!(nameless["requests"], offered["requests"], "a name is missing, so nothing was asked");
    assert!(text(wrong).contains("The passcode is not right"));

    assert_sound(read);
    for words in [
        "Martha DeLarosa",
        "Allergies",
        "Penicillin",
        "Medications",
        "Anastrozole",
        "Conditions",
        "Vital signs",
        "Documents",
        "<b>Discharge</b> letter",
        "For <i>Dr</i> Chen",
    ] {
        assert!(text(read).to_lowercase().contains(&words.to_lowercase()), "{words} in {}", text(read));
    }
    assert!(!read["address"].as_str().unwrap().contains('#'), "the key does not stay in the history");
    let host_name = format!("http://{}/", town.public);
    for one in read["requests"].as_array().unwrap() {
        let url = one["url"].as_str().unwrap();
        assert!(url.starts_with(&host_name) || url.starts_with("blob:"), "nothing leaves the page: {url}");
        assert!(!url.contains("shlink") && !one["body"].to_string().contains("shlink"));
    }
    assert_eq!(STANDARD.decode(saved["saved"].as_str().unwrap()).unwrap(), picture);
    let accesses = town.accesses().await.unwrap();
    assert_eq!((accesses.len(), &accesses[0]["recipient"]), (2, &json!("Dr Wei Chen")));
    drop(host);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_speaks_french_in_the_dark_on_a_telephone_and_says_what_is_not_there() {
    let town = Town::found().await.unwrap();
    let view = town.make(json!({ "kinds": ["allergies"], "direct": true, "max_uses": 1 })).await.unwrap();
    let host = town.serve().await.unwrap();
    let address = view["link"].as_str().unwrap();
    let narrow = json!({ "language": "fr-CA", "scheme": "dark", "width": 320, "picture": shown("dark") });
    // By the keyboard alone.
    let steps = json!([{ "press": "Tab" }, { "type": "Dr Chen" }, { "press": "Tab" }, { "press": "Enter" }, { "sees": "Martha DeLarosa" }]);
    let screens = play(address, steps, narrow.clone()).await;
    screens.iter().for_each(assert_sound);
    assert_eq!((&screens[0]["lang"], &screens[0]["title"]), (&json!("fr"), &json!("Données de santé partagées")));
    assert!(text(&screens[1]).contains("Cela ne veut pas dire qu’il n’y en a pas."), "{}", text(&screens[1]));
    let steps = json!([{ "fill": "Votre nom", "with": "Dr Chen" }, { "click": "Ouvrir les données" }, { "sees": "Rien n’est partagé sous ce lien à présent" }]);
    let gone = play(address, steps, narrow).await;
    assert_eq!(gone[1]["faults"], json!([]));
    let base = format!("http://{}/view", town.public);
    for (fragment, words) in [
        ("", "There is no link in this address"),
        ("#shlink:/nonsense", "damaged"),
        ("#javascript:alert(1)", "damaged"),
    ] {
        let screens = play(&format!("{base}{fragment}"), json!([]), json!({})).await;
        assert_sound(&screens[0]);
        assert!(text(&screens[0]).contains(words), "{}", text(&screens[0]));
    }
    let elsewhere = share::Link::make(
        &format!("https://other.example/shl/{}", share::link::make_id().unwrap()),
        share::LinkKey::make().unwrap(),
        None,
        share::Flags::direct(),
        None,
    )
    .unwrap();
    let steps = json!([{ "fill": "Your name", "with": "Dr Chen" }, { "click": "Open the records" }, { "sees": "kept at another host" }]);
    let screens = play(&format!("{base}#{}", *elsewhere.to_text()), steps, json!({})).await;
    assert!(
        screens[1]["requests"].as_array().unwrap().iter().all(|one| one["url"].as_str().unwrap().starts_with(&base))
    );
    drop(host);
}

/// A host of no links: the page alone.
struct Empty;

impl Host for Empty {
    fn now(&self) -> u64 {
        0
    }

    async fn manifest(&self, _: &str, _: &Asked) -> Answer<Vec<HostedFile>> {
        Answer::Gone
    }

    async fn direct(&self, _: &str, _: &Asked) -> Answer<HostedFile> {
        Answer::Gone
    }

    async fn file(&self, _: &str, _: &str) -> Answer<HostedFile> {
        Answer::Gone
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn over_plain_http_the_page_says_kindly_why_it_cannot_open_anything() {
    let at = free().unwrap();
    let name = format!("links.example.test:{}", at.port());
    let options = Options {
        allowed_hosts: vec![name.clone()],
        https: false,
        behind_proxy: false,
        ticket_key: TicketKey::make().unwrap(),
        pace: Pace::default(),
    };
    let listener = TcpListener::bind(at).await.unwrap();
    let served =
        tokio::spawn(run(listener, router(Arc::new(Empty), options), Bounds::default(), std::future::pending()));
    let link = share::Link::make(
        &format!("http://{name}/shl/{}", share::link::make_id().unwrap()),
        share::LinkKey::make().unwrap(),
        None,
        share::Flags::direct(),
        None,
    )
    .unwrap();
    let screens =
        play(&format!("http://{name}/view#{}", *link.to_text()), json!([]), json!({ "map": "links.example.test" }))
            .await;
    assert_sound(&screens[0]);
    assert!(text(&screens[0]).contains("Your link is good"), "{}", text(&screens[0]));

    let page = wire::ask(at, Ipv4Addr::LOCALHOST, "GET", "/view", &name, "").await.unwrap();
    let policy = page.header("content-security-policy").unwrap();
    for words in [
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ] {
        assert!(policy.contains(words), "{words} in {policy}");
    }
    assert!(
        !policy.contains("unsafe")
            && !page.body.contains("https://")
            && page.header("referrer-policy") == Some("no-referrer")
    );
    assert_eq!(path(&link).len(), 48);
    served.abort();
}
