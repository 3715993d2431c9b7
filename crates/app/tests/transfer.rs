//! Records from one desk to another by codes alone: nothing is filed by itself, and the sender's log knows of it.
#![allow(clippy::unwrap_used, reason = "a test may stop where it fails")]

mod common;

use app::App;
use base64::{Engine, engine::general_purpose::STANDARD};
use common::{Desk, Hands};
use serde_json::{Value, json};
use std::sync::Arc;
use tempfile::TempDir;

const SOURCE: &str = "received by codes from screen to camera";

struct Two {
    sender: Desk,
    receiver: Desk,
    patient: Value,
    _homes: [TempDir; 2],
}

impl Two {
    async fn new() -> Two {
        let (homes, clock) = ([tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()], Hands::new());
        let sender = Desk::clinic(homes[0].path(), &clock).await;
        let receiver = Desk::clinic(homes[1].path(), &clock).await;
        let form = json!({ "name": "Amara Nwosu", "date_of_birth": "1967-08-14", "gender": "female", "phone": null, "email": null, "address": null, "preferred_language": null, "blood_group": null });
        let patient = sender.ask("patients.register", form).await["id"].clone();
        let allergy = json!({ "patient": patient, "substance": "Penicillin", "reaction": "Hives", "severity": null });
        sender.ask("patients.add_allergy", allergy).await;
        Two { sender, receiver, patient, _homes: homes }
    }

    fn asked(&self, code: &Value) -> Value {
        json!({ "patient": self.patient, "choices": [], "kinds": ["allergies"], "receiver": code, "recipient": "Dr Ann" })
    }

    async fn frames(&self, ticket: &Value, count: u32) -> Vec<Value> {
        let frames = self.sender.ask("transfer.frames", json!({ "ticket": ticket, "count": count })).await;
        frames.as_array().unwrap().clone()
    }
}

async fn waiting(desk: &Desk) -> Value {
    desk.ask("transfer.receive", json!({ "source": SOURCE })).await
}

