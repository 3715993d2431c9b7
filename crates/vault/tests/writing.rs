//! Writing and reading: one transaction is rows, history and outbox together.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use model::{MedicalRecord, Observation, Patient, mailbox::Mailbox};
use serde_json::{Value, json};
use uuid::Uuid;
use vault::{EntryKind, Error, Find, Vault};

fn wrong(vault: &Vault, act: impl FnOnce(&mut vault::Writer<'_, '_>) -> vault::Result<()>) -> Error {
    vault.write(now(), act).unwrap_err()
}

#[test]
fn a_failed_closure_leaves_nothing() {
    let (_dir, vault) = clinic();
    let chart = open_chart(&vault, "Grace");
    let (before, history) = (vault.counts().unwrap(), vault.history("patients", chart).unwrap());
    let error = wrong(&vault, |w| {
        w.put::<Patient>(chart, chart, &map(json!({"name": "Lost"})))?;
        let other = w.new_id()?;
        w.open_chart(other, None)?;
        w.put::<Patient>(other, other, &patient("Lost too"))?;
        let id = w.new_id()?;
        w.append(id, other, &record(other, "Lost"))?;
        w.keep_file(other, &mut &b"lost"[..], 4, 100)?;
        Err(Error::Refused("on purpose"))
    });
    assert!(matches!(error, Error::Refused("on purpose")));
    assert_eq!(vault.counts().unwrap(), before);
    assert_eq!(vault.history("patients", chart).unwrap(), history);
    assert_eq!(vault.count::<Patient>(&Find::default()).unwrap(), 1);
    assert_eq!(vault.search::<Patient>("lost", 0, 9).unwrap().0, 0);
    assert_eq!(std::fs::read_dir(vault.folder().join("blobs")).unwrap().count(), 0);
    assert_eq!(vault.with_trust(|trust| trust.users().len()).unwrap(), 1);
    vault.state_check().unwrap();
    // The keys of the chart that was never opened are gone from memory too.
    let other = open_chart(&vault, "Next");
    assert_eq!(name_of(&vault, other), "Next");
}

#[test]
fn one_write_is_row_history_and_outbox() {
    let (_dir, vault) = clinic();
    let chart = open_chart(&vault, "Grace");
    let mut remote = Remote::default();
    sync(&vault, &mut remote);
    let first = vault.get::<Patient>(chart).unwrap().unwrap();
    assert!(!first.waiting && first.rev > 0);
    let (_, changed) =
        vault.write(now(), |w| w.put::<Patient>(chart, chart, &map(json!({"name": "Grace H."})))).unwrap();
    assert_eq!(changed.collections.get("patients"), Some(&vec![chart]));
    let second = vault.get::<Patient>(chart).unwrap().unwrap();
    assert!(second.waiting && second.stamp > first.stamp && second.updated_at > first.updated_at);
    assert_eq!((second.created_at, second.author), (first.created_at, Some(vault.me().unwrap().user)));
    let names: Vec<_> =
        vault.history("patients", chart).unwrap().into_iter().filter(|entry| entry.key == "name").collect();
    assert_eq!((names[0].value.clone(), names[0].kind), (json!("Grace H."), EntryKind::Current));
    assert_eq!(
        (names[1].value.clone(), names[1].kind, names[1].stamp),
        (json!("Grace"), EntryKind::Written, first.stamp)
    );
    let counts = vault.counts().unwrap();
    assert_eq!((counts.to_send, counts.oldest_unsent_ms), (1, Some(second.stamp.ms())));
    // Writing the same again is no write.
    let (_, changed) =
        vault.write(now(), |w| w.put::<Patient>(chart, chart, &map(json!({"name": "Grace H."})))).unwrap();
    assert!(changed.collections.is_empty());
    assert_eq!(vault.get::<Patient>(chart).unwrap().unwrap().stamp, second.stamp);
}

