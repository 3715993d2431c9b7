//! A restricted chart: closed to colleagues, opened in an emergency with a reason that nobody can leave out.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it fails")]

use app::{App, Clock, Options, Problem, SystemClock};
use serde_json::{Value, json};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

const PASSPHRASE: &str = "quiet orchard morning ferry";

/// A clock that stands still until it is moved.
struct Hands(AtomicU64);

impl Clock for Hands {
    fn now_ms(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

struct Desk(Arc<App>, Arc<Hands>);

impl Desk {
    fn at(root: &Path) -> Desk {
        let hands = Arc::new(Hands(AtomicU64::new(SystemClock.now_ms())));
        let options = Options { loopback_only: true, serve_links: false, ..Options::default() };
        Desk(App::new(root, hands.clone(), options), hands)
    }

    async fn try_ask(&self, name: &str, input: Value) -> Result<Value, Problem> {
        app::answer(&self.0, name, input).await
    }

    async fn ask(&self, name: &str, input: Value) -> Value {
        self.try_ask(name, input).await.unwrap_or_else(|problem| panic!("{name}: {problem}"))
    }

    async fn code(&self, name: &str, input: Value) -> String {
        self.try_ask(name, input).await.unwrap_err().code
    }

    fn forward(&self, minutes: u64) {
        self.1.0.fetch_add(minutes * 60_000, Ordering::Relaxed);
    }
}

/// A chart with a record, restricted to somebody else: the document is changed as a colleague's program would.
async fn restricted(root: &Path) -> (Desk, String, String) {
    let desk = Desk::at(root);
    let clinic = json!({ "clinic_name": "Harbour Clinic", "name": "Dr Amina Rahman", "email": null, "specialization": null, "passphrase": PASSPHRASE, "language": "en" });
    desk.ask("session.make_clinic", clinic).await;
    let form = json!({ "name": "Amara Nwosu", "date_of_birth": null, "gender": null, "phone": null, "email": null, "address": null, "preferred_language": null, "blood_group": null });
    let chart = desk.ask("patients.register", form).await["id"].as_str().unwrap().to_owned();
    let visit =
        json!({ "patient": chart, "title": "First visit", "description": "Seen.", "date_of_record": "2026-03-13" });
    let record = desk.try_ask("records.write_visit", visit).await;
    let record =
        record.map_or_else(|problem| panic!("{problem}"), |filed| filed["id"].as_str().unwrap_or_default().to_owned());
    desk.ask("access.restrict", json!({ "patient": chart, "restricted": true, "allowed": [] })).await;
    desk.ask("patients.banner", json!({ "patient": chart })).await;

    desk.ask("session.lock", json!({})).await;
    let folder = vault::profiles(root).unwrap().remove(0).folder;
    let vault = vault::Vault::open(&folder, PASSPHRASE, desk.1.now_ms()).unwrap();
    let id = chart.parse().unwrap();
    let colleague = vault.new_id(desk.1.now_ms()).unwrap();
    let changes = json!({ "allowed_members": [{ "id": colleague }] });
    vault.write(desk.1.now_ms(), |w| w.put::<model::Patient>(id, id, changes.as_object().unwrap())).unwrap();
    vault.close().unwrap();
    let profile = desk.ask("session.state", json!({})).await["profiles"][0]["id"].clone();
    desk.ask("session.unlock", json!({ "profile": profile, "passphrase": PASSPHRASE })).await;
    (desk, chart, record)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restricted_chart_is_closed_to_colleagues_by_whatever_it_is_asked_for() {
    let root = tempfile::tempdir().unwrap();
    let (desk, chart, record) = restricted(root.path()).await;
    for name in [
        "patients.banner",
        "summary.view",
        "notes.list",
        "vitals.view",
        "checks.list",
        "access.view",
        "shares.choices",
        "medications.list",
        "notes.draft",
    ] {
        assert_eq!(desk.code(name, json!({ "patient": chart })).await, "chart_restricted", "{name}");
    }
    assert!(!record.is_empty());
    assert_eq!(desk.code("records.view", json!({ "id": record })).await, "chart_restricted");
    let file = app::answer_download(&desk.0, "patients.photo", json!({ "patient": chart })).await;
    assert_eq!(file.unwrap_err().code, "chart_restricted");
    let add = app::answer_upload(&desk.0, "patients.set_photo", json!({ "patient": chart }), vec![1]).await;
    assert_eq!(add.unwrap_err().code, "chart_restricted");
    assert_eq!(
        desk.code("access.restrict", json!({ "patient": chart, "restricted": false, "allowed": [] })).await,
        "chart_restricted"
    );
    let seen = desk.ask("access.glass", json!({ "patient": chart })).await;
    assert_eq!(
        (&seen["name"], &seen["closed"], &seen["may_break"]),
        (&json!("Amara Nwosu"), &json!(true), &json!(true))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_opens_it_for_a_time_and_leaves_a_signed_entry_that_is_sent_first() {
    let root = tempfile::tempdir().unwrap();
    let (desk, chart, _) = restricted(root.path()).await;
    let ask = |reason: &str, minutes: u32| json!({ "patient": chart, "reason": reason, "minutes": minutes });
    assert_eq!(desk.code("access.break_glass", ask(" . ", 30)).await, "invalid_input");
    assert_eq!(desk.code("access.break_glass", ask("Unconscious, no relative here", 100_000)).await, "invalid_input");
    assert_eq!(desk.code("patients.banner", json!({ "patient": chart })).await, "chart_restricted");

    let open = desk.ask("access.break_glass", ask("Unconscious, no relative here", 30)).await;
    assert_eq!(open["closed"], false);
    desk.ask("summary.view", json!({ "patient": chart })).await;
    let log = desk.ask("access.view", json!({ "patient": chart })).await["accesses"][0].clone();
    assert_eq!(
        (&log["reason"], &log["place"], &log["member"]),
        (&json!("Unconscious, no relative here"), &json!("emergency"), &json!("Dr Amina Rahman"))
    );

    desk.forward(31);
    assert_eq!(desk.code("summary.view", json!({ "patient": chart })).await, "chart_restricted");
    desk.ask("access.break_glass", ask("Still unconscious, going on", 30)).await;
    desk.ask("session.lock", json!({})).await;
    let profile = desk.ask("session.state", json!({})).await["profiles"][0]["id"].clone();
    desk.ask("session.unlock", json!({ "profile": profile, "passphrase": PASSPHRASE })).await;
    assert_eq!(desk.code("summary.view", json!({ "patient": chart })).await, "chart_restricted", "a lock ends it");
}
