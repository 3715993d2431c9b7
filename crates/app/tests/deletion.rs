//! Leaving: the days to think again, the end of a record, and what stays.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may stop where it fails")]

mod common;

use app::model::{AccountDeletionRequest, User};
use common::{DAYS, Desk, HOURS, Hands, MINUTES};
use serde_json::{Value, json};
use sync::server::LocalServer;
use vault::trust::erasure;

fn not_confirmed() -> Value {
    json!({ "code": null })
}

async fn stage(desk: &Desk) -> Value {
    desk.get("deletion.view").await["stage"].clone()
}

/// Asks and confirms.
async fn wish(desk: &Desk) {
    desk.get("deletion.request").await;
    assert_eq!(desk.ask("deletion.confirm", not_confirmed()).await["stage"], "confirmed");
}

async fn certificate(desk: &Desk, whole_account: bool) -> Result<String, String> {
    let asked = desk.try_ask("deletion.certificate", json!({ "whole_account": whole_account })).await;
    asked.map(|view| view["text"].as_str().unwrap().to_owned()).map_err(|problem| problem.code)
}

fn erase(whole_account: bool, certificate: &str) -> Value {
    json!({ "whole_account": whole_account, "certificate": certificate })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wish_is_proven_confirmed_and_can_be_taken_back_for_thirty_days() {
    let home = tempfile::tempdir().unwrap();
    let desk = Desk::alone(home.path(), &Hands::new()).await;
    let before = desk.get("deletion.view").await;
    assert_eq!((&before["stage"], &before["alone"], &before["code_by"]), (&Value::Null, &json!(true), &Value::Null));
    assert_eq!(desk.refused("deletion.confirm", not_confirmed()).await, "not_found");
    assert_eq!(desk.refused("deletion.withdraw", json!({})).await, "not_found");

    assert_eq!(desk.get("deletion.request").await["stage"], "requested");
    desk.clock.forward(11 * MINUTES);
    assert_eq!(desk.refused("deletion.confirm", not_confirmed()).await, "step_up_needed");
    assert_eq!(desk.refused("deletion.request", json!({})).await, "step_up_needed");
    desk.clock.forward(90 * DAYS);
    assert_eq!(stage(&desk).await, "requested", "what nobody confirmed never comes to an end");
    desk.prove().await;
    assert_eq!(desk.ask("deletion.confirm", not_confirmed()).await["stage"], "confirmed");
    assert_eq!(desk.get("deletion.withdraw").await["stage"], Value::Null);

    desk.prove().await;
    wish(&desk).await;
    desk.clock.forward(40 * DAYS);
    assert_eq!(stage(&desk).await, "due", "the second wish has its own days");
    assert_eq!(desk.get("deletion.withdraw").await["stage"], Value::Null, "nothing was destroyed until then");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_ends_a_day_too_early_and_then_the_folder_is_gone() {
    let home = tempfile::tempdir().unwrap();
    let desk = Desk::alone(home.path(), &Hands::new()).await;
    wish(&desk).await;
    let early = certificate(&desk, false).await.unwrap();
    desk.clock.forward(30 * DAYS - 1);
    desk.prove().await;
    assert_eq!(stage(&desk).await, "confirmed");
    assert_eq!(certificate(&desk, true).await.unwrap_err(), "not_allowed");
    assert_eq!(desk.refused("deletion.erase", erase(true, &early)).await, "certificate_needed");
    desk.clock.forward(1);
    assert_eq!(stage(&desk).await, "due");
    let text = certificate(&desk, true).await.unwrap();
    let said = erasure::verify(&text).unwrap();
    assert!(said.requested_at.is_some() && said.kept.is_empty() && said.destroyed.len() == 3);
    assert_eq!(
        desk.refused("deletion.erase", erase(true, &text.replace("database_on", "database_of"))).await,
        "certificate_needed"
    );
    let folder = desk.app.session().unwrap().vault.folder().to_owned();
    desk.ask("deletion.erase", erase(true, &text)).await;
    assert!(!folder.exists());
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0, "nothing of it stays");
    assert_eq!(desk.get("session.state").await["stage"], "empty");
}

#[tokio::test(flavor = "multi_thread")]
async fn this_computer_alone_is_cleared_at_once_but_only_with_its_certificate() {
    let home = tempfile::tempdir().unwrap();
    let desk = Desk::clinic(home.path(), &Hands::new()).await;
    let text = certificate(&desk, false).await.unwrap();
    assert_eq!(desk.refused("deletion.erase", erase(false, "")).await, "certificate_needed");
    let elsewhere = tempfile::tempdir().unwrap();
    let other = Desk::clinic(elsewhere.path(), &desk.clock).await;
    assert_eq!(other.refused("deletion.erase", erase(false, &text)).await, "certificate_needed", "of another device");
    desk.clock.forward(11 * MINUTES);
    assert_eq!(desk.refused("deletion.erase", erase(false, &text)).await, "step_up_needed");
    desk.prove().await;
    desk.ask("deletion.erase", erase(false, &text)).await;
    assert_eq!(desk.get("session.state").await["stage"], "empty");
    assert_eq!(erasure::verify(&text).unwrap().kept[0].until, None, "the clinic has not said how long");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clinic_says_how_long_it_must_keep_entries_and_the_certificate_repeats_it() {
    let home = tempfile::tempdir().unwrap();
    let desk = Desk::clinic(home.path(), &Hands::new()).await;
    assert_eq!(desk.get("deletion.view").await["retention_years"], Value::Null);
    assert_eq!(desk.refused("deletion.set_retention", json!({ "years": 101 })).await, "invalid_input");
    assert_eq!(desk.ask("deletion.set_retention", json!({ "years": 20 })).await["retention_years"], 20);
    let said = erasure::verify(&certificate(&desk, false).await.unwrap()).unwrap();
    let until = said.kept[0].until.unwrap();
    assert!(until.ms() - said.at.ms() >= 20 * 365 * 24 * 3_600_000);
    assert_eq!(desk.ask("deletion.set_retention", json!({ "years": null })).await["retention_years"], Value::Null);
}

/// A member asks, an administrator sees it and removes them, and their device clears itself once it has heard and the days are over.
#[tokio::test(flavor = "multi_thread")]
async fn a_members_device_clears_itself_when_it_was_removed_and_the_days_are_over() {
    let homes = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let server = LocalServer::start(homes[2].path(), 0).await.expect("a mongod: run scripts/setup.sh test");
    let head = Desk::clinic(homes[0].path(), &Hands::new()).await;
    head.ask("sync.set_remote", json!({ "address": server.uri("") })).await;
    let member = head.let_in(homes[1].path(), Some("doctor")).await;
    Desk::sync_in_turn(&[&head, &member]).await;
    assert_eq!(member.refused("deletion.set_retention", json!({ "years": 1 })).await, "not_allowed");
    wish(&member).await;
    member.sync().await;
    head.sync().await;
    let user = json!(member.app.session().unwrap().me.user);
    let row = |people: Value| people["people"].as_array().unwrap().iter().find(|one| one["user"] == user).cloned();
    let listed = row(head.get("people.list").await).unwrap();
    assert!(listed["leaves_at"].is_string(), "{listed}");

    // Removed too early: the record stays readable until the days are over.
    head.ask("people.remove_person", json!({ "id": user })).await;
    head.sync().await;
    member.sync().await;
    assert_eq!(member.get("deletion.view").await["removed"], true);
    member.get("session.lock").await;
    member.clock.forward(30 * DAYS - HOURS);
    member.unlock().await;
    assert_eq!(stage(&member).await, "confirmed");
    let folder = member.app.session().unwrap().vault.folder().to_owned();
    member.get("session.lock").await;
    member.clock.forward(HOURS);
    member.unlock().await;
    assert!(member.is_locked().await);
    for _ in 0..100 {
        if !folder.exists() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(!folder.exists());

    let state = member.get("session.state").await;
    assert_eq!((&state["stage"], &state["profiles"]), (&json!("empty"), &json!([])));
    let left = &state["erased"][0];
    let said = erasure::verify(left["text"].as_str().unwrap()).unwrap();
    assert_eq!(json!(said.user), user);
    assert_eq!(said.kept.len(), 2, "entries in charts, and what lies encrypted in the database");
    member.ask("session.put_away_certificate", json!({ "name": left["id"] })).await;
    assert_eq!(member.get("session.state").await["erased"], json!([]));
    assert_eq!(member.refused("session.put_away_certificate", json!({ "name": "../../x" })).await, "not_found");
}

/// A member whose days are over, and whom nobody has removed yet, is marked; taking it back makes them active again.
#[tokio::test(flavor = "multi_thread")]
async fn a_member_whose_days_are_over_is_marked_and_nothing_is_destroyed() {
    let home = tempfile::tempdir().unwrap();
    let desk = Desk::clinic(home.path(), &Hands::new()).await;
    wish(&desk).await;
    let active = || desk.app.session().unwrap();
    let is_active =
        |session: std::sync::Arc<app::Session>| session.need::<User>(session.me.user).unwrap().value.is_active;
    desk.get("session.lock").await;
    desk.clock.forward(30 * DAYS);
    desk.unlock().await;
    for _ in 0..100 {
        if !is_active(active()) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(!is_active(active()));
    assert_eq!(certificate(&desk, true).await.unwrap_err(), "not_allowed", "an administrator removes them first");
    desk.get("deletion.withdraw").await;
    assert!(is_active(active()));
    let wishes = active().vault.list::<AccountDeletionRequest>(&vault::Find::default()).unwrap();
    assert!(wishes.len() == 1 && wishes[0].value.cancelled_at.is_some() && wishes[0].value.completed_at.is_none());
}