#[test]
fn what_may_not_be_written_is_refused() {
    let (_dir, vault) = clinic();
    let (chart, me) = (open_chart(&vault, "Grace"), vault.me().unwrap());
    let put = |values: Value| move |w: &mut vault::Writer<'_, '_>| w.put::<Patient>(chart, chart, &map(values));
    assert!(matches!(wrong(&vault, put(json!({"name": 7}))), Error::Shape { .. }));
    assert!(matches!(wrong(&vault, put(json!({"gender": "none of these"}))), Error::Shape { .. }));
    vault.write(now(), put(json!({"patient_number": "A-1"}))).unwrap();
    assert!(matches!(wrong(&vault, put(json!({"patient_number": "A-2"}))), Error::Fixed { .. }));
    assert!(matches!(wrong(&vault, |w| w.put::<Patient>(chart, me.team, &patient("Moved"))), Error::Shape { .. }));
    let nowhere = Uuid::from_u128(9);
    assert!(matches!(
        wrong(&vault, |w| w.put::<Patient>(nowhere, nowhere, &patient("X"))),
        Error::NotAllowed(_) | Error::NoKey
    ));
    assert!(matches!(wrong(&vault, |w| w.append(chart, chart, &first_patient(w))), Error::Shape { .. }));
    let large = json!({"name": "x".repeat(1_100_000)});
    assert!(matches!(wrong(&vault, put(large)), Error::Trust(_) | Error::TooLarge { .. }));
    assert!(matches!(
        wrong(&vault, |w| w.keep_file(chart, &mut &[0u8; 101][..], 101, 100).map(drop)),
        Error::TooLarge { limit: 100 }
    ));
    assert!(matches!(
        wrong(&vault, |w| w.amend::<MedicalRecord>(nowhere, &map(json!({"title": "x"})))),
        Error::NoDocument(_)
    ));
    let id = add_record(&vault, chart, "Visit");
    assert!(matches!(wrong(&vault, |w| w.append(id, chart, &record(chart, "Again"))), Error::Fixed { .. }));
    let token = |revoked: bool| json!({"is_revoked": revoked});
    let share = share_of(&vault, chart);
    vault.write(now(), |w| w.amend::<model::ShareToken>(share, &map(token(true)))).unwrap();
    vault.write(now(), |w| w.amend::<model::ShareToken>(share, &map(token(false)))).unwrap();
    assert!(vault.get::<model::ShareToken>(share).unwrap().unwrap().value.is_revoked, "it never goes back");
}

fn first_patient(w: &vault::Writer<'_, '_>) -> Patient {
    w.list::<Patient>(&Find::default()).unwrap().remove(0).value
}

fn share_of(vault: &Vault, chart: Uuid) -> Uuid {
    let share: model::ShareToken = serde_json::from_value(json!({
        "patient_id": chart, "records": [], "label": "Summary", "share_method": "QR_CODE", "encrypted_token": "shlink:/x",
        "manifest_id": "m", "files": [], "passcode_hash": null, "expires_at": null, "is_revoked": false, "revoked_at": null,
        "is_paused": false, "max_access_count": null,
    }))
    .unwrap();
    let (id, _) = vault
        .write(now(), |w| {
            let id = w.new_id()?;
            w.append(id, chart, &share)?;
            Ok(id)
        })
        .unwrap();
    id
}

#[test]
fn lists_are_found_by_fields_in_order_and_in_parts() {
    let (_dir, vault) = clinic();
    let chart = open_chart(&vault, "Grace");
    vault
        .write(now(), |w| {
            for n in 0..20u32 {
                let value = json!({
                    "patient_id": chart, "code": if n % 2 == 0 { "8867-4" } else { "8310-5" }, "value": f64::from(n), "unit": "/min",
                    "observed_at": format!("2026-03-{:02}T10:00:00.000Z", n + 1), "entered_by": null, "panel": null,
                    "is_withdrawn": false, "origin": null,
                });
                let id = w.new_id()?;
                w.append::<Observation>(id, chart, &serde_json::from_value(value).unwrap())?;
            }
            Ok(())
        })
        .unwrap();
    let values = |find: &Find<'_>| -> Vec<f64> {
        vault.list::<Observation>(find).unwrap().iter().map(|row| row.value.value).collect()
    };
    let pulse = Find {
        equal: vec![("patient_id", json!(chart)), ("code", json!("8867-4"))],
        order: Some(("observed_at", true)),
        ..Find::default()
    };
    assert_eq!(values(&Find { offset: 1, limit: 3, ..pulse.clone() }), [16.0, 14.0, 12.0]);
    let range = ("observed_at", Some(json!("2026-03-05T00:00:00.000Z")), Some(json!("2026-03-09T00:00:00.000Z")));
    assert_eq!(values(&Find { range: Some(range), ..pulse.clone() }), [6.0, 4.0]);
    assert_eq!(vault.count::<Observation>(&pulse).unwrap(), 10);
    assert_eq!(values(&Find { equal: vec![("panel", Value::Null), ("value", json!(3.0))], ..Find::default() }), [3.0]);
    let injected = Find { equal: vec![("code' OR 1=1 --", json!(1))], ..Find::default() };
    assert!(matches!(vault.list::<Observation>(&injected), Err(Error::UnknownName(_))));
    let injected = Find { equal: vec![("code", json!("' OR 1=1 --"))], ..Find::default() };
    assert_eq!(vault.count::<Observation>(&injected).unwrap(), 0);
}

