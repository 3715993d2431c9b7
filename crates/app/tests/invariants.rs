//! What must be true of all devices together and cannot be checked on one: one doctor's time is booked once, an e-mail address and a
//! number belong to one account. What whoever comes second sees, and what they can do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may stop where it fails")]

mod common;

use app::model::{Appointment, BusyTime, Time};
use common::{DAYS, Desk, Pair};
use serde_json::{Value, json};
use uuid::Uuid;

const HOUR_MS: u64 = 3_600_000;

async fn meet(pair: &Pair) {
    for desk in [&pair.first, &pair.second, &pair.first, &pair.second] {
        desk.sync().await;
    }
}

async fn chart(desk: &Desk, name: &str) -> Uuid {
    let form = json!({ "name": name, "date_of_birth": null, "gender": null, "phone": null, "email": null, "address": null, "preferred_language": null, "blood_group": null });
    serde_json::from_value(desk.ask("patients.register", form).await["id"].clone()).unwrap()
}

fn book(desk: &Desk, chart: Uuid, start_ms: u64) -> Uuid {
    desk.clock.forward(1);
    let session = desk.app.session().unwrap();
    let (doctor, realm, start) = (session.me.user, session.me.realm, Time::from_unsigned_ms(start_ms));
    let booked = json!({
        "patient_id": chart, "doctor_id": doctor, "appointment_date": start, "local_time": "2027-01-16T10:00", "zone": "UTC",
        "duration_minutes": 30, "status": "confirmed", "state": "confirmed",
    });
    let busy = json!({ "doctor_id": doctor, "start": start, "duration_minutes": 30, "is_free": false });
    let write = session.write(|w| {
        let id = w.new_id()?;
        w.put::<Appointment>(id, chart, booked.as_object().unwrap())?;
        let mut busy = busy.as_object().unwrap().clone();
        busy.insert("appointment_id".into(), json!(id));
        w.put::<BusyTime>(id, realm, &busy).map(|()| id)
    });
    write.unwrap()
}

