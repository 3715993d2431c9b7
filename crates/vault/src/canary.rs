//! A marker is put in every text of every collection, as the definitions have them: a field that is added later is covered by
//! itself. Then nothing in the folder and nothing that goes to the remote contains it.

#[path = "canary/fill.rs"]
mod fill;

use crate::common::*;
use crate::{Find, Vault, identity, trust};
use fill::{MARKER, PHONE};
use model::{Class, CollectionDef, Kind, Map, MedicalRecord, Parcel, Scope, mailbox::Mailbox};
use serde_json::{Value, json};
use std::{collections::BTreeSet, fs, path::Path};
use uuid::Uuid;

/// Who the rules want to be named as the one who did it.
fn named(collection: &str) -> Option<&'static str> {
    match collection {
        "access_logs" => Some("doctor_id"),
        "account_deletion_requests" | "doctors" => Some("user_id"),
        "messages" => Some("sender_id"),
        "reviews" => Some("patient_id"),
        _ => None,
    }
}

/// Every text of the collection holds the marker, a telephone number its own; e-mail addresses are addresses.
fn filled(def: &CollectionDef, user: Uuid, file: &Value) -> Map {
    let mut values = fill::values(def, file);
    for field in def.fields {
        match field.blind {
            Some("email") => values.insert(field.name.into(), format!("{MARKER}@example.org").into()),
            Some("phone") => values.insert(field.name.into(), PHONE.into()),
            _ => None,
        };
    }
    if let Some(field) = named(def.name) {
        values.insert(field.into(), json!(user));
    }
    values
}

fn marked_file(vault: &Vault, scope: Uuid) -> Value {
    let content = format!("a scan of {MARKER}");
    let keep = |w: &mut crate::Writer<'_, '_>| w.keep_file(scope, &mut content.as_bytes(), content.len() as u64, 1_000);
    serde_json::to_value(vault.write(now(), keep).unwrap().0).unwrap()
}

/// Writes one document of each collection; gives how many fields hold the marker.
fn write_all(vault: &Vault) -> usize {
    let chart = vault.write(now(), |w| w.new_id()).unwrap().0;
    vault.write(now(), |w| w.open_chart(chart, None)).unwrap();
    let me = vault.me().unwrap();
    let file = marked_file(vault, chart);
    let team = vault.with_trust(trust::Trust::team).unwrap();
    let mut marked = 0;
    for def in model::ALL.iter().filter(|def| def.name != "amendments") {
        let values = filled(def, me.user, &file);
        for field in def.fields {
            let value = &values[field.name];
            let is_marked = fill::is_marked(value) || value == PHONE;
            let is_text = field.kind == Kind::Text && !field.name.ends_with("_stamp");
            assert!(is_marked || !is_text, "{}.{} is not marked", def.name, field.name);
            marked += usize::from(is_marked);
        }
        let scope = match def.key {
            Scope::Chart => chart,
            Scope::Team => team,
            Scope::Realm => me.realm,
            Scope::User | Scope::Local => me.user,
        };
        let written = vault.write(now(), |w| {
            let id = match def.name {
                "patients" => chart,
                "users" => me.user,
                _ => identity::id_of(w.work.core, def, &values)?.map_or_else(|| w.new_id(), Ok)?,
            };
            match def.class {
                Class::Statement => w.append_values(def, id, scope, values, None).map(|_| ()),
                Class::Mergeable | Class::Key => w.put_in(def, id, scope, &values),
            }
        });
        written.unwrap_or_else(|error| panic!("{}: {error:?}", def.name));
    }
    let record = vault.list::<MedicalRecord>(&Find::default()).unwrap()[0].id;
    let changes = json!({"title": format!("{MARKER} amended"), "notes": null});
    vault.write(now(), |w| w.amend::<MedicalRecord>(record, &map(changes))).unwrap();
    let draft =
        |id| crate::Draft { id, author: id, patient: None, kind: "note".into(), text: MARKER.into(), at_ms: now() };
    vault.write(now(), |w| w.draft(&draft(Uuid::nil()))).unwrap();
    vault.set_setting("marker", Some(MARKER)).unwrap();
    marked
}

/// Does this hold the marker, in either of the usual forms of text, whatever the case?
fn holds(bytes: &[u8], marker: &str) -> bool {
    let lower = bytes.to_ascii_lowercase();
    let plain = marker.to_ascii_lowercase().into_bytes();
    let wide: Vec<u8> = plain.iter().flat_map(|byte| [*byte, 0]).collect();
    [plain, wide].iter().any(|wanted| lower.windows(wanted.len()).any(|window| window == wanted))
}

fn assert_absent(folder: &Path) -> usize {
    let mut searched = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            searched += assert_absent(&path);
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        for marker in [MARKER, PHONE, PASSPHRASE] {
            assert!(!holds(&bytes, marker), "{marker} in {}", path.display());
        }
        searched += 1;
    }
    searched
}

/// Everything of a parcel that the remote stores, as bytes.
fn bytes_of(parcel: &Parcel) -> Vec<u8> {
    let names = format!(
        "{} {} {} {:?} {} {:?}",
        parcel.collection,
        parcel.id,
        parcel.scope,
        parcel.stamp,
        parcel.by,
        parcel.tokens.keys()
    );
    let tokens = parcel.tokens.values().flatten().copied();
    names.into_bytes().into_iter().chain(tokens).chain(parcel.body.iter().copied()).collect()
}

#[test]
fn no_file_and_no_remote_byte_contains_what_a_person_wrote() {
    let (_dir, vault) = clinic();
    let marked = write_all(&vault);
    assert!(marked >= 100, "the marker stands in {marked} fields");
    let mut remote = Remote::default();
    push(&vault, &mut remote);
    assert_quiet(&vault);

    let sent: BTreeSet<&str> = remote.documents.keys().map(|(collection, _)| collection.as_str()).collect();
    for def in model::ALL.iter().filter(|def| def.sync != Scope::Local) {
        assert!(sent.contains(def.name), "nothing of {} was sent", def.name);
    }
    for parcel in remote.documents.values() {
        for marker in [MARKER, PHONE, PASSPHRASE] {
            assert!(!holds(&bytes_of(parcel), marker), "{marker} in {} {}", parcel.collection, parcel.id);
        }
    }
    for ticket in vault.files_to_send().unwrap() {
        for index in 0..ticket.segments {
            assert!(!holds(&vault.segment(ticket.id, index).unwrap(), MARKER));
        }
    }
    // It is there, for those who hold the keys.
    assert!(vault.search::<MedicalRecord>(MARKER, 0, 5).unwrap().0 >= 1);
    assert!(assert_absent(vault.folder()) >= 6);
    vault.close().unwrap();
    assert!(assert_absent(vault.folder()) >= 4);
}

/// What goes into logs is an error's text: it never quotes a value.
#[test]
fn no_error_quotes_a_value() {
    let (_dir, vault) = clinic();
    let user = vault.me().unwrap().user;
    let file = marked_file(&vault, user);
    let mut tried = 0;
    for def in model::ALL.iter().filter(|def| def.class == Class::Mergeable) {
        for field in def.fields {
            let mut values = filled(def, user, &file);
            values.insert(field.name.into(), json!({ MARKER: [MARKER] }));
            let outcome = vault.write(now(), |w| {
                let id = w.new_id()?;
                w.put_in(def, id, user, &values)
            });
            let Err(error) = outcome else { continue };
            tried += 1;
            assert!(!holds(format!("{error} {error:?}").as_bytes(), MARKER), "{}.{}", def.name, field.name);
        }
    }
    assert!(tried > 100, "{tried} wrong documents");
}