#[test]
fn people_are_found_without_accents_by_beginnings_and_by_any_digits() {
    let (_dir, vault) = clinic();
    for name in ["Zoë Müller", "Łukasz Żak", "O'Brien, Séamus", "Иванова Мария"] {
        open_chart(&vault, name);
    }
    let found = |text: &str| -> Vec<String> {
        let (total, rows) = vault.search::<Patient>(text, 0, 10).unwrap();
        assert_eq!(usize::try_from(total).unwrap(), rows.len());
        rows.into_iter().map(|row| row.value.name).collect()
    };
    assert_eq!(found("zoe mul"), ["Zoë Müller"]);
    assert_eq!(found("MÜLLER zo"), ["Zoë Müller"]);
    assert_eq!(found("zak"), ["Łukasz Żak"]);
    assert_eq!(found("seamus obr"), Vec::<String>::new());
    assert_eq!(found("seamus o'br"), ["O'Brien, Séamus"]);
    assert_eq!(found("иван"), ["Иванова Мария"]);
    assert_eq!(found("123-45").len(), 4);
    assert_eq!(found("029 123 45 67").len(), 4);
    assert_eq!(found("\" OR *").len(), 0);
    assert_eq!(found(""), Vec::<String>::new());
}

#[test]
fn a_local_collection_never_enters_the_outbox() {
    let (_dir, vault) = clinic();
    let (before, me) = (vault.counts().unwrap().to_send, vault.me().unwrap());
    vault
        .write(now(), |w| {
            let values = json!({
                "user_id": me.user, "purpose": "REGISTRATION", "channel": "email", "otp_hash": "x", "attempts": 0, "is_used": false,
                "expires_at": "2026-01-01T00:00:00.000Z",
            });
            let id = w.new_id()?;
            w.put::<model::OtpVerification>(id, me.user, &map(values))
        })
        .unwrap();
    assert_eq!(vault.count::<model::OtpVerification>(&Find::default()).unwrap(), 1);
    assert_eq!(vault.counts().unwrap().to_send, before);
}

#[test]
fn tokens_of_equal_values_are_equal() {
    let (_dir, vault) = clinic();
    let token = |value: &str| vault.index_token(vault::IndexKind::Email, value).unwrap();
    assert_eq!(token(" Jane@Example.org "), token("jane@example.org"));
    assert!(token("jane@example.org").is_some() && token("jane@example.org") != token("jan@example.org"));
    assert_eq!(token("no address"), None);
}

#[test]
fn a_file_is_sealed_as_it_is_read() {
    let (_dir, vault) = clinic();
    let chart = open_chart(&vault, "Grace");
    let content: Vec<u8> = (0..600_000u32).map(|n| (n * 11 % 253) as u8).collect();
    let keep = |length: u64, limit: u64| vault.write(now(), |w| w.keep_file(chart, &mut &*content, length, limit));
    let (file, _) = keep(600_000, 1_000_000).unwrap();
    let mut out = Vec::new();
    vault.read_file(&file, &mut out).unwrap();
    assert!(out == content && file.length == 600_000);
    for wrong in [599_999, 600_001] {
        assert!(matches!(keep(wrong, 1_000_000), Err(vault::Error::Crypto(_))));
    }
    assert!(matches!(keep(600_000, 599_999), Err(vault::Error::TooLarge { limit: 599_999 })));
    let here = std::fs::read_dir(vault.folder().join("blobs")).unwrap().count();
    assert_eq!(here, 1, "what failed half-way left nothing");
}
