//! Hosted links in a real MongoDB, each side with a login of its own: what is put up is found, counts are exact under many at once, and
//! the host's login may do nothing else.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use futures_util::future::join_all;
use model::Stamp;
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Binary, Document, doc};
use std::collections::BTreeSet;
use support::{REALM, mongod};
use sync::remote::collections;
use sync::remote::hosted::{Access, Below, Count, Counts, HostedFile, HostedLink};
use sync::remote::mongo::{MongoRemote, setup};
use sync::server::{LocalServer, ServerOptions};
use sync::{Address, Remote, SyncError};
use uuid::Uuid;

const NOW: u64 = 1_800_000_000_000;
const DATABASE: &str = "clinic";
/// MongoDB's code for "not authorized".
const UNAUTHORIZED: i32 = 13;
/// MongoDB's code for a document that its collection's validator refuses.
const INVALID: i32 = 121;

struct Town {
    device: MongoRemote,
    host: MongoRemote,
    _server: LocalServer,
    _dir: tempfile::TempDir,
}

async fn town() -> Town {
    let login = Some(("root".to_owned(), "operator".to_owned()));
    let (server, dir) = mongod(ServerOptions { login, ..ServerOptions::default() }).await;
    let address = Address::parse(&server.uri(DATABASE)).unwrap();
    let admin = MongoRemote::connect(&address, Some(REALM)).await.unwrap();
    admin.set_up().await.unwrap();
    let device = admin.make_login(&setup::login_name(Uuid::from_u128(7))).await.unwrap();
    let host = admin.make_host_login().await.unwrap();
    let device =
        MongoRemote::connect(&address.with_login(&device.name, &device.password).unwrap(), Some(REALM)).await.unwrap();
    let host = MongoRemote::connect_host(&address.with_login(&host.name, &host.password).unwrap()).await.unwrap();
    Town { device, host, _server: server, _dir: dir }
}

fn link(id: u8, texts: &[(Uuid, String)]) -> HostedLink {
    let file = |(id, text): &(Uuid, String)| HostedFile {
        id: *id,
        content_type: "application/fhir+json".into(),
        length: text.len() as u64,
        updated: 1_700_000_000,
        can_change: true,
    };
    HostedLink {
        id: [id; 32],
        realm: REALM,
        stamp: Stamp([1; 16]),
        is_revoked: false,
        is_paused: false,
        expires: None,
        max_uses: Some(5),
        passcode_hash: None,
        wrong_max: 5,
        is_direct: false,
        audit_key: vec![4; 1216],
        files: texts.iter().map(file).collect(),
    }
}

fn texts(lengths: &[usize]) -> Vec<(Uuid, String)> {
    lengths.iter().map(|length| (Uuid::new_v4(), "eyJ".chars().cycle().take(*length).collect())).collect()
}

const OPEN: Below = Below { uses: None, wrong: None };

