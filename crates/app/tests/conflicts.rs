//! Two people change the same thing apart: what can harm comes first, a person decides, and can take it back for thirty days.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may stop where it fails")]

mod common;

use common::{DAYS, Desk, Pair};
use serde_json::{Value, json};

/// A chart that both devices have.
async fn chart(pair: &Pair) -> Value {
    let form = json!({ "name": "Amara Nwosu", "date_of_birth": "1967-08-14", "gender": "female", "phone": "+44 7700 900142", "email": null, "address": null, "preferred_language": null, "blood_group": "O+" });
    let patient = pair.first.ask("patients.register", form).await["id"].clone();
    meet(pair).await;
    patient
}

async fn meet(pair: &Pair) {
    Desk::sync_in_turn(&[&pair.first, &pair.second, &pair.first]).await;
}

async fn change(desk: &Desk, patient: &Value, more: Value) {
    let mut all = json!({ "patient": patient, "name": null, "date_of_birth": null, "gender": null, "phone": null, "email": null, "address": null, "preferred_language": null, "blood_group": null, "is_archived": null, "cleared": [] });
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    desk.ask("patients.change", all).await;
}

async fn banner(desk: &Desk, patient: &Value) -> Value {
    desk.ask("patients.banner", json!({ "patient": patient })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_harm_comes_first_and_a_decision_can_be_taken_back() {
    let pair = Pair::new().await;
    let patient = chart(&pair).await;
    change(&pair.first, &patient, json!({ "phone": "1111111", "blood_group": "A+" })).await;
    change(&pair.second, &patient, json!({ "phone": "2222222", "blood_group": "B+" })).await;
    meet(&pair).await;
    let open = pair.first.get("sync.conflicts").await;
    let seen: Vec<_> =
        open.as_array().unwrap().iter().map(|one| (one["field"].clone(), one["weight"].clone())).collect();
    assert_eq!(seen, [(json!("blood_group"), json!("can_harm")), (json!("phone"), json!("identity"))]);
    assert_eq!(open, pair.second.get("sync.conflicts").await, "both see the same");

    let (blood, shown, other) = (open[0]["id"].clone(), open[0]["shown"].clone(), open[0]["displaced"].clone());
    assert_eq!(pair.first.refused("sync.resolve", json!({ "id": blood, "keep": "both" })).await, "both_cannot_stand");
    pair.first.ask("sync.resolve", json!({ "id": blood, "keep": "displaced" })).await;
    assert_eq!(pair.first.refused("sync.resolve", json!({ "id": blood, "keep": "shown" })).await, "decided_already");
    meet(&pair).await;
    assert_eq!(banner(&pair.second, &patient).await["blood_group"], other);
    let decided = pair.second.get("sync.decided").await;
    assert_eq!((&decided[0]["kept"], &decided[0]["by"]), (&json!("displaced"), &json!("Dr Amina Rahman")));

    pair.second.ask("sync.undo", json!({ "id": blood })).await;
    meet(&pair).await;
    assert_eq!(banner(&pair.first, &patient).await["blood_group"], shown);
    assert_eq!(pair.first.get("sync.conflicts").await.as_array().unwrap().len(), 2);
    assert_eq!(pair.first.get("sync.decided").await, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_edit_stands_and_after_thirty_days_so_does_the_decision() {
    let pair = Pair::new().await;
    let patient = chart(&pair).await;
    change(&pair.first, &patient, json!({ "phone": "1111111" })).await;
    change(&pair.second, &patient, json!({ "phone": "2222222" })).await;
    meet(&pair).await;
    let id = pair.first.get("sync.conflicts").await[0]["id"].clone();
    pair.first.ask("sync.resolve", json!({ "id": id, "keep": "displaced" })).await;
    change(&pair.first, &patient, json!({ "phone": "3333333" })).await;
    pair.first.ask("sync.undo", json!({ "id": id })).await;
    assert_eq!(banner(&pair.first, &patient).await["phone"], "3333333");
    pair.first.ask("sync.resolve", json!({ "id": id, "keep": "shown" })).await;
    pair.first.clock.forward(31 * DAYS);
    assert_eq!(pair.first.refused("sync.undo", json!({ "id": id })).await, "too_late_to_undo");
    assert_eq!(pair.first.get("sync.decided").await, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_entries_of_a_list_can_both_be_kept() {
    let pair = Pair::new().await;
    let patient = chart(&pair).await;
    let contact = json!({ "patient": patient, "name": "Ibrahim Nwosu", "relation": "spouse", "phone": "5550100" });
    pair.first.ask("patients.add_contact", contact).await;
    meet(&pair).await;
    let entry = banner(&pair.first, &patient).await["contacts"][0]["id"].clone();
    for (desk, phone) in [(&pair.first, "5550111"), (&pair.second, "5550122")] {
        let session = desk.app.session().unwrap();
        let chart: uuid::Uuid = serde_json::from_value(patient.clone()).unwrap();
        let values = json!({ "emergency_contacts": [{ "id": entry, "name": "Ibrahim Nwosu", "relation": "spouse", "phone": phone }] });
        session.write(|w| w.put::<app::model::Patient>(chart, chart, values.as_object().unwrap())).unwrap();
    }
    meet(&pair).await;
    let open = pair.first.get("sync.conflicts").await;
    assert_eq!(open[0]["can_keep_both"], true, "{open}");
    pair.first.ask("sync.resolve", json!({ "id": open[0]["id"], "keep": "both" })).await;
    meet(&pair).await;
    let phones = |banner: Value| {
        let mut all: Vec<_> = banner["contacts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["phone"].as_str().unwrap().to_owned())
            .collect();
        all.sort();
        all
    };
    assert_eq!(phones(banner(&pair.second, &patient).await), ["5550111", "5550122"]);
    pair.second.ask("sync.undo", json!({ "id": open[0]["id"] })).await;
    assert_eq!(phones(banner(&pair.second, &patient).await).len(), 1);
}
