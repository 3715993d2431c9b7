//! What the law keeps of somebody who left: handed to one custodian under a number, and destroyed by them on its day.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may stop where it fails")]

mod common;

use common::{DAYS, Desk, Hands, PASSPHRASE};
use serde_json::{Value, json};
use std::{path::Path, time::Duration};
use sync::server::LocalServer;
use vault::trust::erasure;

/// A patient with an account, and their chart.
async fn patient(head: &Desk, root: &Path, name: &str) -> (Desk, Value) {
    let form = json!({ "name": name, "date_of_birth": "1967-08-14", "gender": null, "phone": "+44 20 7946 0018", "email": null, "address": "1 Harbour Road", "preferred_language": null, "blood_group": null });
    let chart = head.ask("patients.register", form).await["id"].clone();
    let visit =
        json!({ "patient": chart, "title": "First visit", "description": "Seen.", "date_of_record": "2026-03-13" });
    head.ask("records.write_visit", visit).await;
    let invite = json!({ "own_device": false, "role": "patient", "clinical": false, "chart": chart });
    let invitation = head.ask("people.invite", invite).await["text"].clone();
    let desk = Desk::at(root, &head.clock);
    let join = json!({ "invitation": invitation, "name": name, "passphrase": PASSPHRASE });
    let joining = desk.ask("session.join", join).await;
    let admit = json!({ "request": joining["request"], "typed_check": joining["check_words"] });
    let answer = head.ask("people.admit", admit).await["answer"].clone();
    desk.ask("session.join_finish", json!({ "answer": answer })).await;
    (desk, chart)
}

async fn leaves(desk: &Desk) -> Value {
    desk.get("deletion.request").await;
    desk.ask("deletion.confirm", json!({ "code": null })).await;
    json!(desk.app.session().unwrap().me.user)
}

