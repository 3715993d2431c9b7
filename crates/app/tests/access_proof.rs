//! The access log proves itself: at the desk, and as a file in anybody's hands.
#![allow(clippy::unwrap_used, reason = "a test may stop where it fails")]

mod common;

use common::{Desk, Hands};
use serde_json::{Value, json};

/// A chart with an access log of three entries, and its file.
async fn saved() -> (Vec<u8>, Value) {
    let (home, clock) = (tempfile::tempdir().unwrap(), Hands::new());
    let desk = Desk::clinic(home.path(), &clock).await;
    let form = json!({ "name": "Amara Nwosu", "date_of_birth": "1967-08-14", "gender": "female", "phone": null, "email": null, "address": null, "preferred_language": null, "blood_group": null });
    let patient = desk.ask("patients.register", form).await["id"].clone();
    let code = desk.ask("transfer.receive", json!({ "source": "here" })).await["code"].clone();
    for recipient in ["Dr Ann", "Dr Émile “B”", "City Hospital"] {
        let ask = json!({ "patient": patient, "choices": [], "kinds": ["allergies"], "receiver": code, "recipient": recipient });
        desk.ask("transfer.send", ask).await;
        clock.forward(60);
    }
    desk.prove().await;
    let proof = desk.ask("access.verify", json!({ "patient": patient })).await;
    let file = app::answer_download(&desk.app, "access.export", json!({ "patient": patient })).await.unwrap();
    desk.ask("session.lock", json!({})).await;
    (file, proof)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_entry_holds_and_no_byte_of_the_file_is_free() {
    let (file, proof) = saved().await;
    assert_eq!((&proof["entries"], &proof["hold"], &proof["broken"]), (&json!(3), &json!(3), &json!([])));
    assert_eq!((&proof["unsent"], &proof["journal_broken"]), (&json!(3), &json!([])));
    let checked = app::access::check(&file).unwrap();
    assert_eq!(checked.entries, 3);
    // What can be read in it is what was done.
    let read: Value = serde_json::from_slice(&file).unwrap();
    let names: Vec<_> =
        read["log"]["entries"].as_array().unwrap().iter().map(|one| one["values"]["recipient"].clone()).collect();
    assert_eq!(names, ["Dr Ann", "Dr Émile “B”", "City Hospital"]);
    assert_eq!(read["log"]["entries"][0]["author_name"], "Dr Amina Rahman");

    for place in 0..file.len() {
        let mut altered = file.clone();
        altered[place] ^= 1;
        let refused = app::access::check(&altered).expect_err(&format!("byte {place}"));
        assert!(matches!(&*refused.code, "access_file_malformed" | "access_file_altered"), "byte {place}: {refused}");
    }
    for length in (0..file.len()).step_by(97).chain([file.len() - 1]) {
        assert!(app::access::check(&file[..length]).is_err(), "cut at {length}");
    }
}

/// With its JSON in order and its hashes made anew, what was left out or exchanged is still missed.
#[tokio::test(flavor = "multi_thread")]
async fn entries_left_out_exchanged_or_doubled_are_missed() {
    let (file, _) = saved().await;
    let whole: Value = serde_json::from_slice(&file).unwrap();
    let with = |change: &dyn Fn(&mut Vec<Value>)| {
        let mut altered = whole.clone();
        change(altered["log"]["entries"].as_array_mut().unwrap());
        let mut bytes = serde_json::to_vec_pretty(&altered).unwrap();
        bytes.push(b'\n');
        app::access::check(&bytes).map(|checked| checked.entries).map_err(|problem| problem.code)
    };
    assert_eq!(with(&|_| ()).ok(), Some(3));
    let refused = Err("access_file_altered".to_owned());
    assert_eq!(with(&|entries| drop(entries.pop())), refused);
    assert_eq!(with(&|entries| drop(entries.remove(0))), refused);
    assert_eq!(with(&|entries| entries.swap(0, 1)), refused);
    assert_eq!(with(&|entries| entries.push(entries[0].clone())), refused);
    assert_eq!(with(&|entries| entries[0]["values"]["recipient"] = json!("Nobody")), refused);
    assert_eq!(with(&|entries| entries[0]["author_name"] = json!("Nobody")), refused);
}
