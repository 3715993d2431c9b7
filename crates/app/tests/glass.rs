//! A restricted chart: closed to colleagues, opened in an emergency with a reason that nobody can leave out.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it fails")]

mod common;

use app::Clock;
use app::model::{CheckStatus, Detection, Id, InputType};
use common::{Desk, Hands, MINUTES, PASSPHRASE};
use serde_json::json;
use std::path::Path;

/// A chart with a record, restricted to somebody else: the document is changed as a colleague's program would.
async fn restricted(root: &Path) -> (Desk, String, String) {
    let desk = Desk::clinic(root, &Hands::new()).await;
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
    let vault = vault::Vault::open(&folder, PASSPHRASE, desk.clock.now_ms()).unwrap();
    let id = chart.parse().unwrap();
    let colleague = vault.new_id(desk.clock.now_ms()).unwrap();
    let changes = json!({ "allowed_members": [{ "id": colleague }] });
    vault.write(desk.clock.now_ms(), |w| w.put::<model::Patient>(id, id, changes.as_object().unwrap())).unwrap();
    vault.close().unwrap();
    desk.unlock().await;
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
        assert_eq!(desk.refused(name, json!({ "patient": chart })).await, "chart_restricted", "{name}");
    }
    assert!(!record.is_empty());
    assert_eq!(desk.refused("records.view", json!({ "id": record })).await, "chart_restricted");
    let file = app::answer_download(&desk.app, "patients.photo", json!({ "patient": chart })).await;
    assert_eq!(file.unwrap_err().code, "chart_restricted");
    let add = app::answer_upload(&desk.app, "patients.set_photo", json!({ "patient": chart }), vec![1]).await;
    assert_eq!(add.unwrap_err().code, "chart_restricted");
    assert_eq!(
        desk.refused("access.restrict", json!({ "patient": chart, "restricted": false, "allowed": [] })).await,
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
    assert_eq!(desk.refused("access.break_glass", ask(" . ", 30)).await, "invalid_input");
    assert_eq!(
        desk.refused("access.break_glass", ask("Unconscious, no relative here", 100_000)).await,
        "invalid_input"
    );
    assert_eq!(desk.refused("patients.banner", json!({ "patient": chart })).await, "chart_restricted");

    let open = desk.ask("access.break_glass", ask("Unconscious, no relative here", 30)).await;
    assert_eq!(open["closed"], false);
    desk.ask("summary.view", json!({ "patient": chart })).await;
    let log = desk.ask("access.view", json!({ "patient": chart })).await["accesses"][0].clone();
    assert_eq!(
        (&log["reason"], &log["place"], &log["member"]),
        (&json!("Unconscious, no relative here"), &json!("emergency"), &json!("Dr Amina Rahman"))
    );

    desk.clock.forward(31 * MINUTES);
    assert_eq!(desk.refused("summary.view", json!({ "patient": chart })).await, "chart_restricted");
    desk.ask("access.break_glass", ask("Still unconscious, going on", 30)).await;
    desk.ask("session.lock", json!({})).await;
    desk.unlock().await;
    assert_eq!(desk.refused("summary.view", json!({ "patient": chart })).await, "chart_restricted", "a lock ends it");
}

/// A check that nobody has looked at, in this chart.
async fn unreviewed_check(desk: &Desk, chart: &str) -> String {
    let session = desk.app.session().unwrap();
    let chart = chart.parse().unwrap();
    let detection = Detection {
        user_id: None,
        patient_id: Id::new(chart),
        detected_at: session.now(),
        status: CheckStatus::Completed,
        result: None,
        input_type: InputType::Voice,
        model_version: "v1".to_owned(),
        confidence_score: None,
        notes: None,
        measures: Vec::new(),
        quality: Vec::new(),
        quality_verdict: "accept".to_owned(),
        report: None,
        recording: None,
        task: "vowel".to_owned(),
        performed_by: None,
        reviewed_by: None,
        reviewed_at: None,
        review: None,
    };
    let id = session
        .write(|w| {
            let id = w.new_id()?;
            w.append(id, chart, &detection)?;
            Ok(id)
        })
        .unwrap();
    id.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_tell_nothing_of_a_restricted_chart_unasked() {
    let root = tempfile::tempdir().unwrap();
    let (desk, chart, record) = restricted(root.path()).await;
    let check = unreviewed_check(&desk, &chart).await;
    let today = desk.get("today.view").await;
    assert_eq!((&today["unreviewed"], &today["patients"]), (&json!([]), &json!([])), "{check}");
    assert_eq!(today["total_patients"], 1, "that there is a chart is no secret");
    // Whoever looks for the name finds it, and no more.
    let found = desk
        .ask("patients.find", json!({ "text": "nwosu", "offset": 0, "limit": 10, "archived": false, "saved": false }))
        .await;
    assert_eq!((&found["rows"][0]["name"], &found["rows"][0]["phone"]), (&json!("Amara Nwosu"), &json!(null)));
    assert_eq!(found["rows"][0]["severe_allergies"], json!([]));
    let history = |collection: &str, id: &str| json!({ "collection": collection, "id": id });
    assert_eq!(desk.refused("sync.history", history("medical_records", &record)).await, "chart_restricted");
    assert_eq!(desk.refused("sync.history", history("patients", &chart)).await, "chart_restricted");

    let emergency = json!({ "patient": chart, "reason": "Unconscious, no relative here", "minutes": 30 });
    desk.ask("access.break_glass", emergency).await;
    let today = desk.get("today.view").await;
    assert_eq!(today["unreviewed"][0]["id"], json!(check), "it is there for whoever may see it");
    assert_eq!(today["patients"][0]["id"], json!(chart));
    desk.ask("sync.history", history("patients", &chart)).await;
}
