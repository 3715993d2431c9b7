//! One person at one desk: wrong passphrases, a window that nobody touches, a front page, a picture, an import that is stopped.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may stop where it fails")]

mod common;

use app::{App, Event, Options, Problem};
use common::{Hands, PASSPHRASE};
use serde_json::{Value, json};
use std::{path::Path, sync::Arc, time::Duration};

struct Desk(Arc<App>);

impl Desk {
    fn at(root: &Path, clock: &Arc<Hands>, idle_lock: bool) -> Desk {
        Desk(App::new(
            root,
            clock.clone(),
            Options { loopback_only: true, serve_links: false, idle_lock, window: false, keychain: false },
        ))
    }

    async fn new(root: &Path, clock: &Arc<Hands>, idle_lock: bool) -> Desk {
        let desk = Desk::at(root, clock, idle_lock);
        desk.make_clinic().await;
        desk
    }

    async fn make_clinic(&self) {
        let clinic = json!({ "clinic_name": "Harbour Clinic", "name": "Dr Amina Rahman", "email": null, "specialization": null, "passphrase": PASSPHRASE, "language": "en" });
        self.ask("session.make_clinic", clinic).await;
    }

    async fn try_ask(&self, name: &str, input: Value) -> Result<Value, Problem> {
        app::answer(&self.0, name, input).await
    }

    async fn ask(&self, name: &str, input: Value) -> Value {
        self.try_ask(name, input).await.unwrap_or_else(|problem| panic!("{name}: {problem}"))
    }

    async fn patient(&self) -> String {
        let form = json!({ "name": "Amara Nwosu", "date_of_birth": "1967-08-14", "gender": "female", "phone": "+44 7700 900142", "email": null, "address": null, "preferred_language": null, "blood_group": "O+" });
        text(&self.ask("patients.register", form).await["id"])
    }

    async fn unlock(&self, passphrase: &str) -> Result<Value, Problem> {
        let state = self.ask("session.state", json!({})).await;
        let profile = state["profiles"][0]["id"].clone();
        self.try_ask("session.unlock", json!({ "profile": profile, "passphrase": passphrase })).await
    }

