//! Every way in which an address can be wrong is told apart, within seconds: nothing is waited for without end.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "tests")]

mod support;

use mongodb::bson::doc;
use std::time::{Duration, Instant};
use support::{REALM, mongod};
use sync::remote::mongo::MongoRemote;
use sync::server::{LocalServer, ServerOptions};
use sync::{Address, Remote, SyncError, test_connection};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

async fn verdict(uri: &str) -> &'static str {
    let began = Instant::now();
    let address = Address::parse(uri).unwrap_or_else(|error| panic!("{uri}: {error}"));
    let outcome = test_connection(&address).await;
    assert!(began.elapsed() < Duration::from_secs(20), "{uri} took {:?}", began.elapsed());
    outcome.map_or_else(|error| error.code(), |_| "ok")
}

#[tokio::test]
async fn a_server_without_a_replica_set_is_refused_with_the_way_out() {
    let (mut server, _dir) = mongod(ServerOptions { replica_set: false, ..ServerOptions::default() }).await;
    let error = test_connection(&server.address().unwrap()).await.unwrap_err();
    assert_eq!(error.code(), "remote.standalone");
    assert!(error.to_string().contains("rs.initiate()"));
    let remote = MongoRemote::connect(&server.address().unwrap(), Some(REALM)).await.unwrap();
    assert!(matches!(remote.probe().await, Err(SyncError::Standalone)));
    server.stop().await;
}

#[tokio::test]
async fn a_replica_set_that_was_never_initiated_is_told_apart() {
    let (server, _dir) = mongod(ServerOptions { initiate: false, ..ServerOptions::default() }).await;
    assert_eq!(verdict(&server.uri("clinic")).await, "remote.not_initiated");
}

#[tokio::test]
async fn a_wrong_login_is_refused_and_the_right_one_is_not() {
    let login = Some(("ada".to_owned(), "right".to_owned()));
    let (server, _dir) = mongod(ServerOptions { login, ..ServerOptions::default() }).await;
    let at = |user: &str| format!("mongodb://{user}127.0.0.1:{}/clinic?authSource=admin", server.port());
    assert_eq!(verdict(&at("ada:right@")).await, "ok");
    assert_eq!(verdict(&at("ada:wrong@")).await, "remote.login");
    assert_eq!(verdict(&at("")).await, "remote.forbidden");
    a_user_who_may_only_read_is_told(&server).await;
}

async fn a_user_who_may_only_read_is_told(server: &LocalServer) {
    let admin = MongoRemote::connect(&Address::parse(&server.uri("clinic")).unwrap(), Some(REALM)).await.unwrap();
    let reader = doc! { "createUser": "reader", "pwd": "pw", "roles": ["read"], "mechanisms": ["SCRAM-SHA-256"] };
    admin.database().run_command(reader).await.unwrap();
    let uri = format!("mongodb://reader:pw@127.0.0.1:{}/clinic", server.port());
    let remote = MongoRemote::connect(&Address::parse(&uri).unwrap(), Some(REALM)).await.unwrap();
    assert!(
        matches!(remote.probe().await, Err(SyncError::Forbidden)),
        "nothing is set up yet and this user may not do it"
    );
    admin.probe().await.unwrap();
    remote.probe().await.expect("what the operator has set up can be used");
}

#[tokio::test]
async fn tls_against_a_server_without_it_is_a_tls_failure() {
    let (server, _dir) = mongod(ServerOptions::default()).await;
    let uri = format!("{}?tls=true", server.uri("clinic"));
    assert_eq!(verdict(&uri).await, "remote.tls");
    assert_eq!(verdict(&server.uri("clinic")).await, "ok");
    let looked = test_connection(&server.address().unwrap()).await.unwrap();
    assert!(looked.realm.is_none() && looked.lives.is_empty(), "a test sets nothing up");
}

#[tokio::test]
async fn nobody_there_is_unreachable() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    assert_eq!(verdict(&format!("mongodb://127.0.0.1:{port}/clinic")).await, "remote.unreachable");
}

#[tokio::test]
async fn somebody_silent_is_given_up() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    assert_eq!(verdict(&format!("mongodb://127.0.0.1:{port}/clinic")).await, "remote.unreachable");
    drop(silent);
}

#[tokio::test]
async fn an_unknown_name_is_a_dns_failure() {
    assert_eq!(verdict("mongodb://no-such-host.invalid/clinic?tls=true").await, "remote.dns");
}

#[tokio::test]
async fn a_web_server_is_not_a_mongodb() {
    let web = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = web.local_addr().unwrap().port();
    let serving = tokio::spawn(async move {
        while let Ok((mut stream, _)) = web.accept().await {
            let mut request = [0; 1024];
            if stream.read(&mut request).await.is_ok() {
                let _ = stream
                    .write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                    .await;
            }
        }
    });
    assert_eq!(verdict(&format!("mongodb://127.0.0.1:{port}/clinic")).await, "remote.not_mongodb");
    // Words of TLS that are no TLS take the same way as a certificate that is refused.
    assert_eq!(verdict(&format!("mongodb://127.0.0.1:{port}/clinic?tls=true")).await, "remote.tls");
    serving.abort();
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_told() {
    let dir = support::folder();
    let blocked = dir.path().join("file");
    std::fs::write(&blocked, "x").unwrap();
    let Err(error) = LocalServer::start(&blocked, 0).await else { panic!("a file is no folder") };
    assert_eq!(error.code(), "server.local");
}
