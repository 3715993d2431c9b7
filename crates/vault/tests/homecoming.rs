//! Everything is lost but two sheets of paper and the database.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use model::{Parcel, Patient, parcel::Subscription};
use vault::{Error, FileSafe, Find, Homecoming, NewPerson, Result, Vault};

const NEW: &str = "gravel lantern mosaic ferry thimble";

fn alone() -> (tempfile::TempDir, Vault, String, String) {
    let dir = tempfile::tempdir().unwrap();
    let person = NewPerson { initials: "LJ", passphrase: PASSPHRASE, alone: true };
    let (vault, papers) = Vault::found(dir.path(), &person, now()).unwrap();
    let card = vault.database_card("mongodb://db.example.org/x").unwrap().to_string();
    (dir, vault, papers.kit_text.to_string(), card)
}

fn gather(remote: &Remote, home: &mut Homecoming) {
    for scope in home.scopes() {
        let mut subscription = Subscription { scope: Some(scope), cursor: 0 };
        loop {
            let page = remote.page(&subscription, 3);
            subscription.cursor = page.upto;
            home.take(page.parcels).unwrap();
            if !page.more {
                break;
            }
        }
    }
}

fn come_back(remote: &Remote, card: &str, kit: &str) -> Result<(tempfile::TempDir, Vault)> {
    let mut home = Homecoming::begin(card, kit)?;
    gather(remote, &mut home);
    let dir = tempfile::tempdir().unwrap();
    let vault = home.finish(dir.path(), NEW, "LJ", now(), &|folder| Box::new(FileSafe::new(folder)))?;
    Ok((dir, vault))
}

#[test]
fn a_person_alone_comes_back_with_the_kit_and_the_card_and_finds_everything() {
    let (dir, vault, kit, card) = alone();
    let chart = open_chart(&vault, "Lea Jensen");
    add_record(&vault, chart, "Discharge letter");
    let mut remote = Remote::default();
    sync(&vault, &mut remote);
    let old = vault.me().unwrap();
    drop(vault);
    drop(dir);

    let (_dir, back) = come_back(&remote, &card, &kit).unwrap();
    let me = back.me().unwrap();
    assert_eq!((me.user, me.realm), (old.user, old.realm));
    assert_ne!(me.device, old.device);
    for _ in 0..2 {
        sync(&back, &mut remote);
    }
    assert_eq!(name_of(&back, chart), "Lea Jensen");
    assert_eq!(back.list::<model::MedicalRecord>(&Find::default()).unwrap().len(), 1);
    put(&back, chart, serde_json::json!({"phone": "+45 12 34 56 78"}));
    sync(&back, &mut remote);
    assert_quiet(&back);
    let folder = back.folder().to_owned();
    back.check_kit(&kit).unwrap();
    back.close().unwrap();
    let again = Vault::open(&folder, NEW, now()).unwrap();
    assert_eq!(again.list::<Patient>(&Find::default()).unwrap().len(), 1);
}

#[test]
fn what_a_database_makes_up_does_not_let_anybody_in() {
    let (_dir, vault, kit, card) = alone();
    let (_elsewhere, stranger, strangers_kit, strangers_card) = alone();
    let (mut remote, mut strangers) = (Remote::default(), Remote::default());
    sync(&vault, &mut remote);
    sync(&stranger, &mut strangers);

    let refused = |remote: &Remote, card: &str, kit: &str| come_back(remote, card, kit).err().unwrap();
    assert!(matches!(refused(&Remote::default(), &card, &kit), Error::NotInDatabase));
    assert!(matches!(refused(&strangers, &card, &kit), Error::NotInDatabase), "another realm's certificates");
    assert!(matches!(refused(&remote, &card, &strangers_kit), Error::NotInDatabase));
    assert!(matches!(refused(&remote, &strangers_card, &kit), Error::NotInDatabase), "another root key");
    let user = *crypto::kit::Kit::parse(&kit).unwrap().user();
    let replaced = crypto::kit::Kit::make(user).unwrap().text();
    assert!(matches!(refused(&remote, &card, &replaced), Error::WrongKit));
    for damaged in ["", "CARD1:", &card[..card.len() - 1], &card.replace("CARD1", "INV1")] {
        assert!(matches!(refused(&remote, damaged, &kit), Error::CardUnreadable), "{damaged}");
    }

    // Every byte of the person's certificate and grant counts.
    for collection in ["certs", "grants"] {
        let mut altered = remote.clone();
        for parcel in altered.documents.values_mut().filter(|parcel| parcel.collection == collection) {
            let middle = parcel.body.len() / 2;
            parcel.body[middle] ^= 1;
        }
        let outcome = come_back(&altered, &card, &kit);
        assert!(matches!(outcome.err().unwrap(), Error::NotInDatabase | Error::WrongKit), "{collection}");
    }
}

#[test]
fn more_than_there_can_be_is_not_gathered() {
    let (_dir, vault, kit, card) = alone();
    let mut remote = Remote::default();
    sync(&vault, &mut remote);
    let mut home = Homecoming::begin(&card, &kit).unwrap();
    let one = remote.documents.values().find(|parcel| parcel.collection == "certs").unwrap();
    let huge: Vec<Parcel> = (0..8).map(|_| Parcel { body: vec![0; 40 * 1024 * 1024], ..one.clone() }).collect();
    assert!(matches!(home.take(huge), Err(Error::TooLarge { .. })));
}
