//! Somebody puts old pages back into the file of a record, and the computer is given back: the program notices, and says so.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may stop where it fails")]

mod common;

use app::Event;
use common::{Desk, Hands, PASSPHRASE};
use serde_json::{Value, json};
use std::{fs, path::Path, time::Duration};

const PAGE: usize = 4096;

async fn patients(desk: &Desk, names: std::ops::Range<u32>) -> Value {
    let mut last = Value::Null;
    for n in names {
        let form = json!({ "name": format!("Patient {n}"), "date_of_birth": null, "gender": null, "phone": null, "email": null, "address": null, "preferred_language": null, "blood_group": null });
        last = desk.ask("patients.register", form).await["id"].clone();
    }
    last
}

fn find() -> Value {
    json!({ "text": "", "offset": 0, "limit": 50, "archived": false, "saved": false })
}

async fn closed(desk: &Desk, file: &Path) -> Vec<u8> {
    desk.get("session.lock").await;
    fs::read(file).unwrap()
}

/// Unlocks, and waits for what the look in the background comes to: is the record read only?
async fn looked(desk: &Desk) -> Option<bool> {
    let mut events = desk.app.events();
    let id = desk.profile().await["id"].clone();
    desk.try_ask("session.unlock", json!({ "profile": id, "passphrase": PASSPHRASE })).await.ok()?;
    let told = async {
        let mut sessions = 0;
        while let Ok(event) = events.recv().await {
            sessions += usize::from(matches!(event, Event::Session { .. }));
            // The first is the unlocking itself.
            if sessions == 2 {
                return;
            }
        }
    };
    let told = tokio::time::timeout(Duration::from_secs(3), told).await.is_ok();
    let me = desk.get("session.state").await["me"].clone();
    assert_eq!(me["read_only"], told, "whoever is at work is told");
    Some(told)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_page_is_found_after_unlocking_and_the_record_is_read_only_until_it_is_whole_again() {
    let (home, clock) = (tempfile::tempdir().unwrap(), Hands::new());
    let desk = Desk::clinic(home.path(), &clock).await;
    let chart = patients(&desk, 0..10).await;
    let file = home.path().join(desk.profile().await["id"].as_str().unwrap()).join("vault.db");
    let old = closed(&desk, &file).await;
    assert_eq!(looked(&desk).await, Some(false), "a whole record says nothing");
    patients(&desk, 10..20).await;
    let new = closed(&desk, &file).await;

    let mut found = false;
    let changed = (0..old.len() / PAGE).rev().map(|page| page * PAGE..(page + 1) * PAGE);
    for page in changed.filter(|page| old[page.clone()] != new[page.clone()]) {
        let mut mixed = new.clone();
        mixed[page.clone()].copy_from_slice(&old[page]);
        fs::write(&file, mixed).unwrap();
        // Some pages keep the record from opening at all, which says enough.
        match looked(&desk).await {
            // With others some answers do not come: here is one of which all that is shown reads well.
            Some(true) if desk.try_ask("patients.find", find()).await.is_ok() => {
                found = true;
                break;
            }
            Some(_) => desk.get("session.lock").await,
            None => Value::Null,
        };
    }
    assert!(found, "no page that was put back was noticed");

    // It can be read, what to do is among the findings, and nothing is written or leaves.
    let alarms = desk.get("security.alarms").await;
    assert!(alarms.as_array().unwrap().iter().any(|alarm| alarm["code"] == "state-check"), "{alarms}");
    let form = json!({ "name": "Patient 99", "date_of_birth": null, "gender": null, "phone": null, "email": null, "address": null, "preferred_language": null, "blood_group": null });
    assert_eq!(desk.refused("patients.register", form).await, "vault_check_failed");
    let share = json!({ "patient": chart, "choices": [], "kinds": ["allergies"], "label": "For the desk", "minutes": 60, "max_uses": null, "passcode": null, "direct": true });
    assert_eq!(desk.refused("shares.make", share).await, "vault_check_failed");

    closed(&desk, &file).await;
    fs::write(&file, &new).unwrap();
    assert_eq!(looked(&desk).await, Some(false));
    patients(&desk, 20..21).await;
}
