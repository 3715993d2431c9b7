//! A database set up by the operator's script: a device may do what the protocol needs, and nothing else. Over TLS, with logins.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use futures_util::StreamExt;
use model::parcel::Parcel;
use mongodb::Database;
use mongodb::bson::{Document, doc};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use std::path::{Path, PathBuf};
use support::mailbox::ticket;
use support::{Pusher, REALM, all_from, mongod, stored};
use sync::remote::collections;
use sync::remote::mongo::{MongoRemote, setup};
use sync::server::{LocalServer, ServerOptions};
use sync::{Address, Remote, SyncError};
use uuid::Uuid;

const DATABASE: &str = "clinic";
/// MongoDB's code for "not authorized".
const UNAUTHORIZED: i32 = 13;
/// MongoDB's code for a document that its collection's validator refuses.
const INVALID: i32 = 121;

/// A certificate for this computer and the one that signed it, as PEM files.
fn certificates(folder: &Path) -> (PathBuf, PathBuf) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let signer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["127.0.0.1".to_owned(), "localhost".to_owned()]).unwrap();
    let server = params.signed_by(&key, &signer).unwrap();
    let (server_path, signer_path) = (folder.join("server.pem"), folder.join("signer.pem"));
    std::fs::write(&server_path, server.pem() + &key.serialize_pem()).unwrap();
    std::fs::write(&signer_path, signer.pem()).unwrap();
    (server_path, signer_path)
}

struct Clinic {
    server: LocalServer,
    admin: MongoRemote,
    device: MongoRemote,
    _folders: (tempfile::TempDir, tempfile::TempDir),
}

async fn clinic() -> Clinic {
    let certs = support::folder();
    let options = ServerOptions {
        login: Some(("root".to_owned(), "operator".to_owned())),
        tls: Some(certificates(certs.path())),
        ..ServerOptions::default()
    };
    let (server, dir) = mongod(options).await;
    let admin = connect(&server.uri(DATABASE)).await;
    admin.set_up().await.unwrap();
    let login = admin.make_login(&setup::login_name(Uuid::from_u128(7))).await.unwrap();
    let device = connect(&as_user(&server, &login.name, &login.password)).await;
    Clinic { server, admin, device, _folders: (certs, dir) }
}

fn as_user(server: &LocalServer, name: &str, password: &str) -> String {
    let uri = server.uri(DATABASE);
    uri.replace("root:operator@", &format!("{name}:{password}@"))
        .replace("authSource=admin", &format!("authSource={DATABASE}"))
}

async fn connect(uri: &str) -> MongoRemote {
    MongoRemote::connect(&Address::parse(uri).unwrap(), Some(REALM)).await.unwrap()
}

async fn code(database: &Database, command: Document) -> Option<i32> {
    match database.run_command(command).await {
        Ok(answer) => {
            answer.get_array("writeErrors").ok().map(|errors| errors[0].as_document().unwrap().get_i32("code").unwrap())
        }
        Err(error) => match *error.kind {
            mongodb::error::ErrorKind::Command(command) => Some(command.code),
            other => panic!("{other:?}"),
        },
    }
}

#[tokio::test]
async fn a_device_login_carries_the_whole_protocol() {
    let clinic = clinic().await;
    let device = &clinic.device;
    let before = device.probe().await.unwrap();
    assert_eq!(before.realm, Some(REALM));
    let mut bell = device.bell().await.unwrap();
    let mut pusher = Pusher::new();
    let fresh = pusher.parcel("patients", b"front page");
    let batch = pusher.batch(vec![fresh.clone(), pusher.parcel("doctor_notes", b"note")]);
    let revs = stored(&device.push(&batch).await.unwrap());
    let changed = pusher.batch(vec![Parcel { rev: revs[0], body: b"changed".to_vec(), ..fresh }]);
    assert_eq!(stored(&device.push(&changed).await.unwrap()).len(), 1, "what is mergeable is changed");
    assert!(bell.next().await.unwrap().unwrap() > before.rev);
    assert_eq!(device.page(&all_from(before.rev), 100).await.unwrap().parcels.len(), 4);
    let segment = vec![1; 100];
    let file = ticket(Uuid::new_v4(), std::slice::from_ref(&segment));
    device.put_chunk(file.id, 0, segment).await.unwrap();
    device.finish_file(&file, 1_000).await.unwrap();
    assert!(device.file_info(file.id).await.unwrap().is_some());
    device.renew(&device.probe().await.unwrap(), 0).await.unwrap();
}

