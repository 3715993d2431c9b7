//! A forgotten passphrase, and a colleague who leaves.

use crate::support::{COLLEAGUE, SLOW, clinic, let_in};
use aidpost_tests::desk::PASSPHRASE;
use aidpost_tests::trouble::Result;
use aidpost_tests::window::{Kind, Window};
use serde_json::json;
use std::time::Duration;
use sync::server::{LocalServer, ServerOptions};

const NEW: &str = "gravel lantern mosaic ferry";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forgotten_passphrase_and_a_colleague_who_leaves() -> Result<()> {
    let (home, elsewhere, data) = (tempfile::tempdir()?, tempfile::tempdir()?, tempfile::tempdir()?);
    // With logins, so that the one of whoever leaves is to be ended.
    let login = Some(("root".to_owned(), "operator".to_owned()));
    let server = LocalServer::start_with(data.path(), ServerOptions { login, ..ServerOptions::default() }).await?;
    let (head, kit) = clinic(&home.path().join("vaults")).await?;
    head.ask("sync.set_remote", json!({ "address": server.uri("") })).await?;
    let colleague = let_in(&head, elsewhere.path()).await?;
    for desk in [&head, &colleague, &head] {
        desk.ask("sync.now", json!({})).await?;
    }
    colleague.leave().await;
    for name in ["Amara Nwosu", "Bruno Costa", "Chidi Obi"] {
        let form = json!({ "name": name, "date_of_birth": null, "gender": null, "phone": null, "email": null, "address": null, "preferred_language": null, "blood_group": null });
        head.ask("patients.register", form).await?;
    }
    head.leave().await;

    let window = Window::open(home.path()).await?;
    forgotten(&window, &kit).await?;
    look_at_security(&window, &kit).await?;
    remove(&window).await?;
    window.end().await
}

async fn forgotten(window: &Window, kit: &str) -> Result<()> {
    window.sees_within("AR · Clinician", SLOW).await?;
    window.button("I forgot the passphrase").await?;
    window.fill("Recovery kit", &kit[..70]).await?;
    window.fill("New passphrase", NEW).await?;
    window.fill("The same again", NEW).await?;
    window.button("Open with the kit").await?;
    window.sees("letters are still missing").await?;
    window.pictures("unlock-kit").await?;
    window.fill("Recovery kit", kit).await?;
    window.button("Open with the kit").await?;
    window.sees_within("Your recovery kit was used to open your record.", SLOW).await?;
    window.picture("today-kit-used").await?;
    window.lock().await?;
    window.fill("Passphrase", PASSPHRASE).await?;
    window.button("Unlock").await?;
    window.sees("This is not the passphrase of this record.").await?;
    window.fill("Passphrase", NEW).await?;
    window.button("Unlock").await?;
    window.sees_within("Your recovery kit was used to open your record.", SLOW).await
}

async fn look_at_security(window: &Window, kit: &str) -> Result<()> {
    window.link("Security").await?;
    window.sees("What protects you now").await?;
    window.sees("You can get back in with your recovery kit").await?;
    window.sees("The recovery kit was used on this computer").await?;
    window.pictures("security").await?;
    window.button("Check my kit").await?;
    window.fill("Recovery kit", kit).await?;
    window.button("Check").await?;
    window.sees("This is your kit, and it opens this record.").await?;
    window.picture("security-kit-checked").await?;
    window.button("Done").await?;
    window.button("Change the passphrase").await?;
    window.fill("The passphrase in use", "not the right words").await?;
    window.fill("New passphrase", PASSPHRASE).await?;
    window.fill("The same again", PASSPHRASE).await?;
    window.button("Change").await?;
    window.sees_within("This is not the passphrase of this record.", SLOW).await?;
    window.picture("security-passphrase-wrong").await?;
    window.fill("The passphrase in use", NEW).await?;
    window.button("Change").await?;
    window.sees_within("The passphrase was changed.", SLOW).await
}

async fn remove(window: &Window) -> Result<()> {
    window.link("People and devices").await?;
    window.sees(COLLEAGUE).await?;
    window.pictures("people").await?;
    window.button(&format!("Change the role of {COLLEAGUE}")).await?;
    window.sees("Opens their own chart only").await?;
    window.pictures("people-role").await?;
    window.button("Cancel").await?;
    window.button(&format!("Remove {COLLEAGUE}")).await?;
    window.sees("Nobody can take that back.").await?;
    window.pictures("people-remove").await?;
    window.button("Remove").await?;
    gone(window).await?;
    window.link("Patients").await?;
    window.sees("3 patients").await?;
    window.link("People and devices").await?;
    window.sees_within("Database logins to end", SLOW).await?;
    window.pictures("people-removed").await?;
    window.button("It was ended").await?;
    logins_gone(window).await
}

async fn logins_gone(window: &Window) -> Result<()> {
    let deadline = std::time::Instant::now() + SLOW;
    while window.shows("Database logins to end").await? {
        assert!(std::time::Instant::now() < deadline, "the login is still named");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

/// Nobody of that name can be removed any more.
async fn gone(window: &Window) -> Result<()> {
    let deadline = std::time::Instant::now() + SLOW;
    while window.has(Kind::Button, &format!("Remove {COLLEAGUE}")).await? {
        assert!(std::time::Instant::now() < deadline, "the colleague is still listed");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}