#[tokio::test]
async fn what_is_put_up_is_found_and_newer_words_take_its_place() {
    let Town { device, host, .. } = &town().await;
    let first = texts(&[2_500_000, 10]);
    let put = link(1, &first);
    assert_eq!(host.hosted_link(&put.id).await.unwrap(), None);
    device.put_hosted(&put, &first, NOW).await.unwrap();
    device.put_hosted(&put, &first, NOW).await.unwrap();
    assert_eq!(host.hosted_link(&put.id).await.unwrap(), Some((put.clone(), Counts::default())));
    for (file, (_, text)) in put.files.iter().zip(&first) {
        assert!(host.hosted_text(file).await.unwrap().as_ref() == Some(text));
    }
    host.count_hosted(&put.id, Count::Use, OPEN).await.unwrap().unwrap();

    let second = texts(&[20]);
    let newer = HostedLink { stamp: Stamp([2; 16]), is_paused: true, ..link(1, &second) };
    device.put_hosted(&newer, &second, NOW).await.unwrap();
    device.put_hosted(&put, &first, NOW).await.unwrap();
    let counted = Counts { uses: 1, wrong: 0 };
    assert_eq!(
        host.hosted_link(&put.id).await.unwrap(),
        Some((newer.clone(), counted)),
        "an older word changes nothing"
    );
    let parts = device.database().collection::<Document>("hosted_files");
    let leaving = |goes: bool| parts.count_documents(doc! { "purge": { "$exists": goes } });
    assert_eq!((leaving(true).await.unwrap(), leaving(false).await.unwrap()), (4, 1), "what was replaced goes soon");

    device.end_hosted(&put.id, NOW).await.unwrap();
    device.put_hosted(&HostedLink { stamp: Stamp([3; 16]), ..newer }, &second, NOW).await.unwrap();
    let ended = host.hosted_link(&put.id).await.unwrap();
    assert!(ended.is_none_or(|(link, _)| link.is_revoked), "what was ended is not revived");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_at_once_are_counted_exactly() {
    let Town { device, host, .. } = &town().await;
    for id in [1, 2] {
        device.put_hosted(&link(id, &[]), &[], NOW).await.unwrap();
    }
    let below = Below { uses: Some(5), wrong: Some(7) };
    let count = |id: u8, what| {
        join_all((0..100).map(move |_| async move { host.count_hosted(&[id; 32], what, below).await.unwrap() }))
    };
    let (uses, wrong) = tokio::join!(count(1, Count::Use), count(2, Count::Wrong));
    let told = |all: &[Option<Counts>], of: fn(&Counts) -> u32| all.iter().flatten().map(of).collect::<BTreeSet<_>>();
    assert_eq!(told(&uses, |counts| counts.uses), (1..=5).collect(), "each count is told once");
    assert_eq!(told(&wrong, |counts| counts.wrong), (1..=7).collect());
    assert_eq!((uses.iter().flatten().count(), wrong.iter().flatten().count()), (5, 7));
    // With its wrong passcodes used up, a right one opens nothing.
    assert_eq!(host.count_hosted(&[2; 32], Count::Use, below).await.unwrap(), None);
    assert_eq!(host.count_hosted(&[9; 32], Count::Use, OPEN).await.unwrap(), None, "what is not there is not counted");
    let counts = device.hosted_counts(&[[1; 32], [2; 32], [9; 32]]).await.unwrap();
    assert_eq!(
        counts.values().copied().collect::<Vec<_>>(),
        [Counts { uses: 5, wrong: 0 }, Counts { uses: 0, wrong: 7 }]
    );
}

fn access(link: u8, at: u64) -> Access {
    Access { id: Uuid::new_v4(), link: [link; 32], at_ms: NOW + at, outcome: "granted".into(), body: vec![3; 1200] }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_entry_is_filed_by_one_device_and_none_is_lost() {
    let Town { device, host, .. } = &town().await;
    let all: Vec<Access> = (0..60).map(|at| access(1 + u8::try_from(at % 2).unwrap(), at)).collect();
    host.log_accesses(&all).await.unwrap();
    let mine = [[1; 32]];
    let claims = join_all((1..=4).map(|me| device.claim_accesses(&mine, Uuid::from_u128(me)))).await;
    let claims: Vec<Vec<Access>> = claims.into_iter().map(Result::unwrap).collect();
    let claimed: Vec<&Access> = claims.iter().flatten().collect();
    let wanted: BTreeSet<Uuid> = all.iter().filter(|one| one.link == [1; 32]).map(|one| one.id).collect();
    assert_eq!((claimed.len(), claimed.iter().map(|one| one.id).collect()), (30, wanted), "each once");
    let (me, own) = claims.iter().enumerate().find(|(_, own)| !own.is_empty()).unwrap();
    let me = Uuid::from_u128(me as u128 + 1);
    // A device that broke off gets what it had claimed again.
    assert_eq!(&device.claim_accesses(&mine, me).await.unwrap(), own);
    device.accesses_filed(&own.iter().map(|one| one.id).collect::<Vec<_>>()).await.unwrap();
    assert_eq!(device.claim_accesses(&mine, me).await.unwrap(), []);
    assert_eq!(device.claim_accesses(&[[2; 32]], me).await.unwrap().len(), 30);
}

async fn code(remote: &MongoRemote, command: Document) -> Option<i32> {
    match remote.database().run_command(command).await {
        Ok(answer) => {
            answer.get_array("writeErrors").ok().map(|errors| errors[0].as_document().unwrap().get_i32("code").unwrap())
        }
        Err(error) => match *error.kind {
            mongodb::error::ErrorKind::Command(command) => Some(command.code),
            other => panic!("{other:?}"),
        },
    }
}

fn update(collection: &str) -> Document {
    doc! { "update": collection, "updates": [{ "q": {}, "u": { "$set": { "revoked": false } } }] }
}

fn insert(collection: &str) -> Document {
    doc! { "insert": collection, "documents": [{ "_id": "not one of ours", "label": "Blood pressure of Maria" }] }
}

#[tokio::test]
async fn the_hosts_login_may_do_nothing_else() {
    let Town { device, host, .. } = &town().await;
    for name in collections().into_iter().chain(["counters", "attachments.files", "attachments.chunks"]) {
        for command in [doc! { "find": name, "limit": 1 }, insert(name), update(name)] {
            assert_eq!(code(host, command.clone()).await, Some(UNAUTHORIZED), "{command}");
        }
    }
    for name in ["hosted_links", "hosted_files", "hosted_counts", "hosted_accesses"] {
        let remove = doc! { "delete": name, "deletes": [{ "q": {}, "limit": 0 }] };
        for remote in [device, host] {
            assert_eq!(code(remote, remove.clone()).await, Some(UNAUTHORIZED), "removing from {name}");
            assert_eq!(code(remote, doc! { "drop": name }).await, Some(UNAUTHORIZED), "dropping {name}");
        }
    }
    for command in [
        update("hosted_links"),
        update("hosted_files"),
        update("hosted_accesses"),
        insert("hosted_links"),
        insert("hosted_files"),
        insert("hosted_counts"),
        doc! { "find": "hosted_accesses" },
        doc! { "usersInfo": 1 },
    ] {
        assert_eq!(code(host, command.clone()).await, Some(UNAUTHORIZED), "{command}");
    }
    assert!(matches!(host.probe().await, Err(SyncError::Forbidden)), "it is no device");
    // Nor does a device's login touch the counts, nor write down what nobody asked.
    assert_eq!(
        code(device, doc! { "update": "hosted_counts", "updates": [{ "q": {}, "u": { "$set": { "uses": 0 } } }] })
            .await,
        Some(UNAUTHORIZED)
    );
    assert_eq!(code(device, insert("hosted_accesses")).await, Some(UNAUTHORIZED));
}

#[tokio::test]
async fn a_label_has_no_place_beside_a_link() {
    let Town { device, host, .. } = &town().await;
    assert_eq!(code(device, insert("hosted_links")).await, Some(INVALID));
    assert_eq!(code(device, insert("hosted_files")).await, Some(INVALID));
    assert_eq!(code(host, insert("hosted_accesses")).await, Some(INVALID));
    device.put_hosted(&link(1, &[]), &[], NOW).await.unwrap();
    let id = Binary { subtype: BinarySubtype::Generic, bytes: vec![1; 32] };
    let change = doc! { "update": "hosted_links", "updates": [{ "q": { "_id": id }, "u": { "$set": { "label": "Blood pressure" } } }] };
    assert_eq!(code(device, change).await, Some(INVALID));
}
