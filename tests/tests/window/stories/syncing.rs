//! The sync centre tells the truth about a real MongoDB.

use crate::support::{SLOW, told, unlock};
use aidpost_tests::desk::Desk;
use aidpost_tests::trouble::Result;
use aidpost_tests::window::Window;
use std::time::Instant;
use sync::server::{LocalServer, ServerOptions};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sync_centre_tells_the_truth_about_a_real_mongodb() -> Result<()> {
    let (home, data) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let mut server = LocalServer::start(&data.path().join("set"), 0).await?;
    let alone = LocalServer::start_with(
        &data.path().join("alone"),
        ServerOptions { replica_set: false, ..ServerOptions::default() },
    )
    .await?;
    Desk::make_clinic(&home.path().join("vaults")).await?.leave().await;
    let window = Window::open(home.path()).await?;
    unlock(&window).await?;
    told!("addresses that cannot be used are named", wrong_addresses(&window, &alone));
    told!("the right one takes everything in", first_sync(&window, &server));
    server.stop().await;
    told!("without it the work goes on and waits", offline(&window));
    server.restart().await?;
    told!("when it is back everything is sent", online_again(&window));
    window.end().await
}

async fn wrong_addresses(window: &Window, alone: &LocalServer) -> Result<()> {
    window.link("Sync centre").await?;
    window.sees("It begins with mongodb://").await?;
    window.pictures("sync-no-remote").await?;
    let cases = [
        ("mongodb://db.example.org/clinic".to_owned(), "The address leaves the connection unprotected."),
        ("mongodb://127.0.0.1:9/clinic".to_owned(), "The remote cannot be reached."),
        (alone.uri("clinic"), "The remote is a single server without a replica set."),
    ];
    for (address, sentence) in cases {
        window.fill("Connection address", &address).await?;
        window.button("Test the connection").await?;
        window.sees_within(sentence, SLOW).await?;
    }
    window.pictures("sync-standalone").await
}

async fn first_sync(window: &Window, server: &LocalServer) -> Result<()> {
    window.fill("Connection address", &server.uri("clinic")).await?;
    window.button("Test the connection").await?;
    window.sees_within("The connection works.", SLOW).await?;
    window.picture("sync-works").await?;
    window.button("Use it").await?;
    window.sees_within("Synced", SLOW).await?;
    window.sees_within("nothing waits", SLOW).await?;
    window.button("Compare").await?;
    window.sees_within("the same on both sides", SLOW).await?;
    window.pictures("sync-synced").await
}

async fn offline(window: &Window) -> Result<()> {
    window.link("Patients").await?;
    window.button("Register a patient").await?;
    window.fill("Name", "Amara Nwosu").await?;
    window.button("Open the chart").await?;
    window.sees("Allergies not asked").await?;
    window.sees_within("Offline · ", SLOW).await?;
    window.sees_within("waiting", SLOW).await?;
    window.sees("Waiting to send").await?;
    window.pictures("chart-offline").await?;
    window.link("Sync centre").await?;
    window.sees("Working offline since").await?;
    assert!(!window.shows("1970").await?, "the oldest unsent change is of the beginning of time");
    window.pictures("sync-offline").await
}

async fn online_again(window: &Window) -> Result<()> {
    window.button("Sync now").await?;
    window.sees_within("nothing waits", SLOW).await?;
    window.sees_within("Synced", SLOW).await?;
    window.picture("sync-again").await
}
