//! The devices of a person, and ending what runs on another.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may stop where it fails")]

mod common;

use app::model::{NotificationType, Token};
use common::{DAYS, Desk, HOURS, Hands, Pair};
use serde_json::{Value, json};

fn device(desk: &Desk) -> Value {
    json!(desk.app.session().unwrap().device().unwrap())
}

fn states(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one["state"].as_str().unwrap()).collect()
}

fn rows(desk: &Desk) -> Vec<Token> {
    let session = desk.app.session().unwrap();
    let rows = session.vault.list::<Token>(&vault::Find::default()).unwrap();
    assert!(rows.iter().all(|row| row.scope == session.me.user), "sealed for the person alone");
    rows.into_iter().map(|row| row.value).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_has_one_row_that_is_renewed_daily_and_says_when_it_was_used() {
    let home = tempfile::tempdir().unwrap();
    let desk = Desk::clinic(home.path(), &Hands::new()).await;
    let list = desk.get("sessions.list").await;
    assert_eq!((states(&list), &list[0]["this_device"]), (vec!["running"], &json!(true)));
    let first = rows(&desk)[0].clone();
    assert_eq!((first.token_hash.len(), first.family), (64, device(&desk).as_str().unwrap().to_owned()));
    for (hours, count) in [(2, 1), (23, 2), (1, 2), (30 * 24, 3)] {
        desk.get("session.lock").await;
        desk.clock.forward(hours * HOURS);
        desk.unlock().await;
        let rows = rows(&desk);
        assert_eq!(rows.len(), count, "after {hours} hours");
        assert_eq!(rows.iter().filter(|row| row.replaced_by.is_none()).count(), 1);
        assert!(rows.iter().all(|row| !row.revoked));
    }
    assert!(rows(&desk)[0].last_used_at > first.last_used_at);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_ended_elsewhere_locks_and_the_passphrase_begins_another() {
    let pair = Pair::new().await;
    let list = pair.first.get("sessions.list").await;
    assert_eq!(states(&list), ["running", "running"]);
    assert_eq!(pair.first.refused("sessions.end", json!({ "id": device(&pair.first) })).await, "not_allowed");
    let ended = pair.first.ask("sessions.end", json!({ "id": device(&pair.second) })).await;
    assert_eq!(states(&ended), ["running", "ended"]);
    pair.first.sync().await;
    assert!(pair.second.sync_and_lock().await, "an honest device gives way");
    let profile = pair.second.profile().await;
    assert!(profile["ended_at"].is_string(), "the lock screen says why: {profile}");

    pair.second.unlock().await;
    assert_eq!(pair.second.profile().await["ended_at"], Value::Null);
    pair.second.sync().await;
    pair.first.sync().await;
    assert_eq!(states(&pair.first.get("sessions.list").await), ["running", "running"]);
    let family = device(&pair.second);
    let own: Vec<Token> = rows(&pair.second).into_iter().filter(|row| json!(row.family) == family).collect();
    assert_eq!(
        own.iter().map(|row| (row.revoked, row.replaced_by.is_some())).collect::<Vec<_>>(),
        [(true, true), (false, false)]
    );
    assert!(pair.first.app.session().is_ok() && pair.second.app.session().is_ok(), "one end is heeded once");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_comes_after_the_passphrase_was_typed_still_counts() {
    let pair = Pair::new().await;
    pair.second.get("session.lock").await;
    pair.first.get("sessions.end_others").await;
    pair.first.sync().await;
    // The day after, so that the row that was ended is not the newest any more.
    pair.second.clock.forward(DAYS + 1);
    pair.second.unlock().await;
    assert!(pair.second.sync_and_lock().await);
    pair.second.unlock().await;
    pair.second.sync().await;
    assert!(pair.second.app.session().is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_turns_up_twice_ends_the_family_and_is_told() {
    let pair = Pair::new().await;
    // Somebody copied the token of the second device, and used it: another row goes on from the same one.
    let session = pair.first.app.session().unwrap();
    let own = rows(&pair.second).into_iter().find(|row| json!(row.family) == device(&pair.second)).unwrap();
    let copy = Token { token_hash: "0".repeat(64), ..own };
    let values = json!(copy)
        .as_object()
        .unwrap()
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    session
        .write(|w| {
            let id = w.new_id()?;
            w.put::<Token>(id, session.me.user, &values)
        })
        .unwrap();
    pair.first.sync().await;
    assert!(pair.second.sync_and_lock().await);
    pair.second.unlock().await;
    for desk in [&pair.second, &pair.first] {
        desk.sync().await;
        let today = desk.get("today.view").await;
        let told: Vec<&Value> = today["notifications"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["kind"] == json!(NotificationType::AccountSecurity))
            .collect();
        assert_eq!(told.iter().map(|one| &one["message"]).collect::<Vec<_>>(), [&json!("session-copied")]);
    }
    assert!(
        rows(&pair.first)
            .iter()
            .filter(|row| json!(row.family) == device(&pair.second))
            .filter(|row| !row.revoked)
            .count()
            == 1
    );
    drop(pair.homes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_week_without_news_from_another_device_is_told_calmly() {
    let pair = Pair::new().await;
    let (first, second) = (&pair.first, &pair.second);
    let silence = async || {
        let alarms = first.get("security.alarms").await;
        alarms.as_array().unwrap().iter().find(|alarm| alarm["code"] == "silent").cloned()
    };
    assert_eq!(silence().await, None);
    // Both have one clock: what the other still had to send would be news.
    second.ask("sync.pause", json!({})).await;
    first.clock.forward(6 * DAYS);
    first.sync().await;
    assert_eq!(silence().await, None);
    first.clock.forward(2 * DAYS);
    first.sync().await;
    let told = silence().await.expect("eight days are more than a week");
    assert_eq!((&told["calm"], &told["owner"]), (&json!(true), &Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_alone_waits_for_no_news() {
    let home = tempfile::tempdir().unwrap();
    let desk = Desk::clinic(home.path(), &Hands::new()).await;
    desk.clock.forward(30 * DAYS);
    assert_eq!(desk.get("security.alarms").await, json!([]));
}