    async fn wait_seconds(&self) -> u64 {
        self.ask("session.state", json!({})).await["profiles"][0]["wait_seconds"].as_u64().unwrap()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn change(patient: &str, more: Value) -> Value {
    let mut all = json!({ "patient": patient, "name": null, "date_of_birth": null, "gender": null, "phone": null, "email": null, "address": null, "preferred_language": null, "blood_group": null, "is_archived": null, "cleared": [] });
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passphrases_are_slowed_and_the_count_survives_a_new_start() {
    let (home, clock) = (tempfile::tempdir().unwrap(), Hands::new());
    let desk = Desk::new(home.path(), &clock, false).await;
    desk.ask("session.lock", json!({})).await;
    for _ in 0..4 {
        assert_eq!(desk.unlock("not the right words").await.unwrap_err().code, "wrong_passphrase");
        assert_eq!(desk.wait_seconds().await, 0);
    }
    assert_eq!(desk.unlock("not the right words").await.unwrap_err().code, "too_many_attempts");
    assert_eq!(desk.wait_seconds().await, 30);
    drop(desk);

    let desk = Desk::at(home.path(), &clock, false);
    clock.forward(10);
    let early = desk.unlock(PASSPHRASE).await.unwrap_err();
    assert_eq!((early.code.as_str(), early.detail.as_deref(), early.retry), ("too_many_attempts", Some("20"), true));
    clock.forward(20);
    desk.unlock(PASSPHRASE).await.unwrap();
    desk.ask("session.lock", json!({})).await;
    assert_eq!(desk.unlock("not the right words").await.unwrap_err().code, "wrong_passphrase");
    assert_eq!(desk.wait_seconds().await, 0, "the right passphrase began the count anew");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_nobody_touches_is_locked_and_the_draft_is_kept() {
    let (home, clock) = (tempfile::tempdir().unwrap(), Hands::new());
    let desk = Desk::new(home.path(), &clock, true).await;
    let patient = desk.patient().await;
    desk.ask("notes.keep_draft", json!({ "patient": patient, "text": "Walks unaided." })).await;
    let mut events = desk.0.events();

    clock.forward(14 * 60);
    desk.ask("session.touch", json!({})).await;
    clock.forward(14 * 60);
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(desk.ask("session.state", json!({})).await["stage"], "open", "a touch begins the time anew");
    // What the page asks by itself is no person.
    clock.forward(60 + app::idle::SLACK_MS / 1_000);
    let locked = async {
        loop {
            if matches!(events.recv().await, Ok(Event::Session { stage: app::views::Stage::Locked })) {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), locked).await.expect("the watch locks");
    assert_eq!(desk.try_ask("patients.banner", json!({ "patient": patient })).await.unwrap_err().code, "locked");

    desk.unlock(PASSPHRASE).await.unwrap();
    assert_eq!(desk.ask("notes.draft", json!({ "patient": patient })).await["text"], "Walks unaided.");
}

/// Waits until the record is locked, and says why it was.
async fn reason(desk: &Desk, events: &mut tokio::sync::broadcast::Receiver<Event>) -> Value {
    let locked =
        async { while !matches!(events.recv().await, Ok(Event::Session { stage: app::views::Stage::Locked })) {} };
    tokio::time::timeout(Duration::from_secs(10), locked).await.expect("the watch locks");
    desk.ask("session.state", json!({})).await["locked"]["reason"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_open_for_twelve_hours_at_most_whatever_the_clock_says() {
    let (home, clock) = (tempfile::tempdir().unwrap(), Hands::new());
    let desk = Desk::new(home.path(), &clock, true).await;
    let mut events = desk.0.events();
    // Somebody is at the window all day, and sets the clock back in between.
    for _ in 0..72 {
        clock.forward(599);
        clock.back(500);
        desk.ask("session.touch", json!({})).await;
    }
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(desk.ask("session.state", json!({})).await["stage"], "open");
    clock.forward(2 * 60);
    desk.ask("session.touch", json!({})).await;
    assert_eq!(reason(&desk, &mut events).await, "open_too_long");
    desk.unlock(PASSPHRASE).await.unwrap();
    assert_eq!(desk.ask("session.state", json!({})).await["locked"], json!(null));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_back_keeps_no_window_open_and_one_set_forward_locks_none() {
    let (home, clock) = (tempfile::tempdir().unwrap(), Hands::new());
    let desk = Desk::new(home.path(), &clock, true).await;
    let mut events = desk.0.events();
    clock.set_forward(3 * 60 * 60);
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(desk.ask("session.state", json!({})).await["stage"], "open");
    clock.forward(15 * 60 + app::idle::SLACK_MS / 1_000);
    clock.back(6 * 60 * 60);
    assert_eq!(reason(&desk, &mut events).await, "idle");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sleep_that_nobody_announced_is_noticed_when_it_is_over() {
    let (home, clock) = (tempfile::tempdir().unwrap(), Hands::new());
    let desk = Desk::new(home.path(), &clock, true).await;
    let mut events = desk.0.events();
    clock.sleep(1);
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(desk.ask("session.state", json!({})).await["stage"], "open", "so little is how clocks are read");
    clock.sleep(5 * 60);
    assert_eq!(reason(&desk, &mut events).await, "sleep");
}

/// A page that keeps what it is asked for, as the window does.
async fn page(desk: Arc<Desk>, patient: String) {
    let mut events = desk.0.events();
    while let Ok(event) = events.recv().await {
        if event == Event::Locking {
            desk.ask("notes.keep_draft", json!({ "patient": patient, "text": "The last half sentence" })).await;
            desk.ask("session.drafts_kept", json!({})).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_being_written_is_kept_before_the_lock_and_a_page_that_hangs_holds_nothing_up() {
    let (home, clock) = (tempfile::tempdir().unwrap(), Hands::new());
    let options = Options { loopback_only: true, serve_links: false, window: true, ..Options::default() };
    let desk = Arc::new(Desk(App::new(home.path(), clock.clone(), options)));
    desk.make_clinic().await;
    let patient = desk.patient().await;
    let page = tokio::spawn(page(desk.clone(), patient.clone()));
    tokio::time::sleep(Duration::from_millis(100)).await;
    let begun = std::time::Instant::now();
    desk.ask("session.lock", json!({})).await;
    let answered = begun.elapsed();
    desk.unlock(PASSPHRASE).await.unwrap();
    let draft = desk.ask("notes.draft", json!({ "patient": patient })).await;
    assert_eq!(draft["text"], "The last half sentence");

    page.abort();
    let begun = std::time::Instant::now();
    desk.ask("session.lock", json!({})).await;
    let hung = begun.elapsed();
    assert!(hung >= Duration::from_secs(2), "a page is given its time: {hung:?}");
    assert!(answered < hung, "a page that answers is not waited for longer than it takes: {answered:?}, {hung:?}");
    assert_eq!(desk.ask("session.state", json!({})).await["stage"], "locked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_of_the_front_page_is_emptied_and_what_it_said_stays_in_the_history() {
    let (home, clock) = (tempfile::tempdir().unwrap(), Hands::new());
    let desk = Desk::new(home.path(), &clock, false).await;
    let patient = desk.patient().await;
    let banner = desk.ask("patients.change", change(&patient, json!({ "cleared": ["phone", "blood_group"] }))).await;
    assert_eq!(
        (&banner["phone"], &banner["blood_group"], &banner["gender"]),
        (&json!(null), &json!(null), &json!("female"))
    );
    let history = desk.ask("sync.history", json!({ "collection": "patients", "id": patient })).await;
    assert!(history.to_string().contains("+44 7700 900142"), "{history}");
    let both = change(&patient, json!({ "phone": "1", "cleared": ["phone"] }));
    assert_eq!(desk.try_ask("patients.change", both).await.unwrap_err().code, "invalid_input");
    desk.ask("session.lock", json!({})).await;
    desk.unlock(PASSPHRASE).await.unwrap();
    assert_eq!(desk.ask("patients.banner", json!({ "patient": patient })).await["phone"], json!(null));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_put_on_the_front_page_and_taken_off() {
    let (home, clock) = (tempfile::tempdir().unwrap(), Hands::new());
    let desk = Desk::new(home.path(), &clock, false).await;
    let (of, mut png) = (json!({ "patient": desk.patient().await }), Vec::new());
    image::DynamicImage::new_rgb8(900, 1200)
        .write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png)
        .unwrap();
    let banner = app::answer_upload(&desk.0, "patients.set_photo", of.clone(), png).await.unwrap();
    assert_eq!(banner["photo_here"], true);
    assert_eq!(text(&banner["photo"]).len(), 64);
    let kept =
        image::load_from_memory(&app::answer_download(&desk.0, "patients.photo", of.clone()).await.unwrap()).unwrap();
    assert_eq!((kept.width(), kept.height()), (256, 256));
    let banner = desk.ask("patients.remove_photo", of.clone()).await;
    assert_eq!((&banner["photo"], &banner["photo_here"]), (&json!(null), &json!(false)));
    assert_eq!(app::answer_download(&desk.0, "patients.photo", of).await.unwrap_err().code, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn withdrawing_a_blood_pressure_takes_both_numbers_and_nothing_else() {
    let (home, clock) = (tempfile::tempdir().unwrap(), Hands::new());
    let desk = Desk::new(home.path(), &clock, false).await;
    let patient = desk.patient().await;
    let measured = json!({ "patient": patient, "observed_at": null, "entries": [
        { "code": "8480-6", "value": 162.0, "unit": "mm[Hg]" }, { "code": "8462-4", "value": 98.0, "unit": "mm[Hg]" },
        { "code": "8867-4", "value": 71.0, "unit": "/min" },
    ] });
    let view = desk.ask("vitals.add", measured).await;
    let pressure = view["series"].as_array().unwrap().iter().find(|one| one["code"] == "85354-9").unwrap().clone();
    assert_eq!(pressure["points"][0]["second"], 98.0);
    desk.ask("vitals.withdraw", json!({ "id": pressure["points"][0]["id"] })).await;
    let view = desk.ask("vitals.view", json!({ "patient": patient })).await;
    let codes: Vec<&str> = view["series"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["8867-4"]);
    // A systolic number alone brings no forgotten half back to life.
    let one = json!({ "patient": patient, "observed_at": null, "entries": [{ "code": "8480-6", "value": 150.0, "unit": "mm[Hg]" }] });
    let view = desk.ask("vitals.add", one).await;
    let pressure = view["series"].as_array().unwrap().iter().find(|one| one["code"] == "85354-9").unwrap().clone();
    assert_eq!((pressure["points"].as_array().unwrap().len(), &pressure["points"][0]["second"]), (1, &json!(null)));
}

const VALUES: usize = 400;

fn bundle() -> Vec<u8> {
    let patient = json!({ "resource": { "resourceType": "Patient", "id": "p", "name": [{ "text": "Maria Okafor" }], "birthDate": "1967-08-14" }, "fullUrl": "urn:uuid:1b0c0f6e-5d6a-4b5c-9a53-000000000000" });
    let value = |n: usize| {
        json!({ "fullUrl": format!("urn:uuid:1b0c0f6e-5d6a-4b5c-9a53-{n:012}"), "resource": { "resourceType": "Observation", "id": format!("o{n}"), "status": "final",
            "code": { "coding": [{ "system": "http://loinc.org", "code": "8867-4" }] }, "subject": { "reference": "urn:uuid:1b0c0f6e-5d6a-4b5c-9a53-000000000000" },
            "effectiveDateTime": format!("2026-01-{:02}T{:02}:00:00Z", 1 + n / 24, n % 24), "valueQuantity": { "value": 60 + n % 40, "unit": "/min", "system": "http://unitsofmeasure.org", "code": "/min" } } })
    };
    let entries: Vec<Value> = std::iter::once(patient).chain((1..=VALUES).map(value)).collect();
    serde_json::to_vec(&json!({ "resourceType": "Bundle", "type": "collection", "entry": entries })).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_import_tells_how_far_it_is_and_can_be_stopped_without_a_trace() {
    let (home, clock) = (tempfile::tempdir().unwrap(), Hands::new());
    let desk = Arc::new(Desk::new(home.path(), &clock, false).await);
    let read = json!({ "file_name": "record.json", "patient": null });
    let ticket = app::answer_upload(&desk.0, "intake.read", read, bundle()).await.unwrap()["ticket"].clone();
    let filing = json!({ "ticket": ticket, "items": null, "patient": null });

    let mut events = desk.0.events();
    let (other, asked) = (desk.clone(), filing.clone());
    let task = tokio::spawn(async move { other.try_ask("intake.file", asked).await });
    loop {
        if let Event::Progress { task, done, .. } = events.recv().await.unwrap()
            && task == "import"
            && done > 0
        {
            break;
        }
    }
    desk.ask("intake.cancel", json!({ "id": ticket })).await;
    assert_eq!(task.await.unwrap().unwrap_err().code, "import_stopped");
    let find = json!({ "text": "", "offset": 0, "limit": 10, "archived": false, "saved": false });
    assert_eq!(desk.ask("patients.find", find.clone()).await["total"], 0, "nothing of it stays");

    let mut events = desk.0.events();
    let done = desk.ask("intake.file", filing).await;
    assert!(done["filed"].as_u64().unwrap() > VALUES as u64, "the dry run is still there: {done}");
    let mut told = Vec::new();
    while let Ok(event) = events.try_recv() {
        if let Event::Progress { done, total, .. } = event {
            told.push((done, total));
        }
    }
    assert!(told.len() > 10 && told.is_sorted(), "{told:?}");
    assert_eq!(told.first().map(|one| one.0), Some(0));
    assert_eq!(desk.ask("patients.find", find).await["total"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_import_under_way_stops_at_the_lock_without_a_trace() {
    let (home, clock) = (tempfile::tempdir().unwrap(), Hands::new());
    let desk = Arc::new(Desk::new(home.path(), &clock, false).await);
    let read = json!({ "file_name": "record.json", "patient": null });
    let ticket = app::answer_upload(&desk.0, "intake.read", read, bundle()).await.unwrap()["ticket"].clone();
    let mut events = desk.0.events();
    let (other, asked) = (desk.clone(), json!({ "ticket": ticket, "items": null, "patient": null }));
    let task = tokio::spawn(async move { other.try_ask("intake.file", asked).await });
    while !matches!(events.recv().await.unwrap(), Event::Progress { task, done, .. } if task == "import" && done > 0) {}
    desk.ask("session.lock", json!({})).await;
    assert_eq!(task.await.unwrap().unwrap_err().code, "import_stopped");
    desk.unlock(PASSPHRASE).await.unwrap();
    let find = json!({ "text": "", "offset": 0, "limit": 10, "archived": false, "saved": false });
    assert_eq!(desk.ask("patients.find", find).await["total"], 0);
}
