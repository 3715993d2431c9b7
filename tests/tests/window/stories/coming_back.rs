//! Everything is lost but two sheets of paper.

use crate::support::{SLOW, text};
use aidpost_tests::desk::{Desk, PASSPHRASE};
use aidpost_tests::trouble::Result;
use aidpost_tests::window::Window;
use serde_json::json;
use sync::server::LocalServer;

const NEW: &str = "gravel lantern mosaic ferry";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_is_lost_but_two_sheets_of_paper() -> Result<()> {
    let (lost, home, data) = (tempfile::tempdir()?, tempfile::tempdir()?, tempfile::tempdir()?);
    let server = LocalServer::start(data.path(), 0).await?;
    let desk = Desk::at(lost.path());
    let own = json!({ "name": "Lea Jensen", "date_of_birth": "1951-02-03", "gender": null, "passphrase": PASSPHRASE, "language": "en" });
    let made = desk.ask("session.keep_own", own).await?;
    desk.ask("sync.set_remote", json!({ "address": server.uri("") })).await?;
    desk.ask("sync.now", json!({})).await?;
    let card = desk.ask("security.database_card", json!({})).await?;
    desk.leave().await;
    drop(lost);

    let window = Window::open(home.path()).await?;
    window.sees_within("Welcome", SLOW).await?;
    window.button("Come back with my kit").await?;
    window.pictures("start-come-back").await?;
    window.fill("Database card", &text(&card["text"])).await?;
    window.fill("Recovery kit", &text(&made["papers"]["kit"])).await?;
    window.fill("Your name", "Lea Jensen").await?;
    window.fill("New passphrase", NEW).await?;
    window.fill("The same again", NEW).await?;
    window.button("Come back").await?;
    window.sees_within("Your recovery kit was used to open your record.", SLOW).await?;
    window.sees_within("Synced", SLOW).await?;
    window.link("My record").await?;
    window.sees_within("3 Feb 1951", SLOW).await?;
    window.pictures("come-back-chart").await?;
    window.link("Security").await?;
    window.button("Database card").await?;
    window.sees("even if all your devices are lost").await?;
    window.pictures("security-database-card").await?;
    window.end().await
}