async fn give_picture(app: &Arc<App>, ticket: &Value, picture: &Value) -> Result<Value, app::Problem> {
    let bytes = STANDARD.decode(picture.as_str().unwrap()).unwrap();
    app::answer_upload(app, "transfer.take_picture", json!({ "id": ticket }), bytes).await
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_codes_carry_a_chart_to_the_review_and_leave_an_entry() {
    let two = Two::new().await;
    let shown = waiting(&two.receiver).await;
    // The sender's camera sees the still code.
    let seen = two.sender.ask("scan.picture", json!({ "picture": shown["picture"] })).await;
    assert_eq!(seen, json!([shown["code"]]));
    let read = two.sender.ask("transfer.read_receiver", json!({ "text": seen[0] })).await;
    assert_eq!((&read["code"], &read["comparison"]), (&shown["code"], &shown["comparison"]));

    let sending = two.sender.ask("transfer.send", two.asked(&read["code"])).await;
    let parts = u32::try_from(sending["parts"].as_u64().unwrap()).unwrap();
    // The first is missed; those after the first round stand in for it.
    let mut frames = two.frames(&sending["ticket"], 30).await;
    assert!(parts > 2 && frames.len() == 30 && frames[29]["number"] == 30);
    let missed = frames.remove(0);
    let mut intake = Value::Null;
    for frame in frames.iter().rev() {
        let taken = give_picture(&two.receiver.app, &shown["ticket"], &frame["picture"]).await.unwrap();
        if !taken["intake"].is_null() {
            assert_eq!(taken["percent"], 100);
            intake = taken["intake"].clone();
            break;
        }
    }
    // Nothing is filed by itself, and where it is from stands by it.
    assert_eq!(intake["source"], SOURCE);
    let all = json!({ "text": "", "archived": false, "saved": false, "limit": 10, "offset": 0 });
    assert_eq!(two.receiver.ask("patients.find", all).await["rows"], json!([]));
    let filed =
        two.receiver.ask("intake.file", json!({ "ticket": intake["ticket"], "items": null, "patient": null })).await;
    let banner = two.receiver.ask("patients.banner", json!({ "patient": filed["patient"] })).await;
    assert_eq!(banner["allergies"][0]["substance"], "Penicillin");
    assert_eq!(banner["origin"], SOURCE);
    // The transfer is over: the same frames find nobody.
    let late = json!({ "ticket": shown["ticket"], "frames": [missed["text"]] });
    assert_eq!(two.receiver.refused("transfer.take", late).await, "not_found");

    let log = two.sender.ask("access.view", json!({ "patient": two.patient })).await["accesses"].clone();
    assert_eq!(log.as_array().unwrap().len(), 1);
    let (who, place, outcome) = (&log[0]["recipient"], &log[0]["place"], &log[0]["outcome"]);
    assert_eq!((who, place, outcome), (&json!("Dr Ann"), &json!("offline_scan"), &json!("granted")));
    two.sender.ask("transfer.stop", json!({ "id": sending["ticket"] })).await;
    let next = json!({ "ticket": sending["ticket"], "count": 1 });
    assert_eq!(two.sender.refused("transfer.frames", next).await, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_belong_is_refused_with_its_code() {
    let two = Two::new().await;
    let (sender, receiver) = (&two.sender, &two.receiver);
    assert_eq!(sender.refused("transfer.read_receiver", json!({ "text": "shlink:/abc" })).await, "not_a_receiver");
    let shown = waiting(receiver).await;
    let take = |frames: Value| json!({ "ticket": shown["ticket"], "frames": frames });
    assert_eq!(receiver.refused("transfer.take", take(json!(["shlink:/abc"]))).await, "not_a_frame");
    assert_eq!(receiver.refused("transfer.take", take(json!(["ur:bytes/1-2/aeae"]))).await, "damaged_frame");
    assert_eq!(receiver.refused("transfer.take", take(json!([]))).await, "invalid_input");
    assert_eq!(receiver.refused("transfer.receive", json!({ "source": " " })).await, "invalid_input");

    // Sealed for another screen.
    let other = waiting(sender).await;
    let sending = sender.ask("transfer.send", two.asked(&other["code"])).await;
    let texts: Vec<Value> =
        two.frames(&sending["ticket"], 30).await.into_iter().map(|one| one["text"].clone()).collect();
    assert_eq!(receiver.refused("transfer.take", take(json!(texts))).await, "transfer_not_for_us");
    // With the right one among others that are none, all is well.
    let sending = sender.ask("transfer.send", two.asked(&shown["code"])).await;
    let mut texts: Vec<Value> =
        two.frames(&sending["ticket"], 30).await.into_iter().map(|one| one["text"].clone()).collect();
    texts.insert(0, json!("hello"));
    assert!(receiver.ask("transfer.take", take(json!(texts))).await["intake"].is_object());

    let nothing =
        json!({ "patient": two.patient, "choices": [], "kinds": [], "receiver": shown["code"], "recipient": "Dr Ann" });
    assert_eq!(sender.refused("transfer.send", nothing).await, "nothing_chosen");
    assert_eq!(
        sender.refused("transfer.frames", json!({ "ticket": sending["ticket"], "count": 31 })).await,
        "invalid_input"
    );
    let log = sender.ask("access.view", json!({ "patient": two.patient })).await["accesses"].clone();
    assert_eq!(log.as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_leaves_no_trace_in_the_log() {
    let two = Two::new().await;
    let noise = (0..40_000u64).flat_map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23).to_le_bytes());
    let file: Vec<u8> = b"%PDF-1.7\n".iter().copied().chain(noise).collect();
    let form = json!({ "patient": two.patient, "document_type": "OTHER", "title": "Scan", "date_of_record": null, "source_doctor": null, "notes": null, "file_name": "scan.pdf" });
    let added = app::answer_upload(&two.sender.app, "records.add", form, file).await;
    let record = added.map(|filed| filed["id"].clone());
    let record = record.unwrap_or_else(|problem| panic!("{problem}"));
    let shown = waiting(&two.receiver).await;
    let ask = json!({ "patient": two.patient, "choices": [record], "kinds": [], "receiver": shown["code"], "recipient": "Dr Ann" });
    assert_eq!(two.sender.refused("transfer.send", ask).await, "transfer_too_large");
    let log = two.sender.ask("access.view", json!({ "patient": two.patient })).await["accesses"].clone();
    assert_eq!(log, json!([]));
}