/// Waits until what is closed to this person is gone: it goes after the next synchronisation.
async fn is_gone(desk: &Desk, chart: &Value) -> bool {
    for _ in 0..100 {
        if desk
            .try_ask("patients.banner", json!({ "patient": chart }))
            .await
            .is_err_and(|error| error.code == "not_found")
        {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    false
}

/// Both sides hold the same, as soon as the other's program has nothing more to send.
async fn agrees(desk: &Desk) -> bool {
    for _ in 0..20 {
        desk.sync().await;
        let found = desk.get("sync.verify").await;
        if found["same"] == true {
            return true;
        }
        eprintln!("{found}");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    false
}

#[tokio::test(flavor = "multi_thread")]
async fn charts_of_people_who_left_go_to_the_custodian_and_end_on_their_day() {
    let homes = [0; 5].map(|_| tempfile::tempdir().unwrap());
    let server = LocalServer::start(homes[4].path(), 0).await.expect("a mongod: run scripts/setup.sh test");
    let head = Desk::clinic(homes[0].path(), &Hands::new()).await;
    head.ask("sync.set_remote", json!({ "address": server.uri("") })).await;
    let carl = head.let_in(homes[1].path(), Some("admin")).await;
    let (maria, long) = patient(&head, homes[2].path(), "Maria Okafor").await;
    let (ivo, short) = patient(&head, homes[3].path(), "Ivo Brandt").await;
    for desk in [&head, &maria, &ivo, &carl] {
        desk.sync().await;
    }
    let custodian = json!(carl.app.session().unwrap().me.user);
    let people = [leaves(&maria).await, leaves(&ivo).await];
    for desk in [&maria, &ivo, &head, &carl] {
        desk.sync().await;
    }
    // They are not at their computers any more.
    for desk in [&maria, &ivo] {
        desk.get("session.lock").await;
    }
    let of = |chart: &Value| json!({ "chart": chart });
    head.ask("deletion.set_retention", json!({ "years": 20 })).await;
    assert_eq!(head.refused("retention.hand_over", of(&long)).await, "custodian_needed");
    assert_eq!(carl.refused("retention.set_custodian", json!({ "user": custodian })).await, "not_allowed");
    assert_eq!(head.refused("retention.set_custodian", json!({ "user": people[0] })).await, "invalid_input");
    let view = head.ask("retention.set_custodian", json!({ "user": custodian })).await;
    assert_eq!((&view["custodian"], &view["years"], &view["waiting"]), (&custodian, &json!(20), &json!([])));
    assert_eq!(head.refused("retention.hand_over", of(&long)).await, "not_found", "they are still here");

    head.clock.forward(31 * DAYS);
    head.prove().await;
    for person in &people {
        head.ask("people.remove_person", json!({ "id": person })).await;
    }
    let waiting = head.get("retention.view").await["waiting"].clone();
    let names: Vec<&str> = waiting.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert!(names.len() == 2 && names.contains(&"Maria Okafor"), "{names:?}");
    assert_eq!(head.ask("retention.hand_over", of(&long)).await["waiting"].as_array().unwrap().len(), 1);
    head.ask("deletion.set_retention", json!({ "years": 0 })).await;
    assert_eq!(head.ask("retention.hand_over", of(&short)).await["waiting"], json!([]));
    for desk in [&head, &carl, &head] {
        desk.sync().await;
    }
    assert!(is_gone(&head, &long).await && is_gone(&head, &short).await);
    assert_eq!(head.get("today.view").await["total_patients"], 0);

    let kept = carl.get("retention.view").await["kept"].clone();
    let [due, later] = [&kept[0], &kept[1]];
    assert_eq!(
        (&due["chart"], &due["due"], &later["chart"], &later["due"]),
        (&short, &json!(true), &long, &json!(false))
    );
    let banner = carl.ask("patients.banner", json!({ "patient": long })).await;
    assert_eq!(banner["name"], later["pseudonym"]);
    assert!(!banner.to_string().contains("Harbour Road") && !banner.to_string().contains("7946"), "{banner}");
    let left = carl.get("people.list").await.to_string();
    assert!(!left.contains("Okafor"), "{left}");
    let records =
        json!({ "patient": long, "text": "", "document_type": null, "offset": 0, "limit": 10, "archived": false });
    assert_eq!(carl.ask("records.list", records).await["total"], 1);
    let history = carl.ask("sync.history", json!({ "collection": "patients", "id": long })).await.to_string();
    assert!(!history.contains("Okafor"), "{history}");

    // The custodian is needed as long as they keep something.
    assert_eq!(head.refused("people.remove_person", json!({ "id": custodian })).await, "keeps_charts");
    let lower = json!({ "user": custodian, "role": "patient", "clinical": false });
    assert_eq!(head.refused("people.change_role", lower).await, "keeps_charts");

    assert_eq!(carl.refused("retention.destroy", of(&short)).await, "step_up_needed");
    carl.prove().await;
    assert_eq!(carl.refused("retention.destroy", of(&long)).await, "not_allowed");
    assert_eq!(carl.refused("retention.certificate", of(&short)).await, "not_allowed");
    head.prove().await;
    assert_eq!(head.refused("retention.destroy", of(&short)).await, "not_found");
    let after = carl.ask("retention.destroy", of(&short)).await["kept"].clone();
    assert!(after.as_array().unwrap().iter().any(|one| one["chart"] == short && one["ended"] == true), "{after}");
    assert!(is_gone(&carl, &short).await);
    carl.ask("patients.banner", json!({ "patient": long })).await;
    let text = carl.ask("retention.certificate", of(&short)).await["text"].as_str().unwrap().to_owned();
    let said = erasure::verify(&text).unwrap();
    assert_eq!((json!(said.chart), said.requested_at), (short.clone(), None));
    assert_eq!((said.destroyed.len(), said.kept[0].what.as_str()), (3, "encrypted_copies_in_the_database"));
    let misused = json!({ "whole_account": false, "certificate": text });
    assert_eq!(carl.refused("deletion.erase", misused).await, "certificate_needed", "it ends no record");
    assert!(agrees(&carl).await && agrees(&head).await);
}