async fn waiting(desk: &Desk) -> Value {
    desk.get("appointments.double_booked").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clinician_moves_it_lets_both_stand_or_leaves_it_called_off() {
    let pair = Pair::new().await;
    let (here, there) = (&pair.first, &pair.second);
    let charts = [chart(here, "Amara Nwosu").await, chart(here, "Ben Adeyemi").await];
    meet(&pair).await;
    let day = app::Clock::now_ms(&*here.clock) + 3 * DAYS * 1_000;
    let mut later = Vec::new();
    for hour in 0..3 {
        book(here, charts[0], day + hour * HOUR_MS);
    }
    there.clock.forward(60);
    for hour in 0..3 {
        later.push(book(there, charts[1], day + hour * HOUR_MS));
    }
    meet(&pair).await;
    let rows = waiting(here).await;
    let ids: Vec<_> = rows.as_array().unwrap().iter().map(|row| row["id"].clone()).collect();
    assert_eq!(ids, later.iter().map(|id| json!(id)).collect::<Vec<_>>());
    assert_eq!(waiting(there).await, rows, "both desks see the same");
    assert_eq!(
        (&rows[0]["patient_name"], &rows[0]["earlier"]["patient_name"]),
        (&json!("Ben Adeyemi"), &json!("Amara Nwosu"))
    );
    assert_eq!(rows[0]["free"].as_array().unwrap().len(), 4);

    // Two devices of one person make one notification of each.
    for desk in [here, there] {
        let told = desk.get("today.view").await["notifications"].clone();
        let told: Vec<_> =
            told.as_array().unwrap().iter().filter(|one| one["kind"] == "appointmentCancellation").cloned().collect();
        assert_eq!(told.len(), 3);
        assert_eq!(
            (&told[0]["message"], &told[0]["local_time"]),
            (&json!("double-booked"), &json!("2027-01-16T10:00"))
        );
        assert_eq!(told[0]["patient"], json!(charts[1]));
    }

    let taken = json!({ "id": later[0], "at": Time::from_unsigned_ms(day) });
    assert_eq!(here.refused("appointments.move", taken).await, "time_taken");
    here.ask("appointments.move", json!({ "id": later[0], "at": rows[0]["free"][0]["at"] })).await;
    assert_eq!(
        here.refused("appointments.keep_both", json!({ "id": later[1], "reason": " . " })).await,
        "invalid_input"
    );
    here.ask("appointments.keep_both", json!({ "id": later[1], "reason": "Two short visits" })).await;
    here.ask("appointments.leave_canceled", json!({ "id": later[2] })).await;
    meet(&pair).await;
    for desk in [here, there] {
        assert_eq!(waiting(desk).await, json!([]));
        let vault = &desk.app.session().unwrap().vault;
        let kept = |id| vault.get::<Appointment>(id).unwrap().unwrap().value;
        let states = later.iter().map(|id| kept(*id).state.word()).collect::<Vec<_>>();
        assert_eq!(states, ["confirmed", "confirmed", "canceled"]);
        assert_eq!(json!(kept(later[0]).appointment_date), rows[0]["free"][0]["at"]);
        assert_eq!(json!(kept(later[0]).local_time), rows[0]["free"][0]["local_time"]);
        assert_eq!(kept(later[1]).overlap_reason.as_deref(), Some("Two short visits"));
    }
    assert_eq!(here.refused("appointments.leave_canceled", json!({ "id": later[2] })).await, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_another_account_had_first_is_held_back_until_another_is_chosen() {
    let pair = Pair::new().await;
    pair.first.prove().await;
    let home = tempfile::tempdir().unwrap();
    let other = pair.first.let_in(home.path(), Some("doctor")).await;
    for desk in [&pair.first, &other, &pair.first] {
        desk.sync().await;
    }
    // The second does not know yet what the first one entered, and comes to the database after them.
    other.ask("sync.pause", json!({})).await;
    pair.first.ask("contacts.set", json!({ "email": "desk@harbour.example", "mobile_number": "+447700900142" })).await;
    pair.first.sync().await;
    other.ask("contacts.set", json!({ "email": "Desk@Harbour.example", "mobile_number": "+447700900143" })).await;
    other.ask("sync.resume", json!({})).await;
    for desk in [&other, &pair.first] {
        desk.sync().await;
    }
    let taken = |view: &Value| [view["email"]["taken"].clone(), view["phone"]["taken"].clone()];
    assert_eq!(taken(&pair.first.get("contacts.view").await), [json!(false), json!(false)], "who was first keeps it");
    assert_eq!(taken(&other.get("contacts.view").await), [json!(true), json!(false)]);
    assert_eq!(other.get("sync.quarantine").await[0]["reason"], "taken");
    // The rest of the record goes on all the same.
    assert_ne!(other.get("sync.state").await["phase"], "blocked");

    other.ask("contacts.set", json!({ "email": "second@harbour.example", "mobile_number": "+447700900143" })).await;
    other.sync().await;
    assert_eq!(taken(&other.get("contacts.view").await), [json!(false), json!(false)]);
    assert_eq!(other.get("sync.quarantine").await, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_patient_is_its_doctors_own_and_can_be_saved_again() {
    let pair = Pair::new().await;
    let (here, there) = (&pair.first, &pair.second);
    let amara = chart(here, "Amara Nwosu").await;
    chart(here, "Ben Adeyemi").await;
    let save = |saved: bool, remarks: Option<&str>| json!({ "patient": amara, "saved": saved, "remarks": remarks });
    let kept = here.ask("patients.save", save(true, Some("  asks for Ann "))).await;
    assert_eq!((&kept["saved"]["remarks"], &kept["saved"]["last_seen"]), (&json!("asks for Ann"), &Value::Null));
    here.ask(
        "notes.save",
        json!({ "patient": amara, "text": "Seen today.", "amends": null, "shared_with_patient": false }),
    )
    .await;
    meet(&pair).await;
    let home = tempfile::tempdir().unwrap();
    let colleague = here.let_in(home.path(), Some("doctor")).await;
    Desk::sync_in_turn(&[here, &colleague, here, &colleague]).await;
    let find = json!({ "text": "", "offset": 0, "limit": 10, "archived": false, "saved": true });
    let mine = here.ask("patients.find", find.clone()).await;
    assert_eq!((&mine["total"], &mine["rows"][0]["name"]), (&json!(1), &json!("Amara Nwosu")));
    let number = mine["rows"][0]["patient_number"].as_str().unwrap();
    for (text, count) in [("nwo", 1), (number, 1), ("adeyemi", 0)] {
        let typed = json!({ "text": text, "offset": 0, "limit": 10, "archived": false, "saved": true });
        assert_eq!(here.ask("patients.find", typed).await["total"], count, "{text}");
    }
    let banner = json!({ "patient": amara });
    let elsewhere = there.ask("patients.banner", banner.clone()).await;
    assert_eq!(elsewhere["saved"]["remarks"], "asks for Ann", "the doctor's other computer shows it too");
    assert!(elsewhere["saved"]["last_seen"].is_string());
    assert_eq!(colleague.ask("patients.find", find.clone()).await["total"], 0);
    assert_eq!(colleague.ask("patients.banner", banner.clone()).await["saved"], Value::Null);

    here.ask("patients.save", save(false, None)).await;
    assert_eq!(here.ask("patients.find", find.clone()).await["total"], 0);
    let again = here.ask("patients.save", save(true, None)).await;
    assert_eq!(again["saved"]["remarks"], Value::Null, "the remarks went with the bookmark");
}
