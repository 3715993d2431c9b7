//! New keys and a new kit, and the key of the clinic, as a shell meets them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may stop where it fails")]

mod common;

use common::{Desk, Hands, MINUTES, PASSPHRASE};
use serde_json::{Value, json};
use std::time::Duration;
use sync::server::LocalServer;
use tempfile::TempDir;

const NEW: &str = "gravel lantern mosaic ferry thimble";

async fn unlock(desk: &Desk, passphrase: &str) -> Result<Value, String> {
    let id = desk.profile().await["id"].clone();
    let opened = desk.try_ask("session.unlock", json!({ "profile": id, "passphrase": passphrase })).await;
    opened.map_err(|problem| problem.code)
}

/// Waits until the record goes on under new keys, beside the database too.
async fn settled(desk: &Desk) -> bool {
    for _ in 0..100 {
        let unfinished = desk.app.session().unwrap().vault.has_unfinished_keys().unwrap();
        if !unfinished && desk.get("keys.view").await["version"] == 2 {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    false
}

/// A clinic that meets in a database: its head with what was printed, and a doctor; one more folder is free.
struct Clinic {
    homes: Vec<TempDir>,
    head: Desk,
    papers: Value,
    doctor: Desk,
    _server: LocalServer,
}

impl Clinic {
    async fn new() -> Clinic {
        let homes: Vec<_> = (0..4).map(|_| tempfile::tempdir().unwrap()).collect();
        let server = LocalServer::start(homes[3].path(), 0).await.expect("a mongod: run scripts/setup.sh test");
        let (head, papers) = Desk::clinic_with_papers(homes[0].path(), &Hands::new()).await;
        head.ask("sync.set_remote", json!({ "address": server.uri("") })).await;
        let doctor = head.let_in(homes[1].path(), Some("doctor")).await;
        Clinic { homes, head, papers, doctor, _server: server }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_alone_certifies_with_the_key_that_was_printed() {
    let home = tempfile::tempdir().unwrap();
    let desk = Desk::at(home.path(), &Hands::new());
    let own = json!({ "name": "Maria Okafor", "date_of_birth": null, "gender": null, "passphrase": PASSPHRASE, "language": "en" });
    let papers = desk.ask("session.keep_own", own).await["papers"].clone();
    assert!(papers["root_kit_qr"].as_str().unwrap().contains("<svg"));
    let before = desk.get("keys.view").await;
    assert_eq!((&before["version"], &before["by_root"], &before["asked"]), (&json!(1), &json!(true), &Value::Null));
    let root = json!({ "root_kit": papers["root_kit"] });
    assert_eq!(desk.refused("keys.certify_own", root.clone()).await, "not_found", "nothing was asked for");
    assert_eq!(desk.refused("keys.begin", json!({ "passphrase": "short" })).await, "weak_passphrase");

    desk.clock.forward(11 * MINUTES);
    assert_eq!(desk.refused("keys.begin", json!({ "passphrase": NEW })).await, "step_up_needed");
    desk.prove().await;
    let kit = desk.ask("keys.begin", json!({ "passphrase": NEW })).await["kit"].clone();
    assert!(desk.get("keys.view").await["asked"]["check_words"].is_string());
    for (text, code) in [(json!("ROOT1:AAAA"), "root_kit_unreadable"), (kit.clone(), "root_kit_unreadable")] {
        assert_eq!(desk.refused("keys.certify_own", json!({ "root_kit": text })).await, code);
    }
    desk.ask("kit.check", json!({ "kit": papers["kit"] })).await;
    let after = desk.ask("keys.certify_own", root).await;
    assert_eq!((&after["version"], &after["asked"]), (&json!(2), &Value::Null));
    assert!(after["since"].is_string());
    desk.ask("kit.check", json!({ "kit": kit })).await;
    assert_eq!(desk.refused("kit.check", json!({ "kit": papers["kit"] })).await, "wrong_kit");

    desk.get("session.lock").await;
    assert_eq!(unlock(&desk, PASSPHRASE).await.unwrap_err(), "wrong_passphrase");
    unlock(&desk, NEW).await.unwrap();
    desk.get("today.view").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_certifies_the_keys_of_whoever_lost_a_device() {
    let Clinic { homes, head, papers, doctor, .. } = &Clinic::new().await;
    let lost = doctor.let_in(homes[2].path(), None).await;
    Desk::sync_in_turn(&[head, doctor, &lost, head, doctor]).await;
    let device = json!(lost.app.session().unwrap().device().unwrap());
    lost.get("session.lock").await;
    head.clock.forward(1);
    head.ask("people.remove_device", json!({ "id": device })).await;
    Desk::sync_in_turn(&[head, doctor]).await;
    assert_eq!(doctor.get("keys.view").await["known_elsewhere"], true);
    doctor.ask("keys.begin", json!({ "passphrase": NEW })).await;
    let words = doctor.get("keys.view").await["asked"]["check_words"].clone();
    Desk::sync_in_turn(&[doctor, head]).await;
    assert_eq!(doctor.get("people.key_requests").await, json!([]), "a doctor certifies nobody");
    let asked = head.get("people.key_requests").await;
    assert_eq!((asked.as_array().unwrap().len(), &asked[0]["name"]), (1, &json!("Dr Wei Chen")));
    let certify = |typed: &Value| json!({ "request": asked[0]["request"], "typed_check": typed });
    head.clock.forward(1);
    assert_eq!(head.refused("people.certify_keys", certify(&json!("AAAA AAAA AAAA AAAA"))).await, "check_differs");
    head.ask("people.certify_keys", certify(&words)).await;
    assert_eq!(head.get("people.key_requests").await, json!([]));
    Desk::sync_in_turn(&[head, doctor]).await;
    assert!(settled(doctor).await);
    assert_eq!(doctor.get("keys.view").await["known_elsewhere"], false);
    doctor.get("session.lock").await;
    assert_eq!(unlock(doctor, PASSPHRASE).await.unwrap_err(), "wrong_passphrase");
    unlock(doctor, NEW).await.unwrap();

    // With the key of the clinic the doctor becomes its head, and then there are two.
    let user = json!(doctor.app.session().unwrap().me.user);
    let act = |act: &str, user: &Value| json!({ "act": act, "user": user, "root_kit": papers["root_kit"] });
    let me = json!(head.app.session().unwrap().me.user);
    assert_eq!(head.refused("people.use_root", act("remove_head", &me)).await, "root_refuses");
    let people = head.ask("people.use_root", act("make_head", &user)).await["people"].clone();
    let roles = people.as_array().unwrap().iter().filter(|person| person["role"] == "super_admin").count();
    assert_eq!(roles, 2);
    head.ask("people.use_root", act("remove_head", &user)).await;
    assert_eq!(head.get("people.list").await["people"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clinic_brings_back_who_allowed_it_and_nobody_else() {
    let Clinic { homes, head, papers, doctor, .. } = &Clinic::new().await;
    let agrees = async |desk: &Desk| desk.get("session.state").await["me"]["clinic_recovers"] == true;
    assert_eq!(doctor.get("recovery.view").await, json!({ "offered": false, "since": null }));
    assert_eq!(head.refused("recovery.offer", json!({ "root_kit": papers["kit"] })).await, "root_kit_unreadable");
    head.ask("recovery.offer", json!({ "root_kit": papers["root_kit"] })).await;
    Desk::sync_in_turn(&[head, doctor, head]).await;
    assert_eq!(head.get("people.returning").await, json!([]), "off until the person says so");
    let user = json!(doctor.app.session().unwrap().me.user);
    assert_eq!(head.refused("people.invite_back", json!({ "id": user })).await, "not_allowed");

    doctor.clock.forward(11 * MINUTES);
    assert_eq!(doctor.refused("recovery.set", json!({ "on": true })).await, "step_up_needed");
    doctor.prove().await;
    head.prove().await;
    doctor.ask("recovery.set", json!({ "on": true })).await;
    assert!(agrees(doctor).await && !agrees(head).await);
    Desk::sync_in_turn(&[doctor, head]).await;
    assert_eq!(head.get("people.returning").await[0]["name"], "Dr Wei Chen");

    // Everything is lost: a new computer, the invitation, the letters, the key of the clinic.
    let invitation = head.ask("people.invite_back", json!({ "id": user })).await["text"].clone();
    let back = Desk::at(homes[2].path(), &head.clock);
    let join = json!({ "invitation": invitation, "name": "Dr Wei Chen", "passphrase": NEW });
    let joining = back.ask("session.join", join).await;
    let request = json!({ "request": joining["request"] });
    assert_eq!(head.ask("people.read_request", request).await["returning"], "Dr Wei Chen");
    let admit = |root: &Value| json!({ "request": joining["request"], "typed_check": joining["check_words"], "root_kit": root });
    assert_eq!(head.refused("people.admit_again", admit(&papers["kit"])).await, "root_kit_unreadable");
    let answer = head.ask("people.admit_again", admit(&papers["root_kit"])).await["answer"].clone();
    let made = back.ask("session.join_finish", json!({ "answer": answer })).await;
    assert!(made["papers"]["kit"].is_string());
    Desk::sync_in_turn(&[head, &back]).await;
    let people = back.get("people.list").await["people"].clone();
    let me = people.as_array().unwrap().iter().find(|person| person["me"] == true).unwrap().clone();
    assert_eq!((&me["user"], &me["name"], &me["role"]), (&user, &json!("Dr Wei Chen"), &json!("doctor")));
    assert!(!agrees(&back).await, "the permission ended with its use");
    assert_eq!(head.get("people.returning").await, json!([]));
    doctor.sync().await;
    let alarms = doctor.get("security.alarms").await;
    assert!(alarms.as_array().unwrap().iter().any(|alarm| alarm["code"] == "recovered-by-clinic"), "{alarms}");
}
