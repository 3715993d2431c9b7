//! A lost laptop was removed, and turns up with a measurement that its owner took on it.

use crate::support::{COLLEAGUE, SLOW, clinic, let_in, open_first_patient, unlock};
use aidpost_tests::trouble::Result;
use aidpost_tests::window::{Kind, Window};
use serde_json::json;
use std::time::{Duration, Instant};
use sync::server::LocalServer;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_written_on_a_lost_laptop_is_let_in() -> Result<()> {
    let (home, elsewhere, data) = (tempfile::tempdir()?, tempfile::tempdir()?, tempfile::tempdir()?);
    let server = LocalServer::start(data.path(), 0).await?;
    let (head, _) = clinic(&home.path().join("vaults")).await?;
    head.ask("sync.set_remote", json!({ "address": server.uri("") })).await?;
    let form = json!({ "name": "Amara Nwosu", "date_of_birth": null, "gender": null, "phone": null, "email": null, "address": null, "preferred_language": null, "blood_group": null });
    let chart = head.ask("patients.register", form).await?["id"].clone();
    let laptop = let_in(&head, elsewhere.path()).await?;
    for desk in [&head, &laptop, &head, &laptop] {
        desk.ask("sync.now", json!({})).await?;
    }
    laptop.ask("sync.pause", json!({})).await?;
    let entry = json!({ "code": "8867-4", "value": 88.0, "unit": "/min" });
    laptop.ask("vitals.add", json!({ "patient": chart, "observed_at": null, "entries": [entry] })).await?;
    head.leave().await;

    let window = Window::open(home.path()).await?;
    unlock(&window).await?;
    remove(&window).await?;
    laptop.ask("sync.resume", json!({})).await?;
    laptop.ask("sync.now", json!({})).await?;
    laptop.leave().await;
    let_in_again(&window).await?;
    window.end().await
}

async fn remove(window: &Window) -> Result<()> {
    let button = format!("Remove the device of {COLLEAGUE}");
    window.link("People and devices").await?;
    window.sees(COLLEAGUE).await?;
    window.button(&button).await?;
    window.sees("set aside for a person to look at").await?;
    window.pictures("people-remove-device").await?;
    window.button("Remove").await?;
    let deadline = Instant::now() + SLOW;
    while window.has(Kind::Button, &button).await? {
        assert!(Instant::now() < deadline, "the device is still listed: {}", window.words().await?);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    window.link("Sync centre").await?;
    window.button("Sync now").await?;
    window.sees_within("nothing waits", SLOW).await
}

async fn let_in_again(window: &Window) -> Result<()> {
    window.button("Sync now").await?;
    window.sees_within("Written after a removal", SLOW).await?;
    window.sees("Amara Nwosu").await?;
    assert!(!window.shows("Set aside").await?, "it is listed twice");
    window.pictures("sync-late").await?;
    open_first_patient(window).await?;
    window.tab("Vitals").await?;
    assert!(!window.shows("88").await?, "what was set aside is shown");
    window.link("Sync centre").await?;
    window.button("Let in up to here…").await?;
    window.sees("Ask Dr Wei Chen in person first").await?;
    window.pictures("sync-let-in").await?;
    window.button("Let in").await?;
    window.sees_within("Let in.", SLOW).await?;
    assert!(!window.shows("Written after a removal").await?, "it is still set aside");
    open_first_patient(window).await?;
    window.tab("Vitals").await?;
    window.sees_within("88", SLOW).await?;
    window.picture("vitals-let-in").await
}
