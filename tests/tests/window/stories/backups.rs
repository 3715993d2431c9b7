//! A backup is made and looked through, and brings a record back on another computer.

use crate::support::{SLOW, clinic, told, unlock};
use aidpost_tests::desk::PASSPHRASE;
use aidpost_tests::inputs;
use aidpost_tests::trouble::Result;
use aidpost_tests::window::Window;
use std::path::Path;
use std::time::Instant;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_brings_a_record_back_on_another_computer() -> Result<()> {
    let (home, stick, other) = (tempfile::tempdir()?, tempfile::tempdir()?, tempfile::tempdir()?);
    let (head, kit) = clinic(&home.path().join("vaults")).await?;
    head.import(inputs::sample("bundle.json.gz")?).await?;
    head.leave().await;

    let window = Window::open(home.path()).await?;
    unlock(&window).await?;
    told!("a disk that is not there is told of", no_disk(&window));
    told!("a backup is made, opened and counted", back_up(&window, stick.path()));
    told!("the device is looked through", check(&window));
    window.end().await?;

    let window = Window::open(other.path()).await?;
    told!("on another computer the kit opens it", restore(&window, stick.path(), &kit));
    window.end().await
}

async fn no_disk(window: &Window) -> Result<()> {
    window.link("Sync centre").await?;
    window.sees_within("No backup was made on this computer yet.", SLOW).await?;
    window.fill("Folder of the backups", "/media/nowhere/stick").await?;
    window.button("Save").await?;
    window.sees_within("There is no such folder on this computer.", SLOW).await?;
    window.pictures("backups-no-disk").await
}

async fn back_up(window: &Window, stick: &Path) -> Result<()> {
    window.fill("Folder of the backups", &stick.to_string_lossy()).await?;
    window.button("Save").await?;
    window.button("Back up now").await?;
    window.sees_within("Last verified restore", SLOW).await?;
    window.sees("every row was looked at, and counted").await?;
    window.pictures("backups-made").await
}

async fn check(window: &Window) -> Result<()> {
    window.button("Check").await?;
    window.sees_within("Nothing is wrong.", SLOW).await?;
    window.pictures("device-checked").await
}

async fn restore(window: &Window, stick: &Path, kit: &str) -> Result<()> {
    window.sees_within("Welcome", SLOW).await?;
    window.button("From a backup").await?;
    window.fill("Folder of the backups", &stick.to_string_lossy()).await?;
    window.button("Look").await?;
    window.sees_within("Restore this one", SLOW).await?;
    window.pictures("restore-found").await?;
    window.button("Restore this one").await?;
    window.sees_within("I forgot the passphrase", SLOW).await?;
    window.pictures("restore-done").await?;
    window.button("I forgot the passphrase").await?;
    window.fill("Recovery kit", kit).await?;
    window.fill("New passphrase", PASSPHRASE).await?;
    window.fill("The same again", PASSPHRASE).await?;
    window.button("Open with the kit").await?;
    window.sees_within("Your recovery kit was used to open your record.", SLOW).await?;
    window.link("Patients").await?;
    window.sees_within("1 patient", SLOW).await?;
    window.link("Sync centre").await?;
    window.pictures("restore-open").await
}