#[tokio::test]
async fn a_device_login_may_do_nothing_else() {
    let clinic = clinic().await;
    let database = clinic.device.database();
    let all = collections();
    assert!(all.len() > 30, "{}", all.len());
    for name in all {
        let forbidden = [
            doc! { "delete": name, "deletes": [{ "q": {}, "limit": 0 }] },
            doc! { "drop": name },
            doc! { "collMod": name, "validator": {} },
            doc! { "createIndexes": name, "indexes": [{ "key": { "x": 1 }, "name": "x" }] },
            doc! { "dropIndexes": name, "index": "*" },
            doc! { "convertToCapped": name, "size": 4096 },
            doc! { "insert": name, "documents": [{ "_id": 1 }], "bypassDocumentValidation": true },
            doc! { "aggregate": name, "pipeline": [{ "$out": "elsewhere" }], "cursor": {} },
        ];
        for command in forbidden {
            assert_eq!(code(database, command.clone()).await, Some(UNAUTHORIZED), "{command}");
        }
        let update = doc! { "update": name, "updates": [{ "q": { "_id": 1 }, "u": { "$set": { "body": 1 } } }] };
        let expected = setup::is_added_only(name).then_some(UNAUTHORIZED);
        assert_eq!(code(database, update).await, expected, "changing {name}");
        assert_eq!(code(database, doc! { "find": name, "limit": 1 }).await, None, "reading {name}");
        let odd = doc! { "insert": name, "documents": [{ "_id": "not a parcel", "note": "plain text" }] };
        assert_eq!(code(database, odd).await, Some(INVALID), "a plain document in {name}");
    }
}

#[tokio::test]
async fn a_device_login_is_no_way_up_and_ends_at_once() {
    let clinic = clinic().await;
    let database = clinic.device.database();
    let user = |name: &str| doc! { "createUser": name, "pwd": "x", "roles": [setup::DEVICE_ROLE] };
    for command in [
        user("other"),
        doc! { "dropUser": "root" },
        doc! { "grantRolesToUser": setup::login_name(Uuid::from_u128(7)), "roles": [setup::ADMIN_ROLE] },
        doc! { "updateUser": setup::login_name(Uuid::from_u128(7)), "roles": ["dbOwner"] },
        doc! { "usersInfo": 1 },
        doc! { "dropDatabase": 1 },
        doc! { "create": "elsewhere" },
        doc! { "insert": "elsewhere", "documents": [{ "a": 1 }] },
    ] {
        assert_eq!(code(database, command.clone()).await, Some(UNAUTHORIZED), "{command}");
    }
    let name = setup::login_name(Uuid::from_u128(7));
    let renewed = clinic.admin.make_login(&name).await.unwrap();
    connect(&as_user(&clinic.server, &name, &renewed.password)).await.probe().await.unwrap();
    clinic.admin.end_login(&name).await.unwrap();
    clinic.admin.end_login(&name).await.unwrap();
    let ended = connect(&as_user(&clinic.server, &name, &renewed.password)).await.probe().await;
    assert!(matches!(ended, Err(SyncError::Login)), "{ended:?}");
}

#[tokio::test]
async fn a_login_that_was_ended_is_turned_away_and_an_open_database_is_told_of() {
    let clinic = clinic().await;
    let address = Address::parse(&clinic.server.uri(DATABASE)).unwrap();
    let name = setup::login_name(Uuid::from_u128(7));
    let login = clinic.admin.make_login(&name).await.unwrap();
    let other = clinic.admin.make_login("d-other").await.unwrap();
    let device = connect(&as_user(&clinic.server, &name, &login.password)).await;
    device.probe().await.unwrap();
    assert!(matches!(device.shut_out(&address, "d-other").await, Err(SyncError::Forbidden)), "the operator's alone");
    assert!(clinic.admin.shut_out(&address, &name).await.unwrap());
    assert!(clinic.admin.shut_out(&address, &name).await.unwrap(), "again changes nothing");
    // The very login, on a new connection and on one that stood.
    let anew = connect(&as_user(&clinic.server, &name, &login.password)).await.probe().await;
    assert!(matches!(anew, Err(SyncError::Login)), "{anew:?}");
    assert!(device.probe().await.is_err());
    connect(&as_user(&clinic.server, &other.name, &other.password)).await.probe().await.unwrap();

    let (open, _dir) = mongod(ServerOptions::default()).await;
    let address = Address::parse(&open.uri(DATABASE)).unwrap();
    assert!(!connect(&open.uri(DATABASE)).await.shut_out(&address, &name).await.unwrap());
}

#[tokio::test]
async fn setting_up_twice_changes_nothing_and_a_device_may_not_do_it() {
    let clinic = clinic().await;
    let before = clinic.admin.probe().await.unwrap();
    clinic.admin.set_up().await.unwrap();
    assert_eq!(clinic.admin.probe().await.unwrap().epoch, before.epoch);
    assert!(matches!(clinic.device.set_up().await, Err(SyncError::Forbidden)));
    assert!(matches!(clinic.device.make_login("d-other").await, Err(SyncError::Forbidden)));
}

#[tokio::test]
async fn a_server_whose_certificate_nobody_signed_is_refused() {
    let clinic = clinic().await;
    let stranger = support::folder();
    let (_, signer) = certificates(stranger.path());
    let uri = clinic.server.uri(DATABASE);
    let (head, _) = uri.split_once("&tlsCAFile=").unwrap();
    let refused = connect(&format!("{head}&tlsCAFile={}", signer.display())).await.probe().await;
    assert!(matches!(refused, Err(SyncError::Tls)), "{refused:?}");
}
