//! A clinic has a link host, and a share is put up there.

use crate::support::{SLOW, begin_share, clinic, unlock};
use aidpost_tests::inputs;
use aidpost_tests::trouble::Result;
use aidpost_tests::window::Window;
use serde_json::json;
use sync::server::LocalServer;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_share_works_from_anywhere_once_the_clinic_has_a_link_host() -> Result<()> {
    let (home, data) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let mut server = LocalServer::start(data.path(), 0).await?;
    let (head, _) = clinic(&home.path().join("vaults")).await?;
    head.ask("sync.set_remote", json!({ "address": server.uri("") })).await?;
    head.import(inputs::sample("bundle.json.gz")?).await?;
    head.ask("sync.now", json!({})).await?;
    head.leave().await;

    let window = Window::open(home.path()).await?;
    unlock(&window).await?;
    name_the_host(&window).await?;
    share(&window).await?;
    window.sees_within("The link host has it as it stands here", SLOW).await?;
    window.pictures("share-anywhere").await?;
    window.button("Close").await?;

    server.stop().await;
    share(&window).await?;
    window.sees_within("Not yet at the link host", SLOW).await?;
    window.pictures("share-anywhere-offline").await?;
    window.end().await
}

async fn name_the_host(window: &Window) -> Result<()> {
    window.link("Settings").await?;
    window.sees("Address of the link host").await?;
    window.fill("Address of the link host", "links.example").await?;
    window.keys("\u{e007}").await?;
    window.sees_within("This is not the address of a link host.", SLOW).await?;
    window.pictures("link-host-wrong").await?;
    window.fill("Address of the link host", "https://links.example.org").await?;
    window.keys("\u{e007}").await?;
    window.pictures("link-host").await
}

async fn share(window: &Window) -> Result<()> {
    begin_share(window).await?;
    window.tick("Works from anywhere").await?;
    window.pictures("share-anywhere-make").await?;
    window.button("Make the code").await?;
    window.sees_within("Copy the link", SLOW).await
}
