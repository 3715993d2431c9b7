//! Backups by hand and by themselves, the way back from one, and the look through a device.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may stop where it fails")]

mod common;

use app::Event;
use common::{Desk, Hands};
use serde_json::{Value, json};
use std::{path::Path, time::Duration};

fn plan(folder: &Path, rhythm: &str) -> Value {
    json!({ "folder": folder, "rhythm": rhythm, "keep": 3 })
}

/// The verdict of one finding; `None` where there is none.
fn verdict(look: &Value, code: &str) -> Option<String> {
    let all = look["findings"].as_array().unwrap();
    all.iter().find(|one| one["code"] == code).map(|one| one["verdict"].as_str().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_made_looked_through_and_becomes_a_record_again() {
    let (home, disk, clock) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), Hands::new());
    let desk = Desk::alone(home.path(), &clock).await;
    assert_eq!(desk.refused("backups.make", json!({ "folder": null })).await, "no_backup_folder");
    assert_eq!(desk.refused("backups.set", plan(Path::new("/no/such/folder"), "daily")).await, "folder_not_found");
    assert_eq!(desk.refused("backups.set", plan(home.path(), "daily")).await, "backup_beside_vault");
    assert_eq!(
        desk.refused("backups.set", json!({ "folder": null, "rhythm": "daily", "keep": 3 })).await,
        "no_backup_folder"
    );
    desk.ask("backups.set", plan(disk.path(), "by_hand")).await;
    let mut heard = desk.app.events();
    let made = desk.ask("backups.make", json!({ "folder": null })).await;
    assert!(made["last"]["verified_at"].is_string() && made["trouble"].is_null(), "{made}");
    assert!(
        std::iter::from_fn(|| heard.try_recv().ok())
            .any(|event| matches!(event, Event::Progress { task, .. } if task == "backup"))
    );
    let found = desk.ask("restore.look", json!({ "folder": disk.path() })).await;
    let folder = found[0]["folder"].clone();
    let name = desk.ask("restore.begin", json!({ "folder": folder })).await["name"].clone();
    desk.ask("session.lock", json!({})).await;
    let restored = json!({ "profile": name, "passphrase": common::PASSPHRASE });
    let me = desk.ask("session.unlock", restored).await;
    let chart = me["chart"].clone();
    assert!(desk.ask("patients.banner", json!({ "patient": chart })).await["name"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_was_unplugged_is_told_of_and_the_record_can_be_used() {
    let (home, disk, clock) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), Hands::new());
    let desk = Desk::alone(home.path(), &clock).await;
    desk.ask("backups.set", plan(disk.path(), "by_hand")).await;
    let elsewhere = tempfile::tempdir().unwrap();
    desk.ask("backups.make", json!({ "folder": elsewhere.path() })).await;
    assert_eq!(desk.get("backups.view").await["plan"]["folder"], json!(disk.path()), "the plan stays");
    drop(disk);
    assert_eq!(desk.refused("backups.make", json!({ "folder": null })).await, "folder_not_found");
    let view = desk.get("backups.view").await;
    assert_eq!((&view["trouble"]["code"], &view["running"]), (&json!("folder_not_found"), &json!(false)));
    let look = desk.get("doctor.look").await;
    assert_eq!((verdict(&look, "backup_failed").as_deref(), &look["sound"]), (Some("wrong"), &json!(false)));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_made_by_itself_when_it_is_due_and_not_again_before() {
    let (home, disk, clock) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), Hands::new());
    let desk = Desk::alone(home.path(), &clock).await;
    let due = || app::backups::is_due(&desk.app.session().unwrap()).unwrap();
    desk.ask("backups.set", plan(disk.path(), "by_hand")).await;
    assert!(!due());
    desk.ask("backups.set", plan(disk.path(), "daily")).await;
    assert!(due());
    desk.ask("backups.make", json!({ "folder": null })).await;
    assert!(!due());
    clock.forward(86_401);
    assert!(due());
    // After a failure it waits an hour.
    drop(disk);
    assert_eq!(desk.refused("backups.make", json!({ "folder": null })).await, "folder_not_found");
    assert!(!due());
    clock.forward(3_601);
    assert!(due());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_ends_a_backup_that_is_under_way() {
    let (home, disk, clock) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), Hands::new());
    let desk = Desk::alone(home.path(), &clock).await;
    desk.ask("backups.set", plan(disk.path(), "by_hand")).await;
    let (app, mut heard) = (desk.app.clone(), desk.app.events());
    let making = tokio::spawn(async move { app::answer(&app, "backups.make", json!({ "folder": null })).await });
    let begun = async { while !matches!(heard.recv().await, Ok(Event::Progress { .. })) {} };
    tokio::time::timeout(Duration::from_secs(60), begun).await.unwrap();
    desk.ask("session.lock", json!({})).await;
    // It may have been at its end already; either way the vault is closed and nothing half-made counts.
    if let Err(problem) = making.await.unwrap() {
        assert!(matches!(problem.code.as_str(), "stopped" | "locked"), "{problem}");
    }
    let whole = vault::backup::find(disk.path()).unwrap();
    assert!(whole.len() <= 1);
    desk.unlock().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_through_a_sound_device_finds_it_sound() {
    let (home, clock) = (tempfile::tempdir().unwrap(), Hands::new());
    let desk = Desk::alone(home.path(), &clock).await;
    let look = desk.get("doctor.look").await;
    assert_eq!(look["sound"], true, "{look}");
    assert_eq!(verdict(&look, "record_good").as_deref(), Some("good"));
    assert_eq!(verdict(&look, "no_remote").as_deref(), Some("note"));
    assert_eq!(verdict(&look, "no_backup").as_deref(), Some("note"));
}
